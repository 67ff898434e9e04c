"""One process: start, wait for a signal, stop in order."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable

from bot.assemble import App

LOOKS_AFTER = (20_000, 20, 20)


def ease_collector() -> None:
    """Let the garbage collector leave what the start made alone, and look less often.

    In the midst of a burst it would go through all of that again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*LOOKS_AFTER)


async def run_until_stopped(
    app: App, *, when_up: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Run until SIGINT or SIGTERM; what was started is stopped, also when the start fails."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    try:
        await app.start()
        ease_collector()
        if when_up is not None:
            await when_up()
        await stopped.wait()
    finally:
        await app.stop()
        gc.unfreeze()  # some libraries look at the exit what is left of theirs
