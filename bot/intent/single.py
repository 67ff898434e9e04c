"""Read a message, or a piece of one, as one request."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from bot.intent.address import USUAL, Addressed
from bot.intent.asks import ask
from bot.intent.corrections import settled
from bot.intent.creates import create
from bot.intent.edits import edit
from bot.intent.intents import (
    AskHelp,
    CreateTask,
    DefineWorkflow,
    Intent,
    Nothing,
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
from bot.intent.places import zone_of_place
from bot.intent.preferences import settings, topic
from bot.intent.reading import Heard, Reading
from bot.intent.refusals import refusal
from bot.intent.sayings import hand_over, saying
from bot.intent.steps import Workers
from bot.intent.templates import template
from bot.intent.tokens import Token
from bot.intent.workflows import workflow
from scheduler.errors import BadSchedule
from scheduler.recurrence import check

_WHICH_HOLIDAYS = Unclear(
    question="I keep no list of holidays. Which dates should it leave out?",
    choices=("except 25 December and 1 January",),
    reason="holidays",
)


class Here(NamedTuple):
    """When, where and among whom a message is read."""

    text: str
    now: datetime
    zone: str
    agents: frozenset[str] | None
    in_thread: bool
    addressed: bool
    keeps_holidays: bool
    today: date


def plainly(tokens: tuple[Token, ...], here: Here) -> tuple[Token, ...]:
    """Give the words without whom they are said to."""
    return called(tokens, here.agents, here.today).tokens


def one(tokens: tuple[Token, ...], here: Here) -> Reading:
    """Read a message as one request."""
    whole = settled(tokens)
    said = called(whole, here.agents, here.today)
    intent = _intent(said, whole, here)
    doubtful = isinstance(intent, CreateTask) or (
        isinstance(intent, Unclear) and not (here.in_thread and intent.reason == "condition")
    )
    if not here.addressed and said.agent is None and doubtful:
        intent = Nothing()
    assumed = intent.assumed if isinstance(intent, CreateTask | UseTemplate) else ()
    named = intent.agent if isinstance(intent, CreateTask) else None
    agent = said.spoken_to if isinstance(intent, DefineWorkflow) else said.agent or named
    heard = Heard(tokens=tokens, said=said, today=here.today)
    return Reading(intent=intent, agent=agent, assumed=assumed, heard=heard)


def _intent(said: Addressed, tokens: tuple[Token, ...], here: Here) -> Intent:
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
    message: Message, said: Addressed, tokens: tuple[Token, ...], here: Here
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


def _checked(intent: Intent, here: Here) -> Intent:
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
