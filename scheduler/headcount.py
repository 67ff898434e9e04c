"""Headcount: remembers which tasks are on, so that a start notices when some are gone unasked.

Whoever pauses, removes or parks a task leaves the moment in its row; a task that is off or away
without one was lost: by a restored file, a broken migration, a hand in the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storage.records import TaskState
from storage.store import Store
from storage.tasks import Standing

MARK = "active_tasks"
EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """How many tasks were on when last counted, how many are now, and the ones nobody ended."""

    before: int
    after: int
    lost: tuple[int, ...]


def drop(counted: dict[str, Any] | None, tasks: Iterable[Standing]) -> Drop | None:
    """Say which of the tasks counted last are off without anybody's doing; None when all are on.

    `tasks` are all there are, removed ones too.
    """
    if counted is None:
        return None
    there = {int(task.id): task for task in tasks}
    at = datetime.fromisoformat(counted["at"])
    lost = tuple(number for number in counted["tasks"] if _is_lost(there.get(number), at))
    after = sum(task.state is TaskState.ACTIVE for task in there.values())
    return Drop(before=len(counted["tasks"]), after=after, lost=lost) if lost else None


def _is_lost(task: Standing | None, counted_at: datetime) -> bool:
    if task is None:
        return True
    is_ended = task.state is TaskState.COMPLETED or task.updated_at >= counted_at
    return task.state is not TaskState.ACTIVE and not is_ended


class Headcount:
    """Counts the tasks that are on: hourly, at every stop, and at every start before all else."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counted_at: datetime | None = None

    async def compare(self) -> Drop | None:
        """Say what is gone since the last count."""
        async with self._store.read() as work:
            counted = await work.marks.get(MARK)
            return drop(counted, await work.tasks.standings())

    async def round(self, now: datetime) -> None:
        """Count where an hour has gone by: call it as often as you like."""
        if self._counted_at is None or abs(now - self._counted_at) >= EVERY:
            await self.count(now)

    async def count(self, now: datetime) -> None:
        """Count now."""
        self._counted_at = now
        async with self._store.begin() as work:
            body = {"at": now.isoformat(), "tasks": await work.tasks.active_ids()}
            await work.marks.put(MARK, body, now)
