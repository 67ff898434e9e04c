"""Taking: how the Runner comes to a run, many of those that are offered together in one go.

Whether a run may begin is found out before, for all that come soon at the same time; what was found
out counts for a second. So a full minute asks about its places and owners a few times, not once a
run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from scheduler.now import Now
from scheduler.tally import Tally
from scheduler.together import Together
from storage.batches import Footing
from storage.errors import NoRoom
from storage.records import Run, RunId, RunStatus, Task, TaskId
from storage.reports import Report
from storage.store import Store, Work

Refusal = Callable[[Task], Awaitable[str | None]]
"""Says why a task may not run any more, None when it may."""

FORESEEN_S = 1.0
"""For how long it counts that a run may begin."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A run that is to be taken, and its task, where it was looked at just before."""

    run_id: RunId
    task: Task | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A run that was claimed, its task, and the last report in the task's channel."""

    run: Run
    task: Task
    before: Report | None


class Taking:
    """Claims runs, each with an attempt; `give_back` gets those whose taker was called off."""

    def __init__(
        self,
        store: Store,
        *,
        worker: str,
        lease: timedelta,
        now: Now,
        refusal: Refusal | None,
        tally: Tally,
        give_back: Callable[[Run], Awaitable[None]],
    ) -> None:
        self._store = store
        self._worker = worker
        self._lease = lease
        self._now = now
        self._refusal = refusal
        self._tally = tally
        self._give_back = give_back
        self._looks = Together(self._look)
        self._claims = Together(self._claim_all)
        self._foreseen: dict[RunId, Task] = {}
        self._foreseen_until = 0.0
        self._asked: dict[tuple[str, str], asyncio.Future[str | None]] = {}

    async def foresee(self, run_ids: Sequence[RunId]) -> None:
        """Find out about runs that will soon be taken; those that may not begin are asked again."""
        if self._refusal is None:
            return
        until = asyncio.get_running_loop().time() + FORESEEN_S
        tasks = {
            run_id: task
            for run_id, task in zip(run_ids, await self._look(run_ids), strict=True)
            if task is not None
        }
        places = {(task.channel, task.owner): task for task in tasks.values()}
        reasons = await asyncio.gather(*(self._reason(task) for task in places.values()))
        may = {about for about, reason in zip(places, reasons, strict=True) if reason is None}
        self._foreseen_until = until
        self._foreseen = {
            run_id: task for run_id, task in tasks.items() if (task.channel, task.owner) in may
        }

    def _recalled(self, run_id: RunId) -> Task | None:
        """Give the task of a run of which it was just found out that it may begin."""
        task = self._foreseen.pop(run_id, None)
        return task if asyncio.get_running_loop().time() < self._foreseen_until else None

    async def take(self, run_id: RunId) -> Taken | None:
        """Claim a queued run; None when it is not there to be taken, or may not begin."""
        known = self._recalled(run_id)
        if known is None and await self._is_refused(run_id):
            return None
        if self._store.has_limits:  # slots are found one by one: a transaction holds no two
            return await self._claim_one(run_id)
        claim = self._claims.ask(_Wanted(run_id=run_id, task=known))
        try:
            return await asyncio.shield(claim)
        except asyncio.CancelledError:
            taken = await claim
            if taken is not None:
                await self._give_back(taken.run)
            raise

    async def _is_refused(self, run_id: RunId) -> bool:
        """Ask whether the run may begin, and skip it with the reason where it may not."""
        if self._refusal is None:
            return False
        task = await self._looks.do(run_id)
        reason = None if task is None else await self._reason(task)
        if reason is None:
            return False
        async with self._store.begin() as work:
            await work.runs.skip(run_id, reason=reason, now=self._now())
        self._tally.end(RunStatus.SKIPPED)
        said = log.bind(run_id=run_id, task_id=None if task is None else task.id)
        said.warning("A run was not begun", action="run_skipped", reason=reason)
        return True

    async def _look(self, run_ids: Sequence[RunId]) -> list[Task | None]:
        async with self._store.read() as work:
            found = await work.batches.tasks_of(run_ids)
        return [found.get(run_id) for run_id in run_ids]

    async def _reason(self, task: Task) -> str | None:
        """Ask about a place and an owner once, for all their tasks that come at the moment."""
        assert self._refusal is not None
        about = (task.channel, task.owner)
        if about not in self._asked:
            self._asked[about] = asyncio.ensure_future(self._refusal(task))
            self._asked[about].add_done_callback(lambda _: self._asked.pop(about))
        return await asyncio.shield(self._asked[about])

    async def _claim_one(self, run_id: RunId) -> Taken | None:
        now = self._now()
        try:
            async with self._store.begin() as work:
                run = await work.runs.claim(
                    run_id, worker=self._worker, now=now, lease_until=now + self._lease
                )
                task = None if run is None else await work.tasks.get(run.task_id)
                if run is None or task is None:
                    return None
                return Taken(run=run, task=task, before=await told_before(work, task))
        except NoRoom:
            return None

    async def _claim_all(self, wanted: Sequence[_Wanted]) -> list[Taken | None]:
        now = self._now()
        known = {each.run_id: each.task for each in wanted if each.task is not None}
        async with self._store.begin(urgent=True) as work:
            runs = await work.batches.claim([each.run_id for each in wanted], now)
            footings = await work.batches.footings([run.task_id for run in runs]) if runs else {}
            of_run = await _present(work, runs, known, footings)
            begun = [(run, of_run[run.id]) for run in runs]
            if begun:
                until = now + self._lease
                await work.batches.open(begun, worker=self._worker, now=now, lease_until=until)
            before = await _told_before(work, [task for _, task in begun], footings)
        taken = {run.id: Taken(run=run, task=task, before=before[task.id]) for run, task in begun}
        return [taken.get(each.run_id) for each in wanted]


