"""One hop a statement: SQLite's thread is asked once for a statement and all its rows.

The driver asks it four times (open a cursor, execute, fetch, close), and each time the event loop
goes to sleep and is woken. Where statements take less than that, it is most of what they cost.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)


class OneHopCursor(AsyncAdapt_aiosqlite_cursor):
    """Holds what a statement gave; the driver's own cursor lives in its thread alone."""

    __slots__ = ("_described", "_last_id", "_touched")
    _awaitable_cursor_close = False

    def __init__(self, adapt_connection: AsyncAdapt_aiosqlite_connection) -> None:
        self._described: Any = None
        self._touched, self._last_id = -1, 0
        super().__init__(adapt_connection)

    def _make_new_cursor(self, connection: Any) -> Any:  # noqa: ARG002  the signature is theirs
        return None

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    @property
    def description(self) -> Any:
        """Describe the columns of the rows."""
        return self._described

    @property
    def rowcount(self) -> int:
        """Say how many rows were changed."""
        return self._touched

    @property
    def lastrowid(self) -> int:
        """Give the number of the row inserted last."""
        return self._last_id

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        given = () if parameters is None else parameters
        await self._hop(lambda cursor: cursor.execute(operation, given))

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> Any:
        await self._hop(lambda cursor: cursor.executemany(operation, seq_of_parameters))

    async def _hop(self, ask: Callable[[sqlite3.Cursor], object]) -> None:
        async with self._adapt_connection._execute_mutex:  # noqa: SLF001  it has no other way in
            driver: Any = self._connection
            self._rows = await driver._execute(self._ask, driver, ask)  # noqa: SLF001

    def _ask(self, driver: Any, ask: Callable[[sqlite3.Cursor], object]) -> deque[Any]:
        """Execute and fetch, in the driver's thread."""
        cursor = driver._conn.cursor()  # noqa: SLF001
        try:
            ask(cursor)
            self._described = cursor.description
            rows = deque(cursor.fetchall() if cursor.description else ())
            self._touched, self._last_id = cursor.rowcount, cursor.lastrowid or 0
            return rows
        finally:
            cursor.close()


class OneHopConnection(AsyncAdapt_aiosqlite_connection):
    """A connection whose statements take one hop."""

    __slots__ = ()
    _cursor_cls: type[AsyncAdapt_aiosqlite_cursor] = OneHopCursor


class OneHopDriver(AsyncAdapt_aiosqlite_dbapi):
    """The driver as SQLAlchemy takes it, with such connections."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arg: Any, **kw: Any) -> AsyncAdapt_aiosqlite_connection:
        """Open a connection."""
        opened = super().connect(*arg, **kw)
        return OneHopConnection(self, opened._connection)  # noqa: SLF001
