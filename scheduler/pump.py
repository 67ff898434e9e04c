"""Pump: a loop that works when it is woken, and at least every so often of monotonic time.

Clock, LocalQueue and Courier each turn on one, once a second: what another process wrote, and a
wall clock that jumped, are noticed within that second, and a failure in one round never ends the
rounds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

POLL_S = 1.0

log = structlog.get_logger(__name__)


class Pump:
    """Calls `work` again and again; one that raises is logged under `name`, and the next comes.

    It rests `rest_s` after each round, however often it is woken: where many wake it one after the
    other, one round serves them all.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], Awaitable[None]],
        *,
        every_s: float = POLL_S,
        rest_s: float = 0.0,
    ) -> None:
        self._every_s = every_s
        self._rest_s = rest_s
        self._name = name
        self._work = work
        self._bell = asyncio.Event()
        self._stopping = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self.last_round: float | None = None

    def wake(self) -> None:
        """Ask for a round soon; cheap, and safe before `start`."""
        self._bell.set()

    def start(self) -> None:
        """Begin, with a round at once."""
        self._bell.set()
        self._loop = asyncio.ensure_future(self._run())

    async def stop(self) -> None:
        """Finish the round in progress and stop."""
        if self._loop is not None:
            self._stopping.set()
            self._bell.set()
            await self._loop
            self._loop = None

    async def _run(self) -> None:
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._bell.wait(), self._every_s)
            self._bell.clear()
            if self._stopping.is_set():
                return
            try:
                await self._work()
                self.last_round = asyncio.get_running_loop().time()
            except Exception:
                log.exception("A round failed; the next one comes", action=f"{self._name}_failed")
            if self._rest_s:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), self._rest_s)
