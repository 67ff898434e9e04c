"""One act on several tasks: what it would touch, what it did, and the file that lists them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.blocks import kit
from bot.blocks.cards import Message
from bot.blocks.text import channel_link, escape, fit, literal
from scheduler.many import Declined, Deed, Outcome
from scheduler.sentences import moment, zone_name
from storage.records import Task

LIMIT = 2_900
VALUE_LIMIT = 2_000
_DID = {
    Deed.PAUSE: "Paused",
    Deed.RESUME: "Resumed",
    Deed.REMOVE: "Deleted",
    Deed.RUN: "Running",
    Deed.UNDO: "Took the last change back for",
}
_BACK = {
    Deed.PAUSE: Deed.RESUME,
    Deed.RESUME: Deed.PAUSE,
    Deed.REMOVE: Deed.UNDO,
}
_WOULD = {
    Deed.PAUSE: "Pause",
    Deed.RESUME: "Resume",
    Deed.REMOVE: "Delete",
    Deed.RUN: "Run",
    Deed.UNDO: "Undo that for",
}


def question(deed: Deed, outlook: Outcome, *, zone: str, now: datetime) -> Message:
    """Show every task it would touch, and ask; without any, say so."""
    value = value_for(deed=deed, tasks=outlook.done, zone=zone, until=outlook.until)
    if not outlook.done:
        lines = [f"I found no task to {_WOULD[deed].casefold()} there; nothing changed."]
        return _plain([*lines, *_declined(outlook.declined)])
    count = _counted(len(outlook.done))
    until = _until(outlook, zone, now)
    if len(value) > VALUE_LIMIT:
        said = f"That is {count}, more than one question holds; nothing changed."
        return _plain([f"{said} Name an agent or a channel."])
    title = f"{_WOULD[deed]} {count}{until}? Nothing changes until you choose."
    text = fit([title, *map(_line, outlook.done), *_declined(outlook.declined)], LIMIT)
    style = "danger" if deed is Deed.REMOVE else "primary"
    buttons = kit.actions(
        kit.button(f"{_WOULD[deed]} {count}", "many_yes", value, style=style),
        kit.button("Cancel", "many_no", "-"),
    )
    return Message(text=title, blocks=(kit.section(text), buttons))


def done(deed: Deed, outcome: Outcome, *, zone: str, now: datetime) -> Message:
    """Say what was done to which tasks, and to which not."""
    if not outcome.done:
        return _plain(["Nothing was done.", *_declined(outcome.declined)])
    until = _until(outcome, zone, now)
    title = f"{_DID[deed]} {_counted(len(outcome.done))}{until}:"
    lines = [title, *map(_line, outcome.done), *_declined(outcome.declined)]
    if deed is Deed.REMOVE:
        lines.append(f"“undo T-{outcome.done[0].id}” brings one back for 24 hours.")
    said = _plain(lines)
    value = value_for(deed=_BACK.get(deed, deed), tasks=outcome.done, zone=zone)
    if deed not in _BACK or len(value) > VALUE_LIMIT:
        return said
    label = f"{_WOULD[_BACK[deed]]} {_counted(len(outcome.done))}"
    back = kit.actions(kit.button(label, "many_yes", value))
    return Message(text=said.text, blocks=(*said.blocks, back))


def value_for(
    *, deed: Deed, tasks: Sequence[Task], zone: str, until: datetime | None = None
) -> str:
    """Give a button what it does, to which tasks, each as it stands now."""
    versions = ",".join(f"{task.id}:{task.version}" for task in tasks)
    return f"{deed}|{until.isoformat() if until else ''}|{zone}|{versions}"


def kept() -> Message:
    """Say that nothing happened."""
    return _plain(["Cancelled; nothing changed."])


def _until(outcome: Outcome, zone: str, now: datetime) -> str:
    if outcome.until is None:
        return ""
    return f" until {moment(outcome.until, zone, now)}, {zone_name(zone)}"


def _line(task: Task) -> str:
    place = "" if task.channel.startswith("D") else f" · {channel_link(task.channel)}"
    return f"• *{literal(task.name)}* · T-{task.id}{place}"


def _declined(declined: Sequence[Declined]) -> list[str]:
    return [f"• Not *{literal(each.task.name)}* (T-{each.task.id}): {escape(each.why)}"
            for each in declined]  # fmt: skip


def _counted(count: int) -> str:
    return f"{count} task{'' if count == 1 else 's'}"


def _plain(lines: Sequence[str]) -> Message:
    return Message(text=lines[0].removesuffix(":"), blocks=(kit.section(fit(list(lines), LIMIT)),))
