"""Answers about several tasks: lists that were narrowed, one act on many, and a file of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.blocks import lists, many, stories, words
from bot.blocks.cards import Message
from bot.intent import intents, talk
from bot.services import Services
from bot.slack import audience, selections, talks
from bot.slack.asking import (
    Ask,
    Reply,
    end_of,
    find,
    listed,
    show_present_cards,
    told_alone,
    zone_in,
)
from bot.slack.edge import told
from bot.slack.selections import Asked, Picked
from scheduler.many import Deed
from scheduler.sentences import sentence
from storage.records import Actor, Origin, Task, TaskId, TaskState
from storage.schedule_json import to_json

MOST_CARDS = 50
"""How many cards are brought up to date: about what Slack lets be changed in a minute."""
_DEEDS = {"pause": Deed.PAUSE, "resume": Deed.RESUME, "delete": Deed.REMOVE, "run": Deed.RUN}
_FITTING = {
    Deed.PAUSE: (TaskState.ACTIVE,),
    Deed.RESUME: (TaskState.PAUSED,),
    Deed.RUN: (TaskState.ACTIVE, TaskState.PAUSED, TaskState.COMPLETED),
    Deed.REMOVE: (TaskState.ACTIVE, TaskState.PAUSED, TaskState.COMPLETED, TaskState.DRAFT),
}


async def show_list(intent: intents.ListTasks, ask: Ask, services: Services) -> Reply:
    """Show the tasks that fit, of those the asker may know."""
    tasks = await listed(ask.person.id, services)
    picked = await selected(intent, tasks, ask, services)
    async with services.store.read() as work:
        last = await work.runs.last_of([task.id for task in tasks])
    if picked.due:
        zone = ask.zone or (await zone_in(ask.channel, ask.person, services))[0]
        return told_alone(lists.due_tasks(picked.tasks, picked.due, zone, services.now()), ask)
    if len(picked.tasks) == len(tasks):
        return told_alone(lists.task_page(tasks, last, services.now(), page=0), ask)
    if not picked.tasks:
        return told_alone(lists.none_found(picked.why_none), ask)
    shown = told_alone(lists.found_tasks(picked.tasks, last, services.now()), ask)
    return _about(shown, picked.tasks[0]) if len(picked.tasks) == 1 else shown


def _about(reply: Reply, task: Task) -> Reply:
    """Let "it" be the one task that was shown; the question of a draft was not asked with it."""
    return reply if task.state is TaskState.DRAFT else replace(reply, about=task)


async def show_latest(ask: Ask, services: Services) -> Reply:
    """Show the asker the last run of each task they may know of, the newest first."""
    tasks = await listed(ask.person.id, services)
    async with services.store.read() as work:
        last = await work.runs.last_of([task.id for task in tasks])
    return told_alone(stories.latest(tasks, last, services.now()), ask)


async def list_page(page: int, person_id: str, services: Services) -> Message:
    """Give one page of all tasks that somebody may know of."""
    tasks = await listed(person_id, services)
    async with services.store.read() as work:
        last = await work.runs.last_of([task.id for task in tasks])
    return lists.task_page(tasks, last, services.now(), page=page)


async def show_next(intent: intents.ShowNext, ask: Ask, services: Services) -> Reply:
    """Show the asker when one task comes due next, or which of all tasks are the first to."""
    if intent.ref is not None:
        task = await find(intent.ref, ask, services)
        due = services.planner.preview(task) if task.state is TaskState.ACTIVE else []
        message = stories.next_runs(task, due, services.now())
        return _about(told_alone(message, ask, persona=task.agent), task)
    known = await listed(ask.person.id, services)
    zone = ask.zone or (await zone_in(ask.channel, ask.person, services))[0]
    soon = selections.soon(known, services.now())
    if soon.tasks:
        return told_alone(lists.due_tasks(soon.tasks, soon.due, zone, services.now()), ask)
    tasks = sorted((task for task in known if task.next_run_at is not None), key=_due_at)
    async with services.store.read() as work:
        last = await work.runs.last_of([task.id for task in tasks])
    return told_alone(lists.found_tasks(tasks, last, services.now()), ask)


def _due_at(task: Task) -> datetime:
    assert task.next_run_at is not None
    return task.next_run_at


async def selected(
    which: intents.Selection, tasks: list[Task], ask: Ask, services: Services
) -> Picked:
    """Pick those of the tasks that fit all that was said."""
    channel = None
    if which.channel is not None:
        channel = await audience.resolve(which.channel, ask.by, services)
    async with services.store.read() as work:
        last = await work.runs.last_of([task.id for task in tasks])
    zone = (await zone_in(ask.channel, ask.person, services))[0]
    asked = Asked(
        which=which,
        person=ask.person.id,
        here=ask.channel,
        channel=channel,
        last=last,
        zone=ask.zone or zone,
        now=services.now(),
    )
    return selections.pick(tasks, asked)


async def ask_many(intent: intents.ChangeMany, ask: Ask, services: Services) -> Reply:
    """Show what an act on several tasks would touch, and ask."""
    deed = _DEEDS[intent.act]
    known = await listed(ask.person.id, services)
    found = await selected(intent.which, known, ask, services)
    if not found.tasks:
        return told_alone(lists.none_found(found.why_none), ask)
    fitting = [task for task in found.tasks if task.state in _FITTING[deed]]
    zone = ask.zone or (await zone_in(ask.channel, ask.person, services))[0]
    until = await end_of(intent.until, ask, services)
    outlook = await services.many.look(deed, fitting, by=ask.by, until=until)
    asked = many.question(deed, outlook, zone=zone, now=services.now())
    return told_alone(asked, ask)


async def ask_to_delete(each: Sequence[intents.DeleteTask], ask: Ask, services: Services) -> Reply:
    """Ask once whether all the tasks that one message would delete are to go."""
    found = [await find(one.ref, ask, services) for one in each]
    outlook = await services.many.look(Deed.REMOVE, dict.fromkeys(found), by=ask.by)
    zone = ask.zone or (await zone_in(ask.channel, ask.person, services))[0]
    return told_alone(many.question(Deed.REMOVE, outlook, zone=zone, now=services.now()), ask)


async def on_many(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    respond: AsyncRespond,
    services: Services,
) -> None:
    """Acknowledge, do it to the tasks that were shown, and say so in place of the question."""
    await ack()

    async def tell(message: Message) -> object:
        return await respond(
            **message.arguments(), response_type="ephemeral", replace_original=False
        )

    async with told(tell, action="click"):
        by = Actor(id=body["user"]["id"], origin=Origin.CLICK)
        is_no = action["action_id"] == "many_no"
        done = "" if is_no else str(action["value"])
        await talks.settle(body["channel"]["id"], by.id, services, fits=_is_of_many, done=done)
        if is_no:
            await respond(**many.kept().arguments(), replace_original=True)
            return
        key = f"many:{body['trigger_id']}"
        message, changed = await do_many(str(action["value"]), by, key, services)
        await respond(**message.arguments(), replace_original=True)
        await show_present_cards(changed, services)


async def ask_to_undo(value: str, ask: Ask, services: Services) -> Reply:
    """Ask whether to take back what was done to several tasks; those changed since stay."""
    _, _, zone, shown = _pressed(value)
    async with services.store.read() as work:
        found = [await work.tasks.get(task_id) for task_id in shown]
    changed = [task for task in found if task is not None and task.version == shown[task.id] + 1]
    if not changed:
        said = "Each of them was changed again since; nothing was undone. `undo T-12` undoes one."
        return told_alone(words.plain(said), ask)
    outlook = await services.many.look(Deed.UNDO, changed, by=ask.by)
    return told_alone(many.question(Deed.UNDO, outlook, zone=zone, now=services.now()), ask)


def _is_of_many(asked: talk.Asked) -> bool:
    return isinstance(asked, talk.ShallPress) and asked.action == "many_yes"


async def do_many(
    value: str, by: Actor, key: str, services: Services
) -> tuple[Message, tuple[Task, ...]]:
    """Do to the tasks that were shown what their button says; those changed since stay.

    Gives what to say, and the tasks whose cards are to be brought up to date after that.
    """
    deed, until, zone, shown = _pressed(value)
    outcome = await services.many.do(deed, shown, by=by, request_key=key, until=until)
    message = many.done(deed, outcome, zone=zone, now=services.now())
    return message, () if deed is Deed.RUN else outcome.done[:MOST_CARDS]


def _pressed(value: str) -> tuple[Deed, datetime | None, str, dict[TaskId, int]]:
    """Give what a button does, until when, in whose zone, and to which tasks as they stood."""
    deed, until, zone, listed_as = value.split("|")
    pairs = (pair.split(":") for pair in listed_as.split(","))
    shown = {TaskId(int(number)): int(version) for number, version in pairs}
    return Deed(deed), datetime.fromisoformat(until) if until else None, zone, shown


async def export(intent: intents.Export, ask: Ask, services: Services) -> Reply:
    """Give the asker their tasks as a file, in their direct messages."""
    picked = await selected(intent.which, await listed(ask.person.id, services), ask, services)
    found = picked.tasks
    if not found:
        return told_alone(lists.none_found(picked.why_none), ask)
    body = json.dumps([_as_plain(task) for task in found], ensure_ascii=False, indent=2) + "\n"
    opened = await services.speaker.client.conversations_open(users=ask.person.id)
    await services.speaker.client.files_upload_v2(
        channel=opened["channel"]["id"], content=body, filename="tasks.json", title="Tasks"
    )
    said = "1 task is" if len(found) == 1 else f"{len(found)} tasks are"
    return told_alone(words.plain(f"{said} in a file in our direct messages."), ask)


def _as_plain(task: Task) -> dict[str, Any]:
    return {
        "id": f"T-{task.id}",
        "name": task.name,
        "agent": task.agent,
        "prompt": task.prompt,
        "state": str(task.state),
        "when": None if task.schedule is None else sentence(task.schedule),
        "schedule": None if task.schedule is None else to_json(task.schedule),
        "zone": task.zone,
        "channel": task.channel,
        "owner": task.owner,
        "timeout_s": task.timeout_s,
        "retries": task.retries,
        "overlap": str(task.overlap),
        "missed": str(task.missed),
        "notices": [{"target": each.target, "on": str(each.on)} for each in task.notices],
    }
