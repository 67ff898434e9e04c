"""Streaks: how often in a row a task has failed, and the one line that its channel has about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage import rows
from storage.records import (
    FAILED_RUNS,
    Delivery,
    DeliveryKind,
    DeliveryState,
    RunStatus,
    TaskId,
)
from storage.repository import Repository
from storage.tables import deliveries, runs

OVERLAP = 20
"""How many runs back one may have started that ended after a later one did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """A task's failures since it last succeeded: `length` of them, `moments` of these on schedule.

    `first_at` is when the first was due or asked for, `last_due` the last due moment that failed.
    `line` is what the channel was told, `was_told` says whether the owner was.
    """

    length: int = 0
    moments: int = 0
    first_at: datetime | None = None
    last_due: datetime | None = None
    line: Delivery | None = None
    was_told: bool = False


class Streaks(Repository):
    """The streaks of one workspace, inside one transaction; the ledger alone knows them."""

    async def of(self, task_id: TaskId, *, channel: str, owner: str) -> Streak:
        """Give the failures that ended since the task's last success, and who was told.

        Skipped, missed and cancelled moments neither add to a streak nor end it.
        """
        failures = await self._failures(task_id)
        query = sa.select(
            sa.func.count(),
            sa.func.count(runs.c.scheduled_for),
            sa.func.min(sa.func.coalesce(runs.c.scheduled_for, runs.c.created_at)),
            sa.func.max(runs.c.scheduled_for),
        ).where(*failures)
        length, moments, first_at, last_due = (await self._connection.execute(query)).one()
        if not length:
            return Streak()
        of_streak = deliveries.c.run_id.in_(sa.select(runs.c.id).where(*failures))
        return Streak(
            length=length,
            moments=moments,
            first_at=first_at,
            last_due=last_due,
            line=await self._line(of_streak, channel),
            was_told=await self._was_told(failures, owner),
        )

    async def _failures(self, task_id: TaskId) -> tuple[sa.ColumnElement[bool], ...]:
        """Say which runs failed since the last success, by when they ended."""
        succeeded = (runs.c.task_id == task_id, runs.c.status == RunStatus.SUCCEEDED)
        newest = await self._row(
            sa.select(runs.c.id).where(*succeeded).order_by(runs.c.id.desc()).limit(1)
        )
        failed = (runs.c.task_id == task_id, runs.c.status.in_(_FAILED))
        if newest is None:
            return failed
        near = runs.c.id > newest["id"] - OVERLAP
        last = await self._row(
            sa.select(runs.c.id, runs.c.finished_at)
            .where(*succeeded, near)
            .order_by(runs.c.finished_at.desc(), runs.c.id.desc())
            .limit(1)
        )
        assert last is not None
        later = sa.or_(
            runs.c.finished_at > last["finished_at"],
            sa.and_(runs.c.finished_at == last["finished_at"], runs.c.id > last["id"]),
        )
        return (*failed, near, later)

    async def _line(self, of_streak: sa.ColumnElement[bool], channel: str) -> Delivery | None:
        query = (
            self._mine()
            .where(
                of_streak,
                deliveries.c.kind == DeliveryKind.FAILURE_LINE,
                deliveries.c.target == channel,
                deliveries.c.after.is_(None),
            )
            .order_by(deliveries.c.id.desc())
            .limit(1)
        )
        row = await self._row(query)
        return None if row is None else rows.delivery_from(row)

    async def _was_told(self, failures: tuple[sa.ColumnElement[bool], ...], owner: str) -> bool:
        """Say whether the owner was told, or who is told in the owner's place.

        Nobody asked for what a schedule starts, so nobody else is told of it.
        """
        of_streak = deliveries.c.run_id.in_(sa.select(runs.c.id).where(*failures))
        unasked = sa.select(runs.c.id).where(*failures, runs.c.asked_by.is_(None))
        query = self._mine().where(
            of_streak,
            deliveries.c.kind == DeliveryKind.FAILURE_DM,
            sa.or_(deliveries.c.target == owner, deliveries.c.run_id.in_(unasked)),
            deliveries.c.state != DeliveryState.FAILED,
        )
        return await self._row(query.limit(1)) is not None

    def _mine(self) -> sa.Select[Any]:
        return sa.select(deliveries).where(deliveries.c.workspace_id == self._workspace)


_FAILED = [str(status) for status in FAILED_RUNS]
