"""Requests about tasks there are: list, show, pause, resume, delete, run, history, why, next.

Each rule sees the message without its address and its politeness, and gives an intent or None.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.intent import facts
from bot.intent.dates import past_day
from bot.intent.intents import (
    AskHelp,
    AskWhy,
    Intent,
    ListTasks,
    ShowHistory,
    ShowNext,
    ShowTask,
    TaskRef,
    UndoChange,
)
from bot.intent.message import Message
from bot.intent.names import reference
from bot.intent.numbers import cardinal, first_words, phrase, skip, word_at
from bot.intent.spelling import words
from bot.intent.steering import STEERS, steer, timed
from bot.intent.tokens import Kind, Token

_OF_RUNS = words(
    "task job report digest check review scan audit backup summary reminder sweep alert"
)

Rule = Callable[[Message], Intent | None]

_HELP = ("help", "commands", "what can you do", "what can you", "what do you do", "who are you",
         "how do i", "how can i", "how to", "how does this work", "how do you", "usage",
         "what are you", "examples", "show me how", "what kinds of things can you",
         "what kind of things can you", "what sort of things can you", "what commands")  # fmt: skip
_HELP_IF = ("what", "which", "do you", "can you")  # fmt: skip
_UNDO = ("undo", "revert", "take that back", "take it back", "roll that back", "roll it back",
         "roll back")  # fmt: skip
_WHY = ("why", "what happened to", "what happened with", "what went wrong with",
        "how come")  # fmt: skip
_DID = ("did", "has", "when did", "how did", "when was", "how has", "was")  # fmt: skip
_NEXT = ("next", "upcoming", "what's next", "what is next", "next up", "coming up")  # fmt: skip
_NEXT_OF_ALL = ("what runs next", "which runs next", "what will run next", "what is due next",
                "what runs now", "what is up next", "what's up next")  # fmt: skip
_NEXT_RUN_OF = ("when's the next run of", "when is the next run of", "when is the next run for",
                "when's the next run for")  # fmt: skip
_WHEN = ("when does", "when is", "when's", "when will", "when do", "when are")  # fmt: skip
_SHOW = ("show me", "show", "open", "info on", "info about", "describe", "status of", "status",
         "details of", "details for", "details on", "tell me about", "what's the status of",
         "what is the status of", "how is", "how's")  # fmt: skip
_GIVE = ("show me", "show", "give me", "get me", "get", "see", "what's", "what were", "what is",
         "view")  # fmt: skip
_HISTORY = ("history", "logs", "log", "run history", "past runs", "recent runs", "previous runs",
            "results", "last results")  # fmt: skip
_LAST = ("last", "latest", "previous", "recent")  # fmt: skip
_WHAT_DOES = ("what does",)  # fmt: skip
_OPENS = STEERS | first_words(
    _HELP, _HELP_IF, _UNDO, _WHY, _DID, _NEXT, _NEXT_OF_ALL, _NEXT_RUN_OF, _WHEN, _SHOW, _GIVE,
    _HISTORY, _LAST, _WHAT_DOES, "the",
)  # fmt: skip
"""What such a message begins with, unless it is one word long or ends with "history"."""
_LOGS = ("history", "logs")


def ask(message: Message) -> Intent | None:
    """Read a request about tasks there are, or for help; None where it is something else."""
    if not (message.first in _OPENS or message.last in _LOGS or len(message.tokens) == 1):
        return None
    for rule in (_help, _undo, _next, _why, _history, _show, steer):
        found = rule(message)
        if found is not None:
            return found
    return None


def _help(message: Message) -> Intent | None:
    if message.said(_HELP):
        return AskHelp()
    asks = message.said(_HELP_IF)
    if asks and message.has(("do you understand", "do you support", "can i say", "can i use",
                            "you understand", "you support", "can i ask")):  # fmt: skip
        return AskHelp()
    return None


def _undo(message: Message) -> Intent | None:
    after = message.said(_UNDO)
    if after is None:
        return None
    rest = message.tokens[skip(message.tokens, after, ("the last change", "the change", "that")) :]
    return UndoChange(ref=reference(rest))


def _why(message: Message) -> Intent | None:
    after = message.said(_WHY)
    if after is None:
        return None
    tokens = message.tokens
    start = skip(tokens, after, ("didn't", "did", "hasn't", "has", "wasn't", "was", "doesn't",
                 "does",                 "isn't", "is", "won't", "didnt", "not"))  # fmt: skip
    if word_at(tokens, start) in (
        "you",
        "i",
        "we",
        "they",
        "everyone",
        "are",
        "do",
        "would",
    ) or phrase(tokens, start, ("the bot", "not")):
        return None
    ref = reference(_up_to_verb(tokens[start:]))
    if ref is None or ref.it:
        return AskWhy(ref=TaskRef(it=True)) if ref or message.in_thread else None
    spoken = {token.word for token in tokens[start:]} & _OF_RUNS
    told = ref.number is not None or spoken or not message.said(("why", "how come"))
    return AskWhy(ref=ref) if told or _has_run_verb(tokens) else None


def _history(message: Message) -> Intent | None:
    tokens = message.tokens
    lead = skip(tokens, 0, _GIVE)
    lead = skip(tokens, lead, "the")
    after = phrase(tokens, lead, _HISTORY)
    if after is not None:
        if after < len(tokens) and word_at(tokens, after) not in (
            "of",
            "for",
            "from",
            "please",
            "?",
            ".",
        ):
            return None
        return ShowHistory(ref=reference(tokens[after:]))
    limited = _last_runs(message, lead)
    if limited is not None:
        return limited
    if len(tokens) > 1 and message.last in _LOGS:
        timed = facts.scan(tokens, message.today).pieces
        return None if timed else ShowHistory(ref=reference(tokens[lead:-1]))
    asked = message.said(_DID)
    if asked is None or word_at(tokens, asked) in ("you", "we", "anyone", "anybody", "i", "they"):
        return None
    ref = reference(_up_to_verb(tokens[asked:]))
    return ShowHistory(ref=ref) if ref and _has_run_verb(tokens[asked:]) else None


def _last_runs(message: Message, lead: int) -> Intent | None:
    """Read "last 5 runs of terraform drift"."""
    after = phrase(message.tokens, lead, _LAST)
    if after is None:
        return None
    number = cardinal(message.tokens, after)
    start = after if number is None else number.end
    end = phrase(message.tokens, start, ("runs", "run", "results", "executions", "time"))
    if end is None:
        return None
    ref = reference(message.tokens[end:])
    return ShowHistory(ref=ref, limit=number.value if number else None)


_RUN_VERBS = ("run", "ran", "fire", "succeed", "fail", "failed", "finish", "finished", "work", "go",
              "last", "complete", "pass", "start", "happen", "skipped", "missed",
              "running", "late", "not", "don't", "yet", "today", "yesterday",
              "this", "again", "ever")  # fmt: skip


def _up_to_verb(tokens: Sequence[Token]) -> Sequence[Token]:
    """Keep the name in "the cost report run this morning"; its first word always stays."""
    for place, token in enumerate(tokens):
        if place > 1 and (token.word in _RUN_VERBS or past_day(tokens, place) is not None):
            return tokens[:place]
        if place == 1 and token.word in _RUN_VERBS and tokens[0].word not in ("the", "my", "our"):
            return tokens[:1]
    return tokens


def _has_run_verb(tokens: Sequence[Token]) -> bool:
    return any(token.word in _RUN_VERBS for token in tokens)


def _next(message: Message) -> Intent | None:
    tokens = message.tokens
    if message.said(_NEXT):
        after = message.said(("next runs of", "next run of", "next runs for", "next run for",
                             "next for", "next of", "upcoming runs of", "next runs", "next run",
                             "upcoming runs", "upcoming", "what's next for", "what's next",
                             "what is next", "next"))  # fmt: skip
        if word_at(tokens, 0) == "next" and phrase(
            tokens, 1, ("week", "month", "monday", "tuesday", "wednesday", "thursday", "friday",
            "saturday", "sunday")):  # fmt: skip
            return None
        return ShowNext(ref=reference(tokens[after or 0 :]))
    if message.said(_NEXT_OF_ALL):
        return ShowNext()
    due = message.said(_NEXT_RUN_OF)
    if due is not None:
        return ShowNext(ref=reference(tokens[due:]))
    asked = message.said(_WHEN)
    if asked is None:
        return None
    end = len(tokens)
    for place in range(asked + 1, len(tokens)):
        if word_at(tokens, place) in ("next", "run", "due", "fire", "running", "scheduled", "?"):
            end = place
            break
    else:
        return None
    ref = reference(tokens[asked:end])
    return ShowNext(ref=ref) if ref else None


def _show(message: Message) -> Intent | None:
    if len(message.tokens) == 1 and (alone := reference(message.tokens)) and alone.number:
        return ShowTask(ref=alone) if message.tokens[0].kind is Kind.WORD else None
    after = message.said(_SHOW)
    does = message.said(_WHAT_DOES)
    if does is not None and (end := message.has(("do", "do ?"))) is not None:
        ref = reference(message.tokens[does:end])
        return ShowTask(ref=ref) if ref else None
    if after is None or timed(message, after):
        return None
    ref = reference(message.tokens[after:])
    if ref is None:
        return ListTasks() if message.said("status") and not message.in_thread else None
    return ShowTask(ref=ref)
