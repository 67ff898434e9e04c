"""What a pause does to a task, and when it ends; pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from scheduler.errors import Refused
from scheduler.wishes import refuse_draft
from storage.records import Task, TaskState


def check_end(until: datetime | None, now: datetime) -> None:
    """Raise Refused for a pause that would be over before it began."""
    if until is not None and until <= now:
        raise Refused(
            "That moment has passed; nothing was paused.",
            fix="Name one to come, such as until Monday 09:00.",
        )


def paused(task: Task, until: datetime | None) -> Task:
    """Give a task as somebody pauses it, until then or until it is resumed.

    Raises Refused for a draft, and for a task that has run for the last time.
    """
    refuse_draft(task)
    if task.state is TaskState.COMPLETED:
        raise Refused(f"{task.name} has run for the last time; there is nothing to pause.")
    return replace(
        task,
        state=TaskState.PAUSED,
        next_run_at=None,
        hold=None,
        hold_reason=None,
        paused_until=until,
    )
