"""Cut a message at its joints ("then", arrows, "if", list numbers, new lines) into segments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bot.intent.numbers import cardinal, phrase, skip, word_at
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
_FIRST = ("first ,", "first of all", "first", "firstly ,", "firstly", "start with",
          "start by", "begin with", "begin by")  # fmt: skip


class Segment(NamedTuple):
    """Words between two joints; `condition` and `branch` say how they hang on what was before."""

    tokens: tuple[Token, ...]
    is_condition: bool = False
    is_branch: bool = False
    negated: bool = False


def segments(tokens: tuple[Token, ...], text: str) -> Iterator[Segment]:
    """Cut the words at their joints."""
    start = skip(tokens, skip(tokens, 0, (":", "-", ",")), _FIRST)
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
    tokens: tuple[Token, ...], at: int, text: str, numbered: Mapping[int, int]
) -> tuple[int | None, tuple[bool, bool, bool]]:
    """Give the place after a joint that stands here, and whether it opens a condition or branch."""
    if at in numbered:
        return numbered[at], (False, False, False)
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


def _numbered(tokens: tuple[Token, ...]) -> Mapping[int, int]:
    """Find the heads of a list "1. … 2. …" or "step 1 … step 2 …", and the places after them."""
    found: dict[int, int] = {}
    for at in range(len(tokens)):
        end = _head(tokens, at, len(found) + 1)
        if end is not None:
            found[at] = end
    return found if len(found) > 1 else {}


def _head(tokens: tuple[Token, ...], at: int, number: int) -> int | None:
    """Give the place after "2.", "2)" or "step two:", where one stands."""
    step = phrase(tokens, at, (", step", "and step", ", stage", "step", "stage"))
    said = cardinal(tokens, at if step is None else step)
    if said is None or said.value != number:
        return None
    marked = phrase(tokens, said.end, (".", ")", ":", "-", ",", "is", "is to"))
    if step is not None:
        return marked or said.end
    return said.end + 1 if word_at(tokens, said.end) in (".", ")") else None
