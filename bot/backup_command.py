"""`chatcron backup`: a copy of the database, taken beside a running Chatcron."""

from __future__ import annotations

from pathlib import Path

from bot.errors import StartError
from bot.settings import Settings
from storage.backup import copy_sqlite, dump_command
from storage.database import parse_url


def back_up(target: Path, *, force: bool) -> str:
    """Copy the database to a file and say so; raises StartError or BackupFailed with a sentence.

    `force` lets a file that stands there be replaced. A Postgres database is left to pg_dump.
    """
    url = parse_url(Settings.read().database_url.get_secret_value())
    if url.get_backend_name() != "sqlite":
        raise StartError(
            "Nothing was copied: the database is a Postgres, which has a tool of its own. Run\n"
            f"  {dump_command(url, target)}\n"
            "with the password in PGPASSWORD or ~/.pgpass; pg_restore brings it back."
        )
    if target.exists() and not force:
        raise StartError(f"{target} is there already: name another file, or add --force.")
    assert url.database is not None
    size = copy_sqlite(Path(url.database), target)
    return f"{url.database} stands in {target} as it is now, whole and checked: {_size(size)}."


def _size(count: int) -> str:
    return f"{count / 1024:,.0f} KiB" if count < 1024**2 else f"{count / 1024**2:,.1f} MiB"
