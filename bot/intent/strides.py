"""Every so manieth day, week or month: "every other Friday", "every 2 weeks", "bi-monthly"."""

from __future__ import annotations

from datetime import date, time
from typing import NamedTuple

from bot.intent.dates import BadDay, day
from bot.intent.days import ALL_DAYS, WORKDAY, Asked, Days, Unit, weekday_list
from bot.intent.intervals import interval
from bot.intent.numbers import Found, Tokens, cardinal, ordinal, phrase, skip, word_at
from bot.intent.times import BadTime, clock
from storage.schedules import WORKDAYS, Weekday


class Stride(NamedTuple):
    """Every so manieth day, week, month or year; `weekdays` are the days of such a week.

    `sure` is false where the word has another meaning ("biweekly").
    """

    every: int
    unit: Unit
    weekdays: tuple[Weekday, ...] = ()
    sure: bool = True


class Counted(NamedTuple):
    """The day a stride is counted from; for an interval also the time of day."""

    on: date
    at: time | None = None


NEAR = 40  # words between an interval and the moment it is counted from
_SECONDS = {"minute": 60, "hour": 3600}
_OTHER = ("other", "alternate", "alternating", "second", "couple of", "couple")
_NAMED = {
    "fortnightly": Stride(every=2, unit="week"),
    "every fortnight": Stride(every=2, unit="week"),
    "each fortnight": Stride(every=2, unit="week"),
    "once a fortnight": Stride(every=2, unit="week"),
    "per fortnight": Stride(every=2, unit="week"),
    "biweekly": Stride(every=2, unit="week", sure=False),
    "bi-weekly": Stride(every=2, unit="week", sure=False),
    "bi weekly": Stride(every=2, unit="week", sure=False),
    "alternate week": Stride(every=2, unit="week"),
    "alternating week": Stride(every=2, unit="week"),
    "alternate day": Stride(every=2, unit="day"),
    "half-yearly": Stride(every=6, unit="month"),
    "half yearly": Stride(every=6, unit="month"),
    "semiannually": Stride(every=6, unit="month"),
    "semi-annually": Stride(every=6, unit="month"),
    "every half year": Stride(every=6, unit="month"),
    "twice a year": Stride(every=6, unit="month", sure=False),
    "twice yearly": Stride(every=6, unit="month", sure=False),
    "twice per year": Stride(every=6, unit="month", sure=False),
}
_SAID = tuple(_NAMED)
_BIMONTHLY = Asked(
    question="“Bi-monthly” is every two months to some and twice a month to others. "
    "Which should it be?",
    choices=("every 2 months on the 1st", "on the 1st and 15th of every month"),
)
_NOW_AND_THEN = Asked(
    question="How often should it run?",
    choices=("every hour", "every day at 09:00", "every Monday at 09:00"),
)
_SOME_TIME = Asked(
    question="When should it run?",
    choices=("tomorrow at 09:00", "next Monday at 09:00", "every Monday at 09:00"),
)
_SOMETIME = tuple(
    f"{lead}{some} {when}"
    for lead in ("for ", "")
    for some in ("some time", "sometime")
    for when in ("soon", "later", "in spring", "in summer", "in autumn", "in fall", "in winter",
                 "in the spring", "in the summer", "in the autumn", "in the fall", "in the winter",
                 "next week", "next month", "next year", "this week", "this month", "this year",
                 "next quarter", "this quarter")
)  # fmt: skip
_BIANNUAL = Asked(
    question="Should that be twice a year or every two years?",
    choices=("every 6 months on the 1st",),
)
_WORKDAYS = Asked(
    question="I can't count by working days across weekends. Which days of the week should it be?",
    choices=("on Mondays, Wednesdays and Fridays", "every weekday", "every 2 days"),
)


def stride(tokens: Tokens, at: int) -> Found[Stride | Days | Asked] | None:
    """Read "every other day", "every 2 weeks", "every third Wednesday", "fortnightly"."""
    start = skip(tokens, at, ("on a", "on"))
    named = phrase(tokens, start, _SAID)
    if named is not None:
        said = " ".join(token.word for token in tokens[start:named])
        return _with_days(tokens, Found(_NAMED[said], skip(tokens, named, "basis")))
    for asked, words in (
        (
            _NOW_AND_THEN,
            (
                "from time to time",
                "now and then",
                "every now and then",
                "every so often",
                "once in a while",
                "every once in a while",
                "regularly",
                "periodically",
                "occasionally",
                "on a regular basis",
                "at regular intervals",
            ),
        ),
        (_BIMONTHLY, ("bimonthly", "bi-monthly", "bi monthly")),
        (_SOME_TIME, _SOMETIME),
        (_BIANNUAL, ("biannually", "biannual", "bi-annually", "biennially")),
    ):
        after = phrase(tokens, at, words)
        if after is not None:
            return Found(asked, after)
    number = _number(tokens, start)
    return None if number is None else _of_unit(tokens, number)


