"""Sentences with blanks, written as text: "give|allow TASK [up_to] LENGTH".

`a|b` stands for one of several words ("_" joins the words of one), brackets for what may be left
out, and a word in capitals for a blank; ";" ends a sentence, which may be written over several
lines. A sentence fits only where it uses up the whole message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bot.intent.intents import Intent
from bot.intent.spelling import corrected
from bot.intent.tokens import Token

Bound = Mapping[str, object]
Blank = Callable[[tuple[Token, ...], int], Iterator[tuple[object, int]]]
Blanks = Mapping[str, Blank]
Make = Callable[[Bound], Intent | None]


@dataclass(frozen=True, slots=True)
class Words:
    """One of several phrases; None among them for what may be left out."""

    phrases: tuple[tuple[str, ...], ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """A blank, to be filled in by the reader of its name."""

    name: str
    optional: bool = False


Item = Words | Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Sentences that mean the same, and what to make of what stands in their blanks."""

    said: str
    make: Make


@dataclass(slots=True, kw_only=True)
class Book:
    """Rules, found by a word that each of their sentences must hold."""

    rules: tuple[Rule, ...]
    _shelves: dict[str, list[tuple[tuple[Item, ...], Make]]] = field(default_factory=dict)

    def read(self, tokens: tuple[Token, ...], blanks: Blanks) -> Intent | None:
        """Give what the first rule that fits makes of the message."""
        shelves = self._shelves or self._fill()
        for word in dict.fromkeys(token.word for token in tokens):
            for items, make in shelves.get(word, ()):
                for bound in _fits(items, 0, tokens, 0, blanks, {}):
                    found = make(bound)
                    if found is not None:
                        return found
        return None

    def _fill(self) -> dict[str, list[tuple[tuple[Item, ...], Make]]]:
        for rule in self.rules:
            for said in rule.said.split(";"):
                items = _parsed(" ".join(said.split()).replace("| ", "|"))
                for word in _anchor(items):
                    self._shelves.setdefault(word, []).append((items, rule.make))
        return self._shelves


def _anchor(items: Sequence[Item]) -> set[str]:
    """Give the words one of which each fitting message holds: the fewest there are."""
    needed = [item for item in items if isinstance(item, Words) and not item.optional]
    first = items[0]
    if isinstance(first, Words) and not first.optional:
        return {phrase[0] for phrase in first.phrases}
    return min(({phrase[0] for phrase in item.phrases} for item in needed), key=len)


@lru_cache(maxsize=1024)
def _parsed(said: str) -> tuple[Item, ...]:
    return tuple(_item(part) for part in said.split())


def _item(part: str) -> Item:
    optional, part = part.startswith("["), part.strip("[]")
    if part.isupper() and part.isalpha():
        return Gap(part, optional)
    phrases = (tuple(corrected(word) for word in one.split("_")) for one in part.split("|"))
    return Words(tuple(sorted(phrases, key=len, reverse=True)), optional)


def _fits(
    items: tuple[Item, ...],
    number: int,
    tokens: tuple[Token, ...],
    at: int,
    blanks: Blanks,
    bound: Bound,
) -> Iterator[Bound]:
    """Give each way in which the items from `number` on use up the tokens from `at` on."""
    if number == len(items):
        if at == len(tokens):
            yield bound
        return
    item = items[number]
    if isinstance(item, Gap):
        for value, end in blanks[item.name](tokens, at):
            yield from _fits(items, number + 1, tokens, end, blanks, {**bound, item.name: value})
    for phrase in () if isinstance(item, Gap) else item.phrases:
        end = at + len(phrase)
        if end <= len(tokens) and all(
            token.word == word for token, word in zip(tokens[at:end], phrase, strict=True)
        ):
            yield from _fits(items, number + 1, tokens, end, blanks, bound)
    if item.optional:
        yield from _fits(items, number + 1, tokens, at, blanks, bound)
