"""Arming: how a task comes to stand when it is made, switched on or brought back.

It is on, waits for its answer or its place, or is put by where its agent is not connected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from scheduler import pace, recurrence, variables
from scheduler.agents.agent import Agent
from scheduler.desk import Desk
from scheduler.drafts import with_deadlines
from scheduler.errors import NotConnected, Refused
from scheduler.now import Now
from scheduler.speaking import Obstacle, held, let_go
from scheduler.wishes import AGENT, CONFIRM, NAME_LIMIT, Confirm, Wish
from storage.records import Task, TaskId, TaskState


class Arming:
    """Says how a task stands; writes nothing."""

    def __init__(
        self,
        desk: Desk,
        agents: Mapping[str, Agent],
        *,
        confirm: Confirm,
        now: Now,
        shortest: timedelta = timedelta(0),
    ) -> None:
        self._desk = desk
        self._agents = agents
        self._confirm = confirm
        self._now = now
        self._shortest = shortest

    def check(self, task: Task | Wish) -> None:
        """Raise Refused for a schedule that never comes, or comes closer together than may be."""
        if task.schedule is not None:
            recurrence.check(task.schedule, self._now())
        pace.check_leeway(task.leeway)
        pace.check(task.schedule, task.leeway, self._now(), shortest=self._shortest)

    def armed(self, task: Task, obstacle: Obstacle | None, *, was: TaskState) -> Task:
        """Arm a task, or let it wait for what keeps it from posting; one that is on stays on."""
        variables.check_schedule(task)
        armed = self._desk.armed(task)
        if obstacle is None or was is TaskState.ACTIVE:
            return armed
        waits = held(armed, obstacle, was=was)
        return self.with_deadlines(waits) if waits.state is TaskState.DRAFT else waits

    def born(self, wish: Wish, now: datetime, obstacle: Obstacle | None) -> Task:
        """Give the task that a wish makes."""
        assumed, lacks = self._to_answer(wish), self.lacks(wish.agent)
        if lacks is not None:
            assumed = (*assumed, AGENT)
        task = _made(wish, assumed, now)
        variables.check_schedule(task)
        ready = task if assumed else self._desk.armed(task)
        if obstacle is not None:
            ready = held(ready, obstacle, was=TaskState.DRAFT)
        elif lacks is not None:
            ready = replace(ready, hold_reason=lacks)
        return self.with_deadlines(ready) if ready.state is TaskState.DRAFT else ready

    def former(self, task: Task, before: Task, obstacle: Obstacle | None) -> Task:
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
            return self.armed(former, obstacle, was=stays)
        if task.state is TaskState.ACTIVE and self._is_over(former.paused_until):
            former = replace(former, paused_until=None)  # else its end would undo the undoing
        former = let_go(former) if obstacle is None else former
        return self.with_deadlines(former) if former.state is TaskState.DRAFT else former

    def with_deadlines(self, draft: Task) -> Task:
        """Give a draft its moments to remind and to end."""
        first = self.preview(draft, 1)
        return with_deadlines(draft, self._now(), first[0] if first else None)

    def preview(self, task: Task, limit: int) -> list[datetime]:
        """Give the next due moments the task has, or would have once it is armed."""
        if task.schedule is None:
            return []
        return recurrence.upcoming(task.schedule, self._now(), limit, fired=task.fired)

    def lacks(self, name: str) -> str | None:
        """Say what an agent is not connected to; None when it is."""
        agent = self._agents.get(name)
        lacks = None if agent is None else agent.missing()
        if agent is None or lacks is None:
            return None
        return f"{agent.profile.shown} is not connected: {lacks}"

    def check_connected(self, task: Task, outcome: str) -> None:
        """Raise NotConnected where the task's agent has nothing to read."""
        lacks = self.lacks(task.agent)
        if lacks is not None:
            raise NotConnected(lacks, fix=outcome)

    def check_agent(self, name: str) -> None:
        """Raise Refused, with those there are, for an agent nobody knows."""
        if name not in self._agents:
            known = ", ".join(agent.profile.shown for agent in self._agents.values())
            raise Refused(f"I know no agent called “{name[:40]}”.", fix=f"There are {known}.")

    def _is_over(self, moment: datetime | None) -> bool:
        return moment is not None and moment <= self._now()

    def _to_answer(self, wish: Wish) -> tuple[str, ...]:
        match self._confirm:
            case Confirm.NEVER:  # what nobody wrote, such as a model's reading, is asked even so
                return (CONFIRM,) if CONFIRM in wish.assumed else ()
            case Confirm.ALWAYS:
                return wish.assumed or (CONFIRM,)
            case Confirm.GUESSED:
                return wish.assumed


def _made(wish: Wish, assumed: tuple[str, ...], now: datetime) -> Task:
    is_elsewhere = wish.asked_in not in (None, wish.channel)
    return Task(
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
        thread_ts=None if is_elsewhere else wish.thread_ts,
        owner=wish.owner,
        timeout_s=wish.timeout_s,
        retries=wish.retries,
        overlap=wish.overlap,
        missed=wish.missed,
        leeway=wish.leeway,
        notices=wish.notices,
        request_key=wish.request_key,
        created_at=now,
        updated_at=now,
    )
