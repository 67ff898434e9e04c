"""Clock: rings when the next task is due. The only importer of APScheduler.

APScheduler holds one job, a DateTrigger at the next due moment, and that job only wakes the pump: a
job that did the work would die with it on a backward clock jump, and be cancelled on stop.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from scheduler.pump import Pump

_JOB = "next-due"


class Clock:
    """Calls `tick` at every due moment, at every `ring`, and at least once a second.

    `tick` does what is due and returns the next due moment.
    """

    def __init__(self, tick: Callable[[], Awaitable[datetime | None]]) -> None:
        self._tick = tick
        self._pump = Pump("tick", self._tick_and_arm)
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._armed_for: datetime | None = None

    @property
    def last_tick(self) -> float | None:
        """Say when the last tick ended, in the event loop's time."""
        return self._pump.last_round

    def ring(self) -> None:
        """Ask for a tick soon; cheap, and safe before `start`."""
        self._pump.wake()

    async def start(self) -> None:
        """Begin to tick, at once."""
        self._scheduler.start()
        self._pump.start()

    async def stop(self) -> None:
        """Finish the tick in progress and stop."""
        await self._pump.stop()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _tick_and_arm(self) -> None:
        due = await self._tick()
        if due == self._armed_for:
            return
        self._armed_for = due
        if self._scheduler.get_job(_JOB) is not None:
            self._scheduler.remove_job(_JOB)
        if due is not None:
            trigger = DateTrigger(run_date=due)
            self._scheduler.add_job(self._due, trigger, id=_JOB, misfire_grace_time=None)

    async def _due(self) -> None:
        self._armed_for = None
        self._pump.wake()
