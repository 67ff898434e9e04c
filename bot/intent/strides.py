"""Every so manieth day, week or month: "every other Friday", "every 3 days", "fortnightly"."""

from __future__ import annotations

from dataclasses import dataclass

from bot.intent.days import WEEKDAYS, listed
from bot.intent.numbers import Found, Tokens, cardinal, ordinal, phrase, skip, word_at
from storage.schedules import Weekday

UNITS = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stride:
    """A recurrence in every so manieth `unit`; `weekdays` where days were named, not weeks."""

    every: int
    unit: str
    weekdays: tuple[Weekday, ...] = ()


def stride(tokens: Tokens, at: int) -> Found[Stride] | None:
    """Read "every other day", "every 2 weeks", "every third Wednesday", "biweekly"."""
    fortnight = phrase(
        tokens, at, "biweekly", "bi-weekly", "bi weekly", "fortnightly", "every fortnight",
        "each fortnight", "once a fortnight", "once every fortnight",
    )  # fmt: skip
    if fortnight is not None:
        return Found(Stride(every=2, unit="week"), fortnight)
    led = phrase(tokens, at, "on every", "once every", "once in every", "every", "each", "on")
    if led is None:
        return None
    number = _number(tokens, skip(tokens, led, "single", "-"))
    if number is None or number.value < 2:
        return None
    if tokens[led - 1].word == "on" and word_at(tokens, led) not in ("alternate", "alternating"):
        return None
    unit = word_at(tokens, number.end)
    if unit in UNITS:
        return Found(Stride(every=number.value, unit=unit), number.end + 1)
    if unit not in WEEKDAYS:
        return None
    days = listed(tokens, number.end)
    assert days is not None
    return Found(Stride(every=number.value, unit="week", weekdays=days.value), days.end)


def _number(tokens: Tokens, at: int) -> Found[int] | None:
    if word_at(tokens, at) in ("other", "alternate", "alternating", "second"):
        return Found(2, at + 1)
    return ordinal(tokens, at) or cardinal(tokens, at)
