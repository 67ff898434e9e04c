"""The shapes a schedule can have: wall times beside an IANA zone, never instants alone.

Written by `bot.intent`, expanded into instants by `scheduler.recurrence`, stored as JSON.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import IntEnum


class Weekday(IntEnum):
    """A day of the week, numbered as Python's `date.weekday` does: Monday is 0."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


WORKDAYS = tuple(Weekday(number) for number in range(5))
WEEKEND = (Weekday.SATURDAY, Weekday.SUNDAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """Every local day at each of `times`, or every so many days counted from the day `anchor`."""

    times: tuple[time, ...]
    every: int = 1
    anchor: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """On each of `weekdays` at each of `times`, every week.

    With `every` above one only in every so manieth week, counted from the week of `anchor`; weeks
    begin on Monday.
    """

    weekdays: tuple[Weekday, ...]
    times: tuple[time, ...]
    every: int = 1
    anchor: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Monthly:
    """On each of `days` of a month at each of `times`: 1 to 31, or from the end -1 (last) to -31.

    In every month, or in `months` (1 to 12) alone. A month that lacks the day is passed over.
    """

    days: tuple[int, ...]
    times: tuple[time, ...]
    months: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NthWeekday:
    """On counted weekdays of a month at each of `times`: (2, TUESDAY), or (-1, FRIDAY), the last.

    In every month, or in `months` alone.
    """

    nths: tuple[tuple[int, Weekday], ...]
    times: tuple[time, ...]
    months: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NthWorkday:
    """On counted days from Monday to Friday of a month: 1 is the first, -1 the last.

    In every month, or in `months` alone. Holidays are not known and count as any other day.
    """

    nths: tuple[int, ...]
    times: tuple[time, ...]
    months: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """A five-field cron expression, read on the wall clock as Debian's cron reads it."""

    expression: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """A true interval of `seconds` of elapsed time, counted from `anchor` (UTC).

    With `weekdays`, moments on other local days are left out; the count goes on through them.
    """

    seconds: int
    anchor: datetime
    weekdays: tuple[Weekday, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """One moment: the wall time `at` on the local day `on`."""

    on: date
    at: time


Single = Daily | Weekly | Monthly | NthWeekday | NthWorkday | Cron | Every | Once


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """Two and more rules in one; a moment that several of them name is due once."""

    rules: tuple[Single, ...]


Rule = Single | Several


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceptions:
    """Local days on which nothing is due, whatever the rule says.

    `yearly` holds (month, day) pairs; `monthdays` counts from the end below zero, as in `Monthly`.
    `holidays` are the days of the workspace's calendar as they were last put down, in order; None
    where a holiday is a day as any other.
    """

    dates: tuple[date, ...] = ()
    yearly: tuple[tuple[int, int], ...] = ()
    weekdays: tuple[Weekday, ...] = ()
    monthdays: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    holidays: tuple[date, ...] | None = None


NO_EXCEPTIONS = Exceptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A rule in the wall time of `zone`, with optional bounds.

    `starts` and `ends` are local days, both included; on the day `ends` nothing is due after the
    wall time `ends_at`. `count` is how many due moments there will ever be. A task without a
    schedule runs on demand only.
    """

    rule: Rule
    zone: str
    starts: date | None = None
    ends: date | None = None
    ends_at: time | None = None
    count: int | None = None
    exceptions: Exceptions = NO_EXCEPTIONS


def leaving_out(schedule: Schedule, holidays: tuple[date, ...] | None) -> Schedule:
    """Give a schedule that leaves out these holidays; None lets it run on any."""
    return replace(schedule, exceptions=replace(schedule.exceptions, holidays=holidays))
