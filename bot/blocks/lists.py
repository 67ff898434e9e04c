"""Lists of tasks: each with its status, its next run and its last outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from bot.blocks import kit
from bot.blocks.cards import Message
from bot.blocks.text import channel_link, clip, escape, fit, literal
from scheduler.forecast import Shift, shift_of
from scheduler.recurrence import find_zone
from scheduler.sentences import moment, zone_name
from storage.records import Run, RunStatus, Task, TaskId, TaskState

PAGE = 10
NAMED = 4
"""How many moments of a task on one day a list of what is due names."""
COUNTED = 95
"""Up to how many more moments are counted; of a task that runs all the time not all are known."""
LIMIT = 2_900
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
        return none_found("Nothing is due.")
    message = task_list(found[:PAGE], last, now, total=len(found))
    left = len(found) - PAGE
    if left < 1:
        return message
    foot = kit.context(f"And {left} more; `/tasks list` shows every task.")
    return Message(text=message.text, blocks=(*message.blocks, foot))


def none_found(why: str) -> Message:
    """Say that no task fits, and what of that which was asked fits none."""
    text = f"{why or 'There are no tasks yet.'} `/tasks list` shows every task."
    return Message(text=text, blocks=(kit.section(text),))


def due_tasks(
    tasks: Sequence[Task],
    due: Mapping[TaskId, Sequence[datetime]],
    zone: str,
    now: datetime,
) -> Message:
    """Show what is due, day by day, each day in the order of its first moments."""
    fires = [(at, task) for task in tasks for at in due[task.id]]
    days: dict[date, dict[TaskId, list[datetime]]] = {}
    for at, task in sorted(fires, key=lambda fire: (fire[0], fire[1].id)):
        local = at.astimezone(find_zone(zone))
        days.setdefault(local.date(), {}).setdefault(task.id, []).append(local)
    known = {task.id: task for task in tasks}
    counted = f"{len(tasks)} task{'s' if len(tasks) > 1 else ''}"
    whole = [_day_named(day, zone, now) for day in days]
    title = f"{counted} on {whole[0]}" if len(days) == 1 else f"{counted}, {zone_name(zone)}"
    lines = [f"*{title}*"]
    for named, (_, of_day) in zip(whole, days.items(), strict=True):
        lines += [] if len(days) == 1 else [f"*{named.partition(',')[0]}*"]
        lines += [_due_line(known[task_id], each) for task_id, each in of_day.items()]
    text = fit(lines, LIMIT)
    left = len(lines) - len(text.removesuffix("\n…").splitlines())
    more = [kit.context(f"And {left} more; name fewer days to see them.")] if left > 0 else []
    return Message(text=title, blocks=(kit.section(text), *more))


def _day_named(day: date, zone: str, now: datetime) -> str:
    year = "" if day.year == now.astimezone(find_zone(zone)).year else f" {day.year}"
    return f"{day:%a} {day.day} {day:%b}{year}, {zone_name(zone)}"


def _due_line(task: Task, due: Sequence[datetime]) -> str:
    """Say when a task is due on one day, given in the zone that is shown."""
    named, more = due[:NAMED], len(due) - NAMED
    when = ", ".join(f"{at:%H:%M}{_shifted(task, at)}" for at in named)
    when += " and so on" if more > COUNTED else f" and {more} more" if more > 0 else ""
    name = literal(clip(task.name, _LISTED_NAME))
    place = "" if task.channel.startswith("D") else f" · {channel_link(task.channel)}"
    return f"• {when} · *{name}* · T-{task.id} · {task.agent.capitalize()}{place}"


def _shifted(task: Task, at: datetime) -> str:
    """Say what a change of the clocks in the task's zone does to a moment."""
    if task.schedule is None:
        return ""
    shift, wall = shift_of(task.schedule, at.astimezone(UTC))
    where = zone_name(task.schedule.zone)
    match shift:
        case Shift.GAP:
            return f" (no {wall:%H:%M} that day, {where})"
        case Shift.FOLD | Shift.AGAIN:
            which = "first" if shift is Shift.FOLD else "second"
            local = at.astimezone(find_zone(task.schedule.zone))
            return f" (the {which} {local:%H:%M} that day, {where})"
        case None:
            return ""


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
