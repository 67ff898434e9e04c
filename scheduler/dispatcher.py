"""Dispatcher: turns due moments into ledger rows and queued runs, in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from scheduler import alarm, notices, policy, recurrence
from scheduler.forecast import moments_of
from scheduler.hearers import told_of
from scheduler.stillness import Stillness
from scheduler.tally import Tally
from storage.policies import Missed
from storage.records import DeliveryKind, RunId, RunStatus, Task, TaskState
from storage.runs import Moment
from storage.store import Store, Work
from storage.tasks import Step

BATCH = 500
SUMMARY_AFTER = timedelta(seconds=5)
"""How long a summary of missed moments waits for the claims of the batches after it."""
_INSTANT = timedelta(microseconds=1)

log = structlog.get_logger(__name__)


Put = Callable[[Work, Sequence[RunId]], Awaitable[None]]
"""Queues runs in the transaction that recorded them."""


async def nowhere(work: Work, run_ids: Sequence[RunId]) -> None:
    """Queue nothing: whoever works finds the rows."""


class Queue(Protocol):
    """Where runs go to be worked on."""

    async def put(self, work: Work, run_ids: Sequence[RunId]) -> None:
        """Queue these runs in the transaction that recorded them."""

    def wake(self) -> None:
        """Say that what was put has been committed."""

    def drop(self, run_ids: Sequence[RunId]) -> None:
        """Say that these runs were ended, so that nobody works on them any longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """What becomes of one due task: its rows, and how it stands after them.

    `ends_earlier` is why its runs that have not ended end now, where they do.
    """

    moments: tuple[Moment, ...]
    following: datetime | None
    fired: int
    state: TaskState
    ends_earlier: str | None = None

    def step(self, task: Task) -> Step:
        """Give the task's way to its next moment."""
        return Step(task=task, next_run_at=self.following, fired=self.fired, state=self.state)


class Dispatcher:
    """Claims what is due; any number of them may claim at once."""

    def __init__(
        self,
        store: Store,
        queue: Queue,
        *,
        goes_on: Callable[[str], None] = lambda _: None,
        tally: Tally | None = None,
    ) -> None:
        """Wire it up; `goes_on` is told of each channel where a pause came to its end."""
        self._store = store
        self._queue = queue
        self._goes_on = goes_on
        self._tally = tally or Tally()
        self._has_put = False
        self._stillness = Stillness(store.database.changes)

    async def tick(self, now: datetime) -> datetime | None:
        """Claim everything due by `now`, in batches, and say when there is something to do next.

        Tasks whose pause is over by `now` go on first. Where nothing is due, nothing is written.
        """
        if self._stillness.lasts(now):
            return self._stillness.until
        mark = self._stillness.mark()
        first = await self.next_due()
        if first is None or first > now:
            self._stillness.begins(mark, until=first)
            return first
        for channel in dict.fromkeys(task.channel for task in await alarm.ring(self._store, now)):
            self._goes_on(channel)
        while await self.claim_due(now) == BATCH:  # noqa: ASYNC110  nothing is polled: it yields
            await asyncio.sleep(0)
        return await self.next_due()

    async def claim_due(self, now: datetime, limit: int = BATCH) -> int:
        """Record every moment due by `now` of up to `limit` tasks; returns how many tasks.

        Each moment gets one row, started or with the reason why not, and the task its next moment.
        What is queued begins once nothing more is due: claiming is short, and work is long.
        """
        async with self._store.begin(urgent=True) as work:
            due = await work.tasks.due(now, limit)
            running = await work.runs.count_open([task.id for task in due])
            claims = [(task, _checked(task, now, running.get(task.id, 0))) for task in due]
            ended = await _end_earlier(work, claims, now)
            queued = await _record(work, claims, now)
            await _tell_missed(work, claims, now)
            await _ask_owners(work, claims, now)
            await self._queue.put(work, queued)
        self._count(claims, ended)
        if ended:
            self._queue.drop(ended)
        self._has_put = self._has_put or bool(queued)
        if self._has_put and len(due) < limit:
            self._has_put = False
            self._queue.wake()
        return len(due)

    def _count(self, claims: Sequence[tuple[Task, _Claim]], ended: Sequence[RunId]) -> None:
        if ended:
            self._tally.end(RunStatus.CANCELLED, len(ended))
        for _, claim in claims:
            for moment in claim.moments:
                if moment.status is RunStatus.MISSED:
                    self._tally.miss(policy.cause_of(moment), moment.moments)
                elif moment.status is not RunStatus.QUEUED:
                    self._tally.end(moment.status, moment.moments)

    async def next_due(self) -> datetime | None:
        """Say when the next task comes due, or the next pause ends."""
        async with self._store.read() as work:
            return await work.tasks.next_due()


