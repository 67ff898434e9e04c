"""An admin's brake holds what is on, and its release touches nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from scheduler.agents.agent import Brief
from scheduler.bulk import Bulk, Extent
from scheduler.dispatcher import Dispatcher
from scheduler.errors import NotAllowed, Refused, Temporary
from scheduler.gate import Gate
from scheduler.planner import Planner
from scheduler.runner import Runner
from scheduler.wishes import Confirm
from storage.records import (
    Actor,
    Delivery,
    DeliveryId,
    DeliveryKind,
    Hold,
    Origin,
    RunStatus,
    Task,
    TaskState,
)
from storage.reports import Report
from storage.runs import Moment
from storage.schedules import Once, Schedule
from storage.store import Store
from tests.fakes import FakeAgent, FakeDirectory, Hand
from tests.plants import ALICE, BOB, NEW_YORK, make_person, make_task, plant
from tests.scheduler.test_dispatcher import Basket

CHANNEL = "C0FINOPS"
SHELL = Actor(id="cli", origin=Origin.CLI)


@pytest.fixture
def hand(now: datetime) -> Hand:
    """Give a clock to move."""
    return Hand(now)


@pytest.fixture
def gate() -> Gate:
    """Give a gate that knows bob as an admin."""
    return Gate(FakeDirectory(people={BOB.id: make_person(BOB.id, is_admin=True)}))


@pytest.fixture
def bulk(store: Store, gate: Gate, hand: Hand) -> Bulk:
    """Give what pauses all tasks."""
    return Bulk(store, gate=gate, now=hand)


@pytest.fixture
def planner(store: Store, gate: Gate, hand: Hand) -> Planner:
    """Give a planner over the same store."""
    return Planner(
        store,
        {"alex": FakeAgent()},
        gate=gate,
        confirm=Confirm.GUESSED,
        now=hand,
        wake=lambda: None,
    )


async def found(store: Store, task: Task) -> Task:
    """Give the task as it stands."""
    async with store.read() as work:
        present = await work.tasks.get(task.id)
    assert present is not None
    return present


async def told(store: Store) -> list[Delivery]:
    """Give the messages about all tasks, oldest first."""
    async with store.read() as work:
        every = [await work.deliveries.get(DeliveryId(number)) for number in range(1, 30)]
    return [it for it in every if it is not None and it.kind is DeliveryKind.ALL_CHANGED_DM]


async def test_the_brake_holds_what_is_on_and_its_release_frees_that_alone(
    bulk: Bulk, store: Store
) -> None:
    """Two tasks stop and go; the one that somebody paused by name stays paused throughout."""
    on = await plant(store, make_task())
    other = await plant(store, make_task(channel="C0OTHER"))
    named = await plant(store, make_task(state=TaskState.PAUSED, next_run_at=None))
    draft = await plant(store, make_task(state=TaskState.DRAFT, next_run_at=None))

    assert await bulk.can_pause(channel=CHANNEL, by=BOB) == Extent(tasks=2, channels=2)
    assert await bulk.pause(channel=CHANNEL, by=BOB) == Extent(tasks=2, channels=2)
    held = await found(store, on)
    async with store.read() as work:
        assert await work.tasks.next_due() is None
    assert await bulk.can_resume(channel=CHANNEL, by=BOB) == Extent(tasks=2, channels=2)
    assert await bulk.resume(channel=CHANNEL, by=BOB) == Extent(tasks=2, channels=2)

    assert (held.state, held.hold) == (TaskState.PAUSED, Hold.EVERYTHING)
    states = [(await found(store, task)).state for task in (on, other, named, draft)]
    assert states == [TaskState.ACTIVE, TaskState.ACTIVE, TaskState.PAUSED, TaskState.DRAFT]
    free = await found(store, on)
    assert (free.hold, free.hold_reason) == (None, None)
    assert free.next_run_at is not None


async def test_nothing_that_waited_runs_under_the_brake(
    bulk: Bulk, store: Store, hand: Hand
) -> None:
    """A queued run is cancelled with the reason, and the clock finds nothing due."""
    task = await plant(store, make_task())
    async with store.begin() as work:
        due = Moment(scheduled_for=hand(), status=RunStatus.QUEUED)
        run_id = await work.runs.record(task, due, hand())
        await work.people.put(make_person(BOB.id, name="Bob"))
    assert run_id is not None

    await bulk.pause(channel=CHANNEL, by=BOB)

    hand.move(days=3)
    assert await Dispatcher(store, Basket()).claim_due(hand()) == 0
    async with store.read() as work:
        run = await work.runs.get(run_id)
    assert run is not None
    assert run.status is RunStatus.CANCELLED
    assert run.reason == "All tasks were paused by Bob on Thu 5 Mar 10:17, New York time."


async def test_what_runs_ends_and_is_not_tried_again_under_the_brake(
    bulk: Bulk, store: Store, hand: Hand
) -> None:
    """A try that fails after everything was paused is the last one, whatever retries are left."""
    task = await plant(store, make_task(retries=5))
    async with store.begin() as work:
        due = Moment(scheduled_for=hand(), status=RunStatus.QUEUED)
        run_id = await work.runs.record(task, due, hand())
    assert run_id is not None

    class Stopped(FakeAgent):
        async def work(self, brief: Brief) -> Report:
            await bulk.pause(channel=CHANNEL, by=BOB)
            raise Temporary("The disk is busy.")

    runner = Runner(
        store,
        {"alex": Stopped()},
        worker="w1",
        retry_delay=timedelta(0),
        now=hand,
        wake_courier=lambda: None,
    )
    await runner.run(run_id)

    async with store.read() as work:
        run = await work.runs.get(run_id)
    assert run is not None
    assert (run.status, run.attempt) == (RunStatus.FAILED, 1)


async def test_each_owner_is_told_once(bulk: Bulk, store: Store) -> None:
    """However many tasks an owner has, one message lists them; whoever did it gets none."""
    names = ["Costs", "Pods"]
    for name in names:
        await plant(store, make_task(name=name))
    await plant(store, make_task(owner=BOB.id))

    await bulk.pause(channel=CHANNEL, by=BOB)
    await bulk.resume(channel=CHANNEL, by=BOB)

    messages = await told(store)
    assert [item.target for item in messages] == [ALICE.id, ALICE.id]
    assert [item.payload and item.payload["action"] for item in messages] == [
        "pause all",
        "resume all",
    ]
    assert messages[0].payload is not None
    assert [task["name"] for task in messages[0].payload["tasks"]] == names


async def test_only_admins_and_the_shell_hold_everything(bulk: Bulk, store: Store) -> None:
    """An owner may not; a command on the machine may."""
    task = await plant(store, make_task())

    for asked in (bulk.can_pause, bulk.pause, bulk.can_resume, bulk.resume):
        with pytest.raises(NotAllowed, match="Only admins"):
            await asked(channel=CHANNEL, by=ALICE)
    assert (await found(store, task)).state is TaskState.ACTIVE

    await bulk.pause(channel="", by=SHELL)
    reason = (await found(store, task)).hold_reason
    assert reason == "All tasks were paused on the command line on Thu 5 Mar 15:17, UTC."


async def test_under_the_brake_only_an_admin_resumes_one(
    bulk: Bulk, planner: Planner, store: Store
) -> None:
    """An owner is told who holds it and what ends that; an admin may let one go."""
    task = await plant(store, make_task())
    await bulk.pause(channel=CHANNEL, by=BOB)

    with pytest.raises(NotAllowed, match="All tasks were paused"):
        await planner.resume(task.id, by=ALICE)
    with pytest.raises(Refused, match="all tasks at once"):
        await planner.undo(task.id, by=ALICE)

    assert (await planner.resume(task.id, by=BOB)).state is TaskState.ACTIVE


async def test_what_is_paused_by_name_under_the_brake_stays_paused(
    bulk: Bulk, planner: Planner, store: Store
) -> None:
    """An owner who pauses a held task means it: the release leaves it alone."""
    task = await plant(store, make_task())
    await bulk.pause(channel=CHANNEL, by=BOB)
    await planner.pause(task.id, by=ALICE)

    assert await bulk.resume(channel=CHANNEL, by=BOB) == Extent(tasks=0, channels=0)
    assert (await found(store, task)).state is TaskState.PAUSED


async def test_a_schedule_that_ended_meanwhile_is_done(
    bulk: Bulk, store: Store, hand: Hand
) -> None:
    """What would have run once, under the brake, is counted and not brought back."""
    rule = Once(on=hand().date(), at=hand().time().replace(hour=20))
    task = await plant(store, make_task(schedule=Schedule(rule=rule, zone=NEW_YORK)))
    await bulk.pause(channel=CHANNEL, by=BOB)
    hand.move(days=2)

    assert await bulk.resume(channel=CHANNEL, by=BOB) == Extent(tasks=0, channels=0, over=1)
    assert (await found(store, task)).state is TaskState.COMPLETED
