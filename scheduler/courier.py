"""Courier: takes what is owed to the outlets, at each channel's pace, until it arrives."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from scheduler.errors import Busy, PlaceClosed, Undeliverable
from scheduler.hearers import told_of
from scheduler.herald import unheard
from scheduler.now import Now
from scheduler.pump import Pump
from scheduler.speaking import KEPT
from scheduler.stillness import Stillness
from storage.records import IN_PLACE, Delivery, DeliveryId, DeliveryKind, Run, Task
from storage.store import Store, Work

GAP = timedelta(seconds=1)
BURST = 5
HEAD_START = (BURST - 1) * GAP
AT_ONCE = 20
SEND_LIMIT_S = 60
REST_S = 0.05
"""How long it rests after a round, so that the runs of a full minute cost one round, not many."""
BACK_OFF_S = (5, 30, 120, 600, 1800)
GIVE_UP_AFTER = timedelta(hours=24)
KEPT_FOR = timedelta(days=30)
"""How long a result waits for a closed place to open; it is tried from time to time."""
KEPT_TRIED_EVERY = timedelta(hours=6)
STUCK_AFTER = timedelta(minutes=3)
_KEPT = (
    DeliveryKind.CARD,
    DeliveryKind.RESULT,
    DeliveryKind.DETAILS,
    DeliveryKind.MISSED_SUMMARY,
    DeliveryKind.TAKE_OVER,
)
"""What is worth reading later; the rest is told to the owner, or was of its moment only."""
_SILENT_WHEN_LOST = (
    DeliveryKind.UNDELIVERED_DM,
    DeliveryKind.FAILURE_DM,
    DeliveryKind.RECOVERED_DM,
    DeliveryKind.REMINDER_DM,
    DeliveryKind.CHANGED_DM,
    DeliveryKind.ALL_CHANGED_DM,
    DeliveryKind.PARKED_DM,
    DeliveryKind.MISSED_ASK,
    DeliveryKind.NOTE_DM,
)
"""What was for a person alone; nor is a message lost that could not be changed."""

_NOTICES = (DeliveryKind.NOTICE, DeliveryKind.START_NOTICE)
"""What the owner hears of once for a target, however many of them don't arrive."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A delivery with all an outlet needs to write and address it.

    `leader` is the message it answers or changes; `again` says that an earlier try may have
    arrived, `is_replaced` that a newer change of the same message stands or comes.
    """

    delivery: Delivery
    task: Task
    run: Run | None = None
    leader: Delivery | None = None
    again: bool = False
    is_replaced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Where a message stands now."""

    ref: str
    sent_to: str


class Outlet(Protocol):
    """A way to reach people."""

    async def send(self, parcel: Parcel) -> Sent:
        """Deliver, but never twice: with `parcel.again`, look first whether it arrived.

        Raises Undeliverable where another try can't help; anything else is tried again.
        """


