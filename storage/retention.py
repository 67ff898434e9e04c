"""Retention: takes old runs out of the ledger, with all that hangs on them, a few at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.records import OPEN_RUNS, DeliveryState, RunStatus
from storage.repository import Repository
from storage.tables import attempts, deliveries, model_calls, runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated:
    """How many runs are old enough to be forgotten, and when the oldest of them ended."""

    count: int
    oldest: datetime


class Retention(Repository):
    """The old runs of one workspace, inside one transaction."""

    async def outdated(self, *, before: datetime) -> Outdated | None:
        """Say what `sweep` would forget in all; None where that is nothing."""
        query = sa.select(sa.func.count(runs.c.id), sa.func.min(runs.c.finished_at))
        count, oldest = (await self._connection.execute(query.where(self._may_go(before)))).one()
        return Outdated(count=count, oldest=oldest) if count else None

    async def sweep(self, *, before: datetime, limit: int) -> int:
        """Forget up to `limit` runs that ended before then, the oldest first; returns how many.

        Of each task its newest run stays, and its newest success, which the next is compared with.
        So does whatever has not ended, is still owed to somebody, or has a message that a later one
        goes on from. What a call to a model cost stays, without its run.
        """
        old = await self._old(before, limit)
        if old:
            await self._forget(old)
        return len(old)

    async def _old(self, before: datetime, limit: int) -> Sequence[int]:
        query = (
            sa.select(runs.c.id)
            .where(self._may_go(before))
            .order_by(runs.c.finished_at, runs.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=runs)
        )
        return (await self._connection.execute(query)).scalars().all()

    def _may_go(self, before: datetime) -> sa.ColumnElement[bool]:
        newer = runs.alias("newer")
        is_newest = ~sa.exists().where(newer.c.task_id == runs.c.task_id, newer.c.id > runs.c.id)
        later = runs.alias("later")
        is_last_success = sa.and_(
            runs.c.status == RunStatus.SUCCEEDED,
            ~sa.exists().where(
                later.c.task_id == runs.c.task_id,
                later.c.id > runs.c.id,
                later.c.status == RunStatus.SUCCEEDED,
            ),
        )
        return sa.and_(
            runs.c.workspace_id == self._workspace,
            runs.c.finished_at < before,
            runs.c.status.not_in([str(status) for status in OPEN_RUNS]),
            ~is_newest,
            ~is_last_success,
            ~_is_owed(),
            ~_is_followed(),
        )

    async def _forget(self, old: Sequence[int]) -> None:
        for statement in (
            sa.delete(deliveries).where(deliveries.c.run_id.in_(old)),
            sa.delete(attempts).where(attempts.c.run_id.in_(old)),
            sa.update(model_calls).where(model_calls.c.run_id.in_(old)).values(run_id=None),
            sa.delete(runs).where(runs.c.id.in_(old)),
        ):
            await self._connection.execute(statement)


def _is_owed() -> sa.Exists:
    """Say that a message about the run has not arrived yet, and may."""
    open_states = [str(DeliveryState.OWED), str(DeliveryState.SENDING)]
    return sa.exists().where(deliveries.c.run_id == runs.c.id, deliveries.c.state.in_(open_states))


def _is_followed() -> sa.Exists:
    """Say that a message about another run, or about none, goes on from one about this run."""
    follower = deliveries.alias("follower")
    return (
        sa.exists()
        .where(
            deliveries.c.run_id == runs.c.id,
            follower.c.after == deliveries.c.id,
            follower.c.run_id.is_distinct_from(runs.c.id),
        )
        .correlate(runs)
    )
