"""What else a request may name: a time limit, retries, who hears of it, a cron expression."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from bot.intent.numbers import Found, Tokens, cardinal, duration, phrase, skip, word_at
from bot.intent.spelling import words
from bot.intent.tokens import Kind


class Timeout(NamedTuple):
    """The time limit of a run."""

    seconds: int


class Retries(NamedTuple):
    """How often a failed run is tried again."""

    number: int


class Notify(NamedTuple):
    """A channel or a person who is to hear of it, and of which end."""

    target: str
    on_failure: bool = False


class CronText(NamedTuple):
    """A cron expression that was written out."""

    expression: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDemand:
    """Said outright: no schedule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """Said outright: run it at once."""


_FIELD = re.compile(r"[\d*/,?L#a-z-]+", re.IGNORECASE)
_DATED = 3
"""After so many fields of a cron expression come months and weekdays, which have names."""
_NAMES_IN_CRON = words(
    "mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec"
)
_NICKNAME = re.compile(r"@(hourly|daily|midnight|weekly|monthly|yearly|annually)")
_NICKNAMES = {
    "hourly": "0 * * * *",
    "daily": "0 0 * * *",
    "midnight": "0 0 * * *",
    "weekly": "0 0 * * 0",
    "monthly": "0 0 1 * *",
    "yearly": "0 0 1 1 *",
    "annually": "0 0 1 1 *",
}


def timeout(tokens: Tokens, at: int) -> Found[Timeout] | None:
    """Read "timeout 15 minutes", "with a 10 min timeout", "give up after 5 minutes"."""
    start = skip(tokens, at, (",", "and"))
    start = skip(tokens, start, "with")
    start = skip(tokens, start, ("a", "the"))
    led = phrase(
        tokens, start, ("timeout of", "timeout", "time out after", "times out after",
        "time limit of", "time limit", "give up after", "kill it after", "at most", "max runtime"),
    )  # fmt: skip
    if led is not None:
        length = duration(tokens, skip(tokens, led, ("to", "at", "is", "=", ":")))
        return None if length is None else Found(Timeout(seconds=length.value), length.end)
    length = duration(tokens, start)
    if length is None:
        return None
    tail = phrase(tokens, length.end, ("timeout", "time limit", "time out", "limit"))
    return None if tail is None else Found(Timeout(seconds=length.value), tail)


def retries(tokens: Tokens, at: int) -> Found[Retries] | None:
    """Read "3 retries", "retry twice", "no retries", "retry up to 5 times"."""
    start = skip(tokens, skip(tokens, at, (",", "and")), "with")
    if (
        none := phrase(tokens, start, ("no retries", "without retries", "don't retry"))
    ) is not None:
        return Found(Retries(number=0), none)
    led = phrase(tokens, start, ("retry it", "retry", "retries"))
    if led is not None:
        led = skip(tokens, skip(tokens, led, ("to", "up to", "=", ":")), "up to")
        if word_at(tokens, led) in ("once", "twice"):
            return Found(Retries(number=1 if word_at(tokens, led) == "once" else 2), led + 1)
        number = cardinal(tokens, led)
        if number is None:
            return None
        end = skip(tokens, number.end, ("time", "attempts"))
        return Found(Retries(number=number.value), end)
    number = cardinal(tokens, skip(tokens, start, ("up to", "with", "max", "at most")))
    if number is None:
        return None
    tail = phrase(tokens, number.end, ("retries", "retry", "attempts"))
    return None if tail is None else Found(Retries(number=number.value), tail)


def notify(tokens: Tokens, at: int) -> Found[Notify] | None:
    """Read "in #finops", "to #sre", "& page oncall via pagerduty on failure"."""
    start = skip(tokens, at, (",", "and"))
    start = skip(tokens, start, "and")
    if word_at(tokens, start) == "report" and at and tokens[at - 1].text.isalpha() and start == at:
        return None  # the report of "the cost report to #finops"
    led = phrase(tokens, start, ("post it to", "post to", "send it to", "report to", "to", "in"))
    if led is None and start > at:
        led = phrase(tokens, start, ("tell", "notify", "alert", "ping"))
    place = start if led is None else led
    if place < len(tokens) and tokens[place].kind is Kind.CHANNEL:
        return Found(Notify(target=tokens[place].text), place + 1)
    return _alarm(tokens, start)


