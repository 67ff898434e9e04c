"""What is looked up after a start, slowly and in the background: guests, and places never seen.

A database of an earlier version knows its tasks' channels by their ids alone, and what is not known
of a channel hides its tasks; and only who is known as a guest can be kept from what is not theirs.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from bot.directory import SlackDirectory
from storage.store import Store

BETWEEN_S = 1.5
"""Slack takes about fifty questions of this kind in a minute."""

log = structlog.get_logger(__name__)


class Survey:
    """Looks once at what the store does not know; `stop` ends it wherever it is."""

    def __init__(
        self, store: Store, directory: SlackDirectory, *, between_s: float = BETWEEN_S
    ) -> None:
        self._store = store
        self._directory = directory
        self._between_s = between_s
        self._looking: asyncio.Future[None] | None = None

    def start(self) -> None:
        """Begin to look; nothing waits for it."""
        self._looking = asyncio.ensure_future(self.look())

    async def stop(self) -> None:
        """End it; what was not looked at is looked at after the next start."""
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError):
                await self._looking

    async def look(self) -> None:
        """Learn the guests, then each place of a task that is not known, one after the other."""
        try:
            await self._directory.learn_guests()
            for channel in await self._unknown():
                await self._directory.place(channel)
                await self._directory.members(channel)
                await asyncio.sleep(self._between_s)
        except Exception:
            log.exception("The look around ended early; the next start repeats it",
                          action="survey_failed")  # fmt: skip

    async def _unknown(self) -> list[str]:
        async with self._store.read() as work:
            channels = await work.tasks.channels()
            return [channel for channel in channels if await work.places.get(channel) is None]
