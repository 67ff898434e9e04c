"""Runner: one run from claim to outcome, with a lease, a time limit, retries and a fence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from structlog.contextvars import bound_contextvars

from scheduler import fatigue, notices, policy, reports, variables
from scheduler.agents.agent import Agent, Brief
from scheduler.dispatcher import Put, nowhere
from scheduler.errors import Refused, SchedulerError, TakenAway
from scheduler.hearers import told_of
from scheduler.herald import Herald
from scheduler.lease import AGAIN_S, LEASE, held
from scheduler.now import Now
from scheduler.successes import Success, Successes
from scheduler.taking import Refusal, Taking, told_before
from scheduler.tally import Tally
from storage.policies import NoticeOn
from storage.records import AttemptOutcome, DeliveryId, Hold, Run, RunId, RunStatus, Task, TaskState
from storage.reports import Report
from storage.store import Store, Work

APART = 4
"""How many runs are recorded one by one at a time, so that others who write come to their turn."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The agent reported."""

    report: Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The attempt did not come to a report; `again` says whether another try may help."""

    outcome: AttemptOutcome
    reason: str
    again: bool = True


class Runner:
    """Works on runs. Every write says which attempt makes it, so a late one changes nothing."""

    def __init__(
        self,
        store: Store,
        agents: Mapping[str, Agent],
        *,
        worker: str,
        retry_delay: timedelta,
        now: Now,
        wake_courier: Callable[[], None],
        refusal: Refusal | None = None,
        herald: Herald | None = None,
        tally: Tally | None = None,
        lease: timedelta = LEASE,
        put: Put = nowhere,
        worked: Callable[[RunId], None] = lambda _: None,
    ) -> None:
        """Wire it up; `put` queues what is given back, `worked` hears of what is to be recorded."""
        self._store = store
        self._agents = agents
        self._retry_delay = retry_delay
        self._now = now
        self._wake_courier = wake_courier
        self._herald = herald
        self._tally = tally or Tally()
        self._lease = lease
        self._put = put
        self._worked = worked
        self._in_hand: set[RunId] = set()
        self._successes = Successes(store, now=now)
        self._apart = asyncio.Semaphore(APART)
        self._taking = Taking(
            store,
            worker=worker,
            lease=lease,
            now=now,
            refusal=refusal,
            tally=self._tally,
            give_back=self._give_back,
        )

    async def foresee(self, run_ids: Sequence[RunId]) -> None:
        """Hear which runs are to be worked on soon, to find out together whether they may begin."""
        await self._taking.foresee(run_ids)

    async def run(self, run_id: RunId) -> None:
        """Work on a queued run, if it is still there to be taken, and record how it ended.

        When it is cancelled, the run is queued again for whoever comes next. Where the run was
        taken away meanwhile, as one that came due later took its place, the work is left.
        """
        taken = await self._taking.take(run_id)
        if taken is None:
            return
        run, task, now = taken.run, taken.task, self._now()
        if run.attempt == 1 and run.scheduled_for is not None:
            self._tally.started(now - policy.planned(task, run.scheduled_for))
        with bound_contextvars(run_id=run.id, task_id=task.id, attempt=run.attempt):
            await self._work_on(task, run, taken.before)

    async def _work_on(self, task: Task, run: Run, before: Report | None) -> None:
        """Work on a run that was claimed, and leave it as `run` says."""
        log.info("A run started", action="run_started")
        self._in_hand.add(run.id)
        try:
            await self._tell_of_start(task, run)
            async with held(self._store, run, lease=self._lease, now=self._now):
                outcome = await self._attempt(task, run, before)
                if isinstance(outcome, Done):
                    self._worked(run.id)
                await self._record_at_last(task, run, outcome)
        except TakenAway:
            _tell_taken_away()
        except asyncio.CancelledError:
            await asyncio.shield(self._give_back(run))
            raise
        finally:
            self._in_hand.discard(run.id)

    async def recover(self, *, every: bool) -> int:
        """Close the attempts of processes that died and try their runs again; returns how many.

        `every` closes all open attempts: only the one process that runs on a database may say so.
        """
        async with self._store.read() as work:
            cut_off = None if every else self._now()
            found = await work.runs.abandoned(lease_before=cut_off)
            # after a clock jump even a lease of ours may look old, though its work goes on
            abandoned = [run for run in found if run.id not in self._in_hand]
            tasks = {run.id: await work.tasks.get(run.task_id) for run in abandoned}
        for run in abandoned:
            task = tasks[run.id]
            assert task is not None
            lost = Failed(
                outcome=AttemptOutcome.LOST, reason="The process that worked on it stopped."
            )
            with bound_contextvars(run_id=run.id, task_id=task.id, attempt=run.attempt):
                await self._record(task, run, lost)
        self._tally.take_over(len(abandoned))
        return len(abandoned)

    async def _attempt(self, task: Task, run: Run, before: Report | None) -> Done | Failed:
        """Let the agent work within the time limit, and turn whatever happens into an outcome."""
        agent = self._agents.get(task.agent)
        if agent is None:
            return Failed(
                outcome=AttemptOutcome.FAILED,
                reason=f"There is no agent called {task.agent} any more.",
                again=False,
            )
        limit = asyncio.timeout(task.timeout_s)
        try:
            async with limit:
                report = await agent.work(_brief(task, run, before))
        except SchedulerError as error:
            fix = getattr(error, "fix", "")
            return Failed(
                outcome=AttemptOutcome.FAILED,
                reason=f"{error} {fix}".strip(),
                again=not isinstance(error, Refused),
            )
        except Exception:
            if limit.expired():
                length = policy.lasting(timedelta(seconds=task.timeout_s))
                reason = f"It took longer than {length}."
                return Failed(outcome=AttemptOutcome.TIMED_OUT, reason=reason)
            log.exception("An agent broke", action="agent_broke", agent=task.agent)
            return Failed(
                outcome=AttemptOutcome.FAILED,
                reason=f"{agent.profile.shown} ran into a fault of our own; the log of R-{run.id}"
                " has it.",
            )
        if not report.headline.strip():
            return Failed(
                outcome=AttemptOutcome.FAILED, reason=f"{agent.profile.shown} reported nothing."
            )
        unchecked = reports.nothing_checked(report)
        if unchecked is not None:
            return Failed(outcome=AttemptOutcome.FAILED, reason=unchecked)
        return Done(report=report)

    async def _give_back(self, run: Run) -> None:
        """Queue a run again whose work was called off, not failed."""
        now, reason = self._now(), "Chatcron was stopped while it ran."
        async with self._store.begin() as work:
            if await work.runs.requeue(run, ready_at=now, reason=reason):
                await self._put(work, [run.id])
            await work.runs.close_attempt(run, outcome=AttemptOutcome.LOST, reason=reason, now=now)

    async def _record_at_last(self, task: Task, run: Run, outcome: Done | Failed) -> None:
        """Record an outcome, again and again for as long as a lease while the database is away."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._lease.total_seconds()
        while True:
            try:
                return await self._record(task, run, outcome)
            except Exception:
                if loop.time() > until:
                    raise
                log.exception("A run was not recorded yet", action="record_failed")
            await asyncio.sleep(AGAIN_S)

    async def _record(self, task: Task, run: Run, outcome: Done | Failed) -> None:
        """Write, in one transaction, how the attempt ended and what is owed for it."""
        if isinstance(outcome, Done) and await self._is_plain(task, run, outcome.report):
            return
        async with self._apart:
            await self._record_apart(task, run, outcome)
        self._wake_courier()

    async def _record_apart(self, task: Task, run: Run, outcome: Done | Failed) -> None:
        """Write one outcome by itself, with all it may bring with it."""
        now = self._now()
        reach = None if self._herald is None else await self._herald.reach(task)
        async with self._store.begin() as work:
            match outcome:
                case Done():
                    happened = await self._succeed(work, task, run, outcome.report, now)
                case Failed():
                    happened = await self._fail(work, task, run, outcome, now)
            if reach is not None and self._herald is not None:
                await self._herald.tell(work, reach, run, happened, now)

    async def _is_plain(self, task: Task, run: Run, report: Report) -> bool:
        """Record a report beside others, where it needs nothing special."""
        if not await self._successes.record(Success(task=task, run=run, report=report)):
            return False
        self._tally.end(RunStatus.SUCCEEDED)
        log.info("A run succeeded", action="run_succeeded")
        self._wake_courier()
        return True

    async def _tell_of_start(self, task: Task, run: Run) -> None:
        """Tell who wants to hear that a run begins; that it can't be told holds up no run."""
        if self._herald is None or run.attempt > 1:
            return
        try:
            if await self._herald.began(task, run, self._now()):
                self._wake_courier()
        except Exception:
            log.exception("A beginning was not told", action="start_untold")

    async def _succeed(
        self, work: Work, task: Task, run: Run, report: Report, now: datetime
    ) -> frozenset[NoticeOn]:
        """Record a report; gives what those hear of who are told of runs."""
        before = await told_before(work, task)
        happened = notices.of_success(report, before)
        report = reports.with_changes(report, before)
        streak = await work.streaks.of(task.id, channel=task.channel, owner=task.owner)
        is_held = await work.runs.end(
            run, status=RunStatus.SUCCEEDED, reason=None, report=report, now=now
        )
        if not is_held:
            _tell_taken_away()
            return frozenset()
        await work.runs.close_attempt(run, outcome=AttemptOutcome.SUCCEEDED, reason=None, now=now)
        await _owe(work, task, run, notices.on_success(task, report, streak=streak), now)
        self._tally.end(RunStatus.SUCCEEDED)
        log.info("A run succeeded", action="run_succeeded")
        return happened

    async def _fail(
        self, work: Work, task: Task, run: Run, failure: Failed, now: datetime
    ) -> frozenset[NoticeOn]:
        """Try again, or record a failure; gives what those hear of who are told of runs."""
        present = await fatigue.present(work, task) or task  # it may have changed while it ran
        wanted = present.state is not TaskState.REMOVED
        may_retry = wanted and present.hold is not Hold.EVERYTHING
        was_lost = failure.outcome is AttemptOutcome.LOST  # not the work's fault: no need to wait
        delay = timedelta(0) if was_lost else self._retry_delay
        again_at = policy.next_try_at(task, run, now, first_delay=delay)
        said = log.bind(reason=failure.reason)
        closes = partial(
            work.runs.close_attempt, run, outcome=failure.outcome, reason=failure.reason, now=now
        )
        if failure.again and may_retry and again_at is not None:
            if await work.runs.requeue(run, ready_at=again_at, reason=failure.reason):
                said.warning("An attempt failed; it is tried again", action="attempt_failed")
                if again_at <= now:
                    await self._put(work, [run.id])
            await closes()
            return frozenset()
        status = RunStatus(failure.outcome)
        is_held = await work.runs.end(
            run, status=status, reason=failure.reason, report=None, now=now
        )
        await closes()
        if not is_held:
            _tell_taken_away()
            return frozenset()
        self._tally.end(status)
        said.error("A run failed", action="run_" + status)
        if not wanted:
            return frozenset()
        streak = await work.streaks.of(task.id, channel=task.channel, owner=task.owner)
        await _owe(work, task, run, notices.on_failure(task, run, streak=streak), now)
        await fatigue.rest(self._store, work, present, run, streak, self._now)
        return notices.of_failure(streak)


def _brief(task: Task, run: Run, before: Report | None) -> Brief:
    return Brief(
        run_id=run.id,
        task_name=task.name,
        prompt=variables.filled(task.prompt, run.variables or {}),
        as_of=run.scheduled_for or run.created_at,
        zone=task.zone,
        limit_s=task.timeout_s,
        channel=task.channel,
        before=before,
    )


def _tell_taken_away() -> None:
    log.warning("A run was taken away", action="run_taken_away")


async def _owe(
    work: Work, task: Task, run: Run, owed: tuple[notices.Notice, ...], now: datetime
) -> None:
    leader: DeliveryId | None = None
    for notice in owed:
        if notice.changes is not None:
            await work.deliveries.replace_owed(notice.changes, now)
        is_for_owner = notice.target == task.owner
        for target in await told_of(work, task) if is_for_owner else [notice.target]:
            delivery_id = await work.deliveries.owe(
                notice.kind,
                target=target,
                task_id=task.id,
                run_id=run.id,
                after=leader if notice.follows else notice.changes,
                payload=notice.payload,
                now=now,
            )
            leader = leader if notice.follows else delivery_id
