"""Requests about tasks there are: list, show, pause, resume, delete, run, history, why, next.

Each rule sees the message without its address and its politeness, and gives an intent or None.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.intent import days, facts, options, times
from bot.intent.dates import past_day
from bot.intent.intents import (
    AskHelp,
    AskWhy,
    DeleteTask,
    Intent,
    ListTasks,
    NotYet,
    PauseTask,
    ResumeTask,
    RunTask,
    ShowHistory,
    ShowNext,
    ShowTask,
    TaskRef,
    Unclear,
    UndoChange,
)
from bot.intent.names import joined, reference, trimmed
from bot.intent.numbers import cardinal, phrase, skip, word_at
from bot.intent.spelling import words
from bot.intent.tokens import Kind, Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as the rules see it: its tokens without address and politeness."""

    text: str
    tokens: tuple[Token, ...]
    today: date
    in_thread: bool

    def said(self, *phrases: str) -> int | None:
        """Give the place after one of `phrases` at the start."""
        return phrase(self.tokens, 0, *phrases)

    def has(self, *phrases: str) -> int | None:
        """Give the place where one of `phrases` stands anywhere."""
        for at in range(len(self.tokens)):
            if phrase(self.tokens, at, *phrases) is not None:
                return at
        return None


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
_TASKS = ("tasks", "jobs", "schedules", "scheduled", "reminders", "automations", "checks")
_STATES = {"paused": "paused", "active": "active", "running": "active", "failed": "failed",
           "failing": "failed"}  # fmt: skip
_OF_RUNS = words(
    "task job report digest check review scan audit backup summary reminder sweep alert"
)
_IDIOMS = ("thought", "presses", "press", "moment", "horses", "hand")

Rule = Callable[[Message], Intent | None]


def ask(message: Message) -> Intent | None:
    """Read a request about tasks there are, or for help; None where it is something else."""
    for rule in (_help, _undo, _next, _listing, _why, _history, _show, _steer):
        found = rule(message)
        if found is not None:
            return found
    return None


def _help(message: Message) -> Intent | None:
    if message.said("help", "commands", "what can you do", "what can you", "what do you do",
                    "who are you", "how do i", "how can i", "how to", "how does this work",
                    "how do you", "usage", "what are you", "examples",
                    "show me how", "what commands"):  # fmt: skip
        return AskHelp()
    asks = message.said("what", "which", "do you", "can you")
    if asks and message.has("do you understand", "do you support", "can i say", "can i use",
                            "you understand", "you support", "can i ask"):  # fmt: skip
        return AskHelp()
    return None


def _undo(message: Message) -> Intent | None:
    after = message.said("undo", "revert", "take that back", "take it back", "roll that back",
                         "roll it back", "roll back")  # fmt: skip
    if after is None:
        return None
    rest = message.tokens[skip(message.tokens, after, "the last change", "the change", "that") :]
    return UndoChange(ref=reference(rest))


def _listing(message: Message) -> Intent | None:
    tokens = message.tokens
    if message.said("list") and len(tokens) == 1:
        return ListTasks()
    after = message.said("list", "show me all", "show all", "show me", "show", "display", "give me",
                         "what are", "which", "what", "what's", "see", "view", "any",
                         "are there any",
                         "do we have any", "do you have any", "do i have",
                         "do we have")  # fmt: skip
    start = skip(tokens, 0 if after is None else after, "all of", "all", "every", "a list of", "of")
    start = skip(tokens, start, "the", "my", "our", "your")
    state = _STATES.get(word_at(tokens, start))
    start += state is not None
    mine = message.has("my", "mine", "do i have", "i have") is not None
    if phrase(tokens, start, *_TASKS, "task", "job") is not None:
        single = word_at(tokens, start) in ("task", "job", "checks", "scheduled")
        if after is None and (single or len(tokens) > start + 2):
            return None
        if single and after is not None and start + 1 < len(tokens) and after == start:
            return _schedule_question(message, start, mine=mine)
        state = state or _state_after(message, start + 1)
        return ListTasks.model_validate({"state": state, "mine": mine})
    return _schedule_question(message, start, mine=mine) if after is not None else None


