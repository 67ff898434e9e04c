"""From when, until when and how often in all: "starting Monday", "for 3 days", "10 times"."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from bot.intent.dates import BadDay, day
from bot.intent.days import MONTHS, WEEKDAYS
from bot.intent.intervals import (
    Brief,
    Count,
    Endless,
    Lasting,
    Starting,
    StartingAt,
    Until,
    UntilTime,
    is_often,
)
from bot.intent.numbers import UNITS, Found, Tokens, cardinal, duration, phrase, skip, word_at
from bot.intent.spelling import words
from bot.intent.times import BadTime, clock
from bot.intent.tokens import is_number
from storage.schedules import Weekday

Bound = Starting | StartingAt | Until | UntilTime | Lasting | Brief | Count | Endless | BadDay

_OPENS = (
    "starting from", "starting", "beginning", "start", "effective", "as of", "from", "commencing",
    "starts", "begins", "begin", "first run", "kicking off", "not before", "between", "- from",
    "( from", "( starting",
)  # fmt: skip
_CLOSES = (
    "from now until", "from now through", "from now to", "up to and including",
    "until and including", "until", "through to", "through", "thru",
    "ending", "ends", "up to", "up until", "expires", "expiring", "no later than", "not after",
    "stopping", "stops", "stop", "lasting until", "going until", "and stop", "and ends", "and end",
    "and ending",
)  # fmt: skip
_JOINTS = (",", "and", "but", "-", "(")
_NOW = ("now", "right now", "immediately", "right away", "straight away")
_NEVER = ("until further notice", "until i say stop", "until i say otherwise", "until i stop it",
          "until cancelled", "until canceled", "until told otherwise", "until i tell you to stop",
          "indefinitely", "forever", "with no end date", "no end date",
          "until stopped", "from now on", "from now onwards", "starting from now", "starting now",
          "beginning now", "from now", "from today on")  # fmt: skip
_LASTS = ("for the next", "for a total of", "for another", "for the following", "for the coming",
          "for the first", "for only", "for just", "for about", "for", "over the next",
          "during the next", "within the next", "the next", "lasting", "over the coming",
          "over the course of")  # fmt: skip
_RUNS = ("time in total", "time total", "time only", "time altogether", "time overall",
         "time and then stop", "time then stop", "time and stop", "time , then stop", "time",
         "runs and then stop", "runs then stop", "runs and stop", "runs , then stop",
         "occurrences in total", "occurrences", "occurrence", "runs in total", "runs total",
         "repetitions")  # fmt: skip
_RUNS_LED = (*_RUNS, "runs only", "runs", "run", "iterations", "executions", "repeats", "rounds")
_AT_MOST = ("only", "at most", "max", "maximum of", "no more than", "up to", "a maximum of",
            "a total of", "exactly", "just", "limit to", "limited to", "repeat",
            "in total")  # fmt: skip
_COMPARED = ("than", "least", "over", "under", "above", "below")
"""Words before a count that make it the work's own: "pods restarting more than 3x"."""
SIGNS = " ".join({said.split()[0] for said in (*_OPENS, *_CLOSES, *_NEVER, *_LASTS)}) + (
    " starting ends end stop before long time run runs occurrences occurrence repetitions"
)
"""Words of which one stands in every bound, where no number does."""
_RECURS = words(
    "every each daily hourly weekday weekend nightly twice weekly monthly quarterly yearly "
    "biweekly fortnightly alternate"
)


_FAR = 100
"""Tokens after which no recurrence is looked for any more."""


def bound(tokens: Tokens, at: int, today: date) -> Found[Bound] | None:
    """Read "starting Monday", "until March 31", "for 3 days", "10 times"."""
    if is_number(tokens[at]):
        return _count(tokens, at)
    start = skip(tokens, skip(tokens, at, _JOINTS), ("and", "but", "only"))
    endless = phrase(tokens, start, _NEVER)
    if endless is not None:
        return Found(Endless(), endless)
    first = phrase(tokens, start, _OPENS)
    if first is not None:
        opened = _opening(tokens, start, skip(tokens, first, ("on", "from")), today)
        if opened is not None:
            return opened
    last = phrase(tokens, start, _CLOSES)
    if last is not None:
        return _closing(tokens, skip(tokens, last, ("on", "at", "after", "by")), today)
    if word_at(tokens, start) == "before" and _recurs(tokens):
        return _before(tokens, start + 1, today)
    return _length(tokens, start, today)


def _length(tokens: Tokens, at: int, today: date) -> Found[Bound] | None:
    lasting = phrase(tokens, at, _LASTS)
    if lasting is not None:
        number = cardinal(tokens, lasting)
        if number is not None and _is_plural_day(tokens, number.end):
            return Found(Count(times=number.value), number.end)
        return _lasting(tokens, lasting, today)
    return _count(tokens, at)


