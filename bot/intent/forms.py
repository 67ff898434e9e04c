"""Requests that are filled-in forms: "TASK: disk scan / WHEN: daily at 9 / AGENT: kai"."""

from __future__ import annotations

from bot.intent.numbers import Tokens, word_at
from bot.intent.spelling import words
from bot.intent.tokens import Kind, Token

_WORK = words("task job name title what do work prompt description")
_WHEN = words("when schedule time times cron runs frequency cadence interval every")
_WHO = words("agent who owner assignee persona")
_WHERE = words("channel where post output results")
_SLOTS = (_WORK, _WHEN, _WHO, _WHERE)
_LABELS = frozenset().union(*_SLOTS)
_BEFORE = words("new create add make a task job form request please -> => → : , - | / ;")
"""What may stand before the first label, and between the others."""
_SHORTEST = 6


def filled_in(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Give a form as the order it stands for, and any other message as it is."""
    said_words = [token.word for token in tokens]
    if len(tokens) < _SHORTEST or said_words.count(":") + said_words.count("=") < 2:
        return tokens
    labels = [at for at in range(len(tokens) - 1) if _is_label(tokens, at)]
    if len(labels) < 2 or any(token.word not in _BEFORE for token in tokens[: labels[0]]):
        return tokens
    ends = (*labels[1:], len(tokens))
    said = {
        tokens[at].word: _bare(tokens[at + 2 : end]) for at, end in zip(labels, ends, strict=True)
    }
    work, when, who, where = (_values(said, slot) for slot in _SLOTS)
    if len(said) < len(labels) or not work or not (when or who):
        return tokens
    first = tokens[labels[0]]
    order = (_spoken(first, "schedule"), *work, *when)
    if where:
        order = (*order, _spoken(first, "in"), *where)
    return (*who, _comma(first), *order) if who else order


def _is_label(tokens: Tokens, at: int) -> bool:
    return tokens[at].word in _LABELS and word_at(tokens, at + 1) in (":", "=")


def _values(said: dict[str, tuple[Token, ...]], slot: frozenset[str]) -> tuple[Token, ...]:
    return tuple(token for label, values in said.items() if label in slot for token in values)


def _bare(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Leave out the mark that parts one slot from the next."""
    while tokens and tokens[-1].word in (",", ";", "|", "/", "-", "."):
        tokens = tokens[:-1]
    return tokens


def _spoken(place: Token, word: str) -> Token:
    return Token(Kind.WORD, word, word, place.start, place.start)


def _comma(place: Token) -> Token:
    return Token(Kind.MARK, ",", ",", place.start, place.start)
