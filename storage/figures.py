"""Figures: how much there is of what, for health and metrics; bounded looks along an index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.queueing import has_to_wait
from storage.records import OPEN_RUNS, DeliveryState, RunStatus
from storage.repository import Repository
from storage.tables import deliveries, model_calls, runs, tasks

OLDEST_LOOKED_AT = 1_000
"""How many of the longest queued runs are looked at for one that need not wait for its turn."""
_OUTBOX = (DeliveryState.OWED, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was counted at one moment.

    `oldest_run` is since when the longest waiting run could start; `overdue` is when the delivery
    that is due for longest was to be sent, and `oldest_delivery` when the oldest was owed.
    """

    tasks: dict[str, int]
    open_runs: dict[str, int]
    oldest_run: datetime | None
    outbox: dict[str, int]
    overdue: datetime | None
    oldest_delivery: datetime | None
    model_calls: int
    tokens_in: int
    tokens_out: int


class Counts(Repository):
    """The figures of one workspace, inside one transaction."""

    async def schema(self) -> str | None:
        """Say which version the schema has."""
        found = await self._connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return None if found is None else str(found)

    async def figures(self, now: datetime, *, since: datetime) -> Figures:
        """Count what there is now; calls to a model from `since` on."""
        outbox = deliveries.c.workspace_id == self._workspace
        owed = sa.and_(outbox, deliveries.c.state == DeliveryState.OWED)
        first_due = sa.select(sa.func.min(deliveries.c.next_try_at)).where(owed)
        overdue = await self._connection.scalar(first_due)
        oldest = sa.select(sa.func.min(deliveries.c.created_at)).where(
            outbox, deliveries.c.state.in_([str(state) for state in _OUTBOX])
        )
        calls = await self._used(since)
        return Figures(
            tasks=await self._by(tasks, tasks.c.state, None),
            open_runs=await self._by(runs, runs.c.status, [str(it) for it in OPEN_RUNS]),
            oldest_run=await self._oldest_run(now),
            outbox=await self._by(deliveries, deliveries.c.state, [str(it) for it in _OUTBOX]),
            overdue=None if overdue is None or overdue > now else overdue,
            oldest_delivery=await self._connection.scalar(oldest),
            model_calls=calls[0],
            tokens_in=calls[1],
            tokens_out=calls[2],
        )

    async def _by(
        self, table: sa.Table, column: sa.Column[str], among: list[str] | None
    ) -> dict[str, int]:
        query = sa.select(column, sa.func.count()).where(table.c.workspace_id == self._workspace)
        if among is not None:
            query = query.where(column.in_(among))
        found = await self._connection.execute(query.group_by(column))
        return {str(name): int(count) for name, count in found}

    async def _oldest_run(self, now: datetime) -> datetime | None:
        first = (
            sa.select(runs.c.id)
            .where(
                runs.c.workspace_id == self._workspace,
                runs.c.status == RunStatus.QUEUED,
                runs.c.ready_at <= now,
            )
            .order_by(runs.c.ready_at)
            .limit(OLDEST_LOOKED_AT)
        )
        query = sa.select(sa.func.min(runs.c.ready_at)).where(runs.c.id.in_(first), ~has_to_wait())
        found: datetime | None = await self._connection.scalar(query)
        return found

    async def _used(self, since: datetime) -> tuple[int, int, int]:
        query = sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(model_calls.c.tokens_in), 0),
            sa.func.coalesce(sa.func.sum(model_calls.c.tokens_out), 0),
        ).where(model_calls.c.workspace_id == self._workspace, model_calls.c.at >= since)
        calls, tokens_in, tokens_out = (await self._connection.execute(query)).one()
        return int(calls), int(tokens_in), int(tokens_out)
