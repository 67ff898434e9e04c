"""All tasks at once: an admin's brake, and its release, which touches nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from scheduler import brake, parking
from scheduler.desk import Desk
from scheduler.errors import BadSchedule
from scheduler.gate import Gate
from scheduler.now import Now
from scheduler.rights import Act
from scheduler.sentences import moment, zone_name
from scheduler.speaking import Lack, Obstacle, held
from storage.records import Actor, DeliveryKind, Hold, Origin, Task, TaskState
from storage.store import Store, Work

PAUSE_ALL, RESUME_ALL = "pause all", "resume all"
STEPS = (PAUSE_ALL, RESUME_ALL)
"""Actions that no single task takes back."""
_Hindered = Mapping[tuple[str, str], Obstacle]
"""What keeps tasks from posting, by their channel and owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much is meant, or was changed.

    `over` counts tasks whose schedule ended meanwhile, `waiting` those that can't post now.
    """

    tasks: int
    channels: int
    over: int = 0
    waiting: int = 0


class Bulk:
    """Pauses every task that is on, and resumes those and no others. For admins and the shell."""

    def __init__(
        self, store: Store, *, gate: Gate, now: Now, wake: Callable[[], None] = lambda: None
    ) -> None:
        self._store = store
        self._desk = Desk(store, now)
        self._gate = gate
        self._now = now
        self._wake = wake

    async def can_pause(self, *, channel: str, by: Actor) -> Extent:
        """Say how much a pause would stop; raises NotAllowed to who may not in `channel`."""
        await self._gate.require_in(Act.BULK, channel, by)
        return await self._found(TaskState.ACTIVE, None)

    async def can_resume(self, *, channel: str, by: Actor) -> Extent:
        """Say how much would go on; raises NotAllowed to who may not in `channel`."""
        await self._gate.require_in(Act.BULK, channel, by)
        return await self._found(TaskState.PAUSED, Hold.EVERYTHING)

    async def pause(self, *, channel: str, by: Actor) -> Extent:
        """Hold every task that is on, in one transaction; what runs now ends by itself."""
        await self._gate.require_in(Act.BULK, channel, by)
        now = self._now()
        async with self._store.begin() as work:
            reason = await _reason(work, by, now)
            changed = []
            for task in await work.tasks.lock_all(TaskState.ACTIVE):
                changed.append(await self._put(work, brake.held(task, reason), task, PAUSE_ALL, by))
                await work.runs.cancel_queued(task.id, reason=reason, now=now)
            await _tell_owners(work, changed, PAUSE_ALL, by, now)
        return _extent(changed)

    async def resume(self, *, channel: str, by: Actor) -> Extent:
        """Let go of what `pause` held, from now on; what was paused by name stays as it is.

        What can't post any more is put on hold for that instead, and its owner told.
        """
        await self._gate.require_in(Act.BULK, channel, by)
        hindered = await self._hindered(by)
        now = self._now()
        async with self._store.begin() as work:
            changed = [
                await self._put(work, self._free(task, hindered), task, RESUME_ALL, by)
                for task in await work.tasks.lock_all(TaskState.PAUSED, hold=Hold.EVERYTHING)
            ]
            on = [task for task in changed if task.state is TaskState.ACTIVE]
            waiting = [task for task in changed if task.state is TaskState.PAUSED]
            await _tell_owners(work, on, RESUME_ALL, by, now)
            for place in dict.fromkeys(task.channel for task in waiting):
                here = [task for task in waiting if task.channel == place]
                why = {task.owner: hindered[place, task.owner] for task in here}
                await parking.tell_parked(work, here, why, now)
        self._wake()
        over = len(changed) - len(on) - len(waiting)
        return replace(_extent(on), over=over, waiting=len(waiting))

    async def _hindered(self, by: Actor) -> _Hindered:
        """Find out what keeps held tasks from posting; the shell asks nobody, the run itself will.

        What can't be found out keeps no task from going on.
        """
        if by.origin is Origin.CLI:
            return {}
        async with self._store.read() as work:
            held = await work.tasks.those((TaskState.PAUSED,), holds=(Hold.EVERYTHING,))
        where = dict.fromkeys((task.channel, task.owner) for task in held)
        found = {each: await self._gate.obstacle(*each) for each in where}
        return {each: it for each, it in found.items() if it and it.lack is not Lack.UNKNOWN}

    async def _found(self, state: TaskState, hold: Hold | None) -> Extent:
        async with self._store.read() as work:
            tasks = [task for task in await work.tasks.all() if task.state is state]
        return _extent([task for task in tasks if hold in (None, task.hold)])

    def _free(self, task: Task, hindered: _Hindered) -> Task:
        try:
            armed = self._desk.armed(task)
        except BadSchedule:
            return replace(task, state=TaskState.COMPLETED, hold=None, hold_reason=None)
        obstacle = hindered.get((task.channel, task.owner))
        return armed if obstacle is None else held(armed, obstacle, was=task.state)

    async def _put(self, work: Work, after: Task, before: Task, action: str, by: Actor) -> Task:
        return await self._desk.put_back(
            work, after, before=before, action=action, by=by, tell_owner=False, past_brake=True
        )


async def _reason(work: Work, by: Actor, now: datetime) -> str:
    person = None if by.origin is Origin.CLI else await work.people.get(by.id)
    zone = "UTC" if person is None or person.zone is None else person.zone
    who = "on the command line" if person is None else f"by {person.name}"
    return f"All tasks were paused {who} on {moment(now, zone, now)}, {zone_name(zone)}."


async def _tell_owners(
    work: Work, changed: Sequence[Task], action: str, by: Actor, now: datetime
) -> None:
    """Owe each owner one message about all their tasks; whoever did it knows."""
    owned: dict[str, list[Task]] = defaultdict(list)
    for task in changed:
        if task.owner != by.id:
            owned[task.owner].append(task)
    for owner, tasks in owned.items():
        await work.deliveries.owe(
            DeliveryKind.ALL_CHANGED_DM,
            target=owner,
            task_id=tasks[0].id,
            payload={
                "by": "cli" if by.origin is Origin.CLI else by.id,
                "action": action,
                "tasks": [{"id": task.id, "name": task.name} for task in tasks],
            },
            now=now,
        )


def _extent(tasks: Sequence[Task]) -> Extent:
    return Extent(tasks=len(tasks), channels=len({task.channel for task in tasks}))
