"""Looks ahead: when there is something to do next, for those who have nothing to do now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.records import DeliveryState, RunStatus
from storage.repository import Repository
from storage.tables import deliveries, runs


class Looks(Repository):
    """The moments to come of one workspace, inside one transaction."""

    async def next_ready(self, now: datetime) -> datetime | None:
        """Say when the next queued run may start that may not yet; None when none waits."""
        return await self._next(runs.c.ready_at, runs.c.status == str(RunStatus.QUEUED), now)

    async def next_to_send(self, now: datetime) -> datetime | None:
        """Say when the next delivery is to be tried that is not yet due; None when none is owed."""
        is_owed = deliveries.c.state == str(DeliveryState.OWED)
        return await self._next(deliveries.c.next_try_at, is_owed, now)

    async def _next(
        self, moment: sa.Column[Any], waits: sa.ColumnElement[bool], now: datetime
    ) -> datetime | None:
        query = sa.select(sa.func.min(moment)).where(
            moment.table.c.workspace_id == self._workspace, waits, moment > now
        )
        first: datetime | None = await self._connection.scalar(query)
        return first
