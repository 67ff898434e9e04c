"""A run is worked on once at a time, ends with a reason, and owes what its outcome owes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from scheduler import runner
from scheduler.agents.agent import Agent
from scheduler.errors import NotConnected, Temporary
from scheduler.runner import Runner
from storage.records import AttemptOutcome, Delivery, DeliveryKind, Run, RunId, RunStatus, Task
from storage.reports import Report, Section
from storage.runs import Moment
from storage.store import Store, Work
from tests.fakes import FakeAgent, Hand, HungAgent
from tests.plants import make_report, make_task, plant


def make_runner(store: Store, agent: Agent, hand: Hand, worker: str = "w1") -> Runner:
    """Give a runner that knows one agent."""
    return Runner(
        store,
        {agent.profile.name: agent},
        worker=worker,
        retry_delay=timedelta(minutes=1),
        now=hand,
        wake_courier=lambda: None,
    )


async def queue_one(store: Store, task: Task, moment: datetime) -> RunId:
    """Plant a queued run of the task."""
    async with store.begin() as work:
        due = Moment(scheduled_for=moment, status=RunStatus.QUEUED)
        run_id = await work.runs.record(task, due, moment)
    assert run_id is not None
    return run_id


async def look(store: Store, run_id: RunId) -> tuple[Run, list[Delivery]]:
    """Give the run and what is owed for it."""
    async with store.read() as work:
        run = await work.runs.get(run_id)
        owed = await work.deliveries.of_run(run_id)
    assert run is not None
    return run, owed


async def test_a_report_ends_the_run_and_owes_its_result(store: Store, now: datetime) -> None:
    """The report is stored, and a headline is owed to the task's channel."""
    task = await plant(store, make_task())
    run_id = await queue_one(store, task, now)
    agent = FakeAgent()

    await make_runner(store, agent, Hand(now)).run(run_id)

    run, owed = await look(store, run_id)
    assert run.status is RunStatus.SUCCEEDED
    assert run.report == make_report()
    assert [(item.kind, item.target) for item in owed] == [(DeliveryKind.RESULT, "C0FINOPS")]
    assert agent.briefs[0].as_of == now


async def test_details_follow_their_headline(store: Store, now: datetime) -> None:
    """A report with sections owes its details in the headline's thread."""
    task = await plant(store, make_task())
    run_id = await queue_one(store, task, now)
    agent = FakeAgent(
        does=lambda _: make_report(sections=(Section(title="By service", lines=("EC2",)),))
    )

    await make_runner(store, agent, Hand(now)).run(run_id)

    _, [headline, details] = await look(store, run_id)
    assert (details.kind, details.after) == (DeliveryKind.DETAILS, headline.id)


async def test_a_temporary_failure_is_tried_again_later(store: Store, now: datetime) -> None:
    """The run waits for its next try, and nobody is told yet."""
    task = await plant(store, make_task(retries=1))
    run_id = await queue_one(store, task, now)
    answers: list[Report | Exception] = [Temporary("The disk is busy."), make_report()]

    def answer(_: object) -> Report:
        given = answers.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    hand = Hand(now)
    engine = make_runner(store, FakeAgent(does=answer), hand)
    await engine.run(run_id)
    waiting, owed = await look(store, run_id)
    assert (waiting.status, waiting.ready_at) == (RunStatus.QUEUED, now + timedelta(minutes=1))
    assert owed == []

    hand.move(minutes=1)
    await engine.run(run_id)
    run, _ = await look(store, run_id)
    assert (run.status, run.attempt) == (RunStatus.SUCCEEDED, 2)


async def test_a_run_out_of_tries_fails_and_tells(store: Store, now: datetime) -> None:
    """After the last try the channel gets one line and the owner a message, with the cause."""
    task = await plant(store, make_task(retries=1))
    run_id = await queue_one(store, task, now)
    hand = Hand(now)

    def fail(_: object) -> Report:
        raise Temporary("The disk is busy.")

    engine = make_runner(store, FakeAgent(does=fail), hand)
    for _ in range(2):
        await engine.run(run_id)
        hand.move(hours=1)

    run, owed = await look(store, run_id)
    assert (run.status, run.attempt) == (RunStatus.FAILED, 2)
    assert run.reason == "The disk is busy."
    assert [(item.kind, item.target) for item in owed] == [
        (DeliveryKind.FAILURE_LINE, "C0FINOPS"),
        (DeliveryKind.FAILURE_DM, "U0ALICE"),
    ]


