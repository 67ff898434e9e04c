"""Readiness: what has to work for tasks to run and be heard; /readyz, /metrics and the ping ask.

Each sign has a reason, and no reason holds an error's own text: the page may be read by anybody
who reaches it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from storage.migrate import REVISIONS
from storage.outage import is_outage
from storage.store import Store

ANSWER_LIMIT_S = 2
HELD = "It takes no changes, as when another program holds its file"
TICK_AGE_LIMIT_S = 10.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Whether one thing works, and why that is said."""

    ok: bool
    reason: str


Signs = dict[str, Sign]


class Readiness:
    """Looks at database, schema, pump and Slack; changes nothing.

    `last_tick` gives when the pump's last tick ended, in the loop's time; None for a process that
    has no pump. `is_connected` says whether Slack's socket is open; None where there is none.
    """

    def __init__(
        self,
        store: Store,
        *,
        last_tick: Callable[[], float | None] | None,
        is_connected: Callable[[], Awaitable[bool | None]] | None,
    ) -> None:
        self._store = store
        self._last_tick = last_tick
        self._is_connected = is_connected
        self._trial: asyncio.Future[bool] | None = None

    async def look(self) -> Signs:
        """Look at all of it."""
        found = await self.look_at_work()
        if self._is_connected is not None:
            found["slack"] = of_slack(await self._is_connected())
        return found

    async def look_at_work(self) -> Signs:
        """Look at what the work on tasks stands on, Slack left out."""
        found = await self._of_database()
        if self._last_tick is not None:
            found["pump"] = of_pump(self._last_tick(), asyncio.get_running_loop().time())
        return found

    async def stop(self) -> None:
        """Wait for what is still tried out."""
        if self._trial is not None:
            await self._trial

    async def _of_database(self) -> Signs:
        lasts_s = self._store.database.outage.lasts_s
        try:
            async with asyncio.timeout(ANSWER_LIMIT_S), self._store.read() as work:
                schema = await work.counts.schema()
        except TimeoutError:
            return _away(f"It did not answer within {ANSWER_LIMIT_S} s.")
        except Exception as error:
            if not is_outage(error):
                error_name = type(error).__name__
                log.warning("The database fails", action="unhealthy", error=error_name)
                return _away("It fails; the log says more.")
            return _away(_since("It does not answer", lasts_s))
        sign = Sign(ok=True, reason="It answers.")
        if self._store.database.is_sqlite and not await self._takes_changes():
            sign = Sign(ok=False, reason=_since(HELD, self._store.database.outage.lasts_s))
        return {"database": sign, "schema": of_schema(schema)}

    async def _takes_changes(self) -> bool:
        """Say whether the file can be written to soon: one that is held can still be read.

        A try that has to wait goes on, and whoever asks next waits for the same one.
        """
        if self._trial is None or self._trial.done():
            self._trial = asyncio.ensure_future(self._store.database.takes_changes())
        await asyncio.wait([self._trial], timeout=ANSWER_LIMIT_S)
        return self._trial.done() and self._trial.result()


def _since(what: str, seconds: float | None) -> str:
    lasting = "" if seconds is None else f", for {seconds:.0f} s now"
    return f"{what}{lasting}. What comes due waits; it goes on by itself, without a restart."


def _away(reason: str) -> Signs:
    unknown = Sign(ok=False, reason="Not known while the database does not answer.")
    return {"database": Sign(ok=False, reason=reason), "schema": unknown}


def of_schema(found: str | None) -> Sign:
    """Judge a schema version."""
    if found == REVISIONS[-1]:
        return Sign(ok=True, reason=f"It is at version {found}, the one that is needed.")
    shown = "no version" if found is None else f"version {found}"
    fix = "run chatcron migrate" if found in (None, *REVISIONS) else "update Chatcron"
    return Sign(ok=False, reason=f"It is at {shown}, {REVISIONS[-1]} is needed: {fix}.")


def of_pump(last_tick: float | None, now: float) -> Sign:
    """Judge when the last tick ended; both in seconds of the loop's time."""
    if last_tick is None:
        return Sign(ok=False, reason="It has not ticked yet.")
    age = max(now - last_tick, 0.0)
    if age < TICK_AGE_LIMIT_S:
        return Sign(ok=True, reason=f"Its last tick ended {age:.1f} s ago.")
    reason = f"Its last tick ended {age:.0f} s ago, the limit is {TICK_AGE_LIMIT_S:g} s: what is"
    return Sign(ok=False, reason=f"{reason} due waits. The log says why.")


def of_slack(is_connected: bool | None) -> Sign:
    """Judge the socket to Slack."""
    if is_connected is None:
        return Sign(ok=True, reason="Slack posts to /slack/events; there is no socket to hold.")
    if is_connected:
        return Sign(ok=True, reason="The socket is open.")
    return Sign(ok=False, reason="The socket is closed; it is opened again by itself.")
