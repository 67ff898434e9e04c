"""What an author hears of a draft they did not answer: one reminder, then that it is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.blocks import cards, kit
from bot.blocks.cards import Message
from bot.blocks.text import channel_link, escape, literal
from scheduler.sentences import moment, zone_name
from storage.records import Hold, Task, TaskState


def reminder(task: Task, due: Sequence[datetime], now: datetime) -> Message:
    """Ask again, alone, what the card asks, with the same buttons; `due` are the runs it'd have.

    Once it is answered, the message shows how the task stands.
    """
    if task.state is TaskState.REMOVED:
        return expired(task)
    if task.state is not TaskState.DRAFT:
        return cards.task_card(task, due, now)
    place = "" if task.channel.startswith("D") else f" in {channel_link(task.channel)}"
    lines = [f"*{literal(task.name)}*{place} is not on yet · T-{task.id}", _open(task)]
    if due:
        first = moment(due[0], task.zone, now)
        lines.append(f"Its first run would be {first}, {zone_name(task.zone)}.")
    if task.expires_at is not None:
        ends = moment(task.expires_at, task.zone, now)
        lines.append(f"Without an answer it ends {ends}, {zone_name(task.zone)}.")
    text = f"{literal(task.name)} still waits for an answer · T-{task.id}"
    blocks = (kit.section("\n".join(lines)), cards.answer_row(task))
    return Message(text=text, blocks=blocks)


def _open(task: Task) -> str:
    if task.hold is Hold.INVITATION and not task.assumed:
        return escape(task.hold_reason or "It waits for an invitation.")
    return f"{cards.asked(task)} Nothing runs until you choose."


def expired(task: Task) -> Message:
    """Say, where a draft was shown, that nobody answered and what to do about it."""
    text = (
        f"*{literal(task.name)}* was not confirmed, so it was never switched on. Ask again to"
        " create it."
    )
    return Message(text=text, blocks=(kit.section(text),))
