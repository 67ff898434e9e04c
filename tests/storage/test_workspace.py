"""What is known of the workspace (people, places, the audit, the model's use) is kept whole."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta

from storage.records import Actor, ModelCall, Origin, Person, Place, PlaceKind
from storage.store import Store

ALICE = Actor(id="U0ALICE", origin=Origin.CLICK)
DAY = date(2026, 3, 5)


def finops(now: datetime) -> Place:
    """Give a public channel with the bot in it."""
    return Place(id="C0FINOPS", name="finops", kind=PlaceKind.PUBLIC, has_bot=True, fetched_at=now)


async def test_a_person_comes_back_as_last_described(store: Store, now: datetime) -> None:
    """The newest description of somebody replaces the one before, in every slot."""
    alice = Person(id="U0ALICE", name="Alice", handle="alice", zone=None, fetched_at=now)
    gone = replace(alice, is_admin=True, is_guest=True, is_stranger=True, is_bot=True, is_gone=True)

    async with store.begin() as work:
        await work.people.put(alice)
        await work.people.put(gone)
        assert await work.people.get("U0ALICE") == gone


async def test_admins_are_those_still_there(store: Store, now: datetime) -> None:
    """An admin who was deactivated is no longer one to turn to."""
    here = Person(id="U1", name="Here", zone=None, is_admin=True, fetched_at=now)
    async with store.begin() as work:
        await work.people.put(here)
        await work.people.put(replace(here, id="U2", is_gone=True))
        await work.people.put(replace(here, id="U3", is_admin=False))

        assert await work.people.admins() == [here]


async def test_a_place_keeps_its_zone_when_it_is_described_again(
    store: Store, now: datetime
) -> None:
    """What people set for a place outlives what Slack says of it."""
    async with store.begin() as work:
        await work.places.put(finops(now))
        await work.places.set_zone("C0FINOPS", "Europe/Berlin")
        await work.places.put(replace(finops(now), is_archived=True, has_bot=False))
        found = await work.places.get("C0FINOPS")

    assert found == replace(
        finops(now), is_archived=True, has_bot=False, zone="Europe/Berlin", members_at=None
    )


async def test_members_come_and_go(store: Store, now: datetime) -> None:
    """The list of members is replaced whole, and kept by joins and leaves in between."""
    async with store.begin() as work:
        await work.places.put(finops(now))
        await work.places.set_members("C0FINOPS", ["U1", "U2", "U2"], now)
        await work.places.join("C0FINOPS", "U3")
        await work.places.join("C0FINOPS", "U3")
        await work.places.leave("C0FINOPS", "U1")
        place = await work.places.get("C0FINOPS")

        assert await work.places.members_of("C0FINOPS") == {"U2", "U3"}
        assert place is not None
        assert place.members_at == now
        await work.places.set_members("C0FINOPS", [], now)
        assert await work.places.members_of("C0FINOPS") == frozenset()


async def test_the_audit_tells_the_newest_change_first(store: Store, now: datetime) -> None:
    """Every entry says who, from where, what, and what differs."""
    async with store.begin() as work:
        await work.audit.write("pause", "T-1", by=ALICE, at=now, before={"state": "active"})
        await work.audit.write("resume", "T-1", by=ALICE, at=now, after={"state": "active"})
        await work.audit.write("resume", "T-2", by=ALICE, at=now)

        newest, oldest = await work.audit.of("T-1")

    assert (newest.action, newest.actor, newest.origin) == ("resume", "U0ALICE", Origin.CLICK)
    assert (oldest.before, oldest.after) == ({"state": "active"}, None)


async def test_a_mark_is_the_last_one_put(store: Store, now: datetime) -> None:
    """A mark under a name replaces the one before."""
    async with store.begin() as work:
        assert await work.marks.get("headcount") is None
        await work.marks.put("headcount", {"active": 3}, now)
        await work.marks.put("headcount", {"active": 2}, now)
        assert await work.marks.get("headcount") == {"active": 2}


async def test_a_budget_is_never_exceeded(store: Store) -> None:
    """Of many calls that ask at once, no more get a place than the day has."""

    async def ask() -> bool:
        async with store.begin() as work:
            return await work.model_calls.reserve(DAY, cap=5)

    granted = await asyncio.gather(*(ask() for _ in range(12)))

    assert sum(granted) == 5
    async with store.read() as work:
        assert await work.model_calls.used(DAY) == 5
        assert await work.model_calls.used(DAY + timedelta(days=1)) == 0


async def test_the_use_of_a_model_is_recorded(store: Store, now: datetime) -> None:
    """A call comes back as it was recorded, the newest first."""
    call = ModelCall(
        at=now, purpose="intent", model="m", tokens_in=7, tokens_out=3, took_ms=12, outcome="ok"
    )
    async with store.begin() as work:
        await work.model_calls.record(call)
        await work.model_calls.record(replace(call, outcome="timeout"))

        assert await work.model_calls.calls() == [replace(call, outcome="timeout"), call]


async def test_members_listed_twice_at_once_are_kept(store: Store, now: datetime) -> None:
    """Two that list a place at the same moment do not fall over each other."""
    async with store.begin() as work:
        await work.places.put(finops(now))
        await work.places.set_members("C0FINOPS", ["U0ALICE"], now)

    async def list_them() -> None:
        async with store.begin() as work:
            await work.places.set_members("C0FINOPS", [f"U{n}" for n in range(30)], now)

    await asyncio.gather(*(list_them() for _ in range(6)))

    async with store.read() as work:
        assert await work.places.members_of("C0FINOPS") == {f"U{n}" for n in range(30)}
