"""Events that Slack sent: written down before they are acknowledged, so that none is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
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


class InboundEvents(Repository):
    """The received events of one workspace, inside one transaction."""

    async def receive_all(self, arrivals: Sequence[Arrival], now: datetime) -> dict[str, int]:
        """Write events down; give the numbers, by event key, of those that are to be handled.

        These are the new ones, and repeats of one that was stored and never done with. A twin of
        another event is neither.
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
            }
            for arrival in arrivals
        ]
        await self._connection.execute(self._insert_unless_there(inbound), values)
        query = sa.select(inbound.c.event_key, inbound.c.id).where(
            inbound.c.workspace_id == self._workspace,
            inbound.c.event_key.in_([arrival.event_key for arrival in arrivals]),
            inbound.c.handled_at.is_(None),
        )
        return {row["event_key"]: int(row["id"]) for row in await self._rows(query)}

    async def handled(self, inbound_id: int, now: datetime) -> None:
        """Mark an event as done with."""
        query = sa.update(inbound).where(inbound.c.id == inbound_id).values(handled_at=now)
        await self._connection.execute(query)

    async def unhandled(self, *, since: datetime) -> list[Inbound]:
        """Give the events received since then and never done with, oldest first."""
        query = (
            sa.select(inbound)
            .where(
                inbound.c.workspace_id == self._workspace,
                inbound.c.handled_at.is_(None),
                inbound.c.received_at >= since,
            )
            .order_by(inbound.c.id)
        )
        return [rows.inbound_from(row) for row in await self._rows(query)]

    async def forget(self, *, handled_before: datetime) -> int:
        """Delete events done with before then; returns how many."""
        query = sa.delete(inbound).where(
            inbound.c.workspace_id == self._workspace, inbound.c.handled_at < handled_before
        )
        return int((await self._connection.execute(query)).rowcount)
