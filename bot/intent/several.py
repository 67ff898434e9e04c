"""Where one message may hold several requests, and when two halves are requests of their own.

`bot.intent.reader` reads each half; one request is never cut, so doubt leaves it whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from bot.intent.changes import about
from bot.intent.intents import (
    AskHelp,
    Changes,
    CreateTask,
    DefineWorkflow,
    EditTask,
    Intent,
    Nothing,
    RunTask,
    TaskRef,
    Unclear,
    UseTemplate,
)
from bot.intent.numbers import Tokens, first_words, phrase, says_any, skip, word_at
from bot.intent.spelling import words
from bot.intent.telling import posting, telling
from bot.intent.tokens import Kind, Token
from bot.intent.work import WORK, infinitive

_STRONG = frozenset(".!?;")
_WEAK = (", and then", "; and then", "and then", ", and also", "and also", ", also", ", and",
         ", then", "and", "then", "also", ",", "&", "+", "plus", "as well as")  # fmt: skip
_WEAK_FIRST = first_words(_WEAK)
_MAY_CUT = _WEAK_FIRST | _STRONG
_AFTER_CUT = ("and then", "and also", "and", "also", "then", "next", "please", ",", "oh ,", "oh",
              "one more thing :", "finally", "after that", "additionally", "besides")  # fmt: skip
_BEFORE_AGENT = (", and", "; and", "and", ",", ";", "while", "plus", "&")
_OPENS = words(
    "add allow assign call cancel catch change create delete disable drop enable execute export "
    "forget give hand help history let name post queue raise retry "
    "kill list move mute pause put remind remove rename reschedule resume run save schedule set "
    "show snooze start stop suspend switch tell trigger undo unpause update use what what's when "
    "which why"
)
_MAKES = words("add create make remind schedule set new")
_STEERS = _OPENS - _MAKES
_HANGING = words("if unless otherwise else when whenever once until except only not no but")
_CONDITIONS = words("if when whenever once should after")
_POINTS = words("the my our it that this them all everything every task both t- # last")
_NUMBERED = re.compile(r"t-\d{1,9}")
_MANY = 8
_LISTS = ("list", "next", "history", "show", "templates", "help", "export", "why")


class Cut(NamedTuple):
    """A place where a request may end and the next begin.

    With `same_verb` the next one is only another number: "pause T-3 and T-4".
    """

    end: int
    start: int
    strong: bool
    same_verb: bool = False


def cuts(tokens: Tokens, text: str) -> Iterator[Cut]:
    """Give the places where the next request may begin, from left to right."""
    at = 1
    lines = "\n" in text
    if not lines and not says_any(tokens, _MAY_CUT):
        return
    while at < len(tokens):
        ended = lines or tokens[at - 1].word in _STRONG
        cut = (_strong(tokens, at, text) if ended else None) or _weak(tokens, at)
        if cut is not None:
            yield cut
            at = max(cut.start, at)
        at += 1


def sentences(tokens: Tokens, text: str) -> list[tuple[int, int]]:
    """Give where each sentence begins and ends; [] where there is only one, or too many."""
    starts = [0, *(at for at in range(1, len(tokens)) if _strong(tokens, at, text) is not None)]
    ends = [*starts[1:], len(tokens)]
    return list(zip(starts, ends, strict=True)) if 1 < len(starts) < _MANY else []


def _strong(tokens: Tokens, at: int, text: str) -> Cut | None:
    """Cut at the end of a sentence and at a new line."""
    ends = tokens[at - 1].word in _STRONG and tokens[at].start > tokens[at - 1].end
    lines = "\n" in text[tokens[at - 1].end : tokens[at].start]
    if not (ends or lines):
        return None
    listed = tokens[at - 2].kind is Kind.NUMBER and not lines
    start = _past_bullet(tokens, at) if lines else at
    in_turn = word_at(tokens, start) in ("then", "finally", "next", "afterwards")
    while (after := skip(tokens, start, _AFTER_CUT)) != start:
        start = after
    if listed or start >= len(tokens) or tokens[start].word in _HANGING:
        return None
    end = at - (tokens[at - 1].word in (".", ";", "!"))
    return Cut(end=end, start=start, strong=not in_turn)


def _past_bullet(tokens: Tokens, at: int) -> int:
    numbered = word_at(tokens, at + 1) in (".", ")") and tokens[at].kind is Kind.NUMBER
    return at + 2 if numbered else skip(tokens, at, ("-", "*", "•", "--"))


def _weak(tokens: Tokens, at: int) -> Cut | None:
    """Cut at "and", where the verb of a request follows."""
    if tokens[at].word not in _WEAK_FIRST:
        return None
    condition = tokens[0].word in _CONDITIONS and tokens[at].word == ","
    after = None if condition else phrase(tokens, at, _WEAK)
    if after is None:
        return None
    if word_at(tokens, 0) not in _STEERS and (posting(tokens, at) or telling(tokens, at)):
        return None
    start = skip(tokens, after, ("please", "can you", "could you", "also"))
    if _NUMBERED.fullmatch(word_at(tokens, start)) and word_at(tokens, 0) in _OPENS:
        return Cut(end=at, start=start, strong=False, same_verb=True)
    opens = word_at(tokens, start) in _OPENS and start + 1 < len(tokens)
    return Cut(end=at, start=start, strong=False) if opens else None


def names_two(tokens: Tokens, names: frozenset[str]) -> bool:
    """Whether more than one agent is named."""
    return len(names & {token.word.lstrip("@") for token in tokens}) > 1


def by_agent(tokens: Tokens, names: frozenset[str]) -> list[tuple[Token, ...]]:
    """Cut before each agent who is joined to the one before: "kai checks … and tony checks …".

    What two are to do together is each one's: "kai and oliver check the ports".
    """
    both = phrase(tokens, 1, _BEFORE_AGENT)
    if both is not None and {word_at(tokens, at).lstrip("@") for at in (0, both)} <= names:
        return [(tokens[at], *_ordered(tokens[both + 1 :])) for at in (0, both)]
    starts = [0]
    for at in range(1, len(tokens)):
        after = phrase(tokens, at, _BEFORE_AGENT)
        if after is None or word_at(tokens, after).lstrip("@") not in names:
            continue
        verb = infinitive(word_at(tokens, skip(tokens, after + 1, ("to", "should", "please"))))
        if verb in WORK:
            starts.append(at)
    parts = [tokens[start:end] for start, end in pairwise((*starts, len(tokens)))]
    said = [part[skip(part, 0, _BEFORE_AGENT) :] for part in parts]
    return [(part[0], *_ordered(part[1:])) for part in said if part]


def _ordered(tokens: Tokens) -> Tokens:
    """Put "check" for the "checks" that follows who is to do it."""
    order = infinitive(word_at(tokens, 0))
    return (tokens[0]._replace(text=order, word=order), *tokens[1:]) if order in WORK else tokens


def without_bullet(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Leave out the bullet of a list's first line."""
    return tokens[_past_bullet(tokens, 0) :] if len(tokens) > 2 else tokens


