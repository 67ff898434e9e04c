"""What is owed to people, and the pace at which each channel takes it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage import rows
from storage.records import (
    IN_PLACE,
    Delivery,
    DeliveryId,
    DeliveryKind,
    DeliveryState,
    RunId,
    TaskId,
)
from storage.repository import Repository
from storage.tables import deliveries, pace

REPLACED = "a newer message took its place"
INTERRUPTED = "interrupted"
_IN_PLACE = [str(kind) for kind in IN_PLACE]


class Deliveries(Repository):
    """The deliveries of one workspace, inside one transaction."""

    async def owe(
        self,
        kind: DeliveryKind,
        *,
        target: str,
        task_id: TaskId,
        now: datetime,
        outlet: str = "slack",
        run_id: RunId | None = None,
        thread_ts: str | None = None,
        after: DeliveryId | None = None,
        payload: dict[str, Any] | None = None,
        not_before: datetime | None = None,
    ) -> DeliveryId | None:
        """Write down that a message is owed; None when the same one of the same run is already.

        `payload` is plain JSON that the outlet renders beside the task and the run. It is sent at
        once, or `not_before`.
        """
        values: dict[str, Any] = {
            "kind": str(kind),
            "outlet": outlet,
            "target": target,
            "thread_ts": thread_ts,
            "task_id": task_id,
            "run_id": run_id,
            "after": after,
            "payload": payload,
            "state": str(DeliveryState.OWED),
            "tries": 0,
            "next_try_at": not_before or now,
            "created_at": now,
        }
        found = await self._insert_once(deliveries, values)
        return None if found is None else DeliveryId(found)

    async def get(self, delivery_id: DeliveryId) -> Delivery | None:
        """Find a delivery by its number."""
        query = self._mine().where(deliveries.c.id == delivery_id)
        row = await self._row(query)
        return None if row is None else rows.delivery_from(row)

    async def of_run(self, run_id: RunId) -> list[Delivery]:
        """Give what was owed for a run, oldest first."""
        query = self._mine().where(deliveries.c.run_id == run_id).order_by(deliveries.c.id)
        return await self._many(query)

    async def of_runs(self, run_ids: list[RunId]) -> dict[RunId, list[Delivery]]:
        """Give what was owed for each of these runs, oldest first."""
        query = self._mine().where(deliveries.c.run_id.in_(run_ids)).order_by(deliveries.c.id)
        found: dict[RunId, list[Delivery]] = {}
        for delivery in await self._many(query):
            assert delivery.run_id is not None
            found.setdefault(delivery.run_id, []).append(delivery)
        return found

    async def given_up(self, since: datetime, until: datetime) -> list[Delivery]:
        """Give what was last tried between two moments and never arrived, oldest first."""
        query = self._mine().where(
            deliveries.c.state == DeliveryState.FAILED,
            deliveries.c.next_try_at > since,
            deliveries.c.next_try_at <= until,
        )
        return await self._many(query.order_by(deliveries.c.id))

    async def are_to_move(self, now: datetime) -> bool:
        """Say whether any delivery is due, or on its way; a cheap look before a costly one."""
        due = sa.and_(deliveries.c.state == DeliveryState.OWED, deliveries.c.next_try_at <= now)
        query = sa.select(deliveries.c.id).where(
            deliveries.c.workspace_id == self._workspace,
            sa.or_(due, deliveries.c.state == DeliveryState.SENDING),
        )
        return (await self._connection.execute(query.limit(1))).first() is not None

    async def due(
        self, now: datetime, limit: int, *, head_start: timedelta = timedelta(0)
    ) -> list[Delivery]:
        """Give owed deliveries whose time has come, oldest first, and hold their rows.

        One that follows another is given only after that other one was sent, one that changes a
        message not while an earlier change of it is on its way, and one for a channel whose next
        turn is more than `head_start` away not before it is nearer.
        """
        query = (
            self._mine()
            .where(
                deliveries.c.state == DeliveryState.OWED,
                deliveries.c.next_try_at <= now,
                sa.or_(deliveries.c.after.is_(None), self._leader_is_sent()),
                ~self._channel_waits(now + head_start),
                ~self._overtakes(),
            )
            .order_by(deliveries.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return await self._many(query)

    async def replace_owed(self, leader: DeliveryId, now: datetime) -> None:
        """Let go of changes of a message that are owed and not on their way: a newer one comes."""
        query = sa.update(deliveries).where(
            deliveries.c.workspace_id == self._workspace,
            deliveries.c.state == DeliveryState.OWED,
            deliveries.c.after == leader,
            deliveries.c.kind.in_(_IN_PLACE),
        )
        await self._connection.execute(
            query.values(state=str(DeliveryState.SENT), sent_at=now, error=REPLACED)
        )

    async def is_replaced(self, delivery: Delivery) -> bool:
        """Say whether a newer change of the same message is owed, or was made."""
        if delivery.after is None or delivery.kind not in IN_PLACE:
            return False
        query = self._mine().where(
            deliveries.c.id > delivery.id,
            deliveries.c.after == delivery.after,
            deliveries.c.kind.in_(_IN_PLACE),
        )
        return await self._row(query.limit(1)) is not None

    async def untried(self, kind: DeliveryKind, target: str) -> Delivery | None:
        """Find a message of that kind owed to a target that was never on its way; hold its row.

        Others who ask wait until this transaction ends, so that what it owes is found by them.
        """
        if self._connection.dialect.name == "postgresql":
            mine = sa.func.hashtextextended(f"{self._workspace} {kind} {target}", 0)
            await self._connection.execute(sa.select(sa.func.pg_advisory_xact_lock(mine)))
        query = self._mine().where(
            deliveries.c.state == DeliveryState.OWED,
            deliveries.c.kind == kind,
            deliveries.c.target == target,
            deliveries.c.tries == 0,
        )
        row = await self._row(query.order_by(deliveries.c.id).limit(1).with_for_update())
        return None if row is None else rows.delivery_from(row)

    async def extend(self, delivery: Delivery, payload: dict[str, Any]) -> None:
        """Let an owed message say more than it would have."""
        await self._set(delivery, payload=payload)

    async def last_of_task(self, task_id: TaskId, kind: DeliveryKind) -> Delivery | None:
        """Find the newest message of that kind about a task."""
        query = self._mine().where(deliveries.c.task_id == task_id, deliveries.c.kind == kind)
        row = await self._row(query.order_by(deliveries.c.id.desc()).limit(1))
        return None if row is None else rows.delivery_from(row)

    async def unconfirmed(self, *, claimed_before: datetime | None) -> list[Delivery]:
        """Give deliveries left in the middle of sending (None: whenever they were claimed)."""
        query = self._mine().where(deliveries.c.state == DeliveryState.SENDING)
        if claimed_before is not None:
            query = query.where(deliveries.c.claimed_at < claimed_before)
        return await self._many(query.order_by(deliveries.c.id))

    async def claim(self, delivery: Delivery, now: datetime) -> bool:
        """Mark a delivery as being sent; False when somebody else has it."""
        return await self._move(
            delivery,
            state=str(DeliveryState.SENDING),
            claimed_at=now,
            tries=deliveries.c.tries + 1,
        )

    async def sent(self, delivery: Delivery, *, ref: str, sent_to: str, now: datetime) -> None:
        """Mark a delivery as sent, and where it stands."""
        await self._set(
            delivery, state=str(DeliveryState.SENT), ref=ref, sent_to=sent_to, sent_at=now
        )

    async def put_back(self, delivery: Delivery, *, next_try_at: datetime, error: str) -> None:
        """Owe a delivery again, not before `next_try_at`."""
        await self._set(
            delivery, state=str(DeliveryState.OWED), next_try_at=next_try_at, error=error
        )

    async def recover(self, delivery: Delivery, now: datetime) -> bool:
        """Owe a delivery again that was left in the middle of sending; False when it moved on."""
        query = sa.update(deliveries).where(
            deliveries.c.id == delivery.id,
            deliveries.c.state == DeliveryState.SENDING,
            deliveries.c.claimed_at == delivery.claimed_at,
        )
        owed = {"state": str(DeliveryState.OWED), "next_try_at": now, "error": INTERRUPTED}
        return await self._changed(query.values(owed))

    async def fail(self, delivery: Delivery, *, error: str) -> None:
        """Give a delivery up, and with it those that follow it."""
        await self._connection.execute(
            sa.update(deliveries)
            .where(sa.or_(deliveries.c.id == delivery.id, deliveries.c.after == delivery.id))
            .values(state=str(DeliveryState.FAILED), error=error)
        )

    async def hasten(self, target: str, now: datetime) -> None:
        """Let everything owed to a target be tried at once."""
        query = sa.update(deliveries).where(
            deliveries.c.workspace_id == self._workspace,
            deliveries.c.target == target,
            deliveries.c.state == DeliveryState.OWED,
            deliveries.c.next_try_at > now,
        )
        await self._connection.execute(query.values(next_try_at=now))

    async def take_turn(
        self, outlet: str, target: str, now: datetime, *, gap: timedelta, burst: int
    ) -> datetime | None:
        """Take the next turn of a channel: None when it is free, else when it will be.

        A channel takes one message each `gap`, and up to `burst` at once after a pause.
        """
        key = sa.and_(
            pace.c.workspace_id == self._workspace,
            pace.c.outlet == outlet,
            pace.c.target == target,
        )
        query = sa.select(pace.c.free_at).where(key).with_for_update()
        free_at = (await self._connection.execute(query)).scalar_one_or_none()
        earliest = now if free_at is None else max(free_at, now)
        turn = earliest - (burst - 1) * gap
        if turn > now:
            return turn
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        row = dialect.insert(pace).values(
            workspace_id=self._workspace, outlet=outlet, target=target, free_at=earliest + gap
        )
        keys = [pace.c.workspace_id, pace.c.outlet, pace.c.target]
        await self._connection.execute(
            row.on_conflict_do_update(index_elements=keys, set_={"free_at": row.excluded.free_at})
        )
        return None

    def _channel_waits(self, until: datetime) -> sa.Exists:
        return (
            sa.select(pace.c.free_at)
            .where(
                pace.c.workspace_id == deliveries.c.workspace_id,
                pace.c.outlet == deliveries.c.outlet,
                pace.c.target == deliveries.c.target,
                pace.c.free_at > until,
            )
            .exists()
        )

    def _leader_is_sent(self) -> sa.Exists:
        leader = deliveries.alias("leader")
        return (
            sa.select(leader.c.id)
            .where(leader.c.id == deliveries.c.after, leader.c.state == DeliveryState.SENT)
            .exists()
        )

    def _overtakes(self) -> sa.Exists:
        """Say that an earlier change of the same message is on its way."""
        earlier = deliveries.alias("earlier")
        return (
            sa.select(earlier.c.id)
            .where(
                earlier.c.workspace_id == self._workspace,
                earlier.c.state == DeliveryState.SENDING,
                earlier.c.after == deliveries.c.after,
                earlier.c.kind.in_(_IN_PLACE),
                deliveries.c.kind.in_(_IN_PLACE),
            )
            .exists()
        )

    def _mine(self) -> sa.Select[Any]:
        return sa.select(deliveries).where(deliveries.c.workspace_id == self._workspace)

    async def _move(self, delivery: Delivery, **values: Any) -> bool:
        query = sa.update(deliveries).where(
            deliveries.c.id == delivery.id, deliveries.c.state == delivery.state
        )
        return await self._changed(query.values(**values))

    async def _set(self, delivery: Delivery, **values: Any) -> None:
        query = sa.update(deliveries).where(deliveries.c.id == delivery.id)
        await self._connection.execute(query.values(**values))

    async def _many(self, query: sa.Select[Any]) -> list[Delivery]:
        return [rows.delivery_from(row) for row in await self._rows(query)]
