"""Days that come back: "every weekday", "Mon-Thu", "2nd Tuesday of each month", "daily".

A single day without "every" or "s" ("on Friday") is a date and is read in `dates`.
"""

from __future__ import annotations

from calendar import month_name
from dataclasses import dataclass

from bot.intent.numbers import Found, Tokens, cardinal, ordinal, phrase, skip, word_at
from bot.intent.times import PARTS
from storage.schedules import WEEKEND, WORKDAYS, Weekday

WEEKDAYS = {day.name.lower(): day for day in Weekday}
MONTHS = {name.lower(): number for number, name in enumerate(month_name) if name}
_MWF = (Weekday.MONDAY, Weekday.WEDNESDAY, Weekday.FRIDAY)
_TUTH = (Weekday.TUESDAY, Weekday.THURSDAY)
INITIALS = {
    "m-f": WORKDAYS, "m-fr": WORKDAYS, "mwf": _MWF, "m/w/f": _MWF,
    "t/th": _TUTH, "tu/th": _TUTH, "tth": _TUTH, "tuth": _TUTH,
}  # fmt: skip
_LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
ALL_DAYS = tuple(Weekday)
_AND = (", and", "and", ",", "/", "+", "or")
_OF_EACH = ("of every month", "of each month", "every month", "each month", "monthly")
_WORKDAY = ("business day", "working day", "work day", "workday", "weekday", "week day")
_MOST_WORKDAYS = 23
_FROM_END = {
    "second-to-last": -2, "2nd-to-last": -2, "penultimate": -2, "next-to-last": -2,
    "second-last": -2, "third-to-last": -3, "3rd-to-last": -3, "third-last": -3,
    "fourth-to-last": -4,
}  # fmt: skip
_EVERY = ("on every", "on each", "every single", "every", "each", "all")


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Weekdays that come back every week; all seven are every day.

    `sure` is false where only a plain name was said ("on Friday"), which may mean one day.
    """

    weekdays: tuple[Weekday, ...]
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthDays:
    """Days of the month, -1 being the last; `sure` where "of every month" or the like was said."""

    days: tuple[int, ...]
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NthDay:
    """The n-th of a weekday in a month, or several of them; -1 is the last.

    Without a weekday, days from Monday to Friday are counted.
    """

    nths: tuple[int, ...]
    weekday: Weekday | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """The months a schedule is limited to."""

    months: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearDay:
    """A day that comes back every year."""

    month: int
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A recurrence without its day: "weekly", "monthly", "quarterly", "yearly"."""

    name: str


def weekdays(tokens: Tokens, at: int) -> Found[Days] | None:
    """Read "every Monday", "Mon-Thu", "on tuesdays and thursdays", "every weekday"."""
    led = phrase(tokens, at, *_EVERY)
    start = skip(tokens, at, "on", "for") if led is None else led
    start = skip(tokens, start, "the")
    found = listed(tokens, skip(tokens, start, "from"))
    if found is None or (word_at(tokens, start) == "from" and len(found.value) == 1):
        return None
    plural = any(_is_plural(token.text) for token in tokens[start : found.end])
    weekly = phrase(tokens, found.end, "every week", "each week", "weekly", "of every week")
    end = skip(tokens, weekly or found.end, "only")
    many = len(found.value) > 1
    return Found(Days(weekdays=found.value, sure=bool(led or plural or weekly or many)), end)


def every_day(tokens: Tokens, at: int) -> Found[Days] | None:
    """Read "daily", "every day", "each morning" (whose part of the day is read apart)."""
    after = phrase(
        tokens, at, "every single day", "every day", "each day", "everyday", "daily", "all day",
        "once a day", "once per day", "per day", "7 day a week", "seven day a week",
    )  # fmt: skip
    if after is None and word_at(tokens, at) in ("every", "each"):
        after = at + 1 if word_at(tokens, at + 1) in PARTS else None
    return None if after is None else Found(Days(weekdays=ALL_DAYS), after)


