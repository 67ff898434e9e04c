"""Hands: the runs that this process works on, each in a task of its own; the queues hold them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import structlog

from storage.records import RunId

log = structlog.get_logger(__name__)


class Hands:
    """Works on runs, each once at a time; `at_end` hears when one is done or leaves."""

    def __init__(
        self,
        run: Callable[[RunId], Awaitable[None]],
        *,
        drain_s: float,
        at_end: Callable[[], None] = lambda: None,
    ) -> None:
        self._run = run
        self._drain_s = drain_s
        self._at_end = at_end
        self._in_progress: dict[RunId, asyncio.Future[None]] = {}
        self._worked: set[RunId] = set()

    def __len__(self) -> int:
        """Count the runs in progress."""
        return len(self._in_progress)

    @property
    def at_work(self) -> int:
        """Count the runs in progress whose work is not done."""
        return len(self._in_progress) - len(self._worked)

    def worked(self, run_id: RunId) -> None:
        """Hear that the work on a run is done, and is only to be recorded."""
        if run_id in self._in_progress:
            self._worked.add(run_id)
            self._at_end()

    def __contains__(self, run_id: RunId) -> bool:
        """Say whether a run is in progress here."""
        return run_id in self._in_progress

    def begin(self, run_id: RunId) -> asyncio.Future[None]:
        """Work on a run; gives the work, which may be waited for."""
        if run_id in self._in_progress:
            return self._in_progress[run_id]
        work = asyncio.ensure_future(self._run(run_id))
        self._in_progress[run_id] = work
        work.add_done_callback(partial(self._ended, run_id))
        return work

    def drop(self, run_ids: Sequence[RunId]) -> None:
        """Leave off the work on runs that were ended; elsewhere their lost leases end it."""
        for run_id in run_ids:
            if run_id in self._in_progress:
                self._in_progress[run_id].cancel()

    async def drain(self) -> None:
        """Let what is in progress finish for `drain_s` seconds, and cancel what does not."""
        if self._in_progress:
            _, late = await asyncio.wait(self._in_progress.values(), timeout=self._drain_s)
            for work in late:
                work.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _ended(self, run_id: RunId, done: asyncio.Future[None]) -> None:
        del self._in_progress[run_id]
        self._worked.discard(run_id)
        self._at_end()
        if not done.cancelled() and (error := done.exception()) is not None:
            log.error(
                "A run could not be recorded; it stays as it was",
                action="run_unrecorded",
                run_id=run_id,
                exc_info=error,
            )
