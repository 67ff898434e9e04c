"""What is asked of the Planner and what comes of it, as values, and the pure rules about them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from scheduler.errors import Refused
from storage.policies import AS_USUAL, Leeway, Missed, Notice, NoticeOn, Overlap
from storage.records import Origin, Task, TaskState
from storage.schedules import Schedule, leaving_out

NAME_LIMIT = 60
MOST_NOTICES = 20
MOST_RETRIES = 10
LONGEST_S = 86_400
CONFIRM = "confirm"
"""The slot of a draft that misses nothing but the person's yes."""
AGENT = "agent"
"""The slot of a draft whose agent is not connected: whatever is answered, it is saved paused."""


class Confirm(StrEnum):
    """When a new task waits for a click: where something was assumed, always, or never."""

    GUESSED = "guessed"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A task as somebody asked for it; `assumed` names the slots nobody stated.

    The same `request_key` never makes a second task. `asked_in` is the channel it was asked in,
    where that is another than `channel`, which it posts in; `thread_ts` is of the former then.
    With `alone` its draft is for the asker's eyes: its card stands in the channel once it is on.
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
    overlap: Overlap = Overlap.SKIP
    missed: Missed = Missed.LATEST
    leeway: Leeway = AS_USUAL
    notices: tuple[Notice, ...] = ()
    asked_in: str | None = None
    alone: bool = False
    request_key: str | None = None
    origin: Origin = Origin.MESSAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an edit changes; what is None stays as it is.

    A new `zone` keeps the wall times of the schedule; `unscheduled` takes the schedule away;
    `skip_holidays` leaves the workspace's holidays out of it, or (False) takes them in again. An
    empty `delegate` takes that away, empty `notices` tell nobody any more. `settles` names slots
    of a draft.
    """

    name: str | None = None
    agent: str | None = None
    prompt: str | None = None
    schedule: Schedule | None = None
    timeout_s: int | None = None
    retries: int | None = None
    channel: str | None = None
    delegate: str | None = None
    overlap: Overlap | None = None
    missed: Missed | None = None
    leeway: Leeway | None = None
    notices: tuple[Notice, ...] | None = None
    zone: str | None = None
    unscheduled: bool = False
    skip_holidays: bool | None = None
    settles: tuple[str, ...] = ()


_SLOTS = (
    "name", "agent", "prompt", "schedule", "timeout_s", "retries", "channel", "delegate",
    "overlap", "missed", "leeway", "notices",
)  # fmt: skip


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


def changed(task: Task, change: Change) -> Task:
    """Give a task with what a change names, and nothing else, changed."""
    named = {slot: value for slot in _SLOTS if (value := getattr(change, slot)) is not None}
    if change.name is not None:
        named["name"] = change.name[:NAME_LIMIT]
    if named.get("prompt", task.prompt) != task.prompt:  # it is the template's work no longer
        named["template"] = None
    if change.unscheduled:
        named["schedule"] = None
    if change.delegate == "":
        named["delegate"] = None
    schedule = named.get("schedule", task.schedule)
    zone = change.zone or (change.schedule.zone if change.schedule else task.zone)
    if zone != task.zone:
        named |= {"zone": zone, "zone_from": "as you said"}
        named["schedule"] = schedule and replace(schedule, zone=zone)
    if change.skip_holidays is not None and (ruled := named.get("schedule", task.schedule)):
        named["schedule"] = leaving_out(ruled, () if change.skip_holidays else None)
    if named.get("channel", task.channel) != task.channel:  # its thread and card stay behind
        named |= {"thread_ts": None, "card_ts": None}
    left = tuple(slot for slot in task.assumed if slot not in change.settles)
    return replace(task, **named, assumed=left)


def told(task: Task, notices: tuple[Notice, ...], *, stop: bool) -> tuple[Notice, ...]:
    """Give who is told of a task's runs once these are added or, to `stop`, taken away.

    To stop without any takes all away. "Complete" is what is said where no moment was named, so
    to stop that takes away whatever its target is told.
    """
    if not stop:
        added = tuple(dict.fromkeys((*task.notices, *notices)))
        if len(added) > MOST_NOTICES:
            raise Refused(
                f"{task.name} would tell more than {MOST_NOTICES} times; nothing changed.",
                fix="Let it tell a channel, not each person in it.",
            )
        return added
    whole = {each.target for each in notices if each.on is NoticeOn.COMPLETE}
    left = (each for each in task.notices if each not in notices and each.target not in whole)
    return tuple(left) if notices else ()


def renewed(before: Task, after: Task) -> Task:
    """Let a new schedule count from nothing; one that had ended begins again.

    The same schedule in another zone goes on counting.
    """
    if (after.schedule and replace(after.schedule, zone=before.zone)) == before.schedule:
        return after
    ended = before.state is TaskState.COMPLETED
    return replace(after, fired=0, state=TaskState.ACTIVE if ended else after.state)


def check_limits(timeout_s: int | None, retries: int | None) -> None:
    """Raise Refused for a time limit or a number of retries that no task may have."""
    if retries is not None and not 0 <= retries <= MOST_RETRIES:
        raise Refused(f"A task has 0 to {MOST_RETRIES} retries.", fix="Name a number in between.")
    if timeout_s is not None and not 1 <= timeout_s <= LONGEST_S:
        raise Refused("A time limit is from 1 second to 24 hours.", fix="Name one in between.")


def refuse_draft(task: Task) -> None:
    """Raise Refused for a task that still waits for its answer."""
    if task.state is TaskState.DRAFT and task.hold is not None and not task.assumed:
        raise Refused(f"{task.name} was never started.", fix=task.hold_reason or "")
    if task.state is TaskState.DRAFT:
        raise Refused(
            f"{task.name} (T-{task.id}) still waits for an answer, so nothing of it runs.",
            fix="Choose one of the times on its card, or cancel it there.",
        )


def saved_paused(task: Task) -> Task:
    """Give a task whose agent can't work yet, put by; one that waits for its place still asks."""
    if task.state is TaskState.DRAFT:
        return replace(task, assumed=(*task.assumed, AGENT))
    return replace(task, state=TaskState.PAUSED, next_run_at=None)


def twin_of(wish: Wish, tasks: list[Task]) -> Task | None:
    """Find the task that already does the same work at the same time."""
    for task in tasks:
        if (_plain(task.prompt), task.schedule) == (_plain(wish.prompt), wish.schedule):
            return task
    return None


def _plain(prompt: str) -> str:
    return " ".join(prompt.casefold().split())
