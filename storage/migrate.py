"""Schema versions: what the database has, what this code needs, and the way from one to the other.

`check` runs at every start and imports no alembic (half a second); `migrate` does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from storage.backup import copy_sqlite
from storage.database import Database
from storage.errors import SchemaMissing, SchemaNewer, SchemaOlder, Unreachable

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006")
"""Every schema version, oldest first; the last is the one this code needs."""


async def revision(database: Database) -> str | None:
    """Say which schema version the database has, None when it was never migrated.

    The first to speak to the database: raises Unreachable where that fails.
    """
    try:
        return await _revision(database)
    except (sa.exc.DBAPIError, OSError) as error:
        raise Unreachable(reason(error)) from error


def reason(error: Exception) -> str:
    """Give the first line of what the driver says, which names no password."""
    told = str(getattr(error, "orig", None) or error).splitlines()
    return told[0].rstrip(".") if told else type(error).__name__


async def _revision(database: Database) -> str | None:
    async with database.begin() as connection:
        has_table = await connection.run_sync(
            lambda plain: sa.inspect(plain).has_table("alembic_version")
        )
        if not has_table:
            return None
        found = await connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return None if found is None else str(found)


async def check(database: Database) -> None:
    """Raise SchemaMissing, SchemaOlder or SchemaNewer unless the schema is the one needed."""
    found = await revision(database)
    if found is None:
        raise SchemaMissing(SchemaMissing.__doc__)
    if found not in REVISIONS:
        raise SchemaNewer(SchemaNewer.__doc__)
    if found != REVISIONS[-1]:
        raise SchemaOlder(SchemaOlder.__doc__)


async def migrate(database: Database) -> Path | None:
    """Bring the schema to the version this code needs; raises SchemaNewer when it is past that.

    An SQLite file with something in it is copied first; gives where that copy stands.
    """
    found = await revision(database)
    if found is not None and found not in REVISIONS:
        raise SchemaNewer(SchemaNewer.__doc__)
    is_old = found is not None and found != REVISIONS[-1]
    kept = await asyncio.to_thread(_keep, database) if is_old and database.is_sqlite else None
    async with database.begin() as connection:
        await connection.run_sync(_upgrade)
    if not database.is_sqlite:
        await analyze(database)
    return kept


async def analyze(database: Database) -> None:
    """Let Postgres count what its tables hold: it plans badly for those it never looked at.

    An empty one is passed over: once counted as empty, it is read from end to end by every plan
    that is kept, however much has come into it since; one never looked at is read by its index.
    """
    async with database.begin() as connection:
        quote = connection.dialect.identifier_preparer.quote
        for name in (await connection.execute(sa.text(_TABLES))).scalars().all():
            table = quote(name)
            if await connection.scalar(sa.text(f"SELECT EXISTS (SELECT FROM {table})")):  # noqa: S608  quoted
                await connection.execute(sa.text(f"ANALYZE {table}"))


_TABLES = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY relname
"""


def _keep(database: Database) -> Path:
    """Copy an SQLite file to a name beside it that nothing has yet."""
    assert database.url.database is not None
    file = Path(database.url.database)
    first = file.with_name(f"{file.name}.before-{REVISIONS[-1]}")
    target = next(it for it in _numbered(first) if not it.exists())
    copy_sqlite(file, target)
    return target


def _numbered(first: Path) -> Iterator[Path]:
    yield first
    yield from (first.with_name(f"{first.name}.{number}") for number in count(2))


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
