"""`/tasks`: a verb and a task, or a whole sentence; the answer is for the asker alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.blocks import forms, holidays
from bot.blocks.cards import Message
from bot.intent import intents
from bot.intent.intents import Intent, TaskRef
from bot.intent.reading import Reading
from bot.services import Services
from bot.slack import all_tasks, readings
from bot.slack.asking import Ask, find, zone_in
from bot.slack.edge import told
from bot.slack.modals import fill, open_early
from scheduler.holidays import Holidays
from scheduler.rights import Act
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
        by = Actor(id=person.id, origin=Origin.COMMAND)
        whole = await _of_all(text, command["channel_id"], by, services)
        if whole is not None:
            await tell(whole)
            return
        ask = Ask(
            person=person,
            origin=Origin.COMMAND,
            channel=command["channel_id"],
            thread_ts=None,
            key=f"slash:{command['trigger_id']}",
            alone=True,
        )
        reading = await understood(text, zone=zone, services=services)
        if reading is None:
            await _open_form(text, command["trigger_id"], ask, services)
            return
        for number, each in enumerate((reading, *reading.further)):
            key = f"{ask.key}#{number}" if number else ask.key
            async with told(tell, action="command"):
                reply = await readings.answer(
                    each, replace(ask, key=key, persona=each.agent), services
                )
                if reply is not None:
                    await tell(reply.message)


async def _of_all(text: str, channel: str, by: Actor, services: Services) -> Message | None:
    """Answer what is about no single task, `pause all` and `holidays`; None for all else."""
    if text.strip().casefold() == "holidays":
        found = await Holidays(services.store).look()
        return holidays.coming(found, services.now().date())
    what = all_tasks.asked_for(text)
    if what is None:
        return None
    return await all_tasks.question(what, channel=channel, by=by, services=services)


async def _open_form(text: str, trigger_id: str, ask: Ask, services: Services) -> None:
    """Open the form that changes the task which `edit …` names, or say in it why not."""
    form = await open_early(trigger_id, services)

    async def tell(message: Message) -> None:
        await fill(form, forms.only_saying(message.text), services)

    async with told(tell, action="command"):
        task = await find(_ref(text.split(maxsplit=1)[1]), ask, services)
        await services.gate.require(Act.CHANGE, task, ask.by)
        await fill(form, forms.edit_form(task), services)


async def understood(text: str, *, zone: str, services: Services) -> Reading | None:
    """Read a command: a verb with a task, else a whole sentence.

    None for an edit that names a task and no change: the form is for that.
    """
    verb, _, rest = " ".join(text.split()).partition(" ")
    verb = verb.casefold()
    about = _VERBS.get(verb)
    if verb in _ALONE and not rest:
        return Reading(intent=_ALONE[verb])
    if verb == "list":
        return await _list(rest, zone=zone, services=services)
    if verb == "edit" and rest:
        return await _edit(rest, zone=zone, services=services)
    if about is not None and rest and not _SAYS_MORE & set(rest.casefold().split()):
        return Reading(intent=about(ref=_ref(rest)))
    reading = await services.interpreter.read(_spelled_out(text), zone=zone)
    if about is None or not rest or not isinstance(reading.intent, _UNREAD):
        return reading
    return Reading(intent=about(ref=_ref(rest)))


_SAYS_MORE = frozenset(("until", "till", "for", "with", "all", "every", "everything", "and", "my"))
"""Words after a verb that may say more than a task's name."""
_UNREAD = (intents.Unclear, intents.Nothing, intents.CreateTask)


async def _list(rest: str, *, zone: str, services: Services) -> Reading:
    """Read `list kai`, `list #platform`, `list failing`; other words are of names."""
    plain = rest.casefold().lstrip("@").removesuffix("'s")
    if plain in services.profiles:
        return Reading(intent=intents.ListTasks(agent=plain))
    if rest.startswith(("#", "<#")) and len(rest.split()) == 1:
        return Reading(intent=intents.ListTasks(channel=rest))
    if plain in ("mine", "my"):
        return Reading(intent=intents.ListTasks(mine=True))
    said = f"list {rest}" if "template" in plain else f"list {rest} tasks"
    reading = await services.interpreter.read(said, zone=zone)
    if isinstance(reading.intent, intents.ListTasks | intents.ListTemplates):
        return reading
    return Reading(intent=intents.ListTasks(words=rest))


async def _edit(rest: str, *, zone: str, services: Services) -> Reading | None:
    """Read `edit T-12 9:30`; None where a task is named, and nothing that is to change."""
    first, _, change = rest.partition(" ")
    if _ref(first).number is not None:
        if not change:
            return None
        return await services.interpreter.read(f"change {first} to {change}", zone=zone)
    reading = await services.interpreter.read(f"change {rest}", zone=zone)
    return reading if isinstance(reading.intent, intents.EditTask) else None


def _ref(words: str) -> TaskRef:
    """Take the words after a verb as a task: its number, or its name."""
    number = words.upper().removeprefix("T-").removeprefix("#")
    return TaskRef(number=int(number)) if number.isdecimal() else TaskRef(text=words)


def _spelled_out(text: str) -> str:
    """Turn `zone Berlin` into the sentence it stands for; anything else is read as it is."""
    words = text.split()
    if words and words[0].casefold() == "zone":
        return f"set this channel's zone to {' '.join(words[1:])}"
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
