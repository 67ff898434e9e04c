"""What waits for a moment is brought nearer when the clock was set back."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.records import DeliveryKind, RunStatus
from storage.runs import Moment
from storage.store import Store
from tests.plants import make_task, plant

HOUR = timedelta(hours=1)


async def test_what_waits_is_brought_nearer_and_what_is_due_stays(
    store: Store, now: datetime
) -> None:
    """A run, a message and a channel's turn that were an hour too far are ready when they were."""
    task = await plant(store, make_task())
    far, near = now + HOUR + timedelta(minutes=5), now + timedelta(minutes=5)
    async with store.begin() as work:
        ids = [
            await work.runs.record(
                task, Moment(scheduled_for=at, status=RunStatus.QUEUED, ready_at=at), now
            )
            for at in (far, near, now - HOUR)
        ]
        owed = await work.deliveries.owe(
            DeliveryKind.NOTE_DM, target="C", task_id=task.id, now=now, not_before=far
        )
        for _ in range(2):
            await work.deliveries.take_turn("slack", "C", far, gap=HOUR, burst=1)

    async with store.begin() as work:
        assert await work.waits.shorten(HOUR, now) == 3
        assert await work.deliveries.take_turn("slack", "C", now, gap=HOUR, burst=1) is None
        assert owed is not None
        delivery = await work.deliveries.get(owed)
        ready = [run.ready_at for run_id in ids if run_id and (run := await work.runs.get(run_id))]
    assert ready == [near, now, now - HOUR]
    assert delivery is not None
    assert delivery.next_try_at == near
