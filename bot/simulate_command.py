"""`chatcron simulate`: every due moment in a window, by the same code that fires them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from bot.errors import StartError
from bot.settings import Settings
from scheduler import recurrence
from scheduler.errors import BadSchedule
from storage.database import Database
from storage.migrate import check
from storage.records import Task, TaskState
from storage.store import Store

Fire = dict[str, str]


def simulate_cron(expression: str, zone: str, start: str, end: str, *, as_json: bool) -> str:
    """Give every fire of one expression from `start` up to, not including, `end`."""
    try:
        fires = _fires_of(expression, zone, start, end)
    except (BadSchedule, ValueError, OverflowError) as error:
        raise StartError(_sentence(error)) from error
    if as_json:
        return json.dumps(fires)
    return "\n".join(f"{fire['local']} {zone}  {fire['utc']}" for fire in fires)


def simulate_lines(lines: Iterable[str]) -> Iterator[str]:
    """Give one JSON list for each line {"cron","tz","from","to"}; {"error"} for a bad one."""
    for line in filter(str.strip, lines):
        try:
            asked = json.loads(line)
            yield json.dumps(_fires_of(asked["cron"], asked["tz"], asked["from"], asked["to"]))
        except (BadSchedule, ValueError, OverflowError, TypeError, AttributeError) as error:
            yield json.dumps({"error": _sentence(error)})
        except KeyError as error:
            yield json.dumps({"error": f"The line has no {error}."})


async def simulate_tasks(zone: str, start: str, end: str, *, as_json: bool) -> str:
    """Give every fire of every active task in the window, in order."""
    try:
        first, last = _instant(start, zone), _instant(end, zone)
    except (BadSchedule, ValueError, OverflowError) as error:
        raise StartError(_sentence(error)) from error
    async with Database(Settings.read().database_url.get_secret_value()) as database:
        await check(database)
        async with Store(database).read() as work:
            tasks = await work.tasks.all()
    rows = [_task_fire(moment, task) for moment, task in _in_order(tasks, first, last)]
    if as_json:
        return json.dumps(rows, indent=1)
    return "\n".join(
        f"{row['local']} {row['tz']}  {row['task']} {row['task_name']}" for row in rows
    )


def _in_order(
    tasks: Iterable[Task], first: datetime, last: datetime
) -> list[tuple[datetime, Task]]:
    fires = [
        (moment, task)
        for task in tasks
        if task.state is TaskState.ACTIVE
        for moment in _moments_of(task, first, last)
    ]
    return sorted(fires, key=lambda fire: (fire[0], fire[1].id))


def _moments_of(task: Task, first: datetime, last: datetime) -> Iterator[datetime]:
    """Give the task's moments in the window, none before its next run, none past its count."""
    if task.schedule is None or task.next_run_at is None:
        return
    left = None if task.schedule.count is None else task.schedule.count - task.fired
    moments = recurrence.between(task.schedule, task.next_run_at, last)
    for number, moment in enumerate(moments):
        if left is not None and number >= left:
            return
        if moment >= first:
            yield moment


def _task_fire(moment: datetime, task: Task) -> dict[str, Any]:
    return {
        **_fire(moment.astimezone(recurrence.find_zone(task.zone)), moment),
        "tz": task.zone,
        "task": f"T-{task.id}",
        "task_name": task.name,
    }


def _fires_of(expression: str, zone: str, start: str, end: str) -> list[Fire]:
    fires = recurrence.simulate(expression, zone, _instant(start, zone), _instant(end, zone))
    return [_fire(local, utc) for local, utc in fires]


def _fire(local: datetime, utc: datetime) -> Fire:
    return {
        "local": local.strftime("%Y-%m-%dT%H:%M"),
        "utc": utc.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:00Z"),
    }


def _instant(text: str, zone: str) -> datetime:
    """Read an ISO moment; one without an offset is wall time in `zone`."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=recurrence.find_zone(zone))
    return moment.astimezone(UTC)


def _sentence(error: Exception) -> str:
    return f"{error} {getattr(error, 'fix', '')}".strip()
