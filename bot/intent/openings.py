"""How a request for a new task begins: "create a task called … to", "remind me to", "schedule"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.intent.days import WEEKDAYS
from bot.intent.facts import ADJECTIVES, fact_at
from bot.intent.message import Message
from bot.intent.names import joined
from bot.intent.numbers import phrase, says_any, skip, word_at
from bot.intent.tokens import Kind, Token
from bot.intent.work import HEADS, WORK, is_remark

_MAKE = ("create", "set me up with", "add", "make", "set up", "setup", "schedule", "define",
         "new", "new one ,", "new one :", "new one please ,", "new one please :", "a new one :",
         "another one :", "build", "start a", "put", "register", "plan", "automate",
         "arrange")  # fmt: skip
_THING = ("task", "job", "reminder", "automation")
_THINGS = frozenset(_THING)
_GIVE = ("set", "give", "have", "save", "save it as", "save this as", "save that as", "keep it as",
         "store it as", "file it as")  # fmt: skip
REMIND = ("remind me to", "remind us to", "remind me about", "remind us about", "remind me of",
           "remind me that", "remind me", "remind us", "remind", "nudge me about", "nudge me to",
           "nudge us about", "nudge us to", "poke me about", "poke me to", "ping me about",
           "give me a nudge about", "give me a nudge to", "give me a nudge", "give us a nudge",
           "give me a reminder about", "give me a reminder to", "give me a reminder",
           "give us a reminder", "give me a heads-up", "give me a poke",
           "give me a ping")  # fmt: skip
_PING = ("ping me", "ping us", "poke me", "poke us", "nudge me", "nudge us")
_NOT_TIMED = ("manual", "button-type", "on-click", "on-demand", "adhoc", "ad-hoc")
_KIND_OF_TASK = (*_NOT_TIMED, "ad hoc", "recurring", "recurrent", "repeating",
                 "regular", "scheduled", "new", "one-off", "one-time", "on demand",
                 "simple", "small", "quick", "background", "little")  # fmt: skip
_KIND = (*_KIND_OF_TASK, *ADJECTIVES)
_OF_THING = ("called", "named", ":", "that", "to", "for", "which", "-", "where", "so that")
_REMINDED = ("the team to", "the team", "everyone to", "everyone", "everybody to", "everybody",
             "the channel to", "the channel", "all to", "the folks to", "folks to", "people to",
             "about", "of", "that")  # fmt: skip


class Opening(NamedTuple):
    """A message without the words that ask for a task outright, and whether there were any.

    `reminds` says that people are to be reminded, which no agent works on, `on_demand` that the
    task was called a manual one.
    """

    tokens: tuple[Token, ...]
    asked: bool = False
    reminds: bool = False
    on_demand: bool = False


def opening(message: Message) -> Opening:
    """Read how a message asks for a task outright, and what is left of it."""
    tokens = message.tokens
    remind = message.said(REMIND)
    if remind is not None:
        return Opening(tokens=_past_reminded(tokens[remind:]), asked=True, reminds=True)
    pinged = message.said(_PING)
    if pinged is not None and fact_at(tokens[pinged:], 0, message.today) is not None:
        return Opening(tokens=tokens[pinged:], asked=True, reminds=True)
    made = message.said(_MAKE)
    if made is not None and _is_about_making(tokens):
        return Opening(tokens=tokens)
    thing = None
    if says_any(tokens, _THINGS):
        thing = _thing(tokens, made if made is not None else skip(tokens, 0, _GIVE))
    if thing is not None:
        return thing
    if made is None:
        return Opening(tokens=tokens)
    if word_at(tokens, 0) in ("make", "build", "put", "start", "define", "register", "plan"):
        return Opening(tokens=tokens)
    return Opening(tokens=tokens[made:], asked=True)


def _thing(tokens: Sequence[Token], at: int) -> Opening | None:
    """Read the "a daily task to" of a request for a task that is called one."""
    named = skip(tokens, at, ("me", "us"))
    named = skip(tokens, named, ("a", "an", "another", "the", "one"))
    first = named
    while True:
        after = skip(tokens, named, _KIND)
        if after == named:
            break
        named = after
    thing = phrase(tokens, named, _THING)
    end = None if thing is None else phrase(tokens, thing, _OF_THING)
    if thing is None or (at == 0 and (end is None or named == 0)):
        return None
    often = [token for token in tokens[first:named] if token.word in ADJECTIVES]
    reminds = word_at(tokens, thing - 1) == "reminder"
    left = tuple(tokens[skip(tokens, thing, _OF_THING) :])
    left = _past_reminded(left) if reminds else left
    kinds = [token.word for token in tokens[first:named]]
    return Opening(
        tokens=(*left, *often),
        asked=True,
        reminds=reminds,
        on_demand=not {*_NOT_TIMED, "demand", "hoc"}.isdisjoint(kinds),
    )


def _past_reminded(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Leave out who is reminded: everybody who reads it is."""
    return tuple(tokens[skip(tokens, 0, _REMINDED) :])


def _is_about_making(tokens: Sequence[Token]) -> bool:
    """Whether "schedule changes are posted …" and "new hires start …" only sound like requests."""
    said = [*(token.word for token in tokens), ""]
    if (
        said[0] == "add"
        and "to" in said
        and (said[1] in WEEKDAYS or said[1] in ("weekday", "weekend"))
    ):
        return True
    opens = said[1] == "one" and not {":", ","}.isdisjoint(said[2:4])
    if said[0] == "new" and not opens:
        return not (HEADS | set(_THING)) & set(said)
    return said[1] not in WORK and is_remark(said[:-1])


def titled(message: Message, tokens: tuple[Token, ...]) -> tuple[str | None, tuple[Token, ...]]:
    """Split "a task called “Night watch” to …" into the name and the work, where both are said."""
    called = message.has(("called", "named", "titled"))
    if called is None or not tokens or tokens[0].start < message.tokens[called].start:
        return None, tokens
    if tokens[0].kind is Kind.QUOTED:
        return (tokens[0].text[1:-1], tokens[1:]) if len(tokens) > 2 else (None, tokens)
    for place in range(1, min(len(tokens), 7)):
        if phrase(tokens, place, ("to", "that", "which", ":")) is not None:
            return joined(tokens[:place]), tokens[place + 1 :]
    return None, tokens
