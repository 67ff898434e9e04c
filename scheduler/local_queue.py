"""LocalQueue: runs are worked on in this process, a bounded number at a time.

The rows of the ledger are the queue; this only pulls from them. So nothing is lost with the
process, and what was queued before a restart is pulled after it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import structlog

from scheduler.now import Now
from scheduler.pump import Pump
from storage.records import RunId
from storage.store import Store, Work

log = structlog.get_logger(__name__)


class LocalQueue:
    """Hands queued runs to `run`, at most `workers` at once.

    `stop` lets what is in progress finish for `drain_s` seconds and then cancels it; a cancelled
    run is picked up at the next start.
    """

    def __init__(
        self,
        store: Store,
        run: Callable[[RunId], Awaitable[None]],
        *,
        workers: int,
        drain_s: float,
        now: Now,
    ) -> None:
        self._store = store
        self._run = run
        self._workers = workers
        self._drain_s = drain_s
        self._now = now
        self._pump = Pump("pull", self._pull)
        self._in_progress: dict[RunId, asyncio.Task[None]] = {}

    async def put(self, work: Work, run_ids: Sequence[RunId]) -> None:
        """Do nothing more: the rows that were just written are the queue."""

    def wake(self) -> None:
        """Look for queued runs soon."""
        self._pump.wake()

    def drop(self, run_ids: Sequence[RunId]) -> None:
        """Leave off the work on runs that were ended; elsewhere their lost leases end it."""
        for run_id in run_ids:
            if run_id in self._in_progress:
                self._in_progress[run_id].cancel()

    async def start(self) -> None:
        """Begin to pull, at once."""
        self._pump.start()

    async def stop(self) -> None:
        """Take nothing new, let runs in progress finish, and cancel those that do not in time."""
        await self._pump.stop()
        if self._in_progress:
            _, late = await asyncio.wait(self._in_progress.values(), timeout=self._drain_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _pull(self) -> None:
        free = self._workers - len(self._in_progress)
        if free <= 0:
            return
        async with self._store.read() as work:
            ready = await work.runs.ready(self._now(), self._workers + free)
        for run_id in [ready_id for ready_id in ready if ready_id not in self._in_progress][:free]:
            task = asyncio.ensure_future(self._run(run_id))
            self._in_progress[run_id] = task
            task.add_done_callback(partial(self._finished, run_id))

    def _finished(self, run_id: RunId, done: asyncio.Task[None]) -> None:
        del self._in_progress[run_id]
        self._pump.wake()
        if not done.cancelled() and (error := done.exception()) is not None:
            log.error(
                "A run could not be recorded; it stays as it was",
                action="run_unrecorded",
                run_id=run_id,
                exc_info=error,
            )
