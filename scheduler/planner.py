"""Planner: the one write path for tasks, whoever asks (chat, slash command, button)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scheduler import recurrence
from scheduler.agents.agent import Agent
from scheduler.errors import BadSchedule, Refused, UnknownTask
from scheduler.now import Now
from scheduler.policy import Confirm
from storage import rows
from storage.records import DeliveryKind, Run, Task, TaskId, TaskState
from storage.schedules import Schedule
from storage.store import Store, Work

UNDO_FOR = timedelta(hours=24)
NAME_LIMIT = 60
MOST_RETRIES = 10
LONGEST_S = 86_400
CONFIRM = "confirm"
"""The slot of a draft that misses nothing but the person's yes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A task as somebody asked for it; `assumed` names the slots nobody stated.

    The same `request_key` never makes a second task.
    """

    agent: str
    name: str
    prompt: str
    schedule: Schedule | None
    zone: str
    zone_from: str
    channel: str
    owner: str
    assumed: tuple[str, ...] = ()
    template: str | None = None
    thread_ts: str | None = None
    timeout_s: int = 1800
    retries: int = 2
    request_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an edit changes; what is None stays as it is. `settles` names slots of a draft."""

    name: str | None = None
    agent: str | None = None
    prompt: str | None = None
    schedule: Schedule | None = None
    timeout_s: int | None = None
    retries: int | None = None
    settles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """A task that a wish made, or (`is_twin`) the one that was there already."""

    task: Task
    is_twin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A task before and after a change; the same where nothing changed."""

    before: Task
    after: Task


class Planner:
    """Writes tasks. Every method raises Refused, with what to do, when it can't be done."""

    def __init__(
        self,
        store: Store,
        agents: Mapping[str, Agent],
        *,
        confirm: Confirm,
        now: Now,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._agents = agents
        self._confirm = confirm
        self._now = now
        self._wake = wake

    async def create(self, wish: Wish) -> Created:
        """Make a task: armed when nothing was assumed, else a draft; owes its card."""
        now = self._now()
        self._check_agent(wish.agent)
        _check_limits(wish.timeout_s, wish.retries)
        if wish.schedule is not None:
            recurrence.check(wish.schedule, now)
        async with self._store.begin() as work:
            if wish.request_key is not None:
                same = await work.tasks.of_request(wish.request_key)
                if same is not None:
                    return Created(task=same)
            twin = _twin_of(wish, await work.tasks.of_agent(wish.agent, wish.channel))
            if twin is not None:
                return Created(task=twin, is_twin=True)
            task = await work.tasks.add(self._born(wish, now))
            await work.tasks.keep_first(task, by=wish.owner, at=now)
            await self._owe_card(work, task, now)
        self._wake()
        return Created(task=task)

    async def activate(self, task_id: TaskId, *, by: str, change: Change | None = None) -> Task:
        """Arm a draft, with the answer that was given; an armed one is returned as it is."""
        async with self._store.begin() as work:
            task = await self._locked(work, task_id)
            if task.state is not TaskState.DRAFT:
                return task
            ready = replace(_changed(task, change or Change()), assumed=())
            armed = self._armed(replace(ready, state=TaskState.ACTIVE))
            task = await self._save(work, armed, before=task, action="activate", by=by)
        self._wake()
        return task

    async def edit(self, task_id: TaskId, change: Change, *, by: str) -> Edited:
        """Change what is named and nothing else; a draft that misses nothing more is armed."""
        _check_limits(change.timeout_s, change.retries)
        if change.agent is not None:
            self._check_agent(change.agent)
        async with self._store.begin() as work:
            before = await self._locked(work, task_id)
            after = _renewed(before, _changed(before, change))
            if before.state is TaskState.DRAFT and not after.assumed:
                after = replace(after, state=TaskState.ACTIVE)
            if after == before:
                return Edited(before=before, after=before)
            if after.state is TaskState.ACTIVE:
                after = self._armed(after)
            elif after.schedule is not None:
                recurrence.check(after.schedule, self._now())
            after = await self._save(work, after, before=before, action="edit", by=by)
        self._wake()
        return Edited(before=before, after=after)

    async def pause(self, task_id: TaskId, *, by: str) -> Task:
        """Stop a task from coming due; its runs in progress go on."""
        async with self._store.begin() as work:
            task = await self._locked(work, task_id)
            if task.state is TaskState.PAUSED:
                return task
            _refuse_draft(task)
            if task.state is TaskState.COMPLETED:
                raise Refused(f"{task.name} has run for the last time; there is nothing to pause.")
            paused = replace(task, state=TaskState.PAUSED, next_run_at=None)
            return await self._save(work, paused, before=task, action="pause", by=by)

    async def resume(self, task_id: TaskId, *, by: str) -> Task:
        """Let a paused task come due again, from now on; moments in between stay unrun."""
        async with self._store.begin() as work:
            task = await self._locked(work, task_id)
            if task.state is TaskState.ACTIVE:
                return task
            _refuse_draft(task)
            armed = self._armed(replace(task, state=TaskState.ACTIVE))
            task = await self._save(work, armed, before=task, action="resume", by=by)
        self._wake()
        return task

    async def remove(self, task_id: TaskId, *, by: str) -> Task:
        """Take a task away; its history stays, and undo brings it back."""
        async with self._store.begin() as work:
            task = await self._locked(work, task_id)
            gone = replace(task, state=TaskState.REMOVED, next_run_at=None)
            return await self._save(work, gone, before=task, action="remove", by=by)

    async def undo(self, task_id: TaskId, *, by: str, version: int | None = None) -> Edited:
        """Take back the last change of the last 24 hours; undoing a creation removes the task.

        With `version`, only the change that led to it.
        """
        now = self._now()
        async with self._store.begin() as work:
            task = await work.tasks.lock(task_id)
            last = None if task is None else await work.tasks.version(task_id, task.version)
            if task is None or last is None:
                raise UnknownTask(f"There is no task T-{task_id}.")
            if version not in (None, task.version):
                raise Refused("That was undone or changed meanwhile; nothing happened now.")
            if now - last.at > UNDO_FOR:
                raise Refused(
                    "The last change is more than 24 hours old; it can't be undone.",
                    fix="You can edit the task instead.",
                )
            if last.before is None:
                former = replace(task, state=TaskState.REMOVED, next_run_at=None)
            else:
                former = self._former(task, rows.task_from_snapshot(last.before))
            undone = await self._save(work, former, before=task, action="undo", by=by)
        self._wake()
        return Edited(before=task, after=undone)

    async def run_now(self, task_id: TaskId, *, by: str, request_key: str) -> Run:
        """Run a task once, now, whatever its schedule; the same request runs it once only."""
        async with self._store.begin() as work:
            task = await self._locked(work, task_id)
            _refuse_draft(task)
            run = await work.runs.request(task, key=request_key, by=by, now=self._now())
        self._wake()
        return run

    def preview(self, task: Task, limit: int = 5) -> list[datetime]:
        """Give the next due moments the task has, or would have once it is armed."""
        if task.schedule is None:
            return []
        return recurrence.upcoming(task.schedule, self._now(), limit, fired=task.fired)

    def _born(self, wish: Wish, now: datetime) -> Task:
        assumed = self._to_answer(wish)
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
        return task if assumed else self._armed(task)

    def _to_answer(self, wish: Wish) -> tuple[str, ...]:
        match self._confirm:
            case Confirm.NEVER:
                return ()
            case Confirm.ALWAYS:
                return wish.assumed or (CONFIRM,)
            case Confirm.GUESSED:
                return wish.assumed

    def _armed(self, task: Task) -> Task:
        """Give an active task its next due moment, or refuse a schedule that has none left."""
        if task.schedule is None:
            return replace(task, next_run_at=None)
        now = self._now()
        recurrence.check(task.schedule, now)
        due = recurrence.upcoming(task.schedule, now, 1, fired=task.fired)
        if not due:
            raise BadSchedule(
                f"{task.name} has no run left: its schedule is over.",
                fix="Give it a new time, and it starts again.",
            )
        return replace(task, next_run_at=due[0])

    def _former(self, task: Task, before: Task) -> Task:
        """Give the task as it was, but with the counts and messages it has now."""
        former = replace(
            before, fired=task.fired, card_ts=task.card_ts, version=task.version, next_run_at=None
        )
        return self._armed(former) if former.state is TaskState.ACTIVE else former

    async def _save(self, work: Work, after: Task, *, before: Task, action: str, by: str) -> Task:
        if after.state is TaskState.REMOVED:
            reason = "The task was removed before it ran."
            await work.runs.cancel_queued(after.id, reason=reason, now=self._now())
        return await work.tasks.save(after, before=before, action=action, by=by, at=self._now())

    async def _owe_card(self, work: Work, task: Task, now: datetime) -> None:
        await work.deliveries.owe(
            DeliveryKind.CARD,
            target=task.channel,
            task_id=task.id,
            thread_ts=task.thread_ts,
            now=now,
        )

    async def _locked(self, work: Work, task_id: TaskId) -> Task:
        task = await work.tasks.lock(task_id)
        if task is None or task.state is TaskState.REMOVED:
            raise UnknownTask(
                f"There is no task T-{task_id} any more.", fix="`/tasks list` shows them all."
            )
        return task

    def _check_agent(self, name: str) -> None:
        if name not in self._agents:
            known = ", ".join(agent.profile.shown for agent in self._agents.values())
            raise Refused(f"I know no agent called “{name[:40]}”.", fix=f"There are {known}.")


def _changed(task: Task, change: Change) -> Task:
    named = {
        slot: value
        for slot in ("name", "agent", "prompt", "schedule", "timeout_s", "retries")
        if (value := getattr(change, slot)) is not None
    }
    if change.schedule is not None and change.schedule.zone != task.zone:
        named |= {"zone": change.schedule.zone, "zone_from": "as you said"}
    left = tuple(slot for slot in task.assumed if slot not in change.settles)
    return replace(task, **named, assumed=left)


def _renewed(before: Task, after: Task) -> Task:
    """Let a new schedule count from nothing; one that had ended begins again."""
    if after.schedule == before.schedule:
        return after
    ended = before.state is TaskState.COMPLETED
    return replace(after, fired=0, state=TaskState.ACTIVE if ended else after.state)


def _check_limits(timeout_s: int | None, retries: int | None) -> None:
    if retries is not None and not 0 <= retries <= MOST_RETRIES:
        raise Refused(f"A task has 0 to {MOST_RETRIES} retries.", fix="Name a number in between.")
    if timeout_s is not None and not 1 <= timeout_s <= LONGEST_S:
        raise Refused("A time limit is from 1 second to 24 hours.", fix="Name one in between.")


def _refuse_draft(task: Task) -> None:
    if task.state is TaskState.DRAFT:
        raise Refused(
            f"{task.name} still waits for an answer, so nothing of it runs.",
            fix="Choose one of the times on its card, or cancel it there.",
        )


def _twin_of(wish: Wish, tasks: list[Task]) -> Task | None:
    """Find the task that already does the same work at the same time."""
    for task in tasks:
        if (_plain(task.prompt), task.schedule) == (_plain(wish.prompt), wish.schedule):
            return task
    return None


def _plain(prompt: str) -> str:
    return " ".join(prompt.casefold().split())
