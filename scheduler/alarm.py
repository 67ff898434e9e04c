"""Alarm: lets tasks go on whose pause has an end, each once, however many processes look.

The dispatcher rings it before it claims what is due, so a moment right at the end runs.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from scheduler.desk import Desk
from scheduler.errors import BadSchedule
from scheduler.hearers import told_of
from storage.records import CHATCRON, DeliveryKind, Hold, Task, TaskState
from storage.store import Store, Work

AT_ONCE = 100
_INSTANT = timedelta(microseconds=1)

log = structlog.get_logger(__name__)


async def ring(store: Store, now: datetime) -> list[Task]:
    """Let every task go on whose pause ended by now, from that end on; gives them as they stand.

    What is over by then is done, and its owner told; what "pause all" holds goes on being held.
    """
    ended: list[Task] = []
    while found := await _batch(store, now):
        ended += found
    return ended


async def _batch(store: Store, now: datetime) -> list[Task]:
    desk = Desk(store, lambda: now)
    async with store.begin() as work:
        return [await _go_on(work, desk, task) for task in await work.tasks.rested(now, AT_ONCE)]


async def _go_on(work: Work, desk: Desk, task: Task) -> Task:
    after = _awake(desk, task)
    saved = await desk.put_back(work, after, before=task, action="resume", by=CHATCRON)
    log.info("A pause ended", action="pause_ended", task_id=task.id, state=saved.state)
    if saved.state is TaskState.COMPLETED or saved.hold is Hold.SCHEDULE:
        what = saved.hold_reason or "Its schedule was over when its pause ended."
        told = {"what": what, "wanted": "Give it a new time, and it starts again"}
        for person in await told_of(work, task):
            await work.deliveries.owe(
                DeliveryKind.NOTE_DM, target=person, task_id=task.id, payload=told, now=desk.now()
            )
    return saved


def _awake(desk: Desk, task: Task) -> Task:
    assert task.paused_until is not None
    since = max(task.paused_until, task.updated_at) - _INSTANT
    try:
        return desk.armed(task, since=since)
    except BadSchedule:
        over = TaskState.COMPLETED
        return replace(task, state=over, paused_until=None, hold=None, hold_reason=None)
    except Exception:
        log.exception("A schedule broke", action="schedule_broke", task_id=task.id)
        why = "Its schedule could not be computed when its pause ended."
        return replace(task, paused_until=None, hold=Hold.SCHEDULE, hold_reason=why)
