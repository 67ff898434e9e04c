"""Templates: work that people keep under a name; names differ by more than capital letters."""

from __future__ import annotations

import sqlalchemy as sa

from storage import rows
from storage.records import Template
from storage.repository import Repository
from storage.tables import templates


class Templates(Repository):
    """The templates of one workspace, inside one transaction."""

    async def put(self, template: Template) -> bool:
        """Keep a new template; False where its name is taken."""
        if await self.get(template.name) is not None:
            return False
        row = {"workspace_id": self._workspace, **rows.template_values(template)}
        query = self._insert_unless_there(templates).values(row).returning(templates.c.name)
        kept = await self._connection.execute(query)
        return kept.scalar_one_or_none() is not None

    async def get(self, name: str) -> Template | None:
        """Find a template by its name, in whatever capitals and spaces."""
        wanted = _plain(name)
        return next((each for each in await self.all() if _plain(each.name) == wanted), None)

    async def all(self) -> list[Template]:
        """Give every template, by name."""
        query = sa.select(templates).where(templates.c.workspace_id == self._workspace)
        found = [rows.template_from(row) for row in await self._rows(query)]
        return sorted(found, key=lambda each: _plain(each.name))

    async def remove(self, name: str) -> bool:
        """Take a template away; False where there is none of that name."""
        found = await self.get(name)
        if found is None:
            return False
        gone = sa.delete(templates).where(
            templates.c.workspace_id == self._workspace, templates.c.name == found.name
        )
        return (await self._connection.execute(gone)).rowcount == 1


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
