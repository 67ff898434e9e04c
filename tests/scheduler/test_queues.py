"""What any queue promises, whether runs are worked on here or by whoever is free on a Postgres."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler import shared_queue
from scheduler.agents.agent import Brief
from scheduler.local_queue import LocalQueue
from scheduler.now import utc_now
from scheduler.runner import Runner
from scheduler.shared_queue import SharedQueue
from storage.database import Database
from storage.migrate import migrate
from storage.records import AttemptOutcome, Run, RunId, RunStatus
from storage.reports import Report
from storage.runs import Moment
from storage.slots import Limits
from storage.store import Store
from tests.fakes import FakeAgent
from tests.plants import SOME_DAY, make_report, make_task, plant

LIMIT_S = 20
KINDS = ("local, SQLite", "local, Postgres", "shared")


@dataclass
class Agent(FakeAgent):
    """Works until `gate` is open; says who began, how many work at once, and that one has left."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    began: asyncio.Queue[RunId] = field(default_factory=asyncio.Queue)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    at_once: int = 0
    most: int = 0

    async def work(self, brief: Brief) -> Report:
        self.began.put_nowait(brief.run_id)
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            await self.gate.wait()
        finally:
            self.at_once -= 1
            self.left.set()
        return make_report()


@dataclass
class Place:
    """A store, and queues of one kind over it."""

    kind: str
    store: Store
    retry_delay: timedelta = timedelta(0)

    @asynccontextmanager
    async def queue(
        self, agent: Agent, *, workers: int = 2, drain_s: float = LIMIT_S, worker: str = "w1"
    ) -> AsyncIterator[LocalQueue | SharedQueue]:
        """Give a queue that has begun, as a process of its own would have one."""
        runner = self.runner(agent, worker)
        queue = self.make(runner.run, workers=workers, drain_s=drain_s)
        await queue.check()
        await queue.start()
        try:
            yield queue
        finally:
            async with asyncio.timeout(LIMIT_S):
                await queue.stop()

    def runner(self, agent: Agent, worker: str = "w1") -> Runner:
        """Give a runner that knows the agent."""
        return Runner(
            self.store,
            {agent.name: agent},
            worker=worker,
            retry_delay=self.retry_delay,
            now=utc_now,
            wake_courier=lambda: None,
        )

    def make(
        self, run: Callable[[RunId], Awaitable[None]], *, workers: int, drain_s: float
    ) -> LocalQueue | SharedQueue:
        """Give a queue that has not begun."""
        if self.kind == "shared":
            silent_for = timedelta(minutes=1)
            return SharedQueue(
                self.store, run, workers=workers, drain_s=drain_s, silent_for=silent_for
            )
        return LocalQueue(self.store, run, workers=workers, drain_s=drain_s, now=utc_now)

    async def put(self, queue: LocalQueue | SharedQueue | None, count: int = 1) -> list[RunId]:
        """Record runs that are ready, and queue them in the same transaction where one is given."""
        task = await plant(self.store, make_task(retries=2))
        async with self.store.begin() as work:
            moments = [
                (
                    task,
                    Moment(
                        scheduled_for=SOME_DAY + timedelta(minutes=number),
                        status=RunStatus.QUEUED,
                    ),
                )
                for number in range(count)
            ]
            found = list((await work.runs.record_all(moments, utc_now())).values())
            if queue is not None:
                await queue.put(work, found)
        if queue is not None:
            queue.wake()
        return found

    async def ended(self, run_ids: Sequence[RunId]) -> list[Run]:
        """Wait until all of these runs have ended, and give them."""
        async with asyncio.timeout(LIMIT_S):
            while True:
                async with self.store.read() as work:
                    found = [await work.runs.get(run_id) for run_id in run_ids]
                runs = [run for run in found if run is not None]
                if all(run.finished_at is not None for run in runs):
                    return runs
                await asyncio.sleep(0.02)


