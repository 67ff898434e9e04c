"""Buttons that words may press: what a question's button would do is done at a yes."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.blocks import answers, cards, tellings
from bot.intent.intents import TaskRef
from bot.intent.talk import TAKE, UNDO_MANY, Asked, ShallCreate, ShallPress
from bot.services import Services
from bot.slack import audience, crowd_answers, notice_answers
from bot.slack.asking import (
    Ask,
    Reply,
    card_of,
    find,
    settled,
    show_present_card,
    told_alone,
)
from bot.slack.task_answers import start
from scheduler.errors import Refused
from scheduler.wishes import Change
from storage.records import Hold, Task, TaskState
from storage.schedule_json import from_json

_REDIRECT, _TELL, _MANY = "redirect", "tell", "many_yes"
_ANSWER, _CANCEL = "answer", "cancel"
BY_WORDS = (_REDIRECT, _TELL, _MANY)


def waiting(reply: Reply) -> Reply:
    """Let the question of a reply wait for words, too, where one of its buttons takes them."""
    if reply.asked is not None:
        return reply
    for block in reply.message.blocks:
        for element in block.get("elements", ()):
            if element.get("action_id") in BY_WORDS and "style" in element:
                asked = ShallPress(action=element["action_id"], value=element["value"])
                return replace(reply, asked=asked)
    return reply


def asked_by(reply: Reply | None, about: Task | None, person: str) -> Asked | None:
    """Give the question that waits after an answer: its own, or that of the draft it shows."""
    if reply is not None and reply.asked is not None:
        return reply.asked
    if about is None or about.state is not TaskState.DRAFT or about.owner != person:
        return None
    if about.hold is Hold.INVITATION:
        return None
    labels = tuple(answer.label for answer in answers.answers(about))
    return ShallCreate(task=int(about.id), version=about.version, labels=labels)


def does_to_many(asked: ShallPress | None) -> str:
    """Give the value of a button that does something to several tasks, so that it can be undone."""
    return asked.value if asked is not None and asked.action == _MANY else ""


async def press(asked: ShallPress, ask: Ask, services: Services) -> Reply:
    """Do what a button would, if its task is as it was when it was asked; raises Refused."""
    if asked.action == _MANY:
        key = f"many:{ask.key}"
        done, changed = await crowd_answers.do_many(asked.value, ask.by, key, services)
        return replace(told_alone(done, ask), changed=changed)
    if asked.action == UNDO_MANY:
        return waiting(await crowd_answers.ask_to_undo(asked.value, ask, services))
    number, version, extra = asked.value.split(":", 2)
    task = await find(TaskRef(number=int(number)), ask, services)
    if task.version != int(version):
        raise Refused("It has changed since I asked; nothing happened now.", fix="Say it again.")
    if asked.action == _TELL:
        return await notice_answers.tell(task, tellings.unpacked(extra), ask, services)
    if asked.action == TAKE:
        return await _take(task, extra, ask, services)
    if asked.action == _CANCEL:
        return await _cancel(task, ask, services)
    if asked.action.startswith(_ANSWER):
        return await _arm(task, answers.answers(task)[int(extra)], ask, services)
    edited = await audience.move(task, extra, ask.by, services)
    message = cards.difference(edited.before, edited.after)
    return Reply(message=message, persona=task.agent, about=edited.after)


async def _arm(task: Task, chosen: answers.Answer, ask: Ask, services: Services) -> Reply:
    change = Change(schedule=chosen.schedule)
    armed = await services.planner.activate(task.id, by=ask.by, change=change)
    await show_present_card(armed, services)
    if chosen.run_now:
        return await start(armed, ask, services)
    return settled(task, armed, services, ask)


async def _take(task: Task, schedule: str, ask: Ask, services: Services) -> Reply:
    change = Change(schedule=from_json(json.loads(schedule)), settles=task.assumed)
    edited = await services.planner.edit(task.id, change, by=ask.by, version=task.version)
    await show_present_card(edited.after, services)
    message = cards.difference(edited.before, edited.after)
    return Reply(message=message, persona=task.agent, is_public=True, about=edited.after)


async def _cancel(task: Task, ask: Ask, services: Services) -> Reply:
    removed = await services.planner.remove(task.id, by=ask.by)
    await show_present_card(removed, services)
    lead = "Cancelled; nothing will run."
    return card_of(removed, services, ask, lead=lead, is_public=False)
