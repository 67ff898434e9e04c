"""What is computed for every due moment, without a database or a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from time import perf_counter_ns
from zoneinfo import ZoneInfo

from croniter import croniter
from cronsim import CronSim

from scheduler.recurrence import next_after
from storage.schedules import Cron, Schedule
from tests.bench.table import Row, quantile

_ZONE = "America/New_York"
_NOW = datetime(2026, 3, 5, 15, 17, tzinfo=UTC)
_EXPRESSIONS = ("30 2 * * *", "*/15 * * * *", "0 9 * * 1-5", "0 9 1 */3 *", "0 9 29 2 *")


def _milliseconds(work: Callable[[], object]) -> float:
    began = perf_counter_ns()
    work()
    return (perf_counter_ns() - began) / 1e6


def next_run_rows(times: int) -> Iterator[Row]:
    """Time the next moment of a cron expression, ours and two cron libraries' in turn."""
    local = _NOW.astimezone(ZoneInfo(_ZONE))
    for expression in _EXPRESSIONS:
        ways = _ways(expression, local)
        spent: list[list[float]] = [[] for _ in ways]
        for _ in range(times):
            for way, found in zip(ways, spent, strict=True):
                found.append(_milliseconds(way) * 1000)
        ours, croniters, cronsims = (f"{quantile(found, 0.5):,.0f}" for found in spent)
        yield Row(
            what=f"next run of {expression}",
            ours=ours,
            unit="µs",
            beside=f"croniter {croniters}, cronsim {cronsims}",
            n=times,
            how="asked anew each time, p50; ours keeps read expressions",
        )


def _ways(expression: str, local: datetime) -> Sequence[Callable[[], object]]:
    schedule = Schedule(rule=Cron(expression=expression), zone=_ZONE)
    return (
        lambda: next_after(schedule, _NOW),
        lambda: croniter(expression, local).get_next(datetime),
        lambda: next(CronSim(expression, local)),
    )
