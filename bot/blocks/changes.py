"""What an owner is told of a change that somebody else made to their task."""

from __future__ import annotations

from bot.blocks import kit
from bot.blocks.cards import Message, difference_lines, value_of
from bot.blocks.text import literal, person_link
from storage.records import Task

_DID = {
    "pause": "paused",
    "resume": "resumed",
    "remove": "deleted",
    "undo": "took back the last change of",
    "edit": "changed",
    "activate": "switched on",
    "take_over": "took over",
}


def changed_dm(before: Task, after: Task, *, by: str, action: str, now_is: Task) -> Message:
    """Say who did what to the task, and offer to take it back while it stands like that."""
    did = _DID.get(action, "changed")
    lines = [f"{person_link(by)} {did} your task *{literal(before.name)}* · T-{after.id}"]
    lines += difference_lines(before, after)
    blocks = [kit.section("\n".join(lines))]
    if now_is.version == after.version:
        undo = kit.button("Undo", "undo", value_of(after))
        blocks.append(kit.actions(undo, kit.button("Show", "show", value_of(after))))
    else:
        blocks.append(kit.context("It was changed again since then."))
    return Message(text=f"{did.capitalize()}: {literal(before.name)}", blocks=tuple(blocks))
