"""Successes: the runs that went well and need nothing special are recorded many in one go.

Special is what somebody else is to be told, a streak that ends, or a task that has changed: there
the Runner records by itself, run by run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from scheduler import notices, reports
from scheduler.now import Now
from scheduler.taking import steady_reports
from scheduler.together import Together
from storage.batches import Owed
from storage.records import Run, RunId, Task, TaskId
from storage.reports import Report
from storage.store import Store, Work
from storage.streaks import Streak

MOST = 250
REST_S = 0.25
"""How long it rests after it has recorded several: runs that wait begin before those that ended are
written, which costs less the more of them there are."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Success:
    """A run, its task as it was when the run began, and what the agent reported."""

    task: Task
    run: Run
    report: Report


class Successes:
    """Records plain successes, all that come at the same time in one transaction."""

    def __init__(self, store: Store, *, now: Now) -> None:
        self._store = store
        self._now = now
        self._records = Together(self._record_all, most=MOST, rest_s=REST_S)

    async def record(self, success: Success) -> bool:
        """Record a success with the deliveries it is owed; False, with nothing done, if not plain.

        Nor is anything done where that fails, for one of those that came at the same time.
        """
        return await self._records.do(success)

    async def _record_all(self, successes: Sequence[Success]) -> list[bool]:
        recorded: set[RunId] = set()
        try:
            async with self._store.begin() as work:
                recorded = await _record(work, successes, self._now())
        except Exception:
            log.warning("Runs are recorded one by one", action="record_apart", exc_info=True)
            return [False] * len(successes)
        return [success.run.id in recorded for success in successes]


async def _record(work: Work, successes: Sequence[Success], now: datetime) -> set[RunId]:
    plain = await _plain(work, successes)
    if not plain:
        return set()
    told = [(success, reports.with_changes(success.report, before)) for success, before in plain]
    await work.batches.succeed([(success.run, report) for success, report in told], now)
    owed = [
        Owed(
            run=success.run,
            kind=notice.kind,
            target=notice.target,
            follows=notice.follows,
            payload=notice.payload,
        )
        for success, report in told
        for notice in notices.on_success(success.task, report, streak=Streak())
    ]
    await work.batches.owe(owed, now)
    return {success.run.id for success, _ in plain}


async def _plain(work: Work, successes: Sequence[Success]) -> list[tuple[Success, Report | None]]:
    """Give the plain ones, at most one a task, in the order of their runs, and what was told."""
    of_task: dict[TaskId, Success] = {}
    for success in successes:
        of_task.setdefault(success.task.id, success)
    tasks = [success.task for success in of_task.values()]
    footings = await work.batches.footings(list(of_task))
    before = await steady_reports(work, tasks, footings)
    found = [
        (success, before[task_id])
        for task_id, success in of_task.items()
        if task_id in before
        and not footings[task_id].has_notices
        and not footings[task_id].has_failed
        and success.task.channel != success.task.owner
    ]
    return sorted(found, key=lambda each: each[0].run.id)
