"""Who speaks to the bot, as Slack last described them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage import rows
from storage.records import Person
from storage.repository import Repository
from storage.tables import people


class People(Repository):
    """The people of one workspace, inside one transaction."""

    async def get(self, person_id: str) -> Person | None:
        """Find somebody by their Slack id."""
        query = sa.select(people).where(
            people.c.workspace_id == self._workspace, people.c.id == person_id
        )
        row = await self._row(query)
        return None if row is None else rows.person_from(row)

    async def put(self, person: Person) -> None:
        """Remember somebody as they are described now."""
        described = {
            "name": person.name,
            "zone": person.zone,
            "is_admin": person.is_admin,
            "fetched_at": person.fetched_at,
        }
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        row = dialect.insert(people).values(workspace_id=self._workspace, id=person.id, **described)
        keys = [people.c.workspace_id, people.c.id]
        await self._connection.execute(
            row.on_conflict_do_update(index_elements=keys, set_=described)
        )
