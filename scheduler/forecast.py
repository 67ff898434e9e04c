"""What will be due: the moments of tasks in a window, in order, and how many share a minute; pure.

The dispatcher takes its due moments from here, so what `chatcron simulate` and Slack show is what
fires. Whether a moment then starts or is skipped depends on the run before it, and is not foretold.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from itertools import dropwhile, islice

from scheduler import crontab, recurrence
from storage.records import Task, TaskId, TaskState
from storage.schedules import Cron, Every, Schedule, Several, Single

NAMED = 10
"""How many of the busiest minutes are named."""
_INSTANT = timedelta(microseconds=1)
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


class Shift(StrEnum):
    """What a change of the clocks does to a moment.

    `GAP`: its wall time does not exist that day, so it runs at the first minute after. `FOLD`: its
    wall time comes twice, and it runs at the first. `AGAIN`: the second time of one that follows
    elapsed time and runs at both.
    """

    GAP = "gap"
    FOLD = "fold"
    AGAIN = "again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fire:
    """One moment of a task: `at` in UTC, `local` on the task's own wall.

    `named` is the wall time that a gap moved it from, None for every other.
    """

    task: Task
    at: datetime
    local: datetime
    shift: Shift | None = None
    named: time | None = None


@dataclass(slots=True)
class Load:
    """Which tasks come due in each minute (UTC); fed one fire after the other."""

    minutes: dict[datetime, list[TaskId]] = field(default_factory=dict)

    def add(self, fire: Fire) -> None:
        """Count a fire."""
        self.minutes.setdefault(_minute_of(fire.at), []).append(fire.task.id)

    def beside(self, fire: Fire) -> int:
        """Say how many other fires share a fire's minute."""
        return len(self.minutes[_minute_of(fire.at)]) - 1

    def shared(self) -> int:
        """Say how many minutes have more than one fire."""
        return sum(len(tasks) > 1 for tasks in self.minutes.values())

    def busiest(self, limit: int = NAMED) -> list[tuple[datetime, list[TaskId]]]:
        """Give the minutes with the most fires, the earlier first among equals."""
        return heapq.nsmallest(limit, self.minutes.items(), key=lambda it: (-len(it[1]), it[0]))


def forecast(
    tasks: Iterable[Task], start: datetime, end: datetime, *, settled: datetime | None = None
) -> Iterator[Fire]:
    """Give, lazily and in order, every fire of the tasks from `start` up to, not including, `end`.

    Moments at the same instant come in the order of their tasks' numbers.
    """
    each = (_keyed(task, moments_of(task, start, end, settled=settled)) for task in tasks)
    return (_fire(task, at) for at, _, task in heapq.merge(*each, key=lambda it: it[:2]))


def moments_of(
    task: Task, start: datetime, end: datetime, *, settled: datetime | None = None
) -> Iterator[datetime]:
    """Give a task's moments from `start` (included) to `end` (excluded), none past its count.

    None for a task that is not on, unless its pause has an end: then those from that end on. What
    is before `settled` counts as over; without it, the stored next moment is the first.
    """
    first = first_of(task)
    if task.schedule is None or first is None:
        return iter(())
    left = None if task.schedule.count is None else task.schedule.count - task.fired
    if settled is not None and first < settled:
        since = settled if left is not None else max(start, settled)
        coming = recurrence.between(task.schedule, since, end)
    elif left is None and start > first:
        return recurrence.between(task.schedule, start, end)
    else:
        coming = _from_stored(task.schedule, first, end)
    counted = coming if left is None else islice(coming, max(left, 0))
    return dropwhile(lambda at: at < start, counted)


def first_of(task: Task) -> datetime | None:
    """Give the next moment of a task that is on, or the first after the end of its pause."""
    if task.state is TaskState.ACTIVE:
        return task.next_run_at
    is_resting = task.state is TaskState.PAUSED and task.hold is None
    if not is_resting or task.paused_until is None or task.schedule is None:
        return None
    since = max(task.paused_until, task.updated_at) - _INSTANT
    return next(iter(recurrence.upcoming(task.schedule, since, 1, fired=task.fired)), None)


def shift_of(schedule: Schedule, at: datetime) -> tuple[Shift | None, time | None]:
    """Say what a change of the clocks does to a moment, and the wall time it was moved from."""
    zone = recurrence.find_zone(schedule.zone)
    local = at.astimezone(zone)
    before = (at - _MINUTE).astimezone(zone)
    gap = _offset(local) - _offset(before)
    if timedelta() < gap < _DAY:
        moved = _skipped(schedule, local, gap)
        return (None, None) if moved is None else (Shift.GAP, moved)
    if local.fold:
        return Shift.AGAIN, None
    is_twice = _offset(local) != _offset(local.replace(fold=1))
    return (Shift.FOLD, None) if is_twice and _is_fixed(schedule, local) else (None, None)


def _from_stored(schedule: Schedule, first: datetime, end: datetime) -> Iterator[datetime]:
    """Give the stored moment, whatever the schedule says of it by now, and those after it."""
    if first < end:
        yield first
    yield from recurrence.between(schedule, first + _INSTANT, end)


def _keyed(task: Task, moments: Iterator[datetime]) -> Iterator[tuple[datetime, TaskId, Task]]:
    return ((at, task.id, task) for at in moments)


def _fire(task: Task, at: datetime) -> Fire:
    assert task.schedule is not None
    shift, named = shift_of(task.schedule, at)
    local = at.astimezone(recurrence.find_zone(task.schedule.zone))
    return Fire(task=task, at=at, local=local, shift=shift, named=named)


def _skipped(schedule: Schedule, local: datetime, gap: timedelta) -> time | None:
    """Give the first wall time in the gap before `local` that the schedule names, if any.

    None also where it names `local` itself, and the gap moves nothing there.
    """
    wall = local.replace(tzinfo=UTC, fold=0)
    opened = wall - timedelta(seconds=wall.second, microseconds=wall.microsecond)
    named = _named(schedule, opened - gap, wall + _INSTANT)
    return None if not named or wall in named else named[0].time()


def _is_fixed(schedule: Schedule, local: datetime) -> bool:
    wall = local.replace(tzinfo=UTC, fold=0)
    return bool(_named(schedule, wall, wall + _INSTANT))


def _named(schedule: Schedule, start: datetime, end: datetime) -> list[datetime]:
    """Give the wall times, worn as if UTC, that a schedule's rules of fixed times name."""
    rules = schedule.rule.rules if isinstance(schedule.rule, Several) else (schedule.rule,)
    fixed = tuple(rule for rule in rules if not _follows_elapsed_time(rule))
    if not fixed:
        return []
    on_wall = replace(schedule, rule=Several(rules=fixed), zone="UTC")
    return list(recurrence.between(on_wall, start, end))


def _follows_elapsed_time(rule: Single) -> bool:
    if isinstance(rule, Cron):
        return crontab.parse(rule.expression).follows_elapsed_time
    return isinstance(rule, Every)


def _offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta()


def _minute_of(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
