"""Walk a message once and read every fact about time and options in it; the rest is the task.

Each token ends up in exactly one fact or among the words that are left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from bot.intent import days, numbers, zones
from bot.intent.numbers import Tokens
from bot.intent.rulebook import NUMBER, RULES, ZONE, Fact, Rule
from bot.intent.tokens import Kind, Token

ADJECTIVES = frozenset(
    ("daily", "weekly", "monthly", "quarterly", "yearly", "nightly", "hourly", "morning", "evening")
)


class Piece(NamedTuple):
    """A fact and the tokens it was read from."""

    fact: Fact
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scan:
    """What a message holds: facts in their order, and the tokens (`words`) no fact used."""

    tokens: tuple[Token, ...]
    pieces: tuple[Piece, ...]
    rest: tuple[int, ...]
    facts: tuple[Fact, ...] = field(init=False)
    words: tuple[str, ...] = field(init=False)
    kinds: frozenset[type] = field(init=False)

    def __post_init__(self) -> None:
        facts = tuple([piece.fact for piece in self.pieces])
        object.__setattr__(self, "facts", facts)
        object.__setattr__(self, "kinds", frozenset(map(type, facts)))
        object.__setattr__(self, "words", tuple([self.tokens[at].word for at in self.rest]))

    def with_adjectives(self) -> Scan:
        """Give a lone "daily" or "weekly" before a word back to the name it belongs to."""
        named = [piece for piece in self.pieces if self._is_adjective(piece)]
        return Scan(
            tokens=self.tokens,
            pieces=tuple(piece for piece in self.pieces if piece not in named),
            rest=tuple(sorted((*self.rest, *(piece.start for piece in named)))),
        )

    def _is_adjective(self, piece: Piece) -> bool:
        lone = piece.end - piece.start == 1
        return lone and self.tokens[piece.start].word in ADJECTIVES and piece.end in self.rest


def scan(tokens: Sequence[Token], today: date) -> Scan:
    """Read the longest fact at each place, from left to right."""
    return _scan(tuple(tokens), today)


@lru_cache(maxsize=64)
def _scan(tokens: tuple[Token, ...], today: date) -> Scan:
    pieces: list[Piece] = []
    rest: list[int] = []
    senses = [_sense(token.kind, token.word) for token in tokens]
    absent = _absent(senses)
    place = 0
    while place < len(tokens):
        piece = _longest(tokens, place, today, absent) if senses[place].opens else None
        if piece is None:
            rest.append(place)
            place += 1
        else:
            pieces.append(piece)
            place = piece.end
    return Scan(tokens=tokens, pieces=tuple(pieces), rest=tuple(rest))


def _by_sign(sides: Iterable[frozenset[str]]) -> dict[str, int]:
    """Index the rules, each as one bit, by the words of that side of them."""
    bits: dict[str, int] = {}
    for number, signs in enumerate(sides):
        for sign in signs:
            bits[sign] = bits.get(sign, 0) | 1 << number
    return bits


_OPENED_BY = _by_sign(rule.opens for rule in RULES)
_MET_BY = _by_sign(rule.needs for rule in RULES)
_NEEDY = sum(1 << number for number, rule in enumerate(RULES) if rule.needs)
"""One bit for each rule that needs a certain word."""


class _Sense(NamedTuple):
    """What a token may stand for, and the rules, as bits, that it could begin or that need it."""

    signs: frozenset[str]
    opens: int
    meets: int


class _Tried(NamedTuple):
    """A rule that could begin at a place, and its bit."""

    bit: int
    rule: Rule


@lru_cache(maxsize=4096)
def _sense(kind: Kind, word: str) -> _Sense:
    """Find out what a token may stand for: its word, its kind, a number in words, a zone."""
    signs = {word} if kind in (Kind.WORD, Kind.MARK) else {f"<{kind}>"}
    if kind is Kind.WORD and zones.may_name_zone(word):
        signs.add(ZONE)
    if kind is Kind.WORD and numbers.names_number(word):
        signs.add(NUMBER)
    opens = meets = 0
    for sign in signs:
        opens |= _OPENED_BY.get(sign, 0)
        meets |= _MET_BY.get(sign, 0)
    return _Sense(frozenset(signs), opens, meets)


@lru_cache(maxsize=4096)
def _rules_at(kind: Kind, word: str, next_kind: Kind, following: str) -> tuple[_Tried, ...]:
    """Give the rules that could begin with two such tokens, which spares the task's own words."""
    opens, then = _sense(kind, word).opens, _sense(next_kind, following).signs
    return tuple(
        _Tried(1 << number, rule)
        for number, rule in enumerate(RULES)
        if opens >> number & 1 and not (word in rule.then and then.isdisjoint(rule.then[word]))
    )


def _absent(senses: Iterable[_Sense]) -> int:
    """Give the bits of the rules whose facts need a word that the message does not hold."""
    met = 0
    for _, _, meets in senses:
        met |= meets
    return _NEEDY & ~met


def may_open(token: Token) -> bool:
    """Whether a fact could begin with the token."""
    return bool(_sense(token.kind, token.word).opens)


def fact_at(tokens: Tokens, at: int, today: date) -> Piece | None:
    """Read the longest fact that begins at a place."""
    if not may_open(tokens[at]):
        return None
    absent = _absent(_sense(token.kind, token.word) for token in tokens)
    return _longest(tokens, at, today, absent)


def _longest(tokens: Tokens, at: int, today: date, absent: int) -> Piece | None:
    """Read the longest fact that begins at a place, by any rule but those known to be absent."""
    best: Fact | None = None
    end = at
    for bit, rule in _likely(tokens, at):
        if bit & absent:
            continue
        found = rule.read(tokens, at, today) if rule.is_dated else rule.read(tokens, at)
        if found is None or found.end <= end:
            continue
        if isinstance(found.value, days.Also) and not _goes_on(tokens, found.end):
            continue
        best, end = found.value, found.end
    return None if best is None else Piece(best, at, end)


def _likely(tokens: Tokens, at: int) -> tuple[_Tried, ...]:
    token = tokens[at]
    if at + 1 == len(tokens):
        return _rules_at(token.kind, token.word, Kind.MARK, "")
    after = tokens[at + 1]
    return _rules_at(token.kind, token.word, after.kind, after.word)


def _goes_on(tokens: Tokens, at: int) -> bool:
    """Whether another part of a schedule begins at a place."""
    return any(rule.is_part and rule.read(tokens, at) for _, rule in _likely(tokens, at))
