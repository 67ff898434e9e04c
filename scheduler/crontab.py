"""What a five-field cron expression says, read as Debian's cron reads it.

Called by `scheduler.recurrence`, which turns it into instants, and by `scheduler.sentences`,
which turns it into words. Beyond Debian's it reads `?`, `L`, `LW`, `5L`, `2#1` and ranges that
wrap around (`22-6`, `fri-mon`). A parser of our own, because the libraries forget what decides
here: whether a field was written with a star.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache

from scheduler.errors import BadSchedule

LAST = -1
LAST_WORKDAY = -2
EVERY_WEEK = 0

_NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_EXAMPLE = "Write it as minute, hour, day, month, weekday: 0 9 * * 1 is Mondays at 09:00."
_ITEM = re.compile(r"(?P<first>[*?]|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>\d{1,4}))?", re.ASCII)
_NUMBER = re.compile(r"\d{1,2}", re.ASCII)
_LAST_WEEKDAY = re.compile(r"l(?P<after>\w+)|(?P<before>\w+)l", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Which days a schedule falls on; None leaves that field free.

    `monthdays` holds 1 to 31, LAST or LAST_WORKDAY. `weekdays` holds pairs of the weekday (Monday
    is 0) and which one of the month: 1 to 5, LAST or EVERY_WEEK. With `either`, one of the two
    fields is enough.
    """

    months: frozenset[int] | None = None
    monthdays: frozenset[int] | None = None
    weekdays: frozenset[tuple[int, int]] | None = None
    either: bool = False

    def include(self, day: date) -> bool:
        """Say whether the schedule falls on the day."""
        if self.months is not None and day.month not in self.months:
            return False
        if self.monthdays is None:
            return self.weekdays is None or _on_weekday(self.weekdays, day)
        on_date = _on_monthday(self.monthdays, day)
        if self.weekdays is None or on_date == self.either:
            return on_date
        return _on_weekday(self.weekdays, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """A parsed expression: the days and, on each of them, the wall times in rising order.

    `follows_elapsed_time` is true where minute or hour was written with a star: such a schedule
    runs whenever the wall shows its minute, twice in an hour that the clocks repeat.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: Days
    follows_elapsed_time: bool
    times: tuple[time, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    name: str
    low: int
    high: int
    span: int
    names: Mapping[str, int] = field(default_factory=dict)


_MINUTE = _Field(name="minute", low=0, high=59, span=60)
_HOUR = _Field(name="hour", low=0, high=23, span=24)
_MONTHDAY = _Field(name="day of the month", low=1, high=31, span=31)
_MONTH = _Field(
    name="month", low=1, high=12, span=12, names={name: n for n, name in enumerate(_MONTHS, 1)}
)
_WEEKDAY = _Field(
    name="weekday", low=0, high=7, span=7, names={name: n for n, name in enumerate(_WEEKDAYS)}
)


@lru_cache(maxsize=4096)
def parse(expression: str) -> Fields:
    """Read a five-field expression or a nickname such as `@daily`; raises BadSchedule."""
    minute, hour, monthday, month, weekday = _five(expression)
    minutes = tuple(sorted(_numbers(minute, _MINUTE)))
    hours = tuple(sorted(_numbers(hour, _HOUR)))
    return Fields(
        minutes=minutes,
        hours=hours,
        days=_days(monthday, frozenset(_numbers(month, _MONTH)), weekday),
        follows_elapsed_time=_starred(minute) or _starred(hour),
        times=tuple(time(at, past) for at in hours for past in minutes),
    )


def _five(expression: str) -> list[str]:
    text = expression.strip().lower()
    if text == "@reboot":
        raise BadSchedule(
            "@reboot names no time; Chatcron has no machine to watch restart.",
            fix="Say when it should run: every day at 08:00.",
        )
    parts = _NICKNAMES.get(text, text).split()
    if len(parts) == 6:
        raise BadSchedule(
            f"{expression} has six fields; Chatcron reads five, without seconds.",
            fix="Leave out the seconds. " + _EXAMPLE,
        )
    if len(parts) != 5:
        raise BadSchedule(f"{expression} is not a cron expression of five fields.", fix=_EXAMPLE)
    return parts


def _days(monthday: str, months: frozenset[int], weekday: str) -> Days:
    monthdays = frozenset(day for item in monthday.split(",") for day in _monthdays(item))
    weekdays = frozenset(day for item in weekday.split(",") for day in _weekdays(item))
    any_date = len(monthdays - {LAST, LAST_WORKDAY}) == _MONTHDAY.span
    any_weekday = sum(nth == EVERY_WEEK for _, nth in weekdays) == _WEEKDAY.span
    either = not _starred(monthday) and not _starred(weekday)
    if either and (any_date or any_weekday):
        any_date = any_weekday = True
    return Days(
        months=None if len(months) == _MONTH.span else months,
        monthdays=None if any_date else monthdays,
        weekdays=None if any_weekday else weekdays,
        either=either and not any_date,
    )


def _monthdays(item: str) -> set[int]:
    if item in ("l", "lw"):
        return {LAST if item == "l" else LAST_WORKDAY}
    return _item(item, _MONTHDAY)


def _weekdays(item: str) -> set[tuple[int, int]]:
    name, hash_sign, nth = item.partition("#")
    if hash_sign:
        if nth not in ("1", "2", "3", "4", "5"):
            raise _unreadable(item, _WEEKDAY)
        return {(_monday_first(_number(name, _WEEKDAY)), int(nth))}
    if last := _LAST_WEEKDAY.fullmatch(item):
        return {(_monday_first(_number(last["after"] or last["before"], _WEEKDAY)), LAST)}
    return {(_monday_first(day), EVERY_WEEK) for day in _item(item, _WEEKDAY)}


def _numbers(text: str, kind: _Field) -> set[int]:
    return {number for item in text.split(",") for number in _item(item, kind)}


def _item(item: str, kind: _Field) -> set[int]:
    if item[:1] in ("r", "h") and item[1:2] in ("", "(", "/"):
        raise BadSchedule(
            f"“{item}” in the {kind.name} field asks for a random time.", fix="Name the time."
        )
    found = _ITEM.fullmatch(item)
    if not found or (found["first"] in "*?" and found["last"]):
        raise _unreadable(item, kind)
    step = int(found["step"] or 1)
    if found["first"] in "*?":
        first, last = kind.low, kind.low + kind.span - 1
    else:
        first = last = _number(found["first"], kind)
        if found["last"]:
            last = _number(found["last"], kind)
        elif found["step"]:
            last = kind.high
    if not step:
        raise _unreadable(item, kind)
    if last < first:
        last += kind.span
    return {kind.low + (n - kind.low) % kind.span for n in range(first, last + 1, step)}


def _number(text: str, kind: _Field) -> int:
    number = int(text) if _NUMBER.fullmatch(text) else kind.names.get(text, -1)
    if not kind.low <= number <= kind.high:
        raise _unreadable(text, kind)
    return number


def _unreadable(item: str, kind: _Field) -> BadSchedule:
    return BadSchedule(f"I can't read “{item}” in the {kind.name} field of cron.", fix=_EXAMPLE)


def _starred(text: str) -> bool:
    return text.startswith(("*", "?"))


def _monday_first(number: int) -> int:
    return (number - 1) % 7


def _on_monthday(monthdays: frozenset[int], day: date) -> bool:
    if day.day in monthdays:
        return True
    if LAST not in monthdays and LAST_WORKDAY not in monthdays:
        return False
    last = date(day.year, day.month, monthrange(day.year, day.month)[1])
    workday = last.day - max(0, last.weekday() - 4)
    return (LAST in monthdays and day == last) or (LAST_WORKDAY in monthdays and day.day == workday)


def _on_weekday(weekdays: frozenset[tuple[int, int]], day: date) -> bool:
    weekday = day.weekday()
    if (weekday, EVERY_WEEK) in weekdays or (weekday, (day.day - 1) // 7 + 1) in weekdays:
        return True
    return (weekday, LAST) in weekdays and day.day + 7 > monthrange(day.year, day.month)[1]