def is_whole(intent: Intent, tokens: Tokens) -> bool:
    """Whether a half is a request of its own, and not a part of the one beside it."""
    match intent:
        case Nothing() | Unclear() | AskHelp():
            return False
        case CreateTask():
            made = word_at(tokens, 0) in _MAKES or "schedule" not in intent.assumed
            return made and (intent.schedule is not None or intent.run_now or _asks(tokens))
        case _:
            return True


def _asks(tokens: Tokens) -> bool:
    return any(token.word in _MAKES for token in tokens[:6])


def may_follow(first: Intent, then: Intent, tokens: Tokens, cut: Cut) -> bool:
    """Whether the request after a cut is none of the same breath as the one before it."""
    if isinstance(first, CreateTask | DefineWorkflow | UseTemplate) and _is_detail(then):
        return False
    if cut.strong:
        return True
    if isinstance(first, EditTask) and isinstance(then, EditTask):
        return not then.ref.it or _is_apart(first.changes, then.changes)
    if isinstance(first, RunTask) and isinstance(then, RunTask):
        return False
    if isinstance(then, CreateTask | UseTemplate):
        return _asks(tokens) and not (isinstance(first, CreateTask) and first.schedule is None)
    ref: TaskRef | None = getattr(then, "ref", None)
    sure = ref is None or ref.it or ref.number is not None
    if isinstance(first, CreateTask):
        steers = then.kind in ("pause", "resume") and word_at(tokens, 1) in _POINTS
        return first.schedule is not None and (sure or steers or then.kind in _LISTS)
    return sure or then.kind in _LISTS or word_at(tokens, 1) in _POINTS


def _is_detail(then: Intent) -> bool:
    """Whether it only says more of the task just asked for: "Tell #ops if it fails."."""
    ref: TaskRef | None = getattr(then, "ref", None)
    return then.kind in ("notify", "edit") and (ref is None or ref.it)


def _is_apart(first: Changes, then: Changes) -> bool:
    """Whether two changes name different slots."""
    return not (first.said().keys() & then.said().keys())


def together(first: Intent, then: Intent) -> EditTask | None:
    """Make one change of two that are of the same task and name different slots."""
    if not (isinstance(first, EditTask) and isinstance(then, EditTask)):
        return None
    if first.ref != then.ref or not _is_apart(first.changes, then.changes):
        return None
    return replace(first, changes=replace(first.changes, **then.changes.said()))


def pointed(intent: Intent, before: Intent) -> Intent:
    """Put the task of the request before for "it"."""
    ref: TaskRef | None = getattr(intent, "ref", None)
    if ref is None or not ref.it:
        return intent
    named: TaskRef | None = getattr(before, "ref", None)
    if isinstance(before, CreateTask):
        named = TaskRef(text=before.name)
    return about(intent, named) if named is not None else intent