def month_days(tokens: Tokens, at: int) -> Found[MonthDays] | None:
    """Read "on the 1st and 15th of every month", "the last day of the month", "day 15"."""
    led = phrase(tokens, at, "on every", "on each", "every", "each", "on the", "the", "on")
    start = at if led is None else led
    every = led is not None and word_at(tokens, led - 1) in ("every", "each")
    last = _end_of_month(tokens, at) or _numbered(tokens, at) or _alternate(tokens, at)
    if last is not None:
        return last
    first = _month_day(tokens, start)
    if first is None:
        return None
    days, end = _through(tokens, first)
    while (after := phrase(tokens, end, *_AND)) is not None:
        following = _month_day(tokens, skip(tokens, after, "on the", "the"))
        if following is None:
            break
        more, end = _through(tokens, following)
        days.extend(more)
    whole = _of_the_month(tokens, end) or (end if _of_a_quarter(tokens, end) else None)
    named = months(tokens, end)
    if named is not None and len(named.value.months) > 1:
        every = True
    if whole is None and not every and (len(days) == 1 or not led or days[0] < 0):
        return None
    return Found(
        MonthDays(days=tuple(days), sure=bool(every or whole or len(days) > 1)), whole or end
    )


def _through(tokens: Tokens, first: Found[int]) -> tuple[list[int], int]:
    """Read on from "1st" to the end of "1st to 7th", and give the days between."""
    joint = phrase(tokens, first.end, "to the", "to", "through the", "through", "thru", "-")
    last = None if joint is None else _month_day(tokens, joint)
    if last is None or last.value <= first.value:
        return [first.value], first.end
    return list(range(first.value, min(last.value, 32) + 1)), last.end


def _end_of_month(tokens: Tokens, at: int) -> Found[MonthDays] | None:
    """Read "at the end of the month", "every end of month"."""
    led = phrase(tokens, at, "at the end", "on the end", "by the end", "every end", "each end",
                 "end", "the end")  # fmt: skip
    end = None if led is None else _of_the_month(tokens, led)
    if end is not None and led is not None and tokens[at].word in ("end", "the"):
        end = end if phrase(tokens, led, *_OF_EACH) is not None else None
    return None if end is None else Found(MonthDays(days=(-1,)), end)


def _alternate(tokens: Tokens, at: int) -> Found[MonthDays] | None:
    """Read "on the odd days of every month"."""
    start = skip(tokens, at, "on the", "on", "every")
    for first, said in ((1, "odd day"), (2, "even day")):
        after = phrase(tokens, start, said)
        end = None if after is None else _of_the_month(tokens, after)
        if end is not None:
            return Found(MonthDays(days=tuple(range(first, 32, 2))), end)
    return None


def _numbered(tokens: Tokens, at: int) -> Found[MonthDays] | None:
    """Read "on day 12" after "every month" or before "of every month"."""
    led = phrase(tokens, at, "on the day", "on day", "day")
    number = None if led is None else cardinal(tokens, led)
    if number is None:
        return None
    end = _of_the_month(tokens, number.end)
    if end is None and word_at(tokens, at - 1) not in ("month", "monthly"):
        return None
    return Found(MonthDays(days=(number.value,)), end or number.end)


