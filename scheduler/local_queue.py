"""LocalQueue: runs are worked on in this process, a bounded number at a time.

The rows of the ledger are the queue; this only pulls from them. So nothing is lost with the
process, and what was queued before a restart is pulled after it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from scheduler.hands import Hands
from scheduler.now import Now
from scheduler.pump import Pump
from scheduler.stillness import Stillness
from storage.records import RunId
from storage.store import Store, Work

READ_AHEAD = 240
"""Runs that are looked up at once, to be begun one after the other: looking for each costs more."""
UNRECORDED = 500
"""Runs whose work is done that may wait to be recorded while others begin."""
PART_OF_MORE = 100
"""So many runs put at once are part of a burst: none of them begins before all of it is put, as to
put them is short and to work on them is long."""
HOLD_S = 1.0
LONGEST_HOLD_S = 5.0


async def _nothing(run_ids: Sequence[RunId]) -> None:
    """Foresee nothing."""


class LocalQueue:
    """Hands queued runs to `run`, at most `workers` at once.

    `stop` lets what is in progress finish for `drain_s` seconds and then cancels it; a cancelled
    run is picked up at the next start. `foresee` is told of the runs that are begun soon.
    """

    def __init__(
        self,
        store: Store,
        run: Callable[[RunId], Awaitable[None]],
        *,
        workers: int,
        drain_s: float,
        now: Now,
        foresee: Callable[[Sequence[RunId]], Awaitable[None]] = _nothing,
    ) -> None:
        self._store = store
        self._workers = workers
        self._now = now
        self._foresee = foresee
        self._pump = Pump("pull", self._pull)
        self._hands = Hands(run, drain_s=drain_s, at_end=self._pump.wake)
        self._ahead: deque[RunId] = deque()
        self._stillness = Stillness(store.database.changes)
        self._held_since = self._held_until = 0.0

    async def put(self, work: Work, run_ids: Sequence[RunId]) -> None:  # noqa: ARG002  as others
        """Hold on where many are put; the rows that were just written are the queue."""
        if len(run_ids) < PART_OF_MORE:
            return
        now = asyncio.get_running_loop().time()
        if now >= self._held_until:
            self._held_since = now
        self._held_until = min(now + HOLD_S, self._held_since + LONGEST_HOLD_S)

    def wake(self) -> None:
        """Look for queued runs soon."""
        self._held_until = 0.0
        self._pump.wake()

    def drop(self, run_ids: Sequence[RunId]) -> None:
        """Leave off the work on runs that were ended; of those ahead, no claim succeeds."""
        self._hands.drop(run_ids)

    def worked(self, run_id: RunId) -> None:
        """Let another run begin in the place of one that is only to be recorded."""
        self._hands.worked(run_id)

    async def check(self) -> None:
        """Find nothing amiss: there is nothing but the ledger."""

    async def mend(self, now: datetime) -> int:  # noqa: ARG002  as the shared queue's
        """Find nothing to mend: a queued row is in the queue."""
        return 0

    async def start(self) -> None:
        """Begin to pull, at once."""
        self._pump.start()

    async def stop(self) -> None:
        """Take nothing new, let runs in progress finish, and cancel those that do not in time."""
        await self._pump.stop()
        await self._hands.drain()

    async def _pull(self) -> None:
        if asyncio.get_running_loop().time() < self._held_until:
            return
        unrecorded = len(self._hands) - self._hands.at_work
        free = min(self._workers - self._hands.at_work, UNRECORDED - unrecorded)
        if free <= 0:
            return
        if len(self._ahead) < free:
            ready = await self._ready(self._now())
            self._ahead = deque(run_id for run_id in ready if run_id not in self._hands)
            if self._ahead:
                await self._foresee(list(self._ahead))
        for _ in range(min(free, len(self._ahead))):
            self._hands.begin(self._ahead.popleft())

    async def _ready(self, now: datetime) -> list[RunId]:
        if self._stillness.lasts(now):
            return []
        mark = self._stillness.mark()
        async with self._store.read() as work:
            ready = await work.runs.ready(now, self._workers + READ_AHEAD)
            until = None if ready else await work.looks.next_ready(now)
        if not ready:
            self._stillness.begins(mark, until=until)
        return ready
