"""What becomes of a draft nobody answers: one reminder before its first run, then a quiet end.

The deadlines stand in the task's row, so they outlive every restart.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from scheduler import recurrence
from scheduler.desk import Desk
from scheduler.errors import UnknownTask
from scheduler.now import Now
from storage.records import (
    CHATCRON,
    DeliveryKind,
    DeliveryState,
    Hold,
    Task,
    TaskId,
    TaskState,
)
from storage.schedules import Schedule
from storage.store import Store, Work

LEAD = timedelta(minutes=15)
"""How long before its first run a draft reminds its author."""
QUIET_AT_FIRST = timedelta(minutes=5)
LONGEST_QUIET = timedelta(hours=24)
TIME_TO_ANSWER = timedelta(hours=1)
LONGEST_WAIT = timedelta(hours=24)
INVITATION_WAIT = timedelta(days=7)
AT_ONCE = 100

log = structlog.get_logger(__name__)


def with_deadlines(draft: Task, now: datetime, first: datetime | None) -> Task:
    """Give a draft its moments to remind and to end; `first` is the first run it would have had.

    The reminder comes 15 minutes before that run, never within 5 minutes from now nor after 24
    hours; the end at that run, never within an hour of the reminder nor a day after it. What waits
    for an invitation ends after 7 days.
    """
    latest = now + LONGEST_QUIET
    wanted = latest if first is None else first - LEAD
    remind_at = min(max(wanted, now + QUIET_AT_FIRST), latest)
    if draft.hold is Hold.INVITATION:
        return replace(draft, remind_at=remind_at, expires_at=now + INVITATION_WAIT)
    last_call = remind_at + LONGEST_WAIT
    expires_at = min(max(first or last_call, remind_at + TIME_TO_ANSWER), last_call)
    return replace(draft, remind_at=remind_at, expires_at=expires_at)


class Drafts:
    """Reminds and ends what was never confirmed, each once, however many processes look."""

    def __init__(self, store: Store, *, now: Now) -> None:
        self._store = store
        self._desk = Desk(store, now)
        self._is_dated = False

    async def round(self, now: datetime) -> int:
        """Remind of every draft whose time has come and end every other; returns how many.

        The first round gives those of an earlier schema, which have no end, their deadlines.
        """
        while not self._is_dated:
            self._is_dated = not await self._date(now)
        async with self._store.read() as work:
            forgotten = await work.tasks.drafts_to_remind(now, AT_ONCE)
            over = await work.tasks.drafts_to_end(now, AT_ONCE)
        done = [await self._remind(task, now) for task in forgotten]
        done += [await self._end(task.id, now) for task in over]
        return sum(done)

    async def _date(self, now: datetime) -> int:
        """Give drafts without an end their deadlines, some at a time; returns how many."""
        async with self._store.begin() as work:
            undated = await work.tasks.drafts_undated(AT_ONCE)
            for task in undated:
                first = None if task.schedule is None else _first(task.schedule, now)
                await work.tasks.date_draft(with_deadlines(task, now, first))
        return len(undated)

    async def _remind(self, task: Task, now: datetime) -> bool:
        """Owe the author one message; the draft's version stays, so its buttons go on working."""
        async with self._store.begin() as work:
            if not await work.tasks.reminded(task, now, end_not_before=now + TIME_TO_ANSWER):
                return False
            await work.deliveries.owe(
                DeliveryKind.REMINDER_DM, target=task.owner, task_id=task.id, now=now
            )
        log.info("A draft's author is reminded", action="draft_reminded", task_id=task.id)
        return True

    async def _end(self, task_id: TaskId, now: datetime) -> bool:
        async with self._store.begin() as work:
            try:
                task = await self._desk.take(work, task_id)
            except UnknownTask:
                return False
            if not _is_over(task, now):
                return False
            gone = replace(task, state=TaskState.REMOVED, next_run_at=None)
            await self._desk.put_back(
                work, gone, before=task, action="expire", by=CHATCRON, tell_owner=False
            )
            await _owe_ends(work, task, now)
        log.info("A draft was never confirmed", action="draft_expired", task_id=task_id)
        return True


def _first(schedule: Schedule, now: datetime) -> datetime | None:
    """Give a draft's first run; None where its schedule, however old, can't be computed."""
    try:
        return recurrence.next_after(schedule, now)
    except Exception:
        log.exception("A draft's schedule broke", action="schedule_broke")
        return None


def _is_over(task: Task, now: datetime) -> bool:
    is_due = task.expires_at is not None and task.expires_at <= now
    return task.state is TaskState.DRAFT and task.remind_at is None and is_due


async def _owe_ends(work: Work, task: Task, now: datetime) -> None:
    """Owe the sentence in place of the card, and of the reminder, wherever they stand."""
    for kind in (DeliveryKind.CARD, DeliveryKind.REMINDER_DM):
        shown = await work.deliveries.last_of_task(task.id, kind)
        if shown is None or shown.state is DeliveryState.FAILED:
            continue
        await work.deliveries.owe(
            DeliveryKind.EXPIRED, target=shown.target, task_id=task.id, after=shown.id, now=now
        )
