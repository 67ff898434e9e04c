"""Questions before an edit of a task's times: which reading of it, or which of two rules."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.blocks import answers, kit
from bot.blocks.cards import Message, value_of
from bot.blocks.text import clip, escape, literal
from scheduler.sentences import sentence
from storage.records import Task
from storage.schedule_json import to_json
from storage.schedules import Schedule, Several


def edit_question(task: Task, schedule: Schedule, assumed: tuple[str, ...]) -> Message:
    """Ask which of the readings of an edit was meant, before anything changes."""
    asked = answers.question(assumed)
    text = f"{asked} *{literal(task.name)}* stays as it is until you choose."
    buttons = [
        kit.button(answer.label, f"take_{number}", value_of(task, _packed(answer.schedule)))
        for number, answer in enumerate(answers.proposals(schedule, assumed))
    ]
    return Message(text=text, blocks=(kit.section(text), kit.actions(*buttons)))


def sole(task: Task, schedule: Schedule, assumed: tuple[str, ...]) -> str:
    """Give the value of the one button that such a question has; empty where it has several."""
    offered = answers.proposals(schedule, assumed)
    return value_of(task, _packed(offered[0].schedule)) if len(offered) == 1 else ""


def which_rule(task: Task, options: Sequence[Schedule]) -> Message:
    """Ask which of a task's rules the new time is for; the last of the options is all of them."""
    present, meant = _rules_of(task.schedule), _rules_of(options[-1])
    named = " or ".join(f"“{sentence(one)}”" for one in present)
    text = f"Which one: {named}? *{literal(task.name)}* stays as it is until you choose."
    labels = [*(sentence(one) for one in meant), "both" if len(meant) == 2 else "all"]
    buttons = [
        kit.button(clip(f"{label[0].upper()}{label[1:]}", 75), f"take_{number}",
                   value_of(task, _packed(option)))
        for number, (label, option) in enumerate(zip(labels, options, strict=True))
    ]  # fmt: skip
    return Message(text=text, blocks=(kit.section(text), kit.actions(*buttons)))


def once_or_besides(task: Task, options: Sequence[Schedule]) -> tuple[Message, tuple[str, str]]:
    """Ask whether a single time is one more of a task's or all there is of them.

    Gives the values of the two buttons, too, in their order.
    """
    besides, alone = options
    text = (
        f"Besides, or only then? *{literal(task.name)}* runs {escape(_words(task))} now, and"
        " stays as it is until you choose."
    )
    labels = (f"also {sentence(alone)}", f"only {sentence(alone)}")
    values = (value_of(task, _packed(besides)), value_of(task, _packed(alone)))
    buttons = [
        kit.button(clip(f"{label[0].upper()}{label[1:]}", 75), f"take_{number}", value)
        for number, (label, value) in enumerate(zip(labels, values, strict=True))
    ]
    return Message(text=text, blocks=(kit.section(text), kit.actions(*buttons))), values


def _words(task: Task) -> str:
    return "on demand" if task.schedule is None else sentence(task.schedule)


def _rules_of(schedule: Schedule | None) -> list[Schedule]:
    rule = None if schedule is None else schedule.rule
    if schedule is None or not isinstance(rule, Several):
        return []
    return [Schedule(rule=one, zone=schedule.zone) for one in rule.rules]


def _packed(schedule: Schedule | None) -> str:
    return "" if schedule is None else json.dumps(to_json(schedule), separators=(",", ":"))
