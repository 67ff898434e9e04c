"""Sentences with blanks, written as text: "give|allow TASK [up_to] LENGTH".

`a|b` stands for one of several words ("_" joins the words of one), brackets for what may be left
out, and a word in capitals for a blank; ";" ends a sentence, which may be written over several
lines. A sentence fits only where it uses up the whole message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from bot.intent.intents import Intent
from bot.intent.spelling import corrected, words
from bot.intent.tokens import Token

Bound = Mapping[str, Any]
Stops = frozenset[str] | None
"""Words before one of which a blank must end ("" is the message's end); None for any place."""
Blank = Callable[[tuple[Token, ...], int, Stops], Iterator[tuple[object, int]]]
Blanks = Mapping[str, Blank]
Make = Callable[[Bound], Intent | None]


class Words(NamedTuple):
    """One of several phrases, which are found by their first word."""

    phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    optional: bool = False


class Gap(NamedTuple):
    """A blank, to be filled in by the reader of its name."""

    name: str
    optional: bool = False
    stops: Stops = None


Item = Words | Gap


class Rule(NamedTuple):
    """Sentences that mean the same, and what to make of what stands in their blanks."""

    said: str
    make: Make


class Sentence(NamedTuple):
    """One sentence of a rule; `needs` are the sets of words of which a message must hold one."""

    number: int
    items: tuple[Item, ...]
    make: Make
    needs: tuple[frozenset[str], ...]


@dataclass(slots=True, kw_only=True)
class Book:
    """Rules, found by the word a sentence begins with, or by one that it must hold."""

    rules: tuple[Rule, ...]
    _openings: dict[str, list[Sentence]] = field(default_factory=dict)
    _shelves: dict[str, list[Sentence]] = field(default_factory=dict)

    def read(self, tokens: tuple[Token, ...], blanks: Callable[[], Blanks]) -> Intent | None:
        """Give what the first rule that fits makes of the message; most messages need no blanks."""
        shelves = self._shelves or self._fill()
        said = frozenset([token.word for token in tokens])
        found_by = [shelves[word] for word in said & shelves.keys()]
        found_by.append(self._openings.get(tokens[0].word, []))
        likely = [
            sentence
            for some in found_by
            for sentence in some
            if not any(need.isdisjoint(said) for need in sentence.needs)
        ]
        if not likely:
            return None
        read = _Read(tokens, blanks())
        for sentence in sorted(likely, key=lambda sentence: sentence.number):
            for bound in read.fits(sentence.items, 0, 0, {}):
                found = sentence.make(bound)
                if found is not None:
                    return found
        return None

    def _fill(self) -> dict[str, list[Sentence]]:
        sentences = ((rule, said) for rule in self.rules for said in rule.said.split(";"))
        for number, (rule, said) in enumerate(sentences):
            items = _stopped(_parsed(" ".join(said.split()).replace("| ", "|")))
            needs = tuple(_first_words(item) for item in items if _is_needed(item))
            anchor = min(needs, key=lambda need: (not need.isdisjoint(_COMMON), len(need)))
            sentence = Sentence(number, items, rule.make, needs)
            opens = _stops(items)
            for word in anchor if opens is None else opens:
                shelves = self._shelves if opens is None else self._openings
                shelves.setdefault(word, []).append(sentence)
        return self._shelves


_COMMON = words(
    "the a to of for on in at and is are be it this that i you me my our run runs from with every "
    "should can please when if , : daily check report task"
)
"""Words that stand in so many messages that they find too many sentences."""


def _stopped(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Tell each blank before which words it must end."""
    return tuple(
        item._replace(stops=_stops(items[place + 1 :])) if isinstance(item, Gap) else item
        for place, item in enumerate(items)
    )


def _stops(following: Sequence[Item]) -> Stops:
    found: set[str] = set()
    for item in following:
        if isinstance(item, Gap):
            return None
        found |= _first_words(item)
        if not item.optional:
            return frozenset(found)
    return frozenset((*found, ""))


def _is_needed(item: Item) -> bool:
    return isinstance(item, Words) and not item.optional


def _first_words(item: Item) -> frozenset[str]:
    assert isinstance(item, Words)
    return frozenset(item.phrases)


@lru_cache(maxsize=1024)
def _parsed(said: str) -> tuple[Item, ...]:
    return tuple(_item(part) for part in said.split())


def _item(part: str) -> Item:
    optional, part = part.startswith("["), part.strip("[]")
    if part.isupper() and part.isalpha():
        return Gap(part, optional)
    said = (tuple(corrected(word) for word in one.split("_")) for one in part.split("|"))
    phrases: dict[str, tuple[tuple[str, ...], ...]] = {}
    for one in sorted(said, key=len, reverse=True):
        phrases[one[0]] = (*phrases.get(one[0], ()), one)
    return Words(phrases, optional)


class _Read:
    """One message being held against sentences; each blank is read once at each place."""

    __slots__ = ("_blanks", "_filled", "_tokens", "_words")

    def __init__(self, tokens: tuple[Token, ...], blanks: Blanks) -> None:
        self._tokens = tokens
        self._words = (*(token.word for token in tokens), "")
        self._blanks = blanks
        self._filled: dict[tuple[str, int, Stops], list[tuple[object, int]]] = {}

    def fits(self, items: tuple[Item, ...], number: int, at: int, bound: Bound) -> Iterator[Bound]:
        """Give each way in which the items from `number` on use up the words from `at` on."""
        if number == len(items):
            if at == len(self._tokens):
                yield bound
            return
        item = items[number]
        if isinstance(item, Gap):
            for value, end in self._fill(item, at):
                yield from self.fits(items, number + 1, end, {**bound, item.name: value})
        else:
            for phrase in item.phrases.get(self._words[at], ()):
                end = at + len(phrase)
                if self._words[at:end] == phrase:
                    yield from self.fits(items, number + 1, end, bound)
        if item.optional:
            yield from self.fits(items, number + 1, at, bound)

    def _fill(self, gap: Gap, at: int) -> list[tuple[object, int]]:
        key = gap.name, at, gap.stops
        known = self._filled.get(key)
        if known is None:
            known = list(self._blanks[gap.name](self._tokens, at, gap.stops))
            self._filled[key] = known
        return known
