"""The task that starts another piece of work: "after the backup check finishes, run …"."""

from __future__ import annotations

from bot.intent.intents import TaskRef
from bot.intent.names import reference
from bot.intent.numbers import phrase, skip, word_at
from bot.intent.tokens import Token
from bot.intent.work import WORK

AFTER = ("after", "once", "when", "whenever", "as soon as", "every time", "each time", "if")
ENDED = ("finishes successfully", "completes successfully", "finishes", "finished", "completes",
          "completed", "is done", "is complete", "is finished", "has finished", "has completed",
          "has run", "is through", "runs", "ran", "ends", "succeeds", "succeeded", "passes",
          "is over", "done", "is green")  # fmt: skip
_AFTER_RUNS = ("after each run of", "after every run of", *AFTER[:-1])
FAILED = ("fails", "failed", "errors", "has failed", "breaks", "times out", "time out",
           "does not finish", "doesn't finish", "crashes")  # fmt: skip
_TELLS = ("notify", "tell", "email", "ping", "page", "open", "give", "kick")

Trigger = tuple[TaskRef, str | None]
"""A task, and how its run must have ended."""


def trigger(
    tokens: tuple[Token, ...],
) -> tuple[Trigger | None, tuple[Token, ...]]:
    """Split "after the backup check finishes, run …" into the task that starts it and the rest."""
    led = phrase(tokens, 0, AFTER)
    if led is not None:
        return _leading_trigger(tokens, led)
    if word_at(tokens, 0) not in WORK or word_at(tokens, 0) in _TELLS:
        return None, tokens
    for at in range(2, len(tokens) - 1):
        led = phrase(tokens, at, _AFTER_RUNS)
        found = (
            None
            if led is None
            else _ended_task(tokens, led, needs_verb=word_at(tokens, at) != "after")
        )
        if found is not None and found[2] == len(tokens):
            return found[:2], tokens[:at]
    return None, tokens


def _leading_trigger(
    tokens: tuple[Token, ...], led: int
) -> tuple[Trigger | None, tuple[Token, ...]]:
    found = _ended_task(tokens, led, needs_verb=word_at(tokens, 0) != "after")
    if found is None:
        return None, tokens
    ref, only_if, end = found
    rest = tokens[skip(tokens, end, (", then", ", please", ",", "then", ":", "->")) :]
    return ((ref, only_if), rest) if rest else (None, tokens)


def _ended_task(
    tokens: tuple[Token, ...], at: int, *, needs_verb: bool
) -> tuple[TaskRef, str | None, int] | None:
    """Read "the backup check finishes", or (after "after") "the backup check," alone."""
    for place in range(at + 1, len(tokens) + 1):
        failed = phrase(tokens, place, FAILED)
        ended = failed or phrase(tokens, place, ENDED)
        closed = place == len(tokens) or tokens[place].word in (",", "then", ":", "run", "->")
        if ended is None and (needs_verb or not closed):
            if word_at(tokens, place) == ",":
                return None
            continue
        named = reference(tokens[at:place])
        if named is None or named.it:
            return None
        return named, "it failed" if failed else None, ended or place
    return None