async def test_what_a_person_must_mend_is_not_tried_again(store: Store, now: datetime) -> None:
    """An agent that is not connected fails at once, with how to connect it."""
    task = await plant(store, make_task(retries=5))
    run_id = await queue_one(store, task, now)

    def refuse(_: object) -> Report:
        raise NotConnected("There is no cluster to look at.", fix="Set KUBECONFIG.")

    await make_runner(store, FakeAgent(does=refuse), Hand(now)).run(run_id)

    run, _ = await look(store, run_id)
    assert (run.status, run.attempt) == (RunStatus.FAILED, 1)
    assert run.reason == "There is no cluster to look at. Set KUBECONFIG."


async def test_a_bug_is_recorded_without_its_text(store: Store, now: datetime) -> None:
    """What a bug says may hold anything, so people get our own sentence instead."""
    task = await plant(store, make_task(retries=0))
    run_id = await queue_one(store, task, now)

    def break_down(_: object) -> Report:
        raise KeyError("xoxb-secret")

    await make_runner(store, FakeAgent(does=break_down), Hand(now)).run(run_id)

    run, _ = await look(store, run_id)
    assert run.status is RunStatus.FAILED
    assert run.reason is not None
    assert "xoxb" not in run.reason


async def test_an_empty_report_is_a_failure(store: Store, now: datetime) -> None:
    """An agent that says nothing has not succeeded."""
    task = await plant(store, make_task(retries=0))
    run_id = await queue_one(store, task, now)

    await make_runner(store, FakeAgent(does=lambda _: make_report(headline=" ")), Hand(now)).run(
        run_id
    )

    run, _ = await look(store, run_id)
    assert run.status is RunStatus.FAILED


async def test_an_agent_that_hangs_is_stopped_at_its_limit(store: Store, now: datetime) -> None:
    """The time limit stands outside the agent and ends the attempt as timed out."""
    task = await plant(store, make_task(retries=0, timeout_s=0))
    run_id = await queue_one(store, task, now)

    await make_runner(store, HungAgent(), Hand(now)).run(run_id)

    run, _ = await look(store, run_id)
    assert run.status is RunStatus.TIMED_OUT


async def test_a_run_of_a_dead_process_is_tried_again(store: Store, now: datetime) -> None:
    """The attempt is marked lost, and the run queued at once for another."""
    task = await plant(store, make_task(retries=1))
    run_id = await queue_one(store, task, now)
    async with store.begin() as work:
        await work.runs.claim(run_id, worker="dead", now=now, lease_until=now)

    recovered = await make_runner(store, FakeAgent(), Hand(now)).recover(every=True)

    run, owed = await look(store, run_id)
    async with store.read() as work:
        [attempt] = await work.runs.attempts(run_id)
    assert recovered == 1
    assert attempt.outcome is AttemptOutcome.LOST
    assert (run.status, run.ready_at) == (RunStatus.QUEUED, now)
    assert owed == []


async def test_a_run_that_is_called_off_is_queued_again(store: Store, now: datetime) -> None:
    """A stop that can't wait gives the run back, also one that had no retries left."""
    task = await plant(store, make_task(retries=0))
    run_id = await queue_one(store, task, now)
    hand, hung = Hand(now), HungAgent()
    working = asyncio.ensure_future(make_runner(store, hung, hand).run(run_id))
    await hung.began.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    queued, _ = await look(store, run_id)

    await make_runner(store, FakeAgent(), hand).run(run_id)

    run, _ = await look(store, run_id)
    assert (queued.status, run.status) == (RunStatus.QUEUED, RunStatus.SUCCEEDED)


