"""Waits: what is to happen at a moment written down by a clock that was set back since."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from storage.records import DeliveryState, RunStatus
from storage.repository import Repository
from storage.tables import deliveries, pace, runs


class Waits(Repository):
    """The waits of one workspace, inside one transaction."""

    async def shorten(self, by: timedelta, now: datetime) -> int:
        """Bring runs and messages that wait nearer by so much, to `now` at most; gives how many.

        No channel waits for its turn any longer. Due moments of tasks stay where they are.
        """
        runs_wait = (runs.c.status == RunStatus.QUEUED, runs.c.ready_at)
        owed_wait = (deliveries.c.state == DeliveryState.OWED, deliveries.c.next_try_at)
        count = 0
        for waits, moment in (runs_wait, owed_wait):
            count += await self._bring_nearer(waits, moment, by, now)
        mine = pace.c.workspace_id == self._workspace
        await self._connection.execute(sa.delete(pace).where(mine, pace.c.free_at > now))
        return count

    async def _bring_nearer(
        self,
        waits: sa.ColumnElement[bool],
        moment: sa.Column[datetime],
        by: timedelta,
        now: datetime,
    ) -> int:
        table = moment.table
        assert isinstance(table, sa.Table)
        query = sa.select(table.c.id, moment).where(
            table.c.workspace_id == self._workspace, waits, moment > now
        )
        found = (await self._connection.execute(query.with_for_update(skip_locked=True))).all()
        if found:
            change = sa.update(table).where(table.c.id == sa.bindparam("number"))
            await self._connection.execute(
                change.values({moment.name: sa.bindparam("moment")}),
                [{"number": number, "moment": max(at - by, now)} for number, at in found],
            )
        return len(found)
