"""Runs of a full minute: whether they may begin is asked together, and none waits for records."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler import local_queue, taking
from scheduler.dispatcher import Dispatcher
from scheduler.local_queue import LocalQueue
from scheduler.now import utc_now
from scheduler.runner import Runner
from storage.database import Database
from storage.migrate import migrate
from storage.records import Run, RunId, RunStatus, Task
from storage.runs import Moment
from storage.store import Store
from tests.fakes import FakeAgent
from tests.plants import ALICE, make_report, make_task, plant

LIMIT_S = 20
CLOSED = "C0CLOSED"


@dataclass
class Guard:
    """Lets nothing run in the closed channel, and counts how often it was asked."""

    asked: list[str] = field(default_factory=list)

    async def refusal(self, task: Task) -> str | None:
        """Say why a task may not run."""
        self.asked.append(task.channel)
        return "It is closed." if task.channel == CLOSED else None


@pytest.fixture
async def file_store(tmp_path: Path) -> AsyncIterator[Store]:
    """Give a migrated, empty store on SQLite, without limits."""
    async with Database(f"sqlite:///{tmp_path / 'chatcron.db'}") as database:
        await migrate(database)
        yield Store(database)


def runner_of(store: Store, guard: Guard, agent: FakeAgent) -> Runner:
    """Give a runner that asks the guard."""
    return Runner(
        store,
        {agent.name: agent},
        worker="w1",
        retry_delay=timedelta(0),
        now=utc_now,
        wake_courier=lambda: None,
        refusal=guard.refusal,
    )


async def put(store: Store, *channels: str) -> list[RunId]:
    """Queue a run of a task of its own in each of these channels."""
    now = utc_now()
    tasks = [await plant(store, make_task(channel=channel)) for channel in channels]
    async with store.begin() as work:
        moment = Moment(scheduled_for=now, status=RunStatus.QUEUED)
        found = await work.runs.record_all([(task, moment) for task in tasks], now)
    return list(found.values())


async def runs_of(store: Store, run_ids: Sequence[RunId]) -> list[Run]:
    """Give the runs as they stand."""
    async with store.read() as work:
        found = [await work.runs.get(run_id) for run_id in run_ids]
    return [run for run in found if run is not None]


async def test_what_is_foreseen_is_asked_once(
    file_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many runs of one place and owner ask once, and the refused one is skipped with its reason."""
    monkeypatch.setattr(taking, "FORESEEN_S", LIMIT_S)
    guard, agent = Guard(), FakeAgent(does=lambda _: make_report())
    runner = runner_of(file_store, guard, agent)
    run_ids = await put(file_store, "C0OPEN", "C0OPEN", "C0OPEN", CLOSED)

    await runner.foresee(run_ids)
    foreseen = sorted(guard.asked)
    await asyncio.gather(*(runner.run(run_id) for run_id in run_ids))

    runs = await runs_of(file_store, run_ids)
    assert foreseen == [CLOSED, "C0OPEN"]
    assert guard.asked[2:] == [CLOSED]
    assert [run.status for run in runs] == [RunStatus.SUCCEEDED] * 3 + [RunStatus.SKIPPED]
    assert runs[3].reason == "It is closed."


async def test_a_task_that_changed_since_is_run_as_it_is_now(file_store: Store) -> None:
    """A prompt that was edited after the look is the one that the agent gets."""
    agent = FakeAgent(does=lambda _: make_report())
    runner = runner_of(file_store, Guard(), agent)
    [run_id] = await put(file_store, "C0OPEN")
    await runner.foresee([run_id])
    async with file_store.begin() as work:
        [task] = await work.tasks.all()
        edited = replace(task, prompt="cost of storage alone")
        await work.tasks.save(edited, before=task, action="edit", by=ALICE.id, at=utc_now())

    await runner.run(run_id)

    assert [brief.prompt for brief in agent.briefs] == ["cost of storage alone"]


async def test_a_run_that_is_only_to_be_recorded_takes_no_place(file_store: Store) -> None:
    """With one place, the next run begins when the work on the first is done, if not written."""
    began: asyncio.Queue[RunId] = asyncio.Queue()
    written = asyncio.Event()

    async def work(run_id: RunId) -> None:
        began.put_nowait(run_id)
        queue.worked(run_id)
        await written.wait()

    queue = LocalQueue(file_store, work, workers=1, drain_s=LIMIT_S, now=utc_now)
    run_ids = await put(file_store, "C0OPEN", "C0OPEN")
    await queue.start()
    async with asyncio.timeout(LIMIT_S):
        found = [await began.get(), await began.get()]
    written.set()
    await queue.stop()

    assert found == run_ids


async def test_a_burst_begins_when_all_of_it_is_put(
    file_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a burst is claimed in parts nothing begins; with the last part everything does."""
    monkeypatch.setattr(local_queue, "PART_OF_MORE", 1)
    monkeypatch.setattr(local_queue, "HOLD_S", LIMIT_S)
    monkeypatch.setattr(local_queue, "LONGEST_HOLD_S", LIMIT_S)
    began: asyncio.Queue[RunId] = asyncio.Queue()
    queue = LocalQueue(file_store, began.put, workers=2, drain_s=LIMIT_S, now=utc_now)
    dispatcher = Dispatcher(file_store, queue)
    now = utc_now()
    for _ in range(2):
        await plant(file_store, make_task(next_run_at=now))

    await dispatcher.claim_due(now, limit=1)
    await queue.start()
    for _ in range(10):
        await dispatcher.next_due()  # as long as a round of the queue takes, and longer
    begun_early = began.qsize()
    while await dispatcher.claim_due(now, limit=1):
        pass
    async with asyncio.timeout(LIMIT_S):
        found = {await began.get(), await began.get()}
    await queue.stop()

    assert (begun_early, len(found)) == (0, 2)


async def test_a_burst_that_stops_in_the_middle_is_begun_all_the_same(
    file_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was put is worked on after a while, though nobody says that all is put."""
    monkeypatch.setattr(local_queue, "PART_OF_MORE", 1)
    monkeypatch.setattr(local_queue, "HOLD_S", 0.0)
    began: asyncio.Queue[RunId] = asyncio.Queue()
    queue = LocalQueue(file_store, began.put, workers=1, drain_s=LIMIT_S, now=utc_now)
    run_ids = await put(file_store, "C0OPEN")
    async with file_store.begin() as work:
        await queue.put(work, run_ids)

    await queue.start()
    async with asyncio.timeout(LIMIT_S):
        found = await began.get()
    await queue.stop()

    assert [found] == run_ids
