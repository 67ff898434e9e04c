"""Days that come back: "every weekday", "Mon-Thu", "in December", "daily", "weekly".

A single day without "every" or "s" ("on Friday") is a date and is read in `dates`; days counted in
a month are read in `monthdays`, every other day or week in `strides`.
"""

from __future__ import annotations

from calendar import month_name
from datetime import date
from itertools import combinations
from typing import Literal, NamedTuple

from bot.intent.numbers import Found, Tokens, cardinal, ordinal, phrase, skip, word_at
from bot.intent.times import PARTS
from bot.intent.tokens import Kind
from storage.schedules import WEEKEND, WORKDAYS, Weekday

WEEKDAYS = {day.name.lower(): day for day in Weekday}
MONTHS = {name.lower(): number for number, name in enumerate(month_name) if name}
_MWF = (Weekday.MONDAY, Weekday.WEDNESDAY, Weekday.FRIDAY)
_TUTH = (Weekday.TUESDAY, Weekday.THURSDAY)
_LETTERS = {"m": Weekday.MONDAY, "t": Weekday.TUESDAY, "w": Weekday.WEDNESDAY,
            "th": Weekday.THURSDAY, "f": Weekday.FRIDAY}  # fmt: skip
INITIALS = {
    "m-f": WORKDAYS, "m-fr": WORKDAYS, "mwf": _MWF, "tu/th": _TUTH, "tth": _TUTH, "tuth": _TUTH,
}  # fmt: skip
SHORT = dict(zip(("mo", "tu", "we", "th", "fr", "sa", "su"), Weekday, strict=True))
INITIALS |= {
    f"{first}-{last}": tuple(Weekday((SHORT[first] + ahead) % 7)
                             for ahead in range((SHORT[last] - SHORT[first]) % 7 + 1))
    for first in SHORT for last in SHORT if first != last
}  # fmt: skip
INITIALS |= {
    "/".join(said): tuple(named[one] for one in said)
    for named in (SHORT, _LETTERS) for number in (2, 3) for said in combinations(named, number)
}  # fmt: skip
LETTERS = " ".join(_LETTERS)
"""Days by their letter, which are only read after others of that kind: "M/W 10:00, F 14:00"."""
LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
ALL_DAYS = tuple(Weekday)
AND = (", and", ", &", "and", ",", "/", "+", "or", "&", ", n", "n", "plus",
       "as well as")  # fmt: skip
_EVERY = ("on every", "on each", "every single", "every", "each", "all")
WORKDAY = ("weekday", "business day", "working day", "work day", "week day", "workday")

Unit = Literal["day", "week", "month", "quarter", "year"]


class Days(NamedTuple):
    """Weekdays that come back every week; all seven are every day.

    `sure` is false where only a plain name was said ("on Friday"), which may mean one day.
    """

    weekdays: tuple[Weekday, ...]
    sure: bool = True


class Except(NamedTuple):
    """Days to leave out; the fields are those of `storage.schedules.Exceptions`.

    `holidays` are those that the workspace keeps a list of; `sure` where "of the month" was said.
    """

    weekdays: tuple[Weekday, ...] = ()
    dates: tuple[date, ...] = ()
    yearly: tuple[tuple[int, int], ...] = ()
    monthdays: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    holidays: bool = False
    sure: bool = False


class Within(NamedTuple):
    """Of which months a day is: of every month, of every so manieth, of quarters or of a year.

    `place` is the month of the quarter where it was said; `months` are those that were named.
    """

    unit: Unit = "month"
    every: int = 1
    place: int | None = None
    months: tuple[int, ...] = ()


class ExceptNth(NamedTuple):
    """Counted weekdays to leave out of those of a month: "except the 2nd and 4th Saturday"."""

    nths: tuple[int, ...]
    weekday: Weekday


class MonthDays(NamedTuple):
    """Days of the month, -1 being the last; `sure` where "of every month" or the like was said."""

    days: tuple[int, ...]
    sure: bool = True
    within: Within | None = None


class NthDay(NamedTuple):
    """The n-th of a weekday in a month, or several of them; -1 is the last.

    `sure` is false where it may also mean one day ("the last Friday of March").
    """

    nths: tuple[int, ...]
    weekday: Weekday
    sure: bool = True
    within: Within | None = None


class NthWork(NamedTuple):
    """The n-th day from Monday to Friday in a month, or several of them; -1 is the last."""

    nths: tuple[int, ...]
    within: Within | None = None


class Months(NamedTuple):
    """The months a schedule is limited to; `sure` where they come back ("every January")."""

    months: tuple[int, ...]
    sure: bool = True


class YearDay(NamedTuple):
    """Days that come back every year, as (month, day)."""

    days: tuple[tuple[int, int], ...]


