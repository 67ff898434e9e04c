"""What `chatcron parse` does: read messages and show, to people or as JSON lines, what they mean.

The names of agents are taken as they are written here; whether an installation has such an agent
is the bot's question.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from time import perf_counter_ns
from typing import Any, TextIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.intent.changes import apply_change
from bot.intent.days import ALL_DAYS
from bot.intent.intents import (
    ChangeMany,
    CreateTask,
    DefineWorkflow,
    EditTask,
    Intent,
    SaveTemplate,
    SetNotices,
    TaskRef,
    UseTemplate,
)
from bot.intent.reader import read
from bot.intent.reading import Reading
from bot.intent.warming import warm
from scheduler.recurrence import upcoming
from storage.schedules import Schedule

_COARSE = {
    "show": "list",
    "next": "list",
    "templates": "list",
    "export": "list",
    "why": "history",
    "undo": "edit",
    "zone": "edit",
    "channel": "edit",
    "save_template": "create",
    "use_template": "create",
    "nothing": "none",
    "unclear": "clarify",
}


Reads = Callable[[str, datetime, str], Reading]
"""Reads a text, as of a moment, in a zone."""


def by_grammar(text: str, now: datetime, zone: str) -> Reading:
    """Read a message without a model."""
    return read(text, now=now, zone=zone, agents=None)


def parse_lines(lines: Iterable[str], out: TextIO, reads: Reads = by_grammar) -> int:
    """Write a JSON line for each line of `{"id","text","now","tz"}`; give the exit code.

    A line that is not such an object makes that 1 and is answered by `{"error": …}`.
    """
    failed = False
    warm()
    for line in lines:
        if not line.strip():
            continue
        try:
            row = _row(json.loads(line), reads)
        except (ValueError, KeyError, TypeError, ZoneInfoNotFoundError) as wrong:
            failed = True
            row = {"error": f"{type(wrong).__name__}: {wrong}"}
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return int(failed)


def _row(asked: dict[str, Any], reads: Reads) -> dict[str, Any]:
    zone = asked["tz"]
    now = datetime.fromisoformat(asked["now"])
    if now.tzinfo is None:
        now = now.replace(tzinfo=ZoneInfo(zone))
    text = str(asked["text"])
    began = perf_counter_ns()
    reading = reads(text, now, zone)
    spent = (perf_counter_ns() - began) // 1000
    intent = reading.intent
    schedule = schedule_of(intent, now, zone)
    return {
        "id": asked["id"],
        "intent": coarse(intent),
        "detail": intent.kind,
        "agent": reading.agent,
        "task_ref": reference_of(getattr(intent, "ref", None)),
        "name": name_of(intent),
        "next": _next(schedule, now, zone),
        "notify": told_of(intent),
        "timeout_s": _limits(intent)[0],
        "retries": _limits(intent)[1],
        "source": reading.source,
        "assumed": list(reading.assumed),
        "further": len(reading.further),
        "latency_us": spent,
    }


def told_of(intent: Intent) -> list[str]:
    """Give whom a request names to be told, the channel its results go to first."""
    notices = intent.notices if isinstance(intent, SetNotices) else ()
    told: list[str] = []
    if isinstance(intent, CreateTask):
        notices = intent.notify
        told = [intent.channel] if intent.channel else []
    for notice in notices:
        by_mail = notice.by == "email" and "@" not in notice.target
        told.append(f"{notice.target} by email" if by_mail else notice.target)
    if isinstance(intent, DefineWorkflow):
        told = [step.work for stage in intent.stages for step in (*stage.steps, *stage.otherwise)
                if step.work.casefold().startswith(_TELLING)]  # fmt: skip
    return told


_TELLING = ("notify ", "tell ", "alert ", "email ", "page ", "ping ", "post ", "message ")


def coarse(intent: Intent) -> str:
    """Give one of the few names that checks from outside rely on."""
    if isinstance(intent, ChangeMany):
        return intent.act
    return _COARSE.get(intent.kind, intent.kind)


def schedule_of(intent: Intent, now: datetime, zone: str) -> Schedule | None:
    """Give the schedule that was said; a time alone, for a task not known here, is every day's."""
    if isinstance(intent, CreateTask | UseTemplate | DefineWorkflow):
        return intent.schedule
    if not isinstance(intent, EditTask):
        return None
    change = intent.changes.schedule
    if change is None or not (change.rule or change.times):
        return None
    if not (change.rule or change.weekdays or change.month_days or change.on):
        change = replace(change, weekdays=ALL_DAYS)
    return apply_change(None, change, now, zone)[0]


def name_of(intent: Intent) -> str | None:
    """Give the name of what a request makes, or keeps."""
    match intent:
        case CreateTask() | DefineWorkflow() | SaveTemplate():
            return intent.name
        case UseTemplate():
            return intent.template
        case _:
            return None


def _next(schedule: Schedule | None, now: datetime, zone: str) -> list[str] | None:
    if schedule is None:
        return None
    here = ZoneInfo(zone)
    return [due.astimezone(here).isoformat() for due in upcoming(schedule, now, 5)]


def _limits(intent: Intent) -> tuple[int | None, int | None]:
    if isinstance(intent, CreateTask):
        return intent.timeout_s, intent.retries
    if isinstance(intent, EditTask):
        return intent.changes.timeout_s, intent.changes.retries
    return None, None


def reference_of(ref: TaskRef | None) -> str | None:
    """Write out which task is meant, by number, by name or as "it"."""
    if ref is None:
        return None
    return str(ref.number) if ref.number is not None else ref.text or ("it" if ref.it else None)
