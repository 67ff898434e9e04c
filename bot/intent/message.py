"""A message as every rule about requests sees it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from bot.intent.numbers import Phrases, find, phrase
from bot.intent.tokens import Token


class Message(NamedTuple):
    """A message as the rules see it: its tokens without address and politeness."""

    text: str
    tokens: tuple[Token, ...]
    today: date
    in_thread: bool

    @property
    def first(self) -> str:
        """The first word, or "" where there is none."""
        return self.tokens[0].word if self.tokens else ""

    @property
    def last(self) -> str:
        """The last word, or "" where there is none."""
        return self.tokens[-1].word if self.tokens else ""

    def said(self, phrases: Phrases) -> int | None:
        """Give the place after one of `phrases` at the start."""
        return phrase(self.tokens, 0, phrases)

    def has(self, phrases: Phrases) -> int | None:
        """Give the place where one of `phrases` stands anywhere."""
        found = find(self.tokens, phrases)
        return None if found is None else found[0]