def _is_plural_day(tokens: Tokens, at: int) -> bool:
    """Whether the "mondays" of "for the next 3 mondays" stands there."""
    return at < len(tokens) and tokens[at].text.casefold() in _DAYS


_DAYS = frozenset((*(f"{day.name.lower()}s" for day in Weekday), "weekdays"))


def _recurs(tokens: Tokens) -> bool:
    """Whether something comes back, by any word of the message."""
    near = tokens[:_FAR]
    named = [token for token in near if token.word in WEEKDAYS]
    plural = any(token.text.casefold().endswith("days") for token in named)
    return plural or len(named) > 1 or any(token.word in _RECURS for token in near)


def _opening(tokens: Tokens, led: int, at: int, today: date) -> Found[Bound] | None:
    now = phrase(tokens, at, _NOW)
    if now is not None and word_at(tokens, led) != "from":
        return Found(Starting(on=today), now)
    found = day(tokens, at, today) or _month_start(tokens, at, today)
    if found is None:
        found = day(tokens, skip(tokens, at, ("next year on", "next year")), today)
    if found is None:
        return _opening_time(tokens, led, at, today)
    if isinstance(found.value, BadDay):
        return Found(found.value, found.end)
    end = (
        skip(tokens, found.end, ("onwards", "onward", "on", "forward"))
        if word_at(tokens, led) == "from"
        else found.end
    )
    joint = phrase(tokens, found.end, ("to", "until", "through", "thru", "-", "up to"))
    if word_at(tokens, led) == "between":
        joint = phrase(tokens, found.end, "and")
        if joint is None:
            return None
    last = None if joint is None else _closing(tokens, skip(tokens, joint, "the"), found.value.on)
    if last is None and joint is not None:
        last = _closing(tokens, joint, found.value.on)
    if last is None or not isinstance(last.value, Until):
        if word_at(tokens, led) == "between":
            return None
        return Found(Starting(on=found.value.on), end)
    return Found(Starting(on=found.value.on, until=last.value.on), last.end)


def _opening_time(tokens: Tokens, led: int, at: int, today: date) -> Found[Bound] | None:
    """Read "starting at 2pm", "starting at 8 tomorrow", "from 10:17"."""
    named = phrase(tokens, at, ("at", "around", "about", "@"))
    if word_at(tokens, led) == "between" or not (is_often(tokens) or named):
        return None
    found = clock(tokens, at if named is None else named, led=named is not None)
    if found is None or isinstance(found.value, BadTime):
        return None
    end = skip(tokens, found.end, ("onwards", "onward", "on", "sharp"))
    hours = word_at(tokens, led) == "from" and end == found.end
    if hours and phrase(tokens, end, ("to", "-", "until", "through", "and")) is not None:
        return None
    on = day(tokens, found.end, today)
    if on is not None and not isinstance(on.value, BadDay):
        return Found(StartingAt(at=found.value, on=on.value.on), on.end)
    return Found(StartingAt(at=found.value), end)


def _month_start(tokens: Tokens, at: int, today: date) -> Found[Starting] | None:
    """Read "April" and "in April" as its first day."""
    start = skip(tokens, at, ("in", "the start of", "the beginning of"))
    month = MONTHS.get(word_at(tokens, start))
    joint = phrase(tokens, start + 1, ("to", "until", "through", "thru", "-", "and", ","))
    if month is None or (joint is not None and word_at(tokens, joint) in MONTHS):
        return None
    return Found(Starting(on=date(today.year + (month <= today.month), month, 1)), start + 1)


def _closing(tokens: Tokens, at: int, today: date) -> Found[Bound] | None:
    whole = _end_of(tokens, at, today)
    if whole is not None:
        return whole
    found = day(tokens, at, today) or day(tokens, at - 1, today)
    if found is None or found.end <= at:
        return _closing_time(tokens, at, today)
    if isinstance(found.value, BadDay):
        return Found(found.value, found.end)
    return Found(Until(on=found.value.on), found.end)


def _closing_time(tokens: Tokens, at: int, today: date) -> Found[Bound] | None:
    """Read "until 5pm", "until 5pm on Friday"."""
    found = clock(tokens, skip(tokens, at, "at"), led=True)
    if found is None or isinstance(found.value, BadTime) or not is_often(tokens):
        return None
    on = day(tokens, found.end, today)
    if on is not None and not isinstance(on.value, BadDay):
        return Found(UntilTime(at=found.value, on=on.value.on), on.end)
    return Found(UntilTime(at=found.value), found.end)


def _before(tokens: Tokens, at: int, today: date) -> Found[Until | BadDay] | None:
    """Read "before April 1", which ends the day before."""
    found = day(tokens, at, today)
    if found is None or isinstance(found.value, BadDay):
        return None
    return Found(Until(on=found.value.on - timedelta(days=1)), found.end)


