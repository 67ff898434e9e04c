"""An agent is told where its report is read, and what it said there before, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from storage.records import Task
from storage.reports import Severity
from storage.store import Store
from tests.fakes import FakeAgent, Hand
from tests.plants import make_report, make_task, plant
from tests.scheduler.agents.past import seen
from tests.scheduler.test_runner import look, make_runner, queue_one


async def run_and_deliver(store: Store, agent: FakeAgent, task: Task, at: datetime) -> None:
    """Let the agent work on a moment of the task, and mark its result as posted."""
    run_id = await queue_one(store, task, at)
    await make_runner(store, agent, Hand(at)).run(run_id)
    _, owed = await look(store, run_id)
    async with store.begin() as work:
        await work.deliveries.sent(owed[0], ref="1.0", sent_to=task.channel, now=at)


async def test_a_brief_says_where_and_what_was_said_before(store: Store, now: datetime) -> None:
    """The first report has none before it, the second has the first."""
    task = await plant(store, make_task())
    agent = FakeAgent()

    await run_and_deliver(store, agent, task, now)
    await run_and_deliver(store, agent, task, now + timedelta(days=1))

    assert [(it.channel, it.before) for it in agent.briefs] == [
        ("C0FINOPS", None),
        ("C0FINOPS", make_report()),
    ]


async def test_other_work_resolves_nothing(store: Store, now: datetime) -> None:
    """A task that is asked for less starts afresh, and goes on after a change of its time."""
    leak = seen("leak", Severity.CRITICAL, "Key leaked.", at=now)
    task = await plant(store, make_task(prompt="secrets and headers"))
    await run_and_deliver(store, FakeAgent(does=lambda _: make_report(findings=(leak,))), task, now)
    agent = FakeAgent()
    less = replace(task, prompt="headers")
    for day, changed in enumerate((less, replace(less, timeout_s=60)), 1):
        at = now + timedelta(days=day)
        async with store.begin() as work:
            task = await work.tasks.save(changed, before=task, action="edit", by="U0ALICE", at=at)
        await run_and_deliver(store, agent, task, at)

    assert [it.before for it in agent.briefs] == [None, make_report()]


async def test_what_a_private_channel_was_told_stays_there(store: Store, now: datetime) -> None:
    """A task that moves to another channel starts afresh: nothing is new or resolved there."""
    secret = seen("leak", Severity.CRITICAL, "Key leaked in secops.", at=now)
    task = await plant(store, make_task(channel="G0SECOPS"))
    await run_and_deliver(
        store, FakeAgent(does=lambda _: make_report(findings=(secret,))), task, now
    )
    async with store.begin() as work:
        moved = replace(task, channel="C0OPEN")
        moved = await work.tasks.save(moved, before=task, action="edit", by="U0ALICE", at=now)
    agent = FakeAgent()
    run_id = await queue_one(store, moved, now + timedelta(days=1))

    await make_runner(store, agent, Hand(now + timedelta(days=1))).run(run_id)

    run, _ = await look(store, run_id)
    assert agent.briefs[0].before is None
    assert run.report == make_report()
