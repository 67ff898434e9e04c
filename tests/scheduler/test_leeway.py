"""How exact a task is: how late a moment may start, how far apart, and when failures pause it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from scheduler import pace, policy
from scheduler.dispatcher import Dispatcher
from scheduler.errors import Refused
from scheduler.runner import Runner
from scheduler.wishes import Change
from storage.policies import AS_USUAL, Leeway, Missed, Overlap
from storage.records import DeliveryKind, RunStatus, Task, TaskId, TaskState
from storage.schedules import Cron, Daily, Every, Schedule
from storage.store import Store
from tests.fakes import FakeAgent, Hand
from tests.plants import ALICE, make_task, plant
from tests.scheduler.test_dispatcher import Basket, found, runs_of
from tests.scheduler.town import Town

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
HOURLY = Schedule(rule=Every(seconds=3600, anchor=datetime(2026, 1, 1, tzinfo=UTC)), zone="UTC")


async def test_a_leeway_is_kept_with_its_task(store: Store) -> None:
    """What was set comes back, in the row and in the version that undo reads."""
    leeway = Leeway(fresh_s=60, catch_up=3, jitter_s=5, spread_s=6, pause_after=7)
    task = await plant(store, make_task(leeway=leeway))
    async with store.begin() as work:
        saved = await work.tasks.save(
            replace(task, leeway=AS_USUAL), before=task, action="edit", by="U", at=task.created_at
        )
        version = await work.tasks.version(task.id, saved.version)

    assert (await found(store, task)).leeway == AS_USUAL
    assert version is not None
    assert version.before is not None
    assert version.before["leeway"] == {
        "fresh_s": 60, "catch_up": 3, "jitter_s": 5, "spread_s": 6, "pause_after": 7
    }  # fmt: skip


@pytest.mark.parametrize(
    ("missed", "fresh_s", "late", "runs"),
    [
        ("latest", None, 2 * HOUR, True),
        ("latest", None, 2 * HOUR + MINUTE, False),
        ("latest", 6 * 3600, 5 * HOUR, True),
        ("latest", 600, 11 * MINUTE, False),
        ("all", None, 50 * HOUR, True),
        ("all", 600, 11 * MINUTE, False),
        ("skip", 6 * 3600, HOUR, False),
        ("ask", 6 * 3600, HOUR, False),
    ],
)
def test_a_moment_starts_as_late_as_its_task_says(
    now: datetime, missed: str, fresh_s: int | None, late: timedelta, runs: bool
) -> None:
    """A limit of its own goes before the usual one, but runs nothing that is to be left out."""
    task = make_task(missed=Missed(missed), leeway=Leeway(fresh_s=fresh_s))
    [row] = policy.moments_of(task, [now - late], now, running=0)
    assert (row.status is RunStatus.QUEUED) is runs


def test_as_many_are_caught_up_as_the_task_says(now: datetime) -> None:
    """Of twelve missed moments three run, and none of these that is staler than the limit."""
    task = make_task(missed=Missed.ALL, leeway=Leeway(catch_up=3))
    due = [now - number * HOUR for number in reversed(range(12))]
    rows = policy.moments_of(task, due, now, running=0)
    fresh = policy.moments_of(
        replace(task, leeway=Leeway(catch_up=3, fresh_s=5400)), due, now, running=0
    )

    assert [row.status for row in rows].count(RunStatus.QUEUED) == 3
    assert rows[0].reason is not None
    assert rows[0].reason.endswith("of all only the latest 3 moments are caught up")
    assert {policy.cause_of(row) for row in rows[:9]} == {"passed_unrun_all"}
    assert [row.status for row in fresh].count(RunStatus.QUEUED) == 2


def test_a_task_starts_at_a_moment_of_its_own_within_its_jitter(now: datetime) -> None:
    """Many tasks of one moment spread out; the same one stays where it is, whoever looks."""
    tasks = [make_task(id=TaskId(n), leeway=Leeway(jitter_s=600)) for n in range(200)]
    starts = [policy.starts_at(task, now, now) or now for task in tasks]

    assert starts == [policy.starts_at(task, now, now) or now for task in tasks]
    assert all(now <= start < now + 10 * MINUTE for start in starts)
    per_minute = [sum(start < now + n * MINUTE for start in starts) for n in range(1, 11)]
    assert all(10 * n <= count <= 30 * n for n, count in enumerate(per_minute, 1))
    assert policy.starts_at(make_task(), now, now) is None
    assert [policy.planned(task, now) for task in tasks] == starts


def test_what_is_caught_up_is_spread(now: datetime) -> None:
    """Four missed moments take their turns over an hour; a single late one starts within it."""
    task = make_task(missed=Missed.ALL, overlap=Overlap.ALLOW, leeway=Leeway(spread_s=3600))
    due = [now - number * HOUR for number in reversed(range(4))]
    rows = policy.moments_of(task, due, now, running=0)
    alone = policy.starts_at(task, now - HOUR, now)

    quarters = [None, now + 15 * MINUTE, now + 30 * MINUTE, now + 45 * MINUTE]
    assert [row.ready_at for row in rows] == quarters
    assert alone is not None
    assert now < alone < now + HOUR


async def test_a_run_that_starts_later_waits_in_the_ledger(store: Store, now: datetime) -> None:
    """It is there at once with its due moment, and is offered once its time has come."""
    task = await plant(store, make_task(next_run_at=now, leeway=Leeway(jitter_s=3600)))
    start = policy.starts_at(task, now, now)
    assert start is not None
    basket = Basket()

    await Dispatcher(store, basket).claim_due(now)

    [run] = await runs_of(store, task)
    async with store.read() as work:
        early = await work.runs.ready(start - timedelta(seconds=1), 10)
        in_time = await work.runs.ready(start, 10)
    assert (run.scheduled_for, run.ready_at) == (now, start)
    assert (basket.put_in, early, in_time) == ([], [], [run.id])


def runner_of(store: Store, hand: Hand, does: Callable[[object], object]) -> Runner:
    """Give a runner whose agent does that."""
    return Runner(
        store,
        {"alex": FakeAgent(does=does)},  # type: ignore[arg-type]
        worker="w",
        retry_delay=timedelta(0),
        now=hand,
        wake_courier=lambda: None,
    )


def fails(_: object) -> object:
    """Fail."""
    raise Refused("The bill is not there.")


async def test_a_task_that_fails_too_often_is_paused(store: Store, now: datetime) -> None:
    """The second failure in a row pauses it and tells its owner once, with what to do."""
    leeway = Leeway(pause_after=2)
    task = await plant(store, make_task(schedule=HOURLY, next_run_at=now, retries=0, leeway=leeway))
    hand = Hand(now)
    runner, basket = runner_of(store, hand, fails), Basket()
    states = []
    for _ in range(3):
        await Dispatcher(store, basket).claim_due(hand())
        while basket.put_in:
            await runner.run(basket.put_in.pop())
        states.append((await found(store, task)).state)
        hand.at += HOUR

    stands = await found(store, task)
    async with store.read() as work:
        version = await work.tasks.version(task.id, stands.version)
        told = await work.deliveries.last_of_task(task.id, DeliveryKind.PARKED_DM)
    assert states == [TaskState.ACTIVE, TaskState.PAUSED, TaskState.PAUSED]
    assert stands.hold_reason == "It failed 2 times in a row, so it was paused."
    assert version is not None
    assert version.action == "pause after failures"
    assert told is not None
    assert told.target == ALICE.id
    assert told.payload is not None
    assert told.payload["failures"] == "2 times in a row"
    assert len(await runs_of(store, task)) == 2


async def test_failures_alone_pause_nothing(store: Store, now: datetime) -> None:
    """A task that is not told to stop goes on however often it fails."""
    task = await plant(store, make_task(schedule=HOURLY, next_run_at=now, retries=0))
    hand = Hand(now)
    runner, basket = runner_of(store, hand, fails), Basket()
    for _ in range(3):
        await Dispatcher(store, basket).claim_due(hand())
        while basket.put_in:
            await runner.run(basket.put_in.pop())
        hand.at += HOUR
    assert (await found(store, task)).state is TaskState.ACTIVE


@pytest.mark.parametrize(
    ("schedule", "apart"),
    [
        (HOURLY, HOUR),
        (Schedule(rule=Daily(times=(time(8), time(8, 10))), zone="UTC"), 10 * MINUTE),
        (Schedule(rule=Cron(expression="*/7 * * * *"), zone="UTC"), 4 * MINUTE),
        (Schedule(rule=Cron(expression="30 1-3 8 3 *"), zone="America/New_York"), HOUR),
    ],
)
def test_the_closest_moments_are_found(now: datetime, schedule: Schedule, apart: timedelta) -> None:
    """What a gap of the clocks pushes together counts for nothing."""
    assert pace.closest(schedule, now) == apart


async def test_a_workspace_has_a_least_interval(store: Store, now: datetime) -> None:
    """Making and editing refuse what comes more often, and say what is allowed."""
    town = Town(store, now)
    town.planner = town.planner_with(shortest=15 * MINUTE)
    task = await plant(store, make_task())
    often = Schedule(rule=Cron(expression="*/5 * * * *"), zone="UTC")

    with pytest.raises(Refused, match="every 5 min; here 15 min is the least") as refused:
        await town.planner.edit(task.id, Change(schedule=often), by=ALICE)
    edited = await town.planner.edit(task.id, Change(schedule=HOURLY), by=ALICE)

    assert refused.value.fix.startswith("Say every 15 min")
    assert edited.after.schedule == HOURLY


@pytest.mark.parametrize(
    ("leeway", "said"),
    [
        (Leeway(fresh_s=59), "1 min to 7 days late"),
        (Leeway(jitter_s=-1), "0 s to 24 h"),
        (Leeway(jitter_s=3600), "comes due every 1 h, so it can't start up to 1 h"),
        (Leeway(spread_s=86_401), "over 24 h at most"),
        (Leeway(catch_up=0), "1 to 100 missed moments"),
        (Leeway(pause_after=0), "after 1 to 1000 failures"),
    ],
)
async def test_a_leeway_that_makes_no_sense_is_refused(
    store: Store, now: datetime, leeway: Leeway, said: str
) -> None:
    """Nothing changes, and what is allowed is said."""
    task = await plant(store, make_task(schedule=HOURLY))
    with pytest.raises(Refused, match=said) as refused:
        await Town(store, now).planner.edit(task.id, Change(leeway=leeway), by=ALICE)
    assert refused.value.fix
    assert await found(store, task) == task


async def test_undo_takes_a_leeway_back(store: Store, now: datetime) -> None:
    """It is a change as any other."""
    task: Task = await plant(store, make_task())
    planner = Town(store, now).planner
    edited = await planner.edit(task.id, Change(leeway=Leeway(jitter_s=60)), by=ALICE)
    undone = await planner.undo(task.id, by=ALICE)
    assert edited.after.leeway.jitter_s == 60
    assert undone.after.leeway == AS_USUAL