def _end_of(tokens: Tokens, at: int, today: date) -> Found[Until] | None:
    """Read "the end of March", "the end of the month" and "March" as their last day."""
    start = skip(tokens, at, ("the end of", "end of", "the last day of"))
    month = MONTHS.get(word_at(tokens, start))
    if month is not None and cardinal(tokens, start + 1) is None:
        year = today.year + (month < today.month)
        return Found(Until(on=_month_end(year, month)), start + 1)
    if start == at:
        return None
    for unit, on in _unit_ends(today).items():
        led = phrase(tokens, start, ("the", "this", "next"))
        if word_at(tokens, start if led is None else led) == unit:
            later = word_at(tokens, start) == "next"
            return Found(Until(on=on[later]), (start if led is None else led) + 1)
    today_ends = phrase(tokens, start, ("today", "the day", "day"))
    return None if today_ends is None else Found(Until(on=today), today_ends)


@lru_cache(maxsize=8)
def _unit_ends(today: date) -> dict[str, tuple[date, date]]:
    """Give the last days of the present week, month, quarter and year, and of the next."""
    sunday = today + timedelta(days=6 - today.weekday())
    month = _month_end(today.year, today.month)
    quarter = _months_on(today.replace(day=1), (3 - today.month) % 3)
    ends = _month_end(quarter.year, quarter.month)
    following = _months_on(quarter, 3)
    after = month + timedelta(days=1)
    return {
        "week": (sunday, sunday + timedelta(days=7)),
        "month": (month, _month_end(after.year, after.month)),
        "quarter": (ends, _month_end(following.year, following.month)),
        "year": (date(today.year, 12, 31), date(today.year + 1, 12, 31)),
    }


def span(tokens: Tokens, at: int, today: date) -> Found[Starting] | None:
    """Read "for the rest of the week", "this month", "all of next week" beside a recurrence."""
    rest = phrase(tokens, at, ("for the rest of", "the rest of", "for the remainder of"))
    start = skip(tokens, at, ("for all of", "all of", "for", "during", "throughout", "in", "all"))
    for unit, ends in _unit_ends(today).items():
        led = start if rest is None else rest
        if word_at(tokens, led + 1) != unit or not _recurs(tokens):
            continue
        after = led + 2
        if word_at(tokens, led) in (("this",) if rest is None else ("the", "this")):
            return Found(Starting(on=today, until=ends[0]), after)
        if rest is not None or word_at(tokens, led) != "next":
            continue
        if WEEKDAYS.get(word_at(tokens, skip(tokens, after, "on"))) is None:
            return Found(Starting(on=ends[0] + timedelta(days=1), until=ends[1]), after)
    return None


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _months_on(day: date, months: int) -> date:
    """Give the same day so many months later, or that month's last day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _lasting(tokens: Tokens, at: int, today: date) -> Found[Bound] | None:
    months = _months(tokens, at)
    if months is not None:
        return Found(Lasting(days=(_months_on(today, months.value) - today).days), months.end)
    length = duration(tokens, at)
    if length is None and word_at(tokens, at - 1) == "next" and word_at(tokens, at) in UNITS:
        length = Found(UNITS[word_at(tokens, at)], at + 1)
    if length is None:
        return _count(tokens, at, led=True)
    if length.value % 86_400 == 0 and length.value:
        whole = phrase(tokens, at - 1, "next") is not None or _recurs(tokens)
        end = skip(tokens, length.end, ("only", "in total", "in a row", "straight"))
        return Found(Lasting(days=length.value // 86_400), end) if whole else None
    return Found(Brief(seconds=length.value), length.end) if is_often(tokens) else None


def _months(tokens: Tokens, at: int) -> Found[int] | None:
    """Read "a month", "6 months", "one year" as months."""
    number = Found(1, at + 1) if word_at(tokens, at) in ("a", "one") else cardinal(tokens, at)
    if number is None or not 1 <= number.value <= 120:
        return None
    unit = {"month": 1, "quarter": 3, "year": 12}.get(word_at(tokens, number.end))
    return None if unit is None else Found(number.value * unit, number.end + 1)


def _long(tokens: Tokens, at: int) -> Found[Lasting] | None:
    """Read "4 weeks long" beside what comes back."""
    length = duration(tokens, at)
    end = None if length is None else phrase(tokens, length.end, "long")
    if length is None or end is None or length.value % 86_400 or not _recurs(tokens):
        return None
    return Found(Lasting(days=length.value // 86_400), end)


def _count(tokens: Tokens, at: int, *, led: bool = False) -> Found[Count] | Found[Lasting] | None:
    long = _long(tokens, at)
    if long is not None:
        return long
    start = skip(tokens, at, _AT_MOST)
    number = cardinal(tokens, start)
    if number is None or not number.value or word_at(tokens, at - 1) in _COMPARED:
        return None
    runs = _RUNS_LED if led or start > at else _RUNS
    end = phrase(tokens, skip(tokens, number.end, "more"), runs)
    if end is None or phrase(tokens, end, ("a", "per", "in", "daily", "each", "every")) is not None:
        return None
    return Found(Count(times=number.value), end)
