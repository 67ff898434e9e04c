"""Read a message that may be more than one request: several in turn, or one amid other words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from bot.intent import several
from bot.intent.address import USUAL
from bot.intent.facts import scan
from bot.intent.intents import (
    CreateTask,
    DeleteTask,
    EditTask,
    Nothing,
    PauseTask,
    ResumeTask,
    RunTask,
    SetNotices,
)
from bot.intent.leads import called
from bot.intent.numbers import says_any, word_at
from bot.intent.reading import Reading
from bot.intent.reasons import reasoned
from bot.intent.single import Here, one, plainly
from bot.intent.tokens import Token
from bot.intent.workwords import comes_back

_MOST = 12
"""Places at which a message is tried for several requests; nobody asks for more at once."""
_STAGED = frozenset(("workflow", "pipeline"))
_ONE_AFTER_THE_OTHER = frozenset(("then", "first", "finally", "afterwards", "once", "parallel",
                                  "them", "it", "workflow", "pipeline", "if"))  # fmt: skip
"""Words by which the work of several agents hangs together."""
_CHANGES = (PauseTask, ResumeTask, DeleteTask, RunTask, EditTask, SetNotices)
"""Requests that people give reasons for."""


def in_turn(tokens: tuple[Token, ...], here: Here) -> Reading | None:
    """Read several requests; None where the message is one, or is not requests throughout."""
    if says_any(tokens[:6], _STAGED):
        return None
    found: list[Reading] = []
    start, last = 0, None
    for cut in islice(several.cuts(tokens, here.text), _MOST):
        part = _with_verb(tokens, start, cut.end, last)
        if start == 0 and part and part[-1].word == ":":
            start = cut.start
            continue
        reading = _follows(part, found, last, here)
        if reading is not None:
            found.append(reading)
            start, last = cut.start, cut
    if not found:
        return None
    reading = _follows(_with_verb(tokens, start, len(tokens), last), found, last, here)
    if reading is None:
        return None
    first, *further = _together((*found, reading))
    return replace(first, further=tuple(further))


def _together(readings: Sequence[Reading]) -> list[Reading]:
    """Make one change of those that follow each other and are of the same task."""
    kept: list[Reading] = []
    for reading in readings:
        both = several.together(kept[-1].intent, reading.intent) if kept else None
        if kept and reading.intent == kept[-1].intent:
            continue
        if both is None:
            kept.append(reading)
        else:
            kept[-1] = replace(kept[-1], intent=both)
    return kept


def for_each(tokens: tuple[Token, ...], here: Here) -> Reading | None:
    """Read what several agents are each to do: "kai checks the pods and tony the lag, hourly".

    The schedule that only one of them was given is that of all.
    """
    names = here.agents or USUAL
    if not several.names_two(tokens, names) or says_any(tokens, _ONE_AFTER_THE_OTHER):
        return None
    parts = several.by_agent(tokens, names)
    found = [one(part, here) for part in parts if part]
    made = [reading.intent for reading in found if isinstance(reading.intent, CreateTask)]
    asked_of = {intent.agent for intent in made} - {None}
    if not len(parts) == len(made) == len(asked_of) > 1:
        return None
    timed = [intent for intent in made if intent.schedule is not None]
    if len({repr(intent.schedule) for intent in timed}) != 1 and len(timed) < len(made):
        return None
    first, *further = (
        replace(reading, intent=intent, agent=intent.agent, assumed=intent.assumed)
        for reading, intent in zip(found, (_timed_as(one, timed[0]) for one in made), strict=True)
    )
    return replace(first, further=tuple(further))


def _timed_as(intent: CreateTask, other: CreateTask) -> CreateTask:
    """Give a request the schedule of another one, where it has none of its own."""
    if intent.schedule is not None:
        return intent
    return replace(
        intent,
        schedule=other.schedule,
        zone_in_text=other.zone_in_text,
        assumed=other.assumed,
        choices=other.choices,
    )


def amid_talk(tokens: tuple[Token, ...], here: Here) -> Reading | None:
    """Read the one sentence that calls an agent or asks politely, where the others only talk."""
    found: Reading | None = None
    for start, end in several.sentences(tokens, here.text):
        reading = one(tokens[start:end], here)
        if isinstance(reading.intent, Nothing):
            continue
        said = called(tokens[start:end], here.agents, here.today)
        asks = said.agent is not None or word_at(tokens, start) == "please"
        whole = several.is_whole(reading.intent, said.tokens)
        if found is not None or not (asks and whole):
            return None
        found = reading
    return found


def with_reason(tokens: tuple[Token, ...], here: Here) -> Reading | None:
    """Read a change to a task that comes with its reason: "…, storage is working on it"."""
    for said in islice(reasoned(tokens), _MOST):
        if not said.request or comes_back(scan(said.reason, here.today)):
            continue
        reading = one(said.request, here)
        change = reading.intent if isinstance(reading.intent, _CHANGES) else None
        if change is not None and change.ref and (here.in_thread or not change.ref.it):
            return reading
    return None


def _with_verb(
    tokens: tuple[Token, ...], start: int, end: int, cut: several.Cut | None
) -> tuple[Token, ...]:
    """Give one request's words, with the first one's verb where it counts for this one too."""
    part = several.without_bullet(tokens[start:end])
    return (tokens[0], *part) if cut is not None and cut.same_verb else part


def _follows(
    tokens: tuple[Token, ...], before: list[Reading], cut: several.Cut | None, here: Here
) -> Reading | None:
    """Read one of several requests; None where it is none of its own."""
    points = bool(before) or here.in_thread
    reading = one(tokens, here._replace(in_thread=points))
    words = plainly(tokens, here)
    if not several.is_whole(reading.intent, words):
        return None
    if not before or cut is None:
        return reading
    first = before[-1]
    if not several.may_follow(first.intent, reading.intent, words, cut):
        return None
    intent = several.pointed(reading.intent, first.intent)
    agent = reading.agent or before[0].agent
    if isinstance(intent, CreateTask) and intent.agent is None:
        intent = replace(intent, agent=agent)
    return replace(reading, intent=intent, agent=agent)
