"""A worker that was frozen past its lease wakes up, and spoils nothing."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psycopg
import pytest

from scheduler import shared_queue
from scheduler.now import utc_now
from storage.database import Database
from storage.migrate import migrate
from storage.records import AttemptOutcome, RunStatus
from storage.store import Store
from tests.chaos.crew import BOOKS
from tests.chaos.mates import Crew
from tests.chaos.test_killed import due_now
from tests.plants import plant

LIMIT_S = 40


@pytest.fixture
async def shared_store(postgres_url: str) -> AsyncIterator[Store]:
    """Give a store on Postgres with the shared queue and the books of a crew."""
    async with Database(postgres_url) as database:
        await migrate(database)
        await shared_queue.set_up(Store(database), utc_now())
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(BOOKS)
        yield Store(database)


async def once(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(LIMIT_S):
        while not holds():  # noqa: ASYNC110  another process makes it so
            await asyncio.sleep(0.02)


async def test_a_frozen_worker_that_wakes_up_cannot_overwrite_the_newer_attempt(
    shared_store: Store, postgres_url: str, tmp_path: Path
) -> None:
    """Its late report ends nothing while the second attempt works, whose report then stands."""
    frozen_folder, other_folder = tmp_path / "frozen", tmp_path / "other"
    for folder in (frozen_folder, other_folder):
        folder.mkdir()
    await plant(shared_store, due_now("alex"))
    with Crew.on(postgres_url, tmp_path) as crew:
        frozen = crew.hire("worker", waits_in=frozen_folder)
        crew.hire("scheduler")
        await once((frozen_folder / "began").exists)
        frozen.signal(signal.SIGSTOP)
        (frozen_folder / "go").touch()
        other = crew.hire("worker", waits_in=other_folder)
        await once((other_folder / "began").exists)

        frozen.signal(signal.SIGCONT)
        frozen.signal(signal.SIGTERM)
        assert await frozen.ended() == 0
        async with shared_store.read() as work:
            [meanwhile] = await work.runs.recent(since=None, task_id=None)
        (other_folder / "go").touch()
        other.signal(signal.SIGTERM)
        assert await other.ended() == 0

    async with shared_store.read() as work:
        [after] = await work.runs.recent(since=None, task_id=None)
        tries = await work.runs.attempts(after.id)
        owed = await work.deliveries.of_run(after.id)
    assert "A run was taken away" in frozen.output
    assert (meanwhile.status, meanwhile.attempt) == (RunStatus.RUNNING, 2)
    assert (after.status, after.attempt) == (RunStatus.SUCCEEDED, 2)
    assert after.report is not None
    assert after.report.headline == f"Done by worker:{other.pid}"
    assert [each.outcome for each in tries] == [AttemptOutcome.LOST, AttemptOutcome.SUCCEEDED]
    assert len(owed) == 1
