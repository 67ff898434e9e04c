"""The brake: while "pause all" holds any task, nothing else is switched on beside it.

`scheduler.bulk` pulls it, and the desk asks here before it puts a task down that would be on.
"""

from __future__ import annotations

from dataclasses import replace

from storage.records import Hold, Task, TaskState
from storage.store import Work

_UNKNOWN = "All tasks were paused."


async def reason(work: Work) -> str | None:
    """Say why everything stands still; None while the brake is off."""
    held = await work.tasks.any_held(Hold.EVERYTHING)
    return None if held is None else held.hold_reason or _UNKNOWN


def held(task: Task, why: str) -> Task:
    """Give a task as the brake holds it."""
    return replace(
        task,
        state=TaskState.PAUSED,
        next_run_at=None,
        paused_until=None,
        hold=Hold.EVERYTHING,
        hold_reason=why,
    )
