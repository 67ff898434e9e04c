"""What a five-field cron expression says, read as Debian's cron reads it.

Called by `scheduler.recurrence`, which turns it into instants, and by `scheduler.sentences`,
which turns it into words. croniter reads each item of each field. Ours is what it forgets, whether
a field was written with a star, and what it reads otherwise: plain weekdays beside counted ones,
`5L` for its `L5`, `?` in any field, and `9-9`, which is 9 here and the whole day there.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache

from scheduler.errors import BadSchedule

LAST = -1
EVERY_WEEK = 0
_DAY = timedelta(days=1)

_NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_MINUTE, _HOUR, _MONTHDAY, _MONTH, _WEEKDAY = range(5)
_NAMES = ("minute", "hour", "day of the month", "month", "weekday")
_SPANS = (range(60), range(24), range(1, 32), range(1, 13), range(7))
_EXAMPLE = "Write it as minute, hour, day, month, weekday: 0 9 * * 1 is Mondays at 09:00."
_LONGEST = 250  # characters of a field; sixty minutes in a list are 169
_QUOTED = 60  # characters of an expression that a refusal repeats
_RANDOM = re.compile(r"[rh]([(/].*)?")
_FROM_ITSELF = re.compile(r"^0*(\w+)-0*\1(?:/0*[1-9]\d*)?(#\d)?$", re.ASCII)
_LAST_AFTER = re.compile(r"^(\d)l$", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Which days a schedule falls on; None leaves that field free.

    `monthdays` holds 1 to 31 or LAST. `weekdays` holds pairs of the weekday (Monday is 0) and
    which one of the month: 1 to 5, LAST or EVERY_WEEK. With `either`, one of the two fields is
    enough.
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

    def later(self, day: date) -> date:
        """Give a day after `day` before which there is none of them; it may be one itself."""
        following = day + _DAY
        if self.months is None or following.month in self.months:
            return following
        return later_month(day, self.months)


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


@lru_cache(maxsize=4096)
def parse(expression: str) -> Fields:
    """Read a five-field expression or a nickname such as `@daily`; raises BadSchedule."""
    fields = _five(expression)
    minutes, hours, monthdays, months = (
        frozenset(number for number, _ in _read(fields[place], place)) for place in range(4)
    )
    times = tuple(time(hour, minute) for hour in sorted(hours) for minute in sorted(minutes))
    return Fields(
        minutes=tuple(sorted(minutes)),
        hours=tuple(sorted(hours)),
        days=_days(fields, monthdays, months),
        follows_elapsed_time=_starred(fields[_MINUTE]) or _starred(fields[_HOUR]),
        times=times,
    )


def later_month(day: date, months: Collection[int]) -> date:
    """Give the first day of the next of the months after that of `day`; none stands for all."""
    year, month = day.year, day.month
    for _ in range(12):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        if not months or month in months:
            break
    return date(year, month, 1)


def _five(expression: str) -> list[str]:
    text = expression.strip().lower()
    if text == "@reboot":
        raise BadSchedule(
            "@reboot names no time; Chatcron has no machine to watch restart.",
            fix="Say when it should run: every day at 08:00.",
        )
    fields = _NICKNAMES.get(text, text).split()
    if len(fields) == 6:
        raise BadSchedule(
            f"{_quoted(expression)} has six fields; Chatcron reads five, without seconds.",
            fix="Leave out the seconds. " + _EXAMPLE,
        )
    if len(fields) != 5:
        raise BadSchedule(
            f"{_quoted(expression)} is not a cron expression of five fields.", fix=_EXAMPLE
        )
    return fields


def _days(fields: list[str], monthdays: frozenset[int], months: frozenset[int]) -> Days:
    weekdays = frozenset(((day - 1) % 7, nth) for day, nth in _read(fields[_WEEKDAY], _WEEKDAY))
    any_date = monthdays.issuperset(_SPANS[_MONTHDAY])
    any_weekday = weekdays.issuperset((day, EVERY_WEEK) for day in _SPANS[_WEEKDAY])
    either = not _starred(fields[_MONTHDAY]) and not _starred(fields[_WEEKDAY])
    if either and (any_date or any_weekday):
        any_date = any_weekday = True
    return Days(
        months=None if months.issuperset(_SPANS[_MONTH]) else months,
        monthdays=None if any_date else monthdays,
        weekdays=None if any_weekday else weekdays,
        either=either and not any_date,
    )


def _read(field: str, place: int) -> frozenset[tuple[int, int]]:
    """Give the numbers of a field, each with which one of the month it is."""
    if len(field) > _LONGEST:
        raise _unreadable(field, place)
    return frozenset().union(*(_item(item, place) for item in field.split(",")))


@lru_cache(maxsize=1024)
def _item(item: str, place: int) -> frozenset[tuple[int, int]]:
    if _RANDOM.fullmatch(item):
        raise BadSchedule(
            f"{_quoted(item)} in the {_NAMES[place]} field asks for a random time.",
            fix="Name the time.",
        )
    if place == _MONTHDAY and "w" in item:  # croniter reads 15W, but hands out a plain 15
        raise _unreadable(item, place)
    numbers = _expand(item, place)
    ends, _, step = item.partition("/")
    first, dash, _ = ends.partition("-")
    if not step or not dash:
        return numbers
    # croniter loses count where a stepped range wraps around: its 23-5/2 is 23, 2, 4
    ((start, _),) = _expand(first, place)
    ahead = sorted(_expand(ends, place), key=lambda pair: (pair[0] - start) % len(_SPANS[place]))
    return frozenset(ahead[:: int(step)])


def _expand(item: str, place: int) -> frozenset[tuple[int, int]]:
    from croniter import CroniterError, croniter  # 60 to 90 ms that only cron should cost

    fields = ["*"] * 5
    fields[place] = _FROM_ITSELF.sub(r"\1\2", _LAST_AFTER.sub(r"l\1", item.replace("?", "*")))
    try:
        read, counted = croniter.expand(" ".join(fields))
    except CroniterError:
        raise _unreadable(item, place) from None
    numbers = _SPANS[place] if read[place] == ["*"] else read[place]
    return frozenset(
        (LAST if number == "l" else number, LAST if nth == "l" else nth)
        for number in numbers
        for nth in counted.get(number, (EVERY_WEEK,))
    )


def _unreadable(item: str, place: int) -> BadSchedule:
    return BadSchedule(
        f"I can't read {_quoted(item)} in the {_NAMES[place]} field of cron.", fix=_EXAMPLE
    )


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= _QUOTED else text[: _QUOTED - 1] + '…'}”"


def _starred(field: str) -> bool:
    return field.startswith(("*", "?"))


def _on_monthday(monthdays: frozenset[int], day: date) -> bool:
    if day.day in monthdays:
        return True
    return LAST in monthdays and day.day == monthrange(day.year, day.month)[1]


def _on_weekday(weekdays: frozenset[tuple[int, int]], day: date) -> bool:
    weekday = day.weekday()
    if (weekday, EVERY_WEEK) in weekdays or (weekday, (day.day - 1) // 7 + 1) in weekdays:
        return True
    return (weekday, LAST) in weekdays and day.day + 7 > monthrange(day.year, day.month)[1]
