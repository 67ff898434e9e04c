"""SharedQueue: runs are worked on by any process on one Postgres.

The only importer of procrastinate. A job brings the number of a run to somebody who is free; what
the run is and who works on it stands in the ledger alone. So a job that is lost is made again by
`mend`, one that comes twice finds the run taken, and a worker that was thought dead spoils nothing.
"""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from scheduler.hands import Hands
from scheduler.pump import POLL_S
from storage.errors import QueueOlder, QueueStrange
from storage.migrate import analyze
from storage.records import RunId
from storage.shared_jobs import QUEUE
from storage.store import Store, Work

if TYPE_CHECKING:
    from procrastinate import App

MARK = "queue_schema"
MENDED_AT_ONCE = 500
HEARTBEATS_A_LEASE = 3
_TASK = "run"

log = structlog.get_logger(__name__)


def is_installed() -> bool:
    """Say whether the extra `postgres` is there."""
    return importlib.util.find_spec("procrastinate") is not None


async def set_up(store: Store, now: datetime) -> None:
    """Bring the queue's own tables to what the installed procrastinate needs, and analyse them.

    Raises QueueStrange where there are such tables that Chatcron did not make.
    """
    async with store.begin() as work:
        mark = await work.marks.get(MARK)
        if mark is None and await work.jobs.are_there():
            raise QueueStrange(QueueStrange.__doc__)
        driver = await _driver(work)
        for step in _steps(None if mark is None else str(mark["version"])):
            await driver.execute(step)
        await work.marks.put(MARK, {"version": _versions()[-1].name}, now)
    await analyze(store.database)


async def is_up_to_date(work: Work) -> bool:
    """Say whether the queue's tables are those that the installed procrastinate needs."""
    mark = await work.marks.get(MARK)
    return mark is not None and mark["version"] >= _versions()[-1].name


def _versions() -> list[Path]:
    from procrastinate.schema import SchemaManager

    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def _steps(found: str | None) -> list[str]:
    """Give the statements that lead from a version to the installed one, the whole for None."""
    from procrastinate.schema import SchemaManager

    if found is None:
        return [SchemaManager.get_schema()]
    return [file.read_text(encoding="utf-8") for file in _versions() if file.name > found]


async def _driver(work: Work) -> Any:
    """Give psycopg's own connection, on which the transaction's other writes go too."""
    return (await work.connection.get_raw_connection()).driver_connection


class SharedQueue:
    """Brings queued runs to `run`, at most `workers` at once in this process.

    `stop` lets what is in progress finish for `drain_s` seconds and then gives it back. A worker
    that gave no sign of life for `silent_for` counts as dead.
    """

    def __init__(
        self,
        store: Store,
        run: Callable[[RunId], Awaitable[None]],
        *,
        workers: int,
        drain_s: float,
        silent_for: timedelta,
    ) -> None:
        self._store = store
        self._workers = workers
        self._silent_for = silent_for
        self._hands = Hands(run, drain_s=drain_s)
        self._room = asyncio.Semaphore(workers)
        self._app = _app(store, workers)
        self._task = self._app.task(name=_TASK, queue=QUEUE)(self._bring)
        self._taking: asyncio.Future[None] | None = None

    async def put(self, work: Work, run_ids: Sequence[RunId]) -> None:
        """Defer a job for each of these runs in the transaction that recorded them."""
        if not run_ids:
            return
        driver = await _driver(work)
        deferrer = self._task.configure(connection=driver)
        jobs = [deferrer.make_new_job(run_id=run_id) for run_id in run_ids]
        await self._app.job_manager.batch_defer_jobs_async(jobs, connection=driver)

    def wake(self) -> None:
        """Do nothing: the database tells every worker of a job when it is committed."""

    def drop(self, run_ids: Sequence[RunId]) -> None:
        """Leave off the work on runs that were ended; elsewhere their lost leases end it."""
        self._hands.drop(run_ids)

    def worked(self, run_id: RunId) -> None:
        """Do nothing: a place is free when a job has ended."""

    async def check(self) -> None:
        """Raise QueueOlder unless the queue's tables are those that are needed."""
        async with self._store.read() as work:
            if not await is_up_to_date(work):
                raise QueueOlder(QueueOlder.__doc__)

    async def mend(self, now: datetime) -> int:
        """Clear the jobs of dead workers, and defer one for each run that nobody would be brought.

        Such runs are those to be tried again, those whose turn has come, and what was given back.
        Returns how many; any number of processes may ask.
        """
        async with self._store.begin() as work:
            if not await work.jobs.may_mend():
                return 0
            stalled = await work.jobs.stalled(self._silent_for)
            await work.jobs.clear(stalled)
            jobless = await work.jobs.jobless(now, MENDED_AT_ONCE)
            await self.put(work, jobless)
        if stalled:
            log.warning("Jobs of dead workers were cleared", action="jobs_cleared", jobs=stalled)
        return len(jobless)

    async def start(self) -> None:
        """Begin to take jobs, at once."""
        self._taking = asyncio.ensure_future(self._take())

    async def stop(self) -> None:
        """Take nothing new, let runs in progress finish, and give back those that do not."""
        if self._taking is not None:
            self._taking.cancel()
            with suppress(asyncio.CancelledError):
                await self._taking
        await self._hands.drain()
        await self._app.close_async()

    async def _take(self) -> None:
        """Take jobs until cancelled; where that breaks off, as without a database, begin again."""
        while True:
            try:
                await self._app.open_async()
                await self._app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=self._workers,
                    fetch_job_polling_interval=POLL_S,
                    shutdown_graceful_timeout=0,  # the hands have their own time to finish
                    delete_jobs="always",
                    install_signal_handlers=False,
                    update_heartbeat_interval=self._beat_s,
                    stalled_worker_timeout=self._silent_for.total_seconds(),
                )
            except Exception:
                log.exception("The queue broke off; it begins again", action="take_failed")
            await asyncio.sleep(POLL_S)

    @property
    def _beat_s(self) -> float:
        return self._silent_for.total_seconds() / HEARTBEATS_A_LEASE

    async def _bring(self, run_id: int) -> None:
        """Let the hands have a run; that the job is called off, as at a stop, leaves the work."""
        async with self._room:
            await asyncio.wait([self._hands.begin(RunId(run_id))])


def _app(store: Store, workers: int) -> App:
    from procrastinate import App, PsycopgConnector

    url = store.database.url.set(drivername="postgresql")
    return App(
        connector=PsycopgConnector(
            conninfo=url.render_as_string(hide_password=False), min_size=1, max_size=workers + 1
        )
    )
