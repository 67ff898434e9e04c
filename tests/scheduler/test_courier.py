"""What is owed arrives once, at the channel's pace, or its owner is told that it can't."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from scheduler.courier import Courier
from scheduler.errors import Busy, Undeliverable
from storage.records import Delivery, DeliveryId, DeliveryKind, DeliveryState, RunId, Task
from storage.store import Store
from tests.fakes import FakeOutlet, Hand
from tests.plants import make_task, plant


async def owe(store: Store, task: Task, now: datetime, run_id: RunId | None = None) -> DeliveryId:
    """Owe a result to the task's channel."""
    async with store.begin() as work:
        delivery_id = await work.deliveries.owe(
            DeliveryKind.RESULT, target=task.channel, task_id=task.id, run_id=run_id, now=now
        )
    assert delivery_id is not None
    return delivery_id


async def look(store: Store, delivery_id: DeliveryId) -> Delivery:
    """Give the delivery as it is now."""
    async with store.read() as work:
        delivery = await work.deliveries.get(delivery_id)
    assert delivery is not None
    return delivery


@asynccontextmanager
async def carrying(store: Store, outlet: FakeOutlet, hand: Hand) -> AsyncIterator[Courier]:
    """Run a courier for the length of the block, and finish what it began."""
    courier = Courier(store, {"slack": outlet}, now=hand)
    await courier.start()
    try:
        yield courier
    finally:
        await courier.stop()


async def carry_once(store: Store, outlet: FakeOutlet, hand: Hand) -> None:
    """Let a courier make one round and finish it."""
    courier = Courier(store, {"slack": outlet}, now=hand)
    await courier.carry()
    await courier.stop()


async def test_what_is_owed_arrives(store: Store, now: datetime) -> None:
    """A delivery is sent, and where it stands is written down."""
    task = await plant(store, make_task())
    owed = await owe(store, task, now)
    outlet = FakeOutlet()

    async with carrying(store, outlet, Hand(now)):
        await outlet.arrived.wait()

    delivery = await look(store, owed)
    assert (delivery.state, delivery.ref, delivery.sent_to) == (
        DeliveryState.SENT,
        "1.0",
        "C0FINOPS",
    )


async def test_a_busy_outlet_is_asked_again_when_it_said(store: Store, now: datetime) -> None:
    """A told wait is kept to; then it is looked up, for a try before that may have arrived."""
    task = await plant(store, make_task())
    owed = await owe(store, task, now)
    hand, outlet = Hand(now), FakeOutlet(fails=[Busy("wait", wait_s=30)])

    await carry_once(store, outlet, hand)
    assert (await look(store, owed)).next_try_at == now + timedelta(seconds=30)

    hand.move(seconds=30)
    await carry_once(store, outlet, hand)
    assert [parcel.again for parcel in outlet.sent] == [True]


async def test_a_failed_try_is_looked_up_before_the_next(store: Store, now: datetime) -> None:
    """An error in the middle may have come after the message arrived."""
    task = await plant(store, make_task())
    await owe(store, task, now)
    hand, outlet = Hand(now), FakeOutlet(fails=[ConnectionError("cut off")])

    await carry_once(store, outlet, hand)
    hand.move(minutes=10)
    await carry_once(store, outlet, hand)

    assert [parcel.again for parcel in outlet.sent] == [True]


async def test_what_cannot_arrive_is_given_up_and_told(store: Store, now: datetime) -> None:
    """A permanent error fails the delivery and owes its owner a message about it."""
    task = await plant(store, make_task())
    owed = await owe(store, task, now)
    outlet = FakeOutlet(fails=[Undeliverable("that channel is archived")])

    await carry_once(store, outlet, Hand(now))
    await carry_once(store, outlet, Hand(now))

    delivery = await look(store, owed)
    assert (delivery.state, delivery.error) == (DeliveryState.FAILED, "that channel is archived")
    [told] = outlet.sent
    assert (told.delivery.kind, told.delivery.target) == (DeliveryKind.UNDELIVERED_DM, "U0ALICE")


async def test_a_crash_in_the_middle_of_sending_is_looked_up(store: Store, now: datetime) -> None:
    """What a dead process was sending is owed again, and looked up before it is sent."""
    task = await plant(store, make_task())
    owed = await owe(store, task, now)
    async with store.begin() as work:
        await work.deliveries.claim(await look(store, owed), now)
    outlet = FakeOutlet()
    courier = Courier(store, {"slack": outlet}, now=Hand(now))

    assert await courier.recover() == 1
    await courier.carry()
    await courier.stop()

    assert [parcel.again for parcel in outlet.sent] == [True]


async def test_a_channel_is_not_flooded(store: Store, now: datetime) -> None:
    """Of eight results for one channel five go at once; the others wait their turn."""
    task = await plant(store, make_task())
    for _ in range(8):
        await owe(store, task, now)
    hand, outlet = Hand(now), FakeOutlet()

    await carry_once(store, outlet, hand)
    at_once = len(outlet.sent)
    for _ in range(3):
        hand.move(seconds=1)
        await carry_once(store, outlet, hand)

    assert at_once == 5
    assert len(outlet.sent) == 8


async def test_a_card_that_was_posted_is_the_present_card(store: Store, now: datetime) -> None:
    """The task remembers which message shows its card."""
    task = await plant(store, make_task())
    async with store.begin() as work:
        await work.deliveries.owe(DeliveryKind.CARD, target=task.channel, task_id=task.id, now=now)

    await carry_once(store, FakeOutlet(), Hand(now))

    async with store.read() as work:
        found = await work.tasks.get(task.id)
    assert found is not None
    assert found.card_ts == "1.0"


async def test_after_a_day_a_delivery_is_given_up(store: Store, now: datetime) -> None:
    """An outlet that is away for more than a day ends as failed, not as silence."""
    task = await plant(store, make_task())
    owed = await owe(store, task, now)
    hand = Hand(now + timedelta(hours=25))

    await carry_once(store, FakeOutlet(fails=[ConnectionError("away")]), hand)

    assert (await look(store, owed)).state is DeliveryState.FAILED


async def test_a_busy_channel_does_not_hold_up_a_quiet_one(store: Store, now: datetime) -> None:
    """With sixty results owed to one channel, another's goes out in the next round."""
    busy = await plant(store, make_task())
    for _ in range(60):
        await owe(store, busy, now)
    quiet = await plant(store, make_task(channel="C0PLATFORM"))
    owed = await owe(store, quiet, now)
    hand, outlet = Hand(now), FakeOutlet()

    await carry_once(store, outlet, hand)
    await carry_once(store, outlet, hand)

    assert owed in [parcel.delivery.id for parcel in outlet.sent]
    first = [parcel.delivery.id for parcel in outlet.sent if parcel.task.id == busy.id]
    assert sorted(first) == list(range(1, 6))
