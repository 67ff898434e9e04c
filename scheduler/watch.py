"""Watch: looks again at the places tasks wait for, in case Slack's word of them was lost."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Protocol

import structlog

from scheduler.warden import Warden
from storage.records import Hold, Place, TaskState
from storage.store import Store

AT_A_TIME = 20
"""How many places one round looks at: as many as Slack's rate leaves room for."""
_WAITING = (Hold.INVITATION, Hold.PLACE, Hold.OWNER)
_ROUND = "round"
_GRACE_S = 1.0

log = structlog.get_logger(__name__)


class Lookout(Protocol):
    """Asks Slack what a place is now."""

    async def look_at(self, place_id: str) -> Place | None:
        """Describe a place as it is now, or as it was known when nobody answers."""


class Watch:
    """Looks in the background, each place once at a time; `stop` waits for the looks in hand."""

    def __init__(self, store: Store, lookout: Lookout, warden: Warden) -> None:
        self._store = store
        self._lookout = lookout
        self._warden = warden
        self._looks: dict[str, asyncio.Task[None]] = {}
        self._turn = 0

    def look_soon(self, channel: str) -> None:
        """Look at a place that refused something."""
        if channel not in self._looks:
            self._begin(channel, self.look(channel))

    def look_again(self) -> None:
        """Look at places whose tasks wait, some in each round."""
        if _ROUND not in self._looks:
            self._begin(_ROUND, self.round())

    async def look(self, channel: str) -> None:
        """Look at a place now, and let its tasks be as it allows."""
        await self._lookout.look_at(channel)
        await self._warden.survey(channel)

    async def round(self) -> None:
        """Look at the next of the places whose tasks wait."""
        async with self._store.read() as work:
            waiting = await work.tasks.those((TaskState.DRAFT, TaskState.PAUSED), holds=_WAITING)
        channels = list(dict.fromkeys(task.channel for task in waiting))
        start = self._turn if self._turn < len(channels) else 0
        self._turn = start + AT_A_TIME
        for channel in channels[start : self._turn]:
            await self.look(channel)

    async def stop(self) -> None:
        """Wait a little for the looks in hand, and give up the rest until the next start.

        Slack may be slow, and is given up; a write to the database is quick, and ends by itself.
        """
        if self._looks:
            await asyncio.wait(self._looks.values(), timeout=_GRACE_S)
        for look in self._looks.values():
            look.cancel()
        await asyncio.gather(*self._looks.values(), return_exceptions=True)

    def _begin(self, name: str, look: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(look)
        self._looks[name] = task
        task.add_done_callback(lambda done: self._ended(name, done))

    def _ended(self, name: str, done: asyncio.Future[None]) -> None:
        del self._looks[name]
        if not done.cancelled() and (error := done.exception()) is not None:
            log.error("A place was not looked at", action="look_failed", exc_info=error)
