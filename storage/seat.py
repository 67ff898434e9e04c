"""Seat: what one process alone does at a time, among all that are on the same database."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database

_KEY = 0x53454154
_TAKE = sa.text("SELECT pg_try_advisory_lock(:key)")
_LEAVE = sa.text("SELECT pg_advisory_unlock(:key)")


class Seat:
    """A place for one, which is free again as soon as its holder leaves, or dies."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: AsyncConnection | None = None

    async def take(self) -> bool:
        """Take the place, and say whether it was free; on a file it always is."""
        if self._database.is_sqlite:
            return True
        connection = await self._database.connect()
        taken = bool(await connection.scalar(_TAKE, {"key": _KEY}))
        await connection.commit()  # the place outlasts the transaction, which must not
        if taken:
            self._connection = connection
        else:
            await connection.close()
        return taken

    async def leave(self) -> None:
        """Leave the place; safe to call when it is another's."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            try:
                await connection.execute(_LEAVE, {"key": _KEY})
            finally:
                await connection.close()