@pytest.fixture(params=KINDS)
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """Give a place for each kind of queue."""
    is_file = request.param == "local, SQLite"
    url = f"sqlite:///{tmp_path / 'q.db'}" if is_file else request.getfixturevalue("postgres_url")
    async with Database(url) as database:
        await migrate(database)
        store = Store(database, limits=Limits(at_once=64, of_agent=16))
        if request.param == "shared":
            await shared_queue.set_up(store, utc_now())
        yield Place(kind=request.param, store=store)


def open_agent() -> Agent:
    """Give an agent that holds up nobody."""
    agent = Agent()
    agent.gate.set()
    return agent


async def test_what_is_put_is_worked_on_once(place: Place) -> None:
    """Each run comes to the agent once and ends, with two processes on the same queue."""
    agent = open_agent()
    async with place.queue(agent, worker="w1") as queue, place.queue(agent, worker="w2"):
        put = await place.put(queue, 20)

        runs = await place.ended(put)

    assert {(run.status, run.attempt) for run in runs} == {(RunStatus.SUCCEEDED, 1)}
    assert sorted(agent.began.get_nowait() for _ in range(agent.began.qsize())) == sorted(put)


async def test_what_is_rolled_back_was_never_put(place: Place) -> None:
    """A transaction that fails leaves no run, and nobody is brought one."""
    agent = open_agent()
    async with place.queue(agent) as queue:
        with pytest.raises(ZeroDivisionError):
            async with place.store.begin() as work:
                await queue.put(work, [RunId(4711)])
                raise ZeroDivisionError
        queue.wake()
        await place.ended(await place.put(queue))

    assert agent.began.qsize() == 1


async def test_a_process_works_on_so_many_at_once(place: Place) -> None:
    """With two workers the third run waits until one of the others has ended."""
    agent = Agent()
    async with place.queue(agent, workers=2) as queue:
        put = await place.put(queue, 5)
        async with asyncio.timeout(LIMIT_S):
            await agent.began.get()
            await agent.began.get()
        agent.gate.set()
        await place.ended(put)

    assert agent.most == 2


async def test_an_agent_works_on_so_many_at_once_in_all_processes(place: Place) -> None:
    """Two processes with room for four keep to the agent's limit of three, and do all of it."""
    agent = Agent()
    limited = replace(place, store=Store(place.store.database, limits=Limits(of_agent=3)))
    async with limited.queue(agent) as one, limited.queue(agent, worker="w2") as other:
        put = await limited.put(one, 8)
        async with asyncio.timeout(LIMIT_S):
            for _ in range(3):
                await agent.began.get()
        mended = [await queue.mend(utc_now()) for queue in (one, other)]
        agent.gate.set()
        async with mending(other):
            runs = await limited.ended(put)

    assert agent.most == 3
    assert mended == [0, 0]
    assert {(run.status, run.attempt) for run in runs} == {(RunStatus.SUCCEEDED, 1)}


async def test_all_agents_together_work_on_so_many_at_once(place: Place) -> None:
    """The limit of the workspace holds whatever each process has room for."""
    agent = Agent()
    limited = replace(place, store=Store(place.store.database, limits=Limits(at_once=1)))
    async with limited.queue(agent) as one, limited.queue(agent, worker="w2") as other:
        put = await limited.put(one, 3)
        async with asyncio.timeout(LIMIT_S):
            await agent.began.get()
        agent.gate.set()
        async with mending(other):
            await limited.ended(put)

    assert agent.most == 1


@asynccontextmanager
async def mending(queue: LocalQueue | SharedQueue) -> AsyncIterator[None]:
    """Mend a queue all the time, as whoever fires does each second; it must not break."""

    async def mend() -> None:
        while True:
            await queue.mend(utc_now())
            await asyncio.sleep(0.02)

    mends = asyncio.ensure_future(mend())
    yield
    mends.cancel()
    with pytest.raises(asyncio.CancelledError):
        await mends


