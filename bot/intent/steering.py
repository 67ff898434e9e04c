"""Plain requests to pause, resume, delete or run one task.

`bot.intent.steers` holds the roundabout ways, `bot.intent.crowds` what is said of several tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from bot.intent import days, facts, options, times
from bot.intent.dates import past_day
from bot.intent.intents import (
    Act,
    ChangeMany,
    DeleteTask,
    Intent,
    PauseTask,
    ResumeTask,
    RunTask,
    Selection,
    TaskRef,
    Unclear,
)
from bot.intent.message import Message
from bot.intent.names import NO_TASKS, reference
from bot.intent.numbers import first_words, phrase, word_at
from bot.intent.tokens import Token

PAUSE = ("put a hold on", "hold off on", "hold off", "pause", "suspend", "snooze", "disable",
          "hold", "halt", "freeze", "turn off", "switch off", "stop running", "stop")  # fmt: skip
RESUME = ("resume", "unpause", "un-pause", "continue", "reenable", "re-enable", "enable",
           "reactivate", "turn on", "turn back on", "switch on", "restart", "unfreeze")  # fmt: skip
DELETE = ("delete", "remove", "erase", "cancel", "get rid of", "drop", "kill", "trash", "scrap",
           "unschedule", "retire")  # fmt: skip
RUN = ("go ahead and run", "run", "execute", "trigger", "kick off", "fire off", "start", "launch",
        "rerun", "re-run", "fire")  # fmt: skip
_ALL = ("both", "both of them", "both tasks", "them all", "all",
        "everything", "every task", "every job", "all of them", "all the task", "all task",
        "all tasks", "all my tasks", "all jobs", "all of my tasks")  # fmt: skip
_UNTIL = ("until", "til", "till")
_CONDITIONS = ("if", "unless", "when", "whenever", "once")
_AGAIN = ("more", "again", "only", "now", "please", ",", ".", "-", "!")
"""What makes a number of a "once"."""
_IDIOMS = ("thought", "presses", "press", "moment", "horses", "hand")

_VERBS: tuple[tuple[tuple[str, ...], Act], ...] = (
    (PAUSE, "pause"),
    (RESUME, "resume"),
    (DELETE, "delete"),
)
_NOT_YET = ("hold on", "hang on")
_BACK = ("start", "turn", "switch", "bring")
_PUT = ("put",)
STEERS = first_words(PAUSE, RESUME, DELETE, RUN, _BACK, _PUT)
"""The words that these requests begin with."""


def steer(message: Message) -> Intent | None:
    """Read pause, resume, delete and run."""
    tokens = message.tokens
    if message.said(_NOT_YET):
        return None
    start_again = message.said(_BACK) and message.has(("again", "back on", "back"))
    if start_again:
        cut = message.has(("again", "back on", "back")) or len(tokens)
        return _about(message, tokens[1:cut], "resume")
    if message.said(_PUT) and message.has("on hold"):
        return _about(message, tokens[1 : message.has("on hold")], "pause")
    if message.said(("turn", "switch")) and word_at(tokens, len(tokens) - 1) == "off":
        return _about(message, tokens[1:-1], "pause")
    for verbs, what in _VERBS:
        after = message.said(verbs)
        if after is not None and _comes_back(message, after):
            return None
        if after is not None:
            return _about(message, tokens[after:], what)
    after = message.said(RUN)
    return None if after is None else _run(message, after)


def _run(message: Message, after: int) -> Intent | None:
    """Read "run X" and "run X now"; with any other time it is a new task."""
    if any(past_day(message.tokens, at) is not None for at in range(after, len(message.tokens))):
        return Unclear(
            question="That moment has passed. When should it run?",
            choices=("now", "tomorrow at 09:00"), reason="past",
        )  # fmt: skip
    if timed(message, after) or word_at(message.tokens, after) in (
        "a",
        "an",
        "out",
        "into",
        "late",
    ):
        return None
    return _about(message, message.tokens[after:], "run")


def timed(message: Message, after: int) -> bool:
    """Whether a time stands there, other than "now" and the "daily" of a name."""
    scan = facts.scan(message.tokens[after:], message.today).with_adjectives()
    return any(not isinstance(fact, options.Now) for fact in scan.facts)


def _comes_back(message: Message, after: int) -> bool:
    """Whether days and a time make it work to be done again and again, not one request."""
    said = facts.scan(message.tokens[after:], message.today).with_adjectives().facts
    days_said = any(isinstance(fact, days.Days) and fact.sure for fact in said)
    return days_said and any(isinstance(fact, times.Clocks) for fact in said)


def _about(message: Message, tokens: Sequence[Token], what: Act) -> Intent | None:
    kept = tuple(token for token in tokens if token.word != "please")
    if phrase(kept, 0, _ALL) is not None and len(kept) <= 4:
        return _every(kept, what)
    if any(token.word in _IDIOMS for token in kept):
        return None
    named = _without_tail(kept)
    condition = _condition(named)
    if condition is not None:
        return Unclear(
            question=f"I can {what} it now, but I can't wait for something to happen first. "
            f"Say it without the “{condition} …”, or once it is so.",
            understood=f"{what} a task",
            reason="condition",
        )
    if what == "pause" and any(token.word in _UNTIL for token in named):
        return Unclear(
            question="I could not read until when. Say it like “pause T-12 until Monday 9:00”.",
            understood="pause a task",
            reason="left_over",
        )
    if named and named[-1].word in NO_TASKS:
        return None
    ref = reference(named)
    if ref is None or (ref.it and not message.in_thread):
        if not message.in_thread:
            return Unclear(question=f"Which task should I {what}? `/tasks list` shows them all.",
                           understood=what, reason="no_task")  # fmt: skip
        ref = TaskRef(it=True)
    built: dict[str, Callable[[TaskRef], Intent]] = {
        "pause": lambda ref: PauseTask(ref=ref),
        "resume": lambda ref: ResumeTask(ref=ref),
        "delete": lambda ref: DeleteTask(ref=ref),
        "run": lambda ref: RunTask(ref=ref),
    }
    return built[what](ref)


def _condition(named: Sequence[Token]) -> str | None:
    """Give the "if" of "T-4 if it fails"; "once more" is none."""
    said = (one.word for one, then in pairwise(named[1:]) if then.word not in _AGAIN)
    return next((word for word in said if word in _CONDITIONS), None)


def _every(tokens: Sequence[Token], what: Act) -> Intent:
    """Read "pause all"; "both" says not which two."""
    if phrase(tokens, 0, ("both", "both of them", "both tasks", "them all", "all of them")):
        return Unclear(
            question=f"Which tasks should I {what}? Name them: “{what} T-3 and T-4”.",
            understood=what,
            reason="no_task",
        )
    return ChangeMany(act=what, which=Selection())


def _without_tail(tokens: Sequence[Token]) -> Sequence[Token]:
    """Leave out "for now", "for good", "until further notice" after the name."""
    for place in range(1, len(tokens)):
        if phrase(tokens, place, ("for now", "for good", "for a while", "until further notice",
                  "permanently", "for me", "immediately", "right now", "now", "right away",
                  "forever")) is not None:  # fmt: skip
            return tokens[:place]
    return tokens
