"""Who speaks to the bot, as Slack last described them."""

from __future__ import annotations

from dataclasses import fields

import sqlalchemy as sa

from storage import rows
from storage.records import Person
from storage.repository import Repository
from storage.tables import members, people


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
            item.name: getattr(person, item.name) for item in fields(Person) if item.name != "id"
        }
        await self._put(people, {"id": person.id}, described)

    async def admins(self) -> list[Person]:
        """Give the admins that are known and still there."""
        query = sa.select(people).where(
            people.c.workspace_id == self._workspace, people.c.is_admin, ~people.c.is_gone
        )
        return [rows.person_from(row) for row in await self._rows(query.order_by(people.c.id))]

    async def has_guests(self, place_id: str) -> bool:
        """Say whether somebody known as a guest or a stranger was last listed in a place."""
        there = sa.and_(
            members.c.workspace_id == people.c.workspace_id, members.c.person_id == people.c.id
        )
        query = (
            sa.select(people.c.id)
            .join(members, there)
            .where(
                people.c.workspace_id == self._workspace,
                members.c.place_id == place_id,
                people.c.is_guest | people.c.is_stranger,
            )
        )
        return await self._row(query.limit(1)) is not None