class Courier:
    """Sends deliveries. Those left in the middle of sending are looked up before they are sent."""

    def __init__(
        self,
        store: Store,
        outlets: Mapping[str, Outlet],
        *,
        now: Now,
        is_closed: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Wire it up; `is_closed` is told of a place that can't be posted in."""
        self._is_closed = is_closed
        self._store = store
        self._outlets = outlets
        self._now = now
        self._pump = Pump("carry", self.carry, rest_s=REST_S)
        self._in_progress: dict[DeliveryId, asyncio.Task[None]] = {}
        self._stillness = Stillness(store.database.changes)

    def wake(self) -> None:
        """Look for owed deliveries soon."""
        self._pump.wake()

    async def start(self) -> None:
        """Begin to carry."""
        self._pump.start()

    async def recover(self) -> int:
        """Owe again what a process that died left in the middle of sending; returns how much.

        Only the one process that runs on a database may say so, before it starts to carry.
        """
        async with self._store.begin() as work:
            unconfirmed = await work.deliveries.unconfirmed(claimed_before=None)
            for delivery in unconfirmed:
                await work.deliveries.recover(delivery, self._now())
        return len(unconfirmed)

    async def stop(self) -> None:
        """Take nothing new and finish what is being sent."""
        await self._pump.stop()
        if self._in_progress:
            await asyncio.gather(*self._in_progress.values(), return_exceptions=True)

    async def carry(self) -> None:
        """Make one round: claim what is due and begin to send it."""
        free = AT_ONCE - len(self._in_progress)
        if free <= 0:
            return
        now = self._now()
        if not await self._are_to_move(now):
            return
        async with self._store.begin() as work:
            for stuck in await work.deliveries.unconfirmed(claimed_before=now - STUCK_AFTER):
                if stuck.id not in self._in_progress:
                    await work.deliveries.recover(stuck, now)
            due = await work.deliveries.due(now, free, head_start=HEAD_START)
            due.sort(key=_channel)  # couriers that go by one order never wait for each other
            claimed = [each for each in due if await self._take(work, each, now)]
        for delivery in sorted(claimed, key=lambda each: each.id):
            self._spawn(delivery, again=delivery.tries > 0)

    async def _are_to_move(self, now: datetime) -> bool:
        if self._stillness.lasts(now):
            return False
        mark = self._stillness.mark()
        async with self._store.read() as work:
            if await work.deliveries.are_to_move(now):
                return True
            until = await work.looks.next_to_send(now)
        self._stillness.begins(mark, until=until)
        return False

    async def _take(self, work: Work, delivery: Delivery, now: datetime) -> bool:
        free_at = await work.deliveries.take_turn(
            delivery.outlet, delivery.target, now, gap=GAP, burst=BURST
        )
        if free_at is not None:
            return False  # it stays owed, and is offered again when its channel is free
        return await work.deliveries.claim(delivery, now)

    def _spawn(self, delivery: Delivery, *, again: bool) -> None:
        task = asyncio.ensure_future(self._deliver(delivery, again=again))
        self._in_progress[delivery.id] = task
        task.add_done_callback(partial(self._finished, delivery.id))

    def _finished(self, delivery_id: DeliveryId, done: asyncio.Task[None]) -> None:
        del self._in_progress[delivery_id]
        self._pump.wake()
        if not done.cancelled() and (error := done.exception()) is not None:
            log.error(
                "A delivery could not be recorded; it is looked up and recorded later",
                action="delivery_unrecorded",
                delivery_id=delivery_id,
                exc_info=error,
            )

    async def _deliver(self, delivery: Delivery, *, again: bool) -> None:
        ids = {"task_id": delivery.task_id, "run_id": delivery.run_id}
        said = log.bind(delivery_id=delivery.id, kind=delivery.kind, **ids)
        try:
            parcel = await self._pack(delivery, again=again)
            if parcel.is_replaced:
                sent = _as_it_stands(parcel)
            else:
                async with asyncio.timeout(SEND_LIMIT_S):
                    sent = await self._outlets[delivery.outlet].send(parcel)
        except Undeliverable as error:
            said.error("A delivery failed for good", action="delivery_failed", reason=str(error))
            await self._give_up(delivery, str(error))
        except PlaceClosed as error:
            said.warning("A place is closed", action="delivery_kept", reason=str(error))
            await self._keep(delivery, str(error))
        except Exception as error:
            said.warning(
                "A delivery failed; it is tried again", action="delivery_delayed", exc_info=True
            )
            await self._put_back(delivery, error)
        else:
            said.info("A delivery arrived", action="delivery_sent", sent_to=sent.sent_to)
            await self._confirm(delivery, sent)

    async def _pack(self, delivery: Delivery, *, again: bool) -> Parcel:
        async with self._store.read() as work:
            task = await work.tasks.get(delivery.task_id)
            assert task is not None
            return Parcel(
                delivery=delivery,
                task=task,
                run=None if delivery.run_id is None else await work.runs.get(delivery.run_id),
                leader=None
                if delivery.after is None
                else await work.deliveries.get(delivery.after),
                again=again,
                is_replaced=await work.deliveries.is_replaced(delivery),
            )

    async def _confirm(self, delivery: Delivery, sent: Sent) -> None:
        async with self._store.begin() as work:
            await work.deliveries.sent(
                delivery, ref=sent.ref, sent_to=sent.sent_to, now=self._now()
            )
            if delivery.kind is DeliveryKind.CARD:
                await work.tasks.show_card(delivery.task_id, sent.ref)

    async def _put_back(self, delivery: Delivery, error: Exception) -> None:
        now = self._now()
        was_kept = (delivery.error or "").startswith(KEPT)
        if now - delivery.created_at > (KEPT_FOR if was_kept else GIVE_UP_AFTER):
            await self._give_up(delivery, "it could not be sent for 24 hours")
            return
        wait: float = BACK_OFF_S[min(delivery.tries, len(BACK_OFF_S) - 1)]
        if isinstance(error, Busy) and error.wait_s is not None:
            wait = max(error.wait_s, GAP.total_seconds())
        async with self._store.begin() as work:
            await work.deliveries.put_back(
                delivery,
                next_try_at=now + timedelta(seconds=wait),
                error=f"{KEPT}; {type(error).__name__}" if was_kept else type(error).__name__,
            )

    async def _keep(self, delivery: Delivery, reason: str) -> None:
        """Owe what its closed place may still want to read until the place opens."""
        now = self._now()
        if delivery.kind in _NOTICES:
            await self._give_up(delivery, reason)
        elif delivery.kind not in _KEPT:
            async with self._store.begin() as work:
                await work.deliveries.fail(delivery, error=reason)
        elif now - delivery.created_at > KEPT_FOR:
            await self._give_up(delivery, reason)
        else:
            async with self._store.begin() as work:
                next_try_at = now + KEPT_TRIED_EVERY
                await work.deliveries.put_back(delivery, next_try_at=next_try_at, error=KEPT)
        self._is_closed(delivery.target)

    async def _give_up(self, delivery: Delivery, reason: str) -> None:
        async with self._store.begin() as work:
            await work.deliveries.fail(delivery, error=reason)
            task = await work.tasks.get(delivery.task_id)
            if task is None or _is_silent(delivery):
                return
            if delivery.kind in _NOTICES:
                what, wanted = f"A message did not arrive: {reason}.", "Mend that, or tell others"
                await unheard(work, task, delivery.target, what, wanted, self._now())
                return
            for person in await told_of(work, task):
                await work.deliveries.owe(
                    DeliveryKind.UNDELIVERED_DM,
                    target=person,
                    task_id=task.id,
                    run_id=delivery.run_id,
                    now=self._now(),
                )


def _channel(delivery: Delivery) -> tuple[str, str, DeliveryId]:
    return delivery.outlet, delivery.target, delivery.id


def _is_silent(delivery: Delivery) -> bool:
    is_change = delivery.kind in IN_PLACE and delivery.after is not None
    return is_change or delivery.kind in _SILENT_WHEN_LOST


def _as_it_stands(parcel: Parcel) -> Sent:
    leader = parcel.leader
    return Sent(
        ref=leader.ref if leader and leader.ref else "",
        sent_to=leader.sent_to if leader and leader.sent_to else parcel.delivery.target,
    )
