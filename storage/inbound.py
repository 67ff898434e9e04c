"""Events that Slack sent: written down before they are acknowledged, so that none is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storage import rows
from storage.records import Inbound
from storage.repository import Repository
from storage.tables import inbound


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An event as it arrived.

    `message_key` is the same for the two events that one mention in a joined channel makes.
    """

    event_key: str
    message_key: str | None
    payload: dict[str, Any] = field(repr=False)


CLAIM = timedelta(minutes=1)
"""How long a process may take to answer before others take it for dead."""


class InboundEvents(Repository):
    """The received events of one workspace, inside one transaction.

    Each is answered by one process, whose name stands at it until it is done with.
    """

    async def receive_all(
        self, arrivals: Sequence[Arrival], now: datetime, *, by: str
    ) -> dict[str, int]:
        """Write events down; give the numbers, by event key, of those that `by` is to handle.

        These are the new ones, and repeats of one that was stored, never done with, and is in
        nobody else's hands. A twin of another event is neither.
        """
        if not arrivals:
            return {}
        values = [
            {
                "workspace_id": self._workspace,
                "event_key": arrival.event_key,
                "message_key": arrival.message_key,
                "payload": arrival.payload,
                "received_at": now,
                "claimed_by": by,
                "claimed_until": now + CLAIM,
            }
            for arrival in arrivals
        ]
        await self._connection.execute(self._insert_unless_there(inbound), values)
        keys = [arrival.event_key for arrival in arrivals]
        query = self._claim(by, now).where(inbound.c.event_key.in_(keys))
        found = await self._connection.execute(query.returning(inbound.c.event_key, inbound.c.id))
        return {event_key: int(number) for event_key, number in found}

    async def handled(self, inbound_id: int, now: datetime) -> None:
        """Mark an event as done with."""
        query = sa.update(inbound).where(inbound.c.id == inbound_id).values(handled_at=now)
        await self._connection.execute(query)

    async def take(self, *, since: datetime, by: str, now: datetime) -> list[Inbound]:
        """Take the events received since then, never done with and in nobody else's hands.

        Those that `by` has already are among them, and its hold of them is renewed. The oldest
        come first.
        """
        query = self._claim(by, now).where(inbound.c.received_at >= since).returning(inbound)
        found = (await self._connection.execute(query)).mappings().all()
        return sorted(map(rows.inbound_from, found), key=lambda event: event.id)

    async def take_all(self, by: str, now: datetime) -> None:
        """Take every event that is not done with from whoever had it.

        Only the one process that runs on a database may say so.
        """
        query = sa.update(inbound).where(
            inbound.c.workspace_id == self._workspace, inbound.c.handled_at.is_(None)
        )
        await self._connection.execute(query.values(claimed_by=by, claimed_until=now + CLAIM))

    async def let_go(self, by: str) -> None:
        """Leave what `by` is not done with to others."""
        query = sa.update(inbound).where(
            inbound.c.workspace_id == self._workspace,
            inbound.c.handled_at.is_(None),
            inbound.c.claimed_by == by,
        )
        await self._connection.execute(query.values(claimed_by=None, claimed_until=None))

    def _claim(self, by: str, now: datetime) -> sa.Update:
        query = sa.update(inbound).where(
            inbound.c.workspace_id == self._workspace,
            inbound.c.handled_at.is_(None),
            sa.or_(
                inbound.c.claimed_by == by,
                inbound.c.claimed_until.is_(None),
                inbound.c.claimed_until < now,
            ),
        )
        return query.values(claimed_by=by, claimed_until=now + CLAIM)

    async def forget(self, *, handled_before: datetime) -> int:
        """Delete events done with before then; returns how many."""
        query = sa.delete(inbound).where(
            inbound.c.workspace_id == self._workspace, inbound.c.handled_at < handled_before
        )
        return int((await self._connection.execute(query)).rowcount)