def _state_after(message: Message, at: int) -> str | None:
    """Read the "are failing" of "which tasks are failing"."""
    be = phrase(message.tokens, at, "are", "is", "that are", "which are")
    return None if be is None else _STATES.get(word_at(message.tokens, be))


def _schedule_question(message: Message, start: int, *, mine: bool) -> Intent | None:
    asked = message.said("what's", "what is", "what", "which", "anything", "what are")
    if asked is None:
        return ListTasks(mine=mine) if word_at(message.tokens, start) == "scheduled" else None
    about = phrase(message.tokens, asked, "scheduled", "schedule", "runs", "on the schedule",
                   "on schedule",
                   "is scheduled", "is running", "running", "is planned", "planned", "do i have",
                   "do we have", "do you have", "is due", "due", "coming up")  # fmt: skip
    if about is None:
        return None
    about = skip(message.tokens, about, "scheduled", "planned")
    return ListTasks(mine=mine, words=joined(trimmed(message.tokens[about:])) or None)


def _why(message: Message) -> Intent | None:
    after = message.said("why", "what happened to", "what happened with", "what went wrong with",
                         "how come")  # fmt: skip
    if after is None:
        return None
    tokens = message.tokens
    start = skip(tokens, after, "didn't", "did", "hasn't", "has", "wasn't", "was", "doesn't",
                 "does",                 "isn't", "is", "won't", "didnt", "not")  # fmt: skip
    if word_at(tokens, start) in (
        "you",
        "i",
        "we",
        "they",
        "everyone",
        "are",
        "do",
        "would",
    ) or phrase(tokens, start, "the bot", "not"):
        return None
    ref = reference(_up_to_verb(tokens[start:]))
    if ref is None or ref.it:
        return AskWhy(ref=TaskRef(it=True)) if ref or message.in_thread else None
    spoken = {token.word for token in tokens[start:]} & _OF_RUNS
    told = ref.number is not None or spoken or not message.said("why", "how come")
    return AskWhy(ref=ref) if told or _has_run_verb(tokens) else None


def _history(message: Message) -> Intent | None:
    tokens = message.tokens
    lead = skip(tokens, 0, "show me", "show", "give me", "get me", "get", "see", "what's",
                "what were",                "what is", "view")  # fmt: skip
    lead = skip(tokens, lead, "the")
    after = phrase(tokens, lead, "history", "logs", "log", "run history", "past runs",
                   "recent runs",
                   "previous runs", "results", "last results")  # fmt: skip
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
    if len(tokens) > 1 and tokens[-1].word in ("history", "logs"):
        timed = facts.scan(tokens, message.today).pieces
        return None if timed else ShowHistory(ref=reference(tokens[lead:-1]))
    asked = message.said("did", "has", "when did", "how did", "when was", "how has", "was")
    if asked is None or word_at(tokens, asked) in ("you", "we", "anyone", "anybody", "i", "they"):
        return None
    ref = reference(_up_to_verb(tokens[asked:]))
    return ShowHistory(ref=ref) if ref and _has_run_verb(tokens[asked:]) else None


