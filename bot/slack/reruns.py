"""One more run, at a moment: "run the cost report at 5pm" is about the task there is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.blocks import cards
from bot.intent import intents
from bot.intent.changes import once_too
from bot.services import Services
from bot.slack.asking import Ask, Reply, find, show_present_card
from scheduler.errors import AmbiguousTask, Refused, UnknownTask
from scheduler.rights import Act
from scheduler.wishes import Change
from storage.records import Task, TaskState
from storage.schedules import Once, Schedule

_RUNS = re.compile(
    r"(?:re-?run|run|start|trigger|kick off|execute|fire) (?P<what>.+?)"
    r"(?: (?:again|once more|one more time|once))?[.!?]*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"t-?(\d+)", re.IGNORECASE)


async def once_more(intent: intents.CreateTask, ask: Ask, services: Services) -> Reply | None:
    """Let a task that is named run once more at the moment that was said.

    None where no task is named, the asker may not change it, or more than a moment was said.
    Raises Refused where several are, or it is paused.
    """
    once = intent.schedule
    if once is None or not isinstance(once.rule, Once) or not _is_bare(intent):
        return None
    task = await _named(intent, ask, services)
    if task is None or task.state is TaskState.DRAFT:
        return None
    if not await services.gate.may(Act.CHANGE, task, ask.person.id):
        return None
    if task.state is TaskState.PAUSED:
        raise Refused(
            f"{task.name} (T-{task.id}) is paused, so it would not run then; nothing changed.",
            fix=f"`resume T-{task.id}` first, or `run T-{task.id}` for now.",
        )
    change = Change(schedule=_with(task, once, services.now()))
    edited = await services.planner.edit(task.id, change, by=ask.by, version=task.version)
    await show_present_card(edited.after, services)
    message = cards.difference(edited.before, edited.after)
    return Reply(message=message, persona=task.agent, is_public=True, about=edited.after)


def _is_bare(intent: intents.CreateTask) -> bool:
    """Say whether nothing but what is to run and when was said."""
    plain = intents.CreateTask(
        prompt=intent.prompt,
        agent=intent.agent,
        name=intent.name,
        schedule=intent.schedule,
        zone_in_text=intent.zone_in_text,
    )
    return intent == plain


async def _named(intent: intents.CreateTask, ask: Ask, services: Services) -> Task | None:
    said = _RUNS.fullmatch(intent.prompt.strip())
    if said is None:
        return None
    number = _NUMBER.fullmatch(said["what"])
    ref = intents.TaskRef(text=said["what"])
    if number is not None:
        ref = intents.TaskRef(number=int(number[1]))
    elif said["what"].casefold() in ("it", "that", "this"):
        ref = intents.TaskRef(it=True)
    try:
        task = await find(ref, ask, services)
    except UnknownTask:
        if number is not None:
            raise
        return None
    except AmbiguousTask as error:
        named = " or ".join(f"T-{each.id} {each.name}" for each in error.choices[:3])
        first = error.choices[0].id
        raise Refused(
            f"That may be {named}; nothing changed.", fix=f"Say which: `run T-{first} in an hour`."
        ) from error
    return task if intent.agent in (None, task.agent) else None


def _with(task: Task, once: Schedule, now: datetime) -> Schedule:
    """Give a task's schedule with one more moment, on the wall of the task's own zone."""
    assert isinstance(once.rule, Once)
    said = datetime.combine(once.rule.on, once.rule.at, tzinfo=ZoneInfo(once.zone))
    there = said.astimezone(ZoneInfo(task.zone))
    rule = Once(on=there.date(), at=there.time().replace(tzinfo=None))
    single = Schedule(rule=rule, zone=task.zone)
    if task.schedule is None:
        return single
    besides = once_too(task.schedule, replace(task.schedule, rule=rule), now)
    return besides[0] if besides else replace(task.schedule, rule=rule)
