"""Planner: the one write path for what people ask of tasks (chat, slash command, button, form)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from scheduler import bulk, recurrence
from scheduler.agents.agent import Agent
from scheduler.desk import Desk
from scheduler.drafts import with_deadlines
from scheduler.errors import NotAllowed, NotConnected, Refused, no_such_task
from scheduler.gate import Gate
from scheduler.now import Now
from scheduler.rights import Act, Standing, may
from scheduler.speaking import PARK, Lack, Obstacle, held, is_freed, let_go, place_obstacle
from scheduler.wishes import (
    AGENT,
    CONFIRM,
    NAME_LIMIT,
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
    twin_of,
)
from storage import rows
from storage.records import Actor, Hold, Run, Task, TaskId, TaskState, Version
from storage.store import Store

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
    ) -> None:
        self._desk = Desk(store, now)
        self._store = store
        self._agents = agents
        self._gate = gate
        self._confirm = confirm
        self._now = now
        self._wake = wake

    async def create(self, wish: Wish) -> Created:
        """Make a task: armed when nothing was assumed, else a draft; owes its card."""
        now = self._now()
        by = Actor(id=wish.owner, origin=wish.origin)
        self._check_agent(wish.agent)
        check_limits(wish.timeout_s, wish.retries)
        if wish.schedule is not None:
            recurrence.check(wish.schedule, now)
        await self._gate.require_new(wish.channel, by)
        obstacle = await self._gate.obstacle(wish.channel, wish.owner)
        async with self._store.begin() as work:
            if wish.request_key is not None:
                same = await work.tasks.of_request(wish.request_key)
                if same is not None:
                    return Created(task=same)
            twin = twin_of(wish, await work.tasks.of_agent(wish.agent, wish.channel))
            if twin is not None:
                return Created(task=twin, is_twin=True)
            task = await self._desk.add(work, self._born(wish, now, obstacle), by=by)
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
            answered = replace(changed(task, change or Change()), assumed=())
            armed = self._armed(answered, obstacle, was=task.state)
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
            self._check_agent(change.agent)
        seen = await self._allow(Act.CHANGE, task_id, by)
        obstacle = await self._obstacle_to(seen, change, by)
        if change.delegate:
            await self._check_delegate(seen, change)
        async with self._store.begin() as work:
            before = await self._desk.take(work, task_id)
            if version not in (None, before.version):
                raise Refused("Somebody changed it meanwhile; nothing was saved.", fix=LOOK_AGAIN)
            after = renewed(before, changed(before, change))
            is_cut_off = before.state is TaskState.DRAFT and self._lacks(after.agent) is not None
            if AGENT in before.assumed and not is_cut_off:
                after = replace(after, assumed=tuple(s for s in after.assumed if s != AGENT))
            if is_freed(before, after):
                after = replace(after, state=TaskState.ACTIVE)
            if after == before:
                return Edited(before=before, after=before)
            if after.state is TaskState.ACTIVE:
                after = self._armed(after, obstacle, was=before.state)
                after = saved_paused(after) if is_cut_off else after
            elif after.schedule is not None and after.schedule != before.schedule:
                recurrence.check(after.schedule, self._now())
            if after.state is TaskState.DRAFT and after.schedule != before.schedule:
                waits = self._with_deadlines(after)
                after = replace(waits, remind_at=before.remind_at and waits.remind_at)
            after = await self._desk.put_back(work, after, before=before, action="edit", by=by)
        self._wake()
        return Edited(before=before, after=after)

    async def check_move(self, task_id: TaskId, channel: str, *, by: Actor) -> None:
        """Raise Refused where an edit that makes the task post in another place would."""
        seen = await self._allow(Act.CHANGE, task_id, by)
        await self._obstacle_to(seen, Change(channel=channel), by)

    async def pause(self, task_id: TaskId, *, by: Actor) -> Task:
        """Stop a task from coming due; its runs in progress go on."""
        await self._allow(Act.PAUSE, task_id, by)
        async with self._store.begin() as work:
            task = await self._desk.take(work, task_id)
            if task.state is TaskState.PAUSED and task.hold is None:
                return task
            refuse_draft(task)
            if task.state is TaskState.COMPLETED:
                raise Refused(f"{task.name} has run for the last time; there is nothing to pause.")
            paused = replace(
                task, state=TaskState.PAUSED, next_run_at=None, hold=None, hold_reason=None
            )
            return await self._desk.put_back(work, paused, before=task, action="pause", by=by)

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
            self._check_connected(task, "It stays paused.")
            armed = self._armed(task, obstacle, was=task.state)
            if armed == task:
                return task
            task = await self._desk.put_back(work, armed, before=task, action="resume", by=by)
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
                former = self._former(task, goal, obstacle)
            undone = await self._desk.put_back(work, former, before=task, action="undo", by=by)
        self._wake()
        return Edited(before=task, after=undone)

    async def run_now(self, task_id: TaskId, *, by: Actor, request_key: str) -> Run:
        """Run a task once, now, whatever its schedule; the same request runs it once only."""
        seen = await self._allow(Act.RUN, task_id, by)
        obstacle = await self._gate.obstacle(seen.channel, seen.owner)
        if obstacle is not None and obstacle.lack is not Lack.UNKNOWN:
            raise Refused(
                f"{obstacle.what} Nothing was run.", fix=f"{obstacle.wanted}, then run it again."
            )
        async with self._store.begin() as work:
            task = await self._desk.take(work, task_id)
            refuse_draft(task)
            self._check_connected(task, "Nothing ran.")
            run = await work.runs.request(task, key=request_key, by=by.id, now=self._now())
        self._wake()
        return run

    async def set_zone(self, channel: str, zone: str, *, by: Actor) -> None:
        """Set the zone that times said in a channel are in; tasks keep the zone they have."""
        await self._gate.require_in(Act.SET_UP, channel, by)
        async with self._store.begin() as work:
            place = await work.places.get(channel)
            before = {"zone": None if place is None else place.zone}
            await work.places.set_zone(channel, zone)
            await work.audit.write(
                "set zone", channel, by=by, at=self._now(), before=before, after={"zone": zone}
            )

    def preview(self, task: Task, limit: int = 5) -> list[datetime]:
        """Give the next due moments the task has, or would have once it is armed."""
        if task.schedule is None:
            return []
        return recurrence.upcoming(task.schedule, self._now(), limit, fired=task.fired)

    async def _allow(self, act: Act, task_id: TaskId, by: Actor) -> Task:
        task = await self._desk.find(task_id)
        await self._gate.require(act, task, by)
        return task

    async def _check_brake(self, task: Task, by: Actor) -> None:
        """Refuse to go on while an admin holds everything, to all but admins."""
        if task.hold is not Hold.EVERYTHING:
            return
        try:
            await self._gate.require(Act.BULK, task, by)
        except NotAllowed as error:
            reason = task.hold_reason or "All tasks were paused."
            fix = "An admin brings them back with `/tasks resume all`."
            raise NotAllowed(f"{reason} It stays paused.", fix=fix) from error

    async def _obstacle_to(self, seen: Task, change: Change, by: Actor) -> Obstacle | None:
        """Say what keeps a task from posting after a change; refuse a place it can't post in."""
        goal = change.channel or seen.channel
        if goal == seen.channel:
            return await self._gate.obstacle(goal, seen.owner)
        if await self._gate.may_in(Act.LOOK, goal, by):
            await self._gate.require_in(Act.CREATE, goal, by)
            obstacle = await self._gate.obstacle(goal, seen.owner)
        else:  # what somebody can't look into is as if it were not there
            obstacle = place_obstacle(None)
        if obstacle is not None:
            raise Refused(
                f"{obstacle.what} Nothing changed.", fix=f"{obstacle.wanted}, then ask again."
            )
        return None

    async def _check_delegate(self, seen: Task, change: Change) -> None:
        """Refuse to tell somebody of failures who may not read what the task posts."""
        posts = replace(seen, channel=change.channel or seen.channel)
        standing = await self._gate.standing(str(change.delegate), posts.channel, owner=posts.owner)
        if standing is Standing.BOT:
            raise Refused("A bot can't stand in.", fix="Name a person who is in its channel.")
        if not may(standing, Act.LOOK):
            raise Refused(
                f"They can't read what {seen.name} posts, so they are not told of it.",
                fix="Name somebody who is in its channel.",
            )

    def _armed(self, task: Task, obstacle: Obstacle | None, *, was: TaskState) -> Task:
        """Arm a task, or let it wait for what keeps it from posting; one that is on stays on."""
        armed = self._desk.armed(task)
        if obstacle is None or was is TaskState.ACTIVE:
            return armed
        waits = held(armed, obstacle, was=was)
        return self._with_deadlines(waits) if waits.state is TaskState.DRAFT else waits

    def _born(self, wish: Wish, now: datetime, obstacle: Obstacle | None) -> Task:
        assumed, lacks = self._to_answer(wish), self._lacks(wish.agent)
        if lacks is not None:
            assumed = (*assumed, AGENT)
        task = Task(
            id=TaskId(0),
            name=wish.name[:NAME_LIMIT],
            agent=wish.agent,
            prompt=wish.prompt,
            template=wish.template,
            schedule=wish.schedule,
            zone=wish.zone,
            zone_from=wish.zone_from,
            state=TaskState.DRAFT if assumed else TaskState.ACTIVE,
            assumed=assumed,
            channel=wish.channel,
            thread_ts=wish.thread_ts,
            owner=wish.owner,
            timeout_s=wish.timeout_s,
            retries=wish.retries,
            request_key=wish.request_key,
            created_at=now,
            updated_at=now,
        )
        ready = task if assumed else self._desk.armed(task)
        if obstacle is not None:
            ready = held(ready, obstacle, was=TaskState.DRAFT)
        elif lacks is not None:
            ready = replace(ready, hold_reason=lacks)
        return self._with_deadlines(ready) if ready.state is TaskState.DRAFT else ready

    def _with_deadlines(self, draft: Task) -> Task:
        first = self.preview(draft, 1)
        return with_deadlines(draft, self._now(), first[0] if first else None)

    def _lacks(self, name: str) -> str | None:
        """Say what an agent is not connected to; None when it is."""
        agent = self._agents.get(name)
        lacks = None if agent is None else agent.missing()
        if agent is None or lacks is None:
            return None
        return f"{agent.profile.shown} is not connected: {lacks}"

    def _check_connected(self, task: Task, outcome: str) -> None:
        lacks = self._lacks(task.agent)
        if lacks is not None:
            raise NotConnected(lacks, fix=outcome)

    def _to_answer(self, wish: Wish) -> tuple[str, ...]:
        match self._confirm:
            case Confirm.NEVER:  # what nobody wrote, such as a model's reading, is asked even so
                return (CONFIRM,) if CONFIRM in wish.assumed else ()
            case Confirm.ALWAYS:
                return wish.assumed or (CONFIRM,)
            case Confirm.GUESSED:
                return wish.assumed

    def _former(self, task: Task, before: Task, obstacle: Obstacle | None) -> Task:
        """Give the task as it was, but with the counts and messages it has now."""
        former = replace(
            before,
            fired=task.fired,
            card_ts=task.card_ts if before.channel == task.channel else None,
            version=task.version,
            next_run_at=None,
        )
        if former.state is TaskState.ACTIVE:
            stays = task.state if former.channel == task.channel else TaskState.PAUSED
            return self._armed(former, obstacle, was=stays)
        former = let_go(former) if obstacle is None else former
        return self._with_deadlines(former) if former.state is TaskState.DRAFT else former

    def _check_agent(self, name: str) -> None:
        if name not in self._agents:
            known = ", ".join(agent.profile.shown for agent in self._agents.values())
            raise Refused(f"I know no agent called “{name[:40]}”.", fix=f"There are {known}.")


def _act_of_undoing(step: Version, by: Actor) -> Act:
    """Say what right it takes to take a step back: one's own pause takes no more than pausing."""
    return Act.PAUSE if step.by == by.id and step.action in _STEPS else Act.CHANGE
