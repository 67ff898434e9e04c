"""Planner: the one write path for what people ask of tasks (chat, slash command, button, form)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from scheduler import brake, bulk, holidays, pauses
from scheduler.agents.agent import Agent
from scheduler.arming import Arming
from scheduler.desk import Desk
from scheduler.destinations import Destinations, is_person
from scheduler.dispatcher import Put, nowhere
from scheduler.errors import NotAllowed, Refused, no_such_task
from scheduler.gate import Gate
from scheduler.now import Now
from scheduler.rights import Act
from scheduler.rooms import Rooms
from scheduler.speaking import PARK, Lack, Obstacle, is_freed
from scheduler.variables import checked
from scheduler.wishes import (
    AGENT,
    Change,
    Confirm,
    Created,
    Edited,
    Wish,
    changed,
    check_limits,
    refuse_draft,
    renewed,
    saved_paused,
    told,
    twin_of,
)
from storage import rows
from storage.policies import Notice
from storage.records import Actor, Origin, Run, Task, TaskId, TaskState, Version
from storage.store import Store, Work

DOUBLE_CLICK = timedelta(seconds=5)
UNDO_FOR = timedelta(hours=24)
LOOK_AGAIN = "Look at it as it is now, then change it."
_STEPS = ("pause", "resume")
"""Changes that whoever made them may take back, though they may not change the task otherwise."""


class Planner:
    """Writes tasks. Every method raises Refused, with what to do, when it can't be done."""

    def __init__(
        self,
        store: Store,
        agents: Mapping[str, Agent],
        *,
        gate: Gate,
        confirm: Confirm,
        now: Now,
        wake: Callable[[], None],
        put: Put = nowhere,
        shortest: timedelta = timedelta(0),
    ) -> None:
        """Wire it up; `put` queues what people ask for, moments are `shortest` apart at least."""
        self._desk = Desk(store, now)
        self._store = store
        self.arming = Arming(self._desk, agents, confirm=confirm, now=now, shortest=shortest)
        self._gate = gate
        self._destinations = Destinations(gate)
        self._rooms = Rooms(store, gate=gate, now=now)
        self._now = now
        self._wake = wake
        self._put = put

    async def create(self, wish: Wish) -> Created:
        """Make a task: armed when nothing was assumed, else a draft; owes its card."""
        now = self._now()
        by = Actor(id=wish.owner, origin=wish.origin)
        self.arming.check_agent(wish.agent)
        check_limits(wish.timeout_s, wish.retries)
        self.arming.check(wish)
        obstacle = await self._obstacle_at_birth(wish, by)
        async with self._store.begin() as work:
            if wish.request_key is not None:
                same = await work.tasks.of_request(wish.request_key)
                if same is not None:
                    return Created(task=same)
            wish = replace(wish, schedule=await holidays.observed(work, wish.schedule))
            twin = twin_of(wish, await work.tasks.of_agent(wish.agent, wish.channel))
            if twin is not None:
                return Created(task=twin, is_twin=True)
            born = self.arming.born(wish, now, obstacle)
            task = await self._desk.add(work, born, by=by, is_seen=not wish.alone)
        self._wake()
        return Created(task=task)

    async def activate(self, task_id: TaskId, *, by: Actor, change: Change | None = None) -> Task:
        """Arm a draft, with the answer that was given; an armed one is returned as it is."""
        seen = await self._allow(Act.CHANGE, task_id, by)
        obstacle = await self._gate.obstacle(seen.channel, seen.owner)
        async with self._store.begin() as work:
            task = await self._desk.take(work, task_id)
            if task.state is not TaskState.DRAFT:
                return task
            answered = await holidays.current(work, changed(task, change or Change()))
            answered = replace(answered, assumed=())
            self.arming.check(answered)
            armed = self.arming.armed(answered, obstacle, was=task.state)
            if AGENT in task.assumed:
                armed = saved_paused(armed)
            task = await self._desk.put_back(work, armed, before=task, action="activate", by=by)
        self._wake()
        return task

    async def edit(
        self, task_id: TaskId, change: Change, *, by: Actor, version: int | None = None
    ) -> Edited:
        """Change what is named and nothing else; a draft that misses nothing more is armed.

        With `version`, only a task that still stands as it did then.
        """
        check_limits(change.timeout_s, change.retries)
        if change.agent is not None:
            self.arming.check_agent(change.agent)
        seen = await self._allow(Act.CHANGE, task_id, by)
        obstacle = await self._obstacle_to(seen, change, by)
        await self._check_hearers(seen, change, by)
        quiet = await self._among_ourselves(seen, change)
        async with self._store.begin() as work:
            before = await self._desk.take(work, task_id)
            if version not in (None, before.version):
                raise Refused("Somebody changed it meanwhile; nothing was saved.", fix=LOOK_AGAIN)
            after = renewed(before, await holidays.current(work, changed(before, quiet)))
            is_cut_off = (
                before.state is TaskState.DRAFT and self.arming.lacks(after.agent) is not None
            )
            if AGENT in before.assumed and not is_cut_off:
                after = replace(after, assumed=tuple(s for s in after.assumed if s != AGENT))
            if is_freed(before, after):
                after = replace(after, state=TaskState.ACTIVE)
            if after == before:
                return Edited(before=before, after=before)
            if (after.schedule, after.leeway) != (before.schedule, before.leeway):
                self.arming.check(after)
            if after.state is TaskState.ACTIVE:
                after = self.arming.armed(after, obstacle, was=before.state)
                after = saved_paused(after) if is_cut_off else after
            if after.state is TaskState.DRAFT and after.schedule != before.schedule:
                waits = self.arming.with_deadlines(after)
                after = replace(waits, remind_at=before.remind_at and waits.remind_at)
            after = await self._desk.put_back(work, after, before=before, action="edit", by=by)
        self._wake()
        return Edited(before=before, after=after)

    async def check_move(self, task_id: TaskId, channel: str, *, by: Actor) -> None:
        """Raise Refused where an edit that makes the task post in another place would."""
        seen = await self._allow(Act.CHANGE, task_id, by)
        await self._obstacle_to(seen, Change(channel=channel), by)

    async def check_notices(
        self, task_id: TaskId, notices: tuple[Notice, ...], *, by: Actor
    ) -> None:
        """Raise Refused where telling these of the task's runs would."""
        seen = await self._allow(Act.CHANGE, task_id, by)
        await self._destinations.require_notices(seen, notices, by)

    async def pause(self, task_id: TaskId, *, by: Actor, until: datetime | None = None) -> Task:
        """Stop a task from coming due; its runs in progress go on.

        With `until` it comes due again by itself from that moment on, which must be to come.
        """
        await self._allow(Act.PAUSE, task_id, by)
        pauses.check_end(until, self._now())
        async with self._store.begin() as work:
            task = await self._desk.take(work, task_id)
            paused = pauses.paused(task, until)
            if paused == task:
                return task
            task = await self._desk.put_back(work, paused, before=task, action="pause", by=by)
        self._wake()
        return task

    async def resume(self, task_id: TaskId, *, by: Actor) -> Task:
        """Let a paused task come due again, from now on; moments in between stay unrun."""
        seen = await self._allow(Act.PAUSE, task_id, by)
        await self._check_brake(seen, by)
        obstacle = await self._gate.obstacle(seen.channel, seen.owner)
        async with self._store.begin() as work:
            task = await self._desk.take(work, task_id)
            if task.state is TaskState.ACTIVE:
                return task
            refuse_draft(task)
            self.arming.check_connected(task, "It stays paused.")
            armed = self.arming.armed(task, obstacle, was=task.state)
            if armed == task:
                return task
            task = await self._desk.put_back(
                work, armed, before=task, action="resume", by=by, past_brake=True
            )
        self._wake()
        return task

    async def remove(self, task_id: TaskId, *, by: Actor) -> Task:
        """Take a task away; its history stays, and undo brings it back."""
        await self._allow(Act.CHANGE, task_id, by)
        async with self._store.begin() as work:
            task = await self._desk.take(work, task_id)
            gone = replace(task, state=TaskState.REMOVED, next_run_at=None)
            return await self._desk.put_back(work, gone, before=task, action="remove", by=by)

    async def undo(self, task_id: TaskId, *, by: Actor, version: int | None = None) -> Edited:
        """Take back the last change of the last 24 hours; undoing a creation removes the task.

        With `version`, only the change that led to it.
        """
        now = self._now()
        async with self._store.read() as work:
            seen = await work.tasks.get(task_id)
            step = None if seen is None else await work.tasks.version(task_id, seen.version)
        if seen is None or step is None:
            raise no_such_task(task_id)
        await self._gate.require(_act_of_undoing(step, by), seen, by)
        if step.action in bulk.STEPS:
            raise Refused("That was done to all tasks at once, so it is not undone for one.")
        if step.action == PARK:
            raise Refused("It is on hold; nobody put it there by hand.", fix=seen.hold_reason or "")
        goal = seen if step.before is None else rows.task_from_snapshot(step.before)
        if goal.channel != seen.channel and not await self._gate.may_in(
            Act.CREATE, goal.channel, by
        ):
            raise Refused("You can't let it post where it was before; nothing changed.")
        obstacle = await self._gate.obstacle(goal.channel, goal.owner)
        if version not in (None, seen.version):
            raise Refused("That was undone or changed meanwhile; nothing happened now.")
        if now - step.at > UNDO_FOR:
            raise Refused(
                "The last change is more than 24 hours old; it can't be undone.",
                fix="You can edit the task instead.",
            )
        async with self._store.begin() as work:
            task = await work.tasks.lock(task_id)
            if task is None or task.version != seen.version:
                raise Refused("That was changed meanwhile; nothing happened now.")
            if step.before is None:
                former = replace(task, state=TaskState.REMOVED, next_run_at=None)
            else:
                former = self.arming.former(task, await holidays.current(work, goal), obstacle)
            undone = await self._desk.put_back(work, former, before=task, action="undo", by=by)
        self._wake()
        return Edited(before=task, after=undone)

    async def run_now(
        self,
        task_id: TaskId,
        *,
        by: Actor,
        request_key: str,
        variables: Mapping[str, str] | None = None,
    ) -> Run:
        """Run a task once, now, whatever its schedule; the same request runs it once only.

        A second click of the same person within 5 seconds is the same request while the first
        run is not over. `variables` fill the `{{names}}` in its prompt, each and no others.
        """
        seen = await self._allow(Act.RUN, task_id, by)
        obstacle = await self._gate.obstacle(seen.channel, seen.owner)
        if obstacle is not None and obstacle.lack is not Lack.UNKNOWN:
            raise Refused(
                f"{obstacle.what} Nothing was run.", fix=f"{obstacle.wanted}, then run it again."
            )
        async with self._store.begin() as work:
            task = await self._desk.take(work, task_id)
            refuse_draft(task)
            self.arming.check_connected(task, "Nothing ran.")
            values = checked(task.prompt, variables or {}, name=task.name)
            run = await self._clicked_twice(work, task, by, values)
            if run is None:
                run = await work.runs.request(
                    task, key=request_key, by=by.id, now=self._now(), variables=values or None
                )
                await self._put(work, [run.id])
        self._wake()
        return run

    async def notify(
        self, task_id: TaskId, notices: tuple[Notice, ...], *, stop: bool, by: Actor
    ) -> Edited:
        """Tell these of a task's runs too, or (`stop`) no longer; without any, stop with all.

        Whoever may see a task may have themselves told; anybody else is for who may change it.
        """
        seen = await self._allow(Act.LOOK, task_id, by)
        is_own = bool(notices) and all(notice.target == by.id for notice in notices)
        act = Act.CREATE if is_own else Act.CHANGE
        await self._gate.require(act, seen, by)
        if not stop:
            await self._destinations.require_notices(seen, notices, by)
        async with self._store.begin() as work:
            task = await self._desk.take(work, task_id)
            after = replace(task, notices=told(task, notices, stop=stop))
            if after != task:
                after = await self._desk.put_back(work, after, before=task, action="edit", by=by)
        return Edited(before=task, after=after)

    async def set_zone(self, channel: str, zone: str | None, *, by: Actor) -> None:
        """Set the zone that times said in a channel are in, or (None) go back to having none.

        Tasks keep the zone they have.
        """
        await self._rooms.set_zone(channel, zone, by=by)

    async def check_channel(self, channel: str, target: str, *, by: Actor) -> None:
        """Raise Refused where letting results of new tasks go there would."""
        await self._rooms.check_channel(channel, target, by=by)

    async def set_channel(self, channel: str, target: str | None, *, by: Actor) -> None:
        """Set where results of new tasks asked for in a channel go; None is the channel itself."""
        await self._rooms.set_channel(channel, target, by=by)

    def preview(self, task: Task, limit: int = 5) -> list[datetime]:
        """Give the next due moments the task has, or would have once it is armed."""
        return self.arming.preview(task, limit)

    async def _clicked_twice(
        self, work: Work, task: Task, by: Actor, values: Mapping[str, str]
    ) -> Run | None:
        """Find the run that a first click just asked for; who says it in words means it."""
        if by.origin is not Origin.CLICK:
            return None
        since = self._now() - DOUBLE_CLICK
        open_run = await work.runs.just_asked(task.id, by=by.id, since=since)
        return open_run if open_run and (open_run.variables or {}) == values else None

    async def _obstacle_at_birth(self, wish: Wish, by: Actor) -> Obstacle | None:
        """Refuse who may not create where a wish posts; another place must be one to post in."""
        await self._destinations.require_notices(wish, wish.notices, by)
        if wish.asked_in not in (None, wish.channel):
            await self._destinations.require_place(wish.channel, owner=wish.owner, by=by)
            return None
        await self._gate.require_new(wish.channel, by)
        return await self._gate.obstacle(wish.channel, wish.owner)

    async def _allow(self, act: Act, task_id: TaskId, by: Actor) -> Task:
        task = await self._desk.find(task_id)
        await self._gate.require(act, task, by)
        return task

    async def _check_brake(self, task: Task, by: Actor) -> None:
        """Refuse to go on while an admin holds everything, to all but admins."""
        async with self._store.read() as work:
            reason = await brake.reason(work)
        if reason is None or task.state is TaskState.ACTIVE:
            return
        try:
            await self._gate.require(Act.BULK, task, by)
        except NotAllowed as error:
            fix = "An admin brings them back with `/tasks resume all`."
            raise NotAllowed(f"{reason} It stays paused.", fix=fix) from error

    async def _obstacle_to(self, seen: Task, change: Change, by: Actor) -> Obstacle | None:
        """Say what keeps a task from posting after a change; refuse a place it can't post in."""
        goal = change.channel or seen.channel
        if goal == seen.channel:
            return await self._gate.obstacle(goal, seen.owner)
        await self._destinations.require_place(goal, owner=seen.owner, by=by)
        return None

    async def _among_ourselves(self, seen: Task, change: Change) -> Change:
        """Let a task that moves to a private place tell no other places any more, unless named."""
        goal = change.channel or seen.channel
        if goal == seen.channel or change.notices is not None:
            return change
        if await self._destinations.is_open(goal):
            return change
        kept = tuple(each for each in seen.notices if is_person(each.target))
        return change if kept == seen.notices else replace(change, notices=kept)

    async def _check_hearers(self, seen: Task, change: Change, by: Actor) -> None:
        """Refuse to tell somebody who may not read what the task posts."""
        posts = replace(seen, channel=change.channel or seen.channel)
        if change.delegate:
            fix = "Name somebody who is in its channel."
            await self._destinations.require_reader(
                change.delegate, posts, bot="A bot can't stand in.", fix=fix
            )
        added = [notice for notice in change.notices or () if notice not in seen.notices]
        await self._destinations.require_notices(posts, added, by)


def _act_of_undoing(step: Version, by: Actor) -> Act:
    """Say what right it takes to take a step back: one's own pause takes no more than pausing."""
    return Act.PAUSE if step.by == by.id and step.action in _STEPS else Act.CHANGE
