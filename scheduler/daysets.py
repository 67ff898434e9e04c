"""Which local days a rule falls on, for `scheduler.recurrence`.

Every set answers one question, so that rules, cron and exceptions are walked alike.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol

from scheduler.crontab import EVERY_WEEK, Days
from storage.schedules import (
    Daily,
    Exceptions,
    Monthly,
    NthWeekday,
    NthWorkday,
    Weekly,
)

_FRIDAY = 4


class DaySet(Protocol):
    """Local days."""

    def include(self, day: date) -> bool:
        """Say whether the day is one of them."""
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
            return _MonthDays(days=frozenset(monthdays), months=frozenset(months))
        case NthWeekday(nths=nths, months=months):
            counted = frozenset((nth, int(day)) for nth, day in nths)
            return _Counted(nths=counted, months=frozenset(months))
        case NthWorkday(nths=nths, months=months):
            return _Workdays(nths=frozenset(nths), months=frozenset(months))


def without(days: DaySet, exceptions: Exceptions) -> DaySet:
    """Give those of the days that are no exception."""
    return days if exceptions == Exceptions() else _Without(days=days, exceptions=exceptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stride:
    """Every so manieth day from the anchor on, and before it alike."""

    every: int
    anchor: date

    def include(self, day: date) -> bool:
        return (day - self.anchor).days % self.every == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weeks:
    """The days of every so manieth week."""

    days: Days
    every: int
    anchor: date

    def include(self, day: date) -> bool:
        weeks = (_monday(day) - _monday(self.anchor)).days // 7
        return weeks % self.every == 0 and self.days.include(day)


@dataclass(frozen=True, slots=True, kw_only=True)
class _MonthDays:
    """Days by their number in the month, from its start or its end."""

    days: frozenset[int]
    months: frozenset[int]

    def include(self, day: date) -> bool:
        if self.months and day.month not in self.months:
            return False
        return day.day in self.days or day.day - _length(day) - 1 in self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """Weekdays by which of the month they are; pairs of that and the weekday."""

    nths: frozenset[tuple[int, int]]
    months: frozenset[int]

    def include(self, day: date) -> bool:
        if self.months and day.month not in self.months:
            return False
        weekday = day.weekday()
        first, last = (day.day - 1) // 7 + 1, -((_length(day) - day.day) // 7) - 1
        return (first, weekday) in self.nths or (last, weekday) in self.nths


@dataclass(frozen=True, slots=True, kw_only=True)
class _Workdays:
    """Days from Monday to Friday by which of the month they are."""

    nths: frozenset[int]
    months: frozenset[int]

    def include(self, day: date) -> bool:
        if self.months and day.month not in self.months:
            return False
        if day.weekday() > _FRIDAY:
            return False
        workdays = _workdays(day.year, day.month)
        place = workdays.index(day.day)
        return place + 1 in self.nths or place - len(workdays) in self.nths


@dataclass(frozen=True, slots=True, kw_only=True)
class _Without:
    """Days less their exceptions."""

    days: DaySet
    exceptions: Exceptions

    def include(self, day: date) -> bool:
        out = self.exceptions
        if day.month in out.months or day.weekday() in out.weekdays or day in out.dates:
            return False
        if (day.month, day.day) in out.yearly or day.day in out.monthdays:
            return False
        return day.day - _length(day) - 1 not in out.monthdays and self.days.include(day)


@lru_cache(maxsize=4096)
def _workdays(year: int, month: int) -> tuple[int, ...]:
    starts, length = monthrange(year, month)
    return tuple(number for number in range(1, length + 1) if (starts + number - 1) % 7 <= _FRIDAY)


def _length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
