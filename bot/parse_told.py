"""What `chatcron parse "…"` tells people: each word's part, the slots, and when it would run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from textwrap import wrap

from bot.intent.intents import (
    CreateTask,
    DefineWorkflow,
    EditTask,
    Intent,
    Nothing,
    ShowHistory,
    Stage,
    Step,
    Unclear,
    UseTemplate,
)
from bot.intent.packing import plain
from bot.intent.reading import Reading, Role
from bot.parse_command import Reads, by_grammar, coarse, name_of, reference_of, schedule_of, told_of
from scheduler.recurrence import upcoming
from scheduler.sentences import moments, sentence, zone_name
from storage.schedules import Schedule

WIDTH = 80
_PARTS = {
    "clocks": "time", "part": "time", "window": "hours", "minutes": "minutes", "days": "days",
    "except": "exception", "monthdays": "days", "nthday": "days", "months": "months",
    "yearday": "date", "day": "date", "period": "how often", "interval": "how often",
    "delay": "delay", "starting": "start", "until": "end", "lasting": "end", "count": "count",
    "timesaday": "how often", "telling": "tell", "posting": "channel", "notify": "channel",
    "crontext": "cron", "ondemand": "on demand", "badtime": "no time", "badday": "no date",
}  # fmt: skip
_REASONS = {
    "no_task": "no task was named",
    "no_work": "nothing to work on was named",
    "no_name": "no name was given",
    "no_template": "no template was named",
    "no_zone": "no zone was named that is known",
    "unknown_agent": "the agent that was spoken to is none of ours",
    "left_over": "some words fit neither the schedule nor the work",
    "cut_off": "the sentence ends too early",
    "past": "the moment has passed",
    "bad_time": "the time is none of the clock",
    "bad_day": "the calendar has no such day",
    "bad_interval": "the interval is too short",
    "bad_schedule": "the schedule would never run, or too often",
    "date": "the date can be read in two ways",
    "two_times": "two times stand against each other",
    "two_schedules": "two schedules stand against each other",
    "which_days": "the days are missing",
    "which_times": "the times are missing",
    "how_often": "it is not said how often",
    "no_days": "no day is left",
    "no_shape": "no schedule can hold that",
    "holidays": "nobody here knows the holidays",
    "only_look": "agents only look",
    "condition": "it hangs on something that happens elsewhere",
    "calendar": "that is for a calendar",
    "disguised": "the text is not what it looks like",
    "too_long": "the message is too long",
}


def explain(text: str, now: datetime, zone: str, reads: Reads = by_grammar) -> str:
    """Say in plain lines what was read, what was assumed, and when it would run.

    No line is wider than 80 columns.
    """
    reading = reads(text, now, zone)
    lines: list[str] = []
    for at, one in enumerate((reading, *reading.further), 1):
        if reading.further:
            lines.extend(([""] if at > 1 else []) + [f"Request {at} of {len(reading.further) + 1}"])
        lines.extend((*_words(one.roles), "", *_summary(one, now, zone)))
    if reading.source == "model":
        lines.append("A language model read this; the bot would ask before it does anything.")
    if reading.note:
        lines.append(reading.note)
    return "\n".join(part for line in lines for part in _wrapped(line))


def _words(roles: tuple[Role, ...]) -> Iterator[str]:
    """Write the words that played one part on one line."""
    for part, several in groupby(roles, key=lambda role: _PARTS.get(role.role, role.role)):
        yield f"  {part:<12}{' '.join(role.text for role in several)}"


def _wrapped(line: str) -> list[str]:
    indent = " " * (14 if line.startswith("  ") else 2)
    return wrap(line, WIDTH, subsequent_indent=indent, break_on_hyphens=False) or [""]


def _summary(reading: Reading, now: datetime, zone: str) -> Iterator[str]:
    intent = reading.intent
    if isinstance(intent, Nothing):
        yield "Nothing is asked here; the bot would do nothing."
        return
    if isinstance(intent, Unclear):
        yield from _abstained(intent)
        return
    finer = "" if coarse(intent) == intent.kind else f" ({intent.kind.replace('_', ' ')})"
    yield f"Asks for: {coarse(intent)}{finer}"
    if reading.agent:
        yield f"Agent: {reading.agent}"
    listed = isinstance(intent, ShowHistory) and intent.ref is None
    ref = None if listed else reference_of(getattr(intent, "ref", None))
    if ref:
        yield f"Task: {ref}"
    yield from _slots(intent)
    yield from _when(schedule_of(intent, now, zone), now)
    if reading.assumed:
        yield f"Assumed, so it would ask: {', '.join(reading.assumed)}"
        choices = getattr(intent, "choices", ())
        if choices:
            yield f"Answers it would offer: {', '.join(choices)}"


def _abstained(intent: Unclear) -> Iterator[str]:
    if intent.understood:
        yield f"Understood: {intent.understood}"
    yield f"It would ask: {intent.question}"
    if intent.choices:
        yield f"Answers it would offer: {', '.join(intent.choices)}"
    yield f"Because: {_REASONS.get(intent.reason, intent.reason.replace('_', ' '))}"


def _slots(intent: Intent) -> Iterator[str]:
    """Write what else was said, one slot a line."""
    name = name_of(intent)
    if name:
        yield f"Name: {name}"
    match intent:
        case CreateTask():
            if intent.prompt.casefold() != intent.name.casefold():
                yield f"Work: {intent.prompt}"
            limits = {"Time limit": intent.timeout_s and f"{intent.timeout_s} seconds",
                      "Retries": intent.retries, "Overlap": intent.overlap,
                      "Missed runs": intent.missed, "Results in": intent.channel}  # fmt: skip
            yield from (f"{what}: {said}" for what, said in limits.items() if said is not None)
            yield from (f"Tells: {one.target} on {one.on}, by {one.by}" for one in intent.notify)
            if intent.run_now:
                yield "Runs: once, now"
        case UseTemplate():
            yield from (f"Variable {name}: {value}" for name, value in intent.variables)
        case DefineWorkflow():
            if intent.after is not None:
                yield f"After: {reference_of(intent.after)}"
            yield from (f"Stage {at}: {_stage(one)}" for at, one in enumerate(intent.stages, 1))
        case EditTask():
            changed = plain(intent.changes)
            yield from (f"Changes {what}: {_plain(value)}" for what, value in changed.items())
        case _:
            told = told_of(intent)
            if told:
                yield f"Tells: {', '.join(told)}"


def _stage(stage: Stage) -> str:
    def steps(several: tuple[Step, ...]) -> str:
        return " and ".join(
            f"{step.agent}: {step.work}" if step.agent else step.work for step in several
        )

    said = steps(stage.steps)
    if stage.only_if:
        said = f"if {stage.only_if}: {said}"
    return f"{said}; otherwise {steps(stage.otherwise)}" if stage.otherwise else said


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{what} {_plain(said)}" for what, said in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(said) for said in value)
    return str(value)


def _when(schedule: Schedule | None, now: datetime) -> Iterator[str]:
    if schedule is None:
        return
    runs = moments(upcoming(schedule, now, 5), schedule.zone, now)
    yield f"When: {sentence(schedule)}, {zone_name(schedule.zone)}"
    yield f"Next: {runs}"
