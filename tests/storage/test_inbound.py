"""Received events are stored once, twins and redeliveries included, until they are handled."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.store import Store


async def receive(store: Store, event_key: str, message_key: str, now: datetime) -> int | None:
    """Receive an event in a transaction of its own."""
    async with store.begin() as work:
        return await work.inbound.receive(
            event_key=event_key, message_key=message_key, payload={"text": "hi"}, now=now
        )


async def test_a_redelivered_event_is_a_repeat(store: Store, now: datetime) -> None:
    """The same event id is stored once."""
    assert await receive(store, "Ev1", "T:C:1", now) is not None
    assert await receive(store, "Ev1", "T:C:1", now) is None


async def test_a_twin_event_is_a_repeat(store: Store, now: datetime) -> None:
    """The second event that one message makes is a repeat of the first."""
    assert await receive(store, "Ev1", "T:C:1", now) is not None
    assert await receive(store, "Ev2", "T:C:1", now) is None


async def test_an_unhandled_event_is_found_until_it_is_handled(store: Store, now: datetime) -> None:
    """What a crash left unhandled is found with its payload; what is done with is not."""
    event = await receive(store, "Ev1", "T:C:1", now)
    assert event is not None
    async with store.begin() as work:
        left = await work.inbound.unhandled()
        await work.inbound.handled(event, now)
        none = await work.inbound.unhandled()

    assert [item.payload for item in left] == [{"text": "hi"}]
    assert none == []


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
