"""Fatigue: a task that has failed as often in a row as it may is paused, and its owner told why."""

from __future__ import annotations

from dataclasses import replace

import structlog

from scheduler.desk import Desk
from scheduler.hearers import told_of
from scheduler.now import Now
from storage.records import CHATCRON, DeliveryKind, Run, Task, TaskState
from storage.store import Store, Work
from storage.streaks import Streak

WEARY = "pause after failures"

log = structlog.get_logger(__name__)


async def present(work: Work, task: Task) -> Task | None:
    """Give a task as it stands now; one that failures may pause is held until the end.

    It is held before its run is ended: whoever claims what is due takes the two in this order, too.
    """
    may_tire = task.leeway.pause_after is not None
    return await (work.tasks.lock(task.id) if may_tire else work.tasks.get(task.id))


async def rest(store: Store, work: Work, task: Task, run: Run, streak: Streak, now: Now) -> bool:
    """Pause a task (as `present` gave it) whose streak is as long as it may be; says whether.

    Resumed without a success in between, it is paused again at its next failure.
    """
    most = task.leeway.pause_after
    if most is None or streak.length < most:
        return False
    desk = Desk(store, now)
    if task.state is not TaskState.ACTIVE or task.schedule is None:
        return False
    times = "once" if streak.length == 1 else f"{streak.length} times in a row"
    paused = replace(
        task,
        state=TaskState.PAUSED,
        next_run_at=None,
        hold_reason=f"It failed {times}, so it was paused.",
    )
    await desk.put_back(work, paused, before=task, action=WEARY, by=CHATCRON)
    log.warning("A task was paused", action="task_weary", task_id=task.id, failures=streak.length)
    payload = {
        "owner": task.owner,
        "channel": task.channel,
        "tasks": [{"id": task.id, "name": task.name}],
        "failures": times,
    }
    for person in await told_of(work, task):
        await work.deliveries.owe(
            DeliveryKind.PARKED_DM,
            target=person,
            task_id=task.id,
            run_id=run.id,
            payload=payload,
            now=now(),
        )
    return True
