"""Many runs at once: begun in a few statements, and those that went well ended in a few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from storage import rows
from storage.errors import NotAllHeld
from storage.queueing import has_to_wait
from storage.records import (
    FAILED_RUNS,
    AttemptOutcome,
    DeliveryId,
    DeliveryKind,
    DeliveryState,
    Run,
    RunId,
    RunStatus,
    Task,
    TaskId,
)
from storage.reports import Report
from storage.repository import Repository
from storage.slots import SKEW
from storage.streaks import OVERLAP
from storage.tables import UtcDateTime, attempts, deliveries, runs, tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class Footing:
    """How a task stands before the end of a run of it is written.

    `told` is the newest run whose result reached the channel, `has_failed` says that a run may
    have failed since the last success.
    """

    version: int
    has_notices: bool
    has_failed: bool
    told: RunId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A message owed for a run, by itself or, as `follows` says, in the thread of another."""

    run: Run
    kind: DeliveryKind
    target: str
    follows: bool
    payload: dict[str, Any] | None


class Batches(Repository):
    """Many runs of one workspace, inside one transaction."""

    async def tasks_of(self, run_ids: Sequence[RunId]) -> dict[RunId, Task]:
        """Give the task of each of these runs."""
        found = await self._found(_TASKS_OF, ids=run_ids)
        return {RunId(row["of_run"]): rows.task_from(row) for row in found}

    async def claim(self, run_ids: Sequence[RunId], now: datetime) -> list[Run]:
        """Take those queued runs that are there to be taken, for `open` to follow.

        As `Runs.claim` does for one, where no limits are set.
        """
        taken = await self._found(_CLAIM, ids=run_ids, latest=now + SKEW, at=now)
        return [rows.run_from(row) for row in taken]

    async def open(
        self,
        begun: Sequence[tuple[Run, Task]],
        *,
        worker: str,
        now: datetime,
        lease_until: datetime,
    ) -> None:
        """Open the attempt of each of these runs, which were just taken."""
        opened = [
            {
                "workspace_id": self._workspace,
                "run_id": run.id,
                "number": run.attempt,
                "agent": task.agent,
                "worker": worker,
                "started_at": now,
                "lease_until": lease_until,
            }
            for run, task in begun
        ]
        await self._connection.execute(_OPEN, opened)

    async def footings(self, task_ids: Sequence[TaskId]) -> dict[TaskId, Footing]:
        """Say how each of these tasks stands."""
        return {
            TaskId(row["id"]): Footing(
                version=row["version"],
                has_notices=bool(row["notices"]),
                has_failed=row["has_failed"],
                told=row["told"],
            )
            for row in await self._found(_FOOTINGS, ids=task_ids)
        }

    async def reports(self, run_ids: Sequence[RunId]) -> dict[RunId, tuple[int, Report | None]]:
        """Give the report of each of these runs, and which version of its task it ran."""
        if not run_ids:
            return {}
        found = [rows.run_from(row) for row in await self._found(_RUNS, ids=run_ids)]
        return {run.id: (run.task_version, run.report) for run in found}

    async def succeed(self, ended: Sequence[tuple[Run, Report]], now: datetime) -> None:
        """End runs well that their attempts still hold; raises NotAllHeld where one is not held."""
        done = [
            {"run": run.id, "try": run.attempt, "said": rows.report_json(report), "at": now}
            for run, report in ended
        ]
        changed = await self._connection.execute(_END, done)
        if changed.rowcount != len(done):
            raise NotAllHeld(NotAllHeld.__doc__)
        closed = [{"run": run.id, "try": run.attempt, "at": now} for run, _ in ended]
        await self._connection.execute(_CLOSE, closed)

    async def owe(self, owed: Sequence[Owed], now: datetime) -> None:
        """Write down what is owed for runs; what the same run owes already is not owed again."""
        leaders = await self._owe([each for each in owed if not each.follows], {}, now)
        await self._owe([each for each in owed if each.follows], leaders, now)

    async def _owe(
        self, owed: Sequence[Owed], leaders: Mapping[RunId, DeliveryId], now: datetime
    ) -> dict[RunId, DeliveryId]:
        if not owed:
            return {}
        values = [
            {
                "workspace_id": self._workspace,
                "kind": str(each.kind),
                "outlet": "slack",
                "target": each.target,
                "task_id": each.run.task_id,
                "run_id": each.run.id,
                "after": leaders.get(each.run.id),
                "payload": each.payload,
                "state": str(DeliveryState.OWED),
                "tries": 0,
                "next_try_at": now,
                "created_at": now,
            }
            for each in owed
        ]
        query = self._insert_unless_there(deliveries).returning(
            deliveries.c.run_id, deliveries.c.id
        )
        written = await self._connection.execute(query, values)
        return {RunId(run_id): DeliveryId(number) for run_id, number in written}

    async def _found(self, query: sa.Executable, **given: Any) -> Sequence[rows.Row]:
        found = await self._connection.execute(query, {"workspace": self._workspace, **given})
        return cast("Sequence[rows.Row]", found.mappings().all())


