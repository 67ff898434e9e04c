"""Many tasks at once: a hundred thousand that wait, and ten thousand that come due together."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, time

import sqlalchemy as sa
from aiohttp import ClientSession

from scheduler.dispatcher import Dispatcher
from scheduler.now import utc_now
from storage import rows
from storage.database import Database
from storage.migrate import migrate
from storage.records import WORKSPACE, TaskId
from storage.store import Store
from storage.tables import tasks
from tests.bench.ledger import NoQueue
from tests.bench.machine import resident_mb
from tests.bench.table import Row, median_and_worst, quantile
from tests.bench.wire import ACK_LIMIT_MS
from tests.journeys.driver import House
from tests.journeys.persona import FINOPS, Persona
from tests.plants import make_task

WAITING_START_S = 3.0
IDLE_CPU_PERCENT = 1.0
GROWTH_MB = 50.0
CLAIM_MS = 20.0
CLAIMED_S = 2.0
_FAR = timedelta(days=30)
_AHEAD = timedelta(seconds=3)
_MAYA = "U0MAYA"
_ALL_CLAIMED_WITHIN_S = 60.0
_PATIENT = ("--retry-delays", "0,2,4,8")


async def plant_many(url: str, number: int, at: datetime) -> None:
    """Write that many active tasks, all due at one moment, in one transaction."""
    async with Database(url) as database:
        await migrate(database)
        async with Store(database).begin() as work:
            planted = rows.task_values(make_task(next_run_at=at, channel=FINOPS))
            values = [
                {"id": each, "workspace_id": WORKSPACE, **planted, "name": f"Check hall {each}"}
                for each in range(1, number + 1)
            ]
            if values:
                await work.connection.execute(sa.insert(tasks), values)


async def waiting_rows(number: int, idle_s: float, claims: int) -> list[Row]:
    """Measure what a process costs that has many tasks, none of which is due, beside one with none.

    Then how long it takes to claim the one of them that comes due.
    """
    with TemporaryDirectory() as folder:
        alone = await _rest(Path(folder), 0, idle_s / 4)
    with TemporaryDirectory() as folder:
        crowded = await _rest(Path(folder), number, idle_s)
    with TemporaryDirectory() as folder:
        spans = await _claim_one_by_one(f"sqlite:///{folder}/crowd.db", number, claims)
    grown, later = crowded.memory_mb - alone.memory_mb, crowded.start_s - alone.start_s
    return [
        Row(
            what="start with tasks that wait",
            ours=f"{crowded.start_s:.1f}",
            unit="s",
            beside=f"{alone.start_s:.1f} with none; limit {WAITING_START_S:g} more",
            n=number,
            how="chatcron run until connected, SQLite",
            holds=later <= WAITING_START_S,
        ),
        Row(
            what="processor at rest, tasks that wait",
            ours=f"{crowded.cpu_percent:.2f}",
            unit="% of a core",
            beside=f"{alone.cpu_percent:.2f} with none; limit {IDLE_CPU_PERCENT:g}",
            n=number,
            how=f"the same process, over {idle_s:g} s",
            holds=crowded.cpu_percent <= IDLE_CPU_PERCENT,
        ),
        Row(
            what="memory for tasks that wait",
            ours=f"{grown:.0f}",
            unit="MB",
            beside=f"limit {GROWTH_MB:g}; {alone.memory_mb:.0f} with none",
            n=number,
            how="resident, the same two processes",
            holds=grown <= GROWTH_MB,
        ),
        Row(
            what="the one that comes due, claimed",
            ours=median_and_worst(spans, 1),
            unit="ms p50/p99",
            beside=f"limit {CLAIM_MS:g} p99",
            n=claims,
            how=f"one round among {number:,} tasks, SQLite",
            holds=quantile(spans, 0.99) <= CLAIM_MS,
        ),
    ]


class _Rest:
    """What a process took to start, holds, and spends while nothing is due."""

    def __init__(self, start_s: float, memory_mb: float, cpu_percent: float) -> None:
        self.start_s, self.memory_mb, self.cpu_percent = start_s, memory_mb, cpu_percent


async def _rest(folder: Path, number: int, idle_s: float) -> _Rest:
    with House.open(folder) as house:
        await plant_many(house.database_url, number, utc_now() + _FAR)
        began = perf_counter()
        bot = house.run()
        start = perf_counter() - began
        await asyncio.sleep(min(5, idle_s))
        before = _cpu_seconds(bot.pid)
        await asyncio.sleep(idle_s)
        spent = _cpu_seconds(bot.pid) - before
        return _Rest(start, resident_mb(bot.pid), 100 * spent / idle_s)


def _cpu_seconds(pid: int) -> float:
    """Say how long a process has kept a processor busy, in user and system mode."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _claim_one_by_one(url: str, number: int, claims: int) -> list[float]:
    """Give the milliseconds of each round in which one task of many is due."""
    due_at = utc_now()
    await plant_many(url, number, due_at + _FAR)
    spans = []
    async with Database(url) as database:
        store = Store(database)
        dispatcher = Dispatcher(store, NoQueue())
        for each in range(1, claims + 1):
            async with store.begin() as work:
                query = sa.update(tasks).where(tasks.c.id == TaskId(each * 7))
                await work.connection.execute(query.values(next_run_at=due_at))
            began = perf_counter()
            await dispatcher.tick(due_at)
            spans.append((perf_counter() - began) * 1000)
    return spans


