"""What is computed for every message and every due moment, without a database or a network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from time import perf_counter_ns
from zoneinfo import ZoneInfo

from croniter import croniter
from cronsim import CronSim

from bot.intent.reader import read
from scheduler.recurrence import next_after
from storage.schedules import Cron, Schedule
from tests.bench.table import Row, median_and_worst, quantile
from tests.journeys.driver import ROOT

PARSE_LIMIT_MS = 1.0
_GOLD = ROOT / "tests" / "gold" / "messages.jsonl"
_ZONE = "America/New_York"
_NOW = datetime(2026, 3, 5, 15, 17, tzinfo=UTC)
_EXPRESSIONS = ("30 2 * * *", "*/15 * * * *", "0 9 * * 1-5", "0 9 1 */3 *", "0 9 29 2 *")
_FIRST_ROUND = 1


def reading_row(rounds: int) -> Row:
    """Time the offline grammar over the messages it is held to, after one round to warm up."""
    lines = _GOLD.read_text().splitlines()
    texts = [str(json.loads(line)["text"]) for line in lines]
    spent = [
        _milliseconds(lambda text=text: read(text, now=_NOW, zone=_ZONE, agents=None))  # type: ignore[misc]
        for _ in range(rounds + _FIRST_ROUND)
        for text in texts
    ][len(texts) :]
    return Row(
        what="a message read offline",
        ours=median_and_worst(spent, 2),
        unit="ms p50/p99",
        beside=f"limit {PARSE_LIMIT_MS:g} p99",
        n=len(spent),
        how="text to slots, over tests/gold",
        holds=quantile(spent, 0.99) <= PARSE_LIMIT_MS,
    )


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
