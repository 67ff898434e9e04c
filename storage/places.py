"""The places the bot knows of, and who is in them, as Slack last described them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from storage import rows
from storage.records import Place
from storage.repository import Repository
from storage.tables import members, places


class Places(Repository):
    """The places of one workspace, inside one transaction."""

    async def get(self, place_id: str) -> Place | None:
        """Find a place by its Slack id."""
        row = await self._row(sa.select(places).where(*self._here(place_id)))
        return None if row is None else rows.place_from(row)

    async def called(self, name: str) -> list[Place]:
        """Find the channels of a name."""
        query = sa.select(places).where(
            places.c.workspace_id == self._workspace, places.c.name == name
        )
        return [rows.place_from(row) for row in await self._rows(query.order_by(places.c.id))]

    async def put(self, place: Place) -> None:
        """Remember a place as it is described now; its zone and its members stay as they are."""
        described = {
            "name": place.name,
            "kind": str(place.kind),
            "is_archived": place.is_archived,
            "is_shared": place.is_shared,
            "has_bot": place.has_bot,
            "fetched_at": place.fetched_at,
        }
        await self._put(places, {"id": place.id}, described)

    async def set_zone(self, place_id: str, zone: str | None) -> None:
        """Set the zone that times said in a known place are in."""
        await self._connection.execute(
            sa.update(places).where(*self._here(place_id)).values(zone=zone)
        )

    async def set_posts_to(self, place_id: str, target: str | None) -> None:
        """Set where results of new tasks asked for in a known place go; None is there."""
        await self._connection.execute(
            sa.update(places).where(*self._here(place_id)).values(posts_to=target)
        )

    async def set_members(self, place_id: str, people: Collection[str], at: datetime) -> None:
        """Remember who is in a known place, all of them."""
        await self._connection.execute(  # first of all: it makes another listing wait its turn
            sa.update(places).where(*self._here(place_id)).values(members_at=at)
        )
        listed = (members.c.workspace_id == self._workspace, members.c.place_id == place_id)
        await self._connection.execute(sa.delete(members).where(*listed))
        if people:
            whole = [self._member(place_id, person) for person in sorted(set(people))]
            await self._connection.execute(self._insert_unless_there(members), whole)

    async def join(self, place_id: str, person: str) -> None:
        """Add somebody to those who are in a place."""
        insert = self._insert_unless_there(members)
        await self._connection.execute(insert.values(**self._member(place_id, person)))

    async def leave(self, place_id: str, person: str) -> None:
        """Take somebody from those who are in a place."""
        await self._connection.execute(
            sa.delete(members).where(
                members.c.workspace_id == self._workspace,
                members.c.place_id == place_id,
                members.c.person_id == person,
            )
        )

    async def members_of(self, place_id: str) -> frozenset[str]:
        """Give who is in a place, as last listed."""
        query = sa.select(members.c.person_id).where(
            members.c.workspace_id == self._workspace, members.c.place_id == place_id
        )
        return frozenset(row["person_id"] for row in await self._rows(query))

    def _here(self, place_id: str) -> tuple[sa.ColumnElement[bool], ...]:
        return (places.c.workspace_id == self._workspace, places.c.id == place_id)

    def _member(self, place_id: str, person: str) -> dict[str, str]:
        return {"workspace_id": self._workspace, "place_id": place_id, "person_id": person}
