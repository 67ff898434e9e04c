"""Lease: what a process holds of a run while it works on it, renewed by a heart that beats."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import structlog

from scheduler.errors import TakenAway
from scheduler.now import Now
from storage.records import Run
from storage.store import Store

LEASE = timedelta(seconds=30)
"""How long a process that gives no sign of life keeps what it works on, where nothing else is set.
"""
RENEWALS_A_LEASE = 3
AGAIN_S = 1.0
"""How soon it is tried again to renew a lease, or to record an outcome, without a database."""

log = structlog.get_logger(__name__)


@asynccontextmanager
async def held(store: Store, run: Run, *, lease: timedelta, now: Now) -> AsyncIterator[None]:
    """Renew an attempt's lease as long as the block lasts; raises TakenAway once that fails."""
    hold = asyncio.timeout(None)
    heart = asyncio.ensure_future(_beat(store, run, hold, lease, now))
    try:
        async with hold:
            yield
    except TimeoutError as error:
        if hold.expired():
            raise TakenAway from error
        raise
    finally:
        heart.cancel()
        with suppress(asyncio.CancelledError):
            await heart


async def _beat(store: Store, run: Run, hold: asyncio.Timeout, lease: timedelta, now: Now) -> None:
    every_s = lease.total_seconds() / RENEWALS_A_LEASE
    wait_s = every_s
    while True:
        await asyncio.sleep(wait_s)
        wait_s = every_s
        try:
            async with store.begin() as work:
                is_held = await work.runs.renew(run.id, run.attempt, lease_until=now() + lease)
            if not is_held:
                hold.reschedule(asyncio.get_running_loop().time())
                return
        except Exception:
            log.exception("A lease was not renewed", action="renew_failed")
            wait_s = min(AGAIN_S, every_s)
