"""What is said of runs to those who asked to be told, and of who is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.blocks import kit, results
from bot.blocks.cards import Message
from bot.blocks.text import channel_link, clip, escape, literal, person_link
from storage.policies import Notice, NoticeOn
from storage.records import Run, RunStatus, Task

_WHEN = {
    NoticeOn.START: "when it starts",
    NoticeOn.COMPLETE: "when it ends",
    NoticeOn.FAILURE: "when it fails",
    NoticeOn.OUTPUT: "when it finds something",
}


def notice(task: Task, run: Run) -> Message:
    """Tell somebody of a run that ended, in the words its own channel reads."""
    if run.status is RunStatus.SUCCEEDED and run.report is not None:
        return results.result(task, run, run.report)
    reason = f" {escape(clip(run.reason, 300))}" if run.reason else ""
    text = f"*{literal(task.name)}* {_ended(run)}.{reason} · T-{task.id} · R-{run.id}"
    return _plain(text)


def began(task: Task, run: Run) -> Message:
    """Tell somebody that a run began."""
    return _plain(f"*{literal(task.name)}* started · T-{task.id} · R-{run.id}")


def note(task: Task, said: dict[str, Any]) -> Message:
    """Tell an owner one thing about their task, and what would help."""
    whom = f" ({_shown(said['target'])})" if said.get("target") else ""
    wanted = f" {escape(said['wanted'])}." if said.get("wanted") else ""
    return _plain(f"*{literal(task.name)}* (T-{task.id}){whom}: {escape(said['what'])}{wanted}")


def told(task: Task, added: Sequence[Notice], *, stop: bool) -> Message:
    """Say who is told of a task's runs from now on, or no longer."""
    named = f"*{literal(task.name)}* (T-{task.id})"
    if stop:
        left = "; ".join(_line(each) for each in task.notices)
        rest = f" Still told: {left}." if left else " Nobody but its own channel hears of it now."
        return _plain(f"Done for {named}.{rest}")
    lines = "; ".join(_line(each) for each in added)
    return _plain(f"From now on I tell of {named}: {lines}.")


def _line(each: Notice) -> str:
    return f"{_shown(each.target)} {_WHEN[each.on]}"


def _shown(target: str) -> str:
    return person_link(target) if target.startswith(("U", "W")) else channel_link(target)


def _ended(run: Run) -> str:
    return {
        RunStatus.SUCCEEDED: "ended",
        RunStatus.TIMED_OUT: "ran into its time limit",
        RunStatus.LOST: "was cut off",
        RunStatus.CANCELLED: "was cancelled",
    }.get(run.status, "failed")


def _plain(text: str) -> Message:
    return Message(text=text, blocks=(kit.section(text),))
