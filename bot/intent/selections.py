"""Which tasks are meant where several may be: "all of kai's tasks here", "my failing ones"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.intent import dates, days
from bot.intent.facts import scan
from bot.intent.intents import Selection
from bot.intent.leads import USUAL
from bot.intent.names import joined, trimmed
from bot.intent.numbers import phrase
from bot.intent.spelling import words
from bot.intent.tokens import Kind, Token
from storage.schedules import Weekday

_STATES = {
    "paused": "paused", "stopped": "paused", "active": "active", "running": "active",
    "enabled": "active", "live": "active", "failed": "failed", "failing": "failed",
    "broken": "failed", "red": "failed", "draft": "draft", "drafts": "draft", "waiting": "draft",
    "unfinished": "draft", "pending": "draft",
}  # fmt: skip
_TASKS = words("task tasks job jobs schedule schedules check checks reminder reminders automations "
               "ones stuff things thing work everything reports runs run anything")  # fmt: skip
_MINE = words("my mine")
_HERE = ("in this channel", "in here", "of this channel", "for this channel", "from this channel",
         "here")  # fmt: skip
_SPANS = {
    "today": (0, 0), "tonight": (0, 0), "tomorrow": (1, 1), "this week": (0, 6),
    "next week": (7, 13), "the next 7 day": (0, 6), "the next week": (0, 6),
    "this weekend": (5, 6), "the weekend": (5, 6), "this month": (0, 30),
}  # fmt: skip
_EMPTY = words(
    "the a an of all every each any our your that which are is in on by for from to with and or "
    "scheduled planned due going be will do does at there right now currently moment please again "
    "i we you have has s it they them their who what when me us set up one still not yet 's ' ? "
    "! . , : - thanks"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """A selection, and whether every word was part of it."""

    which: Selection
    is_whole: bool
    names_tasks: bool


def selected(
    tokens: tuple[Token, ...], today: date, agents: frozenset[str] | None = None
) -> Selected:
    """Read the words that say which tasks are meant; other words count as words of their names."""
    which, rest = _when(Selection(), tokens, today)
    named = False
    left: list[Token] = []
    names = agents or USUAL
    at = 0
    while at < len(rest):
        token = rest[at]
        word = token.word.removesuffix("'s").lstrip("@")
        here = phrase(rest, at, *_HERE)
        if here is not None:
            which, at = which.model_copy(update={"here": True}), here
            continue
        if token.kind is Kind.CHANNEL:
            which = which.model_copy(update={"channel": token.text})
        elif word in names or (token.kind is Kind.MENTION and agents is None):
            which = which.model_copy(update={"agent": word})
        elif word in _STATES:
            which = which.model_copy(update={"state": _STATES[word]})
        elif word in _MINE:
            which = which.model_copy(update={"mine": True})
        elif word in _TASKS:
            named = True
        elif token.word not in _EMPTY:
            left.append(token)
        at += 1
    said = joined(trimmed(left))
    which = which.model_copy(update={"words": said or None})
    return Selected(which=which, is_whole=not left, names_tasks=named)


def _when(
    which: Selection, tokens: tuple[Token, ...], today: date
) -> tuple[Selection, tuple[Token, ...]]:
    """Take out the day, or the days, on which the tasks are due."""
    for at in range(len(tokens)):
        for said, (first, last) in _SPANS.items():
            end = phrase(tokens, at, said)
            if end is not None:
                start = today - timedelta(days=today.weekday()) if "week" in said else today
                start = today if said in ("this week", "the next week") else start
                found = {
                    "first": start + timedelta(days=first),
                    "last": start + timedelta(days=last),
                }
                if said == "this week":
                    found["last"] = today + timedelta(days=6 - today.weekday())
                return which.model_copy(update=found), (*tokens[:at], *tokens[end:])
    for piece in scan(tokens, today).pieces:
        fact = piece.fact
        rest = (*tokens[: piece.start], *tokens[piece.end :])
        if isinstance(fact, days.Days) and len(fact.weekdays) == 1:
            return which.model_copy(update={"weekday": Weekday(fact.weekdays[0])}), rest
        if isinstance(fact, dates.Day):
            return which.model_copy(update={"first": fact.on, "last": fact.on}), rest
    return which, tokens
