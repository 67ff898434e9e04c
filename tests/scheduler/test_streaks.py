"""A streak of failures over its whole life: ledger, line and messages, from runner to outlet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from scheduler.agents.agent import Brief
from scheduler.courier import Courier
from scheduler.errors import Busy, Refused
from scheduler.runner import Runner
from storage.records import Delivery, DeliveryKind, DeliveryState, RunStatus, Task
from storage.reports import Report
from storage.runs import Moment
from storage.store import Store
from tests.fakes import FakeAgent, FakeOutlet, Hand
from tests.plants import make_report, make_task, plant


@dataclass
class Line:
    """A task on its way through good and bad runs, an hour apart, with a courier behind it."""

    store: Store
    task: Task
    hand: Hand
    outlet: FakeOutlet
    fails: bool = True

    def answer(self, _: Brief) -> Report:
        """Fail in a way that no second try mends, or report."""
        if self.fails:
            raise Refused("The disk is full.")
        return make_report()

    async def run(self, *, fails: bool, asked_by: str | None = None) -> None:
        """Let the task run once, on schedule or because somebody asks, and carry what it owes."""
        self.hand.move(hours=1)
        self.fails, now = fails, self.hand()
        async with self.store.begin() as work:
            if asked_by is None:
                due = Moment(scheduled_for=now, status=RunStatus.QUEUED)
                run_id = await work.runs.record(self.task, due, now)
            else:
                run = await work.runs.request(self.task, key=f"{now}", by=asked_by, now=now)
                run_id = run.id
        assert run_id is not None
        runner = Runner(
            self.store,
            {"alex": FakeAgent(does=self.answer)},
            worker="w1",
            retry_delay=timedelta(0),
            now=self.hand,
            wake_courier=lambda: None,
        )
        await runner.run(run_id)

    async def carry(self, rounds: int = 3) -> None:
        """Send whatever is owed and can be sent now; what follows another takes a second round."""
        for _ in range(rounds):
            courier = Courier(self.store, {"slack": self.outlet}, now=self.hand)
            await courier.carry()
            await courier.stop()
            self.hand.move(seconds=10)

    def kinds(self) -> Counter[DeliveryKind]:
        """Count what was sent, changes of a message apart as they reach an outlet."""
        return Counter(parcel.delivery.kind for parcel in self.outlet.sent)

    def new_lines(self) -> list[Delivery]:
        """Give the lines that were posted anew."""
        return [
            parcel.delivery
            for parcel in self.outlet.sent
            if parcel.delivery.kind is DeliveryKind.FAILURE_LINE and parcel.leader is None
        ]


@pytest.fixture
async def line(store: Store, now: datetime) -> Line:
    """Give a task of alice's in #finops, before its first run."""
    return Line(store, await plant(store, make_task(retries=0)), Hand(now), FakeOutlet())


async def test_a_long_streak_makes_one_line_and_few_messages(line: Line) -> None:
    """One line that is changed, messages at 1 and 10, then one change and one message."""
    for _ in range(12):
        await line.run(fails=True)
        await line.carry(rounds=1)
    assert len(line.new_lines()) == 1
    assert line.kinds()[DeliveryKind.FAILURE_DM] == 2
    assert line.kinds()[DeliveryKind.FAILURE_LINE] == 12

    await line.run(fails=False)
    await line.carry()

    assert line.kinds() == {
        DeliveryKind.FAILURE_LINE: 12,
        DeliveryKind.FAILURE_DM: 2,
        DeliveryKind.RESULT: 1,
        DeliveryKind.RECOVERY: 1,
        DeliveryKind.RECOVERED_DM: 1,
    }
    recovery = next(it for it in line.outlet.sent if it.delivery.kind is DeliveryKind.RECOVERY)
    assert recovery.leader is not None
    assert recovery.leader.id == line.new_lines()[0].id
    assert recovery.delivery.payload is not None
    assert recovery.delivery.payload["length"] == 12


