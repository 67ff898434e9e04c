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
INITIALS = {"mwf": _MWF, "m/w/f": _MWF, "t/th": _TUTH, "tu/th": _TUTH, "tth": _TUTH, "tuth": _TUTH}
_LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
ALL_DAYS = tuple(Weekday)
_AND = (", and", "and", ",", "/", "+", "or")
_EVERY = ("on every", "on each", "every single", "every", "each", "all")


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Weekdays that come back every week; all seven are every day.

    `sure` is false where only a plain name was said ("on Friday"), which may mean one day.
    """

    weekdays: tuple[Weekday, ...]
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Except:
    """Weekdays to leave out."""

    weekdays: tuple[Weekday, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthDays:
    """Days of the month, -1 being the last; `sure` where "of every month" or the like was said."""

    days: tuple[int, ...]
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NthDay:
    """The n-th of a weekday in a month, or several of them; -1 is the last."""

    nths: tuple[int, ...]
    weekday: Weekday


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


@dataclass(frozen=True, slots=True, kw_only=True)
class NoShape:
    """A recurrence that is understood and that no schedule can hold yet."""

    text: str


def weekdays(tokens: Tokens, at: int) -> Found[Days] | None:
    """Read "every Monday", "Mon-Thu", "on tuesdays and thursdays", "every weekday"."""
    led = phrase(tokens, at, *_EVERY)
    start = skip(tokens, at, "on", "for") if led is None else led
    start = skip(tokens, start, "the")
    listed = _listed(tokens, skip(tokens, start, "from"))
    if listed is None or (word_at(tokens, start) == "from" and len(listed.value) == 1):
        return None
    plural = any(_is_plural(token.text) for token in tokens[start : listed.end])
    weekly = phrase(tokens, listed.end, "every week", "each week", "weekly", "of every week")
    end = skip(tokens, weekly or listed.end, "only")
    many = len(listed.value) > 1
    return Found(Days(weekdays=listed.value, sure=bool(led or plural or weekly or many)), end)


def every_day(tokens: Tokens, at: int) -> Found[Days] | None:
    """Read "daily", "every day", "each morning" (whose part of the day is read apart)."""
    after = phrase(
        tokens, at, "every single day", "every day", "each day", "everyday", "daily", "all day",
        "once a day", "once per day", "per day", "7 day a week", "seven day a week",
    )  # fmt: skip
    if after is None and word_at(tokens, at) in ("every", "each"):
        after = at + 1 if word_at(tokens, at + 1) in PARTS else None
    return None if after is None else Found(Days(weekdays=ALL_DAYS), after)


def exceptions(tokens: Tokens, at: int) -> Found[Except | NoShape] | None:
    """Read "except Fridays", "but not on weekends"."""
    after = phrase(
        tokens, at, ", except for", ", except", "except for", "except", "but not", "but",
        "excluding", "apart from", "not", "skip", "skipping",
    )  # fmt: skip
    if after is None:
        return None
    start = skip(tokens, skip(tokens, after, "on", "every"), "the")
    listed = _listed(tokens, start)
    if word_at(tokens, after - 1) == "but" and start > after:
        return None
    if listed is not None:
        return Found(Except(weekdays=listed.value), listed.end)
    if ordinal(tokens, start) is None and word_at(tokens, start) not in ("holiday", "holidays"):
        return None
    return Found(NoShape(text="leaving out certain dates"), start + 1)


def month_days(tokens: Tokens, at: int) -> Found[MonthDays | NoShape] | None:
    """Read "on the 1st and 15th of every month", "the last day of the month", "day 15"."""
    led = phrase(tokens, at, "on every", "on each", "every", "each", "on the", "the", "on")
    start = at if led is None else led
    every = led is not None and word_at(tokens, led - 1) in ("every", "each")
    odd = phrase(tokens, start, "second - to - last day", "second-to-last day", "penultimate day")
    if odd is not None:
        end = _of_the_month(tokens, odd)
        return Found(NoShape(text="the second-to-last day of the month"), end or odd)
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
    whole = _of_the_month(tokens, end)
    named = months(tokens, end)
    if named is not None and len(named.value.months) > 1:
        every = True
    if whole is None and not every and (len(days) == 1 or not led or days[0] == -1):
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
    led = phrase(tokens, at, "at the end", "on the end", "by the end", "every end", "each end")
    end = None if led is None else _of_the_month(tokens, led)
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


def nth_weekday(tokens: Tokens, at: int) -> Found[NthDay | NoShape] | None:
    """Read "the 2nd Tuesday of each month", "last Friday of the month"."""
    start = skip(tokens, at, "on the", "on every", "every", "on", "the", "each")
    nth = ordinal(tokens, start)
    if nth is None or not (nth.value == -1 or 1 <= nth.value <= 5):
        return None
    nths = [nth.value]
    while (after := phrase(tokens, nth.end, *_AND)) is not None:
        following = ordinal(tokens, skip(tokens, after, "the"))
        if following is None or not (following.value == -1 or 1 <= following.value <= 5):
            break
        nth = following
        nths.append(nth.value)
    day = WEEKDAYS.get(word_at(tokens, nth.end))
    if day is None:
        business = phrase(tokens, nth.end, "business day", "working day", "work day", "weekday")
        end = None if business is None else _of_the_month(tokens, business)
        if business is None or end is None:
            return None
        which = "last" if nth.value == -1 else "first" if nth.value == 1 else f"{nth.value}th"
        return Found(NoShape(text=f"the {which} business day of the month"), end)
    end = _of_the_month(tokens, nth.end + 1)
    if end is None and word_at(tokens, at - 1) in ("month", "monthly"):
        end = nth.end + 1
    return None if end is None else Found(NthDay(nths=tuple(nths), weekday=day), end)


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


def period(tokens: Tokens, at: int) -> Found[Period | NoShape] | None:
    """Read "weekly", "every month", "quarterly"; "every other week" is understood only."""
    for name, said in (
        ("week", ("weekly", "every week", "each week", "once a week", "per week", "every 1 week")),
        ("month", ("monthly", "every month", "each month", "once a month", "per month",
                   "of every month", "of each month")),
        ("quarter", ("quarterly", "every quarter", "each quarter", "once a quarter")),
        ("year", ("yearly", "annually", "every year", "each year", "once a year")),
    ):  # fmt: skip
        after = phrase(tokens, at, *said)
        if after is not None:
            return Found(Period(name=name), after)
    other = phrase(tokens, at, "every other", "every second", "every 2", "every two", "each other")
    if other is None:
        after = phrase(tokens, at, "biweekly", "bi-weekly", "fortnightly", "every fortnight")
        return None if after is None else Found(NoShape(text="every two weeks"), after)
    following = word_at(tokens, other)
    if following in WEEKDAYS:
        return Found(NoShape(text=f"every other {following.capitalize()}"), other + 1)
    if following in ("week", "month", "day", "year"):
        return Found(NoShape(text=f"every two {following}s"), other + 1)
    return None


def _listed(tokens: Tokens, at: int) -> Found[tuple[Weekday, ...]] | None:
    first = _one_or_range(tokens, at)
    if first is None:
        return None
    found, end = list(first.value), first.end
    while (after := phrase(tokens, end, *_AND, "&")) is not None:
        following = _one_or_range(tokens, skip(tokens, after, "every", "each", "on"))
        if following is None:
            break
        found.extend(following.value)
        end = following.end
    return Found(tuple(sorted(set(found))), end)


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
    day = ordinal(tokens, at if named is None else named)
    if day is None:
        return None
    if day.value == -1:
        end = phrase(tokens, day.end, "day")
        return None if end is None else Found(-1, end)
    if word_at(tokens, day.end) in WEEKDAYS or word_at(tokens, day.end) in MONTHS:
        return None
    return Found(day.value, skip(tokens, day.end, "day"))


def _of_the_month(tokens: Tokens, at: int) -> int | None:
    return phrase(
        tokens, at, "of every month", "of each month", "of the month", "of a month", "every month",
        "each month", "monthly", "of month", "in every month", "in each month", "in the month",
    )  # fmt: skip


def _is_plural(text: str) -> bool:
    return text.casefold().endswith("days") or text.casefold().endswith("weekends")