def nth_weekday(tokens: Tokens, at: int) -> Found[NthDay] | None:
    """Read "the 2nd Tuesday of each month", "last Friday", "first business day of the month"."""
    start = skip(tokens, at, "on the", "on every", "every", "on", "the", "each")
    led = word_at(tokens, start - 1) if start > at else ""
    nth = counted(tokens, start)
    if nth is None or not 1 <= abs(nth.value) <= _MOST_WORKDAYS:
        return None
    nths = [nth.value]
    while (after := phrase(tokens, nth.end, *_AND)) is not None:
        following = counted(tokens, skip(tokens, after, "the"))
        if following is None:
            break
        nth = following
        nths.append(nth.value)
    day = WEEKDAYS.get(word_at(tokens, nth.end))
    named = nth.end + 1 if day is not None else phrase(tokens, nth.end, *_WORKDAY)
    if named is None or (day is not None and not all(1 <= abs(one) <= 5 for one in nths)):
        return None
    end = _of_the_month(tokens, named)
    of_month = phrase(tokens, named, "of", "in")
    if end is None and of_month is not None and word_at(tokens, of_month) in MONTHS:
        end = named
    end = named if end is None and _of_a_quarter(tokens, named) else end
    monthly = at > 0 and word_at(tokens, at - 1) in ("month", "monthly", "quarter", "quarterly")
    every = led in ("every", "each") and (len(nths) > 1 or nths[0] in (1, -1))
    if end is None and (monthly or every or day is None or min(nths) < -1):
        end = named
    return None if end is None else Found(NthDay(nths=tuple(nths), weekday=day), end)


def counted(tokens: Tokens, at: int) -> Found[int] | None:
    """Read which one: "2nd", "last", and from the end "second-to-last", "penultimate", "-2"."""
    from_end = _FROM_END.get(word_at(tokens, at))
    if from_end is not None:
        return Found(from_end, at + 1)
    nth = ordinal(tokens, at)
    if nth is None:
        next_to_last = phrase(tokens, at, "next to last")
        return None if next_to_last is None else Found(-2, next_to_last)
    if nth.value == -1:
        but_one = phrase(tokens, nth.end, "but one")
        return nth if but_one is None else Found(-2, but_one)
    to_last = phrase(tokens, nth.end, "- to - last", "to last", "from last", "-to-last")
    return nth if to_last is None else Found(-nth.value, to_last)


def year_day(tokens: Tokens, at: int) -> Found[YearDay] | None:
    """Read "every January 15", "each 1st of March"."""
    led = phrase(
        tokens, at, "every year on the", "every year on", "each year on the", "each year on",
        "yearly on the", "yearly on", "every", "each",
    )  # fmt: skip
    if led is None:
        return None
    month = MONTHS.get(word_at(tokens, led))
    number = _number(tokens, led if month is None else led + 1)
    if number is None:
        return None
    end = number.end
    if month is None:
        end = skip(tokens, end, "of")
        month = MONTHS.get(word_at(tokens, end))
        end += 1
    if month is None or not 1 <= number.value <= _LONGEST_MONTH[month - 1]:
        return None
    return Found(YearDay(month=month, day=number.value), end)


def _number(tokens: Tokens, at: int) -> Found[int] | None:
    return ordinal(tokens, at) or cardinal(tokens, at)


def months(tokens: Tokens, at: int) -> Found[Months] | None:
    """Read "in December", "of june and july", "every january"."""
    quarterly = _of_quarter_month(tokens, at)
    if quarterly is not None:
        return quarterly
    led = phrase(tokens, at, "in", "of", "every", "each", "during")
    if led is None or word_at(tokens, led) not in MONTHS or _number(tokens, led + 1):
        return None
    found, end = [MONTHS[word_at(tokens, led)]], led + 1
    while (after := phrase(tokens, end, *_AND)) is not None and word_at(tokens, after) in MONTHS:
        found.append(MONTHS[word_at(tokens, after)])
        end = after + 1
    through = phrase(tokens, end, "to", "through", "-", "until")
    if through is not None and word_at(tokens, through) in MONTHS:
        last = MONTHS[word_at(tokens, through)]
        span = (last - found[0]) % 12
        found, end = [(found[0] - 1 + step) % 12 + 1 for step in range(span + 1)], through + 1
    return Found(Months(months=tuple(sorted(set(found)))), end)