async def test_a_new_streak_gets_a_line_of_its_own(line: Line) -> None:
    """After a recovery the next failure is news again, for channel and owner."""
    for fails in (True, True, False, True):
        await line.run(fails=fails)
        await line.carry()

    assert len(line.new_lines()) == 2
    assert line.kinds()[DeliveryKind.FAILURE_DM] == 2


async def test_a_burst_changes_the_line_once(line: Line) -> None:
    """While Slack takes nothing, a newer change of the line replaces the one that waits."""
    await line.run(fails=True)
    await line.carry()
    for _ in range(5):
        await line.run(fails=True)

    await line.carry()

    changes = [it for it in line.outlet.sent if it.leader is not None]
    assert [it.delivery.payload and it.delivery.payload["length"] for it in changes] == [6]


async def test_a_change_that_comes_late_never_undoes_a_newer_one(line: Line) -> None:
    """A change that failed to arrive is let go of once the line has said something newer."""
    await line.run(fails=True)
    await line.carry()
    await line.run(fails=True)
    line.outlet.fails = [Busy("wait", wait_s=7200)]
    await line.carry()
    await line.run(fails=False)
    await line.carry()
    sent = len(line.outlet.sent)

    line.hand.move(hours=3)
    await line.carry()

    assert len(line.outlet.sent) == sent
    assert line.outlet.sent[-1].delivery.kind in (
        DeliveryKind.RECOVERY,
        DeliveryKind.RECOVERED_DM,
    )
    async with line.store.read() as work:
        owed = await work.deliveries.of_runs([1, 2, 3])  # type: ignore[list-item]
    states = {item.state for each in owed.values() for item in each}
    assert states == {DeliveryState.SENT}


async def test_a_run_somebody_asked_for_ends_the_streak(line: Line) -> None:
    """Who asks and gets a result recovers the task; who asks and gets none is told, alone."""
    await line.run(fails=True)
    await line.run(fails=True, asked_by="U0BOB")
    await line.run(fails=False, asked_by="U0BOB")
    await line.carry()

    told = [
        it.delivery.target for it in line.outlet.sent if it.delivery.kind is DeliveryKind.FAILURE_DM
    ]
    assert sorted(told) == ["U0ALICE", "U0BOB"]
    recovery = next(it for it in line.outlet.sent if it.delivery.kind is DeliveryKind.RECOVERY)
    assert recovery.delivery.payload is not None
    assert (recovery.delivery.payload["length"], recovery.delivery.payload["moments"]) == (2, 1)


async def test_a_run_that_ends_after_a_later_one_counts_by_its_end(
    store: Store, now: datetime
) -> None:
    """A failure that ends after a younger run's success opens a streak; one before it does not."""
    task = await plant(store, make_task())
    course = [
        (RunStatus.FAILED, now + timedelta(minutes=30)),
        (RunStatus.FAILED, now + timedelta(minutes=5)),
        (RunStatus.SUCCEEDED, now + timedelta(minutes=10)),
    ]
    async with store.begin() as work:
        for number, (status, ended) in enumerate(course):
            moment = Moment(scheduled_for=now + timedelta(minutes=number), status=status)
            await work.runs.record(task, moment, ended)

        streak = await work.streaks.of(task.id, channel=task.channel, owner=task.owner)

    assert (streak.length, streak.first_at, streak.last_due) == (1, now, now)


async def test_a_channel_that_a_task_moved_to_gets_its_own_line(line: Line) -> None:
    """The streak goes on, but the line it had stands elsewhere."""
    await line.run(fails=True)
    async with line.store.read() as work:
        here = await work.streaks.of(line.task.id, channel="C0FINOPS", owner="U0ALICE")
        there = await work.streaks.of(line.task.id, channel="C0OTHER", owner="U0ALICE")

    assert here.line is not None
    assert (there.line, there.length) == (None, 1)
