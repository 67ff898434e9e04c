"""Which local days a rule falls on, for `scheduler.recurrence`.

Every set answers one question, so that rules, cron and exceptions are walked alike.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol

from scheduler.crontab import EVERY_WEEK, Days, later_month
from storage.schedules import (
    Daily,
    Exceptions,
    Monthly,
    NthWeekday,
    NthWorkday,
    Weekly,
)

_FRIDAY, _SUNDAY = 4, 6
_YEAR = frozenset(range(1, 13))


class DaySet(Protocol):
    """Local days."""

    def include(self, day: date) -> bool:
        """Say whether the day is one of them."""
        ...

    def later(self, day: date) -> date:
        """Give a day after `day` before which there is none of them; it may be one itself."""
        ...


def days_of(rule: Daily | Weekly | Monthly | NthWeekday | NthWorkday) -> DaySet:
    """Give the days a rule of the calendar falls on."""
    match rule:
        case Daily(every=every, anchor=anchor):
            return Days() if every == 1 or anchor is None else _Stride(every=every, anchor=anchor)
        case Weekly(weekdays=weekdays, every=every, anchor=anchor):
            days = Days(weekdays=frozenset((int(day), EVERY_WEEK) for day in weekdays))
            if every == 1 or anchor is None:
                return days
            return _Weeks(days=days, every=every, anchor=anchor)
        case Monthly(days=monthdays, months=months):
            return _OfMonths(pick=_MonthDays(days=frozenset(monthdays)), months=frozenset(months))
        case NthWeekday(nths=nths, months=months):
            counted = frozenset((nth, int(day)) for nth, day in nths)
            return _OfMonths(pick=_Counted(nths=counted), months=frozenset(months))
        case NthWorkday(nths=nths, months=months):
            return _OfMonths(pick=_Workdays(nths=frozenset(nths)), months=frozenset(months))


def without(days: DaySet, exceptions: Exceptions) -> DaySet:
    """Give those of the days that are no exception."""
    if exceptions == Exceptions():
        return days
    dates = frozenset((*exceptions.dates, *(exceptions.holidays or ())))
    return _Without(days=days, exceptions=exceptions, dates=dates)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stride:
    """Every so manieth day from the anchor on, and before it alike."""

    every: int
    anchor: date

    def include(self, day: date) -> bool:
        return (day - self.anchor).days % self.every == 0

    def later(self, day: date) -> date:
        return day + timedelta(days=self.every - (day - self.anchor).days % self.every)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weeks:
    """The days of every so manieth week."""

    days: Days
    every: int
    anchor: date

    def include(self, day: date) -> bool:
        return self._place(day) == 0 and self.days.include(day)

    def later(self, day: date) -> date:
        place = self._place(day)
        if place == 0 and day.weekday() < _SUNDAY:
            return self.days.later(day)
        return _monday(day) + timedelta(weeks=self.every - place)

    def _place(self, day: date) -> int:
        return (_monday(day) - _monday(self.anchor)).days // 7 % self.every


class _Pick(Protocol):
    """Which days of a month are meant."""

    def numbers(self, year: int, month: int) -> frozenset[int]:
        """Give them by their number."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfMonths:
    """Days that are picked from every month, or from some of them."""

    pick: _Pick
    months: frozenset[int]

    def include(self, day: date) -> bool:
        return day.day in _picked(self, day.year, day.month)

    def later(self, day: date) -> date:
        ahead = [number for number in _picked(self, day.year, day.month) if number > day.day]
        return day.replace(day=ahead[0]) if ahead else later_month(day, self.months)


@dataclass(frozen=True, slots=True, kw_only=True)
class _MonthDays:
    """Days by their number in the month, from its start or its end."""

    days: frozenset[int]

    def numbers(self, year: int, month: int) -> frozenset[int]:
        length = monthrange(year, month)[1]
        counted = (day if day > 0 else length + day + 1 for day in self.days)
        return frozenset(number for number in counted if 1 <= number <= length)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """Weekdays by which of the month they are; pairs of that and the weekday."""

    nths: frozenset[tuple[int, int]]

    def numbers(self, year: int, month: int) -> frozenset[int]:
        starts, length = monthrange(year, month)
        found = set()
        for nth, weekday in self.nths:
            days = range((weekday - starts) % 7 + 1, length + 1, 7)
            place = nth - 1 if nth > 0 else len(days) + nth
            if 0 <= place < len(days):
                found.add(days[place])
        return frozenset(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Workdays:
    """Days from Monday to Friday by which of the month they are."""

    nths: frozenset[int]

    def numbers(self, year: int, month: int) -> frozenset[int]:
        starts, length = monthrange(year, month)
        days = [day for day in range(1, length + 1) if (starts + day - 1) % 7 <= _FRIDAY]
        places = (nth - 1 if nth > 0 else len(days) + nth for nth in self.nths)
        return frozenset(days[place] for place in places if 0 <= place < len(days))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Without:
    """Days less their exceptions; `dates` are all single days among these."""

    days: DaySet
    exceptions: Exceptions
    dates: frozenset[date]

    def include(self, day: date) -> bool:
        out = self.exceptions
        if day.month in out.months or day.weekday() in out.weekdays or day in self.dates:
            return False
        if (day.month, day.day) in out.yearly or day.day in out.monthdays:
            return False
        length = monthrange(day.year, day.month)[1]
        return day.day - length - 1 not in out.monthdays and self.days.include(day)

    def later(self, day: date) -> date:
        if day.month in self.exceptions.months:
            return later_month(day, _YEAR.difference(self.exceptions.months))
        return self.days.later(day)


@lru_cache(maxsize=8192)
def _picked(days: _OfMonths, year: int, month: int) -> tuple[int, ...]:
    if days.months and month not in days.months:
        return ()
    return tuple(sorted(days.pick.numbers(year, month)))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
