"""What was talked about: kept for one person in one place, and swept away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from storage.store import Store
from storage.talks import Talk

NOW = datetime(2026, 3, 5, 15, 17, tzinfo=UTC)
TALK = Talk(
    channel="C0FINOPS",
    thread_ts="1.2",
    person="U0MAYA",
    tasks=(12, 31),
    last={"kind": "pause", "ref": {"number": 12}},
    asked={"kind": "time", "task": 12},
    at=NOW,
)


async def test_a_talk_comes_back_as_it_was(store: Store) -> None:
    """It is found by place and person, and by nobody else's name."""
    async with store.begin() as work:
        await work.talks.put(TALK)
    async with store.read() as work:
        assert await work.talks.get("C0FINOPS", "1.2", "U0MAYA") == TALK
        assert await work.talks.get("C0FINOPS", "1.2", "U0RAVI") is None
        assert await work.talks.get("C0FINOPS", "", "U0MAYA") is None


async def test_the_newest_talk_takes_the_place_of_the_one_before(store: Store) -> None:
    """There is one talk with a person in a place."""
    later = replace(TALK, tasks=(40,), asked=None, at=NOW + timedelta(minutes=1))
    async with store.begin() as work:
        await work.talks.put(TALK)
        await work.talks.put(later)
    async with store.read() as work:
        assert await work.talks.get("C0FINOPS", "1.2", "U0MAYA") == later


async def test_old_talks_are_swept_in_batches(store: Store) -> None:
    """What ended is removed, the oldest first, and no more than was asked for."""
    async with store.begin() as work:
        for minute in range(4):
            await work.talks.put(
                replace(TALK, thread_ts=str(minute), at=NOW + timedelta(minutes=minute))
            )
        assert await work.talks.sweep(before=NOW + timedelta(minutes=3), limit=2) == 2
        assert await work.talks.get("C0FINOPS", "0", "U0MAYA") is None
        assert await work.talks.get("C0FINOPS", "2", "U0MAYA") is not None
        assert await work.talks.sweep(before=NOW + timedelta(minutes=3), limit=9) == 1
        assert await work.talks.get("C0FINOPS", "3", "U0MAYA") is not None
