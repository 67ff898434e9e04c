"""Days that come back every year: "every January 15", "annually on June 1 and December 1"."""

from __future__ import annotations

from collections.abc import Iterator

from bot.intent.days import AND, LONGEST_MONTH, MONTHS, YearDay, month_list
from bot.intent.numbers import Found, Tokens, cardinal, ordinal, phrase, skip, word_at


def year_day(tokens: Tokens, at: int) -> Found[YearDay] | None:
    """Read "every January 15", "each 1st of March", "annually on June 1 and December 1"."""
    led = phrase(
        tokens, at, ("every year on the", "every year on", "each year on the", "each year on",
        "yearly on the", "yearly on", "annually on the", "annually on", "once a year on the",
        "once a year on", "twice a year on the", "twice a year on", "every", "each",
        "yearly , on", "annually , on", "twice yearly on", "every year , on"),
    )  # fmt: skip
    if led is None:
        return None
    found, end = [], led
    for one in _dates_of_a_year(tokens, led):
        found.append(one.value)
        end = one.end
    end = skip(tokens, end, ("every year", "each year")) if found else end
    return Found(YearDay(days=tuple(found)), end) if found else None


def _dates_of_a_year(tokens: Tokens, at: int) -> Iterator[Found[tuple[int, int]]]:
    following: int | None = at
    while following is not None:
        one = date_of_a_year(tokens, following)
        if one is None:
            return
        yield one
        after = phrase(tokens, one.end, AND)
        following = None if after is None else skip(tokens, after, ("on the", "on", "the", "every"))


def date_of_a_year(tokens: Tokens, at: int) -> Found[tuple[int, int]] | None:
    """Read "March 3rd" and "the 3rd of March" as (month, day)."""
    month = MONTHS.get(word_at(tokens, at))
    number = _number(tokens, skip(tokens, at, "the") if month is None else at + 1)
    if number is None:
        return None
    end = number.end
    if month is None:
        end = skip(tokens, end, "of")
        month, end = MONTHS.get(word_at(tokens, end)), end + 1
        if month is not None:
            listed = month_list(tokens, end - 1)
            if listed is not None and len(listed.value) > 1:
                return None
    if month is None or not 1 <= number.value <= LONGEST_MONTH[month - 1]:
        return None
    return Found((month, number.value), end)


def _number(tokens: Tokens, at: int) -> Found[int] | None:
    return ordinal(tokens, at) or cardinal(tokens, at)
