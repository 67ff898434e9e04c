"""Which of a month's days is meant, and of which months or quarters it is: "of every month"."""

from __future__ import annotations

from bot.intent.days import Within, months
from bot.intent.numbers import Found, Tokens, cardinal, ordinal, phrase, skip, word_at

_FROM_THE_END = {
    "second last": -2, "third last": -3, "second-to-last": -2, "second - to - last": -2,
    "second to last": -2, "second to the last": -2, "penultimate": -2, "next-to-last": -2,
    "next to last": -2, "last but one": -2, "last-but-one": -2, "second-last": -2,
    "third-to-last": -3, "third to last": -3, "third - to - last": -3, "third-last": -3,
    "fourth-to-last": -4, "fourth to last": -4, "antepenultimate": -3,
    "fifth-to-last": -5, "fifth to last": -5,
}  # fmt: skip
_NUMBERED_FROM_THE_END = ("- to - last", "- to-last", "to last", "- last", "to the last", "last")
_UNITS = (("month", 1), ("quarter", 3), ("year", 12))


def counted(tokens: Tokens, at: int) -> Found[int] | None:
    """Read which one is meant, from the start or the end: "2nd", "last", "second-to-last"."""
    named = phrase(tokens, at, _FROM_THE_END)
    if named is not None:
        return Found(_FROM_THE_END[" ".join(token.word for token in tokens[at:named])], named)
    found = ordinal(tokens, at)
    if found is None or found.value == -1:
        return found
    end = phrase(tokens, found.end, _NUMBERED_FROM_THE_END)
    return found if end is None else Found(-found.value, end)


def within(tokens: Tokens, at: int) -> Found[Within] | None:
    """Read "of every month", "of the first month of the quarter", "each year", "of March"."""
    start = skip(tokens, at, ("of", "in", "for"))
    found = _month_of_quarter(tokens, start) if start > at else None
    if found is not None:
        return found
    led = phrase(tokens, start, ("every single", "every", "each", "the", "a", "any", "per", "this"))
    if word_at(tokens, start) == "this":
        return None
    if start == at and word_at(tokens, at) not in ("every", "each", "per"):
        return _adverb(tokens, at)
    after = start if led is None else led
    for unit, _ in _UNITS:
        end = skip(tokens, after, "calendar") + 1
        if word_at(tokens, end - 1) == unit and (
            led is not None or unit == "month" or word_at(tokens, at) == "of"
        ):
            return Found(Within(unit="quarter" if unit == "quarter" else
                                "year" if unit == "year" else "month"), end)  # fmt: skip
    return _stride_of_months(tokens, start) or _named_months(tokens, at)


def _adverb(tokens: Tokens, at: int) -> Found[Within] | None:
    word = word_at(tokens, at)
    if word == "monthly":
        return Found(Within(), at + 1)
    if word == "quarterly":
        return Found(Within(unit="quarter"), at + 1)
    return Found(Within(unit="year"), at + 1) if word in ("yearly", "annually") else None


def _month_of_quarter(tokens: Tokens, at: int) -> Found[Within] | None:
    """Read "the first month of each quarter", "the first month"."""
    place = counted(tokens, skip(tokens, at, ("the", "every", "each")))
    if place is None or word_at(tokens, place.end) != "month":
        return None
    if not (place.value == -1 or 1 <= place.value <= 3):
        return None
    which = 3 if place.value == -1 else place.value
    end = skip(tokens, place.end + 1, ("of the quarter", "of each quarter", "of every quarter",
               "of a quarter", "in the quarter", "in each quarter",
               "in every quarter"))  # fmt: skip
    return Found(Within(unit="quarter", place=which), end)


def _stride_of_months(tokens: Tokens, at: int) -> Found[Within] | None:
    """Read "every other month", "every 3 months", "every 2nd month"."""
    led = phrase(tokens, at, ("every", "each"))
    if led is None:
        return None
    number = ordinal(tokens, led) or cardinal(tokens, led)
    other = phrase(tokens, led, ("other", "second", "alternate"))
    end = other if other is not None else number.end if number is not None else None
    every = 2 if other is not None else number.value if number is not None else 0
    if end is None or every < 1 or word_at(tokens, end) != "month":
        return None
    return Found(Within(every=every), end + 1)


def _named_months(tokens: Tokens, at: int) -> Found[Within] | None:
    named = months(tokens, at)
    if named is None or word_at(tokens, at) == "from":
        return None
    return Found(Within(months=named.value.months), named.end)
