"""Our cron against cronsim's, an independent reading of Debian's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from scheduler.recurrence import between
from storage.schedules import Cron, Schedule

EXPRESSIONS = [
    "0 8 * * *",
    "0 9 * * 1",
    "0 18 * * 1-5",
    "0 0 1 * *",
    "0 0 * * *",
    "30 2 * * *",
    "30 1 * * *",
    "0,30 1,2,3 * * *",
    "0 */6 * * *",
    "30 */2 * * *",
    "0 * * * *",
    "*/15 * * * *",
    "*/45 * * * *",
    "*/20 1-3 * * *",
    "*/4 9,15 * * *",
    "15-45/10 0-3 * * *",
    "0 9 13 * 5",
    "0 9 */2 * 1",
    "0 9 1-7 * */7",
    "0 9 L * *",
    "0 9 * * 5L",
    "0 9 * * 2#1",
    "0 9 * * 0,7",
    "0 9 * * 5-7",
    "0 9 1 */3 *",
    "0 9 29 2 *",
    "30 0 * jan,apr,oct,nov sun",
]
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Africa/Cairo",
    "Asia/Beirut",
    "America/Nuuk",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Casablanca",
]
DENSE = {"0 * * * *", "*/15 * * * *", "*/45 * * * *"}
HALF_HOUR = pytest.mark.xfail(
    reason="cronsim loses the next wildcard run where the clocks move by half an hour", strict=True
)
KNOWN = {
    ("0 */6 * * *", "Australia/Lord_Howe"): HALF_HOUR,
    ("*/4 9,15 * * *", "Australia/Lord_Howe"): HALF_HOUR,
}
PAIRS = [
    pytest.param(expression, zone, marks=KNOWN.get((expression, zone), ()))
    for expression in EXPRESSIONS
    for zone in ZONES
]


def windows(expression: str) -> list[tuple[datetime, datetime]]:
    """Give a year, four for leap days, and only the weeks of clock changes for what is dense."""
    if expression in DENSE:
        return [
            (datetime(2025, 3, 5, tzinfo=UTC), datetime(2025, 4, 28, tzinfo=UTC)),
            (datetime(2025, 10, 1, tzinfo=UTC), datetime(2025, 11, 5, tzinfo=UTC)),
        ]
    end = 2029 if " 29 2 " in expression else 2026
    return [(datetime(2025, 1, 1, tzinfo=UTC), datetime(end, 1, 1, tzinfo=UTC))]


def by_cronsim(expression: str, zone: str, start: datetime, end: datetime) -> list[datetime]:
    """Give the oracle's runs in a window, in UTC."""
    local = start.astimezone(ZoneInfo(zone)) - timedelta(seconds=1)
    runs = (run.astimezone(UTC) for run in CronSim(expression, local))
    return list(takewhile(lambda run: run < end, runs))


@pytest.mark.parametrize(("expression", "zone"), PAIRS)
def test_runs_are_those_of_cronsim(expression: str, zone: str) -> None:
    """Over every window the oracle gives the same instants."""
    schedule = Schedule(rule=Cron(expression=expression), zone=zone)
    for start, end in windows(expression):
        assert list(between(schedule, start, end)) == by_cronsim(expression, zone, start, end)
