"""Intervals, delays and how often: "every 90 minutes", "in 2h", "twice a day".

The bounds of a schedule are values of this module too; they are read in `bounds`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Literal, NamedTuple

from bot.intent.numbers import (
    UNITS,
    Found,
    Tokens,
    cardinal,
    duration,
    ordinal,
    phrase,
    skip,
    word_at,
)
from bot.intent.times import Clock, Window
from bot.intent.tokens import Kind


class Interval(NamedTuple):
    """A recurrence every so many seconds; zero or a fraction is read and refused later."""

    seconds: int


class Delay(NamedTuple):
    """One moment so many seconds after the message."""

    seconds: int


class Starting(NamedTuple):
    """The first day that counts, and the last one where both were said together."""

    on: date
    until: date | None = None


class StartingAt(NamedTuple):
    """The time of day an interval is counted from, on a day or on the next it comes on."""

    at: Clock
    on: date | None = None


class Until(NamedTuple):
    """The last day that counts."""

    on: date


class UntilTime(NamedTuple):
    """The last time of day that counts, on a day or on the next it comes on."""

    at: Clock
    on: date | None = None


class Lasting(NamedTuple):
    """How long the schedule lives, in days from its first."""

    days: int


class Brief(NamedTuple):
    """How long an interval goes on, in seconds, where that is less than days."""

    seconds: int


class Count(NamedTuple):
    """How often it runs in all."""

    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Endless:
    """Said outright: no end."""


class TimesADay(NamedTuple):
    """So many runs in a day, week, month, year or hour (`per`)."""

    times: int
    per: Literal["hour", "day", "week", "month", "year"] = "day"


_NAMED = {
    **dict.fromkeys(("hourly", "every single hour", "once an hour", "every full hour",
                     "once per hour", "on an hourly basis", "each full hour", "per hour",
                     "once every hour", "every whole hour", "once hourly"), 3600),
    **dict.fromkeys(("once a minute", "once per minute", "every single minute", "minutely",
                     "once every minute", "per minute"), 60),
    **dict.fromkeys(("half-hourly", "half hourly", "every half hour", "every half an hour",
                     "every half-hour", "every 1/2 hour"), 1800),
    **dict.fromkeys(("quarter-hourly", "every quarter hour", "every quarter of an hour",
                     "every quarter-hour"), 900),
}  # fmt: skip
_SAID = tuple(_NAMED)
_FAR = 100
"""Tokens after which no interval is looked for any more."""


def interval(tokens: Tokens, at: int) -> Found[Interval] | None:
    """Read "every 15 minutes", "every hour", "hourly", "each 2h", "every other hour"."""
    named = phrase(tokens, at, _SAID)
    if named is not None:
        said = " ".join(token.word for token in tokens[at:named])
        return Found(Interval(seconds=_NAMED[said]), named)
    led = phrase(tokens, at, ("once every", "once in every", "every", "each", "at intervals of",
                 "in intervals of", "at an interval of", "with an interval of"))  # fmt: skip
    if led is None:
        return None
    return _single_unit(tokens, led) or _other(tokens, led) or _length(tokens, led)


def _single_unit(tokens: Tokens, led: int) -> Found[Interval] | None:
    unit = word_at(tokens, led)
    half = phrase(tokens, led + 1, "and a half")
    if unit in ("second", "minute", "hour", "day") and half is not None:
        return Found(Interval(seconds=UNITS[unit] * 3 // 2), half)
    if unit in ("second", "minute", "hour"):
        return Found(Interval(seconds=UNITS[unit]), led + 1)
    return None


def _other(tokens: Tokens, led: int) -> Found[Interval] | None:
    """Read "every other hour", "every 3rd hour", "every couple of hours"."""
    other = phrase(tokens, led, ("other", "alternate", "couple of", "couple"))
    number = ordinal(tokens, led) if other is None else Found(2, other)
    if other is None and word_at(tokens, led) == "second":
        number = Found(2, led + 1)
    if number is None or word_at(tokens, number.end) not in ("minute", "hour"):
        return None
    if number.value < 1:
        return None
    return Found(Interval(seconds=number.value * UNITS[word_at(tokens, number.end)]),
                 number.end + 1)  # fmt: skip


def _length(tokens: Tokens, led: int) -> Found[Interval] | None:
    length = duration(tokens, skip(tokens, led, "-"))
    if length is None:
        return None
    if word_at(tokens, led) == "-":
        return Found(Interval(seconds=-length.value), length.end)
    if tokens[length.end - 1].word in ("week", "day") and length.value % 86_400 == 0:
        return None
    return Found(Interval(seconds=length.value), length.end)


def hours(tokens: Tokens, at: int) -> Found[Window] | None:
    """Read the bare "9-11" of "every 30 minutes 9-11"."""
    first, joint = cardinal(tokens, at), phrase(tokens, at + 1, ("-", "to", "until"))
    last = None if joint is None else cardinal(tokens, joint)
    if first is None or last is None or first.end != at + 1 or not is_often(tokens):
        return None
    end = last.end + (last.end < len(tokens) and tokens[last.end].text == "h")
    if not (first.value < last.value <= 23) or word_at(tokens, end) in _NO_HOURS:
        return None
    ends = (Clock(at=time(first.value)), Clock(at=time(last.value)))
    return Found(Window(first=ends[0], last=ends[1]), end)


_NO_HOURS = (*UNITS, "am", "pm", "a", "p", "time", "th", "st", "nd", "rd", "%", "/")


def is_often(tokens: Tokens) -> bool:
    """Whether the message names an interval of less than a day, wherever it stands."""
    for at in range(min(len(tokens), _FAR)):
        if word_at(tokens, at) in ("every", "each", "hourly", "once", "minutely", "half-hourly"):
            found = interval(tokens, at)
            if found is not None and 0 < found.value.seconds < UNITS["day"]:
                return True
    return False


def delay(tokens: Tokens, at: int) -> Found[Delay] | None:
    """Read "in 90 minutes", "half an hour from now"; "5 minutes ago" is a negative one."""
    led = phrase(tokens, at, ("in", "after"))
    length = duration(tokens, at if led is None else led)
    if length is None:
        return None
    gone = phrase(tokens, length.end, "ago")
    if gone is not None:
        return Found(Delay(seconds=-length.value), gone)
    if length.value % 86_400 == 0 and length.value:
        return None
    tail = phrase(tokens, length.end, ("from now", "from right now"))
    reminds = at == 0 or any(token.word in ("remind", "ping", "nudge") for token in tokens[:4])
    ends = all(token.kind is Kind.MARK for token in tokens[length.end :])
    plain = word_at(tokens, at) != "after" or reminds or ends
    if tail is None and (led is None or not plain):
        return None
    return Found(Delay(seconds=length.value), tail or length.end)


def times_a_day(tokens: Tokens, at: int) -> Found[TimesADay] | None:
    """Read "twice a day", "3 times daily", "four times per week"."""
    if word_at(tokens, at) in ("twice", "thrice"):
        number = Found(2 if word_at(tokens, at) == "twice" else 3, at + 1)
    else:
        read = cardinal(tokens, at)
        if read is None or word_at(tokens, read.end) != "time":
            return None
        number = Found(read.value, read.end + 1)
    for per, said in _PER:
        end = phrase(tokens, number.end, said)
        if end is not None:
            return Found(TimesADay(times=number.value, per=per), end)
    return None


_PER: tuple[tuple[Literal["hour", "day", "week", "month", "year"], tuple[str, ...]], ...] = (
    ("day", ("a day", "per day", "daily", "every day", "each day", "every single day")),
    ("week", ("a week", "per week", "weekly", "every week", "each week")),
    ("month", ("a month", "per month", "monthly", "every month", "each month")),
    ("year", ("a year", "per year", "yearly", "every year", "each year", "annually")),
    ("hour", ("an hour", "per hour", "hourly", "every hour", "each hour")),
)  # fmt: skip
