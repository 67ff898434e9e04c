"""Lists of tasks: each with its status, its next run and its last outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.blocks import kit
from bot.blocks.cards import Message
from bot.blocks.text import channel_link, clip, escape, literal
from scheduler.sentences import moment, zone_name
from storage.records import Run, RunStatus, Task, TaskId, TaskState

PAGE = 10
_LISTED_NAME = 60


def task_page(
    tasks: Sequence[Task], last: Mapping[TaskId, Run], now: datetime, *, page: int
) -> Message:
    """Show one page of these tasks, with buttons that turn it; pages count from 0.

    Where there are fewer pages by now, the last of them is shown.
    """
    pages = -(-len(tasks) // PAGE)
    page = max(0, min(page, pages - 1))
    start = page * PAGE
    message = task_list(tasks[start : start + PAGE], last, now, total=len(tasks))
    if pages < 2:
        return message
    turns = [
        *([kit.button("Back", "page_back", str(page - 1))] if page else []),
        *([kit.button("More", "page_on", str(page + 1))] if page + 1 < pages else []),
    ]
    foot = (kit.context(f"Page {page + 1} of {pages}"), kit.actions(*turns))
    return Message(text=message.text, blocks=(*message.blocks, *foot))


def found_tasks(found: Sequence[Task], last: Mapping[TaskId, Run], now: datetime) -> Message:
    """Show the first of the tasks that were asked for, and say where the others are."""
    if not found:
        text = "No task fits that; `/tasks list` shows every task."
        return Message(text=text, blocks=(kit.section(text),))
    message = task_list(found[:PAGE], last, now, total=len(found))
    left = len(found) - PAGE
    if left < 1:
        return message
    foot = kit.context(f"And {left} more; `/tasks list` shows every task.")
    return Message(text=message.text, blocks=(*message.blocks, foot))


def task_list(
    tasks: Sequence[Task], last: Mapping[TaskId, Run], now: datetime, *, total: int
) -> Message:
    """Show tasks out of `total`: status, next run, last outcome."""
    if not total:
        text = "There are no tasks yet. Try: `@alex schedule daily cost report at 8 AM`."
        return Message(text=text, blocks=(kit.section(text),))
    rows = [kit.section(_listed(task, last.get(task.id), now)) for task in tasks]
    counted = f"{total} task{'s' if total > 1 else ''}"
    title = kit.section(f"*{counted}*")
    return Message(text=counted, blocks=(title, *rows))


def _listed(task: Task, run: Run | None, now: datetime) -> str:
    name = literal(clip(task.name, _LISTED_NAME))
    agent = task.agent.capitalize()
    match task.state:
        case TaskState.ACTIVE if task.next_run_at is not None:
            state = f"next {moment(task.next_run_at, task.zone, now)}, {zone_name(task.zone)}"
        case TaskState.ACTIVE:
            state = "on demand"
        case TaskState.DRAFT:
            state = "waits for an answer" if task.assumed else "waits to be let into its channel"
        case TaskState.PAUSED if task.hold is not None:
            state = "on hold"
        case state_now:
            state = str(state_now)
    place = "" if task.channel.startswith("D") else f" · {channel_link(task.channel)}"
    return f"*T-{task.id}* {name} · {agent}{place} · {state}\n{outcome(run, task.zone, now)}"


def outcome(run: Run | None, zone: str, now: datetime) -> str:
    """Say how a run stands, in one line."""
    if run is None:
        return "never ran"
    when = run.finished_at or run.started_at or run.scheduled_for or run.created_at
    said = _SAID.get(run.status, str(run.status))
    reason = f": {escape(clip(run.reason, 200))}" if run.reason and _is_bad(run) else ""
    return f"{said} {moment(when, zone, now)} (R-{run.id}){reason}"


_SAID = {
    RunStatus.QUEUED: "waiting to run since",
    RunStatus.RUNNING: "running since",
    RunStatus.TIMED_OUT: "timed out",
}


def _is_bad(run: Run) -> bool:
    return run.status not in (RunStatus.SUCCEEDED, RunStatus.RUNNING)
