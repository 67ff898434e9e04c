"""Allowance: the day's calls to a language model, taken before each call and accounted for after.

Both uses of a model (reading messages, working over an agent's tools) ask here first.
"""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from scheduler.errors import SchedulerError
from scheduler.now import Now
from storage.records import ModelCall
from storage.store import Store

_TOLD = "told_that_calls_are_spent"
"""The mark that holds who has heard so today."""


class AllowanceSpent(SchedulerError):
    """The calls to the language model are used up for today."""


class Allowance:
    """At most `calls_per_day` calls on each local day of `zone`, however many ask at once."""

    def __init__(self, store: Store, *, calls_per_day: int, zone: str, now: Now) -> None:
        self._store = store
        self._zone = ZoneInfo(zone)
        self._now = now
        self.calls_per_day = calls_per_day

    async def take(self) -> None:
        """Take one call; raises AllowanceSpent when none is left today."""
        async with self._store.begin() as work:
            if not await work.model_calls.reserve(self._today(), cap=self.calls_per_day):
                raise AllowanceSpent(
                    f"Today's {self.calls_per_day} calls to the language model are used up."
                )

    async def record(self, call: ModelCall) -> None:
        """Write down what a call used and how it ended."""
        async with self._store.begin() as work:
            await work.model_calls.record(call)

    async def is_news(self, person_id: str) -> bool:
        """Say whether somebody has yet to hear that today's calls are used up; now they have."""
        today = self._today().isoformat()
        async with self._store.begin() as work:
            told = await work.marks.get(_TOLD) or {}
            heard = list(told.get("people", ())) if told.get("day") == today else []
            if person_id in heard:
                return False
            body = {"day": today, "people": [*heard, person_id]}
            await work.marks.put(_TOLD, body, self._now())
        return True

    def _today(self) -> date:
        return self._now().astimezone(self._zone).date()
