"""Which agents reported in a week, and why the others did not; pure, told by Anna."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.agents.week import Strand, Week
from storage.records import OPEN_RUNS, RunStatus, TaskState

_AT_LENGTH = {
    "not connected": "there is nothing to read yet",
    "no task here": "there is no task that may be told of here",
    "failed": "the runs failed",
    "silent": "work was due and nothing ran",
    "missed": "the runs were missed",
    "skipped": "the runs were skipped",
    "still running": "a run goes on",
    "paused": "every task is paused",
    "nothing was due": "nothing was due",
}
_FAILURES = (RunStatus.FAILED, RunStatus.TIMED_OUT, RunStatus.LOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Another agent: `lacks` says what is to be connected before they can work, if anything."""

    name: str
    agent: str
    lacks: str | None


def in_short(week: Week, colleagues: Sequence[Colleague]) -> str:
    """Say in one sentence how many agents reported, and name the others with the reason."""
    silent = [(it, _why_not(it, week)) for it in colleagues if not _reported(it, week)]
    said = f"{len(colleagues) - len(silent)} of {len(colleagues)} agents reported"
    if not silent:
        return f"{said}."
    return f"{said}, not {', '.join(f'{it.name} ({why})' for it, why in silent)}."


def roll_call(week: Week, colleagues: Sequence[Colleague]) -> tuple[str, ...]:
    """Say of each agent whether they reported; of who is not connected, what they lack."""
    lines = []
    for colleague in colleagues:
        if _reported(colleague, week):
            mine = [strand for strand in _strands(colleague, week) if strand.reported]
            tasks = "1 task" if len(mine) == 1 else f"{len(mine)} tasks"
            lines.append(f"{colleague.name} reported on {tasks}.")
            continue
        why = f" “{colleague.lacks}”" if colleague.lacks else ""
        reason = _AT_LENGTH[_why_not(colleague, week)]
        lines.append(f"{colleague.name} did not report: {reason}.{why}")
    return tuple(lines)


def behind(week: Week, colleagues: Sequence[Colleague]) -> tuple[str, ...]:
    """Name the agents who had work due and reported none of it: what they look after is unknown."""
    return tuple(
        f"What {it.name} looks after is not known: {_AT_LENGTH[_why_not(it, week)]}."
        for it in colleagues
        if not _reported(it, week) and any(_was_due(strand) for strand in _strands(it, week))
    )


def _strands(colleague: Colleague, week: Week) -> list[Strand]:
    return [strand for strand in week.strands if strand.task.agent == colleague.agent]


def _reported(colleague: Colleague, week: Week) -> bool:
    return any(strand.reported for strand in _strands(colleague, week))


def _was_due(strand: Strand) -> bool:
    ended = [it for it in strand.runs if it.status not in (*OPEN_RUNS, RunStatus.CANCELLED)]
    return bool(ended or strand.silent)


def _why_not(colleague: Colleague, week: Week) -> str:
    mine = _strands(colleague, week)
    statuses = {run.status for strand in mine for run in strand.runs}
    kept = [it for it in mine if it.task.state in (TaskState.ACTIVE, TaskState.PAUSED)]
    reasons = (
        (colleague.lacks is not None, "not connected"),
        (not kept and not statuses, "no task here"),
        (bool(statuses & {*_FAILURES}), "failed"),
        (any(strand.silent for strand in mine), "silent"),
        (RunStatus.MISSED in statuses, "missed"),
        (RunStatus.SKIPPED in statuses, "skipped"),
        (bool(statuses & {*OPEN_RUNS}), "still running"),
        (
            bool(kept) and all(it.task.state is TaskState.PAUSED for it in kept),
            "paused",
        ),
    )
    return next((reason for holds, reason in reasons if holds), "nothing was due")