def _last_runs(message: Message, lead: int) -> Intent | None:
    """Read "last 5 runs of terraform drift"."""
    after = phrase(message.tokens, lead, "last", "latest", "previous", "recent")
    if after is None:
        return None
    number = cardinal(message.tokens, after)
    start = after if number is None else number.end
    end = phrase(message.tokens, start, "runs", "run", "results", "executions", "time")
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
    if message.said("next", "upcoming", "what's next", "what is next", "next up", "coming up"):
        after = message.said("next runs of", "next run of", "next runs for", "next run for",
                             "next for", "next of", "upcoming runs of", "next runs", "next run",
                             "upcoming runs", "upcoming", "what's next for", "what's next",
                             "what is next", "next")  # fmt: skip
        if word_at(tokens, 0) == "next" and phrase(
            tokens, 1, "week", "month", "monday", "tuesday", "wednesday", "thursday", "friday",
            "saturday", "sunday"):  # fmt: skip
            return None
        return ShowNext(ref=reference(tokens[after or 0 :]))
    if message.said("what runs next", "which runs next", "what will run next", "what is due next",
                    "what runs now", "what is up next", "what's up next"):  # fmt: skip
        return ShowNext()
    due = message.said("when's the next run of", "when is the next run of",
                       "when is the next run for",
                       "when's the next run for")  # fmt: skip
    if due is not None:
        return ShowNext(ref=reference(tokens[due:]))
    asked = message.said("when does", "when is", "when's", "when will", "when do", "when are")
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
    after = message.said("show me", "show", "open", "info on", "info about", "describe",
                         "status of", "status", "details of",
                         "details for", "details on", "tell me about", "what's the status of",
                         "what is the status of", "how is", "how's")  # fmt: skip
    does = message.said("what does")
    if does is not None and (end := message.has("do", "do ?")) is not None:
        ref = reference(message.tokens[does:end])
        return ShowTask(ref=ref) if ref else None
    if after is None or _timed(message, after):
        return None
    ref = reference(message.tokens[after:])
    if ref is None:
        return ListTasks() if message.said("status") and not message.in_thread else None
    return ShowTask(ref=ref)


def _steer(message: Message) -> Intent | None:
    """Read pause, resume, delete and run."""
    tokens = message.tokens
    if message.said("hold on", "hang on"):
        return None
    start_again = message.said("start", "turn", "switch", "bring") and message.has(
        "again", "back on", "back"
    )
    if start_again:
        cut = message.has("again", "back on", "back") or len(tokens)
        return _about(message, tokens[1:cut], "resume")
    if message.said("put") and message.has("on hold"):
        return _about(message, tokens[1 : message.has("on hold")], "pause")
    if message.said("turn", "switch") and word_at(tokens, len(tokens) - 1) == "off":
        return _about(message, tokens[1:-1], "pause")
    for verbs, what in ((PAUSE, "pause"), (RESUME, "resume"), (DELETE, "delete")):
        after = message.said(*verbs)
        if after is not None and _comes_back(message, after):
            return None
        if after is not None:
            return _about(message, tokens[after:], what)
    after = message.said(*RUN)
    return None if after is None else _run(message, after)


def _run(message: Message, after: int) -> Intent | None:
    """Read "run X" and "run X now"; with any other time it is a new task."""
    if any(past_day(message.tokens, at) is not None for at in range(after, len(message.tokens))):
        return Unclear(
            question="That moment has passed. When should it run?",
            choices=("now", "tomorrow at 09:00"), reason="past",
        )  # fmt: skip
    if _timed(message, after) or word_at(message.tokens, after) in (
        "a",
        "an",
        "out",
        "into",
        "late",
    ):
        return None
    return _about(message, message.tokens[after:], "run")


def _timed(message: Message, after: int) -> bool:
    """Whether a time stands there, other than "now" and the "daily" of a name."""
    scan = facts.scan(message.tokens[after:], message.today).with_adjectives()
    return any(not isinstance(fact, options.Now) for fact in scan.facts)


def _comes_back(message: Message, after: int) -> bool:
    """Whether days and a time make it work to be done again and again, not one request."""
    said = facts.scan(message.tokens[after:], message.today).with_adjectives().facts
    days_said = any(isinstance(fact, days.Days) and fact.sure for fact in said)
    return days_said and any(isinstance(fact, times.Clocks) for fact in said)


def _about(message: Message, tokens: Sequence[Token], what: str) -> Intent | None:
    kept = tuple(token for token in tokens if token.word != "please")
    if phrase(kept, 0, *_ALL) is not None and len(kept) <= 4:
        return NotYet(what="bulk")
    if any(token.word in _IDIOMS for token in kept):
        return None
    ref = reference(_without_tail(kept))
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


def _without_tail(tokens: Sequence[Token]) -> Sequence[Token]:
    """Leave out "for now", "for good", "until further notice" after the name."""
    for place in range(1, len(tokens)):
        if phrase(tokens, place, "for now", "for good", "for a while", "until further notice",
                  "permanently", "for me", "immediately", "right now", "now", "right away",
                  "forever") is not None:  # fmt: skip
            return tokens[:place]
    return tokens
