"""Thanks and greetings: they ask for nothing, and still want an answer of their own."""

from __future__ import annotations

from typing import Literal

from bot.intent.numbers import Tokens, phrase
from bot.intent.tokens import Kind

Courtesy = Literal["thanks", "greeting"]
_THANKS = (
    "thanks",
    "thank you",
    "thx",
    "ty",
    "tysm",
    "cheers",
    "much appreciated",
    "perfect",
    "great",
    "awesome",
    "nice",
    "cool",
    "lovely",
    "good bot",
    "good job",
    "well done",
    "nice one",
    "great work",
    "nice work",
    "good work",
    "many thanks",
    "appreciated",
)
_GREETINGS = ("hello", "hi", "hey", "hello there", "hi there", "hey there", "good morning",
              "good afternoon", "good evening", "morning", "howdy", "yo")  # fmt: skip
_TAILS = ("a lot", "so much", "very much", "again", "a bunch", "a ton", "for that", "for this",
          "for the help", "for your help", "bot", "chatcron", "mate", "team", "all", "everyone",
          "you", "thanks", "thank you", "thx", "ty")  # fmt: skip
_LONGEST = 8


def courtesy(tokens: Tokens) -> Courtesy | None:
    """Say whether a message is nothing but thanks or a greeting."""
    said = [one for one in tokens if one.kind not in (Kind.MARK, Kind.EMOJI, Kind.USER)]
    if not 0 < len(said) <= _LONGEST:
        return None
    for kind, phrases in _KINDS:
        end = phrase(said, 0, phrases)
        while end is not None and end < len(said):
            end = phrase(said, end, _TAILS)
        if end is not None:
            return kind
    return None


_KINDS: tuple[tuple[Courtesy, tuple[str, ...]], ...] = (
    ("thanks", _THANKS),
    ("greeting", _GREETINGS),
)
