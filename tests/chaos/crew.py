"""One process of a crew on one Postgres; `tests.chaos.mates` hires them.

Everything of `scheduler` and `storage` is real; what stands in for Slack and the agents writes each
post and each execution down at once, outside the ledger's transactions, so that they can be held
against it. With a folder, the agent waits there for a file named `go`. Leases are short.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg

from bot.logs import set_up_logs
from scheduler import courier as couriers
from scheduler import reaper as reapers
from scheduler.agents import PROFILES
from scheduler.agents.agent import Brief, Profile
from scheduler.clock import Clock
from scheduler.courier import Courier, Parcel, Sent
from scheduler.dispatcher import Dispatcher
from scheduler.now import utc_now
from scheduler.reaper import Reaper
from scheduler.runner import Runner
from scheduler.shared_queue import SharedQueue
from storage.database import Database
from storage.records import RunId
from storage.reports import Report
from storage.slots import Limits
from storage.store import Store

LEASE = timedelta(seconds=3)
WORKERS = 10
LIMITS = Limits(at_once=64, of_agent=32)
DRAIN_S = 10.0
UP = "up\n"
BOOKS = """
CREATE TABLE executions (run_id bigint NOT NULL, worker text NOT NULL);
CREATE TABLE posts (delivery_id bigint NOT NULL, courier text NOT NULL);
"""
"""What really happened, whatever the ledger says."""


class Book:
    """Writes down what happens, each line at once and for good."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.AsyncConnection | None = None
        self._one_at_a_time = asyncio.Lock()

    async def write(self, statement: str, *values: object) -> int:
        """Execute a statement; gives how many rows it changed or found."""
        async with self._one_at_a_time:
            if self._connection is None or self._connection.closed:
                self._connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True)
            done = await self._connection.execute(statement.encode(), values)
            return done.rowcount

    async def close(self) -> None:
        """Close the book."""
        if self._connection is not None:
            await self._connection.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """Works by writing down that it did."""

    book: Book
    me: str
    folder: Path | None
    profile: Profile = PROFILES["alex"]

    def missing(self) -> str | None:
        return None

    async def work(self, brief: Brief) -> Report:
        await self.book.write("INSERT INTO executions VALUES (%s, %s)", brief.run_id, self.me)
        if self.folder is not None:
            (self.folder / "began").touch()
            while not (self.folder / "go").exists():  # noqa: ASYNC110  another process makes it
                await asyncio.sleep(0.02)
        return Report(headline=f"Done by {self.me}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Posts to a table; as the outlet to Slack, it looks first where an earlier post may stand."""

    book: Book
    me: str

    async def send(self, parcel: Parcel) -> Sent:
        number = parcel.delivery.id
        sent = Sent(ref=str(number), sent_to=parcel.delivery.target)
        look = "SELECT 1 FROM posts WHERE delivery_id = %s"
        if not (parcel.again and await self.book.write(look, number)):
            await self.book.write("INSERT INTO posts VALUES (%s, %s)", number, self.me)
        return sent


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Book]:
    """Give a book that is closed at the end."""
    book = Book(url)
    try:
        yield book
    finally:
        await book.close()


@asynccontextmanager
async def part(role: str, store: Store, book: Book, folder: Path | None) -> AsyncIterator[None]:
    """Do the part of a role until left."""
    me = f"{role}:{os.getpid()}"
    courier = Courier(store, {"slack": Board(book=book, me=me)}, now=utc_now)

    async def run(run_id: RunId) -> None:
        await runner.run(run_id)

    queue = SharedQueue(store, run, workers=WORKERS, drain_s=DRAIN_S, silent_for=LEASE)
    runner = Runner(
        store,
        {"alex": Booked(book=book, me=me, folder=folder)},
        worker=me,
        retry_delay=timedelta(0),
        now=utc_now,
        wake_courier=courier.wake,
        lease=LEASE,
        put=queue.put,
    )
    dispatcher = Dispatcher(store, queue)
    clock, reaper = Clock(lambda: dispatcher.tick(utc_now())), Reaper(runner, queue, now=utc_now)
    parts = {"scheduler": (reaper, clock), "worker": (queue,), "courier": (courier,)}[role]
    async with AsyncExitStack() as stack:
        for each in parts:
            await each.start()
            stack.push_async_callback(each.stop)
        yield


async def main(role: str, url: str, folder: Path | None) -> None:
    """Run a part until SIGTERM."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    couriers.GAP = couriers.HEAD_START = timedelta(0)
    couriers.STUCK_AFTER, couriers.SEND_LIMIT_S = LEASE, 1
    reapers.LEASES_EVERY = timedelta(seconds=0.5)
    async with (
        Database(url) as database,
        opened(url) as book,
        part(role, Store(database, limits=LIMITS), book, folder),
    ):
        sys.stdout.write(UP)
        sys.stdout.flush()
        await stopped.wait()


def serve(role: str, url: str, folder: Path | None, file: Path) -> None:
    """Run a part in a process of its own, which writes to a file."""
    with file.open("w", encoding="utf-8") as output:
        sys.stdout = sys.stderr = output
        set_up_logs("warning", "text")
        asyncio.run(main(role, url, folder))