def cron(tokens: Tokens, at: int) -> Found[CronText] | None:
    """Read five cron fields, in backticks, quotes or plain after "cron", and "@daily"."""
    start = skip(tokens, at, ("on cron", "use cron", "with cron", "cron expression", "cron", "on"))
    if start >= len(tokens):
        return None
    token = tokens[start]
    if token.kind is Kind.MARK and token.word not in ("*", "("):
        return None
    nickname = _NICKNAME.fullmatch(token.text.casefold().strip("`"))
    if nickname is not None:
        return Found(CronText(expression=_NICKNAMES[nickname[1]]), start + 1)
    if token.kind in (Kind.CODE, Kind.QUOTED):
        fields = token.text.strip("`'\"").split()
        if len(fields) in (5, 6) and all(_FIELD.fullmatch(field) for field in fields):
            return Found(CronText(expression=" ".join(fields)), start + 1)
        return None
    found = _plain_cron(tokens, skip(tokens, start, "("))
    return None if found is None else Found(found.value, skip(tokens, found.end, ")"))


_NOT_AT_ONCE = ("from", "not", "for", "by", "until", "till", "of", "just")
"""Words before "now" that make it a time in passing: "for now", "as of now"."""

_PRESSED = (
    "when triggered", "when triggered by hand",
    *(f"when {who} {does}"
    for who in ("i", "we", "someone", "somebody", "anyone", "a person")
    for does in ("press run", "presses run", "press the button", "presses the button", "click run",
                 "clicks run", "click it", "clicks it", "run it", "runs it", "trigger it",
                 "triggers it", "start it", "starts it", "need it", "needs it", "want it",
                 "wants it")),
)  # fmt: skip

_ON_DEMAND = ("on demand only", "on demand", "on-demand", "when asked", "when i ask",
        "when someone asks", "when somebody asks", "when we ask", "whenever i ask",
        "whenever we ask", "when i ask for it",
        "manually", "manual only", "no schedule", "without a schedule", "without schedule",
        "no schedule for now", "no schedule yet", "no fixed schedule", "without a schedule for now",
        "not on a schedule",
        "when i say so", "if asked", "without any timing", "without any schedule", "without timing",
        "no recurrence", "no timing", "no repetition", "manual trigger only", "manual trigger",
        "no cron", "without timer", "without a timer", "no timer", "no trigger",
        *_PRESSED)  # fmt: skip


def demand(tokens: Tokens, at: int) -> Found[OnDemand | Now] | None:
    """Read "on demand", "only when asked", and "now", "right away"."""
    start = skip(tokens, skip(tokens, at, (",", ".", "-")), ("run", "runs"))
    start = skip(tokens, start, "only")
    start = skip(tokens, start, ("run", "runs"))
    end = phrase(tokens, start, _ON_DEMAND)
    if end is not None and (end == len(tokens) or tokens[end].kind is Kind.MARK):
        return Found(OnDemand(), end)
    if at and tokens[at - 1].word in _NOT_AT_ONCE:
        return None
    end = phrase(tokens, at, ("right now", "right away", "immediately", "at once", "now"))
    return None if end is None else Found(Now(), end)


def _alarm(tokens: Tokens, at: int) -> Found[Notify] | None:
    """Read who is to be told "on failure" or "if it fails"."""
    led = phrase(tokens, at, ("page", "notify", "alert", "ping", "tell", "email", "dm"))
    if led is None:
        return None
    tail = None
    for end in range(led, min(led + 7, len(tokens))):
        tail = phrase(tokens, end, ("on failure", "on error", "if it fails", "when it fails",
                      "if that fails", "on failures"))  # fmt: skip
        if tail is not None:
            target = " ".join(token.text for token in tokens[led:end]) or tokens[at].text
            return Found(Notify(target=target, on_failure=True), tail)
    return None


def _plain_cron(tokens: Tokens, at: int) -> Found[CronText] | None:
    """Join tokens that touch into fields; five of them, one a "*" or with "cron" before."""
    fields, place = [""], at
    while place < len(tokens) and len(fields) <= 5:
        token = tokens[place]
        named = len(fields) > _DATED and token.text.casefold() in _NAMES_IN_CRON
        word = token.kind is Kind.WORD and token.text.isalpha() and not named
        if word or not _FIELD.fullmatch(token.text):
            break
        fields[-1] += token.text
        place += 1
        gap = place < len(tokens) and tokens[place].start > token.end
        if place == len(tokens) or gap:
            fields.append("")
    complete = [field.rstrip(",") for field in fields if field]
    led = "cron" in (word_at(tokens, at - 1), word_at(tokens, at - 2))
    if len(complete) != 5 or not (led or any("*" in field for field in complete)):
        return None
    return Found(CronText(expression=" ".join(complete)), place)
