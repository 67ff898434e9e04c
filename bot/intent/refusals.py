"""Work that no agent does, whoever asks: end or change a system, pass on secrets, keep a diary."""

from __future__ import annotations

from collections.abc import Sequence

from bot.intent.facts import scan
from bot.intent.intents import Unclear
from bot.intent.message import Message
from bot.intent.names import name_of, prompt_of
from bot.intent.numbers import word_at
from bot.intent.remarks import is_for_calendar
from bot.intent.rules import only
from bot.intent.spelling import words
from bot.intent.times import Clocks
from bot.intent.tokens import Kind, Token
from bot.intent.work import HEADS, is_drastic
from bot.intent.workwords import comes_back, task_tokens

_GIVES = words(
    "copy disclose display dump email exfiltrate expose export forward give leak list mail post "
    "print publish read reveal send share show steal tell upload write"
)
_ALWAYS = words("exfiltrate leak steal")
_SECRETS = words(
    "apikey apikeys credential credentials instructions jwt keys password passwords passphrase "
    "prompt secret secrets slack_bot_token token tokens"
)
_AGING = words("expiring expired stale unused old rotated unrotated revoked")
_OF_KEYS = words("api access private ssh signing encryption")


def refusal(message: Message) -> Unclear | None:
    """Refuse what would else be read as a request about a task there is."""
    found = scan(message.tokens, message.today)
    task = task_tokens(found)
    if _gives_away(task):
        return _secret(task)
    if not is_drastic(message.tokens):
        return None
    timed = only(found.facts, Clocks) is not None or comes_back(found)
    return _only_look(task) if timed else None


def not_for_agents(task: Sequence[Token], *, asked: bool, timed: bool) -> Unclear | None:
    """Say why work that was asked for is none an agent could do."""
    if _gives_away(task):
        return _secret(task)
    if (asked or timed) and is_drastic(task):
        return _only_look(task)
    if asked and is_for_calendar([token.word for token in task]):
        return Unclear(
            question="I can't put that in anybody's calendar. Should I remind you of it? "
            "Write “remind me of …”.",
            understood=name_of(prompt_of(task)),
            reason="calendar",
        )
    return None


def _only_look(task: Sequence[Token]) -> Unclear:
    return Unclear(
        question="Agents only look at systems; they never change or end anything. "
        "What should be checked instead?",
        understood=name_of(prompt_of(task)),
        reason="only_look",
    )


def _secret(task: Sequence[Token]) -> Unclear:
    return Unclear(
        question="Agents pass on no secrets, and nothing to places outside Slack. "
        "What should be checked instead?",
        understood=name_of(prompt_of(task)),
        reason="only_look",
    )


def _gives_away(task: Sequence[Token]) -> bool:
    """Whether secrets are to be shown, or anything is to be sent to an address outside."""
    first = word_at(task, 0)
    if first in _ALWAYS:
        return True
    if first not in _GIVES or (task[-1].word in HEADS and task[-1].word != "list"):
        return False
    outside = any(
        token.kind is Kind.LINK and "://" in token.text and word_at(task, at - 1) == "to"
        for at, token in enumerate(task)
    )
    return outside or any(_is_secret(task, at) for at in range(1, len(task)))


def _is_secret(task: Sequence[Token], at: int) -> bool:
    word = task[at].word
    if word == "env":
        return word_at(task, at - 1) == "."
    if word not in _SECRETS:
        return any(part in _SECRETS for part in word.split("_")) and "_" in word
    if word in ("keys", "prompt", "instructions"):
        return word_at(task, at - 1) in _OF_KEYS | {"system", "your"}
    return word_at(task, at + 1) not in HEADS and word_at(task, at - 1) not in _AGING
