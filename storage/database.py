"""The database itself: its address, its engines, and the one way each of them begins.

SQLite takes all writes through one connection that begins with BEGIN IMMEDIATE (a plain BEGIN loses
concurrent updates) and reads through another engine; Postgres uses one engine for both.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.changes import Changes
from storage.errors import AlreadyRunning, BadUrl
from storage.one_hop import OneHopDriver
from storage.outage import Outage, is_outage
from storage.turns import Turns

BUSY_TIMEOUT_MS = 10_000
READERS = 4
POSTGRES_WRITERS = 15


def parse_url(text: str) -> sa.URL:
    """Turn any accepted spelling of a database address into the one the engine takes.

    Raises BadUrl, with what is accepted, for anything else.
    """
    try:
        url = sa.make_url(text)
    except sa.exc.ArgumentError:
        raise BadUrl(_accepted()) from None
    match url.drivername:
        case "sqlite" | "sqlite+aiosqlite":
            if url.database in (None, "", ":memory:"):
                raise BadUrl("An SQLite address needs a file, such as sqlite:///data/chatcron.db")
            return url.set(drivername="sqlite+aiosqlite")
        case "postgres" | "postgresql" | "postgresql+psycopg":
            return url.set(drivername="postgresql+psycopg")
        case _:
            raise BadUrl(_accepted())


def _accepted() -> str:
    return "A database address starts with sqlite:/// or postgresql://"


class Database:
    """An open database: `begin()` to write, `read()` to look."""

    def __init__(self, url: str) -> None:
        self.url = parse_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.outage = Outage()
        self.changes = Changes(self.url.database if self.is_sqlite else None)
        self._turns = Turns(at_once=1 if self.is_sqlite else POSTGRES_WRITERS)
        if self.is_sqlite:
            assert self.url.database is not None
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self._writer = _engine(self.url, pool_size=1, max_overflow=0)
            self._reader = _engine(self.url, pool_size=READERS, max_overflow=0)
            _prepare_sqlite(self._writer, begin="BEGIN IMMEDIATE", read_only=False)
            _prepare_sqlite(self._reader, begin="BEGIN", read_only=True)
        else:
            self._writer = _engine(self.url, pool_size=POSTGRES_WRITERS)
            self._reader = self._writer.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @asynccontextmanager
    async def begin(self, *, urgent: bool = False) -> AsyncIterator[AsyncConnection]:
        """Open one transaction: committed at the end of the block, rolled back if it raises.

        On SQLite, where writers take turns, an urgent one goes before the others that wait.
        """
        with self.outage.watched():
            async with self._turns.take(urgent=urgent), self._writer.begin() as connection:
                yield connection

    async def takes_changes(self) -> bool:
        """Say whether a transaction that writes may begin; it waits for that as any other does."""
        try:
            async with self.begin(urgent=True):
                return True
        except Exception as error:
            if is_outage(error):
                return False
            raise

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open one consistent view; writing in it fails."""
        # a file that another program holds can still be read
        with self.outage.watched(proves=not self.is_sqlite):
            async with self._reader.begin() as connection:
                yield connection

    async def connect(self) -> AsyncConnection:
        """Give a connection for its taker to close, apart from the turns of transactions."""
        return await self._writer.connect()

    async def close(self) -> None:
        """Close every connection."""
        self.changes.close()
        await self._reader.dispose()
        await self._writer.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


def _engine(url: sa.URL, **pool: int) -> AsyncEngine:
    module = {"module": OneHopDriver()} if url.get_backend_name() == "sqlite" else {}
    return create_async_engine(url, json_deserializer=_json_in, **module, **pool)


def _json_in(text: str) -> Any:
    """Read JSON; most columns of it hold nothing, which needs no parser."""
    if text == "[]":
        return []
    return {} if text == "{}" else json.loads(text)


def _prepare_sqlite(engine: AsyncEngine, *, begin: str, read_only: bool) -> None:
    @sa.event.listens_for(engine.sync_engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA foreign_keys = ON")
        if read_only:
            cursor.execute("PRAGMA query_only = ON")
        else:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = FULL")  # a ledger must survive a power cut
        cursor.close()

    @sa.event.listens_for(engine.sync_engine, "begin")
    def begin_transaction(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)


class FileLock:
    """An exclusive hold on `<database file>.lock` for the life of the process that runs on it."""

    def __init__(self, database_file: Path) -> None:
        self._path = database_file.with_name(database_file.name + ".lock")
        self._file: IO[str] | None = None

    def hold(self) -> None:
        """Take the lock; raises AlreadyRunning when another process has it."""
        file = self._path.open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise AlreadyRunning(
                "Another chatcron already runs on this database file; stop it first, or use"
                " Postgres to run several."
            ) from None
        self._file = file

    def release(self) -> None:
        """Let go; safe to call when nothing is held."""
        if self._file is not None:
            self._file.close()
            self._file = None