async def test_a_stop_waits_for_what_is_in_progress(place: Place) -> None:
    """The run at work ends in its own time, though its queue is being stopped."""
    agent = Agent()
    async with place.queue(agent) as queue:
        [put] = await place.put(queue)
        async with asyncio.timeout(LIMIT_S):
            await agent.began.get()
        stopping = asyncio.ensure_future(queue.stop())
        agent.gate.set()
        await stopping

    [run] = await place.ended([put])
    assert (run.status, run.attempt) == (RunStatus.SUCCEEDED, 1)


async def test_a_stop_gives_back_what_takes_too_long(place: Place) -> None:
    """After its time a stop hands the run back at once, and another process does it."""
    hung, agent = Agent(), open_agent()
    async with place.queue(hung, drain_s=0) as queue:
        [put] = await place.put(queue)
        async with asyncio.timeout(LIMIT_S):
            await hung.began.get()

    async with place.queue(agent, worker="w2") as other:
        await other.mend(utc_now())
        [run] = await place.ended([put])

    async with place.store.read() as work:
        tries = await work.runs.attempts(put)
    assert (run.status, run.attempt) == (RunStatus.SUCCEEDED, 2)
    assert [(each.worker, each.outcome) for each in tries] == [
        ("w1", AttemptOutcome.LOST),
        ("w2", AttemptOutcome.SUCCEEDED),
    ]


async def test_a_stopped_queue_takes_nothing_new(place: Place) -> None:
    """What is put while nobody works lies until somebody does."""
    idle, agent = open_agent(), open_agent()
    async with place.queue(idle) as queue:
        await queue.stop()
        put = await place.put(queue, 3)
    assert idle.began.qsize() == 0

    async with place.queue(agent):
        await place.ended(put)


async def test_a_queued_row_that_nobody_was_told_of_is_found(place: Place) -> None:
    """A run that only its row knows of, as one to be tried again, is worked on too."""
    agent = open_agent()
    async with place.queue(agent) as queue:
        put = await place.put(None, 3)
        await queue.mend(utc_now())

        runs = await place.ended(put)

    assert [run.attempt for run in runs] == [1, 1, 1]


async def test_mending_what_is_whole_changes_nothing(place: Place) -> None:
    """Runs that are on their way are not brought twice, however often one looks."""
    agent = Agent()
    async with place.queue(agent, workers=1) as queue:
        put = await place.put(queue, 3)
        async with asyncio.timeout(LIMIT_S):
            await agent.began.get()
        mended = [await queue.mend(utc_now()) for _ in range(3)]
        agent.gate.set()
        await place.ended(put)

    assert mended == [0, 0, 0]


async def test_a_run_that_breaks_holds_up_no_other(place: Place) -> None:
    """What can't even be recorded is left, and the next run is worked on."""
    began: asyncio.Queue[RunId] = asyncio.Queue()

    async def break_down(run_id: RunId) -> None:
        began.put_nowait(run_id)
        if began.qsize() == 1:
            raise OSError("no disk")

    queue = place.make(break_down, workers=1, drain_s=LIMIT_S)
    await queue.start()
    put = await place.put(queue, 2)
    async with asyncio.timeout(LIMIT_S):
        found = {await began.get(), await began.get()}
    await queue.stop()

    assert found <= set(put)


async def test_a_run_that_was_ended_is_left_off(place: Place) -> None:
    """Work on a run that somebody cancelled is called off in the process that has it."""
    agent = Agent()
    async with place.queue(agent) as queue:
        [put] = await place.put(queue)
        async with asyncio.timeout(LIMIT_S):
            await agent.began.get()
        async with place.store.begin() as work:
            run = await work.runs.get(put)
            assert run is not None
            ended = await work.runs.cancel_open(run.task_id, reason="called off", now=utc_now())
        queue.drop(ended)
        async with asyncio.timeout(LIMIT_S):
            await agent.left.wait()

    [run] = await place.ended([put])
    assert (run.status, run.reason) == (RunStatus.CANCELLED, "called off")
