"""A full minute under the real wiring: how soon each of its runs begins, and what each leaves."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from bot.assemble import App
from bot.process import ease_collector
from bot.settings import Settings
from scheduler.agents.agent import Brief
from scheduler.now import utc_now
from storage import rows
from storage.records import WORKSPACE
from storage.reports import Report
from storage.store import Store
from storage.tables import deliveries, runs, tasks
from tests.bench import apscheduler_peer
from tests.bench.table import Row, median_and_worst, quantile
from tests.fakes import FakeAgent
from tests.journeys.driver import House
from tests.journeys.persona import FINOPS
from tests.plants import make_report, make_task

START_DELAY_LIMIT_S = 1.0
AHEAD = timedelta(seconds=1)
OWNER = "U0MAYA"
_ALL_STARTED_WITHIN_S = 120.0


@dataclass
class Starts:
    """Remembers how long after `due_at` each run came to the agent; `all_there` at the last one."""

    awaited: int
    due_at: datetime
    delays: list[float] = field(default_factory=list)
    all_there: asyncio.Event = field(default_factory=asyncio.Event)

    def work(self, _: Brief) -> Report:
        """Remember one more, and have nothing to do."""
        self.delays.append((utc_now() - self.due_at).total_seconds())
        if len(self.delays) == self.awaited:
            self.all_there.set()
        return make_report()


async def plant_due(store: Store, due: int, at: datetime) -> None:
    """Write that many active tasks, all due at one moment, in one transaction."""
    planted = rows.task_values(
        make_task(next_run_at=at, channel=FINOPS, owner=OWNER, created_at=at, updated_at=at)
    )
    values = [
        {"workspace_id": WORKSPACE, **planted, "name": f"Check {each}"} for each in range(due)
    ]
    async with store.begin() as work:
        await work.connection.execute(sa.insert(tasks), values)


@asynccontextmanager
async def running(house: House, agent: FakeAgent) -> AsyncIterator[App]:
    """Run Chatcron in this process, with one agent of ours, while the block lasts."""
    app = App(Settings.read(house.settings | {"CHATCRON_DRAIN_S": "0"}), agents={"alex": agent})
    usual = gc.get_threshold()
    try:
        await app.start()
        ease_collector()
        yield app
    finally:
        await app.stop()
        gc.unfreeze()
        gc.set_threshold(*usual)


async def minute_rows(due: int) -> list[Row]:
    """Measure the start of all runs of one minute, beside APScheduler's on as many jobs."""
    theirs = await asyncio.to_thread(apscheduler_peer.start_delays, due)
    with TemporaryDirectory() as folder, House.open(Path(folder)) as house:
        starts = Starts(awaited=due, due_at=utc_now())
        async with running(house, FakeAgent(does=starts.work)) as app:
            store = app.parts.store
            starts.due_at = utc_now() + AHEAD
            await plant_due(store, due, starts.due_at)
            empty = await _kept_bytes(store)
            app.parts.clock.ring()
            async with asyncio.timeout(_ALL_STARTED_WITHIN_S):
                await starts.all_there.wait()
                spent_s = await _until_recorded(store, starts.due_at)
            kept = await _kept_bytes(store) - empty
            owed = await _count(store, deliveries)
            recorded = await _count(store, runs)
            workers = int(Settings.read(house.settings).workers)
    return _rows(starts.delays, theirs, workers, spent_s, kept / recorded, owed / recorded)


async def _until_recorded(store: Store, due_at: datetime) -> float:
    """Wait until every run has ended; give the seconds since they were due."""
    is_open = sa.select(sa.func.count()).select_from(runs).where(runs.c.finished_at.is_(None))
    while True:
        async with store.read() as work:
            if not await work.connection.scalar(is_open):
                return (utc_now() - due_at).total_seconds()
        await asyncio.sleep(0.02)


def _rows(
    delays: Sequence[float],
    theirs: list[float],
    workers: int,
    spent_s: float,
    kept: float,
    owed: float,
) -> list[Row]:
    worst = quantile(delays, 0.99)
    return [
        Row(
            what="start delay, all due in one minute",
            ours=median_and_worst(delays, 2),
            unit="s p50/p99",
            beside=f"limit {START_DELAY_LIMIT_S:g} p99; {apscheduler_peer.beside_delays(theirs)}",
            n=len(delays),
            how=f"due to the agent's first line, {workers} at once, chatcron's parts, SQLite",
            holds=worst <= START_DELAY_LIMIT_S,
        ),
        Row(
            what="runs begun and recorded",
            ours=f"{len(delays) / spent_s:,.0f}",
            unit="runs/s",
            beside=f"APScheduler alone, nothing recorded {len(theirs) / max(theirs):,.0f}",
            n=len(delays),
            how="the same minute until the last is recorded, a fake agent",
        ),
        Row(
            what="ledger kept",
            ours=f"{kept:,.0f}",
            unit="bytes/run",
            beside=f"with its attempt and {owed:.0f} deliveries",
            n=len(delays),
            how="pages of the SQLite file after and before",
        ),
    ]


async def _kept_bytes(store: Store) -> int:
    async with store.read() as work:
        pages = await work.connection.scalar(sa.text("PRAGMA page_count"))
        size = await work.connection.scalar(sa.text("PRAGMA page_size"))
    return int(pages or 0) * int(size or 0)


async def _count(store: Store, table: sa.Table) -> int:
    async with store.read() as work:
        return int(await work.connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)
