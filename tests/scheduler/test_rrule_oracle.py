"""Our rules of the calendar against dateutil's, an independent reading of RFC 5545."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule
from dateutil.tz import datetime_exists
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler import recurrence
from scheduler.daysets import DaySet
from scheduler.errors import BadSchedule
from scheduler.recurrence import between, check, next_after
from storage.schedules import (
    WORKDAYS,
    Cron,
    Daily,
    Every,
    Exceptions,
    Monthly,
    NthWeekday,
    NthWorkday,
    Rule,
    Schedule,
    Several,
    Single,
    Weekday,
    Weekly,
)
from tests.scheduler import drawn

ZONES = drawn.ZONES
FIRST, LAST = date(2025, 12, 20), date(2027, 1, 10)
"""A year with both clock changes of each zone, and the turns of it."""
NIGHT = (time(0), time(0, 30), time(1, 30), time(2, 15), time(2, 30), time(9))
"""Times that clocks skip and repeat somewhere, and one that none does."""
NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
FRIDAY_5 = NthWeekday(nths=((5, Weekday.FRIDAY),), times=NIGHT, months=(2,))
NINE = (time(9),)

several = st.lists(drawn.calendar, min_size=2, max_size=3).map(
    lambda rules: Several(rules=tuple(rules))
)


def walls(rule: Rule) -> set[datetime]:
    """Give the oracle's wall times of a rule, of which clocks may lack some."""
    if isinstance(rule, Several):
        return set().union(*(walls(one) for one in rule.rules))
    assert isinstance(rule, Daily | Weekly | Monthly | NthWeekday | NthWorkday)
    return {
        datetime.combine(day.date(), at)
        for day in by_dateutil(rule).between(naive(FIRST), naive(LAST), inc=True)
        for at in rule.times
    }


def by_dateutil(rule: Daily | Weekly | Monthly | NthWeekday | NthWorkday) -> rrule.rrule:
    """Give the days of a rule as RFC 5545 has them."""
    match rule:
        case Daily(every=every, anchor=anchor):
            start = before(anchor, every)
            return rrule.rrule(rrule.DAILY, interval=every, dtstart=naive(start))
        case Weekly(weekdays=weekdays, every=every, anchor=anchor):
            start = before(anchor, 7 * every)
            monday = start - timedelta(days=start.weekday())
            return rrule.rrule(
                rrule.WEEKLY, interval=every, wkst=rrule.MO, byweekday=weekdays,
                dtstart=naive(monday),
            )  # fmt: skip
        case Monthly(days=days, months=months):
            return monthly(months, bymonthday=days)
        case NthWeekday(nths=nths, months=months):
            return monthly(months, byweekday=[rrule.weekday(day, nth) for nth, day in nths])
        case NthWorkday(nths=nths, months=months):
            return monthly(months, byweekday=WORKDAYS, bysetpos=nths)


def monthly(months: tuple[int, ...], **by: object) -> rrule.rrule:
    start = naive(FIRST.replace(day=1))
    return rrule.rrule(rrule.MONTHLY, bymonth=months or None, dtstart=start, **by)


