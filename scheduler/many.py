"""Many: one thing done to, or taken back of, each of several tasks, under one person's rights.

`scheduler.bulk` is an admin's brake over all tasks; this is for those that somebody named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from scheduler import brake, pauses
from scheduler.desk import Desk
from scheduler.errors import NotAllowed, Refused, UnknownTask
from scheduler.gate import Gate
from scheduler.hearers import may_hear
from scheduler.now import Now
from scheduler.planner import Planner
from scheduler.rights import Act
from scheduler.speaking import Obstacle
from scheduler.wishes import refuse_draft
from storage.records import Actor, DeliveryKind, Origin, Task, TaskId, TaskState
from storage.store import Store, Work


class Deed(StrEnum):
    """What is done to each task; audit and versions call it so."""

    PAUSE = "pause"
    RESUME = "resume"
    REMOVE = "remove"
    RUN = "run"
    UNDO = "undo"


_ACTS = {
    Deed.PAUSE: Act.PAUSE,
    Deed.RESUME: Act.PAUSE,
    Deed.REMOVE: Act.CHANGE,
    Deed.RUN: Act.RUN,
    Deed.UNDO: Act.PAUSE,
}
_CHANGED = "It was changed meanwhile."
_GONE = "It is not there any more."


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """A task that nothing was done to, and why, as a sentence."""

    task: Task
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Tasks as they stand once it is done (or as they are, where it would be), and the others."""

    done: tuple[Task, ...]
    declined: tuple[Declined, ...] = ()
    until: datetime | None = None


