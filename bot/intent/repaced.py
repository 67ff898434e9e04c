"""Another pace, or other days, of what runs every so often: its hours and days stay; pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from itertools import pairwise

from bot.intent.rules import cron_days
from scheduler.time_words import window
from storage.schedules import Cron, Daily, Every, Rule, Weekday, Weekly

_DAY = 24 * 60
_HOUR = 60
_FIELDS = 5


def paced(present: Rule | None, wanted: Rule) -> Rule:
    """Give the pace that is wanted within the hours and on the days that there are.

    It is given as it is where it names hours or days of its own, or there are none to keep.
    """
    step = _step_of(wanted)
    if not step:
        return wanted
    match present:
        case Daily(every=1) | Weekly(every=1):
            times = _within(present.times, step)
            return replace(present, times=times) if len(times) > 1 else wanted
        case Cron():
            return _cron(present, step) or _on_its_days(present, wanted)
        case Every(weekdays=weekdays) if weekdays:
            return on_days(wanted, weekdays) or wanted
        case _:
            return wanted


def on_days(present: Rule | None, weekdays: tuple[Weekday, ...]) -> Rule | None:
    """Give a pace on these days alone; None where the rule is no pace, but names its times."""
    if isinstance(present, Every):
        return replace(present, weekdays=weekdays if len(weekdays) < len(Weekday) else ())
    fields = present.expression.split() if isinstance(present, Cron) else []
    if len(fields) != _FIELDS or fields[2:4] != ["*", "*"] or not _is_pace(fields):
        return None
    return Cron(expression=" ".join((*fields[:4], cron_days(weekdays))))


def _step_of(wanted: Rule) -> int:
    """Give the minutes between two moments of a pace all day, every day; 0 for any other rule."""
    match wanted:
        case Every(seconds=seconds, weekdays=()) if seconds % 60 == 0 and seconds < 60 * _DAY:
            return seconds // 60
        case Cron(expression=expression):
            minute, hour, *rest = (*expression.split(), "")[:6]
            if rest != ["*", "*", "*", ""]:
                return 0
            if hour == "*":
                return _HOUR if minute == "0" else _number(minute, "*/")
            return _HOUR * _number(hour, "*/") if minute == "0" else 0
        case _:
            return 0


def _number(field: str, before: str) -> int:
    number = field.removeprefix(before)
    return int(number) if field.startswith(before) and number.isdecimal() else 0


def _within(times: tuple[time, ...], step: int) -> tuple[time, ...]:
    """Give times in steps through the window that others make; none where those are no window."""
    if not window(times, wraps=True):
        return ()
    minutes = sorted(at.hour * 60 + at.minute for at in times)
    gaps = [(after - one, one) for one, after in pairwise([*minutes, minutes[0] + _DAY])]
    if len({gap for gap, _ in gaps}) == 1:  # all day long
        return ()
    last = max(gaps)[1]
    first = minutes[(minutes.index(last) + 1) % len(minutes)]
    span = (last - first) % _DAY
    found = ((first + passed) % _DAY for passed in range(0, span + 1, step))
    return tuple(sorted(time(at // 60, at % 60) for at in found))


def _on_its_days(present: Cron, wanted: Rule) -> Rule:
    """Give a pace that no cron says on the days of one that names no hours."""
    fields = present.expression.split()
    if len(fields) != _FIELDS or not isinstance(wanted, Every) or fields[1] != "*":
        return wanted
    written = (part.partition("-") for part in fields[4].split(","))
    ends = [(first, last or first) for first, _, last in written]
    if fields[2:4] != ["*", "*"] or not all(one.isdecimal() for pair in ends for one in pair):
        return wanted
    numbers = {day for first, last in ends for day in range(int(first), int(last) + 1)}
    return replace(wanted, weekdays=tuple(day for day in Weekday if (day + 1) % 7 in numbers))


def _is_pace(fields: list[str]) -> bool:
    """Say whether a cron's first fields name how often it is due, and no time of day."""
    minute, hour = fields[:2]
    is_often = minute.startswith("*") or not hour.isdecimal()
    return is_often and "," not in hour


def _cron(present: Cron, step: int) -> Cron | None:
    """Give a cron of another pace with the same hours, days and months; None where none says it."""
    fields = present.expression.split()
    if len(fields) != _FIELDS or not _is_pace(fields):
        return None
    hours = fields[1].partition("/")[0]
    if step < _HOUR and _HOUR % step == 0:
        return Cron(expression=" ".join((f"*/{step}", hours, *fields[2:])))
    every = step // _HOUR
    if step % _HOUR or (24 % every and hours == "*"):
        return None
    hours = hours if every == 1 else f"{hours}/{every}"
    return Cron(expression=" ".join(("0", hours, *fields[2:])))
