"""How the database is: reachable, writable, of which schema, how big; `chatcron doctor` asks."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from storage.database import Database
from storage.errors import Unreachable
from storage.migrate import reason, revision

_POSTGRES = """
SELECT clock_timestamp() AS told_at,
  current_setting('transaction_read_only') = 'off' AS may_write,
  pg_database_size(current_database()) AS size
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What was found; sizes are in bytes.

    `told_at` is the server's own clock, None for a file; `wal` and `free` are the write-ahead log's
    size and what the disk has left, None where there is no file.
    """

    revision: str | None
    may_write: bool
    size: int
    told_at: datetime | None = None
    wal: int | None = None
    free: int | None = None


async def look(database: Database) -> Condition:
    """Look at a database, changing nothing; raises Unreachable with the reason."""
    try:
        found = await revision(database)
        if database.is_sqlite:
            return _of_file(database, found)
        async with database.begin() as connection:
            row = (await connection.execute(sa.text(_POSTGRES))).mappings().one()
            may_write = bool(row["may_write"]) and (found is None or await _may_insert(connection))
        return Condition(
            revision=found, may_write=may_write, size=row["size"], told_at=row["told_at"]
        )
    except (sa.exc.SQLAlchemyError, OSError) as error:
        raise Unreachable(reason(error)) from error


async def _may_insert(connection: Any) -> bool:
    asked = sa.text("SELECT has_table_privilege('tasks', 'INSERT')")
    return bool(await connection.scalar(asked))


def _of_file(database: Database, found: str | None) -> Condition:
    """Describe a file in which a transaction to write could be begun."""
    assert database.url.database is not None
    file = Path(database.url.database)
    wal = file.with_name(f"{file.name}-wal")
    return Condition(
        revision=found,
        may_write=True,
        size=file.stat().st_size,
        wal=wal.stat().st_size if wal.exists() else 0,
        free=shutil.disk_usage(file.resolve().parent).free,
    )
