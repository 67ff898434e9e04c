"""A streak of failures as its channel and its owner read it: one line, kept true until it ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.blocks import kit
from bot.blocks.cards import Message
from bot.blocks.text import clip, escape, literal, person_link
from scheduler.policy import LATE, lasting
from scheduler.sentences import moment, zone_name
from storage.records import Run, Task

Told = dict[str, Any]
"""What a notice told of the streak: `length`, `moments`, `first_at`, `last_due`."""


def failure_line(task: Task, run: Run, told: Told | None, now: datetime) -> Message:
    """Tell a channel, in one line, that its result does not come, and for how long that has been.

    `run` is the last that failed.
    """
    name, cause = literal(task.name), _cause(run)
    length = told["length"] if told else 1
    is_thing = _names_thing(task.name)
    if told is None or length < 2:
        said = f"No {name} this time: {cause}." if is_thing else f"*{name}* did not run: {cause}."
    else:
        last = moment(run.scheduled_for or run.created_at, task.zone, now)
        said = (
            f"{f'No {name}' if is_thing else f'*{name}* has not run'} since"
            f" {_at(told['first_at'], task, now)}, {zone_name(task.zone)}:"
            f" {length} runs in a row failed, the last {last}: {cause}."
        )
    text = f"{said} {person_link(task.owner)} knows. R-{run.id}"
    return Message(text=text, blocks=(kit.section(text),))


def recovery(task: Task, run: Run, told: Told | None, now: datetime) -> Message:
    """Tell a channel, where the line about its failures stood, that its result came again."""
    text = (
        f"{literal(task.name)} is back: {_posted(task, run, told, now)}{_failed(told)} R-{run.id}"
    )
    return Message(text=text, blocks=(kit.section(text),))


def recovered_dm(task: Task, run: Run, told: Told | None, now: datetime) -> Message:
    """Tell the owner, who was told of the failures, that they are over."""
    lines = [
        f"*{literal(task.name)} is back* · T-{task.id} · R-{run.id}",
        f"It {_posted(task, run, told, now)}{_failed(told)}",
    ]
    text = f"{literal(task.name)} is back · R-{run.id}"
    return Message(text=text, blocks=(kit.section("\n".join(lines)),))


_THINGS = frozenset(
    ("report", "reports", "review", "summary", "audit", "overview", "digest", "list", "check",
     "checkup", "scan", "brief", "briefing")
)  # fmt: skip
_IMPERATIVE = frozenset(
    ("check", "run", "make", "list", "report", "review", "audit", "scan", "summarize", "summarise",
     "look", "find", "show", "tell", "send", "post", "give", "get", "watch", "verify", "create",
     "remind", "rotate", "clean", "test", "count", "compare")
)  # fmt: skip


def _names_thing(name: str) -> bool:
    """Say whether a task's name is what comes of it ("cost report"), not what it does."""
    words = name.casefold().split()
    return bool(words) and words[-1] in _THINGS and words[0] not in _IMPERATIVE


def _cause(run: Run) -> str:
    return escape(clip((run.reason or "").split(". ")[0].rstrip("."), 300))


def _posted(task: Task, run: Run, told: Told | None, now: datetime) -> str:
    """Say when it came, and how late: after its own moment, or after the last one that failed."""
    came = run.finished_at or now
    due = run.scheduled_for
    if due is None and told and told["last_due"]:
        due = datetime.fromisoformat(told["last_due"])
    late = f", {lasting(came - due)} late" if due and came - due > LATE else ""
    return f"posted {moment(came, task.zone, now)}, {zone_name(task.zone)}{late}."


def _failed(told: Told | None) -> str:
    if told is None:
        return ""
    count = told["moments"] or told["length"]
    what = "moment" if told["moments"] else "run"
    return f" {'One' if count == 1 else count} {what}{'' if count == 1 else 's'} failed."


def _at(instant: str, task: Task, now: datetime) -> str:
    return moment(datetime.fromisoformat(instant), task.zone, now)
