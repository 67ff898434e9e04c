"""What owners and channels are told when tasks can't post, or have lost their owner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.blocks import kit
from bot.blocks.cards import Message, value_of
from bot.blocks.text import channel_link, clip, escape, literal, person_link
from scheduler.policy import lasting
from scheduler.sentences import moment, zone_name
from scheduler.speaking import Lack
from storage.records import Run, Task

NAMED = 10
"""How many tasks a message names; it counts the others."""
TAKEN_AT_ONCE = 150
"""How many tasks one button takes over: their numbers have to fit in its value."""
HELD_BACK = timedelta(minutes=15)
Payload = Mapping[str, Any]
_LEFT = {
    Lack.OWNER_GONE: "has left this workspace",
    Lack.OWNER_GUEST: "is a guest now",
    Lack.OWNER_OUT: "is not in this channel any more",
}


def parked_dm(payload: Payload) -> Message:
    """Tell an owner which of their tasks wait and for what, or that they go on."""
    if payload.get("is_hidden"):
        return _unnamed(payload)
    if payload.get("is_back"):
        return _back(payload)
    if payload.get("failures"):
        return _weary(payload)
    what, wanted = escape(payload["what"]), escape(payload["wanted"])
    lines = [
        f"{what} {_subject(payload['tasks'], 'is', 'are')} on hold.",
        *_named(payload["tasks"]),
        f"{wanted}, then {_they(payload['tasks'])} on. Results that are owed are kept for 30 days.",
    ]
    return _said(lines, f"{what} {_subject(payload['tasks'], 'is', 'are')} on hold.")


def _weary(payload: Payload) -> Message:
    """Tell an owner of a task that failed as often as it may."""
    head = f"{_subject(payload['tasks'], 'failed', 'failed')} {payload['failures']} and is paused."
    number = payload["tasks"][0]["id"]
    fix = f"“why T-{number}” says what was wrong; once that is mended, “resume T-{number}”."
    return _said([head, fix], head)


def _back(payload: Payload) -> Message:
    place = channel_link(payload["channel"])
    goes = _subject(payload["tasks"], "goes", "go")
    head = f"{goes} on in {place}; anything still owed is posted there."
    return _said([head, *_named(payload["tasks"])], head)


def _unnamed(payload: Payload) -> Message:
    """Tell an admin of tasks whose names are none of their business."""
    count = len(payload["tasks"])
    tasks = "A task" if count == 1 else f"{count} tasks"
    where = "in direct messages or private channels"
    if payload.get("is_back"):
        return _said([f"{tasks} of {person_link(payload['owner'])} {where} may run again."])
    hold = "is on hold" if count == 1 else "are on hold"
    owner = person_link(payload["owner"])
    return _said([f"{tasks} of {owner} {where} {hold}: {owner} is not here to be told."])


def take_over(task: Task, payload: Payload) -> Message:
    """Ask a channel who takes over what somebody can't own any more."""
    left = _LEFT.get(Lack(payload["lack"]), "can't own tasks here any more")
    tasks = payload["tasks"]
    waits = f"{_subject(tasks, 'is', 'are', small=True)} on hold"
    lines = [
        f"{person_link(payload['owner'])} {left}, so {waits}.",
        *_named(tasks),
        f"Whoever takes {'it' if len(tasks) == 1 else 'them'} over is the owner from then on.",
    ]
    label = "Take over" if len(tasks) == 1 else "Take over all"
    numbers = ",".join(str(each["id"]) for each in tasks[:TAKEN_AT_ONCE])
    button = kit.button(label, "takeover", value_of(task, numbers), style="primary")
    blocks = (kit.section("\n".join(lines)), kit.actions(button))
    return Message(text=f"{lines[0]} Who takes over?", blocks=blocks)


def taken_over(tasks: Sequence[Task], heir: str) -> Message:
    """Say who owns the tasks now."""
    named = [{"id": task.id, "name": task.name} for task in tasks]
    head = f"{person_link(heir)} took over {_subject(named, '', '', small=True).rstrip()}."
    lines = [head, *_named(named), "On again." if len(tasks) == 1 else "They are on again."]
    return _said(lines, head)


def posted_late(message: Message, task: Task, run: Run, now: datetime) -> Message:
    """Label a result that had to wait for its channel with the time it is from."""
    if run.finished_at is None or now - run.finished_at < HELD_BACK:
        return message
    at = moment(run.finished_at, task.zone, now)
    waited = lasting(now - run.finished_at)
    note = f"From {at}, {zone_name(task.zone)}: it waited {waited} until I could post here."
    return Message(text=f"{message.text} · {note}", blocks=(*message.blocks, kit.context(note)))


def _subject(tasks: Sequence[Payload], one: str, many: str, *, small: bool = False) -> str:
    if len(tasks) == 1:
        return f"*{literal(tasks[0]['name'])}* · T-{tasks[0]['id']} {one}"
    return f"{'these' if small else 'These'} {len(tasks)} tasks {many}"


def _they(tasks: Sequence[Payload]) -> str:
    return "it goes" if len(tasks) == 1 else "they go"


def _named(tasks: Sequence[Payload]) -> list[str]:
    if len(tasks) == 1:
        return []
    lines = [f"• {literal(clip(each['name'], 60))} · T-{each['id']}" for each in tasks[:NAMED]]
    left = len(tasks) - NAMED
    return [*lines, *([f"and {left} more"] if left > 0 else [])]


def _said(lines: Sequence[str], text: str | None = None) -> Message:
    return Message(text=text or lines[0], blocks=(kit.section("\n".join(lines)),))
