"""Desk: takes a task up under its lock and puts it back with version, audit and notices.

Only those write here: the Planner and Bulk (what people ask for), the Warden and Drafts (what
nobody asked for).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from scheduler import brake, recurrence
from scheduler.errors import BadSchedule, no_such_task
from scheduler.hearers import may_hear
from scheduler.now import Now
from storage import rows
from storage.records import Actor, DeliveryKind, Hold, Origin, Task, TaskId, TaskState
from storage.store import Store, Work

_UNTOLD = ("version", "updated_at", "card_ts", "fired", "next_run_at")
"""Slots that the audit leaves out: they follow from others, or from the clock."""
_OWN_DOING = (Origin.CHATCRON, Origin.CLI)
_UNSEEN = (TaskState.DRAFT, TaskState.REMOVED)


class Desk:
    """Where tasks are written."""

    def __init__(self, store: Store, now: Now) -> None:
        self.store = store
        self.now = now

    async def find(self, task_id: TaskId) -> Task:
        """Read a task that is still there; raises UnknownTask."""
        async with self.store.read() as work:
            task = await work.tasks.get(task_id)
        return _there(task, task_id)

    async def take(self, work: Work, task_id: TaskId) -> Task:
        """Take a task that is still there, and hold it until the transaction ends."""
        return _there(await work.tasks.lock(task_id), task_id)

    def armed(self, task: Task, *, since: datetime | None = None) -> Task:
        """Give an active task its next due moment, or refuse a schedule that has none left.

        The moment is after now, or after `since`, so that it may have passed already.
        """
        clear = replace(
            task,
            state=TaskState.ACTIVE,
            hold=None,
            hold_reason=None,
            paused_until=None,
            remind_at=None,
            expires_at=None,
        )
        if clear.schedule is None:
            return replace(clear, next_run_at=None)
        now = since or self.now()
        recurrence.check(clear.schedule, now)
        due = recurrence.upcoming(clear.schedule, now, 1, fired=clear.fired)
        if not due:
            raise BadSchedule(
                f"{clear.name} has no run left: its schedule is over.",
                fix="Give it a new time, and it starts again.",
            )
        return replace(clear, next_run_at=due[0])

    async def add(self, work: Work, task: Task, *, by: Actor, is_seen: bool = True) -> Task:
        """Put a new task down, with the card it owes; a draft that is not seen owes none yet."""
        now = self.now()
        task = await _braked(work, task)
        task = await work.tasks.add(task)
        await work.tasks.keep_first(task, by=by.id, at=now)
        after = rows.task_snapshot(task)
        await work.audit.write("create", _named(task), by=by, at=now, after=after)
        is_hidden = task.state is TaskState.DRAFT and not is_seen
        if task.hold is not Hold.INVITATION and not is_hidden:  # else it can't stand there yet
            await self.owe_card(work, task)
        return task

    async def owe_card(self, work: Work, task: Task) -> None:
        """Owe the channel the task's card."""
        await work.deliveries.owe(
            DeliveryKind.CARD,
            target=task.channel,
            task_id=task.id,
            thread_ts=task.thread_ts,
            now=self.now(),
        )

    async def put_back(
        self,
        work: Work,
        after: Task,
        *,
        before: Task,
        action: str,
        by: Actor,
        tell_owner: bool = True,
        past_brake: bool = False,
    ) -> Task:
        """Put a changed task down as a new version; its owner is told of what others did to it.

        One that would be on from now is held, while everything is, unless `past_brake`.
        """
        now = self.now()
        if before.state is not TaskState.ACTIVE and not past_brake:
            after = await _braked(work, after)
        if after.state is TaskState.REMOVED:
            reason = "The task was removed before it ran."
            await work.runs.cancel_queued(after.id, reason=reason, now=now)
        saved = await work.tasks.save(after, before=before, action=action, by=by.id, at=now)
        was, is_ = _differing(before, saved)
        await work.audit.write(action, _named(saved), by=by, at=now, before=was, after=is_)
        if saved.channel != before.channel or await _comes_up(work, before, saved):
            await self.owe_card(work, saved)
        is_others = by.origin not in _OWN_DOING and by.id != before.owner
        if tell_owner and is_others and await may_hear(work, before.owner, saved):
            told = {
                "by": by.id,
                "action": action,
                "before": rows.task_snapshot(before),
                "after": rows.task_snapshot(saved),
            }
            kind, owner = DeliveryKind.CHANGED_DM, before.owner
            await work.deliveries.owe(kind, target=owner, task_id=saved.id, payload=told, now=now)
        return saved


async def _comes_up(work: Work, before: Task, after: Task) -> bool:
    """Say whether a draft that nobody but its author has seen is one no longer."""
    if before.state is not TaskState.DRAFT or after.state in _UNSEEN:
        return False
    return await work.deliveries.last_of_task(after.id, DeliveryKind.CARD) is None


async def _braked(work: Work, task: Task) -> Task:
    """Give a task as it may stand: one that would be on is held while everything is."""
    why = await brake.reason(work) if task.state is TaskState.ACTIVE else None
    return task if why is None else brake.held(task, why)


def _there(task: Task | None, task_id: TaskId) -> Task:
    if task is None or task.state is TaskState.REMOVED:
        raise no_such_task(task_id)
    return task


def _named(task: Task) -> str:
    return f"T-{task.id}"


def _differing(before: Task, after: Task) -> tuple[dict[str, Any], dict[str, Any]]:
    was, is_ = rows.task_snapshot(before), rows.task_snapshot(after)
    names = [name for name in was if name not in _UNTOLD and was[name] != is_[name]]
    return {name: was[name] for name in names}, {name: is_[name] for name in names}
