"""Due moments become ledger rows: each once, whoever looks, with a next moment for the task."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from scheduler.dispatcher import Dispatcher
from storage.policies import Missed
from storage.records import (
    Delivery,
    DeliveryId,
    DeliveryKind,
    Run,
    RunId,
    RunStatus,
    Task,
    TaskState,
)
from storage.schedules import Daily, Every, Schedule
from storage.store import Store, Work
from storage.tables import tasks
from tests.plants import NEW_YORK, make_task, plant

EVERY_MINUTE = Schedule(rule=Every(seconds=60, anchor=datetime(2026, 1, 1, tzinfo=UTC)), zone="UTC")


class Basket:
    """A queue that keeps what was put into it."""

    def __init__(self) -> None:
        self.put_in: list[RunId] = []
        self.dropped: list[RunId] = []
        self.wakes = 0

    async def put(self, work: Work, run_ids: Sequence[RunId]) -> None:
        self.put_in += run_ids

    def drop(self, run_ids: Sequence[RunId]) -> None:
        self.dropped += run_ids

    def wake(self) -> None:
        self.wakes += 1


async def runs_of(store: Store, task: Task) -> list[Run]:
    """Give the task's runs, oldest first."""
    async with store.read() as work:
        return list(reversed(await work.runs.history(task.id, 1000)))


async def found(store: Store, task: Task) -> Task:
    """Give the task as it is now."""
    async with store.read() as work:
        present = await work.tasks.get(task.id)
    assert present is not None
    return present


async def test_a_due_moment_becomes_a_queued_run(store: Store, now: datetime) -> None:
    """The run is recorded for its moment, queued, and the task moves to its next moment."""
    task = await plant(store, make_task(next_run_at=now))
    basket = Basket()

    claimed = await Dispatcher(store, basket).claim_due(now)

    [run] = await runs_of(store, task)
    assert claimed == 1
    assert (run.scheduled_for, run.status) == (now, RunStatus.QUEUED)
    assert basket.put_in == [run.id]
    after = await found(store, task)
    assert after.next_run_at == datetime(2026, 3, 6, 13, 0, tzinfo=UTC)
    assert after.fired == 1


async def test_nothing_due_is_nothing_done(store: Store, now: datetime) -> None:
    """A tick before its time claims nothing and says when to come again."""
    due_at = now + timedelta(hours=1)
    task = await plant(store, make_task(next_run_at=due_at))

    assert await Dispatcher(store, Basket()).tick(now) == due_at
    assert await runs_of(store, task) == []


async def test_two_replicas_record_one_run(store: Store, now: datetime) -> None:
    """The same due moment seen twice leaves one run."""
    task = await plant(store, make_task(next_run_at=now))

    await gather(*(Dispatcher(store, Basket()).claim_due(now) for _ in range(2)))

    assert [run.scheduled_for for run in await runs_of(store, task)] == [now]


async def test_a_break_leaves_a_row_for_every_moment(store: Store, now: datetime) -> None:
    """After ten minutes away, nine moments are missed, the latest runs, and none is unaccounted."""
    first = now - timedelta(minutes=9)
    task = await plant(store, make_task(schedule=EVERY_MINUTE, next_run_at=first))

    await Dispatcher(store, Basket()).claim_due(now)

    runs = await runs_of(store, task)
    assert [run.scheduled_for for run in runs] == [first + timedelta(minutes=n) for n in range(10)]
    assert [run.status for run in runs] == [RunStatus.MISSED] * 9 + [RunStatus.QUEUED]
    assert (await found(store, task)).next_run_at == now + timedelta(minutes=1)


async def test_a_moment_too_late_is_missed_with_its_reason(store: Store) -> None:
    """More than two hours late is not run, and the row says why."""
    at_eight = datetime(2026, 3, 5, 13, 0, tzinfo=UTC)
    task = await plant(store, make_task(next_run_at=at_eight))
    basket = Basket()

    await Dispatcher(store, basket).claim_due(at_eight + timedelta(hours=3))

    [run] = await runs_of(store, task)
    assert run.status is RunStatus.MISSED
    assert run.reason is not None
    assert "3 h late" in run.reason
    assert basket.put_in == []