class Many:
    """Pauses, resumes, removes or runs several tasks, or undoes the last change of each."""

    def __init__(
        self,
        store: Store,
        *,
        planner: Planner,
        gate: Gate,
        now: Now,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._planner = planner
        self._arming = planner.arming
        self._desk = Desk(store, now)
        self._gate = gate
        self._now = now
        self._wake = wake

    async def look(
        self, deed: Deed, tasks: Iterable[Task], *, by: Actor, until: datetime | None = None
    ) -> Outcome:
        """Say which of these tasks it would be done to, and why not to the others.

        What somebody may not even know of is in neither. Raises Refused for a pause into the past.
        """
        pauses.check_end(until, self._now())
        done, declined = [], []
        for task in tasks:
            try:
                await self._gate.require(_ACTS[deed], task, by)
                _changed(deed, task, until)
            except UnknownTask:
                continue
            except Refused as error:
                declined.append(Declined(task=task, why=_said(error)))
            else:
                done.append(task)
        return Outcome(done=tuple(done), declined=tuple(declined), until=until)

    async def do(
        self,
        deed: Deed,
        versions: Mapping[TaskId, int],
        *,
        by: Actor,
        request_key: str,
        until: datetime | None = None,
    ) -> Outcome:
        """Do it to each task that still stands in the version it was shown in.

        Pausing, resuming and removing is one transaction, with one line of audit for each task
        and one message for each other owner; the same `request_key` runs a task once only.
        """
        async with self._store.read() as work:
            found = [await work.tasks.get(task_id) for task_id in versions]
        seen = [task for task in found if task is not None]
        outlook = await self.look(deed, seen, by=by, until=until)
        if deed in (Deed.RUN, Deed.UNDO):
            return await self._each(deed, outlook, versions, by, request_key)
        return await self._change(deed, outlook, versions, by)

    async def _each(
        self,
        deed: Deed,
        outlook: Outcome,
        versions: Mapping[TaskId, int],
        by: Actor,
        request_key: str,
    ) -> Outcome:
        done, declined = [], list(outlook.declined)
        for task in outlook.done:
            try:
                _check_version(task, versions)
                if deed is Deed.UNDO:
                    undone = await self._planner.undo(task.id, by=by, version=task.version)
                    done.append(undone.after)
                    continue
                await self._planner.run_now(task.id, by=by, request_key=f"{request_key}:{task.id}")
            except Refused as error:
                declined.append(Declined(task=task, why=_said(error)))
            else:
                done.append(task)
        return replace(outlook, done=tuple(done), declined=_in_order(declined))

    async def _change(
        self, deed: Deed, outlook: Outcome, versions: Mapping[TaskId, int], by: Actor
    ) -> Outcome:
        obstacles = await self._obstacles(deed, outlook.done)
        is_held = deed is Deed.RESUME and not await self._may_all(outlook.done, by)
        done, declined = [], list(outlook.declined)
        async with self._store.begin() as work:
            why = await brake.reason(work) if is_held else None
            for seen in sorted(outlook.done, key=lambda task: task.id):
                task = await work.tasks.lock(seen.id) or seen
                try:
                    _check_version(task, versions)
                    if why is not None and task.state is not TaskState.ACTIVE:
                        raise NotAllowed(f"{why} It stays paused.")
                    after = self._after(deed, task, outlook.until, obstacles)
                except Refused as error:
                    declined.append(Declined(task=task, why=_said(error)))
                    continue
                done.append(await self._put(work, deed, task, after, by))
            await _tell_owners(work, deed, done, outlook.until, by, self._now())
        self._wake()
        return replace(outlook, done=tuple(done), declined=_in_order(declined))

    def _after(
        self,
        deed: Deed,
        task: Task,
        until: datetime | None,
        obstacles: Mapping[tuple[str, str], Obstacle | None],
    ) -> Task:
        after = _changed(deed, task, until)
        if deed is not Deed.RESUME or task.state is TaskState.ACTIVE:
            return after
        self._arming.check_connected(task, "It stays paused.")
        return self._arming.armed(task, obstacles[task.channel, task.owner], was=task.state)

    async def _put(self, work: Work, deed: Deed, task: Task, after: Task, by: Actor) -> Task:
        if after == task:
            return task
        return await self._desk.put_back(
            work, after, before=task, action=str(deed), by=by, tell_owner=False, past_brake=True
        )

    async def _obstacles(
        self, deed: Deed, tasks: Sequence[Task]
    ) -> dict[tuple[str, str], Obstacle | None]:
        """Find out what keeps tasks from posting, before the transaction that resumes them."""
        if deed is not Deed.RESUME:
            return {}
        where = dict.fromkeys((task.channel, task.owner) for task in tasks)
        return {each: await self._gate.obstacle(*each) for each in where}

    async def _may_all(self, tasks: Sequence[Task], by: Actor) -> bool:
        """Say whether somebody is an admin, who may resume tasks though everything is held."""
        return not tasks or await self._gate.may_in(Act.BULK, tasks[0].channel, by)


def _changed(deed: Deed, task: Task, until: datetime | None) -> Task:
    """Give a task as it stands after, as far as that is known of it alone; or refuse."""
    if deed is Deed.UNDO:
        return task
    if task.state is TaskState.REMOVED:
        raise Refused(_GONE)
    match deed:
        case Deed.PAUSE:
            return pauses.paused(task, until)
        case Deed.REMOVE:
            return replace(task, state=TaskState.REMOVED, next_run_at=None)
        case Deed.RESUME | Deed.RUN:
            refuse_draft(task)
            return task


def _check_version(task: Task, versions: Mapping[TaskId, int]) -> None:
    if task.version != versions[task.id]:
        raise Refused(_GONE if task.state is TaskState.REMOVED else _CHANGED)


def _in_order(declined: Iterable[Declined]) -> tuple[Declined, ...]:
    return tuple(sorted(declined, key=lambda each: each.task.id))


def _said(error: Refused) -> str:
    return f"{error} {error.fix}".strip()


async def _tell_owners(
    work: Work,
    deed: Deed,
    changed: Sequence[Task],
    until: datetime | None,
    by: Actor,
    now: datetime,
) -> None:
    """Owe each other owner one message about all their tasks."""
    owned: dict[str, list[Task]] = defaultdict(list)
    for task in changed:
        is_others = task.owner != by.id and by.origin is not Origin.CLI
        if is_others and await may_hear(work, task.owner, task):
            owned[task.owner].append(task)
    for owner, tasks in owned.items():
        await work.deliveries.owe(
            DeliveryKind.ALL_CHANGED_DM,
            target=owner,
            task_id=tasks[0].id,
            payload={
                "by": by.id,
                "action": str(deed),
                "until": None if until is None else until.isoformat(),
                "tasks": [{"id": task.id, "name": task.name} for task in tasks],
            },
            now=now,
        )
