"""Pausing and resuming all tasks at once: the question, the answer, and what owners hear of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.blocks import kit
from bot.blocks.cards import Message
from bot.blocks.text import fit, for_reader, literal, person_link
from scheduler.bulk import PAUSE_ALL, Extent
from scheduler.many import Deed

LIMIT = 2_900
_DID = {
    str(Deed.PAUSE): "paused",
    str(Deed.RESUME): "resumed",
    str(Deed.REMOVE): "deleted",
    str(Deed.RUN): "ran",
}
RESUME = "`/tasks resume all`"


def pause_question(found: Extent) -> Message:
    """Ask once before everything stands still."""
    if not found.tasks:
        return _plain("No task is on, so there is nothing to pause.")
    text = f"Pause {_extent(found)}? None of them runs on schedule until {RESUME}."
    return _asked(text, kit.button(f"Pause all {found.tasks}", "all_pause", "-", style="danger"))


def resume_question(found: Extent) -> Message:
    """Ask once before everything goes on."""
    if not found.tasks:
        return _plain("No task was paused together with all others, so there is nothing to resume.")
    text = f"Resume {_extent(found)}? What somebody paused by name stays paused."
    label = f"Resume all {found.tasks}"
    return _asked(text, kit.button(label, "all_resume", "-", style="primary"))


def paused(done: Extent) -> Message:
    """Say what stands still now."""
    if not done.tasks:
        return _plain("No task is on, so nothing changed.")
    return _plain(
        f"Paused {_extent(done, is_done=True)}. What is running goes on to its end; {RESUME} brings"
        f" back these and no others."
    )


def resumed(done: Extent) -> Message:
    """Say what goes on again."""
    over = (
        f" {_counted(done.over, 'schedule')} had ended meanwhile: `/tasks list` shows"
        f" {'it' if done.over == 1 else 'them'} as done."
        if done.over
        else ""
    )
    if not done.tasks:
        return _plain(f"Nothing was paused together with all others; nothing changed.{over}")
    return _plain(f"Resumed {_extent(done, is_done=True)}, from now on.{over}")


def kept() -> Message:
    """Say that nothing happened."""
    return _plain("Kept; nothing changed.")


def all_changed_dm(change: dict[str, Any]) -> Message:
    """Tell an owner, once, that all their tasks were paused or resumed, and by whom."""
    tasks = change["tasks"]
    if change["action"] in _DID:
        return _several_changed(change)
    did = "paused" if change["action"] == PAUSE_ALL else "resumed"
    by = "An admin on the server" if change["by"] == "cli" else person_link(change["by"])
    title = f"{by} {did} all tasks; of yours {_counted(len(tasks), 'task')}:"
    lines = [f"• *{literal(task['name'])}* · T-{task['id']}" for task in tasks]
    ending = "They run again when an admin resumes all tasks." if did == "paused" else ""
    text = fit([title, *([ending] if ending else []), *lines], LIMIT)
    return Message(text=title.removesuffix(":"), blocks=(kit.section(text),))


def _several_changed(change: dict[str, Any]) -> Message:
    """Tell an owner what somebody did to several tasks that they had named."""
    tasks, until = change["tasks"], change.get("until")
    end = f" until {for_reader(datetime.fromisoformat(until), 'UTC')}" if until else ""
    did = _DID[change["action"]]
    title = f"{person_link(change['by'])} {did} {_counted(len(tasks), 'task')} of yours{end}:"
    lines = [f"• *{literal(task['name'])}* · T-{task['id']}" for task in tasks]
    text = fit([title, *lines], LIMIT)
    return Message(text=title.removesuffix(":"), blocks=(kit.section(text),))


def _extent(found: Extent, *, is_done: bool = False) -> str:
    tasks = f"{'' if is_done else 'all '}{_counted(found.tasks, 'task')}"
    return f"{tasks} in {_counted(found.channels, 'channel')}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _asked(text: str, button: kit.Block) -> Message:
    keep = kit.button("Keep", "all_keep", "-")
    return Message(text=text, blocks=(kit.section(text), kit.actions(button, keep)))


def _plain(text: str) -> Message:
    return Message(text=text, blocks=(kit.section(text),))
