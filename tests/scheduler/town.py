"""A workspace whose places and people change, for the tests of what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from scheduler.gate import Gate
from scheduler.planner import Planner
from scheduler.warden import Warden
from scheduler.wishes import Confirm
from storage.records import Delivery, DeliveryKind, Person, Place, Task, TaskId
from storage.store import Store
from tests.fakes import FakeAgent, FakeDirectory, Hand
from tests.plants import ALICE, make_person, make_place

FINOPS = "C0FINOPS"
ADMIN = make_person("U0ADMIN", is_admin=True)
LEFT = make_person(is_gone=True)


class Town:
    """A workspace whose places and people change, with those who act in it."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store, self.hand = store, Hand(now)
        self.directory = FakeDirectory()
        self.gate = Gate(self.directory)
        self.warden = Warden(
            store, self.directory, gate=self.gate, now=self.hand, wake=lambda: None
        )
        self.planner = self.planner_with(shortest=timedelta(0))

    def planner_with(self, *, shortest: timedelta) -> Planner:
        """Give a planner that keeps moments so far apart at least."""
        return Planner(
            self.store,
            {"alex": FakeAgent()},
            gate=self.gate,
            confirm=Confirm.GUESSED,
            now=self.hand,
            wake=lambda: None,
            shortest=shortest,
        )

    async def set_place(self, **named: Any) -> None:
        """Let #finops be so from now on, and the warden hear of it."""
        await self.know(make_place(FINOPS, **named))
        await self.warden.survey(FINOPS)

    async def know(self, *places: Place) -> None:
        """Let these places be known, in the store, too."""
        for place in places:
            self.directory.places[place.id] = place
            async with self.store.begin() as work:
                await work.places.put(place)

    async def leave(self, *, admins: Iterable[Person] = (ADMIN,)) -> None:
        """Let alice leave the workspace, and the warden hear of it."""
        self.directory.people[ALICE.id] = LEFT
        async with self.store.begin() as work:
            for person in (LEFT, *admins):
                await work.people.put(person)
        await self.warden.survey_owner(ALICE.id)

    async def found(self, task_id: TaskId) -> Task:
        """Give a task as it stands."""
        async with self.store.read() as work:
            task = await work.tasks.get(task_id)
        assert task is not None
        return task

    async def owed(self, *kinds: DeliveryKind) -> list[Delivery]:
        """Give what is owed now, of these kinds."""
        async with self.store.begin() as work:
            return [it for it in await work.deliveries.due(self.hand(), 99) if it.kind in kinds]
