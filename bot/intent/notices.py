"""Who is to hear of a task there is: "notify #ops when the disk scan fails", "stop emailing me".

`bot.intent.telling` reads the same words where they are said along with a new task.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.intent.facts import scan
from bot.intent.intents import By, Notice, On, SetNotices, TaskRef
from bot.intent.message import Message
from bot.intent.names import NUMBERED, reference, task_named
from bot.intent.numbers import Tokens, first_words, phrase, skip
from bot.intent.telling import (
    BEFORE_EVENT,
    EVENT_OF,
    EVENT_WORDS,
    MAIL,
    TELL,
    by_way_of,
    targets,
    way,
)
from bot.intent.tokens import Kind, Token

_STOP = (
    "stop notifying", "stop telling", "stop posting", "stop emailing", "stop mailing",
    "stop alerting", "stop paging", "stop pinging", "stop sending", "stop messaging",
    "stop dming", "do not notify", "don't notify", "do not tell", "don't tell", "don't ping",
    "do not ping", "don't email", "do not email", "don't dm", "do not dm", "don't alert",
    "do not alert", "don't page", "no more notifications", "no more emails", "no more alerts",
    "no more pings", "no more dms", "no more messages", "no notifications",
    "turn off notifications", "turn off alerts", "turn off the notifications",
    "switch off notifications", "disable notifications", "remove notifications", "mute",
    "silence", "unsubscribe",
)  # fmt: skip
_SET = ("configure", "set up", "set", "make", "have", "let", "update", "change", "adjust", "edit",
        "get")  # fmt: skip
_ABOUT = ("about", "for", "of", "from", "on", "when", "if", "whenever", "once", "to")
_OUTPUT = (
    "the output of",
    "every output of",
    "all output of",
    "output of",
    "the results of",
    "results of",
    "the result of",
    "the findings of",
    "findings of",
    "the report of",
)
_FAILURES = (
    "failures of",
    "any failure of",
    "every failure of",
    "all failures of",
    "the failures of",
    "problems with",
    "errors of",
    "errors in",
)
_SEND = ("send", "post", "deliver", "forward", "route", "publish", "share", "copy")
_TOO = ("too", "as well", "also", "in addition", "additionally")
_ELSEWHERE = ("instead", "from now on", "only", "rather", "going forward")
_AGAIN = ("every time", "each time", "always")
_WHENEVER = (*_AGAIN, *BEFORE_EVENT)
_TELL_OR_MAIL = (*TELL, *MAIL)

_BESIDE = ("please", "also", "and", "always", "only", "just")
_OPENS = first_words(_STOP, _SET, _SEND, _WHENEVER, _TELL_OR_MAIL, _BESIDE)


def notices(message: Message) -> SetNotices | None:
    """Read whom to tell of a task's runs, or no longer; None where nothing of that is asked."""
    tokens = message.tokens
    if message.first not in _OPENS:
        return _named_first(tokens)
    stop = message.said(_STOP)
    if stop is not None:
        return _stopped(tokens, stop)
    named = _named_first(tokens)
    if named is not None:
        return named
    set_up = message.said(_SET)
    if set_up is not None and (found := _configured(tokens, set_up)) is not None:
        return found
    return _told(tokens, 0) or _on_event(tokens) or _sent(message)


def _named_first(tokens: Tokens) -> SetNotices | None:
    """Read "T-2: let me know as soon as it starts"."""
    if NUMBERED.fullmatch(tokens[0].word) and (told := _told(tokens, 1)) is not None:
        pointed = told.ref is None or told.ref.it
        return replace(told, ref=reference(tokens[:1])) if pointed else None
    cut = next((at for at, token in enumerate(tokens[:8]) if token.word in (":", ",")), None)
    ref = None if not cut else reference(tokens[:cut])
    if cut is None or ref is None or (tokens[cut].word == "," and ref.number is None):
        return None
    found = _told(tokens, cut + 1)
    pointed = found is not None and (found.ref is None or found.ref.it)
    return replace(found, ref=ref) if found is not None and pointed else None


def _configured(tokens: Tokens, at: int) -> SetNotices | None:
    """Read "configure the cost report to notify #finops when complete"."""
    for cut in range(at, len(tokens)):
        if tokens[cut].word == "to" and phrase(tokens, cut + 1, _TELL_OR_MAIL) is not None:
            ref = reference(tokens[at:cut])
            found = _told(tokens, cut + 1)
            if ref is None or found is None:
                return None
            return replace(found, ref=ref)
    return None


class Event(NamedTuple):
    """A task and what happens to it, up to the place `end`."""

    ref: TaskRef | None
    on: On
    end: int


def _told(tokens: Tokens, at: int) -> SetNotices | None:
    """Read it with the verb first: "email me if the backup check fails"."""
    start = skip(tokens, at, _BESIDE)
    mail = phrase(tokens, start, MAIL)
    led = mail if mail is not None else phrase(tokens, start, TELL)
    whom = None if led is None else targets(tokens, led)
    if whom is None:
        return None
    whom = by_way_of(tokens, whom)
    end = skip(tokens, way(tokens, whom.end), ("know", "that", "a note", "a message"))
    by_mail = phrase(tokens, end, ("by email", "by mail", "via email", "by e-mail", "per mail"))
    mailed = mail is not None or by_mail is not None
    end = way(tokens, by_mail or end)
    happens = event(tokens, end) or _results_of(tokens, end)
    if happens is None:
        return None
    return _set(whom.value, happens, mailed=mailed)


