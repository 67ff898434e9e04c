"""Housekeeper: the slow rounds: unanswered drafts, places, old events, old runs."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from scheduler.drafts import Drafts
from scheduler.forgetting import Forgetting
from scheduler.watch import Watch
from storage.store import Store

DRAFTS_EVERY = timedelta(seconds=5)
PLACES_EVERY = timedelta(minutes=5)
FORGET_EVERY = timedelta(hours=1)
EVENTS_KEPT_FOR = timedelta(days=7)
TALKS_KEPT_FOR = timedelta(hours=1)
TALKS_AT_ONCE = 500

log = structlog.get_logger(__name__)


class Housekeeper:
    """Does each of its rounds when it is due, and nothing in between."""

    def __init__(
        self,
        store: Store,
        watch: Watch,
        drafts: Drafts,
        *,
        runs_kept_days: int = 0,
    ) -> None:
        """Wire it up; with 0 `runs_kept_days` the ledger keeps every run."""
        self._store = store
        self._forgetting = Forgetting(store, days=runs_kept_days)
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
            await self._forgetting.round(now)

    async def _shorten_waits(self, now: datetime) -> None:
        """Let nothing wait for the hours that the clock goes through a second time."""
        async with self._store.begin() as work:
            count = await work.waits.shorten(self._set_back, now)
        self._set_back = timedelta()
        log.info("What waited was brought nearer", action="waits_shortened", count=count)

    def _is_due(self, every: timedelta, now: datetime) -> bool:
        last = self._last.get(every)
        if last is not None and abs(now - last) < every:  # abs: the clock may jump back
            return False
        self._last[every] = now
        return True
