"""The workspace's own runs, read for Anna: only those that the readers of a channel may know of."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from scheduler.agents.week import Strand, Week, silent_moments, undelivered
from storage.records import Delivery, Run, RunId, RunStatus, Task, TaskId, TaskState
from storage.reports import Finding, Report
from storage.store import Store, Work

REPORTS_READ = 300
RUNS_A_PAGE = 500
_ENDED = (TaskState.REMOVED, TaskState.COMPLETED)
Audience = Callable[[Sequence[Task], str], Awaitable[list[Task]]]


class WorkspaceLedger:
    """Looks back over the ledger for one reader; `visible_in` says what a channel may know of.

    The runs of `reader`, the agent who asks, are left out.
    """

    def __init__(self, store: Store, *, visible_in: Audience, reader: str) -> None:
        self._store = store
        self._visible_in = visible_in
        self._reader = reader

    async def last_look(self, run_id: RunId) -> datetime | None:
        """Say when the task of a run last began a run that reported, None if it never did."""
        async with self._store.read() as work:
            run = await work.runs.get(run_id)
            if run is None:
                return None
            for earlier in await work.runs.history(run.task_id, 100):
                if earlier.id < run_id and earlier.status is RunStatus.SUCCEEDED:
                    tries = await work.runs.attempts(earlier.id)
                    return tries[-1].started_at if tries else earlier.started_at
        return None

    async def window(self, since: datetime, until: datetime, *, channel: str) -> Week:
        """Give what happened after `since` and by `until`, as far as `channel` may know of it."""
        async with self._store.read() as work:
            everything = await work.tasks.all(removed=True)
        others = [
            it for it in everything if it.agent != self._reader and it.state is not TaskState.DRAFT
        ]
        seen = {task.id: task for task in await self._visible_in(others, channel)}
        async with self._store.read() as work:
            facts = await _read(work, seen, since, until)
        return await asyncio.to_thread(_week, facts, since, until)


class _Facts:
    """What was read of the tasks that may be known of, by task."""

    def __init__(self, tasks: Mapping[TaskId, Task]) -> None:
        self.tasks = tasks
        self.runs: dict[TaskId, list[Run]] = defaultdict(list)
        self.last: dict[TaskId, Run] = {}
        self.before: dict[TaskId, Run] = {}
        self.passing: dict[TaskId, list[Finding]] = defaultdict(list)
        self.owed: dict[TaskId, list[Delivery]] = defaultdict(list)
        self.is_partial = False


async def _read(
    work: Work, tasks: Mapping[TaskId, Task], since: datetime, until: datetime
) -> _Facts:
    facts = _Facts(tasks)
    async for run in _runs(work, since, until):
        if run.task_id in tasks:
            facts.runs[run.task_id].append(run)
    facts.last = await work.runs.last_reported(until)
    facts.before = await work.runs.last_reported(since)
    for delivery in await work.deliveries.given_up(since, until):
        if delivery.task_id in tasks:
            facts.owed[delivery.task_id].append(delivery)
    for run, report in await _passing(work, facts):
        facts.passing[run.task_id] += report.findings
    return facts


async def _runs(work: Work, since: datetime, until: datetime) -> AsyncIterator[Run]:
    """Give the runs of the window in pages, so that nothing else waits for a long week."""
    last = 0
    while page := await work.runs.of_window(since, until, after=last, limit=RUNS_A_PAGE):
        for run in page:
            yield run
        last = page[-1].id


async def _passing(work: Work, facts: _Facts) -> list[tuple[Run, Report]]:
    """Read the window's reports that are not the newest of their task, up to a number."""
    newest = {run.id for run in facts.last.values()}
    between = sorted(
        (
            run
            for runs in facts.runs.values()
            for run in runs
            if run.status is RunStatus.SUCCEEDED and run.id not in newest
        ),
        key=lambda run: run.id,
    )
    facts.is_partial = len(between) > REPORTS_READ
    between = between[-REPORTS_READ:]
    told = await work.runs.reports_of([run.id for run in between])
    return [(run, told[run.id]) for run in between if run.id in told]


def _week(facts: _Facts, since: datetime, until: datetime) -> Week:
    strands, doubts = [], []
    for task in facts.tasks.values():
        runs = tuple(facts.runs[task.id])
        silent, is_whole = silent_moments(task, runs, since, until)
        if not is_whole:
            doubts.append(f"Every due moment of T-{task.id}: it comes due too often.")
        owed = undelivered(facts.owed[task.id])
        if task.state in _ENDED and not (runs or owed):
            continue
        strands.append(
            Strand(
                task=task,
                runs=runs,
                silent=silent,
                last=facts.last.get(task.id),
                before=facts.before.get(task.id),
                passing=tuple(facts.passing[task.id]),
                undelivered=owed,
            )
        )
    if facts.is_partial:
        doubts.append(f"What came and went in reports before the newest {REPORTS_READ}.")
    return Week(since=since, until=until, strands=tuple(strands), doubts=tuple(doubts))
