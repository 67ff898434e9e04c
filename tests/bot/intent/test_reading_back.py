"""What we say about a schedule is language that we read: a sentence gives its schedule back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intent.intents import CreateTask
from bot.intent.reader import read
from bot.intent.rules import weekly_rule
from scheduler.sentences import sentence
from storage.schedules import Cron, Daily, Monthly, Once, Rule, Schedule, Weekday

ZONE = "Europe/Berlin"
NOW = datetime(2026, 3, 9, 12, 0, tzinfo=ZoneInfo(ZONE))

minutes = st.integers(0, 1439)
days_ahead = st.integers(1, 400)


def clock(minute: int) -> time:
    return time(minute // 60, minute % 60)


lists = st.sets(minutes, min_size=1, max_size=4).map(lambda some: tuple(map(clock, sorted(some))))
weekdays = st.sets(st.sampled_from(Weekday), min_size=1).map(lambda some: tuple(sorted(some)))
month_days = st.sets(st.integers(1, 31), min_size=1, max_size=12).map(
    lambda some: tuple(sorted(some))
)


@st.composite
def windows(draw: st.DrawFn) -> tuple[time, ...]:
    """Draw times in even steps within one day."""
    step = draw(st.integers(1, 180))
    first = draw(st.integers(0, 600))
    number = draw(st.integers(5, max(5, min(40, (1439 - first) // step))))
    return tuple(clock(first + step * at) for at in range(number) if first + step * at < 1440)


def read_back(schedule: Schedule) -> Schedule | None:
    text = f"schedule the check {sentence(schedule)}"
    intent = read(text, now=NOW, zone=ZONE, agents=frozenset()).intent

    assert isinstance(intent, CreateTask), (text, intent)
    assert intent.name == "Check", text
    return intent.schedule


def on_its_own(rule: Rule) -> Schedule:
    return Schedule(rule=rule, zone=ZONE)


@given(lists | windows())
def test_a_daily_rule_is_read_back(times: tuple[time, ...]) -> None:
    """Every day at some times, listed or in even steps."""
    schedule = on_its_own(Daily(times=times))

    assert read_back(schedule) == schedule


@given(weekdays, lists | windows())
def test_a_weekly_rule_is_read_back(days: tuple[Weekday, ...], times: tuple[time, ...]) -> None:
    """Some days of the week at some times; all seven are every day."""
    schedule = on_its_own(weekly_rule(days, times))

    assert read_back(schedule) == schedule


@given(month_days, lists)
def test_a_monthly_rule_is_read_back(days: tuple[int, ...], times: tuple[time, ...]) -> None:
    """Some days of the month at some times."""
    schedule = on_its_own(Monthly(days=days, times=times))

    assert read_back(schedule) == schedule


@given(lists)
def test_the_last_day_of_the_month_is_read_back(times: tuple[time, ...]) -> None:
    """The last day of every month at some times."""
    schedule = on_its_own(Monthly(days=(-1,), times=times))

    assert read_back(schedule) == schedule


@given(days_ahead, minutes)
def test_one_moment_is_read_back(ahead: int, minute: int) -> None:
    """One date and time that is still to come."""
    rule = Once(on=NOW.date() + timedelta(days=ahead), at=clock(minute))

    assert read_back(on_its_own(rule)) == on_its_own(rule)


@given(st.none() | days_ahead, st.none() | st.integers(401, 900), st.none() | st.integers(1, 99))
def test_bounds_are_read_back(starts: int | None, ends: int | None, count: int | None) -> None:
    """The first day, the last day and the number of runs, each said or not."""

    def day(ahead: int | None) -> date | None:
        return None if ahead is None else NOW.date() + timedelta(days=ahead)

    schedule = Schedule(
        rule=Daily(times=(time(8),)), zone=ZONE, starts=day(starts), ends=day(ends), count=count
    )

    assert read_back(schedule) == schedule


@pytest.mark.parametrize(
    "expression",
    [
        "*/15 * * * *",
        "0 */2 * * *",
        "30 * * * *",
        "10,40 * * * *",
        "0 9 * 12 1-5",
    ],
)
def test_the_crons_we_write_are_read_back(expression: str) -> None:
    """Every kind of cron that a wording is turned into has a sentence that gives it back."""
    schedule = on_its_own(Cron(expression=expression))

    assert read_back(schedule) == schedule