def _number(tokens: Tokens, at: int) -> Found[int] | None:
    """Read the "every other", "every 3", "on alternate" before what is counted."""
    if word_at(tokens, at) in ("alternate", "alternating"):
        return Found(2, at + 1)
    led = phrase(tokens, at, ("once every", "every", "each", "once in every"))
    if led is None:
        return None
    other = phrase(tokens, led, _OTHER)
    if other is not None:
        return Found(2, other)
    number = ordinal(tokens, led) or cardinal(tokens, led)
    if number is None or number.value < 1:
        return None
    return Found(number.value, skip(tokens, number.end, "-"))


def _of_unit(tokens: Tokens, number: Found[int]) -> Found[Stride | Days | Asked] | None:
    every, at = number.value, number.end
    if phrase(tokens, at, WORKDAY) is not None and every > 1:
        after = phrase(tokens, at, WORKDAY)
        return Found(_WORKDAYS, after or at)
    listed = weekday_list(tokens, at)
    if listed is not None:
        if every == 1 or set(listed.value) >= set(WORKDAYS):
            return None
        return Found(Stride(every=every, unit="week", weekdays=listed.value), listed.end)
    unit = word_at(tokens, at)
    units: dict[str, tuple[Unit, int]] = {
        "day": ("day", 1), "night": ("day", 1), "week": ("week", 1), "fortnight": ("week", 2),
        "month": ("month", 1), "quarter": ("month", 3), "year": ("year", 1),
    }  # fmt: skip
    if unit not in units and unit not in ("calendar", "morning", "evening", "afternoon"):
        return None
    if unit in ("morning", "evening", "afternoon"):
        return Found(Stride(every=every, unit="day"), at) if every > 1 else None
    if unit == "calendar":
        return _of_unit(tokens, Found(every, at + 1))
    name, times = units[unit]
    if unit == "night":
        return Found(Stride(every=every, unit="day"), at)
    if name == "day" and every == 1:
        return Found(Days(weekdays=ALL_DAYS), at + 1)
    if every * times == 1:
        return None
    return _with_days(tokens, Found(Stride(every=every * times, unit=name), at + 1))


def _with_days(tokens: Tokens, found: Found[Stride]) -> Found[Stride | Days | Asked]:
    """Read on to "on Tue and Thu" after "every 2 weeks"."""
    if found.value.unit != "week":
        return Found(found.value, found.end)
    start = skip(tokens, found.end, ",")
    start = skip(tokens, start, ("on a", "on every", "on the", "on", "every", "each"))
    listed = weekday_list(tokens, start)
    if listed is None or (start == found.end and not _ends_there(tokens, listed.end)):
        return Found(found.value, found.end)
    whole = Stride(every=found.value.every, unit="week", weekdays=listed.value,
                   sure=found.value.sure)  # fmt: skip
    return Found(whole, listed.end)


def _ends_there(tokens: Tokens, at: int) -> bool:
    """Whether a day without "on" is no word of the task, because a time or nothing follows."""
    return (
        at >= len(tokens)
        or word_at(tokens, at) in ("at", ",", "@", ".")
        or any(char.isdecimal() for char in word_at(tokens, at))
    )


def counted_from(tokens: Tokens, at: int, today: date) -> Found[Counted | BadDay] | None:
    """Read "counted from Fri 6 Mar 2026", or "... at 10:17" where an interval is counted."""
    led = phrase(tokens, at, (", counted from", "counted from", ", counting from", "counting from"))
    found = None if led is None else day(tokens, led, today)
    if found is None:
        return None
    if isinstance(found.value, BadDay):
        return Found(found.value, found.end)
    at_clock = phrase(tokens, found.end, "at") if _follows_interval(tokens, at) else None
    begins = None if at_clock is None else clock(tokens, at_clock, led=True)
    if begins is None or isinstance(begins.value, BadTime):
        return Found(Counted(on=found.value.on), found.end)
    return Found(Counted(on=found.value.on, at=begins.value.at), begins.end)


def _follows_interval(tokens: Tokens, at: int) -> bool:
    """Whether the last "every" shortly before is that of minutes or hours."""
    for place in range(at - 1, max(-1, at - NEAR), -1):
        if word_at(tokens, place) in ("every", "each"):
            return interval(tokens, place) is not None
    return False