async def test_a_run_in_hand_is_not_lost_to_a_clock_jump(store: Store, now: datetime) -> None:
    """A lease that only looks old because the clock jumped does not end the work in progress."""
    task = await plant(store, make_task())
    run_id = await queue_one(store, task, now)
    hand, hung = Hand(now), HungAgent()
    engine = make_runner(store, hung, hand)
    working = asyncio.ensure_future(engine.run(run_id))
    await hung.began.wait()
    hand.move(days=1)

    assert await engine.recover(every=False) == 0

    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working


class Stumbling(Store):
    """Fails to open so many transactions, as where the database is away."""

    stumbles = 0

    @asynccontextmanager
    async def begin(self, *, urgent: bool = False) -> AsyncIterator[Work]:
        if self.stumbles:
            self.stumbles -= 1
            raise OSError("the server is gone")
        async with super().begin(urgent=urgent) as work:
            yield work


async def test_an_outcome_outlasts_a_database_that_is_away(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was worked out is recorded once the database is back, and not worked out again."""
    monkeypatch.setattr(runner, "AGAIN_S", 0)
    task = await plant(store, make_task())
    run_id = await queue_one(store, task, now)
    stumbling = Stumbling(store.database)

    def report(_: object) -> Report:
        stumbling.stumbles = 3
        return make_report()

    agent = FakeAgent(does=report)
    await make_runner(stumbling, agent, Hand(now)).run(run_id)

    run, _ = await look(store, run_id)
    assert (run.status, run.attempt, len(agent.briefs)) == (RunStatus.SUCCEEDED, 1, 1)


async def test_a_time_out_of_the_agents_own_is_its_failure(store: Store, now: datetime) -> None:
    """What an agent could not reach in time is not told as our time limit."""
    task = await plant(store, make_task(retries=0))
    run_id = await queue_one(store, task, now)

    def give_up(_: object) -> Report:
        raise TimeoutError

    await make_runner(store, FakeAgent(does=give_up), Hand(now)).run(run_id)

    run, _ = await look(store, run_id)
    assert run.status is RunStatus.FAILED


async def test_a_run_is_lost_when_its_tries_are_used_up(store: Store, now: datetime) -> None:
    """A run that died with its last process ends as lost, and its owner is told."""
    task = await plant(store, make_task(retries=0))
    run_id = await queue_one(store, task, now)
    async with store.begin() as work:
        await work.runs.claim(run_id, worker="dead", now=now, lease_until=now)

    await make_runner(store, FakeAgent(), Hand(now)).recover(every=True)

    run, owed = await look(store, run_id)
    assert run.status is RunStatus.LOST
    assert DeliveryKind.FAILURE_DM in [item.kind for item in owed]


async def test_a_lease_that_holds_is_left_alone(store: Store, now: datetime) -> None:
    """Another worker's run is not taken while its lease lasts."""
    task = await plant(store, make_task())
    run_id = await queue_one(store, task, now)
    async with store.begin() as work:
        later = now + timedelta(minutes=1)
        await work.runs.claim(run_id, worker="alive", now=now, lease_until=later)

    assert await make_runner(store, FakeAgent(), Hand(now)).recover(every=False) == 0


async def test_whoever_asked_for_a_run_is_told_that_it_failed(store: Store, now: datetime) -> None:
    """A failure in a long streak is quiet for the owner, but not for the one who asked."""
    task = await plant(store, make_task(retries=0))
    async with store.begin() as work:
        for number in range(3):
            moment = now - timedelta(days=number + 1)
            failed = Moment(scheduled_for=moment, status=RunStatus.FAILED, reason="x")
            await work.runs.record(task, failed, now)
        asked = await work.runs.request(task, key="k", by="U0BOB", now=now)

    def fail(_: object) -> Report:
        raise Temporary("The disk is busy.")

    await make_runner(store, FakeAgent(does=fail), Hand(now)).run(asked.id)

    _, owed = await look(store, asked.id)
    told = [item.target for item in owed if item.kind is DeliveryKind.FAILURE_DM]
    assert told == ["U0BOB"]
