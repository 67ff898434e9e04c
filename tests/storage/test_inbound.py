"""Received events are stored once, twins and redeliveries included, until they are handled."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from storage.inbound import CLAIM, Arrival
from storage.store import Store


async def receive(
    store: Store, event_key: str, message_key: str, now: datetime, by: str = "bot-1"
) -> int | None:
    """Receive an event in a transaction of its own."""
    arrival = Arrival(event_key=event_key, message_key=message_key, payload={"text": "hi"})
    async with store.begin() as work:
        stored = await work.inbound.receive_all([arrival], now, by=by)
    return stored.get(event_key)


async def test_a_redelivered_event_is_a_repeat(store: Store, now: datetime) -> None:
    """The same event is stored once, and once it is done with it is nothing new."""
    first = await receive(store, "Ev1", "T:C:1", now)
    assert first is not None
    async with store.begin() as work:
        await work.inbound.handled(first, now)

    assert await receive(store, "Ev1", "T:C:1", now) is None


async def test_an_event_never_done_with_may_come_again(store: Store, now: datetime) -> None:
    """One that was stored, but whose acknowledgement Slack never got, is given once more."""
    first = await receive(store, "Ev1", "T:C:1", now)

    assert await receive(store, "Ev1", "T:C:1", now) == first


async def test_twins_in_one_batch_are_told_apart(store: Store, now: datetime) -> None:
    """Of two events about one message that arrive together, one is to be handled."""
    twins = [
        Arrival(event_key=key, message_key="T:C:1", payload={"text": "hi"})
        for key in ("Ev1", "Ev2")
    ]
    async with store.begin() as work:
        stored = await work.inbound.receive_all(twins, now, by="bot-1")

    assert list(stored) == ["Ev1"]


async def test_a_twin_event_is_a_repeat(store: Store, now: datetime) -> None:
    """The second event that one message makes is a repeat of the first."""
    assert await receive(store, "Ev1", "T:C:1", now) is not None
    assert await receive(store, "Ev2", "T:C:1", now) is None


async def test_an_unhandled_event_is_found_until_it_is_handled(store: Store, now: datetime) -> None:
    """What a crash left unhandled is found with its payload; what is done with is not."""
    event = await receive(store, "Ev1", "T:C:1", now)
    assert event is not None
    async with store.begin() as work:
        left = await work.inbound.take(since=now, by="bot-1", now=now)
        await work.inbound.handled(event, now)
        none = await work.inbound.take(since=now, by="bot-1", now=now)

    assert [item.payload for item in left] == [{"text": "hi"}]
    assert none == []


async def test_what_one_process_answers_is_no_others(store: Store, now: datetime) -> None:
    """Slack's repeat, and a look for what was left, give another process nothing in hand here."""
    event = await receive(store, "Ev1", "T:C:1", now)
    repeat = await receive(store, "Ev1", "T:C:1", now, by="bot-2")
    async with store.begin() as work:
        others = await work.inbound.take(since=now, by="bot-2", now=now)
        own = await work.inbound.take(since=now, by="bot-1", now=now)

    assert (repeat, others) == (None, [])
    assert [item.id for item in own] == [event]


@pytest.mark.parametrize("way", ["it died", "it let go", "it is alone"])
async def test_what_a_process_leaves_is_taken_by_another(
    store: Store, now: datetime, way: str
) -> None:
    """An event goes to another once its process is silent for long, or says so."""
    event = await receive(store, "Ev1", "T:C:1", now)
    later = now + 2 * CLAIM if way == "it died" else now
    async with store.begin() as work:
        if way == "it let go":
            await work.inbound.let_go("bot-1")
        if way == "it is alone":
            await work.inbound.take_all("bot-2", now)
        taken = await work.inbound.take(since=now, by="bot-2", now=later)
        again = await work.inbound.take(since=now, by="bot-3", now=later)

    assert ([item.id for item in taken], again) == ([event], [])


async def test_only_old_handled_events_are_forgotten(store: Store, now: datetime) -> None:
    """Forgetting leaves what is young and what was never handled."""
    for number, handled_at in enumerate((now - timedelta(days=8), now, None)):
        event = await receive(store, f"Ev{number}", f"T:C:{number}", now)
        assert event is not None
        if handled_at is not None:
            async with store.begin() as work:
                await work.inbound.handled(event, handled_at)
    async with store.begin() as work:
        assert await work.inbound.forget(handled_before=now - timedelta(days=7)) == 1
