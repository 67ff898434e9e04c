"""What `chatcron parse` does: read messages and show, to people or as JSON lines, what they mean.

The names of agents are taken as they are written here; whether an installation has such an agent
is the bot's question.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from time import perf_counter_ns
from typing import Any, TextIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.intent.changes import apply_change
from bot.intent.intents import (
    CreateTask,
    EditTask,
    Intent,
    Nothing,
    NotYet,
    ShowHistory,
    TaskRef,
    Unclear,
)
from bot.intent.reader import Reading, read
from scheduler.recurrence import upcoming
from scheduler.sentences import moments, sentence, zone_name
from storage.schedules import Schedule

_COARSE = {
    "show": "list",
    "next": "list",
    "why": "history",
    "undo": "edit",
    "zone": "edit",
    "nothing": "none",
    "unclear": "clarify",
}
_NOT_YET = {
    "notify": "notify",
    "workflow": "workflow",
    "template": "create",
    "bulk": "clarify",
    "settings": "edit",
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


def explain(text: str, now: datetime, zone: str, reads: Reads = by_grammar) -> str:
    """Say in plain lines what was read, what was assumed, and when it would run."""
    reading = reads(text, now, zone)
    lines = [f"  {role.role:<12} {role.text}" for role in reading.roles]
    lines.append("")
    lines.extend(_summary(reading, now, zone))
    if reading.source == "model":
        lines.append("A language model read this; the bot would ask before it does anything.")
    if reading.note:
        lines.append(reading.note)
    return "\n".join(lines)


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
    schedule = _schedule(intent, now, zone)
    return {
        "id": asked["id"],
        "intent": _coarse(intent),
        "detail": intent.what if isinstance(intent, NotYet) else intent.kind,
        "agent": reading.agent,
        "task_ref": _reference(getattr(intent, "ref", None)),
        "name": intent.name if isinstance(intent, CreateTask | NotYet) else None,
        "next": _next(schedule, now, zone),
        "notify": _told(intent),
        "timeout_s": _limits(intent)[0],
        "retries": _limits(intent)[1],
        "source": reading.source,
        "assumed": list(reading.assumed),
        "latency_us": spent,
    }


def _told(intent: Intent) -> list[str]:
    """Give whom a request names to be told."""
    if isinstance(intent, NotYet):
        return list(intent.notify)
    return [notice.target for notice in intent.notify] if isinstance(intent, CreateTask) else []


def _coarse(intent: Intent) -> str:
    if isinstance(intent, NotYet):
        return _NOT_YET[intent.what]
    return _COARSE.get(intent.kind, intent.kind)


def _schedule(intent: Intent, now: datetime, zone: str) -> Schedule | None:
    """Give the schedule that was said in full; an edit of one part has none of its own."""
    if isinstance(intent, CreateTask | NotYet):
        return intent.schedule
    if not isinstance(intent, EditTask):
        return None
    change = intent.changes.schedule
    days = change is not None and bool(change.weekdays or change.month_days) and change.times
    if change is None or not (change.rule or days):
        return None
    return apply_change(None, change, now, zone)[0]


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


def _reference(ref: TaskRef | None) -> str | None:
    if ref is None:
        return None
    return str(ref.number) if ref.number is not None else ref.text or ("it" if ref.it else None)


def _summary(reading: Reading, now: datetime, zone: str) -> list[str]:
    intent = reading.intent
    if isinstance(intent, Nothing):
        return ["Nothing is asked here; the bot would do nothing."]
    if isinstance(intent, Unclear):
        understood = [f"Understood: {intent.understood}"] if intent.understood else []
        return [*understood, f"It would ask: {intent.question}", *intent.choices]
    lines = [f"Asks for: {_coarse(intent)} ({intent.kind})"]
    if reading.agent:
        lines.append(f"Agent: {reading.agent}")
    ref = (
        None
        if isinstance(intent, ShowHistory) and intent.ref is None
        else _reference(getattr(intent, "ref", None))
    )
    if ref:
        lines.append(f"Task: {ref}")
    if isinstance(intent, CreateTask):
        lines.append(f"Name: {intent.name}")
    lines.extend(_when(_schedule(intent, now, zone), now))
    if reading.assumed:
        lines.append(f"Assumed, so it would ask: {', '.join(reading.assumed)}")
    return lines


def _when(schedule: Schedule | None, now: datetime) -> list[str]:
    if schedule is None:
        return []
    runs = moments(upcoming(schedule, now, 5), schedule.zone, now)
    return [f"When: {sentence(schedule)}, {zone_name(schedule.zone)}", f"Next: {runs}"]
