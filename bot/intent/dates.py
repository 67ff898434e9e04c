"""Single days: "tomorrow", "next Tuesday", "on March 10", "2026-03-10", "a week from today"."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from bot.intent.days import MONTHS, WEEKDAYS, months
from bot.intent.names import joined
from bot.intent.numbers import (
    UNITS,
    Found,
    Tokens,
    cardinal,
    duration,
    first_words,
    ordinal,
    phrase,
    skip,
    word_at,
)
from bot.intent.times import PARTS
from bot.intent.tokens import Kind, is_number

FEASTS = {
    "christmas eve": (12, 24), "christmas day": (12, 25), "christmas": (12, 25),
    "xmas eve": (12, 24), "xmas": (12, 25), "boxing day": (12, 26), "new year's eve": (12, 31),
    "new year's day": (1, 1), "new year's": (1, 1), "new year": (1, 1), "new years": (1, 1),
    "halloween": (10, 31),
}  # fmt: skip
"""Days that people call by name, as (month, day)."""
_FEAST_WORDS = first_words(FEASTS)
_BESIDE = ("before", "ahead of", "prior to", "after")


class Day(NamedTuple):
    """One local day; `sure` is false where another day could be meant."""

    on: date
    sure: bool = True


class BadDay(NamedTuple):
    """Something that stands where a date should and is none ("Feb 30"), or is unclear ("3/4")."""

    text: str
    choices: tuple[str, ...] = ()


def day(tokens: Tokens, at: int, today: date) -> Found[Day | BadDay] | None:
    """Read one day, the next one that fits."""
    start = skip(tokens, at, ("first thing", "once , on", "once ,", "once on", "once", "on"))
    if word_at(tokens, start) in WEEKDAYS:
        dated = _weekday_and_date(tokens, start, today)
        return dated or _named_weekday(tokens, start, today)
    return (
        _beside(tokens, start, today)
        or _feast(tokens, start, today)
        or _relative(tokens, start, today)
        or _named_weekday(tokens, start, today)
        or _month_and_day(tokens, skip(tokens, start, "the"), today)
        or _written(tokens, start, today)
        or _day_of_month(tokens, start, today)
    )


_MAY_STAND_BEFORE = (
    "on", "until", "by", "before", "after", "from", "starting", "beginning", "except", "not", "of"
)  # fmt: skip


def _feast(tokens: Tokens, at: int, today: date) -> Found[Day | BadDay] | None:
    """Read "on Christmas Eve" and "until new year"; "the christmas campaign" is no day."""
    if word_at(tokens, at) not in _FEAST_WORDS or word_at(tokens, at - 1) not in _MAY_STAND_BEFORE:
        return None
    after = phrase(tokens, at, FEASTS)
    if after is None:
        return None
    month, number = FEASTS[" ".join(token.word for token in tokens[at:after])]
    return Found(_valid(None, month, number, today), after)


def _beside(tokens: Tokens, at: int, today: date) -> Found[Day | BadDay] | None:
    """Read "two days before July 4" and "the day after March 10"."""
    start = skip(tokens, at, "the")
    joint = phrase(tokens, start + 1, _BESIDE)
    length = duration(tokens, start) if joint is None else None
    if joint is not None and word_at(tokens, start) in UNITS:
        length = Found(UNITS[word_at(tokens, start)], start + 1)
    joint = joint if length is None else phrase(tokens, length.end, _BESIDE)
    if length is None or joint is None or length.value % 86_400:
        return None
    named = (
        _month_and_day(tokens, skip(tokens, joint, "the"), today)
        or _feast(tokens, joint, today)
        or _written(tokens, joint, today)
    )
    if named is None or isinstance(named.value, BadDay):
        return named
    earlier = word_at(tokens, joint - 1) in ("before", "of", "to")
    ahead = timedelta(seconds=-length.value if earlier else length.value)
    return Found(Day(on=named.value.on + ahead), named.end)


def past_day(tokens: Tokens, at: int) -> int | None:
    """Give the place after a word that names a day gone by."""
    if word_at(tokens, at) == "last" and word_at(tokens, at + 1) in WEEKDAYS:
        return at + 2
    return phrase(
        tokens,
        at,
        ("yesterday", "last week", "last month", "last night", "last year", "in the past"),
    )


def _relative(tokens: Tokens, at: int, today: date) -> Found[Day | BadDay] | None:
    after = phrase(tokens, at, ("the day after tomorrow", "day after tomorrow"))
    if after is not None:
        return Found(Day(on=today + timedelta(days=2)), after)
    if word_at(tokens, at) in ("today", "tomorrow"):
        ahead = timedelta(days=word_at(tokens, at) == "tomorrow")
        return Found(Day(on=today + ahead), at + 1)
    if word_at(tokens, at) == "this" and word_at(tokens, at + 1) in PARTS:
        return Found(Day(on=today), at + 1)
    return _from_now(tokens, at, today) or _next_span(tokens, at, today)


def _from_now(tokens: Tokens, at: int, today: date) -> Found[Day | BadDay] | None:
    """Read "in 3 days", "a week from today"."""
    led = phrase(tokens, at, "in")
    length = duration(tokens, at if led is None else led)
    if length is None or length.value % 86_400:
        return None
    tail = phrase(tokens, length.end, ("from today", "from now", "from tomorrow"))
    if led is None and tail is None:
        return None
    later = length.value + 86_400 * (tail is not None and word_at(tokens, tail - 1) == "tomorrow")
    return Found(Day(on=today + timedelta(seconds=later)), tail or length.end)


def _next_span(tokens: Tokens, at: int, today: date) -> Found[Day | BadDay] | None:
    monday = today + timedelta(days=7 - today.weekday())
    after = phrase(tokens, at, "next week")
    if after is not None:
        named = WEEKDAYS.get(word_at(tokens, skip(tokens, after, "on")))
        if named is None:
            return Found(Day(on=monday, sure=False), after)
        return Found(Day(on=monday + timedelta(days=named)), skip(tokens, after, "on") + 1)
    after = phrase(tokens, at, "next month")
    if after is None:
        return None
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    number = ordinal(tokens, skip(tokens, after, (", on the", "on the", ", the", "the", "on")))
    if number is not None and 1 <= number.value <= monthrange(first.year, first.month)[1]:
        return Found(Day(on=first.replace(day=number.value)), number.end)
    return Found(Day(on=first, sure=False), after)


def _weekday_and_date(tokens: Tokens, at: int, today: date) -> Found[Day | BadDay] | None:
    """Read "Fri 6 Mar 2026"; a weekday that the date does not have is no day."""
    named = WEEKDAYS.get(word_at(tokens, at))
    if named is None:
        return None
    start = skip(tokens, skip(tokens, at + 1, (",", "(")), "the")
    dated = _month_and_day(tokens, start, today) or _written(tokens, start, today)
    if dated is None and "," not in (word_at(tokens, at + 1), word_at(tokens, start)):
        dated = _next_such_day(tokens, start, today)
    if dated is None or isinstance(dated.value, BadDay) or dated.value.on.weekday() == named:
        return dated
    return Found(BadDay(text=joined(tokens[at : dated.end])), dated.end)


def _named_weekday(tokens: Tokens, at: int, today: date) -> Found[Day | BadDay] | None:
    start = skip(tokens, at, ("next", "this coming", "coming", "this"))
    named = WEEKDAYS.get(word_at(tokens, start))
    if named is None:
        return None
    ahead = (named - today.weekday()) % 7
    is_next = word_at(tokens, at) == "next"
    if ahead == 0 and (is_next or start == at):
        ahead = 7
    still_this_week = today.weekday() < named
    on = today + timedelta(days=ahead)
    return Found(Day(on=on, sure=not (is_next and still_this_week)), start + 1)


def _month_and_day(tokens: Tokens, at: int, today: date) -> Found[Day | BadDay] | None:
    """Read "March 10", "10th of March", "10 March 2027"."""
    if word_at(tokens, at) in MONTHS:
        month, number = (
            MONTHS[word_at(tokens, at)],
            _day_number(tokens, skip(tokens, at + 1, "the")),
        )
        if number is None:
            return None
        return _dated(tokens, month, number, today)
    number = _day_number(tokens, at)
    if number is None:
        return None
    at_month = skip(tokens, number.end, "of")
    named = MONTHS.get(word_at(tokens, at_month))
    listed = months(tokens, number.end)
    if named is None or (listed is not None and len(listed.value.months) > 1):
        return None
    return _dated(tokens, named, Found(number.value, at_month + 1), today)


def _day_number(tokens: Tokens, at: int) -> Found[int] | None:
    if word_at(tokens, at) == "last":
        return None
    found = ordinal(tokens, at) or (
        cardinal(tokens, at) if at < len(tokens) and is_number(tokens[at]) else None
    )
    return found if found is not None and found.value < 100 else None


def _dated(tokens: Tokens, month: int, number: Found[int], today: date) -> Found[Day | BadDay]:
    at_year = skip(tokens, number.end, ",")
    end = number.end
    year = None
    if at_year < len(tokens) and re.fullmatch(r"20\d\d", tokens[at_year].word):
        year, end = int(tokens[at_year].word), at_year + 1
    return Found(_valid(year, month, number.value, today), end)


def _written(tokens: Tokens, at: int, today: date) -> Found[Day | BadDay] | None:
    """Read "2026-03-10", "3/14" and "14/3"; "3/4" could be either and is asked."""
    if at >= len(tokens) or tokens[at].kind is not Kind.DATE:
        return None
    text = tokens[at].word.removesuffix("t")
    if "-" in text:
        year, month, number = (int(part) for part in text.split("-"))
        return Found(_valid(year, month, number, today), at + 1)
    if "." in text:  # the day first, as it is where dates are written so
        number, month, year = (int(part) for part in text.split("."))
        return Found(_valid(year, month, number, today), at + 1)
    first, second, *rest = (int(part) for part in text.split("/"))
    stated = (rest[0] + 2000 if rest[0] < 100 else rest[0]) if rest else None
    if first <= 12 and second <= 12 and first != second:
        readings = (_valid(stated, first, second, today), _valid(stated, second, first, today))
        choices = tuple(one.on.isoformat() for one in readings if isinstance(one, Day))
        return Found(BadDay(text=text, choices=choices), at + 1)
    month, number = (second, first) if first > 12 else (first, second)
    return Found(_valid(stated, month, number, today), at + 1)


def _day_of_month(tokens: Tokens, at: int, today: date) -> Found[Day | BadDay] | None:
    """Read "the 15th" as the next 15th."""
    led = word_at(tokens, at) == "the"
    if not (led or word_at(tokens, at - 1) == "on") or word_at(tokens, at + 1) == "last":
        return None
    return _next_such_day(tokens, at + led, today)


def _next_such_day(tokens: Tokens, at: int, today: date) -> Found[Day | BadDay] | None:
    """Read "15th" as the next 15th."""
    number = ordinal(tokens, at) if at < len(tokens) and is_number(tokens[at]) else None
    if number is None:
        return None
    for ahead in range(1, 63):
        candidate = today + timedelta(days=ahead)
        if candidate.day == number.value:
            return Found(Day(on=candidate), number.end)
    return Found(BadDay(text=f"the {number.value}th"), number.end)


def _valid(year: int | None, month: int, number: int, today: date) -> Day | BadDay:
    """Build the day; without a year it is the next one, within the eight years a leap day takes."""
    for candidate in (year,) if year else range(today.year, today.year + 9):
        try:
            found = date(candidate, month, number)
        except ValueError:
            continue
        if year or found >= today:
            return Day(on=found)
    names = {number: name.capitalize() for name, number in MONTHS.items()}
    shown = f"{number} {names.get(month, f'(month {month})')}"
    return BadDay(text=f"{shown} {year}" if year else shown)
