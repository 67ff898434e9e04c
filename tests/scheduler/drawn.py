"""Schedules of every shape, drawn at random in the one form that the grammar gives them too."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from storage.schedules import (
    NO_EXCEPTIONS,
    Daily,
    Every,
    Exceptions,
    Monthly,
    NthWeekday,
    NthWorkday,
    Once,
    Rule,
    Schedule,
    Several,
    Single,
    Weekday,
    Weekly,
)

TODAY = date(2026, 3, 9)
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "America/Santiago",
    "Asia/Kolkata",
    "UTC",
)


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)


def _clocks(some: set[int]) -> tuple[time, ...]:
    return tuple(map(_clock, sorted(some)))


def _ahead_first(days: set[int]) -> tuple[int, ...]:
    return tuple(sorted(days, key=lambda day: (day < 0, day)))


minutes = st.integers(0, 1439)
days_near = st.integers(-60, 400).map(lambda days: TODAY + timedelta(days=days))
days_ahead = st.integers(1, 400).map(lambda days: TODAY + timedelta(days=days))
late_days = st.integers(401, 900).map(lambda days: TODAY + timedelta(days=days))
times = st.sets(minutes, min_size=1, max_size=4).map(_clocks)
weekdays = st.sets(st.sampled_from(Weekday), min_size=1).map(lambda some: tuple(sorted(some)))
some_weekdays = st.sets(st.sampled_from(Weekday), min_size=1, max_size=6).map(
    lambda some: tuple(sorted(some))
)
months = st.one_of(
    st.just(()),
    st.sets(st.integers(1, 12), min_size=1, max_size=11).map(lambda some: tuple(sorted(some))),
)
from_both_ends = st.sets(st.integers(1, 31) | st.integers(-31, -1), min_size=1, max_size=12).map(
    _ahead_first
)


@st.composite
def windows(draw: st.DrawFn) -> tuple[time, ...]:
    """Draw times in even steps within one day."""
    step = draw(st.integers(1, 180))
    first = draw(st.integers(0, 600))
    number = draw(st.integers(5, max(5, min(40, (1439 - first) // step))))
    return tuple(_clock(first + step * at) for at in range(number) if first + step * at < 1440)


@st.composite
def nights(draw: st.DrawFn) -> tuple[tuple[time, ...], tuple[time, ...]]:
    """Draw times in even steps of an evening and of the morning after."""
    step = draw(st.sampled_from((5, 10, 15, 20, 30, 45, 60, 90, 120)))
    first = draw(st.integers(16 * 60, 1439))
    number = draw(st.integers((1439 - first) // step + 2, (1439 - first) // step + 10))
    at = [first + step * place for place in range(number)]
    evening = tuple(_clock(one) for one in at if one < 1440)
    return evening, tuple(_clock(one - 1440) for one in at if one >= 1440)


@st.composite
def strided(draw: st.DrawFn) -> Daily | Weekly:
    """Draw every so manieth day or week."""
    every, anchor = draw(st.integers(2, 12)), draw(days_near)
    if draw(st.booleans()):
        return Daily(times=draw(times), every=every, anchor=anchor)
    return Weekly(weekdays=draw(weekdays), times=draw(times), every=every, anchor=anchor)


@st.composite
def intervals(draw: st.DrawFn) -> Every:
    """Draw true intervals that no clock time could say as well."""
    wall = datetime.combine(draw(days_near), draw(minutes.map(_clock)), tzinfo=UTC)
    seconds = draw(st.sampled_from((90, 420, 2_700, 3_600, 5_400, 18_000, 90_000, 172_800)))
    days = draw(st.one_of(st.just(()), some_weekdays))
    return Every(seconds=seconds, anchor=wall, weekdays=days)


simple: st.SearchStrategy[Single] = st.one_of(
    st.builds(Daily, times=times | windows()),
    st.builds(Weekly, weekdays=some_weekdays, times=times | windows()),
)
monthly: st.SearchStrategy[Single] = st.builds(
    Monthly, days=from_both_ends, times=times, months=months
)
counted: st.SearchStrategy[Single] = st.one_of(
    st.builds(
        NthWeekday,
        nths=st.sets(
            st.tuples(
                st.sampled_from((1, 2, 3, 4, 5, -1, -2, -3, -4, -5)), st.sampled_from(Weekday)
            ),
            min_size=1,
            max_size=3,
        ).map(lambda some: tuple(sorted(some, key=lambda one: (one[1], one[0] < 0, one[0])))),
        times=times,
        months=months,
    ),
    st.builds(
        NthWorkday,
        nths=st.sets(st.integers(1, 23) | st.integers(-23, -1), min_size=1, max_size=3).map(
            _ahead_first
        ),
        times=times,
        months=months,
    ),
)
calendar: st.SearchStrategy[Single] = st.one_of(simple, strided(), monthly, counted)
once: st.SearchStrategy[Single] = st.builds(Once, on=days_ahead, at=minutes.map(_clock))


@st.composite
def overnight(draw: st.DrawFn) -> Several:
    """Draw the two rules of a window past midnight on some days of the week."""
    evening, morning = draw(nights())
    days = draw(some_weekdays)
    after = tuple(sorted(Weekday((day + 1) % 7) for day in days))
    first, then = Weekly(weekdays=days, times=evening), Weekly(weekdays=after, times=morning)
    return Several(rules=(first, then))


exceptions = st.builds(
    Exceptions,
    dates=st.sets(days_near, max_size=2).map(lambda some: tuple(sorted(some))),
    yearly=st.sets(
        st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: (day.month, day.day)),
        max_size=2,
    ).map(lambda some: tuple(sorted(some))),
    monthdays=st.sets(st.integers(1, 31) | st.integers(-3, -1), max_size=2).map(
        lambda some: tuple(sorted(some))
    ),
    months=st.sets(st.integers(1, 12), max_size=2).map(lambda some: tuple(sorted(some))),
)


@st.composite
def bounded(draw: st.DrawFn, rules: st.SearchStrategy[Rule]) -> Schedule:
    """Draw a schedule with bounds and exceptions, each or none of them."""
    rule = draw(rules)
    ends = draw(st.none() | late_days)
    return Schedule(
        rule=rule,
        zone=draw(st.sampled_from(ZONES)),
        starts=draw(st.none() | days_near),
        ends=ends,
        ends_at=None if ends is None else draw(st.none() | minutes.map(_clock)),
        count=draw(st.none() | st.integers(1, 99)),
        exceptions=draw(st.just(NO_EXCEPTIONS) | exceptions),
    )


def plain(rule: Rule, zone: str = "UTC") -> Schedule:
    """Give a rule without bounds."""
    return Schedule(rule=rule, zone=zone)