def _on_event(tokens: Tokens) -> SetNotices | None:
    """Read "when the disk scan fails, tell #ops"."""
    happens = event(tokens, 0)
    if happens is None:
        return None
    found = _told_plainly(tokens, skip(tokens, happens.end, (",", "then", "please")))
    return None if found is None else _set(found[0], happens, mailed=found[1])


def _told_plainly(tokens: Tokens, at: int) -> tuple[tuple[str, ...], bool] | None:
    mail = phrase(tokens, at, MAIL)
    led = mail if mail is not None else phrase(tokens, at, TELL)
    whom = None if led is None else targets(tokens, led)
    if whom is None:
        return None
    end = skip(tokens, way(tokens, whom.end), ("know", "about it", "please", "!", "."))
    return (whom.value, mail is not None) if end == len(tokens) else None


def event(tokens: Tokens, at: int) -> Event | None:
    """Read "when the disk scan fails", "on failure", "if it does not finish"."""
    led = phrase(tokens, at, _WHENEVER)
    if led is None:
        return None
    for place in range(led, min(len(tokens), led + 12)):
        verb = skip(tokens, place, ("has", "have", "is", "was", "are", "ever", "gets", "run"))
        end = phrase(tokens, verb, EVENT_WORDS)
        if end is None:
            continue
        ref = task_named(tokens[led:place])
        if place > led and ref is None:
            return None
        said = " ".join(token.word for token in tokens[verb:end])
        after = phrase(tokens, end, ("of", "for"))
        if place == led and after is not None:
            return Event(ref=reference(tokens[after:]), on=EVENT_OF[said], end=len(tokens))
        return Event(ref=ref, on=EVENT_OF[said], end=way(tokens, end))
    return None


def _results_of(tokens: Tokens, at: int) -> Event | None:
    """Read "the output of the cost report", "about failures of T-3"."""
    start = skip(tokens, at, ("about", "of", "with", "on"))
    for on, said in (("output", _OUTPUT), ("failure", _FAILURES)):
        after = phrase(tokens, start, said)
        ref = None if after is None else reference(tokens[after:])
        if ref is not None:
            return Event(ref=ref, on="output" if on == "output" else "failure", end=len(tokens))
    return None


def _set(whom: Sequence[str], happens: Event, *, mailed: bool) -> SetNotices:
    by: By = "email" if mailed else "slack"
    told = tuple(Notice(target=one, on=happens.on, by=by) for one in whom)
    return SetNotices(ref=happens.ref or TaskRef(it=True), notices=told)


def _stopped(tokens: Tokens, at: int) -> SetNotices | None:
    """Read "stop notifying #general about the cost report", "mute T-3"."""
    if phrase(tokens, at, ("until", "for")) is None and any(
        token.word in ("until", "over", "during") for token in tokens[at:]
    ):
        return None  # a pause, rather
    whom = targets(tokens, skip(tokens, at, ("to", "for", "me from")))
    start = at if whom is None else whom.end
    cut = next((p for p in range(start, len(tokens)) if tokens[p].word in _ABOUT), None)
    rest = tokens[start:] if cut is None else tokens[cut + 1 :]
    if whom is None and cut is not None and cut > at:
        inside = targets(tokens, cut + 1)
        if inside is not None and inside.end == len(tokens):  # "stop sending X to #general"
            whom, rest = inside, tokens[at:cut]
    ref = reference(_before_verb(rest))
    told = () if whom is None else tuple(Notice(target=one) for one in whom.value)
    everyone = ("anyone", "anybody", "everyone", "everybody")
    told = tuple(one for one in told if one.target.casefold() not in everyone)
    if ref is None and not told and len(tokens) > at:
        return None
    return SetNotices(ref=ref, notices=told, stop=True)


def _before_verb(tokens: Sequence[Token]) -> Sequence[Token]:
    """Keep the name in "the cost report finishes"."""
    for place in range(1, len(tokens)):
        if phrase(tuple(tokens), place, EVENT_WORDS) is not None:
            return tokens[:place]
    return tokens


def _sent(message: Message) -> SetNotices | None:
    """Read "send the results of the cost report to #ops too"; "… instead" moves them there."""
    tokens = message.tokens
    if message.said(_SEND) is None or message.has(_ELSEWHERE) is not None:
        return None
    if scan([one for one in tokens if one.kind is not Kind.CHANNEL], message.today).pieces:
        return None
    to = next((p for p in range(1, len(tokens)) if tokens[p].word in ("to", "in", "into")), None)
    whom = None if to is None else targets(tokens, to + 1)
    if to is None or whom is None:
        return None
    wants_more = phrase(tokens, whom.end, _TOO) is not None
    start = phrase(tokens, 1, _OUTPUT)
    said = {token.word for token in tokens[1:to]}
    results = said & {"results", "result", "output", "alerts", "failures", "updates", "summary"}
    if start is None and not (wants_more or results):
        return None
    ref = reference([t for t in tokens[start or 1 : to] if t.word not in _RESULTS])
    on: On = "failure" if said & {"failures", "alerts"} else "complete"
    return _set(whom.value, Event(ref=ref, on=on, end=whom.end), mailed=False)


_RESULTS = ("results", "result", "output", "alerts", "failures", "updates", "of", "'s")
