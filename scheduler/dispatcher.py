"""Dispatcher: turns due moments into ledger rows and queued runs, in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from scheduler import policy, recurrence
from storage.records import RunId, RunStatus, Task, TaskState
from storage.store import Store, Work

BATCH = 500
_INSTANT = timedelta(microseconds=1)

log = structlog.get_logger(__name__)


class Queue(Protocol):
    """Where runs go to be worked on."""

    async def put(self, work: Work, run_ids: Sequence[RunId]) -> None:
        """Queue these runs in the transaction that recorded them."""

    def wake(self) -> None:
        """Say that what was put has been committed."""


class Dispatcher:
    """Claims what is due; any number of them may claim at once."""

    def __init__(self, store: Store, queue: Queue) -> None:
        self._store = store
        self._queue = queue

    async def tick(self, now: datetime) -> datetime | None:
        """Claim everything due by `now`, in batches, and say when the next task comes due."""
        while await self.claim_due(now) == BATCH:
            await asyncio.sleep(0)  # noqa: ASYNC110  let others run between two batches
        return await self.next_due()

    async def claim_due(self, now: datetime, limit: int = BATCH) -> int:
        """Record every moment due by `now` of up to `limit` tasks; returns how many tasks.

        Each moment gets one row, started or with the reason why not, and the task its next moment.
        """
        async with self._store.begin() as work:
            due = await work.tasks.due(now, limit)
            queued: list[RunId] = []
            for task in due:
                queued += await self._record(work, task, now)
            await self._queue.put(work, queued)
        if queued:
            self._queue.wake()
        return len(due)

    async def next_due(self) -> datetime | None:
        """Say when the next task comes due."""
        async with self._store.read() as work:
            return await work.tasks.next_due()

    async def _record(self, work: Work, task: Task, now: datetime) -> list[RunId]:
        running = len(await work.runs.open_of(task.id))
        moments = policy.moments_of(task, _due_moments(task, now), now, running=running)
        queued = []
        for moment in moments:
            run_id = await work.runs.record(task, moment, now)
            if run_id is not None and moment.status is RunStatus.QUEUED:
                queued.append(run_id)
            elif moment.status is not RunStatus.QUEUED:
                log.warning(
                    "A due moment was not run",
                    action="moment_" + moment.status,
                    task_id=task.id,
                    scheduled_for=moment.scheduled_for.isoformat(),
                    reason=moment.reason,
                )
        fired = task.fired + sum(moment.moments for moment in moments)
        following = _following(task, fired, now)
        await work.tasks.advance(
            task,
            next_run_at=following,
            fired=fired,
            state=TaskState.COMPLETED if following is None else TaskState.ACTIVE,
        )
        return queued


def _due_moments(task: Task, now: datetime) -> Iterator[datetime]:
    """Give the task's moments up to `now`, the stored one first, never more than its count."""
    assert task.schedule is not None
    assert task.next_run_at is not None
    left = None if task.schedule.count is None else task.schedule.count - task.fired
    yield task.next_run_at
    later = recurrence.between(task.schedule, task.next_run_at + _INSTANT, now + _INSTANT)
    for number, moment in enumerate(later, start=1):
        if left is not None and number >= left:
            return
        yield moment


def _following(task: Task, fired: int, now: datetime) -> datetime | None:
    assert task.schedule is not None
    due = recurrence.upcoming(task.schedule, now, 1, fired=fired)
    return due[0] if due else None
