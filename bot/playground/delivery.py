"""How the local Slack brings things to the app: events that are sent again, and asks that are not.

An event is kept until it is acknowledged or its retries are used up, under one event id. A slash
command or a click waits for its answer once, and the person is told when none came.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from bot.playground.entities import Json

KEPT_RECORDS = 20_000

logger = logging.getLogger(__name__)


class Kind(StrEnum):
    """What is carried, in the words of a Socket Mode envelope."""

    EVENT = "events_api"
    COMMAND = "slash_commands"
    INTERACTIVE = "interactive"


class NotAcked(Exception):
    """The app did not acknowledge; `reason` is one of Slack's retry reasons."""

    def __init__(self, reason: str, *, retry: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry = retry


class NotConnected(NotAcked):
    """There is nobody to hand it to."""

    def __init__(self) -> None:
        super().__init__("connection_failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """The number of a retry from 1, and why the attempt before it failed."""

    number: int
    reason: str


class Transport(Protocol):
    """A way to the app."""

    @property
    def connected(self) -> bool:
        """Say whether somebody is there to be handed a payload."""

    async def send(self, kind: Kind, payload: Json, *, retry: Retry | None = None) -> Json:
        """Hand over a payload and give what came with the ack; raises NotAcked."""


@dataclass(slots=True, kw_only=True)
class Record:
    """What became of one event."""

    event_id: str
    event_type: str
    payload: Json
    attempts: int = 0
    acked: bool = False
    ack_ms: float | None = None
    reasons: list[str] = field(default_factory=list)
    settled: bool = False

    def to_json(self) -> Json:
        """Show it to a test."""
        return {
            "event_id": self.event_id,
            "event_type": self.event_type,
            "event": self.payload["event"],
            "attempts": self.attempts,
            "acked": self.acked,
            "ack_ms": self.ack_ms,
            "reasons": self.reasons,
            "settled": self.settled,
        }


class Delivery:
    """Carries events with retries, and asks commands and clicks once."""

    def __init__(
        self,
        transport: Transport,
        *,
        retry_delays_s: Sequence[float],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.transport = transport
        self.records: deque[Record] = deque(maxlen=KEPT_RECORDS)
        self._delays = tuple(retry_delays_s)
        self._clock = clock
        self._arrivals = 0
        self._news = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def event(self, payload: Json) -> Record:
        """Begin to carry an event."""
        record = Record(
            event_id=payload["event_id"], event_type=payload["event"]["type"], payload=payload
        )
        self.records.append(record)
        self._spawn(self._carry(record))
        return record

    def redeliver(self, event_id: str) -> bool:
        """Carry an event once more under its id, as after a lost ack; False if it is unknown."""
        for record in self.records:
            if record.event_id == event_id:
                self._spawn(self._again(record))
                return True
        return False

    async def ask(self, kind: Kind, payload: Json) -> Json:
        """Hand over a command or a click and give the answer in its ack; raises NotAcked."""
        return await self.transport.send(kind, payload)

    def arrived(self) -> None:
        """Wake what waits for the app: it has just connected."""
        self._arrivals += 1
        self.look_up()

    def look_up(self) -> None:
        """Let what waits look at the clock again: it was put forward."""
        self._news.set()
        self._news = asyncio.Event()

    async def stop(self) -> None:
        """Give up what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _carry(self, record: Record) -> None:
        retry: Retry | None = None
        for number in range(len(self._delays) + 1):
            if number:
                await self._wait(self._delays[number - 1])
            while not self.transport.connected:
                await self._news.wait()
            failure = await self._attempt(record, retry)
            if failure is None or not failure.retry:
                break
            retry = Retry(number=number + 1, reason=failure.reason)
        record.settled = True

    async def _again(self, record: Record) -> None:
        retry = Retry(number=max(record.attempts, 1), reason="http_timeout")
        await self._attempt(record, retry)

    async def _attempt(self, record: Record, retry: Retry | None) -> NotAcked | None:
        record.attempts += 1
        began = time.monotonic()
        try:
            await self.transport.send(Kind.EVENT, record.payload, retry=retry)
        except NotAcked as failure:
            record.reasons.append(failure.reason)
            return failure
        record.acked = True
        record.ack_ms = round((time.monotonic() - began) * 1000, 3)
        return None

    async def _wait(self, seconds: float) -> None:
        """Wait for a retry's time, or for the app to connect, whichever is first."""
        due, arrivals = self._clock() + seconds, self._arrivals
        while (left := due - self._clock()) > 0 and arrivals == self._arrivals:
            news = self._news
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await news.wait()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("An event could not be carried", exc_info=error)
