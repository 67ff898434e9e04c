"""A process at rest: what it took to start, what it holds, and what it spends with nothing due."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import perf_counter

from tests.bench.machine import cpu_seconds, resident_mb
from tests.journeys.driver import House

SETTLED_S = 5.0
"""How long after its start a process has come to rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """The seconds of a start, and the memory and the processor's share after it."""

    start_s: float
    memory_mb: float
    cpu_percent: float


async def at_rest(house: House, rest_s: float) -> Rest:
    """Start the bot of a house, let it settle, and watch it for so long."""
    began = perf_counter()
    bot = house.run()
    start_s = perf_counter() - began
    await asyncio.sleep(min(SETTLED_S, rest_s))
    before = cpu_seconds(bot.pid)
    await asyncio.sleep(rest_s)
    spent = cpu_seconds(bot.pid) - before
    return Rest(start_s=start_s, memory_mb=resident_mb(bot.pid), cpu_percent=100 * spent / rest_s)
