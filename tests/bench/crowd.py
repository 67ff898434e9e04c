"""Many tasks at once: a hundred thousand that wait, and ten thousand that come due together."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep, time

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
from tests.bench.rest import Rest, at_rest
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
_MAYA = "U0MAYA"
_ALL_CLAIMED_WITHIN_S = 60.0
_COUNTED_EVERY_S = 0.02
_PATIENT = ("--retry-delays", "0,2,4,8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """How many wait and for how long that is watched; how many come due, and so on.

    `claims` are made one by one, `ahead_s` is the time to write those that come due together.
    """

    waiting: int = 100_000
    idle_s: float = 20
    claims: int = 200
    burst: int = 10_000
    ahead_s: float = 3
    asked: int = 60


async def plant_many(url: str, number: int, at: datetime, *, after: int = 0) -> None:
    """Write that many active tasks, numbered after others, all due at one moment, in one go."""
    async with Database(url) as database:
        await migrate(database)
        async with Store(database).begin() as work:
            planted = rows.task_values(make_task(next_run_at=at, channel=FINOPS))
            values = [
                {"id": each, "workspace_id": WORKSPACE, **planted, "name": f"Check hall {each}"}
                for each in range(after + 1, after + number + 1)
            ]
            if values:
                await work.connection.execute(sa.insert(tasks), values)


async def crowd_rows(alone: Rest, sizes: Crowd) -> list[Row]:
    """Measure a process with many tasks that wait, beside one with none, and what follows.

    Then many more come due in one minute under it, while it is asked things. How long it takes to
    claim the one of many that comes due is measured apart.
    """
    with TemporaryDirectory() as folder, House.open(Path(folder), *_PATIENT) as house:
        await plant_many(house.database_url, sizes.waiting, utc_now() + _FAR)
        crowded = await at_rest(house, sizes.idle_s)
        claimed, acks = await _burst(house, sizes)
    with TemporaryDirectory() as folder:
        spans = await _claim_one_by_one(f"sqlite:///{folder}/crowd.db", sizes.waiting, sizes.claims)
    return [
        *_waiting_rows(alone, crowded, sizes),
        Row(
            what="the one that comes due, claimed",
            ours=median_and_worst(spans, 1),
            unit="ms p50/p99",
            beside=f"limit {CLAIM_MS:g} p99",
            n=sizes.claims,
            how=f"one round among {sizes.waiting:,} tasks, SQLite",
            holds=quantile(spans, 0.99) <= CLAIM_MS,
        ),
        *_burst_rows(claimed, acks, sizes),
    ]


def _waiting_rows(alone: Rest, crowded: Rest, sizes: Crowd) -> list[Row]:
    grown, later = crowded.memory_mb - alone.memory_mb, crowded.start_s - alone.start_s
    return [
        Row(
            what="start with tasks that wait",
            ours=f"{crowded.start_s:.1f}",
            unit="s",
            beside=f"{alone.start_s:.1f} with none; limit {WAITING_START_S:g} more",
            n=sizes.waiting,
            how="chatcron run until connected, SQLite",
            holds=later <= WAITING_START_S,
        ),
        Row(
            what="processor at rest, tasks that wait",
            ours=f"{crowded.cpu_percent:.2f}",
            unit="% of a core",
            beside=f"limit {IDLE_CPU_PERCENT:g}; {alone.cpu_percent:.2f} with none",
            n=sizes.waiting,
            how=f"the same process, over {sizes.idle_s:g} s",
            holds=crowded.cpu_percent <= IDLE_CPU_PERCENT,
        ),
        Row(
            what="memory for tasks that wait",
            ours=f"{grown:.0f}",
            unit="MB",
            beside=f"limit {GROWTH_MB:g}; {alone.memory_mb:.0f} with none",
            n=sizes.waiting,
            how="resident, the same two processes",
            holds=grown <= GROWTH_MB,
        ),
    ]


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


async def _burst(house: House, sizes: Crowd) -> tuple[float, Sequence[float]]:
    """Let many tasks come due in one minute, and ask things; gives the seconds and the acks."""
    due_at = utc_now() + timedelta(seconds=sizes.ahead_s)
    await plant_many(house.database_url, sizes.burst, due_at, after=sizes.waiting)
    await asyncio.sleep(max(0.0, due_at.timestamp() - time()))
    return await asyncio.gather(
        asyncio.to_thread(_seconds_until_claimed, house, sizes.burst, due_at.timestamp()),
        _ask(house, sizes.asked),
    )


def _burst_rows(claimed: float, acks: Sequence[float], sizes: Crowd) -> list[Row]:
    return [
        Row(
            what="due in one minute, all claimed",
            ours=f"{claimed:.1f}",
            unit="s",
            beside=f"limit {CLAIMED_S:g}",
            n=sizes.burst,
            how=f"from the moment to the last row, beside {sizes.waiting:,} that wait, SQLite",
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
            sleep(_COUNTED_EVERY_S)  # to count takes from what is measured
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
