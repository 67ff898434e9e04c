"""Every pair of policies in every situation: what each due moment comes to, and why."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from scheduler import policy
from scheduler.dispatcher import Dispatcher
from scheduler.lease import LEASE
from scheduler.local_queue import LocalQueue
from scheduler.runner import Runner
from storage.policies import Missed, Overlap
from storage.records import AttemptOutcome, DeliveryKind, Run, RunId, RunStatus, Task
from storage.runs import Moment
from storage.schedules import Every, Schedule
from storage.store import Store
from tests.fakes import FakeAgent, Hand, HungAgent
from tests.plants import make_task, plant
from tests.scheduler.test_dispatcher import Basket, runs_of

HOURLY = Schedule(rule=Every(seconds=3600, anchor=datetime(2026, 1, 1, tzinfo=UTC)), zone="UTC")
HOUR = timedelta(hours=1)
SHORT = {
    RunStatus.QUEUED: "q",
    RunStatus.SKIPPED: "s",
    RunStatus.MISSED: "m",
    RunStatus.CANCELLED: "c",
}


def told(moments: Sequence[Moment] | Sequence[Run]) -> str:
    """Give the statuses of rows as letters, oldest first; folded ones once."""
    return "".join(SHORT[each.status] for each in moments)


# what comes due: on time, a minute late, 3 h late, and after outages of 4 and of 14 hours
SITUATIONS = {"on time": (1, 0), "3 h late": (1, 180), "outage": (4, 0), "long": (14, 0)}
CASES = [
    # overlap, missed, then what becomes of it with nothing running and with one run open
    ("skip", "latest", {"on time": "q s", "3 h late": "m m", "outage": "mmmq mmms"}),
    ("skip", "all", {"on time": "q s", "3 h late": "q s", "outage": "qqqq qqqq"}),
    ("skip", "all", {"long": "mmmmqqqqqqqqqq mmmmqqqqqqqqqq"}),
    ("skip", "skip", {"on time": "q s", "3 h late": "m m", "outage": "mmmq mmms"}),
    ("skip", "ask", {"on time": "q s", "3 h late": "m m", "outage": "mmmq mmms"}),
    ("queue", "latest", {"on time": "q q", "3 h late": "m m", "outage": "mmmq mmmq"}),
    ("queue", "all", {"on time": "q q", "3 h late": "q q", "outage": "qqqq qqqq"}),
    ("cancel", "latest", {"on time": "q q", "3 h late": "m m", "outage": "mmmq mmmq"}),
    ("cancel", "all", {"on time": "q q", "3 h late": "q q", "outage": "qqqq qqqq"}),
    ("allow", "latest", {"on time": "q q", "3 h late": "m m", "outage": "mmmq mmmq"}),
    ("allow", "all", {"on time": "q q", "3 h late": "q q", "outage": "qqqq qqqq"}),
]
TABLE = [
    pytest.param(overlap, missed, situation, *outcome.split(), id=f"{overlap}-{missed}-{situation}")
    for overlap, missed, outcomes in CASES
    for situation, outcome in outcomes.items()
]


@pytest.mark.parametrize(("overlap", "missed", "situation", "idle", "busy"), TABLE)
def test_each_policy_in_each_situation(
    now: datetime, overlap: str, missed: str, situation: str, idle: str, busy: str
) -> None:
    """What comes due is run, skipped or missed as the table says, and what is not run says why."""
    count, late = SITUATIONS[situation]
    task = make_task(overlap=Overlap(overlap), missed=Missed(missed))
    last = now - timedelta(minutes=late)
    due = [last - number * HOUR for number in reversed(range(count))]

    for running, expected in ((0, idle), (1, busy)):
        rows = policy.moments_of(task, due, now, running=running)
        assert told(rows) == expected
        assert [row.scheduled_for for row in rows] == due
        assert all(row.reason for row in rows if row.status is not RunStatus.QUEUED)


@pytest.mark.parametrize("missed", [Missed.SKIP, Missed.ASK])
def test_what_is_a_little_late_was_not_missed(now: datetime, missed: Missed) -> None:
    """A slow tick is no outage: up to five minutes late runs whatever is done about the missed."""
    task = make_task(missed=missed)

    at_limit = policy.moments_of(task, [now - policy.LATE], now, running=0)
    beyond = policy.moments_of(task, [now - policy.LATE - HOUR / 60], now, running=0)

    assert (told(at_limit), told(beyond)) == ("q", "m")


def test_a_third_does_not_wait_behind_a_second(now: datetime) -> None:
    """One run at most waits for its turn; the next is left out with that reason."""
    task = make_task(overlap=Overlap.QUEUE)

    [row] = policy.moments_of(task, [now], now, running=2)

    assert row.status is RunStatus.SKIPPED
    assert row.reason == "a run of Daily cost report was waiting for its turn already"


async def due_hourly(store: Store, hand: Hand, **named: object) -> Task:
    """Plant an hourly task that is due now."""
    return await plant(store, make_task(schedule=HOURLY, next_run_at=hand(), **named))


def runner_of(store: Store, agent: FakeAgent, hand: Hand, *, lease: timedelta = LEASE) -> Runner:
    """Give a runner that knows one agent and tries once more after a minute."""
    return Runner(
        store,
        {"alex": agent},
        worker="w1",
        retry_delay=timedelta(minutes=1),
        now=hand,
        wake_courier=lambda: None,
        lease=lease,
    )


async def ready(store: Store, hand: Hand) -> list[RunId]:
    """Give the runs that may start now."""
    async with store.read() as work:
        return await work.runs.ready(hand(), 99)


async def begin(store: Store, run_id: RunId, hand: Hand) -> Run | None:
    """Let some worker take a run, if it may."""
    async with store.begin() as work:
        until = hand() + timedelta(minutes=1)
        return await work.runs.claim(run_id, worker="w2", now=hand(), lease_until=until)


async def test_a_queued_second_starts_when_the_first_has_ended(store: Store, now: datetime) -> None:
    """It is neither offered nor given to anybody before, and says what it waits for."""
    hand = Hand(now)
    task = await due_hourly(store, hand, overlap=Overlap.QUEUE)
    dispatcher, worker = Dispatcher(store, Basket()), runner_of(store, FakeAgent(), hand)
    await dispatcher.claim_due(hand())
    hand.move(hours=1)
    await dispatcher.claim_due(hand())
    first, second = await runs_of(store, task)

    assert await ready(store, hand) == [first.id]
    assert await begin(store, second.id, hand) is None
    assert second.reason == "waits until the run of Daily cost report before it has ended"
    await worker.run(first.id)
    assert await ready(store, hand) == [second.id]
    await worker.run(second.id)
    assert [run.status for run in await runs_of(store, task)] == [RunStatus.SUCCEEDED] * 2


async def test_a_third_is_skipped_while_a_second_waits(store: Store, now: datetime) -> None:
    """However long the first takes, the queue of a task holds one."""
    hand = Hand(now)
    task = await due_hourly(store, hand, overlap=Overlap.QUEUE)
    dispatcher = Dispatcher(store, Basket())
    for _ in range(3):
        await dispatcher.claim_due(hand())
        hand.move(hours=1)

    assert told(await runs_of(store, task)) == "qqs"


async def test_the_next_run_takes_the_place_of_the_one_before(store: Store, now: datetime) -> None:
    """The earlier run is cancelled with the reason; its worker can write nothing any more."""
    hand, basket = Hand(now), Basket()
    task = await due_hourly(store, hand, overlap=Overlap.CANCEL)
    dispatcher = Dispatcher(store, basket)
    await dispatcher.claim_due(hand())
    [first] = await runs_of(store, task)
    held = await begin(store, first.id, hand)
    assert held is not None
    hand.move(hours=1)
    await dispatcher.claim_due(hand())

    first, second = await runs_of(store, task)
    async with store.begin() as work:
        [attempt] = await work.runs.attempts(first.id)
        late = await work.runs.end(
            held, status=RunStatus.SUCCEEDED, reason=None, report=None, now=hand()
        )
        renewed = await work.runs.renew(held.id, held.attempt, lease_until=hand() + HOUR)
    assert (first.status, second.status) == (RunStatus.CANCELLED, RunStatus.QUEUED)
    assert first.reason == "the next run of Daily cost report came due and took its place"
    assert attempt.outcome is AttemptOutcome.CANCELLED
    assert (late, renewed) == (False, False)
    assert basket.dropped == [first.id]
    assert await ready(store, hand) == [second.id]


async def test_work_on_a_run_that_was_taken_away_is_left(store: Store, now: datetime) -> None:
    """A worker elsewhere sees at its next heartbeat that its run has ended, and stops."""
    soon = timedelta(milliseconds=30)
    hand, agent = Hand(now), HungAgent()
    task = await due_hourly(store, hand, overlap=Overlap.CANCEL)
    await Dispatcher(store, Basket()).claim_due(hand())
    [first] = await runs_of(store, task)
    work_on_it = asyncio.ensure_future(runner_of(store, agent, hand, lease=soon).run(first.id))
    await agent.began.wait()
    async with store.begin() as work:
        await work.runs.cancel_open(task.id, reason="the next came due", now=hand())

    await asyncio.wait_for(work_on_it, timeout=30)

    [first] = await runs_of(store, task)
    assert (first.status, first.reason) == (RunStatus.CANCELLED, "the next came due")


async def test_a_queue_lets_go_of_a_run_that_was_ended(store: Store, now: datetime) -> None:
    """In the same process nobody waits for the heartbeat."""
    hand, agent = Hand(now), HungAgent()
    task = await due_hourly(store, hand, overlap=Overlap.CANCEL)
    queue = LocalQueue(store, runner_of(store, agent, hand).run, workers=2, drain_s=0, now=hand)
    dispatcher = Dispatcher(store, queue)
    await dispatcher.claim_due(hand())
    await queue.start()
    await agent.began.wait()
    agent.began.clear()
    hand.move(hours=1)
    await dispatcher.claim_due(hand())
    await agent.began.wait()

    first, second = await runs_of(store, task)
    await queue.stop()
    assert (first.status, second.status) == (RunStatus.CANCELLED, RunStatus.RUNNING)
    assert len(agent.briefs) == 2


async def test_allowed_runs_go_side_by_side(store: Store, now: datetime) -> None:
    """Both are offered, and both can be taken."""
    hand = Hand(now)
    task = await due_hourly(store, hand, overlap=Overlap.ALLOW)
    dispatcher = Dispatcher(store, Basket())
    await dispatcher.claim_due(hand())
    hand.move(hours=1)
    await dispatcher.claim_due(hand())

    runs = await runs_of(store, task)
    assert await ready(store, hand) == [run.id for run in runs]
    assert [await begin(store, run.id, hand) is not None for run in runs] == [True, True]


async def test_all_that_was_missed_runs_one_after_the_other(store: Store, now: datetime) -> None:
    """After 14 hours the latest ten run, oldest first and never two at once; four are missed."""
    hand = Hand(now)
    task = await due_hourly(store, hand, missed=Missed.ALL)
    hand.move(hours=13)
    await Dispatcher(store, Basket()).claim_due(hand())
    runs = await runs_of(store, task)
    worker, order = runner_of(store, FakeAgent(), hand), []

    while waiting := await ready(store, hand):
        order += waiting
        await worker.run(waiting[0])

    assert told(runs) == "mmmm" + "q" * 10
    assert order == [run.id for run in runs[4:]]
    assert runs[0].reason is not None
    assert "only the latest 10 moments" in runs[0].reason


async def test_the_owner_is_asked_about_what_was_missed(store: Store, now: datetime) -> None:
    """Nothing of it runs by itself; one message says how much it was and when."""
    hand = Hand(now)
    task = await due_hourly(store, hand, missed=Missed.ASK)
    hand.move(hours=3, minutes=30)
    await Dispatcher(store, Basket()).claim_due(hand())

    async with store.begin() as work:
        owed = await work.deliveries.due(hand(), 99)
    [ask] = [it for it in owed if it.kind is DeliveryKind.MISSED_ASK]
    assert told(await runs_of(store, task)) == "mmmm"
    assert (ask.target, ask.task_id) == (task.owner, task.id)
    assert ask.payload is not None
    assert [(it["id"], it["moments"]) for it in ask.payload["tasks"]] == [(task.id, 4)]
