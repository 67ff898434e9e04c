"""The ledger: one row for every due moment and every request, and one for every try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import rows
from storage.queueing import has_to_wait
from storage.records import (
    OPEN_RUNS,
    Attempt,
    AttemptOutcome,
    DeliveryKind,
    DeliveryState,
    Run,
    RunId,
    RunStatus,
    Task,
    TaskId,
    Trigger,
)
from storage.reports import Report
from storage.repository import Repository
from storage.slots import NO_LIMITS, SKEW, Limits, has_room, open_attempt, room
from storage.tables import attempts, deliveries, runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A due moment with its verdict: to be queued, or ended at once with a reason.

    `moments` above one folds a long outage, up to `last`, into one row. One to be queued starts at
    `ready_at`, or at once.
    """

    scheduled_for: datetime
    status: RunStatus
    reason: str | None = None
    last: datetime | None = None
    moments: int = 1
    ready_at: datetime | None = None


class Runs(Repository):
    """The runs of one workspace, inside one transaction."""

    def __init__(
        self, connection: AsyncConnection, workspace: str, limits: Limits = NO_LIMITS
    ) -> None:
        super().__init__(connection, workspace)
        self._limits = limits

    async def record(self, task: Task, moment: Moment, now: datetime) -> RunId | None:
        """Write the row of a due moment; None when it stands there already."""
        written = await self.record_all([(task, moment)], now)
        return written.get((task.id, moment.scheduled_for))

    async def record_all(
        self, due: Sequence[tuple[Task, Moment]], now: datetime
    ) -> dict[tuple[TaskId, datetime], RunId]:
        """Write a row for each due moment that has none; give those, by task and moment (UTC)."""
        if not due:
            return {}
        values = [
            {
                "workspace_id": self._workspace,
                **rows.new_run_values(task, Trigger.SCHEDULE, now),
                **_of(moment, now),
            }
            for task, moment in due
        ]
        query = self._insert_unless_there(runs).returning(
            runs.c.id, runs.c.task_id, runs.c.scheduled_for
        )
        written = await self._connection.execute(query, values)
        return {(task_id, due_at): RunId(run_id) for run_id, task_id, due_at in written}

    async def request(
        self,
        task: Task,
        *,
        key: str,
        by: str,
        now: datetime,
        variables: dict[str, str] | None = None,
    ) -> Run:
        """Write the row of a request to run now; the same key gives the row it made before."""
        values = {
            "request_key": key,
            "asked_by": by,
            "status": str(RunStatus.QUEUED),
            "variables": variables,
        }
        await self._insert_once(runs, rows.new_run_values(task, Trigger.MANUAL, now) | values)
        row = await self._row(self._mine().where(runs.c.request_key == key))
        assert row is not None
        return rows.run_from(row)

    async def get(self, run_id: RunId) -> Run | None:
        """Find a run by its number."""
        row = await self._row(self._mine().where(runs.c.id == run_id))
        return None if row is None else rows.run_from(row)

    async def just_asked(self, task_id: TaskId, *, by: str, since: datetime) -> Run | None:
        """Find the run of a task that somebody asked for since then, if it is not over yet."""
        query = self._mine().where(
            runs.c.task_id == task_id,
            runs.c.asked_by == by,
            runs.c.created_at > since,
            runs.c.status.in_(_OPEN),
        )
        row = await self._row(query.order_by(runs.c.id.desc()).limit(1))
        return None if row is None else rows.run_from(row)

    async def ready(self, now: datetime, limit: int) -> list[RunId]:
        """Give up to `limit` queued runs that may start, the longest waiting first.

        Where runs of a task take turns, one waits while an earlier one has not ended; and where as
        many runs of an agent, or of all, go on as may, its runs wait.
        """
        query = (
            sa.select(runs.c.id)
            .where(
                runs.c.workspace_id == self._workspace,
                runs.c.status == RunStatus.QUEUED,
                runs.c.ready_at <= now,
                ~has_to_wait(),
                *has_room(await room(self._connection, self._workspace, self._limits)),
            )
            .order_by(runs.c.ready_at, runs.c.id)
            .limit(limit)
        )
        return [RunId(run_id) for run_id in (await self._connection.execute(query)).scalars()]

    async def claim(
        self, run_id: RunId, *, worker: str, now: datetime, lease_until: datetime
    ) -> Run | None:
        """Take a queued run and open its next attempt; None when it is not there to be taken.

        Raises NoRoom, so that all is rolled back, where as many runs go on as may. A run may be
        taken `SKEW` before it is ready: whoever queued it may have another clock.
        """
        query = (
            sa.update(runs)
            .where(
                runs.c.id == run_id,
                runs.c.status == RunStatus.QUEUED,
                runs.c.ready_at <= now + SKEW,
                ~has_to_wait(),
            )
            .values(
                status=str(RunStatus.RUNNING),
                attempt=runs.c.attempt + 1,
                started_at=sa.func.coalesce(runs.c.started_at, sa.bindparam("now", now)),
            )
        )
        taken = (await self._connection.execute(query.returning(*runs.c))).mappings().first()
        if taken is None:
            return None
        run = rows.run_from(dict(taken))
        opened = {"worker": worker, "started_at": now, "lease_until": lease_until}
        await open_attempt(self._connection, self._workspace, run, self._limits, opened)
        return run

    async def renew(self, run_id: RunId, attempt: int, *, lease_until: datetime) -> bool:
        """Hold an open attempt for longer; False when it was taken away."""
        return await self._changed(
            sa.update(attempts)
            .where(
                attempts.c.run_id == run_id,
                attempts.c.number == attempt,
                attempts.c.outcome.is_(None),
            )
            .values(lease_until=lease_until)
        )

    async def end(
        self,
        run: Run,
        *,
        status: RunStatus,
        reason: str | None,
        report: Report | None,
        now: datetime,
    ) -> bool:
        """End a run that this attempt still holds; False when a newer attempt holds it."""
        return await self._changed(
            self._held(run).values(
                status=str(status),
                reason=reason,
                report=None if report is None else rows.report_json(report),
                finished_at=now,
            )
        )

    async def cancel_queued(self, task_id: TaskId, *, reason: str, now: datetime) -> None:
        """End the task's runs that wait for their turn or their next try."""
        query = sa.update(runs).where(runs.c.task_id == task_id, runs.c.status == RunStatus.QUEUED)
        ended = {"status": str(RunStatus.CANCELLED), "reason": reason, "finished_at": now}
        await self._connection.execute(query.values(ended))

    async def cancel_open(self, task_id: TaskId, *, reason: str, now: datetime) -> list[RunId]:
        """End the task's runs that are due or begun, fencing off who works on them; gives them."""
        ended = {"reason": reason, "finished_at": now}
        is_due = sa.or_(runs.c.trigger != Trigger.MANUAL, runs.c.attempt > 0)
        query = (
            sa.update(runs)
            .where(runs.c.task_id == task_id, runs.c.status.in_(_OPEN), is_due)
            .values(status=str(RunStatus.CANCELLED), **ended)
            .returning(runs.c.id)
        )
        found = [RunId(run_id) for run_id in (await self._connection.execute(query)).scalars()]
        await self._connection.execute(
            sa.update(attempts)
            .where(attempts.c.run_id.in_(found), attempts.c.outcome.is_(None))
            .values(outcome=str(AttemptOutcome.CANCELLED), **ended)
        )
        return found

    async def skip(self, run_id: RunId, *, reason: str, now: datetime) -> bool:
        """End a run that waits for its turn and is not to be worked on; False when it is taken."""
        query = sa.update(runs).where(runs.c.id == run_id, runs.c.status == RunStatus.QUEUED)
        ended = {"status": str(RunStatus.SKIPPED), "reason": reason, "finished_at": now}
        return await self._changed(query.values(ended))

    async def requeue(self, run: Run, *, ready_at: datetime, reason: str) -> bool:
        """Put a run that this attempt still holds back, to be tried again at `ready_at`."""
        return await self._changed(
            self._held(run).values(status=str(RunStatus.QUEUED), ready_at=ready_at, reason=reason)
        )

    async def close_attempt(
        self,
        run: Run,
        *,
        outcome: AttemptOutcome,
        reason: str | None,
        now: datetime,
    ) -> bool:
        """Say how the run's present attempt ended; False when that was said already."""
        return await self._changed(
            sa.update(attempts)
            .where(
                attempts.c.run_id == run.id,
                attempts.c.number == run.attempt,
                attempts.c.outcome.is_(None),
            )
            .values(outcome=str(outcome), reason=reason, finished_at=now)
        )

    async def abandoned(self, *, lease_before: datetime | None) -> list[Run]:
        """Give runs whose open attempt's lease ended before then (None: every open attempt)."""
        query = (
            self._mine()
            .join(
                attempts,
                sa.and_(attempts.c.run_id == runs.c.id, attempts.c.number == runs.c.attempt),
            )
            .where(runs.c.status == RunStatus.RUNNING, attempts.c.outcome.is_(None))
            .order_by(runs.c.id)
        )
        if lease_before is not None:
            query = query.where(attempts.c.lease_until < lease_before)
        return await self._many(query)

    async def attempts(self, run_id: RunId) -> list[Attempt]:
        """Give every try of a run, the first one first."""
        query = sa.select(attempts).where(attempts.c.run_id == run_id).order_by(attempts.c.number)
        return [rows.attempt_from(row) for row in await self._rows(query)]

    async def count_open(self, task_ids: Sequence[TaskId]) -> dict[TaskId, int]:
        """Count the runs that have not ended, of each of these tasks that has any."""
        query = (
            sa.select(runs.c.task_id, sa.func.count())
            .where(runs.c.task_id.in_(task_ids), runs.c.status.in_(_OPEN))
            .group_by(runs.c.task_id)
        )
        found = await self._connection.execute(query)
        return {TaskId(task_id): count for task_id, count in found}

    async def history(self, task_id: TaskId, limit: int, *, after: int = 0) -> list[Run]:
        """Give the task's runs, the newest first."""
        query = self._mine().where(runs.c.task_id == task_id).order_by(runs.c.id.desc())
        return await self._many(query.offset(after).limit(limit))

    async def last_of(self, task_ids: Sequence[TaskId]) -> dict[TaskId, Run]:
        """Give the newest run of each of these tasks that ever ran."""
        newest = (
            sa.select(sa.func.max(runs.c.id))
            .where(runs.c.task_id.in_(task_ids))
            .group_by(runs.c.task_id)
        )
        return {
            run.task_id: run for run in await self._many(self._mine().where(runs.c.id.in_(newest)))
        }

    async def recent(self, *, since: datetime | None, task_id: TaskId | None) -> list[Run]:
        """Give runs, oldest first, as the command line lists them."""
        query = self._mine().order_by(runs.c.id)
        if since is not None:
            query = query.where(runs.c.created_at >= since)
        if task_id is not None:
            query = query.where(runs.c.task_id == task_id)
        return await self._many(query)

    async def of_window(
        self, since: datetime, until: datetime, *, after: int, limit: int
    ) -> list[Run]:
        """Give runs due by `until` that ended after `since` or are open, oldest first.

        At most `limit` of those past the number `after`. Their reports, which may be large, are
        left out: `reports_of` gives them.
        """
        columns = [column for column in runs.c if column is not runs.c.report]
        query = (
            sa.select(*columns, sa.null().label("report"))
            .where(
                runs.c.workspace_id == self._workspace,
                runs.c.id > after,
                sa.func.coalesce(runs.c.scheduled_for, runs.c.created_at) <= until,
                sa.or_(runs.c.finished_at.is_(None), runs.c.finished_at > since),
            )
            .order_by(runs.c.id)
            .limit(limit)
        )
        return await self._many(query)

    async def last_reported(self, until: datetime) -> dict[TaskId, Run]:
        """Give the newest run of each task that had reported by then, with its report."""
        newest = (
            sa.select(sa.func.max(runs.c.id))
            .where(
                runs.c.workspace_id == self._workspace,
                runs.c.status == RunStatus.SUCCEEDED,
                runs.c.finished_at <= until,
            )
            .group_by(runs.c.task_id)
        )
        return {
            run.task_id: run for run in await self._many(self._mine().where(runs.c.id.in_(newest)))
        }

    async def reports_of(self, run_ids: Sequence[RunId]) -> dict[RunId, Report]:
        """Give the reports of those of these runs that have one."""
        found = await self._many(self._mine().where(runs.c.id.in_(run_ids)))
        return {run.id: run.report for run in found if run.report is not None}

    async def last_delivered(self, task_id: TaskId, channel: str) -> Run | None:
        """Give the newest run whose result reached the channel.

        What another audience was told is nothing that this one may hear of.
        """
        query = (
            self._mine()
            .join(deliveries, deliveries.c.run_id == runs.c.id)
            .where(
                runs.c.task_id == task_id,
                deliveries.c.target == channel,
                deliveries.c.kind == DeliveryKind.RESULT,
                deliveries.c.state == DeliveryState.SENT,
            )
            .order_by(runs.c.id.desc())
            .limit(1)
        )
        found = await self._many(query)
        return found[0] if found else None

    def _held(self, run: Run) -> sa.Update:
        return sa.update(runs).where(
            runs.c.id == run.id,
            runs.c.attempt == run.attempt,
            runs.c.status == RunStatus.RUNNING,
        )

    def _mine(self) -> sa.Select[Any]:
        return sa.select(runs).where(runs.c.workspace_id == self._workspace)

    async def _many(self, query: sa.Select[Any]) -> list[Run]:
        return [rows.run_from(row) for row in await self._rows(query)]


_OPEN = [str(status) for status in OPEN_RUNS]


def _of(moment: Moment, now: datetime) -> dict[str, Any]:
    return {
        "scheduled_for": moment.scheduled_for,
        "last_scheduled_for": moment.last,
        "moments": moment.moments,
        "status": str(moment.status),
        "reason": moment.reason,
        "ready_at": moment.ready_at or now,
        "finished_at": None if moment.status in OPEN_RUNS else now,
    }
