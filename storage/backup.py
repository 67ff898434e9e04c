"""A copy of an SQLite database, taken while it is written to; `chatcron backup` and migrate ask."""

from __future__ import annotations

import os
import shlex
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from storage.errors import BackupFailed

BUSY_TIMEOUT_S = 10


def copy_sqlite(source: Path, target: Path) -> int:
    """Copy a database as it stands at one moment, check the copy, and give its size in bytes.

    Others may write meanwhile and do not wait. The copy is for its owner alone (0600) and stands
    at `target`, in place of what stood there, only when it is whole; raises BackupFailed else.
    """
    if not source.is_file():
        raise BackupFailed(f"There is no database at {source} to copy.")
    if not target.parent.is_dir():
        raise BackupFailed(f"There is no folder {target.parent}: make it, or name another.")
    if target.exists() and target.samefile(source):
        raise BackupFailed("That is the database itself: name another file.")
    try:
        with _unfinished(target) as unfinished:
            _copy(source, unfinished)
            _check(unfinished)
            size = unfinished.stat().st_size
            unfinished.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise BackupFailed(
            f"The copy could not be made ({error}); {target} is as it was. Is there room, and may"
            " this user write there?"
        ) from error
    _remember(target.parent)
    return size


def dump_command(url: sa.URL, file: Path) -> str:
    """Give the shell's command that copies a Postgres database to a file; no password is in it."""
    host = url.host or str(url.query.get("host", ""))
    options = {
        "host": host,
        "port": "" if url.port is None else str(url.port),
        "username": url.username or "",
        "dbname": url.database or "",
        "file": str(file),
    }
    named = [f"--{name}={value}" for name, value in options.items() if value]
    return shlex.join(["pg_dump", "--format=custom", "--no-owner", *named])


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """Give an empty file beside the target that only its owner may read; gone in the end."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(name + suffix).unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    address = f"{source.resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT_S)) as read,
        closing(sqlite3.connect(target)) as written,
    ):
        read.backup(written)  # all pages in one step: one moment, and writers go on in the WAL


def _check(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
        orphans = connection.execute("PRAGMA foreign_key_check").fetchone()
    if found != ["ok"] or orphans is not None:
        raise BackupFailed(
            "The copy is damaged, so the database is: keep what copies there are, and ask Tony"
            " to check it."
        )
    with copy.open("rb") as file:
        os.fsync(file.fileno())


def _remember(folder: Path) -> None:
    """Have the name of the copy outlive a power cut as well."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
