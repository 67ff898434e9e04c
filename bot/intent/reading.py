"""What was read from a message, and what explains it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from bot.intent.address import Addressed
from bot.intent.facts import scan
from bot.intent.intents import Intent
from bot.intent.tokens import Token


class Role(NamedTuple):
    """A piece of the message and the part it played."""

    text: str
    role: str


class Heard(NamedTuple):
    """The tokens of a message, and what of them was left as a request, on a day."""

    tokens: tuple[Token, ...]
    said: Addressed
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read; `agent` is the persona that was spoken to; `heard` explains it.

    `further` are the requests that follow in the same message, to be answered in their order.
    `note` is a line for the person: that a model was asked in vain.
    """

    intent: Intent
    agent: str | None = None
    source: Literal["phrases", "model"] = "phrases"
    assumed: tuple[str, ...] = ()
    heard: Heard | None = None
    further: tuple[Reading, ...] = ()
    note: str = ""

    @property
    def roles(self) -> tuple[Role, ...]:
        """The part each piece of the message played."""
        return () if self.heard is None else _roles(self.heard)


def _roles(heard: Heard) -> tuple[Role, ...]:
    said = heard.said
    kept = {token.start for token in said.tokens}
    found = scan(said.tokens, heard.today)
    role_at = {
        said.tokens[place].start: type(piece.fact).__name__.lower()
        for piece in found.pieces
        for place in range(piece.start, piece.end)
    }
    return tuple(
        Role(
            text=token.text,
            role=role_at.get(token.start, "words" if token.start in kept else "address"),
        )
        for token in heard.tokens
    )
