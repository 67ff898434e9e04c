"""Which tasks are gone that nobody ended, as the count before and the rows after say."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from scheduler.headcount import EVERY, MARK, Drop, Headcount, drop
from storage.records import TaskId, TaskState
from storage.store import Store
from storage.tables import tasks
from storage.tasks import Standing
from tests.plants import SOME_DAY, make_task, plant

COUNTED = {"at": SOME_DAY.isoformat(), "tasks": [1, 2]}
HOUR = timedelta(hours=1)


def _task(number: int, state: TaskState, *, changed: datetime = SOME_DAY - HOUR) -> Standing:
    return Standing(id=TaskId(number), state=state, updated_at=changed)


ON = _task(1, TaskState.ACTIVE)


@pytest.mark.parametrize(
    "second",
    [
        _task(2, TaskState.ACTIVE),
        _task(2, TaskState.PAUSED, changed=SOME_DAY + HOUR),
        _task(2, TaskState.REMOVED, changed=SOME_DAY + HOUR),
        _task(2, TaskState.COMPLETED),
    ],
    ids=lambda task: str(task.state),
)
def test_what_somebody_ended_is_not_missed(second: Standing) -> None:
    """A task that is on, was paused or removed since the count, or came to its end is no loss."""
    assert drop(COUNTED, [ON, second]) is None


@pytest.mark.parametrize(
    "rest",
    [[], [_task(2, TaskState.PAUSED)], [_task(2, TaskState.REMOVED)]],
    ids=["no row", "paused", "removed"],
)
def test_what_nobody_ended_is_missed(rest: list[Standing]) -> None:
    """A task without a row, or off since before it was counted as on, is a loss."""
    assert drop(COUNTED, [ON, *rest]) == Drop(before=2, after=1, lost=(2,))


def test_new_tasks_hide_no_loss() -> None:
    """As many tasks as before are not the same tasks."""
    found = drop(COUNTED, [ON, _task(3, TaskState.ACTIVE), _task(4, TaskState.ACTIVE)])

    assert found == Drop(before=2, after=3, lost=(2,))


def test_without_a_count_nothing_is_missed() -> None:
    """The first start compares with nothing."""
    assert drop(None, [ON]) is None


async def test_a_count_is_compared_with_what_is_there(store: Store, now: datetime) -> None:
    """A task whose row is gone is told by the next count's owner, and once counted no more."""
    kept = await plant(store, make_task(name="kept"))
    lost = await plant(store, make_task(name="lost"))
    headcount = Headcount(store)
    await headcount.count(now)
    async with store.begin() as work:
        await work.connection.execute(sa.delete(tasks).where(tasks.c.id == lost.id))

    found = await Headcount(store).compare()

    assert found == Drop(before=2, after=1, lost=(lost.id,))
    await headcount.count(now)
    assert await headcount.compare() is None
    assert kept.id != lost.id


async def test_tasks_are_counted_once_an_hour(store: Store, now: datetime) -> None:
    """Between two counts an hour goes by, however often a round is asked for."""
    headcount = Headcount(store)
    for moment in (now, now + EVERY / 2, now + EVERY, now + EVERY * 1.5):
        await headcount.round(moment)

    async with store.read() as work:
        counted = await work.marks.get(MARK)
    assert counted == {"at": (now + EVERY).isoformat(), "tasks": []}