class Period(NamedTuple):
    """A recurrence without its day: "weekly", "monthly", "semi-monthly", "quarterly", "yearly"."""

    name: Literal["week", "half month", "month", "quarter", "year"]


class Asked(NamedTuple):
    """A recurrence that is understood, but not which one; `choices` are the ways to mean it."""

    question: str
    choices: tuple[str, ...] = ()
    reason: str = "which_days"


class Also(NamedTuple):
    """The "and" or "+" between two parts of a schedule; a mere comma may also go on with one."""

    comma: bool = False


def weekdays(tokens: Tokens, at: int) -> Found[Days] | None:
    """Read "every Monday", "Mon-Thu", "on tuesdays and thursdays", "every weekday"."""
    led = phrase(tokens, at, _EVERY)
    start = skip(tokens, at, ("on", "for")) if led is None else led
    start = skip(tokens, start, "the")
    listed = weekday_list(tokens, skip(tokens, start, "from"))
    if listed is None or (word_at(tokens, start) == "from" and len(listed.value) == 1):
        return None
    plural = any(_is_plural(token.text) for token in tokens[start : listed.end])
    plural = plural or _names_nights(tokens, listed.end)
    named = word_at(tokens, start) == "weekend" and not plural and led is None
    if named and word_at(tokens, start - 1) == "the" and word_at(tokens, at) != "on":
        return None
    weekly = phrase(tokens, listed.end, ("every week", "each week", "weekly", "of every week",
                    "of each week", "of the week", "every single week"))  # fmt: skip
    end = skip(tokens, weekly or listed.end, "only")
    many = len(listed.value) > 1
    return Found(Days(weekdays=listed.value, sure=bool(led or plural or weekly or many)), end)


def every_day(tokens: Tokens, at: int) -> Found[Days] | None:
    """Read "daily", "every day", "each morning" (whose part of the day is read apart)."""
    start = skip(tokens, at, "on a")
    after = phrase(
        tokens, start, ("every single day", "every day of the week", "every day", "each day",
        "everyday", "every calendar day", "daily basis", "daily", "all day", "once a day",
        "once per day", "per day", "7 day a week", "seven day a week", "every 1 day",
        "every one day", "all 7 day of the week", "all seven day of the week", "all 7 day",
        "7 day per week", "every day of every week", "day in , day out",
        "day after day", "day by day"),
    )  # fmt: skip
    if after is None and word_at(tokens, at) in ("every", "each"):
        single = skip(tokens, at + 1, "single")
        after = single if word_at(tokens, single) in PARTS else None
    if after is None:
        return None
    return Found(Days(weekdays=ALL_DAYS), skip(tokens, after, _AFTERWARDS))


_AFTERWARDS = ("after that", "thereafter", "from then on", "from there on", "from then onwards")


def months(tokens: Tokens, at: int) -> Found[Months] | None:
    """Read "in December", "of june and july", "every january", "in Q1"."""
    led = phrase(tokens, at, ("in", "of", "every", "each", "during", "only in", "from"))
    listed = month_list(tokens, at if led is None else led)
    if listed is None or (led is None and not _dated_after(tokens, listed)):
        return None
    if word_at(tokens, at) == "from" and len(listed.value) == 1:
        return None
    end = skip(tokens, listed.end, ("every year", "each year", "only"))
    sure = word_at(tokens, at) in ("every", "each") or end > listed.end or len(listed.value) > 1
    return Found(Months(months=listed.value, sure=sure), end)


def _dated_after(tokens: Tokens, listed: Found[tuple[int, ...]]) -> bool:
    """Whether "jan, may and september" goes on with "on the 20th"."""
    day = phrase(tokens, listed.end, ("on the", ", on the", ", the"))
    return day is not None and len(listed.value) > 1 and ordinal(tokens, day) is not None


def month_list(tokens: Tokens, at: int) -> Found[tuple[int, ...]] | None:
    """Read "December", "june and july", "May to September"; "June 3" is a day and no month."""
    if word_at(tokens, at) not in MONTHS or _number(tokens, at + 1):
        return None
    found, end = [MONTHS[word_at(tokens, at)]], at + 1
    while (after := phrase(tokens, end, AND)) is not None:
        after = skip(tokens, after, ("in", "of"))
        if word_at(tokens, after) not in MONTHS or _number(tokens, after + 1):
            break
        found.append(MONTHS[word_at(tokens, after)])
        end = after + 1
    through = phrase(tokens, end, ("to", "through", "-", "until", "thru"))
    if through is not None and word_at(tokens, through) in MONTHS:
        if _number(tokens, through + 1):
            return None
        last = MONTHS[word_at(tokens, through)]
        span = (last - found[0]) % 12
        found, end = [(found[0] - 1 + step) % 12 + 1 for step in range(span + 1)], through + 1
    return Found(tuple(sorted(set(found))), end)


