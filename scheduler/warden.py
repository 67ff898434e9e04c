"""Warden: what nobody asked for. It parks tasks that can't post any more, and lets them go on.

Events of places and people lead here, a delivery that is refused, a task that fires, and the
rounds of `scheduler.watch`. What the Planner let wait for an invitation goes on here, too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

import structlog

from scheduler import parking, speaking
from scheduler.desk import Desk
from scheduler.errors import BadSchedule, Refused, UnknownTask
from scheduler.gate import Gate
from scheduler.now import Now
from scheduler.rights import Act
from scheduler.speaking import Lack, Obstacle
from storage.records import (
    CHATCRON,
    Actor,
    Hold,
    Person,
    Place,
    Task,
    TaskId,
    TaskState,
)
from storage.store import Store, Work

AT_FIRE_LIMIT = timedelta(seconds=5)
"""How long a run waits to hear whether it may begin; it begins when nobody says no in time."""
_WAITING = (Hold.INVITATION, Hold.PLACE, Hold.OWNER)

log = structlog.get_logger(__name__)


class Scout(Protocol):
    """Finds out about people and places."""

    async def place(self, place_id: str) -> Place | None:
        """Describe a place; None when nothing is known of it."""

    async def admins(self) -> list[Person]:
        """Give the admins of the workspace, and remember them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    """A task before and after the Warden moved it."""

    before: Task
    after: Task

    @property
    def is_parked(self) -> bool:
        """Say whether it waits now for something it did not wait for before."""
        waits = (self.after.hold, self.after.hold_reason)
        was_for = (self.before.hold, self.before.hold_reason)
        return self.after.state is TaskState.PAUSED and waits != was_for

    @property
    def is_back(self) -> bool:
        """Say whether it is on again after its place, or its owner, was lost."""
        was_lost = self.before.hold in (Hold.PLACE, Hold.OWNER)
        return was_lost and self.after.state is TaskState.ACTIVE


