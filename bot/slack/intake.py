"""Intake: stores what arrives, all that waits together in one transaction, before any other write.

Slack wants its acknowledgement soon, and an event is acknowledged only once it is stored; a
transaction for each would make a burst wait for one disk write after the other.
"""

from __future__ import annotations

import asyncio

from scheduler.now import Now
from storage.inbound import Arrival
from storage.store import Store


class Intake:
    """Stores events, for this process to answer; each caller learns what became of its own."""

    def __init__(self, store: Store, now: Now, *, me: str) -> None:
        self._me = me
        self._store = store
        self._now = now
        self._waiting: list[tuple[Arrival, asyncio.Future[int | None]]] = []
        self._storing: asyncio.Task[None] | None = None

    async def store(self, arrival: Arrival) -> int | None:
        """Store an event and give its number; None for one that is, or was, in hand already.

        Raises what the database raised. One that was stored before and never done with counts as
        new, for Slack sent it again because its first time was not acknowledged.
        """
        told: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, told))
        if self._storing is None or self._storing.done():
            self._storing = asyncio.ensure_future(self._store_all())
        return await told

    async def _store_all(self) -> None:
        while self._waiting:
            batch: list[tuple[Arrival, asyncio.Future[int | None]]] = []
            try:
                async with self._store.begin(urgent=True) as work:
                    batch, self._waiting = self._waiting, []
                    arrivals = [arrival for arrival, _ in batch]
                    stored = await work.inbound.receive_all(arrivals, self._now(), by=self._me)
            except Exception as error:
                if not batch:
                    batch, self._waiting = self._waiting, []
                _tell(batch, error=error)
            else:
                _tell(batch, stored=stored)


def _tell(
    batch: list[tuple[Arrival, asyncio.Future[int | None]]],
    *,
    stored: dict[str, int] | None = None,
    error: Exception | None = None,
) -> None:
    """Tell every caller that still waits; one that gave up is passed over."""
    for arrival, told in batch:
        if told.done():
            continue
        if error is not None:
            told.set_exception(error)
        elif stored is not None:
            told.set_result(stored.get(arrival.event_key))
