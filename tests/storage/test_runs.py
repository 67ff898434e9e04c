"""The ledger: one row a moment, one row a request, and a fence round every attempt."""

from __future__ import annotations

from asyncio import gather
from datetime import datetime, timedelta

from storage.records import AttemptOutcome, Run, RunStatus, Task
from storage.runs import Moment
from storage.store import Store
from tests.plants import make_report, make_task, plant

LEASE = timedelta(minutes=1)


async def queued(store: Store, task: Task, now: datetime) -> Run:
    """Plant a queued run and give it back."""
    async with store.begin() as work:
        moment = Moment(scheduled_for=now, status=RunStatus.QUEUED)
        run_id = await work.runs.record(task, moment, now)
        assert run_id is not None
        run = await work.runs.get(run_id)
    assert run is not None
    return run


async def claimed(store: Store, run: Run, now: datetime, worker: str = "w1") -> Run | None:
    """Claim a run in a transaction of its own."""
    async with store.begin() as work:
        return await work.runs.claim(run.id, worker=worker, now=now, lease_until=now + LEASE)


async def test_a_moment_is_recorded_once(store: Store, now: datetime) -> None:
    """The same due moment of the same task leaves one row, however often it is seen."""
    task = await plant(store, make_task())
    moment = Moment(scheduled_for=now, status=RunStatus.QUEUED)
    async with store.begin() as work:
        first = await work.runs.record(task, moment, now)
        second = await work.runs.record(task, moment, now)
        rows = await work.runs.history(task.id, 10)

    assert second is None
    assert [run.id for run in rows] == [first]


async def test_a_request_is_recorded_once(store: Store, now: datetime) -> None:
    """The same request to run now gives the same run."""
    task = await plant(store, make_task())
    async with store.begin() as work:
        first = await work.runs.request(task, key="k", by="U0BOB", now=now)
        second = await work.runs.request(task, key="k", by="U0BOB", now=now)

    assert first == second


async def test_only_one_worker_gets_a_run(store: Store, now: datetime) -> None:
    """Eight workers that claim the same run at once leave one winner."""
    run = await queued(store, await plant(store, make_task()), now)

    won = await gather(*(claimed(store, run, now, worker=f"w{n}") for n in range(8)))

    assert len([winner for winner in won if winner is not None]) == 1


async def test_a_run_is_not_claimed_before_it_is_ready(store: Store, now: datetime) -> None:
    """A run that waits for its next try is neither offered nor given."""
    run = await queued(store, await plant(store, make_task()), now)
    held = await claimed(store, run, now)
    assert held is not None
    async with store.begin() as work:
        await work.runs.close_attempt(held, outcome=AttemptOutcome.FAILED, reason="x", now=now)
        await work.runs.requeue(held, ready_at=now + LEASE, reason="x")

    async with store.read() as work:
        early, later = await work.runs.ready(now, 5), await work.runs.ready(now + LEASE, 5)
    assert (early, later) == ([], [run.id])
    assert await claimed(store, run, now) is None


async def test_a_late_attempt_cannot_end_a_newer_one(store: Store, now: datetime) -> None:
    """A worker that wakes from the dead changes nothing of the attempt that replaced it."""
    run = await queued(store, await plant(store, make_task()), now)
    zombie = await claimed(store, run, now)
    assert zombie is not None
    async with store.begin() as work:
        await work.runs.close_attempt(zombie, outcome=AttemptOutcome.LOST, reason="x", now=now)
        await work.runs.requeue(zombie, ready_at=now, reason="x")
    newer = await claimed(store, run, now)
    assert newer is not None

    async with store.begin() as work:
        ended = await work.runs.end(
            zombie, status=RunStatus.SUCCEEDED, reason=None, report=make_report(), now=now
        )
        renewed = await work.runs.renew(zombie.id, zombie.attempt, lease_until=now + LEASE)
        present = await work.runs.get(run.id)

    assert (ended, renewed) == (False, False)
    assert present is not None
    assert (present.status, present.attempt) == (RunStatus.RUNNING, 2)


async def test_an_expired_lease_is_found(store: Store, now: datetime) -> None:
    """A run whose worker stopped renewing is found after its lease, not before."""
    run = await queued(store, await plant(store, make_task()), now)
    held = await claimed(store, run, now)

    async with store.read() as work:
        before = await work.runs.abandoned(lease_before=now + LEASE)
        after = await work.runs.abandoned(lease_before=now + LEASE * 2)
        every = await work.runs.abandoned(lease_before=None)
    assert (before, after, every) == ([], [held], [held])


async def test_a_report_comes_back_as_it_was(store: Store, now: datetime) -> None:
    """A report with findings survives the database."""
    run = await queued(store, await plant(store, make_task()), now)
    held = await claimed(store, run, now)
    assert held is not None
    report = make_report(lines=("Fine.",), unknowns=("age of the backup",), is_sample=True)
    async with store.begin() as work:
        await work.runs.end(held, status=RunStatus.SUCCEEDED, reason=None, report=report, now=now)
        ended = await work.runs.get(run.id)

    assert ended is not None
    assert ended.report == report


async def test_a_streak_counts_failures_since_the_last_success(store: Store, now: datetime) -> None:
    """Skipped moments neither add to a streak of failures nor end it."""
    task = await plant(store, make_task())
    course = ["failed", "succeeded", "failed", "skipped", "timed_out", "lost"]
    async with store.begin() as work:
        for number, status in enumerate(course):
            moment = Moment(scheduled_for=now + timedelta(minutes=number), status=RunStatus(status))
            await work.runs.record(task, moment, now)

        streak = await work.streaks.of(task.id, channel=task.channel, owner=task.owner)
    assert streak.length == 3
