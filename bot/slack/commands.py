"""`/tasks`: a verb and a task, or a whole sentence; the answer is for the asker alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.blocks.cards import Message
from bot.intent import intents
from bot.intent.intents import Intent, TaskRef
from bot.intent.reader import Reading
from bot.services import Services
from bot.slack import all_tasks, readings
from bot.slack.asking import Ask, zone_in
from bot.slack.edge import told
from storage.records import Actor, Origin


async def on_tasks(
    ack: AsyncAck, command: dict[str, Any], respond: AsyncRespond, services: Services
) -> None:
    """Acknowledge, then do what the command says and tell the asker."""
    await ack()

    async def tell(message: Message) -> object:
        return await respond(**message.arguments(), response_type="ephemeral")

    async with told(tell, action="command"):
        person = await services.directory.person(command["user_id"])
        zone, _ = await zone_in(command["channel_id"], person, services)
        text = str(command.get("text") or "")
        if (what := all_tasks.asked_for(text)) is not None:
            by = Actor(id=person.id, origin=Origin.COMMAND)
            channel = command["channel_id"]
            await tell(await all_tasks.question(what, channel=channel, by=by, services=services))
            return
        reading = await understood(text, zone=zone, services=services)
        ask = Ask(
            person=person,
            origin=Origin.COMMAND,
            channel=command["channel_id"],
            thread_ts=None,
            key=f"slash:{command['trigger_id']}",
            persona=reading.agent,
        )
        reply = await readings.answer(reading, ask, services)
        if reply is not None:
            await tell(reply.message)


async def understood(text: str, *, zone: str, services: Services) -> Reading:
    """Read a command: a verb with a task, else a whole sentence."""
    verb, _, rest = " ".join(text.split()).partition(" ")
    about = _VERBS.get(verb.casefold())
    if verb.casefold() in _ALONE and not rest:
        return Reading(intent=_ALONE[verb.casefold()])
    if about is not None and rest:
        return Reading(intent=about(ref=_ref(rest)))
    return await services.interpreter.read(_spelled_out(text), zone=zone)


def _ref(words: str) -> TaskRef:
    """Take the words after a verb as a task: its number, or its name."""
    number = words.upper().removeprefix("T-").removeprefix("#")
    return TaskRef(number=int(number)) if number.isdecimal() else TaskRef(text=words)


def _spelled_out(text: str) -> str:
    """Turn `edit T-12 9:30` into the sentence it stands for; anything else is read as it is."""
    words = text.split()
    if words and words[0].casefold() == "zone":
        return f"set this channel's zone to {' '.join(words[1:])}"
    if len(words) > 2 and words[0].casefold() == "edit":
        return f"change {words[1]} to {' '.join(words[2:])}"
    return text


_ALONE: dict[str, Intent] = {
    "": intents.ListTasks(),
    "list": intents.ListTasks(),
    "next": intents.ShowNext(),
    "help": intents.AskHelp(),
    "zone": intents.SetZone(),
}
_VERBS: dict[str, Callable[..., Intent]] = {
    "show": intents.ShowTask,
    "pause": intents.PauseTask,
    "resume": intents.ResumeTask,
    "run": intents.RunTask,
    "delete": intents.DeleteTask,
    "history": intents.ShowHistory,
    "next": intents.ShowNext,
    "why": intents.AskWhy,
    "undo": intents.UndoChange,
}
