"""What is asked of a person about a model's reading: it is said back, and one click does it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.blocks import cards, kit, words
from bot.blocks.cards import Message, value_of
from bot.blocks.policies import event
from bot.blocks.text import clip, escape, literal
from bot.intent import intents
from bot.intent.changes import apply_change
from bot.intent.intents import EditTask, Intent, SaveTemplate, SetNotices, SetZone
from bot.intent.packing import written
from scheduler.wishes import Change, changed
from storage.policies import NoticeOn
from storage.records import Task

VALUE_LIMIT = 2000
_LINK = re.compile(r"<([#@])([A-Z0-9]+)(?:\|[^<>|]*)?>")
_VERBS = {
    "pause": ("pause", "pause it"),
    "resume": ("resume", "resume it"),
    "delete": ("delete", "delete it"),
    "run": ("run", "run it"),
    "undo": ("take back the last change of", "take it back"),
}


def question(intent: Intent, task: Task, now: datetime) -> Message:
    """Ask whether a task is to be changed as a model read it; the click carries that reading."""
    said, yes = _said(intent, task, now)
    text = f"I read that as: {said}. Shall I? Nothing changes until you choose."
    value = value_of(task, written(intent))
    if len(value) > VALUE_LIMIT:
        return Message(text=_too_long(task), blocks=(kit.section(_too_long(task)),))
    buttons = kit.actions(
        kit.button(f"Yes, {yes}", "accept", value, style="primary"),
        kit.button("No", "keep", value_of(task)),
    )
    return Message(text=text, blocks=(kit.section(text), buttons))


def which_of(intent: Intent, tasks: Sequence[Task]) -> Message:
    """Ask which of several tasks a request is about; each button does all of it to its task.

    What has no room on a button must be said again with a number.
    """
    whole = written(intent)
    if len(value_of(tasks[0], whole)) > VALUE_LIMIT - 20:
        return words.say_it_with_a_number(tasks)
    return cards.which_one(tasks, intent.kind, request=whole)


def which_one(intent: Intent, tasks: Sequence[Task]) -> Message:
    """Say what a model read, and ask which of several tasks is meant; each button acts on its own.

    What a change holds has no room on such a button: it must be said again with a number.
    """
    if isinstance(intent, EditTask):
        named = ", ".join(f"T-{task.id} {literal(clip(task.name, 60))}" for task in tasks[:5])
        text = f"Which one is to change: {named}? Say it with its number; nothing changed."
        return Message(text=text, blocks=(kit.section(text),))
    text = f"I read that as: {_worded(intent, 'one of these')[0]}. Which one?"
    whole = written(intent)
    if len(value_of(tasks[0], whole)) > VALUE_LIMIT - 20:
        return words.say_it_with_a_number(tasks)
    asked = cards.which_one(tasks, intent.kind, request=whole)
    return Message(text=text, blocks=(kit.section(text), *asked.blocks[1:]))


def only_said(intent: Intent) -> Message:
    """Say what a model read of a channel's settings, which only plain words of a person set."""
    match intent:
        case SetZone(zone=str(zone)):
            example = f"set this channel's zone to {zone}"
        case SetZone():
            example = "zone off"
        case _:
            example = "set the default channel to #…"
    text = (
        f"I read that as a setting of this channel, and am not sure; nothing changed. Say it like"
        f" this: `{escape(example)}`."
    )
    return Message(text=text, blocks=(kit.section(text),))


def with_note(message: Message, note: str) -> Message:
    """Add a small line under a message."""
    return replace(message, blocks=(*message.blocks, kit.context(escape(note))))


def _said(intent: Intent, task: Task, now: datetime) -> tuple[str, str]:
    named = f"*{literal(task.name)}* (T-{task.id})"
    if isinstance(intent, EditTask):
        return f"change {named}: {_difference(intent.changes, task, now)}", "change it"
    return _worded(intent, named)


def _worded(intent: Intent, named: str) -> tuple[str, str]:
    if isinstance(intent, SetNotices):
        whom = ", ".join(_whom(each.target) for each in intent.notices) or "anybody"
        if intent.stop:
            return f"tell {whom} no longer of {named}", "stop it"
        on = " or ".join(dict.fromkeys(event(NoticeOn(each.on)) for each in intent.notices))
        return f"tell {whom} when {named} {on}", "tell them"
    if isinstance(intent, SaveTemplate):
        return f"keep the work of {named} as the template “{literal(intent.name)}”", "keep it"
    verb, yes = _VERBS[intent.kind]
    return f"{verb} {named}", yes


def _whom(target: str) -> str:
    """Give who is told as Slack shows them: a channel's or a person's link stays one."""
    link = _LINK.fullmatch(target)
    return f"<{link[1]}{link[2]}>" if link else literal(clip(target, 60))


def _difference(changes: intents.Changes, task: Task, now: datetime) -> str:
    schedule = task.schedule
    if changes.schedule is not None:
        schedule, _ = apply_change(task.schedule, changes.schedule, now, task.zone)
    change = Change(
        name=changes.name,
        agent=changes.agent,
        prompt=changes.prompt,
        schedule=schedule,
        timeout_s=changes.timeout_s,
        retries=changes.retries,
    )
    told = [
        f"{slot}{escape(clip(was, 200))} → {escape(clip(is_, 200))}"
        for slot, was, is_ in cards.differences(task, changed(task, change))
        if was != is_
    ]
    if changes.channel is not None:
        place = changes.channel.strip("<>#").rpartition("|")[2]
        told.append(f"channel → {literal(place)}")
    return "; ".join(told) or "nothing that is not so already"


def _too_long(task: Task) -> str:
    return (
        f"I read that as a change of *{literal(task.name)}* (T-{task.id}), but it is too long to"
        " ask about here; nothing changed. Say it in fewer words."
    )
