"""What repositories share: connection, workspace, and an insert that may meet a twin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import Row


class Repository:
    """The rows of one kind, of one workspace, inside one transaction."""

    def __init__(self, connection: AsyncConnection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace

    async def _row(self, query: sa.Select[Any]) -> Row | None:
        found = (await self._connection.execute(query)).mappings().first()
        return cast("Row | None", found)

    async def _rows(self, query: sa.Select[Any]) -> Sequence[Row]:
        found = (await self._connection.execute(query)).mappings().all()
        return cast("Sequence[Row]", found)

    async def _insert(self, table: sa.Table, values: dict[str, Any]) -> int:
        row = {"workspace_id": self._workspace, **values}
        query = sa.insert(table).values(row).returning(table.c.id)
        return int((await self._connection.execute(query)).scalar_one())

    async def _insert_once(self, table: sa.Table, values: dict[str, Any]) -> int | None:
        """Insert the row and give its id, or None where a unique row stands there already."""
        row = {"workspace_id": self._workspace, **values}
        query = self._insert_unless_there(table).values(row).returning(table.c.id)
        found = (await self._connection.execute(query)).scalar_one_or_none()
        return None if found is None else int(found)

    def _insert_unless_there(self, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
        if self._connection.dialect.name == "sqlite":
            return sqlite.insert(table).on_conflict_do_nothing()
        return postgresql.insert(table).on_conflict_do_nothing()

    async def _put(self, table: sa.Table, key: dict[str, Any], described: dict[str, Any]) -> None:
        """Insert a row under its key, or bring the one that stands there up to date."""
        whole = {"workspace_id": self._workspace, **key}
        is_sqlite = self._connection.dialect.name == "sqlite"
        insert = sqlite.insert(table) if is_sqlite else postgresql.insert(table)
        columns = [table.c[name] for name in whole]
        await self._connection.execute(
            insert.values(**whole, **described).on_conflict_do_update(
                index_elements=columns, set_=described
            )
        )

    async def _changed(self, query: sa.Update) -> bool:
        """Run a conditional update and say whether it changed exactly one row."""
        return (await self._connection.execute(query)).rowcount == 1
