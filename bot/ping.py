"""Ping: the dead man's switch; a watcher elsewhere raises the alarm when it stops coming."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout

LIMIT_S = 10
AGAIN_S = 2.0
"""How soon it is tried again where it was not well, as right after a start, or did not arrive."""
_REFUSED_FROM = 400

log = structlog.get_logger(__name__)


class Ping:
    """GETs an address every so many seconds, as long as `is_well` says so; it never raises.

    The address is a secret: it stands in no log line.
    """

    def __init__(self, url: str, *, every_s: float, is_well: Callable[[], Awaitable[bool]]) -> None:
        self._url = url
        self._every_s = every_s
        self._is_well = is_well
        self._has_failed = False
        self._stopping = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, with a ping at once."""
        self._loop = asyncio.ensure_future(self._run())

    async def stop(self) -> None:
        """Leave off; a ping on its way is given up."""
        self._stopping.set()
        if self._loop is not None:
            self._loop.cancel()
            with suppress(asyncio.CancelledError):
                await self._loop

    async def send(self) -> bool:
        """Send one ping if all is well; says whether it arrived."""
        try:
            if not await self._is_well():
                return False
            async with (
                ClientSession(timeout=ClientTimeout(total=LIMIT_S), trust_env=True) as session,
                session.get(self._url) as response,
            ):
                why = f"status {response.status}" if response.status >= _REFUSED_FROM else None
        except (ClientError, OSError, TimeoutError, ValueError) as error:
            why = type(error).__name__
        except Exception:
            log.exception("A ping broke", action="ping_broke")
            return False
        self._tell(why)
        return why is None

    def _tell(self, why: str | None) -> None:
        """Log a failure and the end of it, not each of a row."""
        has_failed = why is not None
        if has_failed and not self._has_failed:
            log.warning("A ping did not arrive; the next comes", action="ping_failed", reason=why)
        elif self._has_failed and not has_failed:
            log.info("Pings arrive again", action="ping_arrives")
        self._has_failed = has_failed

    async def _run(self) -> None:
        while not self._stopping.is_set():
            wait_s = self._every_s if await self.send() else AGAIN_S
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait_s)
