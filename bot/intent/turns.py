"""Roundabout ways to steer or change one task: "give T-16 a rest", "let kai take it over".

Each rule is a phrase before the task, one after it, and what is meant; `bot.intent.asks` and
`bot.intent.edits` read the plain ways.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.intent.days import weekdays
from bot.intent.intents import (
    Changes,
    DeleteTask,
    EditTask,
    Intent,
    PauseTask,
    ResumeTask,
    RunTask,
    ScheduleChange,
    ShowHistory,
    TaskRef,
)
from bot.intent.message import Message
from bot.intent.names import joined, reference
from bot.intent.numbers import Tokens, duration, phrase, skip
from bot.intent.tokens import Kind

Make = Callable[[TaskRef], Intent]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What stands before and after the task; an empty list stands for nothing."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    make: Make


def _edit(**changed: object) -> Make:
    changes = Changes.model_validate(changed)
    return lambda ref: EditTask(ref=ref, changes=changes)


_SKIPS = ("should skip a run when the last one is still going",
          "should skip a run if the last one is still going",
          "should skip if the last run is still going", "should not overlap", "must not overlap",
          "shouldn't overlap", "should never overlap",
          "should skip a run while the last one is running")  # fmt: skip
_TURNS = (
    Turn(before=("give",),
         after=("a rest", "a break", "a rest for now", "a pause", "a bit of a rest"),
         make=lambda ref: PauseTask(ref=ref)),
    Turn(before=("put",), after=("on hold", "on ice", "on pause"),
         make=lambda ref: PauseTask(ref=ref)),
    Turn(before=("don't run", "do not run", "stop running"),
         after=("until i say so", "for now", "until further notice", "until i tell you", "any more",
                "anymore"),
         make=lambda ref: PauseTask(ref=ref)),
    Turn(before=("get", "set"), after=("going again", "running again", "started again", "back on"),
         make=lambda ref: ResumeTask(ref=ref)),
    Turn(before=("lift the pause on", "lift the pause of", "lift the hold on", "end the pause of",
                 "take the pause off"), after=(), make=lambda ref: ResumeTask(ref=ref)),
    Turn(before=("we don't need", "we do not need", "i don't need", "nobody needs",
                 "we no longer need", "no longer need"),
         after=("any more", "anymore", "any longer", "any more , please drop it",
                "anymore , please drop it", "anymore , drop it", "anymore , delete it"),
         make=lambda ref: DeleteTask(ref=ref)),
    Turn(before=(), after=("can go", "can go , delete it", "can be deleted", "can be removed"),
         make=lambda ref: DeleteTask(ref=ref)),
    Turn(before=(), after=(", one extra run right now", ", one extra run now", ", run now"),
         make=lambda ref: RunTask(ref=ref)),
    Turn(before=("what did",), after=("say last time ?", "say last time", "report last time ?",
                                      "say ?", "find last time ?", "report last time"),
         make=lambda ref: ShowHistory(ref=ref, limit=1)),
    Turn(before=("show me how", "show how", "tell me how"),
         after=("has been doing", "is doing", "did", "has been", "has been running"),
         make=lambda ref: ShowHistory(ref=ref)),
    Turn(before=("don't retry", "do not retry", "never retry", "no retries for",
                 "stop retrying"), after=(), make=_edit(retries=0)),
    Turn(before=("let runs of", "allow runs of"), after=("overlap", "to overlap"),
         make=_edit(overlap="allow")),
    Turn(before=("let", "allow"), after=("overlap", "to overlap", "run twice at once"),
         make=_edit(overlap="allow")),
    Turn(before=(), after=_SKIPS, make=_edit(overlap="skip")),
    Turn(before=("queue the next run of", "queue runs of", "let the next run of"),
         after=("", "wait", "if the last one is still going"), make=_edit(overlap="queue")),
    Turn(before=("catch up on all missed runs of", "run all missed runs of",
                 "run every missed run of", "catch up on everything missed by"),
         after=(), make=_edit(missed="all")),
    Turn(before=("skip missed runs of", "ignore missed runs of", "don't catch up",
                 "never catch up on", "do not catch up on", "don't catch up on"),
         after=(), make=_edit(missed="skip")),
    Turn(before=("ask me about missed runs of", "ask before catching up on",
                 "ask me before you catch up on"), after=(), make=_edit(missed="ask")),
    Turn(before=("run the latest missed run of", "run the last missed run of"),
         after=(), make=_edit(missed="latest")),
    Turn(before=("take",), after=("off its schedule", "off the schedule"),
         make=_edit(unscheduled=True)),
    Turn(before=("make",), after=("on demand", "on-demand", "manual", "on demand only"),
         make=_edit(unscheduled=True)),
)  # fmt: skip


def turn(message: Message, agents: frozenset[str] | None) -> Intent | None:
    """Read one of these ways; None for any other."""
    for rule in _TURNS:
        found = _turned(message, rule)
        if found is not None:
            return found
    return (
        _handed_over(message.tokens, agents)
        or _renamed(message.tokens)
        or _moved(message.tokens)
        or _reworked(message.tokens)
        or _more_days(message.tokens)
        or _limited(message.tokens)
    )


def _turned(message: Message, rule: Turn) -> Intent | None:
    tokens = message.tokens
    start = message.said(*rule.before) if rule.before else 0
    if start is None:
        return None
    end = len(tokens)
    if rule.after:
        ends = [
            at
            for at in range(start + 1, len(tokens))
            if phrase(tokens, at, *sorted(rule.after, key=len, reverse=True)) == len(tokens)
        ]
        if not ends and "" not in rule.after:
            return None
        end = ends[0] if ends else end
    ref = reference(tokens[start:end])
    named = ref is not None and (ref.number is not None or bool(ref.text) or message.in_thread)
    return rule.make(ref) if ref is not None and named else None


def _handed_over(tokens: Tokens, agents: frozenset[str] | None) -> Intent | None:
    """Read "let kai take over the disk check", "hand T-23 over to tony"."""
    led = phrase(tokens, 0, "let", "have", "should")
    over = None if led is None else phrase(tokens, led + 1, "take over", "do", "handle")
    if led is not None and over is not None and _is_agent(tokens, led, agents):
        if phrase(tokens, led + 1, "take over") is None:
            return None
        ref = reference(tokens[over:])
        name = tokens[led].word.lstrip("@")
        return None if ref is None else EditTask(ref=ref, changes=Changes(agent=name))
    given = phrase(tokens, 0, "hand", "give", "pass")
    if given is None:
        return None
    cut = next(
        (at for at in range(given, len(tokens)) if phrase(tokens, at, "over to", "on to")), 0
    )
    end = None if not cut else phrase(tokens, cut, "over to", "on to")
    if end is None or end != len(tokens) - 1 or not _is_agent(tokens, end, agents):
        return None
    ref = reference(tokens[given:cut])
    return _changed(ref, Changes(agent=tokens[end].word.lstrip("@")))


def _changed(ref: TaskRef | None, changes: Changes) -> EditTask | None:
    return None if ref is None else EditTask(ref=ref, changes=changes)


def _is_agent(tokens: Tokens, at: int, agents: frozenset[str] | None) -> bool:
    if at >= len(tokens):
        return False
    token = tokens[at]
    if agents is None:
        return token.kind is Kind.MENTION or token.word in ("alex", "anna", "kai", "oliver", "tony")
    return token.word.lstrip("@") in agents


def _renamed(tokens: Tokens) -> Intent | None:
    """Read "T-28 is now called Tape check"."""
    for at in range(1, len(tokens)):
        end = phrase(tokens, at, "is now called", "is called", "should be called",
                     "is now named", "should be named")  # fmt: skip
        if end is not None and end < len(tokens):
            ref = reference(tokens[:at])
            name = joined(tokens[end:]).strip(" .!\"“”'")
            return _changed(ref, Changes(name=name))
    return None


def _moved(tokens: Tokens) -> Intent | None:
    """Read "results of T-29 should go to #storage", "T-21 post to #finance from now on"."""
    place = next((at for at, token in enumerate(tokens) if token.kind is Kind.CHANNEL), None)
    if place is None or phrase(tokens, 0, "edit", "change", "move", "update", "set") is not None:
        return None
    for at in range(1, place):
        end = phrase(tokens, at, "should go to", "go to", "should post to", "should post in",
                     "should be posted in", "should be posted to", "post to", "post in", "goes to",
                     "belongs in", "should report to", "should report in")  # fmt: skip
        if end != place:
            continue
        tail = phrase(tokens, place + 1, "from now on", "instead", "please", "only") or place + 1
        start = skip(tokens, 0, "the results of", "results of", "the output of", "output of",
                     "the result of", "send", "let", "have")  # fmt: skip
        ref = reference(tokens[start:at])
        if tail == len(tokens) and ref is not None:
            return EditTask(ref=ref, changes=Changes(channel=tokens[place].text))
    return None


def _reworked(tokens: Tokens) -> Intent | None:
    """Read "update the prompt of T-8: only look at production"."""
    led = phrase(tokens, 0, "update the prompt of", "change the prompt of", "set the prompt of",
                 "update the work of", "change what", "the prompt of",
                 "change the work of")  # fmt: skip
    cut = next((at for at, token in enumerate(tokens) if token.word == ":" and at), None)
    to = next((at for at, token in enumerate(tokens) if token.word == "to" and at), None)
    cut = cut if cut is not None else to
    if led is None or cut is None or cut <= led or cut + 1 >= len(tokens):
        return None
    ref = reference([token for token in tokens[led:cut] if token.word not in ("does", "do")])
    prompt = joined(tokens[cut + 1 :]).strip()
    return _changed(ref, Changes(prompt=prompt))


def _more_days(tokens: Tokens) -> Intent | None:
    """Read "add Fridays to the forecast", "no more weekends for T-3", "… on Tuesdays as well"."""
    for leads, joints, adds in (
        (("add",), ("to",), True),
        (("no more", "remove", "drop"), ("for", "from", "in"), False),
    ):
        led = phrase(tokens, 0, *leads)
        found = None if led is None else weekdays(tokens, led)
        cut = None if found is None else phrase(tokens, found.end, *joints)
        ref = None if cut is None else reference(tokens[cut:])
        if found is not None and ref is not None:
            return _with_days(ref, found.value.weekdays, adds=adds)
    led = phrase(tokens, 0, "let", "have", "run")
    tail = next((at for at in range(len(tokens))
                 if phrase(tokens, at, "as well", "too", "also") == len(tokens)), None)  # fmt: skip
    if led is None or tail is None:
        return None
    for at in range(led + 1, tail):
        found = weekdays(tokens, skip(tokens, at, "run"))
        if found is not None and found.end == tail:
            ref = reference(tokens[led:at])
            return None if ref is None else _with_days(ref, found.value.weekdays, adds=True)
    return None


def _with_days(ref: TaskRef, said: tuple[object, ...], *, adds: bool) -> EditTask:
    changed = {"add_weekdays" if adds else "drop_weekdays": said}
    return EditTask(ref=ref, changes=Changes(schedule=ScheduleChange.model_validate(changed)))


def _limited(tokens: Tokens) -> Intent | None:
    """Read "the ledger check may take 40 minutes"."""
    for at in range(1, len(tokens)):
        end = phrase(tokens, at, "may take", "may run for", "can take", "is allowed to take",
                     "may take up to", "can take up to", "gets")  # fmt: skip
        length = None if end is None else duration(tokens, skip(tokens, end, "up to"))
        if length is not None and length.end == len(tokens) and length.value:
            ref = reference(tokens[:at])
            return _changed(ref, Changes(timeout_s=length.value))
    return None
