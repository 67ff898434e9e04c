"""Numbers, ordinals and lengths of time, in digits or in words.

A rule of the grammar takes the tokens and a place and gives a `Found`, or None where it does not
fit; the rules of every other file are built from these.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Generic, NamedTuple, TypeVar

from bot.intent.tokens import Kind, Token, is_number

V = TypeVar("V", covariant=True)
Tokens = Sequence[Token]
Phrases = str | Collection[str]
"""One phrase or several, words with one space between them."""

_WORDS_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
)
_WORDS_TO_TWENTIETH = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_CARDINALS = {word: number for number, word in enumerate(_WORDS_TO_TWENTY.split())} | {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
}
_ORDINALS = {word: number for number, word in enumerate(_WORDS_TO_TWENTIETH.split())}
_LENGTHS = {
    "half an hour": 1800,
    "half hour": 1800,
    "a half hour": 1800,
    "quarter of an hour": 900,
    "a quarter of an hour": 900,
    "an hour": 3600,
    "a minute": 60,
    "a day": 86_400,
    "a week": 604_800,
    "a couple of hour": 7200,
    "a couple hour": 7200,
    "a fortnight": 1_209_600,
}
_TEN_YEARS = 3660 * 86_400
UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}


class Found(NamedTuple, Generic[V]):
    """What a rule read, and the place after it."""

    value: V
    end: int


def word_at(tokens: Tokens, at: int) -> str:
    """Give the word or mark that stands at a place, and "" past the end."""
    return tokens[at].word if 0 <= at < len(tokens) else ""


def first_words(*phrases: Phrases) -> frozenset[str]:
    """Give the words that phrases begin with, for rules that need look no further at others."""
    said = (one for some in phrases for one in ((some,) if isinstance(some, str) else some))
    return frozenset(one.split()[0] for one in said)


def says_any(tokens: Tokens, wanted: frozenset[str]) -> bool:
    """Whether one of these words stands anywhere."""
    return not wanted.isdisjoint([token.word for token in tokens])


def phrase(tokens: Tokens, at: int, phrases: Phrases) -> int | None:
    """Give the place after the longest of `phrases` that stands here.

    `phrases` are constants of the program: they are split into words once and found again as the
    object they are, which a message's own words must never be.
    """
    try:
        word = tokens[at].word
    except IndexError:
        return None
    following = (_TABLES.get(id(phrases)) or _split(phrases)).get(word)
    return None if following is None else _after(tokens, at + 1, following)


def find(tokens: Tokens, phrases: Phrases, start: int = 0) -> tuple[int, int] | None:
    """Give the first place, from `start` on, where one of `phrases` stands, and that after it."""
    words = _TABLES.get(id(phrases)) or _split(phrases)
    for at in range(start, len(tokens)):
        following = words.get(tokens[at].word)
        if following is not None and (end := _after(tokens, at + 1, following)) is not None:
            return at, end
    return None


def _after(tokens: Tokens, at: int, following: _Following) -> int | None:
    second = tokens[at].word if at < len(tokens) else ""
    for rest in following.get(second) or following[""]:
        if rest is None:
            return at
        end = at + 1 + len(rest)
        if not rest or tuple(token.word for token in tokens[at + 1 : end]) == rest:
            return end
    return None


_Following = dict[str, list[tuple[str, ...] | None]]
"""By the second word, what may follow it, the longest first; None ends a phrase of one word."""


_TABLES: dict[int, dict[str, _Following]] = {}
"""By the identity of the phrases: what may follow each of their first words."""
_KEPT: list[Phrases] = []
"""The phrases themselves, so that nothing else gets their identity."""


def _split(phrases: Phrases) -> dict[str, _Following]:
    """Split phrases into words, once."""
    said = [one.split() for one in ((phrases,) if isinstance(phrases, str) else phrases)]
    table: dict[str, _Following] = {first: {} for first, *_ in said}
    for first, following in table.items():
        of_first = sorted((rest for one, *rest in said if one == first), key=len, reverse=True)
        for second in {"", *(rest[0] for rest in of_first if rest)}:
            following[second] = [
                tuple(rest[1:]) if rest else None
                for rest in of_first
                if not rest or rest[0] == second
            ]
    _KEPT.append(phrases)
    _TABLES[id(phrases)] = table
    return table


def skip(tokens: Tokens, at: int, phrases: Phrases) -> int:
    """Give the place after one of `phrases`, or the same place."""
    try:
        word = tokens[at].word
    except IndexError:
        return at
    following = (_TABLES.get(id(phrases)) or _split(phrases)).get(word)
    after = None if following is None else _after(tokens, at + 1, following)
    return at if after is None else after


def names_number(word: str) -> bool:
    """Whether a word is a number or an ordinal ("twenty", "third")."""
    return word.partition("-")[0] in _CARDINALS or word in _ORDINALS


def cardinal(tokens: Tokens, at: int) -> Found[int] | None:
    """Read a whole number: "15", "fifteen", "twenty five"."""
    if at >= len(tokens):
        return None
    if is_number(tokens[at]):
        return Found(int(tokens[at].word[:9]), at + 1)
    tens, _, ones = tokens[at].word.partition("-")
    if tens not in _CARDINALS or (ones and ones not in _CARDINALS):
        return None
    value = _CARDINALS[tens] + _CARDINALS.get(ones, 0)
    following = _CARDINALS.get(word_at(tokens, at + 1), 0)
    if value >= 20 and value % 10 == 0 and 0 < following < 10:
        return Found(value + following, at + 2)
    return Found(value, at + 1)


def ordinal(tokens: Tokens, at: int) -> Found[int] | None:
    """Read "1st", "first", "21st"; the last, or final, counts as -1."""
    if at >= len(tokens):
        return None
    if is_number(tokens[at]) and word_at(tokens, at + 1) in ("st", "nd", "rd", "th"):
        return Found(int(tokens[at].word[:9]), at + 2)
    if tokens[at].word in ("last", "final"):
        return Found(-1, at + 1)
    number = _ORDINALS.get(tokens[at].word)
    return None if number is None else Found(number, at + 1)


_AND_A_HALF = ("and a half", "n a half")


def duration(tokens: Tokens, at: int) -> Found[int] | None:
    """Read a length of time in seconds: "90 minutes", "half an hour", "1h30m", "2.5 hours"."""
    first = _one_length(tokens, at)
    if first is None or first.value > _TEN_YEARS:
        return None
    after = phrase(tokens, first.end, _AND_A_HALF)
    if after is not None:
        return Found(first.value + UNITS[tokens[first.end - 1].word] // 2, after)
    joined = skip(tokens, first.end, "and")
    second = _one_length(tokens, joined)
    if second is not None and second.value < first.value and is_number(tokens[joined]):
        return Found(first.value + second.value, second.end)
    return Found(first.value, skip(tokens, first.end, "or so"))


def _one_length(tokens: Tokens, at: int) -> Found[int] | None:
    named = phrase(tokens, at, _LENGTHS)
    if named is not None:
        said = " ".join(token.word for token in tokens[at:named])
        return Found(_LENGTHS[said], named)
    amount = cardinal(tokens, at)
    if amount is None:
        return _fraction(tokens, at)
    unit = UNITS.get(word_at(tokens, skip(tokens, amount.end, "-")))
    if unit is None:
        return None
    return Found(amount.value * unit, skip(tokens, amount.end, "-") + 1)


def _fraction(tokens: Tokens, at: int) -> Found[int] | None:
    if at + 1 >= len(tokens) or tokens[at].kind not in (Kind.NUMBER, Kind.CLOCK):
        return None
    unit = UNITS.get(tokens[at + 1].word)
    whole, dot, part = tokens[at].word.partition(".")
    if unit is None or not dot or not (whole + part).isdecimal():
        return None
    return Found(round(float(tokens[at].word) * unit), at + 2)
