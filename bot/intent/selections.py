"""Which tasks are meant where several may be: "all of kai's tasks here", "my failing ones"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from bot.intent.address import USUAL
from bot.intent.duedays import due_days
from bot.intent.facts import scan
from bot.intent.intents import Selection
from bot.intent.names import joined, trimmed
from bot.intent.numbers import phrase
from bot.intent.spelling import words
from bot.intent.tokens import Kind, Token

_STATES = {
    "paused": "paused", "stopped": "paused", "active": "active", "running": "active",
    "enabled": "active", "live": "active", "failed": "failed", "failing": "failed",
    "broken": "failed", "red": "failed", "draft": "draft", "drafts": "draft", "waiting": "draft",
    "unfinished": "draft", "pending": "draft", "unconfirmed": "draft", "fail": "failed",
    "fails": "failed", "errored": "failed", "disabled": "paused", "inactive": "paused",
    "snoozed": "paused", "suspended": "paused", "halted": "paused",
}  # fmt: skip
_TASKS = words("task tasks job jobs schedule schedules check checks reminder reminders automations "
               "ones stuff things thing work everything reports runs run anything")  # fmt: skip
_MINE = words("my mine")
_HERE = ("in this channel", "in here", "of this channel", "for this channel", "from this channel",
         "here")  # fmt: skip
_EMPTY = words(
    "the a an of all every each any our your that which are is in on by for from to with and or "
    "scheduled planned due going be will do does at there right now currently moment please again "
    "i we you have has s it they them their who what when me us set up one still not yet 's ' ? "
    "! . , : - thanks got exist exists happen happens happening going coming fire fires post posts "
    "created made currently stand stands xd ) ( lol next agenda plan calendar see want new other "
    "whose how many much r belong belongs owned under go goes out sent comes come"
)
_ALL = ("all of", "all", "every single", "every", "everything", "each of", "each", "any")
SEVERAL = words("all every everything each any task job check schedule reminder report draft")
"""One of these words is in every name for several tasks that has no plural in it."""
_PLURAL = words("tasks jobs checks schedules reminders automations reports ones everything drafts")
_ABOUT = ("about", "regarding", "concerning", "named", "called", "related to", "that mention",
          "mentioning", "containing", "with the name", "with the word", "matching", "like",
          "that has to do with", "that have to do with", "having to do with", "with",
          "that check", "that checks", "checking", "that look at", "to do with", "for",
          "on the topic of", "on")  # fmt: skip
"""Words before what the names of tasks are to hold: "tasks about cost"."""


class Selected(NamedTuple):
    """A selection, and whether every word was part of it."""

    which: Selection
    is_whole: bool
    names_tasks: bool


def selected(
    tokens: tuple[Token, ...], today: date, agents: frozenset[str] | None = None
) -> Selected:
    """Read the words that say which tasks are meant; other words count as words of their names.

    `is_whole` also holds where the other words follow "about" and the like.
    """
    due = due_days(tokens, today)
    which, rest = (Selection(), tokens) if due is None else due
    named = False
    left: list[Token] = []
    led = False
    at = 0
    while at < len(rest):
        here, about = phrase(rest, at, _HERE), phrase(rest, at, _ABOUT)
        if here is not None:
            which, at = replace(which, here=True), here
            continue
        field = _field(rest[at], agents)
        if rest[at].word in _TASKS:
            named = True
        elif field is not None:
            which = replace(which, **field)
        elif about is not None and not left:
            led, at = True, about
            continue
        elif rest[at].word not in _EMPTY or (left and led):
            left.append(rest[at])
        at += 1
    if which.first is not None and which.state == "active":
        which = replace(which, state=None)
    said = joined(trimmed(left))
    whole = not left or (led and not scan(left, today).pieces)
    which = replace(which, words=said or None)
    return Selected(which=which, is_whole=whole, names_tasks=named)


def several(
    tokens: tuple[Token, ...], today: date, agents: frozenset[str] | None
) -> Selection | None:
    """Read which tasks are meant where they are more than one: "all of kai's", "my reports"."""
    led = phrase(tokens, 0, _ALL)
    plural = any(token.word in _PLURAL or token.text.casefold() in _PLURAL for token in tokens)
    if led is None and not plural:
        return None
    found = selected(tokens[led or 0 :], today, agents)
    which = found.which
    narrowed = any((which.agent, which.state, which.mine, which.here, which.channel))
    if led is None:
        return which if found.is_whole and narrowed else None
    everything = tokens[led - 1].word == "everything"
    return which if plural or everything or found.names_tasks or narrowed else None


def _field(token: Token, agents: frozenset[str] | None) -> dict[str, Any] | None:
    """Read one word that narrows the tasks: an agent, a state, a channel, "my"."""
    word = token.word.removesuffix("'s").removesuffix("'").lstrip("@")
    if token.kind is Kind.CHANNEL:
        return {"channel": token.text}
    if word in (agents or USUAL) or (token.kind is Kind.MENTION and agents is None):
        return {"agent": word}
    if word in _STATES:
        return {"state": _STATES[word]}
    return {"mine": True} if word in _MINE else None
