"""Small facts that must outlive a process, each under a name of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.repository import Repository
from storage.tables import marks


class Marks(Repository):
    """The marks of one workspace, inside one transaction."""

    async def get(self, name: str) -> dict[str, Any] | None:
        """Give what was last put under a name."""
        query = sa.select(marks.c.body).where(
            marks.c.workspace_id == self._workspace, marks.c.name == name
        )
        row = await self._row(query)
        return None if row is None else dict(row["body"])

    async def put(self, name: str, body: dict[str, Any], at: datetime) -> None:
        """Put plain JSON under a name, in place of what stood there."""
        await self._put(marks, {"name": name}, {"body": body, "at": at})
