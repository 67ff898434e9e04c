"""`make bench`: prints one table of what Chatcron costs and how fast it is, on this machine.

Each row has a limit or a peer beside it and says how it was measured; a row over its limit is
marked. A full run takes about five minutes on two cores.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, field
from time import perf_counter

from bot.logs import set_up_logs
from tests.bench import (
    apscheduler_peer,
    crowd,
    ledger,
    machine,
    minute,
    outage,
    parsing,
    pure,
    recurring,
    wire,
)
from tests.bench.table import Row, table


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of everything is measured; one of so many `texts` is read."""

    in_flight: int = 50
    rounds: int = 4
    alone: int = 30
    rest_s: float = 5
    due: int = 1_000
    jobs: int = 10_000
    crowd: crowd.Crowd = field(default_factory=crowd.Crowd)
    commands: int = 5
    readings: int = 5
    next_runs: int = 300
    texts: int = 1


async def measure(sizes: Sizes) -> list[Row]:
    """Measure one thing after the other, so that none disturbs another."""
    resting, on_the_wire = await wire.wire_rows(
        in_flight=sizes.in_flight,
        rounds=sizes.rounds,
        alone=sizes.alone,
        rest_s=sizes.rest_s,
    )
    return [
        *on_the_wire,
        *await wire.demo_rows(),
        *machine.command_rows(sizes.commands),
        *parsing.parsing_rows(sizes.readings, one_of=sizes.texts),
        *pure.next_run_rows(sizes.next_runs),
        *recurring.shape_rows(sizes.next_runs),
        *await ledger.ledger_rows(sizes.due * 3),
        *await minute.minute_rows(sizes.due),
        *apscheduler_peer.peer_rows(sizes.jobs, sizes.rest_s),
        *await crowd.crowd_rows(resting, sizes.crowd),
        *await outage.outage_rows(sizes.commands),
        *machine.installed_rows(),
    ]


def main() -> None:
    """Measure everything and print it."""
    sys.stdout.write(f"{machine.facts()}\n\n")
    sys.stdout.flush()
    set_up_logs("warning", "text")
    began = perf_counter()
    rows = asyncio.run(measure(Sizes()))
    sys.stdout.write(f"{table(rows)}\n\nmeasured in {perf_counter() - began:.0f} s\n")


if __name__ == "__main__":
    main()
