"""Requests that come with their reason: "pause the disk scan till Monday, storage is at it"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.intent.spelling import words
from bot.intent.tokens import Token
from bot.intent.work import WORK

_JOINTS = words(", ; - -- . since because cause as")
_SPOKEN = words("since because cause as")
_STATES = words(
    "is are was were isn't aren't has have had hasn't can't cannot will won't needs "
    "it's that's there's he's she's we're they're i'm you're we've they've i've"
)
_NO_STATEMENT = WORK | words(
    "if when whenever unless until once after before and then but or please also not except plus "
    "with by at on in to for every each starting from only just run pause stop resume make change "
    "move set switch put turn keep skip no which that what who why how where whether"
)
_COPULAS = words("is are was were isn't aren't wasn't has have")
_FEWEST = 2


class Reasoned(NamedTuple):
    """What a message asks, and the statement that stands before or after it."""

    request: tuple[Token, ...]
    reason: tuple[Token, ...]


def reasoned(tokens: Sequence[Token]) -> Iterator[Reasoned]:
    """Give each way to cut a message into a request and a statement of how things are."""
    for at, token in enumerate(tokens):
        if token.word not in _JOINTS:
            continue
        if _states(tokens[at + 1 :]):
            yield Reasoned(tuple(tokens[:at]), tuple(tokens[at + 1 :]))
        if token.word not in _SPOKEN and _states(tokens[:at]):
            yield Reasoned(tuple(tokens[at + 1 :]), tuple(tokens[:at]))


def _states(part: Sequence[Token]) -> bool:
    """Whether words only say how things are."""
    said = [token.word for token in part]
    if len(said) < _FEWEST or said[-1] == "?":
        return False
    if said[0] in _NO_STATEMENT and not (said[0] in WORK and said[1] in _COPULAS):
        return False
    return not _STATES.isdisjoint(said)
