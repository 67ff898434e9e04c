"""`chatcron simulate`: every due moment in a window, by the same code that fires them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time
from typing import Any

from bot.blocks.text import clip
from bot.errors import StartError
from bot.settings import Settings
from scheduler import recurrence
from scheduler.errors import BadSchedule
from scheduler.forecast import Fire, Load, Shift, forecast, shift_of
from storage.database import Database
from storage.migrate import check
from storage.records import Task, TaskId
from storage.schedules import Cron, Schedule
from storage.store import Store

_WRONG = (BadSchedule, ValueError, OverflowError)
_WORST = 5
_NAME = 60


def simulate_cron(expression: str, zone: str, start: str, end: str, *, as_json: bool) -> str:
    """Give every fire of one expression from `start` up to, not including, `end`."""
    try:
        if as_json:
            return json.dumps(_fires_of(expression, zone, start, end))
        schedule = Schedule(rule=Cron(expression=expression), zone=zone)
        found = recurrence.simulate(expression, zone, _instant(start, zone), _instant(end, zone))
        return "\n".join(
            f"{local:%Y-%m-%dT%H:%M} {zone}  {_utc(at)}{_noted(schedule, at)}"
            for local, at in found
        )
    except _WRONG as error:
        raise StartError(_sentence(error)) from error


def simulate_lines(lines: Iterable[str]) -> Iterator[str]:
    """Give one JSON list for each line {"cron","tz","from","to"}; {"error"} for a bad one."""
    for line in filter(str.strip, lines):
        try:
            asked = json.loads(line)
            yield json.dumps(_fires_of(asked["cron"], asked["tz"], asked["from"], asked["to"]))
        except (*_WRONG, TypeError, AttributeError) as error:
            yield json.dumps({"error": _sentence(error)})
        except KeyError as error:
            yield json.dumps({"error": f"The line has no {error}."})


async def simulate_tasks(zone: str, start: str, end: str, *, as_json: bool) -> str:
    """Give every fire of every task in the window, in order, and how many share a minute."""
    try:
        first, last = _instant(start, zone), _instant(end, zone)
    except _WRONG as error:
        raise StartError(_sentence(error)) from error
    async with Database(Settings.read().database_url.get_secret_value()) as database:
        await check(database)
        async with Store(database).read() as work:
            tasks = await work.tasks.all()
    load, fires = Load(), []
    for fire in forecast(tasks, first, last):
        load.add(fire)
        fires.append(fire)
    if as_json:
        return json.dumps([_as_json(fire, load) for fire in fires], indent=1)
    named = {task.id: task for task in tasks}
    summary = "\n".join(_summary(fires, load, named, zone))
    return "\n".join([*(_line(fire, load) for fire in fires), *([""] if fires else []), summary])


def _as_json(fire: Fire, load: Load) -> dict[str, Any]:
    return {
        "local": f"{fire.local:%Y-%m-%dT%H:%M}",
        "utc": _utc(fire.at),
        "tz": str(fire.local.tzinfo),
        "task": f"T-{fire.task.id}",
        "task_name": fire.task.name,
        "clock_change": fire.shift,
        "same_minute": load.beside(fire),
    }


def _line(fire: Fire, load: Load) -> str:
    others = load.beside(fire)
    beside = f"  (+{others} in this minute)" if others else ""
    name = clip(" ".join(fire.task.name.split()), _NAME)
    where = f"{fire.local:%a %Y-%m-%dT%H:%M %Z} {fire.local.tzinfo}"
    note = _note(fire.shift, fire.named, fire.local)
    return f"{where}  T-{fire.task.id} {name}{note}{beside}"


def _summary(
    fires: list[Fire], load: Load, tasks: Mapping[TaskId, Task], zone: str
) -> Iterator[str]:
    """Say how much it is, what the clocks change, and which minutes are the fullest."""
    count = len({fire.task.id for fire in fires})
    if not fires:
        yield "Nothing is due in this window."
        return
    yield f"{_many(len(fires), 'fire')} of {_many(count, 'task')} in this window."
    moved = sum(fire.shift is Shift.GAP for fire in fires)
    twice = sum(fire.shift in (Shift.FOLD, Shift.AGAIN) for fire in fires)
    if moved or twice:
        yield f"Changes of the clocks: {moved} moved by a gap, {twice} in an hour that comes twice."
    if not (shared := load.shared()):
        yield "No two tasks share a minute."
        return
    yield f"{_many(shared, 'minute')} with more than one fire; the fullest, {zone}:"
    for minute, ids in load.busiest():
        if len(ids) == 1:
            return
        local = minute.astimezone(recurrence.find_zone(zone))
        named = ", ".join(f"T-{it} {clip(tasks[it].name, 30)}" for it in ids[:_WORST])
        more = f" and {len(ids) - _WORST} more" if len(ids) > _WORST else ""
        yield f"  {local:%a %Y-%m-%d %H:%M}  {len(ids)} fires: {named}{more}"


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _noted(schedule: Schedule, at: datetime) -> str:
    return _note(*shift_of(schedule, at), at.astimezone(recurrence.find_zone(schedule.zone)))


def _note(shift: Shift | None, named: time | None, local: datetime) -> str:
    match shift:
        case Shift.GAP:
            return f"  [the clocks skip {named:%H:%M} that day: moved to {local:%H:%M}]"
        case Shift.FOLD:
            return f"  [{local:%H:%M} comes twice that day: only the first counts]"
        case Shift.AGAIN:
            return f"  [{local:%H:%M} comes twice that day: this is the second]"
        case None:
            return ""


def _fires_of(expression: str, zone: str, start: str, end: str) -> list[dict[str, str]]:
    fires = recurrence.simulate(expression, zone, _instant(start, zone), _instant(end, zone))
    return [{"local": f"{local:%Y-%m-%dT%H:%M}", "utc": _utc(at)} for local, at in fires]


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:00Z}"


def _instant(text: str, zone: str) -> datetime:
    """Read an ISO moment; one without an offset is wall time in `zone`."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=recurrence.find_zone(zone))
    return moment.astimezone(UTC)


def _sentence(error: Exception) -> str:
    return f"{error} {getattr(error, 'fix', '')}".strip()
