"""The shared queue's own tables, as far as they are looked at beside the ledger; Postgres only.

`scheduler.shared_queue` defers jobs through their maker's library; here is asked which queued runs
have no job, and which jobs have no worker any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.queueing import has_to_wait
from storage.records import RunId, RunStatus
from storage.repository import Repository
from storage.slots import NO_LIMITS, Limits, room
from storage.tables import runs, tasks

QUEUE = "chatcron"
TABLES = ("procrastinate_jobs", "procrastinate_workers")
_ONE_MENDER = 0x43484154
"""The key under which those who mend the queue take turns."""

_jobs = sa.table(
    "procrastinate_jobs",
    sa.column("id", sa.BigInteger),
    sa.column("queue_name", sa.Text),
    sa.column("args", JSONB),
    sa.column("status", sa.Text),
    sa.column("worker_id", sa.BigInteger),
)
_workers = sa.table(
    "procrastinate_workers",
    sa.column("id", sa.BigInteger),
    sa.column("last_heartbeat", sa.DateTime(timezone=True)),
)


class SharedJobs(Repository):
    """The jobs of the shared queue, inside one transaction."""

    def __init__(
        self, connection: AsyncConnection, workspace: str, limits: Limits = NO_LIMITS
    ) -> None:
        super().__init__(connection, workspace)
        self._limits = limits

    async def are_there(self) -> bool:
        """Say whether the database has the queue's tables."""
        query = sa.select(sa.func.to_regclass("procrastinate_jobs").is_not(None))
        return bool(await self._connection.scalar(query))

    async def may_mend(self) -> bool:
        """Take the turn to mend the queue, until the transaction ends; False when another has."""
        query = sa.select(sa.func.pg_try_advisory_xact_lock(_ONE_MENDER))
        return bool(await self._connection.scalar(query))

    async def stalled(self, silent_for: timedelta) -> list[int]:
        """Give the jobs whose worker is gone, or gave no sign of life for so long."""
        told = _workers.c.last_heartbeat < sa.func.now() - sa.cast(silent_for, sa.Interval)
        silent = sa.select(_workers.c.id).where(told)
        query = sa.select(_jobs.c.id).where(
            _is(_jobs.c.status, "doing"),
            _jobs.c.queue_name == QUEUE,
            sa.or_(_jobs.c.worker_id.is_(None), _jobs.c.worker_id.in_(silent)),
        )
        return [int(job_id) for job_id in (await self._connection.execute(query)).scalars()]

    async def clear(self, job_ids: list[int]) -> None:
        """Take jobs out of the queue; the ledger knows what they were for."""
        if job_ids:
            await self._connection.execute(_CLEAR, {"ids": job_ids})

    async def jobless(self, now: datetime, limit: int) -> list[RunId]:
        """Give up to `limit` queued runs that could start and that no job will bring to anybody."""
        run_id = sa.cast(_jobs.c.args["run_id"].astext, sa.BigInteger)
        brought = sa.select(run_id).where(
            _is(_jobs.c.status, "todo", "doing"), _jobs.c.queue_name == QUEUE
        )
        left = await room(self._connection, self._workspace, self._limits)
        turn = sa.func.row_number().over(
            partition_by=tasks.c.agent, order_by=(runs.c.ready_at, runs.c.id)
        )
        waiting = (
            sa.select(runs.c.id, runs.c.ready_at, tasks.c.agent, turn.label("turn"))
            .join(tasks, tasks.c.id == runs.c.task_id)
            .where(
                runs.c.workspace_id == self._workspace,
                runs.c.status == RunStatus.QUEUED,
                runs.c.ready_at <= now,
                runs.c.id.not_in(brought),
                ~has_to_wait(),
            )
            .subquery()
        )
        query = sa.select(waiting.c.id).order_by(waiting.c.ready_at, waiting.c.id)
        if self._limits.of_agent is not None:
            least = {agent: max(free, 0) for agent, free in left.of_agent.items()}
            query = query.where(
                sa.and_(
                    waiting.c.turn <= self._limits.of_agent,
                    *(
                        sa.or_(waiting.c.agent != agent, waiting.c.turn <= free)
                        for agent, free in least.items()
                    ),
                )
            )
        query = query.limit(limit if left.in_all is None else max(0, min(limit, left.in_all)))
        return [RunId(found) for found in (await self._connection.execute(query)).scalars()]


_CLEAR = sa.text(
    "SELECT procrastinate_finish_job_v1(id, 'failed', true)"
    " FROM procrastinate_jobs WHERE id = ANY(:ids)"
)


def _is(status: sa.ColumnClause[str], *wanted: str) -> sa.ColumnElement[bool]:
    """Compare a status, which is of a type of the queue's own, by its text."""
    return status.in_([sa.literal_column(f"'{each}'") for each in wanted])
