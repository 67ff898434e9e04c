"""Events that Slack sent: written down before they are acknowledged, so that none is lost."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage import rows
from storage.records import Inbound
from storage.repository import Repository
from storage.tables import inbound


class InboundEvents(Repository):
    """The received events of one workspace, inside one transaction."""

    async def receive(
        self, *, event_key: str, message_key: str | None, payload: dict[str, Any], now: datetime
    ) -> int | None:
        """Write an event down and give its number; None when it, or its twin, was received before.

        `message_key` is the same for the two events that one mention in a joined channel makes.
        """
        return await self._insert_once(
            inbound,
            {
                "event_key": event_key,
                "message_key": message_key,
                "payload": payload,
                "received_at": now,
            },
        )

    async def handled(self, inbound_id: int, now: datetime) -> None:
        """Mark an event as done with."""
        query = sa.update(inbound).where(inbound.c.id == inbound_id).values(handled_at=now)
        await self._connection.execute(query)

    async def unhandled(self) -> list[Inbound]:
        """Give the events that were received and never done with, oldest first."""
        query = (
            sa.select(inbound)
            .where(inbound.c.workspace_id == self._workspace, inbound.c.handled_at.is_(None))
            .order_by(inbound.c.id)
        )
        return [rows.inbound_from(row) for row in await self._rows(query)]

    async def forget(self, *, handled_before: datetime) -> int:
        """Delete events done with before then; returns how many."""
        query = sa.delete(inbound).where(
            inbound.c.workspace_id == self._workspace, inbound.c.handled_at < handled_before
        )
        return int((await self._connection.execute(query)).rowcount)
