"""The workspace's holidays: kept in one list, and in every schedule that leaves them out.

A schedule holds the days themselves, so that what it names is due is told by it alone. Whoever puts
another list down has every such schedule, and its next moment, changed with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from scheduler import recurrence
from scheduler.errors import Refused
from scheduler.holiday_files import Holiday
from storage.records import Actor, Task, TaskState
from storage.schedules import Schedule, leaving_out
from storage.store import Store, Work

_MARK = "holidays"
NO_LIST = "I keep no list of holidays."
HOW_TO_GIVE = "An admin can give one: `chatcron holidays import FILE`."


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """How a list stands: its days, who left them out before and does, and which were over."""

    holidays: tuple[Holiday, ...]
    tasks: int = 0


async def kept(work: Work) -> tuple[Holiday, ...]:
    """Give the workspace's holidays in order; none where there is no list."""
    body = await work.marks.get(_MARK) or {}
    days = body.get("days", [])
    return tuple(Holiday(day=date.fromisoformat(day), name=name) for day, name in days)


async def observed(work: Work, schedule: Schedule | None) -> Schedule | None:
    """Give a schedule with the days of the present list, where it leaves holidays out.

    Raises Refused where it wants to and there is no list.
    """
    if schedule is None or schedule.exceptions.holidays is None:
        return schedule
    days = tuple(holiday.day for holiday in await kept(work))
    if not days and not schedule.exceptions.holidays:
        raise Refused(NO_LIST, fix=f"{HOW_TO_GIVE} Or name the dates that it should leave out.")
    return leaving_out(schedule, days)


async def current(work: Work, task: Task) -> Task:
    """Give a task whose schedule leaves out the days of the present list, where it leaves any."""
    return replace(task, schedule=await observed(work, task.schedule))


class Holidays:
    """Puts the list down, and says how it stands."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def are_kept(self) -> bool:
        """Say whether there is a list."""
        async with self._store.read() as work:
            return bool(await kept(work))

    async def look(self) -> Observed:
        """Give the list, and how many tasks leave its days out."""
        async with self._store.read() as work:
            tasks = [task for task in await work.tasks.all() if _leaves_out(task)]
            return Observed(holidays=await kept(work), tasks=len(tasks))

    async def put(self, holidays: Sequence[Holiday], *, by: Actor, now: datetime) -> Observed:
        """Put a list in the place of the last, for every task that leaves holidays out.

        Its next moment is one of the changed schedule, and its runs in progress go on.
        """
        days = tuple(sorted({holiday.day for holiday in holidays}))
        async with self._store.begin() as work:
            before = await kept(work)
            tasks = [each for state in TaskState for each in await work.tasks.lock_all(state)]
            those = [task for task in tasks if _leaves_out(task)]
            for task in those:
                await work.tasks.reschedule(_with(task, days, now))
            body = {"days": [[each.day.isoformat(), each.name] for each in holidays]}
            await work.marks.put(_MARK, body, now)
            await work.audit.write(
                "holidays",
                "workspace",
                by=by,
                at=now,
                before={"days": len(before)},
                after={"days": len(days)},
            )
        return Observed(
            holidays=tuple(holidays),
            tasks=sum(task.state is not TaskState.REMOVED for task in those),
        )


def _leaves_out(task: Task) -> bool:
    return task.schedule is not None and task.schedule.exceptions.holidays is not None


def _with(task: Task, days: tuple[date, ...], now: datetime) -> Task:
    """Give a task with other holidays; a moment that is due already stays due."""
    assert task.schedule is not None
    after = replace(task, schedule=leaving_out(task.schedule, days))
    if task.state is not TaskState.ACTIVE or (task.next_run_at and task.next_run_at <= now):
        return after
    assert after.schedule is not None
    due = recurrence.upcoming(after.schedule, now, 1, fired=task.fired)
    if not due:
        return replace(after, state=TaskState.COMPLETED, next_run_at=None)
    return replace(after, next_run_at=due[0])