async def test_an_unfinished_run_skips_the_next_moment(store: Store, now: datetime) -> None:
    """Overlap is skipped, with the reason in its row."""
    task = await plant(store, make_task(schedule=EVERY_MINUTE, next_run_at=now))
    dispatcher = Dispatcher(store, Basket())
    await dispatcher.claim_due(now)

    await dispatcher.claim_due(now + timedelta(minutes=1))

    assert [run.status for run in await runs_of(store, task)] == [
        RunStatus.QUEUED,
        RunStatus.SKIPPED,
    ]


async def test_the_last_of_a_counted_series_completes_the_task(store: Store, now: datetime) -> None:
    """After as many moments as its count, the task is done and comes due no more."""
    schedule = Schedule(rule=Daily(times=(time(8),)), zone=NEW_YORK, count=2)
    task = await plant(store, make_task(schedule=schedule, next_run_at=now, fired=1))

    await Dispatcher(store, Basket()).claim_due(now)

    after = await found(store, task)
    assert (after.state, after.next_run_at, after.fired) == (TaskState.COMPLETED, None, 2)


async def test_a_break_never_records_more_than_the_count(store: Store, now: datetime) -> None:
    """A counted series that ended while nobody looked has its count of rows, no more."""
    schedule = Schedule(rule=EVERY_MINUTE.rule, zone="UTC", count=3)
    first = now - timedelta(minutes=9)
    task = await plant(store, make_task(schedule=schedule, next_run_at=first))

    await Dispatcher(store, Basket()).claim_due(now)

    assert len(await runs_of(store, task)) == 3
    assert (await found(store, task)).state is TaskState.COMPLETED


async def test_a_failed_queue_leaves_the_moment_due(store: Store, now: datetime) -> None:
    """Rows and queue are one transaction: where the queue refuses, nothing was recorded."""

    class Refusing(Basket):
        async def put(self, work: Work, run_ids: Sequence[RunId]) -> None:
            raise ConnectionError("the queue is away")

    task = await plant(store, make_task(next_run_at=now))

    with pytest.raises(ConnectionError):
        await Dispatcher(store, Refusing()).claim_due(now)

    assert await runs_of(store, task) == []
    assert (await found(store, task)).next_run_at == now


async def test_a_burst_is_claimed_in_batches(store: Store, now: datetime) -> None:
    """A tick claims everything due, however many batches it takes."""
    for _ in range(7):
        await plant(store, make_task(next_run_at=now))
    basket = Basket()
    dispatcher = Dispatcher(store, basket)

    sizes = [await dispatcher.claim_due(now, limit=3) for _ in range(4)]

    assert sizes == [3, 3, 1, 0]
    assert len(basket.put_in) == 7


async def test_a_broken_schedule_holds_up_no_other(store: Store, now: datetime) -> None:
    """A task whose schedule can't be computed is parked with a reason; the next one is claimed."""
    nowhere = Schedule(rule=Daily(times=(time(8),)), zone="Nowhere/Atlantis")
    broken = await plant(store, make_task(schedule=nowhere, next_run_at=now))
    sound = await plant(store, make_task(next_run_at=now))

    await Dispatcher(store, Basket()).claim_due(now)

    [row] = await runs_of(store, broken)
    assert (row.status, (await found(store, broken)).state) == (RunStatus.FAILED, TaskState.PAUSED)
    assert [run.status for run in await runs_of(store, sound)] == [RunStatus.QUEUED]


async def test_a_row_that_cannot_be_read_holds_up_no_other(store: Store, now: datetime) -> None:
    """A damaged task is paused, and the sound one beside it is claimed."""
    damaged = await plant(store, make_task(next_run_at=now))
    sound = await plant(store, make_task(next_run_at=now))
    async with store.begin() as work:
        nonsense = sa.update(tasks).where(tasks.c.id == damaged.id).values(schedule={"kind": "?"})
        await work.connection.execute(nonsense)

    await Dispatcher(store, Basket()).claim_due(now)
    await Dispatcher(store, Basket()).claim_due(now)

    assert [run.status for run in await runs_of(store, sound)] == [RunStatus.QUEUED]