class Warden:
    """Holds each task to what its channel and its owner allow."""

    def __init__(
        self,
        store: Store,
        scout: Scout,
        *,
        gate: Gate,
        now: Now,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._scout = scout
        self._gate = gate
        self._now = now
        self._wake = wake
        self._desk = Desk(store, now)
        self._one_at_a_time = asyncio.Lock()

    async def survey(self, channel: str) -> None:
        """Park a channel's tasks that can't post there, and let those go on that can again.

        Owners hear of it once for all their tasks; a channel without an owner is asked for one.
        """
        async with self._one_at_a_time:
            place = await self._scout.place(channel)
            async with self._store.read() as work:
                tasks = [
                    *await work.tasks.those((TaskState.ACTIVE,), channel=channel),
                    *await work.tasks.those(_KEPT, channel=channel, holds=_WAITING),
                ]
            hindered = {
                owner: await self._gate.obstacle(channel, owner)
                for owner in dict.fromkeys(task.owner for task in tasks)
            }
            if any(it is not None and it.lack is Lack.OWNER_GONE for it in hindered.values()):
                await self._scout.admins()
            async with self._store.begin() as work:
                await self._settle(work, tasks, hindered)
                if speaking.place_obstacle(place) is None:
                    await work.deliveries.hasten(channel, self._now())
        self._wake()

    async def survey_owner(self, person_id: str) -> None:
        """Do so for every channel in which somebody has tasks: who they are has changed."""
        async with self._store.read() as work:
            tasks = [
                *await work.tasks.those((TaskState.ACTIVE,), owner=person_id),
                *await work.tasks.those(_KEPT, owner=person_id, holds=_WAITING),
            ]
        for channel in dict.fromkeys(task.channel for task in tasks):
            await self.survey(channel)

    async def refusal(self, task: Task) -> str | None:
        """Say why a task may not run any more, once it is parked; None lets it run.

        What can't be found out in time keeps no run from beginning.
        """
        try:
            async with asyncio.timeout(AT_FIRE_LIMIT.total_seconds()):
                obstacle = await self._gate.obstacle(task.channel, task.owner)
        except Exception:
            log.warning("Rights were not checked at fire", action="unchecked", exc_info=True)
            return None
        if obstacle is None or obstacle.lack is Lack.UNKNOWN:
            return None
        try:
            if obstacle.is_of_owner:
                await self.survey_owner(task.owner)
            else:
                await self.survey(task.channel)
        except Exception:
            log.exception("A task was not parked", action="not_parked", task_id=task.id)
        return obstacle.what

    async def take_over(self, task_ids: Iterable[TaskId], *, by: Actor) -> list[Task]:
        """Give tasks that wait for an owner to somebody who may create tasks where they post.

        Raises Refused when they may not, or when none of them waits any more.
        """
        taken = []
        for task_id in task_ids:
            task = await self._heir_of(task_id, by)
            if task is not None:
                taken.append(task)
        if not taken:
            raise Refused("There is nothing to take over any more; nothing changed.")
        self._wake()
        return taken

    async def _heir_of(self, task_id: TaskId, by: Actor) -> Task | None:
        try:
            seen = await self._desk.find(task_id)
        except UnknownTask:
            return None
        await self._gate.require(Act.LOOK, seen, by)
        await self._gate.require_new(seen.channel, by)
        obstacle = await self._gate.obstacle(seen.channel, by.id)
        if obstacle is not None:
            raise Refused(f"{obstacle.what} Nothing changed.", fix=f"{obstacle.wanted} first.")
        async with self._store.begin() as work:
            task = await self._desk.take(work, task_id)
            if task.hold is not Hold.OWNER:
                return None
            delegate = None if task.delegate == by.id else task.delegate
            heir = self._going_on(replace(task, owner=by.id, delegate=delegate))
            return await self._desk.put_back(work, heir, before=task, action="take_over", by=by)

    async def _settle(
        self, work: Work, seen: Sequence[Task], hindered: Mapping[str, Obstacle | None]
    ) -> None:
        """Move each task to where its obstacle, or the lack of one, puts it, and tell of it."""
        moved = []
        for was in seen:
            before = await work.tasks.lock(was.id)
            if before is None or (before.owner, before.channel) != (was.owner, was.channel):
                continue  # it has moved meanwhile, and is none of this survey's
            after = self._moved(before, hindered[before.owner])
            if after != before:
                moved.append(await self._put(work, before, after))
        now = self._now()
        parked = [each.after for each in moved if each.is_parked]
        await parking.tell_parked(work, parked, hindered, now)
        await parking.tell_back(work, [each.after for each in moved if each.is_back], now)

    def _moved(self, task: Task, obstacle: Obstacle | None) -> Task:
        is_on, waits = task.state is TaskState.ACTIVE, task.hold in _WAITING
        if obstacle is None:
            return self._going_on(task) if waits and not is_on else task
        if obstacle.lack is Lack.UNKNOWN or not (is_on or waits):
            return task
        return speaking.held(task, obstacle, was=task.state)

    def _going_on(self, task: Task) -> Task:
        """Give a task that waits for nothing more: on, or with its question, or out of time."""
        free = replace(task, hold=None, hold_reason=None)
        if free.state is TaskState.DRAFT and free.assumed:
            return free
        try:
            return self._desk.armed(free)
        except BadSchedule:
            reason = "Its time passed while it waited. Give it a new one, then it starts."
            return replace(
                free, state=TaskState.PAUSED, hold=Hold.SCHEDULE, hold_reason=reason, assumed=()
            )

    async def _put(self, work: Work, before: Task, after: Task) -> _Moved:
        goes_on = after.hold not in _WAITING
        action = speaking.START if goes_on else speaking.PARK
        saved = await self._desk.put_back(work, after, before=before, action=action, by=CHATCRON)
        if goes_on and before.hold is Hold.INVITATION and saved.state is TaskState.DRAFT:
            await self._desk.owe_card(work, saved)  # one that is on has owed it already
        log.info("A task was moved by what it depends on", action=action, task_id=saved.id)
        return _Moved(before=before, after=saved)


_KEPT = (TaskState.DRAFT, TaskState.PAUSED)
