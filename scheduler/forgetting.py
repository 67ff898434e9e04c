"""Forgetting: old runs leave the ledger, a day after it was first said that they would."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from storage.retention import Outdated
from storage.store import Store, Work

NOTICE = timedelta(hours=24)
"""How long before the first run is forgotten it is said."""
RUNS_AT_ONCE = 200
BATCHES_A_ROUND = 100
"""How often a round forgets so many runs at most; others have their turn in between."""
_MARK = "forgetting"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which runs are about to be forgotten, and from when on; None: it has not been said yet."""

    outdated: Outdated
    begins: datetime | None


async def plan(work: Work, *, days: int, now: datetime) -> Plan | None:
    """Say what is going to be forgotten for the first time, if anything is.

    It is the first time, too, after `days` was made fewer. With 0 days nothing ever is.
    """
    begins = _begins(await work.marks.get(_MARK), days)
    if not days or (begins is not None and begins <= now):
        return None
    outdated = await work.retention.outdated(before=now - timedelta(days=days))
    return None if outdated is None else Plan(outdated=outdated, begins=begins)


class Forgetting:
    """Takes the runs of more than so many days ago out of the ledger, a few at a time."""

    def __init__(self, store: Store, *, days: int) -> None:
        """Wire it up; with 0 days nothing is ever forgotten."""
        self._store = store
        self._days = days

    async def round(self, now: datetime) -> None:
        """Forget what is old, or say that it will be: once, a day before."""
        before = now - timedelta(days=self._days)
        outdated = None
        async with self._store.read() as work:
            told = await work.marks.get(_MARK)
            begins = _begins(told, self._days)
            if self._days and begins is None:
                outdated = await work.retention.outdated(before=before)
        if told is not None and _is_fewer(told["days"], than=self._days):
            await self._remember(told["begins"], now)
        if outdated is not None:
            await self._announce(outdated, now)
        elif self._days and begins is not None and begins <= now:
            await self._forget(before)

    async def _remember(self, begins: str, now: datetime) -> None:
        """Keep for how many days it holds: fewer than these are said anew."""
        async with self._store.begin() as work:
            await work.marks.put(_MARK, {"days": self._days, "begins": begins}, now)

    async def _announce(self, outdated: Outdated, now: datetime) -> None:
        begins = now + NOTICE
        await self._remember(begins.isoformat(), now)
        log.warning(
            "Old runs are forgotten from tomorrow on; to keep them all set "
            "CHATCRON_KEEP_RUNS_DAYS=0, or more days",
            action="runs_outdated",
            count=outdated.count,
            oldest=outdated.oldest.isoformat(),
            days=self._days,
            begins=begins.isoformat(),
        )

    async def _forget(self, before: datetime) -> None:
        """Take old runs out of the ledger, in small transactions."""
        forgotten = 0
        for _ in range(BATCHES_A_ROUND):
            async with self._store.begin() as work:
                count = await work.retention.sweep(before=before, limit=RUNS_AT_ONCE)
            forgotten += count
            if count < RUNS_AT_ONCE:
                break
            await asyncio.sleep(0)
        if forgotten:
            log.info("Old runs were forgotten", action="runs_forgotten", count=forgotten)


def _begins(told: dict[str, Any] | None, days: int) -> datetime | None:
    """Say from when on runs of so many days ago may be forgotten; None where nobody was told."""
    if told is None or _is_fewer(days, than=told["days"]):
        return None
    return datetime.fromisoformat(told["begins"])


def _is_fewer(days: int, *, than: int) -> bool:
    """Say whether fewer runs are kept with so many days; 0 days keep all."""
    return days != 0 and (than == 0 or days < than)