_OPEN = sa.insert(attempts)
_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_MINE = (runs.c.workspace_id == sa.bindparam("workspace"), runs.c.id.in_(_IDS))
_RUNS = sa.select(runs).where(*_MINE)
_TASKS_OF = (
    sa.select(runs.c.id.label("of_run"), *tasks.c)
    .join(tasks, tasks.c.id == runs.c.task_id)
    .where(*_MINE)
)
_CLAIM = (
    sa.update(runs)
    .where(
        *_MINE,
        runs.c.status == str(RunStatus.QUEUED),
        runs.c.ready_at <= sa.bindparam("latest"),
        ~has_to_wait(),
    )
    .values(
        status=str(RunStatus.RUNNING),
        attempt=runs.c.attempt + 1,
        started_at=sa.func.coalesce(runs.c.started_at, sa.bindparam("at", type_=UtcDateTime)),
    )
    .returning(*runs.c)
)
_SUCCEEDED = runs.alias("succeeded")
_NEWEST = (
    sa.select(_SUCCEEDED.c.id)
    .where(_SUCCEEDED.c.task_id == tasks.c.id, _SUCCEEDED.c.status == str(RunStatus.SUCCEEDED))
    .order_by(_SUCCEEDED.c.id.desc())
    .limit(1)
    .correlate(tasks)
    .scalar_subquery()
)
_HAS_FAILED = (
    sa.select(runs.c.id)
    .where(
        runs.c.task_id == tasks.c.id,
        runs.c.status.in_([str(status) for status in FAILED_RUNS]),
        runs.c.id > sa.func.coalesce(_NEWEST, 0) - OVERLAP,
    )
    .correlate(tasks)
    .exists()
    .label("has_failed")
)
_TOLD = (
    sa.select(runs.c.id)
    .join(deliveries, deliveries.c.run_id == runs.c.id)
    .where(
        runs.c.task_id == tasks.c.id,
        deliveries.c.target == tasks.c.channel,
        deliveries.c.kind == str(DeliveryKind.RESULT),
        deliveries.c.state == str(DeliveryState.SENT),
    )
    .order_by(runs.c.id.desc())
    .limit(1)
    .correlate(tasks)
    .scalar_subquery()
    .label("told")
)
_FOOTINGS = sa.select(tasks.c.id, tasks.c.version, tasks.c.notices, _HAS_FAILED, _TOLD).where(
    tasks.c.workspace_id == sa.bindparam("workspace"), tasks.c.id.in_(_IDS)
)
_END = (
    sa.update(runs)
    .where(
        runs.c.id == sa.bindparam("run"),
        runs.c.attempt == sa.bindparam("try"),
        runs.c.status == str(RunStatus.RUNNING),
    )
    .values(
        status=str(RunStatus.SUCCEEDED),
        reason=None,
        report=sa.bindparam("said"),
        finished_at=sa.bindparam("at"),
    )
)
_CLOSE = (
    sa.update(attempts)
    .where(
        attempts.c.run_id == sa.bindparam("run"),
        attempts.c.number == sa.bindparam("try"),
        attempts.c.outcome.is_(None),
    )
    .values(outcome=str(AttemptOutcome.SUCCEEDED), reason=None, finished_at=sa.bindparam("at"))
)
