"""What is owed is owed once, in order, at the pace of its channel."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from storage.records import Delivery, DeliveryId, DeliveryKind, DeliveryState, RunStatus, TaskId
from storage.runs import Moment
from storage.store import Store
from tests.plants import make_task, plant

GAP = timedelta(seconds=1)


async def owed(store: Store, task_id: TaskId, now: datetime, **named: Any) -> Delivery:
    """Owe a delivery and give it back."""
    async with store.begin() as work:
        delivery_id = await work.deliveries.owe(
            DeliveryKind.RESULT,
            target="C0FINOPS",
            task_id=task_id,
            now=now,
            **named,
        )
        assert delivery_id is not None
        delivery = await work.deliveries.get(delivery_id)
    assert delivery is not None
    return delivery


async def test_a_run_owes_each_kind_once(store: Store, now: datetime) -> None:
    """Owing the same result of the same run again adds nothing."""
    task = await plant(store, make_task())
    async with store.begin() as work:
        moment = Moment(scheduled_for=now, status=RunStatus.QUEUED)
        run_id = await work.runs.record(task, moment, now)
        made = [
            await work.deliveries.owe(
                DeliveryKind.RESULT, target="C1", task_id=task.id, run_id=run_id, now=now
            )
            for _ in range(2)
        ]

    assert made[0] is not None
    assert made[1] is None


async def test_a_delivery_is_claimed_once(store: Store, now: datetime) -> None:
    """A second courier that saw the same delivery does not get it."""
    delivery = await owed(store, (await plant(store, make_task())).id, now)
    async with store.begin() as work:
        first = await work.deliveries.claim(delivery, now)
        second = await work.deliveries.claim(delivery, now)

    assert (first, second) == (True, False)


async def test_a_follower_waits_for_its_leader(store: Store, now: datetime) -> None:
    """Details are due only after the headline they answer was sent."""
    task = await plant(store, make_task())
    leader = await owed(store, task.id, now)
    follower = await owed(store, task.id, now, after=leader.id)

    async with store.begin() as work:
        before = await work.deliveries.due(now, 5)
        await work.deliveries.sent(leader, ref="1.0", sent_to="C0FINOPS", now=now)
        after = await work.deliveries.due(now, 5)

    assert [item.id for item in before] == [leader.id]
    assert [item.id for item in after] == [follower.id]


async def test_giving_up_a_leader_gives_up_its_followers(store: Store, now: datetime) -> None:
    """No details are left owed to a headline that will never stand."""
    task = await plant(store, make_task())
    leader = await owed(store, task.id, now)
    follower = await owed(store, task.id, now, after=leader.id)
    async with store.begin() as work:
        await work.deliveries.fail(leader, error="archived")
        left = await work.deliveries.get(DeliveryId(follower.id))

    assert left is not None
    assert left.state is DeliveryState.FAILED


async def test_a_channel_takes_a_burst_and_then_one_a_second(store: Store, now: datetime) -> None:
    """After five at once the sixth waits its turn, and other channels do not."""
    async with store.begin() as work:
        turns = [
            await work.deliveries.take_turn("slack", "C1", now, gap=GAP, burst=5) for _ in range(6)
        ]
        other = await work.deliveries.take_turn("slack", "C2", now, gap=GAP, burst=5)
        later = await work.deliveries.take_turn("slack", "C1", now + GAP, gap=GAP, burst=5)

    assert turns == [None] * 5 + [now + GAP]
    assert (other, later) == (None, None)


async def test_what_was_being_sent_is_found_again(store: Store, now: datetime) -> None:
    """A delivery left in the middle of sending is found by how long ago it was claimed."""
    delivery = await owed(store, (await plant(store, make_task())).id, now)
    async with store.begin() as work:
        await work.deliveries.claim(delivery, now)
        fresh = await work.deliveries.unconfirmed(claimed_before=now)
        stuck = await work.deliveries.unconfirmed(claimed_before=now + GAP)

    assert fresh == []
    assert [item.id for item in stuck] == [delivery.id]
