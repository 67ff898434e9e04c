"""Which tasks somebody means by what they said of them, and where none is, what fitted none; pure.

Times are said and shown on the wall of `zone`, the asker's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from bot.blocks.text import channel_link, literal
from bot.intent.intents import Selection
from scheduler import naming
from scheduler.forecast import first_of, moments_of
from storage.records import FAILED_RUNS, Run, Task, TaskId, TaskState

LOOKED_AHEAD = timedelta(days=35)
"""How far a day of the week is looked for, so that monthly tasks are found, too."""
MOST_DUE = 200
"""How many moments of one task are looked at."""
SOON = timedelta(days=7)
MOST_TASKS = 50
"""How many tasks a list of what comes next holds: more lines than one message takes."""
_STATES = {
    "active": (TaskState.ACTIVE, "is on"),
    "paused": (TaskState.PAUSED, "is paused"),
    "draft": (TaskState.DRAFT, "waits for an answer"),
}
_Fits = Callable[[Task], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was said of tasks, by whom, where and when; `channel` is the id of one that was named.

    `last` holds each task's last run.
    """

    which: Selection
    person: str
    here: str
    channel: str | None
    last: Mapping[TaskId, Run]
    zone: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """The tasks that fit, with their moments on the days that were asked for, if any were.

    `why_none` says, where none fits, what of that which was said fits no task.
    """

    tasks: tuple[Task, ...]
    due: Mapping[TaskId, tuple[datetime, ...]] = field(default_factory=dict)
    why_none: str = ""


def pick(tasks: Sequence[Task], asked: Asked) -> Picked:
    """Pick the tasks that fit all that was said, as they came; those due on days by their times."""
    due = {task.id: _due(task, asked) for task in tasks} if _asks_due(asked.which) else {}
    filters = _filters(asked, due)
    fitting = [task for task in tasks if all(fits(task) for _, fits in filters)]
    if due:
        fitting.sort(key=lambda task: due[task.id][0])
    why = "" if fitting else _why_none(tasks, filters)
    return Picked(
        tasks=tuple(fitting),
        due={task.id: due[task.id] for task in fitting} if due else {},
        why_none=why,
    )


def soon(tasks: Sequence[Task], now: datetime) -> Picked:
    """Pick the tasks that are the first to come due within a week, with their moments in it."""
    firsts = ((first_of(task), task) for task in tasks)
    by_first = sorted((at, task.id, task) for at, task in firsts if at is not None)
    due = {
        task.id: tuple(islice(moments_of(task, now, now + SOON, settled=now), MOST_DUE))
        for _, _, task in by_first[:MOST_TASKS]
    }
    found = tuple(task for _, _, task in by_first[:MOST_TASKS] if due[task.id])
    return Picked(tasks=found, due={task.id: due[task.id] for task in found})


def _why_none(tasks: Sequence[Task], filters: Sequence[tuple[str, _Fits]]) -> str:
    for said, fits in filters:
        if not any(fits(task) for task in tasks):
            return f"No task {said}."
    if not filters:
        return ""
    return f"No task {' and '.join(said for said, _ in filters)} at once."


def _filters(asked: Asked, due: Mapping[TaskId, tuple[datetime, ...]]) -> list[tuple[str, _Fits]]:
    """Give each thing that was said, in words and as a test."""
    which = asked.which
    found: list[tuple[str, _Fits]] = []
    if which.mine:
        found.append(("is yours", lambda task: task.owner == asked.person))
    if which.agent is not None:
        name = literal(which.agent.capitalize())
        found.append((f"is {name}'s", lambda task: task.agent == which.agent))
    if which.here:
        found.append(("posts here", lambda task: task.channel == asked.here))
    if asked.channel is not None:
        link = channel_link(asked.channel)
        found.append((f"posts in {link}", lambda task: task.channel == asked.channel))
    if which.state == "failed":
        said = "failed when it last ran"
        said = f"{said}, {_days_said(which)}" if _names_days(which) else said
        found.append((said, lambda task: _has_failed(asked.last.get(task.id), asked)))
    elif which.state is not None:
        state, said = _STATES[which.state]
        found.append((said, lambda task: task.state is state))
    if words := set(naming.words_of(which.words or "")):
        said = f"is called “{literal(which.words or '')}”"
        found.append((said, lambda task: words <= {*naming.words_of(task.name), task.agent}))
    if _asks_due(which):
        found.append((f"is due {_days_said(which)}", lambda task: bool(due[task.id])))
    return found


def _has_failed(last: Run | None, asked: Asked) -> bool:
    """Whether the last run failed, on one of the days that were named if any were."""
    if last is None or last.status not in FAILED_RUNS:
        return False
    first, end = asked.which.first, asked.which.last or asked.which.first
    on = (last.finished_at or last.created_at).astimezone(ZoneInfo(asked.zone)).date()
    return first is None or end is None or first <= on <= end


def _asks_due(which: Selection) -> bool:
    """Whether days say when tasks come due, and not when they failed."""
    return _names_days(which) and which.state != "failed"


def _names_days(which: Selection) -> bool:
    return which.weekday is not None or which.first is not None


def _days_said(which: Selection) -> str:
    if which.weekday is not None:
        return f"on {which.weekday.name.capitalize()}s"
    assert which.first is not None
    if which.last in (None, which.first):
        return f"on {_day(which.first)}"
    return f"from {_day(which.first)} to {_day(which.last or which.first)}"


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _due(task: Task, asked: Asked) -> tuple[datetime, ...]:
    """Give a task's moments still to come on the days that were asked for.

    Of a day of the week it is the next such day with any.
    """
    zone, which = ZoneInfo(asked.zone), asked.which
    start, end = _span(which, zone, asked.now)
    coming = moments_of(task, start, end, settled=asked.now)
    if which.weekday is None:
        return tuple(islice(coming, MOST_DUE))
    on_day = (at for at in coming if at.astimezone(zone).weekday() == which.weekday)
    first = next(on_day, None)
    if first is None:
        return ()
    day = first.astimezone(zone).date()
    same = takewhile(lambda at: at.astimezone(zone).date() == day, on_day)
    return (first, *islice(same, MOST_DUE))


def _span(which: Selection, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    if which.first is None:
        return now, now + LOOKED_AHEAD
    last = which.last or which.first
    return max(now, _opening(which.first, zone)), _opening(last + timedelta(days=1), zone)


def _opening(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
