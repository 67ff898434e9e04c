"""Requests of kinds that are known and not built yet: notify settings."""

from __future__ import annotations

from bot.intent.asks import Message
from bot.intent.facts import scan
from bot.intent.intents import Intent, NotYet
from bot.intent.names import reference
from bot.intent.numbers import phrase, skip, word_at
from bot.intent.tokens import Kind, Token

_TELL = ("notify", "email", "page", "alert", "tell", "dm", "ping", "text", "message", "cc", "let")
_OUTCOME = ("if", "when", "whenever", "unless", "once", "as soon as", "every time", "on")
_ENDS = ("fails", "fail", "failed", "succeeds", "finishes", "completes", "errors", "breaks",
         "passes", "times", "is", "goes", "runs", "twice", "done", "has", "failure", "success",
         "fires", "misses")  # fmt: skip
_RESULTS = ("results", "result", "output", "reports", "report", "summary", "alerts", "failures",
            "notifications", "updates")  # fmt: skip


def not_yet(message: Message) -> Intent | None:
    """Recognise a request that cannot be done yet; None where it is something else."""
    return _notify(message)


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
