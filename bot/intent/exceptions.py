"""What is left out of a recurrence: "except Fridays", "not in December", "but not on the 1st"."""

from __future__ import annotations

from dataclasses import dataclass

from bot.intent.days import MONTHS, counted, listed
from bot.intent.numbers import Found, Tokens, cardinal, ordinal, phrase, skip, word_at
from storage.schedules import Weekday

_LEADS = (
    "except for", "except", "but not", "but never", "but", "excluding", "excepting", "apart from",
    "aside from", "other than", "save for", "without", "not", "never", "skip", "skipping", "minus",
    "omitting", "leaving out", "and skip", "and not", "and never", "bar", "barring",
)  # fmt: skip
_HOLIDAYS = (
    "public holiday", "public holidays", "bank holiday", "bank holidays", "national holidays",
    "federal holidays", "company holidays", "us holidays", "uk holidays", "holiday", "holidays",
)  # fmt: skip
_AND = (", and", ", or", "and", "or", ",", "&", "nor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Except:
    """Days to leave out; a day of the month below zero counts from its end."""

    weekdays: tuple[Weekday, ...] = ()
    monthdays: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    yearly: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Holidays:
    """Days to leave out that nobody named."""


def exceptions(tokens: Tokens, at: int) -> Found[Except | Holidays] | None:
    """Read what is to be left out, to the last of it that was listed."""
    led = phrase(tokens, skip(tokens, at, ",", "(", "-"), *_LEADS)
    if led is None:
        return None
    start = _inside(tokens, led)
    holidays = phrase(tokens, start, *_HOLIDAYS)
    if holidays is not None:
        return Found(Holidays(), holidays)
    if word_at(tokens, led - 1) == "but" and start > led:
        return None
    found = _one(tokens, start)
    if found is None:
        return None
    whole, end = found.value, found.end
    while (after := phrase(tokens, end, *_AND)) is not None:
        more = _one(tokens, _inside(tokens, skip(tokens, after, "not", "except", "never")))
        if more is None:
            break
        whole, end = _both(whole, more.value), more.end
    return Found(whole, end)


def _inside(tokens: Tokens, at: int) -> int:
    start = skip(tokens, at, "on", "in", "during", "for")
    return skip(tokens, skip(tokens, start, "every", "each", "any", "all"), "the")


def _one(tokens: Tokens, at: int) -> Found[Except] | None:
    days = listed(tokens, at)
    if days is not None:
        return Found(Except(weekdays=days.value), days.end)
    month = MONTHS.get(word_at(tokens, at))
    if month is not None:
        number = ordinal(tokens, at + 1) or cardinal(tokens, at + 1)
        if number is not None and 1 <= number.value <= 31:
            return Found(Except(yearly=((month, number.value),)), number.end)
        return Found(Except(months=(month,)), at + 1)
    nth = counted(tokens, at)
    if nth is None:
        number = cardinal(tokens, at)
        of = MONTHS.get(word_at(tokens, number.end)) if number is not None else None
        if number is None or of is None or not 1 <= number.value <= 31:
            return None
        return Found(Except(yearly=((of, number.value),)), number.end + 1)
    end = skip(tokens, nth.end, "day")
    if nth.value < 0 and end == nth.end:
        return None
    named = skip(tokens, end, "of")
    of = MONTHS.get(word_at(tokens, named))
    if of is not None:
        return Found(Except(yearly=((of, nth.value),)), named + 1)
    end = skip(tokens, end, "of the month", "of every month", "of each month", "of a month")
    return Found(Except(monthdays=(nth.value,)), end)


def _both(one: Except, other: Except) -> Except:
    return Except(
        weekdays=tuple(sorted({*one.weekdays, *other.weekdays})),
        monthdays=tuple(dict.fromkeys((*one.monthdays, *other.monthdays))),
        months=tuple(sorted({*one.months, *other.months})),
        yearly=tuple(dict.fromkeys((*one.yearly, *other.yearly))),
    )
