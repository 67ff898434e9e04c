"""Clock changes: never lost, never doubled, in every zone there is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from scheduler.recurrence import between, simulate
from storage.schedules import Cron, Daily, Every, Schedule, Weekday, Weekly

NEW_YORK = "America/New_York"
ZONES = sorted(available_timezones() - {"localtime"})
_YEARS = (datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def fires(expression: str, zone: str, first: date, days: int) -> list[str]:
    """Give the local wall times of a cron expression over some local days."""
    start = datetime.combine(first, time(), tzinfo=ZoneInfo(zone))
    end = datetime.combine(first + timedelta(days=days), time(), tzinfo=ZoneInfo(zone))
    return [f"{local:%d %H:%M%z}" for local, _ in simulate(expression, zone, start, end)]


@pytest.mark.parametrize(
    ("expression", "runs"),
    [
        ("30 2 * * *", ["08 03:00-0400"]),
        ("0,30 2 * * *", ["08 03:00-0400"]),
        ("0 2,3 * * *", ["08 03:00-0400"]),
        ("30 1,3 * * *", ["08 01:30-0500", "08 03:30-0400"]),
        ("30 2,*/12 * * *", ["08 00:30-0500", "08 03:00-0400", "08 12:30-0400"]),
        ("30 */2 * 3 *", ["08 00:30-0500", *(f"08 {h:02d}:30-0400" for h in range(4, 24, 2))]),
        ("*/30 1-3 * * *", ["08 01:00-0500", "08 01:30-0500", "08 03:00-0400", "08 03:30-0400"]),
    ],
)
def test_a_skipped_wall_time_runs_once_after_the_gap(expression: str, runs: list[str]) -> None:
    """New York skips 02:00 to 03:00 on 8 March 2026; wildcards pass over what is not there."""
    assert fires(expression, NEW_YORK, date(2026, 3, 8), 1) == runs


@pytest.mark.parametrize(
    ("expression", "runs"),
    [
        ("30 1 * * *", ["01 01:30-0400"]),
        ("0,30 1 * * *", ["01 01:00-0400", "01 01:30-0400"]),
        ("0 1-2 * * *", ["01 01:00-0400", "01 02:00-0500"]),
        (
            "*/30 1 * * *",
            ["01 01:00-0400", "01 01:30-0400", "01 01:00-0500", "01 01:30-0500"],
        ),
    ],
)
def test_a_repeated_wall_time_runs_at_its_first_occurrence(
    expression: str, runs: list[str]
) -> None:
    """New York repeats 01:00 to 02:00 on 1 November 2026; wildcards run through both passes."""
    assert fires(expression, NEW_YORK, date(2026, 11, 1), 1) == runs


@pytest.mark.parametrize(
    ("zone", "gap", "run"),
    [
        ("America/Sao_Paulo", date(2018, 11, 4), "04 01:00-0200"),
        ("Asia/Beirut", date(2026, 3, 29), "29 01:00+0300"),
        ("Africa/Cairo", date(2026, 4, 24), "24 01:00+0300"),
    ],
)
def test_a_day_without_midnight_still_has_its_run(zone: str, gap: date, run: str) -> None:
    """Where the clocks skip 00:00 the run comes at 01:00."""
    assert fires("0 0 * * *", zone, gap, 1) == [run]


def test_a_run_skipped_past_midnight_belongs_to_the_day_before() -> None:
    """Nuuk skips 23:00 to midnight on 28 March 2026: the last run of a bound is not lost."""
    zone = ZoneInfo("America/Nuuk")
    schedule = Schedule(rule=Daily(times=(time(23, 30),)), zone=zone.key, ends=date(2026, 3, 28))
    end = datetime(2026, 4, 2, tzinfo=UTC)
    last = list(between(schedule, end - timedelta(days=6), end))[-1]
    assert last.astimezone(zone).isoformat() == "2026-03-29T00:00:00-01:00"


def test_a_day_that_never_was_has_no_run() -> None:
    """Apia went from 29 to 31 December 2011."""
    runs = fires("0 8 * * *", "Pacific/Apia", date(2011, 12, 28), 5)
    assert [run[:8] for run in runs] == ["28 08:00", "29 08:00", "31 08:00", "01 08:00"]


def test_a_fold_past_midnight_keeps_wildcards_in_order() -> None:
    """St. John's went from 00:01 back to 23:01 the day before; elapsed time only rises."""
    start = datetime(2010, 11, 7, 1, tzinfo=UTC)
    schedule = Schedule(rule=Cron(expression="* * * * *"), zone="America/St_Johns")
    runs = list(between(schedule, start, start + timedelta(hours=4)))
    assert runs == [start + timedelta(minutes=n) for n in range(240)]


def test_an_interval_keeps_its_distance_through_a_change() -> None:
    """A true interval knows no wall."""
    anchor = datetime(2026, 3, 8, 0, 0, tzinfo=UTC)
    schedule = Schedule(rule=Every(seconds=5_400, anchor=anchor), zone=NEW_YORK)
    runs = list(between(schedule, anchor, anchor + timedelta(days=1)))
    assert {after - before for before, after in pairwise(runs)} == {timedelta(minutes=90)}
    assert len(runs) == 16


@pytest.mark.parametrize("weekday", list(Weekday))
def test_a_weekday_is_that_weekday_on_the_local_wall(weekday: Weekday) -> None:
    """Monday is Monday where the task lives, however far that is from UTC."""
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", NEW_YORK, "Asia/Kathmandu"):
        schedule = Schedule(rule=Weekly(weekdays=(weekday,), times=(time(0, 30),)), zone=zone)
        runs = list(between(schedule, *_YEARS))
        assert {run.astimezone(ZoneInfo(zone)).weekday() for run in runs} == {int(weekday)}
        assert len(runs) in (104, 105)


@pytest.mark.parametrize("at", [time(0), time(2, 30), time(8), time(23, 30)])
def test_a_daily_task_runs_once_each_local_day_in_every_zone(at: time) -> None:
    """Two years, all zones: each local day has one run, at its time or at the end of a gap."""
    days = [date(2025, 1, 2) + timedelta(days=n) for n in range(728)]
    start, end = datetime(2025, 1, 2, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
    for name in ZONES:
        zone = ZoneInfo(name)
        schedule = Schedule(rule=Daily(times=(at,)), zone=name, starts=days[0], ends=days[-1])
        runs = list(between(schedule, start - timedelta(days=1), end + timedelta(days=1)))
        assert len(runs) == len(days), name
        for day, run in zip(days, runs, strict=True):
            local = run.astimezone(zone)
            on_time = local.date() == day and local.time() == at and not local.fold
            if not on_time:
                before = (run - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
                wall = datetime.combine(day, at)
                assert before < wall < local.replace(tzinfo=None), (name, day)