def period(tokens: Tokens, at: int) -> Found[Period] | None:
    """Read "weekly", "every month", "quarterly"."""
    for name, said in (
        ("week", ("weekly", "every week", "each week", "once a week", "per week", "every 1 week",
                  "once every week")),
        ("month", ("monthly", "every month", "each month", "once a month", "per month",
                   "of every month", "of each month", "once every month")),
        ("quarter", ("quarterly", "every quarter", "each quarter", "once a quarter",
                     "of the quarter", "of every quarter", "of each quarter")),
        ("year", ("yearly", "annually", "every year", "each year", "once a year")),
    ):  # fmt: skip
        after = phrase(tokens, at, *said)
        if after is not None:
            return Found(Period(name=name), after)
    return None


def listed(tokens: Tokens, at: int) -> Found[tuple[Weekday, ...]] | None:
    """Read one weekday or several: "Monday", "Tue and Thu", "Mon-Fri", "weekends"."""
    first = _one_or_range(tokens, at)
    if first is None:
        return None
    found, end = list(first.value), first.end
    while True:
        after = phrase(tokens, end, *_AND, "&")
        led = end if after is None else skip(tokens, after, "every", "each", "on")
        following = _one_or_range(tokens, led)
        if following is None:
            return Found(tuple(sorted(set(found))), end)
        found.extend(following.value)
        end = following.end


def _one_or_range(tokens: Tokens, at: int) -> Found[tuple[Weekday, ...]] | None:
    for names, days in (
        (("weekday", "business day", "working day", "work day"), WORKDAYS),
        (("weekend day", "weekend"), WEEKEND),
    ):
        after = phrase(tokens, at, *names)
        if after is not None:
            return Found(tuple(days), after)
    day = WEEKDAYS.get(word_at(tokens, at))
    if word_at(tokens, at) in INITIALS:
        return Found(INITIALS[word_at(tokens, at)], at + 1)
    if day is None:
        return None
    joint = phrase(tokens, at + 1, "-", "to", "through", "thru")
    last = WEEKDAYS.get(word_at(tokens, joint)) if joint is not None else None
    if joint is None or last is None:
        return Found((day,), at + 1)
    span = (last - day) % 7
    return Found(tuple(Weekday((day + step) % 7) for step in range(span + 1)), joint + 1)


def _month_day(tokens: Tokens, at: int) -> Found[int] | None:
    named = phrase(tokens, at, "day")
    day = counted(tokens, at if named is None else named)
    if day is None:
        return None
    if day.value < 0:
        end = phrase(tokens, day.end, "day")
        return None if end is None else Found(day.value, end)
    if word_at(tokens, day.end) in WEEKDAYS or word_at(tokens, day.end) in MONTHS:
        return None
    return Found(day.value, skip(tokens, day.end, "day"))


def _of_the_month(tokens: Tokens, at: int) -> int | None:
    return phrase(
        tokens, at, "of every month", "of each month", "of the month", "of a month", "every month",
        "each month", "monthly", "of month", "in every month", "in each month", "in the month",
    )  # fmt: skip


def _of_a_quarter(tokens: Tokens, at: int) -> bool:
    """Whether a quarter follows, or one of its months; either is read apart."""
    said = ("of the quarter", "of every quarter", "of each quarter", "every quarter",
            "each quarter", "quarterly")  # fmt: skip
    return phrase(tokens, at, *said) is not None or _of_quarter_month(tokens, at) is not None


def _of_quarter_month(tokens: Tokens, at: int) -> Found[Months] | None:
    """Read "of the first month of the quarter" as those months of the year."""
    led = phrase(tokens, at, "of the", "in the", "of every", "of each", "the")
    nth = None if led is None else counted(tokens, led)
    if nth is None or not (1 <= nth.value <= 3 or nth.value == -1):
        return None
    end = phrase(tokens, nth.end, "month of the quarter", "month of every quarter",
                 "month of each quarter", "month of a quarter", "month in the quarter",
                 "month of quarter")  # fmt: skip
    if end is None:
        return None
    place = 3 if nth.value == -1 else nth.value
    return Found(Months(months=tuple(range(place, 13, 3))), end)


def _is_plural(text: str) -> bool:
    return text.casefold().endswith("days") or text.casefold().endswith("weekends")
