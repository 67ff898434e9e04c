"""Stand-ins for unit tests: agents that do as told, an outlet that remembers, a clock to move."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scheduler.agents.agent import Brief, Profile
from scheduler.courier import Parcel, Sent
from storage.records import Person, Place
from storage.reports import Report
from tests.plants import ALICE, BOB, make_person, make_place, make_report


@dataclass
class Hand:
    """A clock whose hand the test moves."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def move(self, **span: float) -> None:
        """Move the hand on, by `timedelta`'s own names."""
        self.at += timedelta(**span)


@dataclass
class FakeDirectory:
    """A workspace where alice and bob are in every place; what a test plants is so instead."""

    people: dict[str, Person] = field(default_factory=dict)
    places: dict[str, Place | None] = field(default_factory=dict)
    insiders: dict[str, frozenset[str]] = field(default_factory=dict)
    is_down: bool = False

    async def person(self, person_id: str) -> Person:
        return self.people.get(person_id) or make_person(person_id)

    async def place(self, place_id: str) -> Place | None:
        if self.is_down:
            raise OSError("nobody answers")
        return self.places[place_id] if place_id in self.places else make_place(place_id)

    async def look_at(self, place_id: str) -> Place | None:
        return await self.place(place_id)

    async def admins(self) -> list[Person]:
        return [person for person in self.people.values() if person.is_admin]

    async def members(self, place_id: str) -> frozenset[str]:
        return self.insiders.get(place_id, frozenset({ALICE.id, BOB.id}))

    async def has_guests(self, place_id: str) -> bool:
        people = [await self.person(each) for each in await self.members(place_id)]
        return any(person.is_guest or person.is_stranger for person in people)


@dataclass
class FakeAgent:
    """Works as `does` says; the briefs it was given stand in `briefs`."""

    name: str = "alex"
    does: Callable[[Brief], Report] = lambda brief: make_report()
    briefs: list[Brief] = field(default_factory=list)

    @property
    def profile(self) -> Profile:
        return Profile(name=self.name, title="Test", emoji=":robot_face:", does="tests")

    def missing(self) -> str | None:
        return None

    async def work(self, brief: Brief) -> Report:
        self.briefs.append(brief)
        return self.does(brief)


@dataclass
class HungAgent(FakeAgent):
    """Never comes back; `began` says that it was called."""

    began: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self, brief: Brief) -> Report:
        self.briefs.append(brief)
        self.began.set()
        await asyncio.Event().wait()
        raise AssertionError("nobody waits that long")


@dataclass
class FakeOutlet:
    """Takes parcels, or raises what `fails` holds, one a parcel; `arrived` tells when it took."""

    sent: list[Parcel] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, parcel: Parcel) -> Sent:
        if self.fails:
            raise self.fails.pop(0)
        self.sent.append(parcel)
        self.arrived.set()
        return Sent(ref=f"{len(self.sent)}.0", sent_to=parcel.delivery.target)
