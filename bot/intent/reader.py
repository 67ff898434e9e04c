"""Read one message: what is asked, of whom, and what of it was assumed.

Called by the Slack listeners and by `chatcron parse`. Pure: the moment and the zone are handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from bot.intent import several
from bot.intent.address import USUAL, Addressed, is_to_somebody
from bot.intent.asks import ask
from bot.intent.corrections import settled
from bot.intent.creates import create
from bot.intent.disguises import disguise, is_hearsay
from bot.intent.edits import edit
from bot.intent.facts import scan
from bot.intent.forms import filled_in
from bot.intent.intents import (
    AskHelp,
    CreateTask,
    DefineWorkflow,
    DeleteTask,
    EditTask,
    Intent,
    Nothing,
    PauseTask,
    ResumeTask,
    RunTask,
    SetNotices,
    ShowHistory,
    ShowNext,
    TaskRef,
    Unclear,
    UndoChange,
    UseTemplate,
)
from bot.intent.leads import called
from bot.intent.listings import export, listing
from bot.intent.message import Message
from bot.intent.notices import notices
from bot.intent.numbers import says_any, word_at
from bot.intent.places import zone_of_place
from bot.intent.preferences import settings, topic
from bot.intent.reasons import reasoned
from bot.intent.refusals import refusal
from bot.intent.sayings import hand_over, saying
from bot.intent.steps import Workers
from bot.intent.templates import template
from bot.intent.tokens import Kind, Token, plain, tokenise
from bot.intent.workflows import workflow
from bot.intent.workwords import comes_back
from scheduler.errors import BadSchedule
from scheduler.recurrence import check

LONGEST = 4000
"""Characters; Slack itself asks that messages stay below this."""
MOST_WORDS = 700
"""Words and marks; code and quoted text count as one."""


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


_CHANGES = (PauseTask, ResumeTask, DeleteTask, RunTask, EditTask, SetNotices)
"""Requests that people give reasons for."""
_WHICH_HOLIDAYS = Unclear(
    question="I keep no list of holidays. Which dates should it leave out?",
    choices=("except 25 December and 1 January",),
    reason="holidays",
)
_NO_WORDS = frozenset((Kind.MARK, Kind.EMOJI))
_STAGED = frozenset(("workflow", "pipeline"))


class _Here(NamedTuple):
    """When, where and among whom a message is read."""

    text: str
    now: datetime
    zone: str
    agents: frozenset[str] | None
    in_thread: bool
    addressed: bool
    keeps_holidays: bool
    today: date


def read(
    text: str,
    *,
    now: datetime,
    zone: str,
    agents: frozenset[str] | None,
    in_thread: bool = False,
    addressed: bool = True,
    keeps_holidays: bool = False,
) -> Reading:
    """Read a message from which the bot's own mention has been taken away.

    `agents` are the names that are known, or None to take any `@name` for an agent. `in_thread`
    says that "it" is the thread's task; without `addressed` a doubtful message asks for nothing;
    without `keeps_holidays`, a list of them, "except holidays" is asked about.
    """
    if len(text) > LONGEST:
        return _too_long(f"That is {len(text):,} characters; I read up to {LONGEST:,}.")
    today = now.astimezone(ZoneInfo(zone)).date()
    here = _Here(text=plain(text), now=now, zone=zone, agents=agents, in_thread=in_thread,
                 addressed=addressed, keeps_holidays=keeps_holidays, today=today)  # fmt: skip
    tokens = tokenise(here.text)
    if len(tokens) > MOST_WORDS:
        return _too_long(f"That is {len(tokens):,} words; I read up to {MOST_WORDS}.")
    if _NO_WORDS.issuperset([token.kind for token in tokens]):
        return Reading(intent=_wordless(text, addressed=addressed))
    hidden = disguise(here.text)
    if hidden is not None:
        return Reading(intent=_undisguised(hidden) if addressed else Nothing())
    if is_hearsay(tokens) or is_to_somebody(tokens, here.agents):
        return Reading(intent=Nothing())
    tokens = filled_in(tokens)
    reading = _in_turn(tokens, here) or _one(tokens, here)
    if isinstance(reading.intent, Nothing):
        return _amid_talk(tokens, here) or _with_reason(tokens, here) or reading
    if isinstance(reading.intent, Unclear) and reading.intent.reason == "left_over":
        return _with_reason(tokens, here) or reading
    return reading


def _too_long(said: str) -> Reading:
    question = f"{said} Say in one sentence what should run, and when."
    return Reading(intent=Unclear(question=question, reason="too_long"))


def _undisguised(hidden: str) -> Unclear:
    return Unclear(
        question=f"There are {hidden} in that, so I did nothing. Please type it anew.",
        reason="disguised",
    )


_MOST = 12
"""Places at which a message is tried for several requests; nobody asks for more at once."""


def _in_turn(tokens: tuple[Token, ...], here: _Here) -> Reading | None:
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


def _amid_talk(tokens: tuple[Token, ...], here: _Here) -> Reading | None:
    """Read the one sentence that calls an agent or asks politely, where the others only talk."""
    found: Reading | None = None
    for start, end in several.sentences(tokens, here.text):
        reading = _one(tokens[start:end], here)
        if isinstance(reading.intent, Nothing):
            continue
        said = called(tokens[start:end], here.agents, here.today)
        asks = said.agent is not None or word_at(tokens, start) == "please"
        whole = several.is_whole(reading.intent, said.tokens)
        if found is not None or not (asks and whole):
            return None
        found = reading
    return found


def _with_reason(tokens: tuple[Token, ...], here: _Here) -> Reading | None:
    """Read a change to a task that comes with its reason: "…, storage is working on it"."""
    for said in islice(reasoned(tokens), _MOST):
        if not said.request or comes_back(scan(said.reason, here.today)):
            continue
        reading = _one(said.request, here)
        change = reading.intent if isinstance(reading.intent, _CHANGES) else None
        if change is not None and change.ref is not None and not change.ref.it:
            return reading
    return None


def _with_verb(
    tokens: tuple[Token, ...], start: int, end: int, cut: several.Cut | None
) -> tuple[Token, ...]:
    """Give one request's words, with the first one's verb where it counts for this one too."""
    part = several.without_bullet(tokens[start:end])
    return (tokens[0], *part) if cut is not None and cut.same_verb else part


def _follows(
    tokens: tuple[Token, ...], before: list[Reading], cut: several.Cut | None, here: _Here
) -> Reading | None:
    """Read one of several requests; None where it is none of its own."""
    points = bool(before) or here.in_thread
    reading = _one(tokens, here._replace(in_thread=points))
    plainly = _plainly(tokens, here)
    if not several.is_whole(reading.intent, plainly):
        return None
    if not before or cut is None:
        return reading
    first = before[-1]
    if not several.may_follow(first.intent, reading.intent, plainly, cut):
        return None
    intent = several.pointed(reading.intent, first.intent)
    agent = reading.agent or before[0].agent
    if isinstance(intent, CreateTask) and intent.agent is None:
        intent = replace(intent, agent=agent)
    return replace(reading, intent=intent, agent=agent)


def _plainly(tokens: tuple[Token, ...], here: _Here) -> tuple[Token, ...]:
    """Give the words without whom they are said to."""
    return called(tokens, here.agents, here.today).tokens


def _one(tokens: tuple[Token, ...], here: _Here) -> Reading:
    """Read a message as one request."""
    whole = settled(tokens)
    said = called(whole, here.agents, here.today)
    intent = _intent(said, whole, here)
    if not here.addressed and said.agent is None and isinstance(intent, Unclear | CreateTask):
        intent = Nothing()
    assumed = intent.assumed if isinstance(intent, CreateTask | UseTemplate) else ()
    named = intent.agent if isinstance(intent, CreateTask) else None
    agent = said.spoken_to if isinstance(intent, DefineWorkflow) else said.agent or named
    heard = Heard(tokens=tokens, said=said, today=here.today)
    return Reading(intent=intent, agent=agent, assumed=assumed, heard=heard)


def _intent(said: Addressed, tokens: tuple[Token, ...], here: _Here) -> Intent:
    if said.unknown is not None and said.tokens:
        known = ", ".join(sorted(name.capitalize() for name in here.agents or ()))
        return Unclear(
            question=f"There is no agent called {said.unknown}. There are {known}.",
            choices=tuple(sorted(here.agents or ())),
            reason="unknown_agent",
        )
    if not said.tokens:
        return AskHelp() if said.agent else Nothing()
    message = Message(
        text=here.text, tokens=said.tokens, today=here.today, in_thread=here.in_thread
    )
    found = _about_tasks(message, said, tokens, here) or create(
        message, here.now, here.zone, said.agent, requested=said.requested, agents=here.agents
    )
    if isinstance(found, ShowHistory | ShowNext | UndoChange) and found.ref is None:
        return replace(found, ref=TaskRef(it=True)) if here.in_thread else found
    if isinstance(found, UseTemplate):
        return replace(found, agent=said.agent)
    return _checked(found or Nothing(), here)


def _about_tasks(
    message: Message, said: Addressed, tokens: tuple[Token, ...], here: _Here
) -> Intent | None:
    """Read all but a plain request for new work."""
    now, zone = here.now, here.zone
    whole = message if said.whole is said.tokens else message._replace(tokens=said.whole)
    return (
        settings(message)
        or zone_of_place(message)
        or hand_over(message, tokens, now, zone, here.agents)
        or saying(message, message.tokens, now, zone, here.agents)
        or template(message, now, zone)
        or workflow(whole, now, zone, Workers(names=here.agents or USUAL, spoken_to=said.spoken_to))
        or topic(message)
        or export(message, here.agents)
        or listing(message, here.agents)
        or notices(message)
        or refusal(message)
        or _edit_or_ask(message, now, zone)
    )


def _edit_or_ask(message: Message, now: datetime, zone: str) -> Intent | None:
    if message.said(("make sure", "make certain")) is not None:
        return None
    return edit(message, now, zone) or ask(message)


def _checked(intent: Intent, here: _Here) -> Intent:
    """Let nothing through that can never run."""
    if not isinstance(intent, CreateTask) or intent.schedule is None:
        return intent
    if intent.schedule.exceptions.holidays is not None and not here.keeps_holidays:
        return replace(_WHICH_HOLIDAYS, understood=intent.name)
    try:
        check(intent.schedule, here.now)
    except BadSchedule as wrong:
        return Unclear(
            question=f"{wrong} {wrong.fix}".strip(), understood=intent.name, reason="bad_schedule"
        )
    return intent


def _wordless(text: str, *, addressed: bool) -> Intent:
    if text.strip() or not addressed:
        return Nothing()
    return AskHelp()


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