def period(tokens: Tokens, at: int) -> Found[Period] | None:
    """Read "weekly", "every month", "semi-monthly", "quarterly"."""
    start = skip(tokens, at, "on a")
    basis = start > at
    for name, said in _PERIODS:
        after = phrase(tokens, start, said)
        if after is not None:
            end = phrase(tokens, after, "basis") if basis else after
            return None if end is None else Found(Period(name=name), end)
    return None


_PERIODS: tuple[tuple[Literal["week", "half month", "month", "quarter", "year"],
                      tuple[str, ...]], ...] = (
    ("week", ("weekly", "every week", "each week", "once a week", "once per week", "once weekly",
              "per week", "every 1 week", "every one week", "every single week",
              "once every week", "of every week", "of each week")),
    ("half month", ("semimonthly", "semi-monthly", "twice monthly", "twice a month",
                    "twice per month", "twice every month", "twice each month")),
    ("month", ("monthly", "every month", "each month", "once a month", "once per month",
               "per month", "of every month", "of each month", "every 1 month", "once monthly",
               "every one month", "every single month", "once every month", "every calendar month",
               "in every month", "in each month")),
    ("quarter", ("quarterly", "every quarter", "each quarter", "once a quarter", "per quarter",
                 "once per quarter", "once every quarter", "every calendar quarter")),
    ("year", ("yearly", "annually", "every year", "each year", "once a year", "once per year",
              "per year", "every single year", "once every year", "every 1 year", "of every year",
              "of each year")),
)  # fmt: skip


def weekday_list(tokens: Tokens, at: int) -> Found[tuple[Weekday, ...]] | None:
    """Read "Monday", "mon, wed and fri", "Mon-Thu", "weekdays"."""
    first = _one_or_range(tokens, at)
    if first is None:
        return None
    found, end = list(first.value), first.end
    while True:
        joint = phrase(tokens, end, AND)
        after = end if joint is None else skip(tokens, joint, ("on every", "every", "each", "on"))
        following = _one_or_range(tokens, after)
        if following is None or (joint is None and word_at(tokens, end) not in WEEKDAYS):
            break
        found.extend(following.value)
        end = following.end
    return Found(tuple(sorted(set(found))), end)


def _one_or_range(tokens: Tokens, at: int) -> Found[tuple[Weekday, ...]] | None:
    for names, days in ((WORKDAY, WORKDAYS), (("weekend day", "weekend"), WEEKEND)):
        after = phrase(tokens, at, names)
        if after is not None:
            return Found(tuple(days), after)
    day = WEEKDAYS.get(word_at(tokens, at), _short(tokens, at))
    if word_at(tokens, at) in INITIALS:
        return Found(INITIALS[word_at(tokens, at)], at + 1)
    if day is None:
        return None
    joint = phrase(tokens, at + 1, ("-", "to", "through", "thru", "until"))
    last = WEEKDAYS.get(word_at(tokens, joint)) if joint is not None else None
    if joint is None or last is None:
        return Found((day,), at + 1)
    span = (last - day) % 7
    return Found(tuple(Weekday((day + step) % 7) for step in range(span + 1)), joint + 1)


def _short(tokens: Tokens, at: int) -> Weekday | None:
    """Read "Tu" and "Th" where another day of that kind stands beside them, or was said before."""
    beside = (word_at(tokens, at - 2), word_at(tokens, at + 2))
    if any(word in SHORT for word in beside):
        return SHORT.get(word_at(tokens, at))
    timed = at + 1 < len(tokens) and tokens[at + 1].kind is Kind.CLOCK
    listed = timed and any(token.word in INITIALS for token in tokens[:at])
    return _LETTERS.get(word_at(tokens, at)) if listed else None


def _number(tokens: Tokens, at: int) -> Found[int] | None:
    return ordinal(tokens, at) or cardinal(tokens, at)


def _names_nights(tokens: Tokens, at: int) -> bool:
    """Whether the "nights" of "friday nights" stands there."""
    return at < len(tokens) and tokens[at].text.casefold() in (
        "nights", "mornings", "evenings", "afternoons",
    )  # fmt: skip


def _is_plural(text: str) -> bool:
    """Whether days that come back are meant: "Mondays", "firdays", and not "tues" or "thurs"."""
    said = text.casefold()
    mended = len(said) > len("thurs") and said.endswith("s") and not said.endswith("'s")
    return said.endswith(("days", "weekends", "weekdays")) or mended
