"""Intervals, delays and bounds: "every 90 minutes", "in 2h", "until Friday", "5 times"."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from bot.intent.dates import BadDay, day
from bot.intent.days import MONTHS
from bot.intent.numbers import UNITS, Found, Tokens, cardinal, duration, phrase, skip, word_at
from bot.intent.times import Clock, clock

_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A recurrence every so many seconds; zero or a fraction is read and refused later."""

    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """One moment so many seconds after the message."""

    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Starting:
    """The first day that counts, and the last one where both were said together.

    With `at`, the wall time of the first moment; the day is open then where none was said.
    """

    on: date | None
    until: date | None = None
    at: Clock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Until:
    """The last day that counts, or (`at`) the last wall time of the coming hours."""

    on: date | None
    at: Clock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """How long the schedule lives: days from its first, or `seconds` from now."""

    days: int = 0
    seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How often it runs in all."""

    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesADay:
    """So many runs in a day, week, month or hour (`per`)."""

    times: int
    per: str = "day"


def interval(tokens: Tokens, at: int) -> Found[Interval] | None:
    """Read "every 15 minutes", "every hour", "hourly", "each 2h"; whole days are a stride."""
    hourly = phrase(tokens, at, "hourly", "every single hour", "once an hour", "every full hour")
    if hourly is not None:
        return Found(Interval(seconds=3600), hourly)
    minutely = phrase(tokens, at, "once a minute", "once per minute", "every single minute")
    if minutely is not None:
        return Found(Interval(seconds=60), minutely)
    led = phrase(tokens, at, "once every", "every", "each")
    if led is None:
        return None
    unit = word_at(tokens, led)
    if unit in ("second", "minute", "hour", "day") and (
        half := phrase(tokens, led + 1, "and a half")
    ):
        return Found(Interval(seconds=UNITS[unit] * 3 // 2), half)
    if unit in ("second", "minute", "hour"):
        return Found(Interval(seconds=UNITS[unit]), led + 1)
    length = duration(tokens, skip(tokens, led, "-"))
    if length is None:
        return None
    if word_at(tokens, led) == "-":
        return Found(Interval(seconds=-length.value), length.end)
    if tokens[length.end - 1].word == "week" or length.value % _DAY == 0 < length.value:
        return Found(Interval(seconds=_DAY), length.end) if length.value == _DAY else None
    return Found(Interval(seconds=length.value), length.end)


def delay(tokens: Tokens, at: int) -> Found[Delay] | None:
    """Read "in 90 minutes", "half an hour from now"; "5 minutes ago" is a negative one."""
    led = phrase(tokens, at, "in", "after")
    length = duration(tokens, at if led is None else led)
    if length is None:
        return None
    gone = phrase(tokens, length.end, "ago")
    if gone is not None:
        return Found(Delay(seconds=-length.value), gone)
    if length.value % 86_400 == 0 and length.value:
        return None
    tail = phrase(tokens, length.end, "from now", "from right now")
    if tail is None and (led is None or word_at(tokens, at) == "after"):
        return None
    return Found(Delay(seconds=length.value), tail or length.end)


def bound(
    tokens: Tokens, at: int, today: date
) -> Found[Starting | Until | Lasting | Count | BadDay] | None:
    """Read "starting Monday", "until March 31", "for 3 days", "10 times"."""
    start = skip(tokens, at, ",", "and")
    first = phrase(tokens, start, "starting", "beginning", "start", "effective", "as of", "from")
    if first is not None:
        return _day_bound(tokens, skip(tokens, first, "on", "from"), today, opens=True)
    last = phrase(tokens, start, "until", "through", "ending", "up to", "up until")
    if last is not None:
        return _day_bound(tokens, skip(tokens, last, "on"), today, opens=False)
    lasting = phrase(tokens, start, "for the next", "for", "over the next", "during the next")
    if lasting is not None:
        return _lasting(tokens, lasting)
    return _count(tokens, start)


def times_a_day(tokens: Tokens, at: int) -> Found[TimesADay] | None:
    """Read "twice a day", "3 times daily"."""
    if word_at(tokens, at) in ("twice", "thrice"):
        number = Found(2 if word_at(tokens, at) == "twice" else 3, at + 1)
    else:
        read = cardinal(tokens, at)
        if read is None or word_at(tokens, read.end) != "time":
            return None
        number = Found(read.value, read.end + 1)
    for per, said in (
        ("day", ("a day", "per day", "daily", "every day", "each day")),
        ("week", ("a week", "per week", "weekly", "every week", "each week")),
        ("month", ("a month", "per month", "monthly", "every month", "each month")),
        ("hour", ("an hour", "per hour", "hourly", "every hour", "each hour")),
    ):
        end = phrase(tokens, number.end, *said)
        if end is not None:
            return Found(TimesADay(times=number.value, per=per), end)
    return None


def _day_bound(
    tokens: Tokens, at: int, today: date, *, opens: bool
) -> Found[Starting | Until | BadDay] | None:
    found = day(tokens, at, today)
    if found is None:
        return _time_bound(tokens, at, opens=opens) or (
            None if opens else _end_of(tokens, at, today)
        )
    if isinstance(found.value, BadDay):
        return Found(found.value, found.end)
    if not opens:
        return Found(Until(on=found.value.on), found.end)
    joint = phrase(tokens, found.end, "to", "until", "through", "thru", "-")
    last = None if joint is None else _day_bound(tokens, joint, today, opens=False)
    if last is None or not isinstance(last.value, Until):
        return Found(Starting(on=found.value.on), found.end)
    return Found(Starting(on=found.value.on, until=last.value.on), last.end)


def _time_bound(tokens: Tokens, at: int, *, opens: bool) -> Found[Starting | Until | BadDay] | None:
    """Read the time of "starting at 2pm" and "until 5pm"."""
    timed = _clock(tokens, at)
    if timed is None:
        return None
    if opens:
        return Found(Starting(on=None, at=timed.value), timed.end)
    return Found(Until(on=None, at=timed.value), timed.end)


def _clock(tokens: Tokens, at: int) -> Found[Clock] | None:
    found = clock(tokens, skip(tokens, at, "at", ","), led=True)
    if found is None or not isinstance(found.value, Clock):
        return None
    return Found(found.value, found.end)


def _end_of(tokens: Tokens, at: int, today: date) -> Found[Until] | None:
    """Read "the end of March", "the end of the month" and "March" as their last day."""
    start = skip(tokens, at, "the end of", "end of")
    month = MONTHS.get(word_at(tokens, start))
    if month is not None:
        year = today.year + (month < today.month)
        return Found(Until(on=_month_end(year, month)), start + 1)
    after = phrase(tokens, start, "the month", "this month", "month")
    if after is not None and start > at:
        return Found(Until(on=_month_end(today.year, today.month)), after)
    after = phrase(tokens, start, "the year", "this year", "year")
    if after is not None and start > at:
        return Found(Until(on=date(today.year, 12, 31)), after)
    return None


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _lasting(tokens: Tokens, at: int) -> Found[Lasting | Count] | None:
    month = phrase(tokens, at, "a month", "1 month", "one month")
    if month is not None:
        return Found(Lasting(days=30), month)
    length = duration(tokens, at)
    if length is not None and length.value % _DAY == 0 and length.value:
        return Found(Lasting(days=length.value // _DAY), length.end)
    if length is not None and length.value and word_at(tokens, at - 1) == "next":
        return Found(Lasting(seconds=length.value), length.end)
    return _count(tokens, at)


def _count(tokens: Tokens, at: int) -> Found[Count] | None:
    number = cardinal(tokens, skip(tokens, at, "only"))
    if number is None or not number.value:
        return None
    end = phrase(tokens, number.end, "time in total", "time only", "time", "occurrences", "runs")
    if end is None or phrase(tokens, end, "a", "per", "in", "daily", "each", "every") is not None:
        return None
    return Found(Count(times=number.value), end)
