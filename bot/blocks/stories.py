"""What happened, told from the ledger: a task's history, and why its last run went as it did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.blocks import kit
from bot.blocks.cards import Message, asked_by
from bot.blocks.lists import outcome
from bot.blocks.text import clip, escape, fit, literal
from scheduler.policy import lasting
from scheduler.sentences import moment, moments, sentence, zone_name
from scheduler.speaking import KEPT
from storage.records import (
    Attempt,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Run,
    RunStatus,
    Task,
    TaskId,
    TaskState,
)

LIMIT = 2_900


def history(task: Task, runs: Sequence[Run], now: datetime) -> Message:
    """List a task's runs, the newest first."""
    title = f"*{literal(task.name)}* · T-{task.id} · {zone_name(task.zone)}"
    if not runs:
        text = f"{title}\nIt never ran."
        return Message(text=text, blocks=(kit.section(text),))
    lines = [f"• {outcome(run, task.zone, now)} · {_cause(run)}{_took(run)}" for run in runs]
    text = fit([title, *lines], LIMIT)
    counted = f"{len(runs)} run{'s' if len(runs) > 1 else ''}"
    return Message(text=f"{literal(task.name)}: {counted}", blocks=(kit.section(text),))


def latest(tasks: Sequence[Task], last: Mapping[TaskId, Run], now: datetime) -> Message:
    """List the last run of each task that ever ran, the newest first."""
    ran = sorted((task for task in tasks if task.id in last), key=lambda task: -last[task.id].id)
    lines = [f"• *{literal(task.name)}* · T-{task.id} · {outcome(last[task.id], task.zone, now)}"
             for task in ran]  # fmt: skip
    title = "*The last run of each task*" if ran else "No task ever ran."
    return Message(text=title, blocks=(kit.section(fit([title, *lines], LIMIT)),))


def _cause(run: Run) -> str:
    folded = f", {run.moments} moments" if run.moments > 1 else ""
    return asked_by(run) + folded


def _took(run: Run) -> str:
    if run.started_at is None or run.finished_at is None:
        return ""
    return f" · took {lasting(run.finished_at - run.started_at)}"


def why(
    task: Task,
    run: Run | None,
    attempts: Sequence[Attempt],
    deliveries: Sequence[Delivery],
    now: datetime,
) -> Message:
    """Say what became of a task's last due moment or request, from the ledger alone."""
    parts = [f"*{literal(task.name)}* · T-{task.id}"]
    if run is None:
        parts.append(f"It never came due and nobody ran it. {_standing(task, now)}")
    else:
        parts.append(_course(task, run, attempts, now))
        parts += [line for line in (_arrival(deliveries, task, now), _standing(task, now)) if line]
    text = fit(parts, LIMIT)
    return Message(text=text, blocks=(kit.section(text),))


def _course(task: Task, run: Run, attempts: Sequence[Attempt], now: datetime) -> str:
    zone = zone_name(task.zone)
    due = moment(run.scheduled_for or run.created_at, task.zone, now)
    reason = escape(clip(run.reason or "", 600)).rstrip(".")
    starts = ", ".join(moment(item.started_at, task.zone, now) for item in attempts)
    began = f"It was due {due}, {zone}, and started {starts}"
    if run.asked_by:
        began = f"It was {asked_by(run)} {due}, {zone}; it started {starts or 'not yet'}"
    match run.status:
        case RunStatus.QUEUED if attempts:
            again = moment(run.ready_at, task.zone, now)
            return f"{began}. That failed: {reason}. It is tried again {again}. R-{run.id}"
        case RunStatus.QUEUED:
            came = f"was {asked_by(run)}" if run.asked_by else "came due"
            return f"It {came} {due}, {zone}, and {_waits(task, run, now)}. R-{run.id}"
        case RunStatus.RUNNING:
            return f"{began}, and is still running. R-{run.id}"
        case RunStatus.SUCCEEDED:
            return f"{began}, and succeeded. R-{run.id}"
        case RunStatus.MISSED if run.moments > 1 and run.last_scheduled_for is not None:
            until = moment(run.last_scheduled_for, task.zone, now)
            span = f"It was due {run.moments:,} times from {due} to {until}, {zone}"
            return f"{span}, and each was missed: {reason}. R-{run.id}"
        case RunStatus.CANCELLED if not attempts:
            came = f"was {asked_by(run)}" if run.asked_by else "was due"
            return (
                f"It {came} {due}, {zone}, and was cancelled before it began: {reason}. R-{run.id}"
            )
        case RunStatus.SKIPPED | RunStatus.MISSED:
            return f"It was due {due}, {zone}, and was {run.status}: {reason}. R-{run.id}"
        case _:
            return f"{began}, and {_ENDED.get(run.status, run.status)}: {reason}. R-{run.id}"


def _waits(task: Task, run: Run, now: datetime) -> str:
    """Say what a run that has not begun waits for."""
    if run.ready_at <= now:
        return "waits for its turn"
    return f"starts {moment(run.ready_at, task.zone, now)}, at a moment of its own"


_ENDED = {
    RunStatus.FAILED: "failed",
    RunStatus.TIMED_OUT: "timed out",
    RunStatus.LOST: "was cut off",
    RunStatus.CANCELLED: "was cancelled",
}


def _arrival(deliveries: Sequence[Delivery], task: Task, now: datetime) -> str:
    result = [item for item in deliveries if item.kind is DeliveryKind.RESULT]
    if not result:
        return ""
    match result[0].state:
        case DeliveryState.SENT if result[0].sent_at is not None:
            return f"Its result was posted {moment(result[0].sent_at, task.zone, now)}."
        case DeliveryState.FAILED:
            return f"Its result could not be posted: {escape(result[0].error or 'no reason')}."
        case DeliveryState.OWED if (result[0].error or "").startswith(KEPT):
            return f"Its result is {KEPT}."
        case _:
            return "Its result is on its way."


def _standing(task: Task, now: datetime) -> str:
    match task.state:
        case TaskState.ACTIVE if task.next_run_at is not None:
            return f"Next: {moment(task.next_run_at, task.zone, now)}, {zone_name(task.zone)}."
        case TaskState.ACTIVE:
            return "It has no schedule; it runs when somebody asks."
        case TaskState.PAUSED if task.hold is not None and task.hold_reason:
            return f"It is on hold. {escape(task.hold_reason)}"
        case TaskState.DRAFT if task.hold is not None and not task.assumed and task.hold_reason:
            return f"It was never started. {escape(task.hold_reason)}"
        case TaskState.PAUSED if task.hold_reason:
            return f"It is paused. {escape(task.hold_reason)} “resume T-{task.id}” lets it go on."
        case TaskState.PAUSED:
            return "It is paused, so it does not come due."
        case TaskState.DRAFT:
            return "It still waits for an answer on its card, so it does not come due."
        case _:
            return "It has no runs left."


def next_runs(task: Task, due: Sequence[datetime], now: datetime) -> Message:
    """Say when a task comes due next."""
    if not due:
        text = f"*{literal(task.name)}* · T-{task.id}: {_standing(task, now)}"
    else:
        assert task.schedule is not None
        said = escape(sentence(task.schedule))
        text = (
            f"*{literal(task.name)}* · T-{task.id}, {said}, {zone_name(task.zone)}\n"
            f"Next: {moments(due, task.zone, now)}"
        )
    return Message(text=text, blocks=(kit.section(text),))
