"""Tasks and the versions they went through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog

from storage import rows
from storage.errors import StaleTask
from storage.records import Hold, Task, TaskId, TaskState, Version
from storage.repository import Repository
from storage.tables import deliveries, task_versions, tasks

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a task stands, and since when its row is as it is."""

    id: TaskId
    state: TaskState
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A due task's way from the moment it stands at to the next one."""

    task: Task
    next_run_at: datetime | None
    fired: int
    state: TaskState

    def bound(self) -> dict[str, Any]:
        """Give the values of the statement that takes this step."""
        return {
            "task": self.task.id,
            "due_at": self.task.next_run_at,
            "following": self.next_run_at,
            "times_fired": self.fired,
            "new_state": str(self.state),
        }


_ADVANCE = (
    sa.update(tasks)
    .where(tasks.c.id == sa.bindparam("task"), tasks.c.next_run_at == sa.bindparam("due_at"))
    .values(
        next_run_at=sa.bindparam("following"),
        fired=sa.bindparam("times_fired"),
        state=sa.bindparam("new_state"),
    )
)


class Tasks(Repository):
    """The tasks of one workspace, inside one transaction."""

    async def add(self, task: Task) -> Task:
        """Store a new task (its id is given here) and return it as stored.

        Where the same request made a task already, that one is returned and nothing is stored.
        """
        new_id = await self._insert_once(tasks, rows.task_values(task))
        if new_id is not None:
            return replace(task, id=TaskId(new_id))
        twin = await self._row(self._mine().where(tasks.c.request_key == task.request_key))
        assert twin is not None
        return rows.task_from(twin)

    async def get(self, task_id: TaskId) -> Task | None:
        """Find a task by its number, removed ones too."""
        row = await self._row(self._mine().where(tasks.c.id == task_id))
        return None if row is None else rows.task_from(row)

    async def lock(self, task_id: TaskId) -> Task | None:
        """Find a task and hold its row until the transaction ends."""
        query = self._mine().where(tasks.c.id == task_id).with_for_update(key_share=True)
        row = await self._row(query)
        return None if row is None else rows.task_from(row)

    async def all(self, *, removed: bool = False) -> list[Task]:
        """Give every task, oldest first; removed ones only when asked for."""
        query = self._mine().order_by(tasks.c.id)
        if not removed:
            query = query.where(tasks.c.state != TaskState.REMOVED)
        return await self._many(query)

    async def standings(self) -> list[Standing]:
        """Say how every task stands, removed ones too; for looks at all there are."""
        columns = sa.select(tasks.c.id, tasks.c.state, tasks.c.updated_at)
        found = await self._connection.execute(
            columns.where(tasks.c.workspace_id == self._workspace)
        )
        return [
            Standing(id=TaskId(number), state=TaskState(state), updated_at=at)
            for number, state, at in found
        ]

    async def active_ids(self) -> list[TaskId]:
        """Give the numbers of the tasks that are on."""
        query = sa.select(tasks.c.id).where(
            tasks.c.workspace_id == self._workspace, tasks.c.state == TaskState.ACTIVE
        )
        found = await self._connection.execute(query.order_by(tasks.c.id))
        return [TaskId(number) for number in found.scalars()]

    async def channels(self) -> list[str]:
        """Give each channel that a task, unless it is removed, belongs to."""
        query = sa.select(tasks.c.channel).where(
            tasks.c.workspace_id == self._workspace, tasks.c.state != TaskState.REMOVED
        )
        return list((await self._connection.execute(query.distinct())).scalars())

    async def of_request(self, key: str) -> Task | None:
        """Find the task that a request made before."""
        row = await self._row(self._mine().where(tasks.c.request_key == key))
        return None if row is None else rows.task_from(row)

    async def of_agent(self, agent: str, channel: str) -> list[Task]:
        """Give an agent's tasks in a channel that are on, paused or uninvited, oldest first."""
        kept = tasks.c.state.in_([str(TaskState.ACTIVE), str(TaskState.PAUSED)])
        waits = sa.and_(tasks.c.state == TaskState.DRAFT, tasks.c.hold == Hold.INVITATION)
        query = self._mine().where(
            tasks.c.agent == agent, tasks.c.channel == channel, sa.or_(kept, waits)
        )
        return await self._many(query.order_by(tasks.c.id))

    async def those(
        self,
        states: Sequence[TaskState],
        *,
        channel: str | None = None,
        owner: str | None = None,
        holds: Sequence[Hold] | None = None,
    ) -> list[Task]:
        """Give the tasks in `states`, oldest first: of a channel, of an owner, held by one of."""
        query = self._mine().where(tasks.c.state.in_([str(state) for state in states]))
        if channel is not None:
            query = query.where(tasks.c.channel == channel)
        if owner is not None:
            query = query.where(tasks.c.owner == owner)
        if holds is not None:
            query = query.where(tasks.c.hold.in_([str(hold) for hold in holds]))
        return await self._many(query.order_by(tasks.c.id))

    async def page(self, states: Sequence[TaskState], *, after: int, limit: int) -> list[Task]:
        """Give up to `limit` tasks in `states`, oldest first, past the first `after` of them."""
        query = self._mine().where(tasks.c.state.in_([str(state) for state in states]))
        return await self._many(query.order_by(tasks.c.id).offset(after).limit(limit))

    async def count(self, states: Sequence[TaskState]) -> int:
        """Say how many tasks stand in one of `states`."""
        query = sa.select(sa.func.count()).select_from(tasks)
        query = query.where(
            tasks.c.workspace_id == self._workspace,
            tasks.c.state.in_([str(state) for state in states]),
        )
        return int((await self._connection.execute(query)).scalar_one())

    async def due(self, now: datetime, limit: int) -> list[Task]:
        """Give active tasks due at or before `now`, the longest due first, and hold their rows.

        Rows that another process holds are passed over.
        """
        query = (
            self._mine()
            .where(tasks.c.state == TaskState.ACTIVE, tasks.c.next_run_at <= now)
            .order_by(tasks.c.next_run_at)
            .limit(limit)
            .with_for_update(skip_locked=True, key_share=True)  # runs may refer to it
        )
        return await self._readable(query)

    async def rested(self, now: datetime, limit: int) -> list[Task]:
        """Give paused tasks whose pause is over by `now`, the longest over first; hold their rows.

        Rows that another process holds are passed over.
        """
        query = (
            self._mine()
            .where(tasks.c.state == TaskState.PAUSED, tasks.c.paused_until <= now)
            .order_by(tasks.c.paused_until, tasks.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, key_share=True)  # runs may refer to it
        )
        return await self._readable(query)

    async def _readable(self, query: sa.Select[Any]) -> list[Task]:
        """Give the tasks that can be read, and park the others."""
        found = []
        for row in await self._rows(query):
            try:
                found.append(rows.task_from(row))
            except (KeyError, ValueError, TypeError):
                await self._park(row["id"])
        return found

    async def _park(self, task_id: int) -> None:
        """Pause a task whose row can't be read, so that it holds up no other."""
        log.exception("A task can't be read; it is paused", action="task_broken", task_id=task_id)
        query = sa.update(tasks).where(tasks.c.id == task_id)
        stopped = {"state": str(TaskState.PAUSED), "next_run_at": None, "paused_until": None}
        await self._connection.execute(query.values(stopped))

    async def next_due(self) -> datetime | None:
        """Say when the first task comes due, or the first pause ends; None when none ever does."""
        due = await self._first(tasks.c.next_run_at, TaskState.ACTIVE)
        ends = await self._first(tasks.c.paused_until, TaskState.PAUSED)
        return min((moment for moment in (due, ends) if moment is not None), default=None)

    async def _first(self, moment: sa.Column[Any], state: TaskState) -> datetime | None:
        query = sa.select(sa.func.min(moment)).where(
            tasks.c.workspace_id == self._workspace, tasks.c.state == state
        )
        first: datetime | None = (await self._connection.execute(query)).scalar_one()
        return first

    async def advance(
        self, task: Task, *, next_run_at: datetime | None, fired: int, state: TaskState
    ) -> bool:
        """Move a due task to its next moment; False when somebody else moved it first."""
        step = Step(task=task, next_run_at=next_run_at, fired=fired, state=state)
        return (await self._connection.execute(_ADVANCE, step.bound())).rowcount == 1

    async def advance_all(self, steps: Sequence[Step]) -> None:
        """Move due tasks on, each unless somebody else moved it first."""
        if steps:
            await self._connection.execute(_ADVANCE, [step.bound() for step in steps])

    async def reschedule(self, task: Task) -> None:
        """Store a task's schedule, state and next moment; its version, and so its buttons, stay."""
        values = rows.task_values(task)
        changed = {name: values[name] for name in ("schedule", "state", "next_run_at")}
        await self._connection.execute(
            sa.update(tasks).where(tasks.c.id == task.id).values(changed)
        )

    async def save(self, task: Task, *, before: Task, action: str, by: str, at: datetime) -> Task:
        """Store a changed task and keep what it was, as a new version; returns it as stored."""
        changed = replace(task, version=before.version + 1, updated_at=at)
        query = sa.update(tasks).where(tasks.c.id == before.id, tasks.c.version == before.version)
        if not await self._changed(query.values(rows.task_values(changed))):
            raise StaleTask(f"T-{before.id} was changed by somebody else meanwhile")
        await self._keep(changed, before=before, action=action, by=by, at=at)
        return changed

    async def keep_first(self, task: Task, *, by: str, at: datetime) -> None:
        """Keep the version a task was born with."""
        await self._keep(task, before=None, action="create", by=by, at=at)

    async def _keep(
        self, task: Task, *, before: Task | None, action: str, by: str, at: datetime
    ) -> None:
        await self._connection.execute(
            sa.insert(task_versions).values(
                workspace_id=self._workspace,
                task_id=task.id,
                version=task.version,
                action=action,
                by=by,
                at=at,
                before=None if before is None else rows.task_snapshot(before),
            )
        )

    async def version(self, task_id: TaskId, version: int) -> Version | None:
        """Find how a task came to its `version`."""
        query = sa.select(task_versions).where(
            task_versions.c.task_id == task_id, task_versions.c.version == version
        )
        row = await self._row(query)
        return None if row is None else rows.version_from(row)

    async def drafts_to_remind(self, now: datetime, limit: int) -> list[Task]:
        """Give drafts whose author is to be reminded by now."""
        query = self._mine().where(tasks.c.state == TaskState.DRAFT, tasks.c.remind_at <= now)
        return await self._many(query.order_by(tasks.c.id).limit(limit))

    async def drafts_undated(self, limit: int) -> list[Task]:
        """Give drafts that have no end, as those of the first schema have none."""
        query = self._mine().where(
            tasks.c.state == TaskState.DRAFT,
            tasks.c.remind_at.is_(None),
            tasks.c.expires_at.is_(None),
        )
        return await self._many(query.order_by(tasks.c.id).limit(limit))

    async def date_draft(self, draft: Task) -> bool:
        """Store a draft's moments to remind and to end; its version, and so its buttons, stay."""
        query = sa.update(tasks).where(
            tasks.c.id == draft.id,
            tasks.c.state == TaskState.DRAFT,
            tasks.c.expires_at.is_(None),
        )
        return await self._changed(
            query.values(remind_at=draft.remind_at, expires_at=draft.expires_at)
        )

    async def drafts_to_end(self, now: datetime, limit: int) -> list[Task]:
        """Give drafts whose author was reminded and whose time is over by now."""
        query = self._mine().where(
            tasks.c.state == TaskState.DRAFT,
            tasks.c.remind_at.is_(None),
            tasks.c.expires_at <= now,
        )
        return await self._many(query.order_by(tasks.c.id).limit(limit))

    async def reminded(self, draft: Task, now: datetime, *, end_not_before: datetime) -> bool:
        """Note that a draft's author is reminded; False when that was noted, or it is no draft."""
        assert draft.expires_at is not None
        return await self._changed(
            sa.update(tasks)
            .where(
                tasks.c.id == draft.id,
                tasks.c.state == TaskState.DRAFT,
                tasks.c.remind_at <= now,
            )
            .values(remind_at=None, expires_at=max(draft.expires_at, end_not_before))
        )

    async def any_held(self, hold: Hold) -> Task | None:
        """Find a paused task under that hold."""
        query = self._mine().where(tasks.c.state == TaskState.PAUSED, tasks.c.hold == hold)
        row = await self._row(query.order_by(tasks.c.id).limit(1))
        return None if row is None else rows.task_from(row)

    async def lock_all(self, state: TaskState, *, hold: Hold | None = None) -> list[Task]:
        """Give every task in a state, under that hold if one is named, and hold their rows."""
        query = self._mine().where(tasks.c.state == state)
        if hold is not None:
            query = query.where(tasks.c.hold == hold)
        return await self._many(query.order_by(tasks.c.id).with_for_update(key_share=True))

    async def show_card(self, task_id: TaskId, card_ts: str) -> None:
        """Remember which message shows the task's present card."""
        query = sa.update(tasks).where(tasks.c.id == task_id).values(card_ts=card_ts)
        await self._connection.execute(query)

    async def in_thread(self, channel: str, thread_ts: str) -> list[Task]:
        """Give the tasks that a thread's requests made, removed ones too, the newest first."""
        made = self._mine().where(tasks.c.channel == channel, tasks.c.thread_ts == thread_ts)
        return await self._many(made.order_by(tasks.c.id.desc()))

    async def of_thread(self, channel: str, thread_ts: str) -> Task | None:
        """Find the task a thread is about: by the request that opened it, or by a result in it."""
        found = await self.in_thread(channel, thread_ts)
        if found:
            return found[0]
        of_message = (
            sa.select(deliveries.c.task_id)
            .where(
                deliveries.c.workspace_id == self._workspace,
                deliveries.c.sent_to == channel,
                deliveries.c.ref == thread_ts,
            )
            .limit(1)
        )
        found = await self._many(self._mine().where(tasks.c.id.in_(of_message)))
        return found[0] if found else None

    def _mine(self) -> sa.Select[Any]:
        return sa.select(tasks).where(tasks.c.workspace_id == self._workspace)

    async def _many(self, query: sa.Select[Any]) -> list[Task]:
        return [rows.task_from(row) for row in await self._rows(query)]
