"""Read one message: what is asked, of whom, and what of it was assumed.

Called by the Slack listeners and by `chatcron parse`. Pure: the moment and the zone are handed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.intent.address import Addressed, addressed_to
from bot.intent.asks import Message, ask
from bot.intent.corrections import settled
from bot.intent.creates import create, only_look
from bot.intent.edits import edit
from bot.intent.facts import scan
from bot.intent.intents import (
    AskHelp,
    CreateTask,
    Intent,
    Nothing,
    NotYet,
    ShowHistory,
    ShowNext,
    TaskRef,
    Unclear,
    UndoChange,
)
from bot.intent.notyet import not_yet
from bot.intent.places import zone_of_place
from bot.intent.tokens import Kind, Token, plain, tokenise
from scheduler.errors import BadSchedule
from scheduler.recurrence import check

LONGEST = 4000
"""Characters; Slack itself asks that messages stay below this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A piece of the message and the part it played."""

    text: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read; `agent` is the persona that was spoken to, `roles` explain it to people.

    `note` is a line for the person: that a model was asked in vain.
    """

    intent: Intent
    agent: str | None = None
    source: Literal["phrases", "model"] = "phrases"
    assumed: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    note: str = ""


def read(
    text: str,
    *,
    now: datetime,
    zone: str,
    agents: frozenset[str] | None,
    in_thread: bool = False,
    addressed: bool = True,
) -> Reading:
    """Read a message from which the bot's own mention has been taken away.

    `agents` are the names that are known, or None to take any `@name` for an agent. `in_thread`
    says that "it" is the thread's task; without `addressed` a doubtful message asks for nothing.
    """
    if len(text) > LONGEST:
        return Reading(intent=Unclear(
            question=f"That is {len(text):,} characters; I read up to {LONGEST:,}. "
            "Say in one sentence what should run, and when.",
            reason="too_long",
        ))  # fmt: skip
    tokens = tokenise(plain(text))
    if not any(token.kind not in (Kind.MARK, Kind.EMOJI) for token in tokens):
        return Reading(intent=_wordless(text, addressed=addressed))
    said = addressed_to(settled(tokens), agents)
    intent = _intent(plain(text), said, now, zone, agents, in_thread=in_thread)
    if not addressed and said.agent is None and isinstance(intent, Unclear):
        intent = Nothing()
    assumed = intent.assumed if isinstance(intent, CreateTask) else ()
    named = intent.agent if isinstance(intent, CreateTask) else None
    return Reading(
        intent=intent,
        agent=said.agent or named,
        assumed=assumed,
        roles=_roles(tokens, said, now, zone),
    )


def _intent(
    text: str,
    said: Addressed,
    now: datetime,
    zone: str,
    agents: frozenset[str] | None,
    *,
    in_thread: bool,
) -> Intent:
    if said.unknown is not None and said.tokens:
        known = ", ".join(sorted(name.capitalize() for name in agents or ()))
        return Unclear(
            question=f"There is no agent called {said.unknown}. There are {known}.",
            choices=tuple(sorted(agents or ())),
            reason="unknown_agent",
        )
    if not said.tokens:
        return AskHelp() if said.agent else Nothing()
    today = now.astimezone(ZoneInfo(zone)).date()
    message = Message(text=text, tokens=said.tokens, today=today, in_thread=in_thread)
    found = zone_of_place(message) or not_yet(message, now, zone)
    found = found or only_look(message) or _edit_or_ask(message, now, zone)
    found = (
        found
        or create(message, now, zone, said.agent, requested=said.requested, agents=agents)
        or Nothing()
    )
    if in_thread and isinstance(found, ShowHistory | ShowNext | UndoChange) and found.ref is None:
        return found.model_copy(update={"ref": TaskRef(it=True)})
    if isinstance(found, NotYet):
        return found.model_copy(update={"agent": said.agent})
    return _checked(found, now)


def _edit_or_ask(message: Message, now: datetime, zone: str) -> Intent | None:
    if message.said("make sure", "make certain") is not None:
        return None
    return edit(message, now, zone) or ask(message)


def _checked(intent: Intent, now: datetime) -> Intent:
    """Let nothing through that can never run."""
    if not isinstance(intent, CreateTask) or intent.schedule is None:
        return intent
    try:
        check(intent.schedule, now)
    except BadSchedule as wrong:
        return Unclear(
            question=f"{wrong} {wrong.fix}".strip(), understood=intent.name, reason="bad_schedule"
        )
    return intent


def _wordless(text: str, *, addressed: bool) -> Intent:
    if text.strip() or not addressed:
        return Nothing()
    return AskHelp()


def _roles(
    tokens: tuple[Token, ...], said: Addressed, now: datetime, zone: str
) -> tuple[Role, ...]:
    kept = {token.start for token in said.tokens}
    found = scan(said.tokens, now.astimezone(ZoneInfo(zone)).date())
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
        for token in tokens
    )
