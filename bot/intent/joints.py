"""Cut a message at its joints ("then", arrows, "if", list numbers, new lines) into segments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.intent.numbers import phrase, skip, word_at
from bot.intent.tokens import Token

ARROWS = ("->", "=>", "→")
JOINTS = (
    ", and then", "; and then", ". and then", ", and after that", "and after that", ", after that",
    ". after that", "; after that", "after that", "and then", ", then", "; then", ". then", "then",
    ", afterwards", "afterwards", ", followed by", "followed by", ", and finally", "and finally",
    ", finally", "; finally", ". finally", ", next", ". next", "; next", ", lastly", "; lastly",
    ", and lastly", "once that is done", ", once that's done", "once that's done",
    "when that is done", "when that's done", "when done ,", ", when done", *ARROWS, ";",
)  # fmt: skip
IF = (", and if", "; and if", ". and if", "and if", ", but if", "; if", ". if", ", if", "if",
       "in case", ", and when", ", when", "; when", "when", ", only if", "only if", "whenever",
       ", unless", "unless")  # fmt: skip
ELSE = (", or else", ", otherwise", "; otherwise", ". otherwise", "otherwise", ", else", "; else",
         "else", ", if not", "; if not", "if not", ". if not")  # fmt: skip
_FIRST = ("first ,", "first of all", "first", "start with", "start by", "begin with", "begin by")


class Segment(NamedTuple):
    """Words between two joints; `condition` and `branch` say how they hang on what was before."""

    tokens: tuple[Token, ...]
    is_condition: bool = False
    is_branch: bool = False
    negated: bool = False


def segments(tokens: tuple[Token, ...], text: str) -> Iterator[Segment]:
    """Cut the words at their joints."""
    start = skip(tokens, 0, _FIRST)
    opened_by: tuple[bool, bool, bool] = (False, False, False)
    at = start
    numbered = _numbered(tokens)
    while at < len(tokens):
        cut, marks = _joint(tokens, at, text, numbered)
        if cut is None or cut == start:
            at += 1
            continue
        yield from _segment(tokens[start:at], opened_by)
        start = at = cut
        opened_by = marks
    yield from _segment(tokens[start:], opened_by)


def _segment(tokens: tuple[Token, ...], opened_by: tuple[bool, bool, bool]) -> Iterator[Segment]:
    condition, branch, negated = opened_by
    if tokens:
        yield Segment(tokens=tokens, is_condition=condition, is_branch=branch, negated=negated)


def _joint(
    tokens: tuple[Token, ...], at: int, text: str, numbered: frozenset[int]
) -> tuple[int | None, tuple[bool, bool, bool]]:
    """Give the place after a joint that stands here, and whether it opens a condition or branch."""
    if at in numbered:
        return at + 2, (False, False, False)
    branch = phrase(tokens, at, ELSE)
    if branch is not None:
        return branch, (False, True, False)
    condition = phrase(tokens, at, IF)
    if condition is not None:
        return condition, (True, False, tokens[condition - 1].word == "unless")
    joint = phrase(tokens, at, JOINTS)
    if joint is not None:
        return skip(tokens, joint, ("first", ",")), (False, False, False)
    new_line = at and "\n" in text[tokens[at - 1].end : tokens[at].start]
    if new_line:
        bullet = skip(tokens, at, ("-", "*", "•", "--"))
        return max(bullet, at), (False, False, False)
    return None, (False, False, False)


def _numbered(tokens: tuple[Token, ...]) -> frozenset[int]:
    """Find the numbers of a list "1. … 2. …", which count up from one."""
    found: list[int] = []
    for at, token in enumerate(tokens):
        if token.word == str(len(found) + 1) and word_at(tokens, at + 1) in (".", ")"):
            found.append(at)
    return frozenset(found) if len(found) > 1 else frozenset()
