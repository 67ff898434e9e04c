"""What only the shared queue has: jobs of dead workers, and tables of its own."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from scheduler import shared_queue
from scheduler.now import utc_now
from storage.database import Database
from storage.errors import QueueOlder, QueueStrange
from storage.migrate import migrate
from storage.records import RunId, RunStatus
from storage.store import Store
from tests.scheduler.test_queues import Place, open_agent


async def test_the_job_of_a_dead_worker_is_brought_to_another(postgres_url: str) -> None:
    """A worker that dies with a job in its hands, its run not begun, leaves nothing undone."""
    agent = open_agent()
    async with Database(postgres_url) as database:
        await migrate(database)
        store = Store(database)
        await shared_queue.set_up(store, utc_now())
        place = Place(kind="shared", store=store)
        [put] = await place.put(place.make(place.runner(agent).run, workers=1, drain_s=0))
        async with store.begin() as work:
            await work.connection.execute(sa.text(TAKEN_BY_THE_DEAD))
        async with place.queue(agent) as queue:
            mended = await queue.mend(utc_now())
            [run] = await place.ended([put])
            assert await queue.mend(utc_now()) == 0

    assert (mended, run.status, run.attempt) == (1, RunStatus.SUCCEEDED, 1)


TAKEN_BY_THE_DEAD = "UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL"


async def test_a_database_without_the_queue_is_refused(postgres_url: str) -> None:
    """A queue whose tables are missing, or of an older make, asks for a migration."""
    async with Database(postgres_url) as database:
        await migrate(database)
        store = Store(database)
        queue = Place(kind="shared", store=store).make(_nothing, workers=1, drain_s=0)
        with pytest.raises(QueueOlder, match="chatcron migrate"):
            await queue.check()
        await shared_queue.set_up(store, utc_now())
        await queue.check()
        await shared_queue.set_up(store, utc_now())  # again: nothing is left to do
        async with store.begin() as work:
            await work.marks.put(shared_queue.MARK, {"version": "03.00.00_01_pre.sql"}, utc_now())
        with pytest.raises(QueueOlder):
            await queue.check()


async def test_another_programs_queue_is_left_alone(postgres_url: str) -> None:
    """A database that has procrastinate's tables, but not from us, is refused."""
    async with Database(postgres_url) as database:
        await migrate(database)
        store = Store(database)
        async with store.begin() as work:
            await work.connection.execute(sa.text("CREATE TABLE procrastinate_jobs (id int)"))
        with pytest.raises(QueueStrange, match="database of its own"):
            await shared_queue.set_up(store, utc_now())


async def _nothing(run_id: RunId) -> None:
    pass
