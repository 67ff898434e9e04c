"""Rooms: what people set for a channel, which tasks that are made there later go by."""

from __future__ import annotations

from scheduler.destinations import Destinations
from scheduler.gate import Gate
from scheduler.now import Now
from scheduler.rights import Act
from storage.records import Actor
from storage.store import Store


class Rooms:
    """Sets what a channel has of its own; None goes back to nothing of its own."""

    def __init__(self, store: Store, *, gate: Gate, now: Now) -> None:
        self._store = store
        self._gate = gate
        self._destinations = Destinations(gate)
        self._now = now

    async def set_zone(self, channel: str, zone: str | None, *, by: Actor) -> None:
        """Set the zone that times said in a channel are in; tasks keep the zone they have."""
        await self._gate.require_in(Act.SET_UP, channel, by)
        async with self._store.begin() as work:
            place = await work.places.get(channel)
            before = {"zone": None if place is None else place.zone}
            await work.places.set_zone(channel, zone)
            await work.audit.write(
                "set zone", channel, by=by, at=self._now(), before=before, after={"zone": zone}
            )

    async def check_channel(self, channel: str, target: str | None, *, by: Actor) -> None:
        """Raise Refused where setting that would."""
        await self._gate.require_in(Act.SET_UP, channel, by)
        if target not in (None, channel):
            await self._destinations.require_place(str(target), owner=by.id, by=by)

    async def set_channel(self, channel: str, target: str | None, *, by: Actor) -> None:
        """Set where results of new tasks asked for in a channel go; the tasks there are stay."""
        await self.check_channel(channel, target, by=by)
        goal = None if target == channel else target
        async with self._store.begin() as work:
            place = await work.places.get(channel)
            before = {"posts_to": None if place is None else place.posts_to}
            await work.places.set_posts_to(channel, goal)
            await work.audit.write(
                "set channel", channel, by=by, at=self._now(), before=before,
                after={"posts_to": goal},
            )  # fmt: skip
