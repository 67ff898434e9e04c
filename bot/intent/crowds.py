"""Requests about several tasks at once, pauses that end, and runs with values.

`bot.intent.asks` reads what is asked of one task; these are tried before it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.intent.intents import (
    ChangeMany,
    Intent,
    Pause,
    PauseTask,
    RunTask,
    TaskRef,
    Unclear,
)
from bot.intent.listings import export, listing
from bot.intent.message import Message
from bot.intent.names import reference
from bot.intent.numbers import phrase
from bot.intent.pauses import ending
from bot.intent.preferences import topic
from bot.intent.selections import selected
from bot.intent.spelling import words
from bot.intent.steering import DELETE, PAUSE, RESUME, RUN
from bot.intent.templates import variables
from bot.intent.tokens import Token

Act = Literal["pause", "resume", "delete", "run"]

_ALL = ("all of", "all", "every single", "every", "everything", "each of", "each", "any")
_PLURAL = words("tasks jobs checks schedules reminders automations reports ones everything drafts")
_BUT = words("except but besides excluding save without apart")


def crowd(
    message: Message, now: datetime, zone: str, agents: frozenset[str] | None
) -> Intent | None:
    """Read one of these requests; None where the message is another."""
    return (
        topic(message)
        or export(message, agents)
        or _steer(message, now.astimezone(ZoneInfo(zone)), agents)
        or listing(message, agents)
    )


def _steer(message: Message, local: datetime, agents: frozenset[str] | None) -> Intent | None:
    """Read an act on several tasks, a pause that ends, and a run with values."""
    for act, verbs in _ACTS:
        after = message.said(*verbs)
        if after is None:
            continue
        rest, until = _ended(message.tokens[after:], local)
        if until is not None and act != "pause":
            return None
        many = _many(act, rest, until, message, agents)
        if many is not None:
            return many
        if act == "pause" and until is not None:
            ref = reference(rest) if rest else None
            ref = ref or (TaskRef(it=True) if message.in_thread else None)
            return None if ref is None else PauseTask(ref=ref, until=until)
        return _run_with(rest) if act == "run" else None
    return None


_ACTS: tuple[tuple[Act, tuple[str, ...]], ...] = (
    ("resume", (*RESUME, "start", "bring back", "switch back on")),
    ("pause", PAUSE),
    ("delete", DELETE),
    ("run", (*RUN, "retry", "repeat")),
)


def _many(
    act: Act,
    rest: tuple[Token, ...],
    until: Pause | None,
    message: Message,
    agents: frozenset[str] | None,
) -> ChangeMany | Unclear | None:
    led = phrase(rest, 0, *_ALL)
    plural = any(token.word in _PLURAL or token.text.casefold() in _PLURAL for token in rest)
    if led is None and not plural:
        return None
    if act == "resume" and message.said("start", "bring back") and not message.has("paused"):
        return None
    if any(token.word in _BUT for token in rest):
        return Unclear(
            question=f"I can't {act} all but some yet. Say which ones to {act}: by agent, channel "
            "or words of their names, as in “all of kai's tasks”.",
            understood=f"{act} all but some",
            reason="except",
        )
    found = selected(rest[led or 0 :], message.today, agents)
    which = found.which
    narrowed = which.agent or which.state or which.mine or which.here or which.channel
    if not found.is_whole and led is None:
        return None
    if led is None and not narrowed:
        return None
    everything = led is not None and rest[led - 1].word == "everything"
    if not (plural or everything or found.names_tasks or narrowed):
        return None
    if act == "resume" and which.state is None and message.has("paused") is not None:
        which = which.model_copy(update={"state": "paused"})
    return ChangeMany(act=act, which=which, until=until)


def _ended(tokens: tuple[Token, ...], local: datetime) -> tuple[tuple[Token, ...], Pause | None]:
    """Take the end of a pause off: "until Monday 9am", "for two days", "over the weekend"."""
    for at in range(len(tokens)):
        found = ending(tokens, at, local)
        if found is not None:
            return tokens[:at], found
    return tokens, None


def _run_with(rest: tuple[Token, ...]) -> RunTask | None:
    """Read "run the cost report with env=prod"."""
    values = variables(rest)
    if not values:
        return None
    first = next(at for at, token in enumerate(rest) if token.text == values[0][0])
    cut = first
    while cut and rest[cut - 1].word in ("with", "using", "and", ",", "for", "now", ":", "where"):
        cut -= 1
    ref = reference(rest[:cut])
    return None if ref is None else RunTask(ref=ref, variables=values)
