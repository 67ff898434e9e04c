"""Due instants: what comes next, what lies between, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.errors import BadSchedule
from scheduler.recurrence import between, check, next_after, simulate, upcoming
from storage.schedules import (
    Cron,
    Daily,
    Every,
    Monthly,
    NthWorkday,
    Once,
    Rule,
    Schedule,
    Weekday,
    Weekly,
)

BERLIN = "Europe/Berlin"
EIGHT = (time(8),)
TOO_EARLY = datetime(2026, 3, 5, 7, tzinfo=UTC)

_zones = st.sampled_from(
    [BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Cairo", "UTC"]
)
_times = st.lists(
    st.builds(time, st.integers(0, 23), st.integers(0, 59)), min_size=1, max_size=3
).map(tuple)
_instants = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001  hypothesis wants its bounds naive
    datetime(2028, 1, 1),  # noqa: DTZ001  the same
    timezones=st.just(UTC),
)
_weekdays = st.lists(st.sampled_from(Weekday), min_size=1, max_size=4).map(tuple)
_monthdays = st.lists(st.sampled_from([-1, 1, 15, 28, 31]), min_size=1, max_size=3).map(tuple)
_crons = st.sampled_from(
    ["*/15 * * * *", "30 1,2 * * *", "0 */6 * * *", "0 9 13 * 5", "*/7 0-3 L * *", "0 0 * * 1#2"]
)
_rules: st.SearchStrategy[Rule] = st.one_of(
    st.builds(Daily, times=_times),
    st.builds(Weekly, weekdays=_weekdays, times=_times),
    st.builds(Monthly, days=_monthdays, times=_times),
    st.builds(Cron, expression=_crons),
    st.builds(Every, seconds=st.integers(60, 1_000_000), anchor=_instants),
)
_schedules = st.builds(Schedule, rule=_rules, zone=_zones)


def daily(
    *, starts: date | None = None, ends: date | None = None, count: int | None = None
) -> Schedule:
    return Schedule(rule=Daily(times=EIGHT), zone=BERLIN, starts=starts, ends=ends, count=count)


def at_utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@given(schedule=_schedules, after=_instants)
@settings(max_examples=300, deadline=None)
def test_next_runs_only_rise(schedule: Schedule, after: datetime) -> None:
    """Each next run lies strictly after the one before it, and all after the start."""
    runs = [after, *upcoming(schedule, after, 6)]
    assert all(before < later for before, later in pairwise(runs))


@given(schedule=_schedules, after=_instants)
@settings(max_examples=300, deadline=None)
def test_between_is_next_after_repeated(schedule: Schedule, after: datetime) -> None:
    """The lazy walk and single steps see the same instants."""
    stepped: list[datetime] = []
    due = next_after(schedule, after)
    while due is not None and len(stepped) < 6:
        stepped.append(due)
        due = next_after(schedule, due)
    start, end = after + timedelta(microseconds=1), after + timedelta(days=9_999)
    assert list(islice(between(schedule, start, end), 6)) == stepped


@given(schedule=_schedules, after=_instants, split=st.integers(0, 60 * 24 * 60))
@settings(max_examples=100, deadline=None)
def test_windows_that_touch_neither_lose_nor_double(
    schedule: Schedule, after: datetime, split: int
) -> None:
    """A window cut in two gives the same runs as the whole."""
    middle, end = after + timedelta(minutes=split), after + timedelta(days=60)
    halves = [*between(schedule, after, middle), *between(schedule, middle, end)]
    assert halves == list(between(schedule, after, end))


def test_start_is_included_and_end_is_not() -> None:
    """A window holds its first instant and leaves its last to the next window."""
    assert list(between(daily(), at_utc(5, 7), at_utc(6, 7))) == [at_utc(5, 7)]


def test_next_is_strictly_after() -> None:
    """A run that is due now is not its own next run."""
    assert next_after(daily(), at_utc(5, 7)) == at_utc(6, 7)


def test_bounds_are_local_days_and_both_included() -> None:
    """From the 9th until the 11th means three runs."""
    schedule = daily(starts=date(2026, 3, 9), ends=date(2026, 3, 11))
    assert upcoming(schedule, TOO_EARLY) == [at_utc(9, 7), at_utc(10, 7), at_utc(11, 7)]


def test_a_start_only_filters_an_interval() -> None:
    """The first day moves no run of an interval; it hides those before it."""
    rule = Every(seconds=7 * 3_600, anchor=at_utc(5, 0))
    schedule = Schedule(rule=rule, zone="UTC", starts=date(2026, 3, 6), ends=date(2026, 3, 6))
    assert upcoming(schedule, TOO_EARLY) == [at_utc(6, 4), at_utc(6, 11), at_utc(6, 18)]


def test_an_interval_does_not_run_before_its_anchor() -> None:
    """An anchor to come is the first run."""
    schedule = Schedule(rule=Every(seconds=3_600, anchor=at_utc(9, 12, 5)), zone=BERLIN)
    assert upcoming(schedule, TOO_EARLY, 2) == [at_utc(9, 12, 5), at_utc(9, 13, 5)]


@pytest.mark.parametrize(("fired", "left"), [(0, 3), (2, 1), (3, 0), (4, 0)])
def test_a_count_less_what_fired_is_left(fired: int, left: int) -> None:
    """A task that ran twice of three times shows one more run."""
    assert len(upcoming(daily(count=3), TOO_EARLY, fired=fired)) == left


def test_a_moment_comes_once() -> None:
    """Once is due at its wall time and never again."""
    schedule = Schedule(rule=Once(on=date(2026, 3, 6), at=time(7)), zone=BERLIN)
    assert upcoming(schedule, TOO_EARLY) == [at_utc(6, 6)]
    assert next_after(schedule, at_utc(6, 6)) is None


def test_a_month_that_lacks_the_day_is_passed_over() -> None:
    """The 31st comes in March and May; the last day comes every month."""
    on_31st = Schedule(rule=Monthly(days=(31,), times=EIGHT), zone="UTC")
    last_day = Schedule(rule=Monthly(days=(-1,), times=EIGHT), zone="UTC")
    assert [f"{run:%d %b}" for run in upcoming(on_31st, TOO_EARLY, 2)] == ["31 Mar", "31 May"]
    assert [f"{run:%d %b}" for run in upcoming(last_day, TOO_EARLY, 2)] == ["31 Mar", "30 Apr"]


def test_leap_days_are_found_across_2100() -> None:
    """29 February is eight years apart there, and is still found."""
    schedule = Schedule(rule=Cron(expression="0 8 29 2 *"), zone="UTC")
    assert next_after(schedule, datetime(2096, 3, 1, tzinfo=UTC)) == datetime(
        2104, 2, 29, 8, tzinfo=UTC
    )


def test_times_are_sorted_and_said_once() -> None:
    """Times may come in any order, and twice."""
    schedule = Schedule(rule=Daily(times=(time(17), time(9), time(17))), zone="UTC")
    assert upcoming(schedule, TOO_EARLY, 3) == [at_utc(5, 9), at_utc(5, 17), at_utc(6, 9)]


def test_simulation_gives_wall_and_utc() -> None:
    """Each pair is one instant, on the zone's wall and in UTC."""
    pairs = list(simulate("0 8 * * *", BERLIN, at_utc(5, 0), at_utc(6, 0)))
    assert [(f"{local:%H:%M}", due) for local, due in pairs] == [("08:00", at_utc(5, 7))]


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        (Schedule(rule=Every(seconds=0, anchor=TOO_EARLY), zone=BERLIN), "0 minutes"),
        (Schedule(rule=Every(seconds=59, anchor=TOO_EARLY), zone=BERLIN), "59 seconds"),
        (Schedule(rule=Daily(times=()), zone=BERLIN), "no time"),
        (Schedule(rule=Weekly(weekdays=(), times=EIGHT), zone=BERLIN), "no day"),
        (Schedule(rule=Daily(times=EIGHT, every=2), zone=BERLIN), "no day to count from"),
        (Schedule(rule=NthWorkday(nths=(24,), times=EIGHT), zone=BERLIN), "no such business day"),
        (Schedule(rule=Monthly(days=(), times=EIGHT), zone=BERLIN), "no day"),
        (Schedule(rule=Monthly(days=(32,), times=EIGHT), zone=BERLIN), "no such day"),
        (Schedule(rule=Cron(expression="0 0 31 2 *"), zone=BERLIN), "never comes"),
        (Schedule(rule=Cron(expression="*/5 * 30 2 *"), zone=BERLIN), "never comes"),
        (Schedule(rule=Cron(expression="0 9 * * 1 30"), zone=BERLIN), "six fields"),
        (Schedule(rule=Daily(times=EIGHT), zone="Europe/Atlantis"), "time zone"),
        (Schedule(rule=Daily(times=EIGHT), zone="../etc/passwd"), "time zone"),
        (Schedule(rule=Daily(times=EIGHT), zone="America"), "time zone"),
        (Schedule(rule=Daily(times=EIGHT), zone=""), "time zone"),
        (Schedule(rule=Once(on=date(2026, 3, 5), at=time(7)), zone=BERLIN), "has passed"),
        (daily(starts=date(2026, 3, 9), ends=date(2026, 3, 8)), "before it starts"),
        (daily(ends=date(2026, 3, 4)), "have ended"),
        (daily(ends=date(2026, 3, 5)), "before its first run"),
        (daily(count=0), "less than once"),
    ],
)
def test_what_can_never_be_is_refused_with_a_fix(
    schedule: Schedule, said: str, now: datetime
) -> None:
    """Every refusal says what is wrong and what to do about it."""
    with pytest.raises(BadSchedule, match=said) as refusal:
        check(schedule, now)
    assert refusal.value.fix


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(rule=Every(seconds=60, anchor=TOO_EARLY), zone=BERLIN),
        Schedule(rule=Cron(expression="0 0 29 2 *"), zone=BERLIN),
        Schedule(rule=Once(on=date(2026, 3, 5), at=time(23)), zone=BERLIN),
        daily(starts=date(2027, 1, 1), ends=date(2027, 1, 1), count=1),
    ],
)
def test_what_will_come_is_accepted(schedule: Schedule, now: datetime) -> None:
    """The shortest interval, leap days and single days are all allowed."""
    check(schedule, now)
    assert next_after(schedule, now)
