"""Buttons that words may press: what a question's button would do is done at a yes."""

from __future__ import annotations

from dataclasses import replace

from bot.blocks import cards, tellings
from bot.intent.intents import TaskRef
from bot.intent.talk import ShallPress
from bot.services import Services
from bot.slack import audience, crowd_answers, notice_answers
from bot.slack.asking import Ask, Reply, find, told_alone
from scheduler.errors import Refused

_REDIRECT, _TELL, _MANY = "redirect", "tell", "many_yes"
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


async def press(asked: ShallPress, ask: Ask, services: Services) -> Reply:
    """Do what a button would, if its task is as it was when it was asked; raises Refused."""
    if asked.action == _MANY:
        done = await crowd_answers.do_many(asked.value, ask.by, f"many:{ask.key}", services)
        return told_alone(done, ask)
    number, version, extra = asked.value.split(":", 2)
    task = await find(TaskRef(number=int(number)), ask, services)
    if task.version != int(version):
        raise Refused("It has changed since I asked; nothing happened now.", fix="Say it again.")
    if asked.action == _TELL:
        return await notice_answers.tell(task, tellings.unpacked(extra), ask, services)
    edited = await audience.move(task, extra, ask.by, services)
    message = cards.difference(edited.before, edited.after)
    return Reply(message=message, persona=task.agent, about=edited.after)
