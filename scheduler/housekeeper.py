"""Housekeeper: the slow rounds: unanswered drafts, places, old events, old runs."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog

from scheduler.drafts import Drafts
from scheduler.watch import Watch
from storage.store import Store

DRAFTS_EVERY = timedelta(seconds=5)
PLACES_EVERY = timedelta(minutes=5)
FORGET_EVERY = timedelta(hours=1)
EVENTS_KEPT_FOR = timedelta(days=7)
TALKS_KEPT_FOR = timedelta(hours=1)
TALKS_AT_ONCE = 500
RUNS_AT_ONCE = 200
BATCHES_A_ROUND = 100
"""How often a round forgets so many runs at most; others have their turn in between."""

log = structlog.get_logger(__name__)


class Housekeeper:
    """Does each of its rounds when it is due, and nothing in between."""

    def __init__(
        self,
        store: Store,
        watch: Watch,
        drafts: Drafts,
        *,
        runs_kept_for: timedelta | None = None,
    ) -> None:
        """Wire it up; without `runs_kept_for` the ledger keeps every run."""
        self._store = store
        self._runs_kept_for = runs_kept_for
        self._watch = watch
        self._drafts = drafts
        self._last: dict[timedelta, datetime] = {}
        self._set_back = timedelta()

    def set_back(self, by: timedelta) -> None:
        """Hear that the clock went back by so much; the next round looks after what waits."""
        self._set_back += by

    async def round(self, now: datetime) -> None:
        """Do what is due: call it as often as you like."""
        if self._set_back:
            await self._shorten_waits(now)
        if self._is_due(DRAFTS_EVERY, now):
            await self._drafts.round(now)
        if self._is_due(PLACES_EVERY, now):
            self._watch.look_again()
        if self._is_due(FORGET_EVERY, now):
            async with self._store.begin() as work:
                await work.inbound.forget(handled_before=now - EVENTS_KEPT_FOR)
                await work.talks.sweep(before=now - TALKS_KEPT_FOR, limit=TALKS_AT_ONCE)
            await self._forget_runs(now)

    async def _shorten_waits(self, now: datetime) -> None:
        """Let nothing wait for the hours that the clock goes through a second time."""
        async with self._store.begin() as work:
            count = await work.waits.shorten(self._set_back, now)
        self._set_back = timedelta()
        log.info("What waited was brought nearer", action="waits_shortened", count=count)

    async def _forget_runs(self, now: datetime) -> None:
        """Take old runs out of the ledger, in small transactions."""
        if self._runs_kept_for is None:
            return
        before, forgotten = now - self._runs_kept_for, 0
        for _ in range(BATCHES_A_ROUND):
            async with self._store.begin() as work:
                count = await work.retention.sweep(before=before, limit=RUNS_AT_ONCE)
            forgotten += count
            if count < RUNS_AT_ONCE:
                break
            await asyncio.sleep(0)
        if forgotten:
            log.info("Old runs were forgotten", action="runs_forgotten", count=forgotten)

    def _is_due(self, every: timedelta, now: datetime) -> bool:
        last = self._last.get(every)
        if last is not None and abs(now - last) < every:  # abs: the clock may jump back
            return False
        self._last[every] = now
        return True
