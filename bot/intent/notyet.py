"""Requests of kinds that are known and not built yet: notify settings, workflows, templates."""

from __future__ import annotations

from datetime import datetime

from bot.intent.asks import Message
from bot.intent.facts import Scan, scan
from bot.intent.intents import Intent, NotYet, Unclear
from bot.intent.names import name_of, prompt_of, reference
from bot.intent.numbers import phrase, skip, word_at
from bot.intent.schedules import plan
from bot.intent.tokens import Kind, Token

_TELL = ("notify", "email", "page", "alert", "tell", "dm", "ping", "text", "message", "cc", "let")
_OUTCOME = ("if", "when", "whenever", "unless", "once", "as soon as", "every time", "on")
_ENDS = ("fails", "fail", "failed", "succeeds", "finishes", "completes", "errors", "breaks",
         "passes", "times", "is", "goes", "runs", "twice", "done", "has", "failure", "success",
         "fires", "misses")  # fmt: skip
_RESULTS = ("results", "result", "output", "reports", "report", "summary", "alerts", "failures",
            "notifications", "updates")  # fmt: skip


def not_yet(message: Message, now: datetime, zone: str) -> Intent | None:
    """Recognise a request that cannot be done yet; None where it is something else."""
    found = _workflow(message) or _template(message)
    if found is None:
        return _notify(message)
    read = scan(message.tokens, message.today)
    planned = plan(read.facts, now, zone)
    schedule = None if isinstance(planned, Unclear) else planned.schedule
    return found.model_copy(update={"schedule": schedule, "name": _name(read)})


def _name(read: Scan) -> str | None:
    words = tuple(read.tokens[place] for place in read.rest)
    return name_of(prompt_of(words)) or None


def _workflow(message: Message) -> NotYet | None:
    if message.has("->", "=>", "→") is not None or message.said(
        "workflow", "pipeline", "make a pipeline", "create a workflow", "create workflow",
        "create a pipeline", "build a workflow", "build a pipeline", "new workflow", "chain",
        "make a workflow", "set up a workflow", "set up a pipeline", "define a workflow",
    ):  # fmt: skip
        return NotYet(what="workflow")
    follows = message.said("after", "when", "once", "as soon as", "if")
    if follows is not None and (
        message.has(", then", "then", ", run", ", start", ", trigger") is not None
    ):
        return NotYet(what="workflow")
    then = message.has("and then", ", then", "then", "; then", "and if", "if any", ", if", "else")
    return (
        NotYet(what="workflow") if then is not None and 1 < then < len(message.tokens) - 1 else None
    )


def _template(message: Message) -> NotYet | None:
    if message.has("from template", "from the template", "using the template", "use template",
                   "as a template", "as template", "use the template", "with the template",
                   "from a template") is not None:  # fmt: skip
        return NotYet(what="template")
    return None


def _notify(message: Message) -> NotYet | None:
    tokens = message.tokens
    if message.said("stop notifying", "stop posting", "stop emailing", "stop alerting",
                    "stop paging", "stop sending", "mute", "unmute", "silence"):  # fmt: skip
        cut = message.has("about", "for", "of", "to")
        ref = reference(tokens[(cut or 0) + 1 :]) if cut else None
        return NotYet(what="notify", ref=ref, notify=_targets(tokens))
    told = message.said(*_TELL)
    if told is not None:
        return _told(message, told)
    if message.said("send", "post", "deliver", "forward", "route", "publish") is None:
        return None
    if scan([one for one in tokens if one.kind is not Kind.CHANNEL], message.today).pieces:
        return None
    result = next((at for at, token in enumerate(tokens) if token.word in _RESULTS), None)
    to = next((at for at, token in enumerate(tokens) if token.word in ("to", "in") and at), None)
    if result is None or to is None or result > to or not _targets(tokens[to:]):
        return None
    return NotYet(what="notify", ref=reference(tokens[1:result]), notify=_targets(tokens[to:]))


def _told(message: Message, told: int) -> NotYet | None:
    """Read "email me if the backup check fails", "page oncall when X fails twice"."""
    tokens = message.tokens
    for at in range(told, len(tokens)):
        if phrase(tokens, at, *_OUTCOME) is None:
            continue
        start = skip(tokens, at, *_OUTCOME)
        end = next((p for p in range(start, len(tokens)) if word_at(tokens, p) in _ENDS), None)
        if end is None:
            continue
        whom = " ".join(token.text for token in tokens[told:at]) or "me"
        via = tokens[0].word
        targets = _targets(tokens[:at]) or ((via if via in ("email", "page") else whom),)
        return NotYet(
            what="notify",
            ref=reference(tokens[start:end]),
            notify=(*targets, *((whom,) if whom not in targets and whom != "me" else ())),
        )
    return None


def _targets(tokens: tuple[Token, ...]) -> tuple[str, ...]:
    atoms = (Kind.CHANNEL, Kind.USER, Kind.MENTION)
    return tuple(token.text for token in tokens if token.kind in atoms)
