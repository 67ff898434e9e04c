"""Reaper: takes what dead processes held and gives it to the living; whoever fires has one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from scheduler.now import Now
from scheduler.pump import Pump
from scheduler.runner import Runner

LEASES_EVERY = timedelta(seconds=5)


class Mendable(Protocol):
    """A queue that may have to be brought in line with the ledger."""

    async def mend(self, now: datetime) -> int:
        """Queue again what is queued in the ledger and would reach nobody; returns how much."""


class Reaper:
    """Closes attempts whose lease ran out, and mends the queue; any number may do so at once."""

    def __init__(self, runner: Runner, queue: Mendable, *, now: Now) -> None:
        self._runner = runner
        self._queue = queue
        self._now = now
        self._pump = Pump("reap", self.reap)
        self._looked_at: datetime | None = None

    async def start(self) -> None:
        """Begin to look, at once."""
        self._pump.start()

    async def stop(self) -> None:
        """Finish the look in progress and stop."""
        await self._pump.stop()

    async def reap(self) -> None:
        """Make one round: leases every few seconds, the queue each time."""
        now = self._now()
        if self._looked_at is None or abs(now - self._looked_at) >= LEASES_EVERY:
            self._looked_at = now  # abs: the clock may jump back
            await self._runner.recover(every=False)
        await self._queue.mend(now)