async def burst_rows(number: int, asked: int) -> list[Row]:
    """Let many tasks come due in one minute under a live process, and ask it things meanwhile."""
    with TemporaryDirectory() as folder, House.open(Path(folder), *_PATIENT) as house:
        house.run()
        due_at = utc_now() + _AHEAD
        await plant_many(house.database_url, number, due_at)
        await asyncio.sleep(max(0.0, due_at.timestamp() - time()))
        claimed, acks = await asyncio.gather(
            asyncio.to_thread(_seconds_until_claimed, house, number, due_at.timestamp()),
            _ask(house, asked),
        )
    return [
        Row(
            what="due in one minute, all claimed",
            ours=f"{claimed:.1f}",
            unit="s",
            beside=f"limit {CLAIMED_S:g}",
            n=number,
            how="from the moment to the last row, chatcron run, SQLite",
            holds=claimed <= CLAIMED_S,
        ),
        Row(
            what="ack while they are claimed",
            ours=median_and_worst(acks),
            unit="ms p50/p99",
            beside=f"limit {ACK_LIMIT_MS} p99",
            n=len(acks),
            how="mentions, one every 50 ms from that moment on",
            holds=quantile(acks, 0.99) <= ACK_LIMIT_MS,
        ),
    ]


def _seconds_until_claimed(house: House, number: int, due_at: float) -> float:
    file = house.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        until = perf_counter() + _ALL_CLAIMED_WITHIN_S
        while perf_counter() < until:
            [count] = database.execute("SELECT count(*) FROM runs").fetchone()
            if count >= number:
                return time() - due_at
    raise AssertionError(f"not all claimed in {_ALL_CLAIMED_WITHIN_S:g} s:\n{house.bot.output}")


async def _ask(house: House, number: int) -> Sequence[float]:
    """Mention the bot that often; give the milliseconds until each event was acknowledged."""
    async with ClientSession() as session:
        maya = Persona(session, house.url, _MAYA)
        for _ in range(number):
            await maya.say("@Chatcron thanks", FINOPS)
            await asyncio.sleep(0.05)
    async with asyncio.timeout(_ALL_CLAIMED_WITHIN_S):
        while not all(each["acked"] for each in house.events()):  # noqa: ASYNC110  another process is asked
            await asyncio.sleep(0.1)
    return [float(each["ack_ms"]) for each in house.events() if each["event"].get("user") == _MAYA]