async def _end_earlier(
    work: Work, claims: Sequence[tuple[Task, _Claim]], now: datetime
) -> list[RunId]:
    """End the runs that have not ended of tasks whose next run takes their place; gives them."""
    ended: list[RunId] = []
    for task, claim in claims:
        if claim.ends_earlier is not None:
            ended += await work.runs.cancel_open(task.id, reason=claim.ends_earlier, now=now)
    return ended


async def _record(work: Work, claims: Sequence[tuple[Task, _Claim]], now: datetime) -> list[RunId]:
    """Write the rows of all moments and move the tasks on; gives the runs that are to start."""
    moments = [(task, moment) for task, claim in claims for moment in claim.moments]
    written = await work.runs.record_all(moments, now)
    await work.tasks.advance_all([claim.step(task) for task, claim in claims])
    queued = []
    for task, moment in moments:
        run_id = written.get((task.id, moment.scheduled_for))
        if moment.status is not RunStatus.QUEUED:
            _tell(task, moment)
        elif run_id is not None and (moment.ready_at is None or moment.ready_at <= now):
            queued.append(run_id)  # a later one is offered by its row when its time has come
    return queued


async def _tell_missed(work: Work, claims: Sequence[tuple[Task, _Claim]], now: datetime) -> None:
    """Owe each channel one summary of what its tasks missed, or let the one that waits say more."""
    missed = [
        (task, claim.moments)
        for task, claim in claims
        if any(moment.status is RunStatus.MISSED for moment in claim.moments)
    ]
    for channel in sorted({task.channel for task, _ in missed}):  # all who claim go by one order
        here = [(task, moments) for task, moments in missed if task.channel == channel]
        waiting = await work.deliveries.untried(DeliveryKind.MISSED_SUMMARY, channel)
        before = None if waiting is None else waiting.payload
        payload = notices.on_missed(before, here, now)
        if waiting is None:
            await work.deliveries.owe(
                DeliveryKind.MISSED_SUMMARY,
                target=channel,
                task_id=here[0][0].id,
                payload=payload,
                now=now,
                not_before=now + SUMMARY_AFTER,
            )
        elif payload is not None:
            await work.deliveries.extend(waiting, payload)


async def _ask_owners(work: Work, claims: Sequence[tuple[Task, _Claim]], now: datetime) -> None:
    """Owe the owner a question about each task that missed moments and wants them to be asked."""
    for task, claim in claims:
        if task.missed is not Missed.ASK:
            continue
        payload = notices.on_missed(None, [(task, claim.moments)], now)
        if payload is None:
            continue
        for person in await told_of(work, task):
            await work.deliveries.owe(
                DeliveryKind.MISSED_ASK, target=person, task_id=task.id, payload=payload, now=now
            )


def _tell(task: Task, moment: Moment) -> None:
    log.warning(
        "A due moment was not run",
        action="moment_" + moment.status,
        task_id=task.id,
        scheduled_for=moment.scheduled_for.isoformat(),
        reason=moment.reason,
    )


def _checked(task: Task, now: datetime, running: int) -> _Claim:
    try:
        return _claim(task, now, running=running)
    except Exception:
        log.exception("A schedule broke", action="schedule_broke", task_id=task.id)
        return _broken(task)


def _claim(task: Task, now: datetime, *, running: int) -> _Claim:
    assert task.next_run_at is not None
    after = _following(task, task.fired + 1, task.next_run_at)
    is_only_one = after is None or after > now
    due = (task.next_run_at,) if is_only_one else moments_of(task, task.next_run_at, now + _INSTANT)
    moments = policy.moments_of(task, due, now, running=running)
    fired = task.fired + sum(moment.moments for moment in moments)
    following = after if is_only_one else _following(task, fired, now)
    return _Claim(
        moments=moments,
        following=following,
        fired=fired,
        state=TaskState.COMPLETED if following is None else TaskState.ACTIVE,
        ends_earlier=policy.ends_earlier(task, moments, running=running),
    )


def _broken(task: Task) -> _Claim:
    """Park a task whose schedule can't be computed, so that it holds up no other."""
    assert task.next_run_at is not None
    failed = Moment(
        scheduled_for=task.next_run_at,
        status=RunStatus.FAILED,
        reason="Its schedule could not be computed, so the task is paused; edit its time.",
    )
    return _Claim(moments=(failed,), following=None, fired=task.fired + 1, state=TaskState.PAUSED)


def _following(task: Task, fired: int, after: datetime) -> datetime | None:
    """Give the task's next moment after another, by when it has fired so often."""
    assert task.schedule is not None
    due = recurrence.upcoming(task.schedule, after, 1, fired=fired)
    return due[0] if due else None