async def summaries(store: Store) -> list[Delivery]:
    """Give the summaries of missed moments, oldest first."""
    async with store.read() as work:
        every = [await work.deliveries.get(DeliveryId(number)) for number in range(1, 20)]
    return [it for it in every if it is not None and it.kind is DeliveryKind.MISSED_SUMMARY]


async def test_an_outage_is_told_once_a_channel(store: Store, now: datetime) -> None:
    """Whatever its tasks missed, and in how many batches that is noticed, a channel hears once."""
    first = now - timedelta(minutes=3)
    every_minute = {"schedule": EVERY_MINUTE, "next_run_at": first}
    one = await plant(store, make_task(**every_minute))
    two = await plant(store, make_task(**every_minute))
    at_eight = datetime(2026, 3, 5, 13, 0, tzinfo=UTC)
    other = await plant(store, make_task(channel="D0ALICE", next_run_at=at_eight))
    dispatcher = Dispatcher(store, Basket())

    while await dispatcher.claim_due(now, limit=1):
        pass

    told = {
        it.target: [
            (task["id"], task["moments"], task["runs_now"]) for task in (it.payload or {})["tasks"]
        ]
        for it in await summaries(store)
    }
    assert len(await summaries(store)) == 2
    assert told == {
        "D0ALICE": [(other.id, 1, False)],
        "C0FINOPS": [(one.id, 3, True), (two.id, 3, True)],
    }


async def test_an_outage_is_told_once_however_many_notice_it(store: Store, now: datetime) -> None:
    """Several schedulers that claim at once, in channels of their own order, tell each once."""
    late = now - timedelta(hours=3)
    for number in range(12):
        await plant(store, make_task(channel=f"C{number * 5 % 3}", next_run_at=late))

    await gather(*(Dispatcher(store, Basket()).claim_due(now, limit=3) for _ in range(4)))

    told = await summaries(store)
    assert sorted(it.target for it in told) == ["C0", "C1", "C2"]
    assert sum(len((it.payload or {})["tasks"]) for it in told) == 12


async def test_a_second_outage_is_told_again(store: Store, now: datetime) -> None:
    """Once a summary is on its way, what is missed after it makes another."""
    task = await plant(store, make_task(next_run_at=now - timedelta(hours=3)))
    dispatcher = Dispatcher(store, Basket())
    await dispatcher.claim_due(now)
    async with store.begin() as work:
        [sent] = await work.deliveries.due(now + timedelta(minutes=1), 5)
        assert await work.deliveries.claim(sent, now)

    await dispatcher.claim_due(now + timedelta(days=1))

    assert [it.task_id for it in await summaries(store)] == [task.id, task.id]


async def test_what_is_on_time_is_told_of_by_nobody(store: Store, now: datetime) -> None:
    """A moment that starts, however late within its limit, needs no summary."""
    await plant(store, make_task(next_run_at=now - timedelta(minutes=119)))

    await Dispatcher(store, Basket()).claim_due(now)

    assert await summaries(store) == []


@pytest.mark.parametrize(
    ("missed", "started"), [(Missed.LATEST, 1), (Missed.ALL, 10), (Missed.SKIP, 1)]
)
async def test_a_month_without_us_is_one_row(
    store: Store, now: datetime, missed: Missed, started: int
) -> None:
    """Of 43,201 moments those run that the policy wants; one row has the span of the others."""
    since = now - timedelta(days=30)
    task = await plant(store, make_task(schedule=EVERY_MINUTE, next_run_at=since, missed=missed))

    await Dispatcher(store, Basket()).claim_due(now)

    first, *others = await runs_of(store, task)
    last = now - timedelta(minutes=started)
    assert (first.status, first.scheduled_for) == (RunStatus.MISSED, since)
    assert (first.moments, first.last_scheduled_for) == (43_201 - started, last)
    assert [run.status for run in others] == [RunStatus.QUEUED] * started
    assert (await found(store, task)).next_run_at == now + timedelta(minutes=1)