def before(anchor: date | None, stride: int) -> date:
    """Give the last day before the window that is so many strides from the anchor."""
    if anchor is None:
        return FIRST - timedelta(days=FIRST.weekday())
    return anchor - timedelta(days=((anchor - FIRST).days // stride + 1) * stride)


def naive(day: date) -> datetime:
    return datetime.combine(day, time())


def is_left_out(wall: datetime, out: Exceptions) -> bool:
    """Say whether exceptions name the day of a wall time."""
    last = (wall.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return (
        wall.date() in out.dates
        or (wall.month, wall.day) in out.yearly
        or wall.weekday() in out.weekdays
        or wall.day in out.monthdays
        or wall.day - last.day - 1 in out.monthdays
        or wall.month in out.months
    )


def instants(schedule: Schedule) -> list[datetime]:
    """Give the oracle's instants: a wall time that clocks skip is at the first minute after."""
    zone, found = ZoneInfo(schedule.zone), set()
    ends = None
    if schedule.ends is not None:
        ends = datetime.combine(schedule.ends, schedule.ends_at or time.max)
    for wall in walls(schedule.rule):
        early = schedule.starts is not None and wall.date() < schedule.starts
        late = ends is not None and wall > ends
        if early or late or is_left_out(wall, schedule.exceptions):
            continue
        while not datetime_exists(wall, zone):
            wall += timedelta(minutes=1)  # noqa: PLW2901  until the clocks show it
        found.add(wall.replace(tzinfo=zone).astimezone(UTC))
    return sorted(found)


def ours(schedule: Schedule) -> list[datetime]:
    zone = ZoneInfo(schedule.zone)
    start, end = naive(FIRST).replace(tzinfo=zone), naive(LAST).replace(tzinfo=zone)
    return list(between(schedule, start, end + timedelta(days=1)))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "rule",
    [
        Daily(times=NIGHT, every=2, anchor=date(2026, 3, 8)),
        Daily(times=NIGHT, every=5, anchor=date(2027, 6, 1)),
        Weekly(weekdays=(Weekday.SUNDAY,), times=NIGHT, every=2, anchor=date(2026, 3, 4)),
        Weekly(weekdays=WORKDAYS, times=NIGHT, every=3, anchor=date(2024, 2, 29)),
        Monthly(days=(1, 29, 31, -1, -31), times=NIGHT),
        Monthly(days=(-2, 15), times=NIGHT, months=(2, 3, 11)),
        NthWeekday(nths=((1, Weekday.SUNDAY), (-1, Weekday.SUNDAY)), times=NIGHT),
        NthWeekday(nths=((5, Weekday.MONDAY), (-5, Weekday.FRIDAY)), times=NIGHT),
        NthWorkday(nths=(1, -1, 23, -23), times=NIGHT),
        NthWorkday(nths=(-2,), times=NIGHT, months=(1, 4, 7, 10)),
    ],
)
def test_runs_are_those_of_dateutil(rule: Single, zone: str) -> None:
    """Over a year with its clock changes the oracle gives the same instants."""
    schedule = Schedule(rule=rule, zone=zone)

    assert ours(schedule) == instants(schedule)


@settings(max_examples=40, deadline=None)
@given(schedule=drawn.bounded(st.one_of(drawn.calendar, several)))
def test_bounds_and_exceptions_only_filter(schedule: Schedule) -> None:
    """Any rules together, less what bounds and exceptions leave out, are the oracle's."""
    assert ours(schedule) == instants(schedule)


@pytest.mark.parametrize("zone", ZONES)
def test_an_interval_on_some_days_goes_on_through_the_others(zone: str) -> None:
    """What is left of a true interval are its moments on those local days, over clock changes."""
    rule = Every(seconds=5_400, anchor=NOW - timedelta(days=90), weekdays=(Weekday.SUNDAY,))
    schedule = Schedule(rule=rule, zone=zone, exceptions=Exceptions(monthdays=(-1, 5)))
    every = (rule.anchor + timedelta(seconds=5_400 * place) for place in range(6_000))
    local = (due.astimezone(ZoneInfo(zone)) for due in every)
    kept = [
        due.astimezone(UTC)
        for due in local
        if due.weekday() == Weekday.SUNDAY and not is_left_out(due, schedule.exceptions)
    ]

    assert list(between(schedule, rule.anchor, rule.anchor + timedelta(seconds=5_400 * 6_000))) == (
        kept
    )


IMPOSSIBLE: dict[str, Rule] = {
    "a fifth Friday of February": FRIDAY_5,
    "31 February, April or June": Monthly(days=(31,), times=NINE, months=(2, 4, 6)),
    "the 30th day from the end of February": Monthly(days=(-30,), times=NINE, months=(2,)),
    "a 23rd business day of February": NthWorkday(nths=(23,), times=NINE, months=(2,)),
    "30 February in cron": Cron(expression="0 9 30 2 *"),
    "every minute of 30 February": Cron(expression="* * 30 2 *"),
    "every 7 days on another weekday": Every(
        seconds=7 * 86_400, anchor=NOW, weekdays=(Weekday.TUESDAY,)
    ),
}
LEFT_OUT: dict[str, tuple[Rule, Exceptions]] = {
    "Fridays but Fridays": (
        NthWeekday(nths=((-1, Weekday.FRIDAY),), times=NINE),
        Exceptions(weekdays=(Weekday.FRIDAY,)),
    ),
    "each month left out": (Daily(times=NINE), Exceptions(months=tuple(range(1, 13)))),
    "the 1st but the 1st": (Monthly(days=(1,), times=NINE), Exceptions(monthdays=(1,))),
    "every hour but every day": (
        Cron(expression="0 * * * *"),
        Exceptions(weekdays=tuple(Weekday)),
    ),
    "an interval but every day": (
        Every(seconds=5_400, anchor=NOW),
        Exceptions(weekdays=tuple(Weekday)),
    ),
}


class Counting:
    """Local days that count how often they are asked."""

    def __init__(self, days: DaySet) -> None:
        self.days, self.asked = days, 0

    def include(self, day: date) -> bool:
        """Answer, and count."""
        self.asked += 1
        return self.days.include(day)

    def later(self, day: date) -> date:
        """Answer alone."""
        return self.days.later(day)


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_never_comes_is_refused(name: str) -> None:
    """A rule without any day is refused with a fix."""
    with pytest.raises(BadSchedule, match="never comes") as refusal:
        check(Schedule(rule=IMPOSSIBLE[name], zone="Europe/Berlin"), NOW)
    assert refusal.value.fix


@pytest.mark.parametrize("name", LEFT_OUT)
def test_exceptions_that_leave_nothing_are_refused(name: str) -> None:
    """A rule whose every day is left out is refused, and the exceptions are named as the cause."""
    rule, exceptions = LEFT_OUT[name]
    schedule = Schedule(rule=rule, zone="Europe/Berlin", exceptions=exceptions)

    with pytest.raises(BadSchedule, match="exceptions leave no day"):
        check(schedule, NOW)


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_no_search_goes_on_for_ever(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever seeks a day that never comes looks at no more than eight years of days."""
    asked: list[Counting] = []

    def counting(days: DaySet, _: Exceptions) -> DaySet:
        asked.append(Counting(days))
        return asked[-1]

    monkeypatch.setattr(recurrence, "without", counting)
    odd = Exceptions(dates=(date(2001, 1, 1),))
    schedule = Schedule(rule=IMPOSSIBLE[name], zone="Europe/Berlin", exceptions=odd)

    assert next_after(schedule, NOW) is None
    assert sum(one.asked for one in asked) <= 8 * 366 + 1


def test_a_rare_day_is_found() -> None:
    """A fifth Sunday of February comes in 2032, and every 366th week within seven years."""
    rare = NthWeekday(nths=((5, Weekday.SUNDAY),), times=NINE, months=(2,))
    weeks = Weekly(weekdays=(Weekday.MONDAY,), times=NINE, every=366, anchor=NOW.date())

    assert next_after(Schedule(rule=rare, zone="UTC"), NOW) == datetime(2032, 2, 29, 9, tzinfo=UTC)
    due = next_after(Schedule(rule=weeks, zone="UTC"), NOW)
    assert due == datetime(2026, 3, 9, 9, tzinfo=UTC) + timedelta(weeks=366)
