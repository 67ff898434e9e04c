"""What becomes of a reading: the grammar's is acted on, a model's change is asked first."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from bot.blocks import answers, readings
from bot.intent import intents
from bot.intent.intents import Intent, TaskRef
from bot.intent.packing import unpacked
from bot.intent.reading import Reading
from bot.services import Services
from bot.slack import requests
from bot.slack.asking import Ask, Reply, find, told_alone
from scheduler.errors import AmbiguousTask, Refused
from scheduler.wishes import CONFIRM

_ASKED = (
    intents.PauseTask, intents.ResumeTask, intents.RunTask, intents.EditTask, intents.UndoChange,
    intents.SetNotices, intents.SaveTemplate,
)  # fmt: skip
"""What a model may only propose. What is done to several, and a delete, asks by itself."""


async def answer(reading: Reading, ask: Ask, services: Services) -> Reply | None:
    """Do or ask what a reading calls for, with its note; None where the answer is owed already."""
    if reading.source == "model" and isinstance(reading.intent, _ASKED):
        return await _proposed(reading.intent, ask, services)
    if reading.source == "model" and _sets_up(reading.intent):
        return told_alone(readings.only_said(reading.intent), ask)
    intent = _unsure(reading.intent) if reading.source == "model" else reading.intent
    reply = await requests.answer(intent, ask, services)
    if reply is None or not reading.note:
        return reply
    if not await services.interpreter.is_news(reading.note, ask.person.id):
        return reply
    return replace(reply, message=readings.with_note(reply.message, reading.note))


def _sets_up(intent: Intent) -> bool:
    """Say whether a request changes what a channel has of its own."""
    is_zone = isinstance(intent, intents.SetZone) and (intent.zone is not None or intent.off)
    return is_zone or isinstance(intent, intents.SetChannel)


def _unsure(intent: Intent) -> Intent:
    """Let a task from a template wait for a yes; any other new task of a model's does already."""
    if not isinstance(intent, intents.UseTemplate) or CONFIRM in intent.assumed:
        return intent
    slot = answers.WHETHER if intent.run_now else CONFIRM
    return replace(intent, assumed=(*intent.assumed, slot), run_now=False)


async def _proposed(intent: Any, ask: Ask, services: Services) -> Reply:
    """Say back what a model read and ask; only the asker sees it."""
    persona = ask.persona or (ask.task.agent if ask.task else "anna")
    try:
        task = await find(intent.ref or TaskRef(it=True), ask, services)
    except AmbiguousTask as error:
        return Reply(message=readings.which_one(intent, error.choices), persona=persona)
    message = readings.question(intent, task, services.now())
    return Reply(message=message, persona=task.agent)


def chosen(packed: str) -> Any:
    """Give what was asked of a name that fitted several, for the one that was chosen.

    Buttons of an earlier Chatcron hold the verb alone.
    """
    body = packed if packed.startswith("{") else json.dumps({"kind": packed})
    return _kept(_of_the_chosen(body))


def _of_the_chosen(body: str) -> Any:
    try:
        return json.loads(body) | {"ref": {"it": True}}
    except (ValueError, TypeError):
        return None


def _kept(body: Any) -> Any:
    """Give the request that a button keeps; raises Refused for one that can't be read any more."""
    intent = unpacked(body)
    if intent is None:
        raise Refused("That button is too old; nothing changed.", fix="Say it again.")
    return intent


async def accepted(packed: str, ask: Ask, services: Services) -> Reply | None:
    """Do what a person said yes to, as if they had said it in so many words."""
    intent = _kept(json.loads(packed))
    if not isinstance(intent, _ASKED):
        raise Refused("That button is not for that; nothing changed.", fix="Say it again.")
    return await requests.answer(replace(intent, ref=TaskRef(it=True)), ask, services)
