"""`/tasks`: a verb and a task, or a whole sentence; the answer is for the asker alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.blocks.cards import Message
from bot.intent import intents, reader
from bot.intent.intents import Intent, TaskRef
from bot.services import Services
from bot.slack.edge import told
from bot.slack.requests import Ask, answer, zone_of
from storage.records import Origin, Person


async def on_tasks(
    ack: AsyncAck, command: dict[str, Any], respond: AsyncRespond, services: Services
) -> None:
    """Acknowledge, then do what the command says and tell the asker."""
    await ack()

    async def tell(message: Message) -> object:
        return await respond(**message.arguments(), response_type="ephemeral")

    async with told(tell, action="command"):
        person = await services.directory.person(command["user_id"])
        intent, persona = understood(
            str(command.get("text") or ""), person=person, services=services
        )
        ask = Ask(
            person=person,
            origin=Origin.COMMAND,
            channel=command["channel_id"],
            thread_ts=None,
            key=f"slash:{command['trigger_id']}",
            persona=persona,
        )
        reply = await answer(intent, ask, services)
        if reply is not None:
            await tell(reply.message)


def understood(text: str, *, person: Person, services: Services) -> tuple[Intent, str | None]:
    """Read a command: a verb with a task, else a whole sentence; gives the agent named, too."""
    verb, _, rest = " ".join(text.split()).partition(" ")
    about = _VERBS.get(verb.casefold())
    if verb.casefold() in _ALONE and not rest:
        return _ALONE[verb.casefold()], None
    if about is not None and rest:
        return about(ref=_ref(rest)), None
    reading = reader.read(
        _spelled_out(text),
        now=services.now(),
        zone=zone_of(person, services)[0],
        agents=frozenset(services.profiles),
    )
    return reading.intent, reading.agent


def _ref(words: str) -> TaskRef:
    """Take the words after a verb as a task: its number, or its name."""
    number = words.upper().removeprefix("T-").removeprefix("#")
    return TaskRef(number=int(number)) if number.isdecimal() else TaskRef(text=words)


def _spelled_out(text: str) -> str:
    """Turn `edit T-12 9:30` into the sentence it stands for; anything else is read as it is."""
    words = text.split()
    if len(words) > 2 and words[0].casefold() == "edit":
        return f"change {words[1]} to {' '.join(words[2:])}"
    return text


_ALONE: dict[str, Intent] = {
    "": intents.ListTasks(),
    "list": intents.ListTasks(),
    "next": intents.ShowNext(),
    "help": intents.AskHelp(),
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