async def _present(
    work: Work,
    runs: Sequence[Run],
    known: Mapping[RunId, Task],
    footings: Mapping[TaskId, Footing],
) -> dict[RunId, Task]:
    """Give the task of each run as it is now: the known one, where it has not changed since."""
    of_run = {
        run.id: known[run.id]
        for run in runs
        if run.id in known and known[run.id].version == footings[run.task_id].version
    }
    rest = [run.id for run in runs if run.id not in of_run]
    return of_run | (await work.batches.tasks_of(rest) if rest else {})


async def told_before(work: Work, task: Task) -> Report | None:
    """Give the last report in the task's channel, if it is of the same work.

    Less that is asked for, or another agent, must not make what they no longer see look resolved.
    """
    run = await work.runs.last_delivered(task.id, task.channel)
    if run is None:
        return None
    next_version = await work.tasks.version(task.id, run.task_version + 1)
    then = next_version.before if next_version is not None and next_version.before else {}
    asked = then.get("agent", task.agent), then.get("prompt", task.prompt)
    return run.report if asked == (task.agent, task.prompt) else None


async def _told_before(
    work: Work, tasks: Sequence[Task], footings: Mapping[TaskId, Footing]
) -> dict[TaskId, Report | None]:
    """Give for each task what `told_before` gives."""
    steady = await steady_reports(work, tasks, footings)
    return {
        task.id: steady[task.id] if task.id in steady else await told_before(work, task)
        for task in tasks
    }


async def steady_reports(
    work: Work, tasks: Sequence[Task], footings: Mapping[TaskId, Footing]
) -> dict[TaskId, Report | None]:
    """Give the last report in its channel of each task that has not changed since that report."""
    told = [footing.told for footing in footings.values() if footing.told is not None]
    reports = await work.batches.reports(told)
    steady: dict[TaskId, Report | None] = {}
    for task in tasks:
        footing = footings.get(task.id)
        if footing is None or footing.version != task.version:
            continue
        version, report = (task.version, None) if footing.told is None else reports[footing.told]
        if version == task.version:
            steady[task.id] = report
    return steady
