"""Task cards and lists: records in, Block Kit out. What a person sees of a task is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.blocks import answers, kit, policies
from bot.blocks.text import channel_link, clip, escape, for_reader, literal, person_link
from scheduler.policy import lasting
from scheduler.sentences import moment, moments, sentence, zone_name
from scheduler.wishes import AGENT
from storage.records import Hold, Run, Task, TaskState
from storage.schedules import Schedule

OFFERED = 5
_CHANNEL, _STAND_IN, _TELLS = "channel ", "stand-in ", "tells "
CARD = "card"
"""The name of a card's row of buttons: a click in it brings the card itself up to date."""
_STATES = {
    TaskState.DRAFT: "waits for an answer",
    TaskState.ACTIVE: "is on",
    TaskState.PAUSED: "is paused",
    TaskState.COMPLETED: "is done",
    TaskState.REMOVED: "is gone",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message without its address: `text` is what a phone's notification shows."""

    text: str
    blocks: tuple[kit.Block, ...] = ()

    def arguments(self) -> dict[str, Any]:
        """Give it as arguments of a Slack method."""
        return {"text": self.text, "blocks": list(self.blocks)}


def value_of(task: Task, extra: str = "") -> str:
    """Give a button its value: the task, its version, and what else the click needs."""
    return f"{task.id}:{task.version}:{extra}"


def task_card(
    task: Task, due: Sequence[datetime], now: datetime, *, lead: str = "", is_here: bool = True
) -> Message:
    """Show a task as it stands; `due` are its next moments, `lead` a line said first.

    `is_here` says that the card stands in the task's own channel.
    """
    if task.state is TaskState.DRAFT:
        return _draft_card(task, due, now, lead=lead, is_here=is_here)
    title = f"*{literal(task.name)}* {_stands(task)} · T-{task.id}"
    lines = [*([lead] if lead else []), title]
    if task.state is not TaskState.REMOVED:
        lines.append(_when_and_where(task, is_here=is_here))
    if task.state is TaskState.PAUSED and task.hold_reason:
        lines.append(escape(task.hold_reason))
    if task.state is TaskState.PAUSED and task.paused_until is not None:
        lines.append(_pause_ends(task, now))
    if task.state is TaskState.ACTIVE and due:
        lines.append(f"Next: {moments(due, task.zone, now)}{_first_for_reader(due[0], task)}")
    if task.state is TaskState.ACTIVE and task.schedule is None:
        lines.append("It runs when you ask.")
    blocks = (kit.section("\n".join(lines)), *_foot(task), _buttons(task))
    return Message(text=_notification(task, lead), blocks=blocks)


def _foot(task: Task) -> tuple[kit.Block, ...]:
    """Say in a small line what the task does that most tasks do not."""
    said = policies.unusual(task)
    is_told = said and task.state is not TaskState.REMOVED
    return (kit.context(clip(said, 1_900)),) if is_told else ()


def _pause_ends(task: Task, now: datetime) -> str:
    assert task.paused_until is not None
    until = moment(task.paused_until, task.zone, now)
    return f"Paused until {until}, {zone_name(task.zone)}; then it goes on by itself."


def _stands(task: Task) -> str:
    is_held = task.state is TaskState.PAUSED and task.hold is not None
    return "is on hold" if is_held else _STATES[task.state]


def _notification(task: Task, lead: str) -> str:
    said = f"{literal(task.name)} {_stands(task)} · T-{task.id}"
    return f"{lead}\n{said}" if lead else said


def _when_and_where(task: Task, *, is_here: bool = True) -> str:
    here = "here in" if is_here else "in"
    place = "here" if task.channel.startswith("D") else f"{here} {channel_link(task.channel)}"
    if task.channel.startswith("D") and not is_here:
        place = "in our conversation"
    if task.schedule is None:
        return f"On demand, {place}"
    when = sentence(task.schedule)
    said = f"{_capital(when)}, {zone_name(task.zone)} ({task.zone_from}), {place}"
    return escape(said.removesuffix(place)) + place


def _first_for_reader(first: datetime, task: Task) -> str:
    """Say the first run in the reader's own zone, too, where several people may read."""
    if task.channel.startswith("D"):
        return ""
    return f" · first: {for_reader(first, task.zone)} your time"


def _draft_card(
    task: Task, due: Sequence[datetime], now: datetime, *, lead: str, is_here: bool
) -> Message:
    question = asked(task)
    lines = [
        *([lead] if lead else []),
        f"*{literal(task.name)}* · T-{task.id}",
        *_what_is_known(task, due, now, is_here=is_here),
        *([escape(task.hold_reason)] if task.assumed and task.hold and task.hold_reason else []),
        question,
    ]
    blocks = (kit.section("\n".join(lines)), *_foot(task), answer_row(task))
    return Message(text=f"{literal(task.name)}: {question}", blocks=blocks)


def asked(task: Task) -> str:
    """Give what a draft still waits for, as a sentence or a question."""
    if not task.assumed:  # everything was said: it waits for what keeps it from its channel
        return escape(task.hold_reason or "It waits.")
    question = f"{answers.question(task.assumed)} Nothing runs until you choose."
    if AGENT not in task.assumed:
        return question
    reason = task.hold_reason if task.hold is None else None
    lacking = escape(reason or f"{task.agent.capitalize()} is not connected.")
    return f"{lacking} This would fail at every run. {question}"


def answer_row(task: Task) -> kit.Block:
    """Give the buttons that answer a draft; a click in them shows what became of it."""
    cancel = kit.button("Cancel", "cancel", value_of(task))
    if not task.assumed:
        again = kit.button("Try again", "retry", value_of(task), style="primary")
        return kit.actions(again, cancel, name=CARD)
    offered = answers.answers(task)
    leading = "primary" if len(offered) == 1 else None
    buttons = [
        kit.button(answer.label, f"answer_{number}", value_of(task, str(number)), style=leading)
        for number, answer in enumerate(offered)
    ]
    other = kit.button("Other…", "edit", value_of(task))
    has_other = answers.open_slots(task.assumed) != (AGENT,)
    return kit.actions(*buttons, *([other] if has_other else []), cancel, name=CARD)


def _what_is_known(
    task: Task, due: Sequence[datetime], now: datetime, *, is_here: bool
) -> tuple[str, ...]:
    """Say what was said of a draft's time; what nobody said is not repeated as if."""
    assumed = answers.open_slots(task.assumed)
    if assumed == (answers.WHETHER,):
        return ()
    when = _when_and_where(task, is_here=is_here)
    if task.schedule is not None and assumed == ("time",):
        return (_days_only(task.schedule, when),)
    is_armed_by_it = AGENT not in assumed
    return (when, f"Next: {moments(due, task.zone, now)}") if due and is_armed_by_it else (when,)


def _days_only(schedule: Schedule, when: str) -> str:
    """Leave the time of day out of a line about days."""
    said = sentence(schedule)
    days, _, _ = said.rpartition(" at ")
    return when.replace(_capital(said), _capital(days), 1) if days else when


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _buttons(task: Task) -> kit.Block:
    if task.state is TaskState.REMOVED:
        return kit.actions(kit.button("Undo", "undo", value_of(task)), name=CARD)
    on = task.state is TaskState.ACTIVE
    more = [
        ("Pause", value_of(task, "pause")) if on else ("Resume", value_of(task, "resume")),
        ("Details", value_of(task, "details")),
        ("History", value_of(task, "history")),
        ("Why", value_of(task, "why")),
        ("Delete", value_of(task, "delete")),
    ]
    first = kit.button("Run now", "run", value_of(task))
    if task.state is TaskState.PAUSED:
        first = _way_back(task)
        more[0] = ("Run now", value_of(task, "run"))
    edit = kit.button("Edit", "edit", value_of(task))
    undo = kit.button("Undo", "undo", value_of(task))
    undone = () if task.hold in (Hold.PLACE, Hold.OWNER) else (undo,)  # nobody did it by hand
    return kit.actions(first, edit, *undone, kit.overflow("more", more), name=CARD)


def _way_back(task: Task) -> kit.Block:
    """Give the button that helps a paused task most."""
    match task.hold:
        case Hold.PLACE:
            return kit.button("Try again", "retry", value_of(task))
        case Hold.OWNER:
            return kit.button("Take over", "takeover", value_of(task, str(task.id)))
        case _:
            return kit.button("Resume", "resume", value_of(task))


def started(task: Task, run: Run) -> Message:
    """Say that a run was asked for, by whom, and where its result will stand."""
    place = "here" if task.channel.startswith("D") else f"in {channel_link(task.channel)}"
    text = (
        f"Running *{literal(task.name)}* now, {asked_by(run)}. The result comes {place}."
        f" · T-{task.id} · R-{run.id}"
    )
    return Message(text=text, blocks=(kit.section(text),))


def asked_by(run: Run) -> str:
    """Say who asked for a run, if anybody did."""
    return f"asked by {person_link(run.asked_by)}" if run.asked_by else "on its schedule"


def difference(before: Task, after: Task) -> Message:
    """Say what an edit changed, and offer to take it back."""
    changed = difference_lines(before, after)
    if not changed:
        text = f"*{literal(after.name)}* is like that already; nothing changed. · T-{after.id}"
        return Message(text=text, blocks=(kit.section(text),))
    text = f"Changed: {'; '.join(changed)}. · T-{after.id}"
    undo = kit.actions(kit.button("Undo", "undo", value_of(after)))
    return Message(text=text, blocks=(kit.section(text), undo))


def settled(before: Task, after: Task, due: Sequence[datetime], now: datetime) -> Message:
    """Say that a draft has its answer, where its card, which says the rest, was brought up to date.

    `due` are the next moments of the task as it is after.
    """
    first = f" First: {moments(due[:1], after.zone, now)}." if due else ""
    when = f"{_capital(_schedule_words(after))}, {zone_name(after.zone)}.{first}"
    when = "On demand." if after.schedule is None else when
    title = f"*{literal(after.name)}* {_stands(after)} · T-{after.id}"
    lead = saved(before, after)
    text = "\n".join((*([lead] if lead else []), title, escape(when)))
    undo = kit.actions(kit.button("Undo", "undo", value_of(after)))
    return Message(text=_notification(after, lead), blocks=(kit.section(text), undo))


def saved(before: Task, after: Task) -> str:
    """Say why a draft's answer did not turn it on; empty where it did."""
    if AGENT not in before.assumed or after.state is not TaskState.PAUSED:
        return ""
    return f"Saved, but paused: {after.agent.capitalize()} is not connected."


def undone(before: Task, after: Task) -> str:
    """Say what taking a change back changed; the card under it shows the rest."""
    changed = difference_lines(before, after)
    if before.state is not after.state or not changed:
        changed = [f"it {_stands(after)}", *changed]
    return f"Undone: {'; '.join(changed)}."


def difference_lines(before: Task, after: Task) -> list[str]:
    """Give what people see of a task and is not as it was, each as "was → is"."""
    return [
        f"{said}{_shown(said, was)} → {_shown(said, is_)}"
        for said, was, is_ in differences(before, after)
        if was != is_
    ]


def _shown(slot: str, value: str) -> str:
    if slot == _CHANNEL:
        return channel_link(value)
    if slot == _STAND_IN:
        return person_link(value) if value else "nobody"
    if not value:
        return "none"
    if slot == _TELLS:  # links of ours, which escaping would spoil
        return value
    return escape(clip(value, 175))  # the longest of each, escaped, still fit one block


def differences(before: Task, after: Task) -> tuple[tuple[str, str, str], ...]:
    """Give each slot people see of a task as (what it is called, what it was, what it is)."""
    return (
        ("", _schedule_words(before), _schedule_words(after)),
        ("zone ", zone_name(before.zone), zone_name(after.zone)),
        ("name ", before.name, after.name),
        ("agent ", before.agent.capitalize(), after.agent.capitalize()),
        ("work ", before.prompt, after.prompt),
        ("time limit ", _lasting(before.timeout_s), _lasting(after.timeout_s)),
        ("retries ", str(before.retries), str(after.retries)),
        (_CHANNEL, before.channel, after.channel),
        (_STAND_IN, before.delegate or "", after.delegate or ""),
        (
            "a run due during another ",
            policies.OVERLAPS[before.overlap],
            policies.OVERLAPS[after.overlap],
        ),
        ("of missed moments ", policies.MISSED[before.missed], policies.MISSED[after.missed]),
        *(
            (f"{said} ", policies.leeway(before, slot), policies.leeway(after, slot))
            for slot, said in policies.LEEWAY.items()
            if (before.missed, before.leeway) != (after.missed, after.leeway)
        ),
        (_TELLS, policies.hearers(before.notices), policies.hearers(after.notices)),
    )


def _schedule_words(task: Task) -> str:
    return "on demand" if task.schedule is None else sentence(task.schedule)


def _lasting(seconds: int) -> str:
    return lasting(timedelta(seconds=seconds))


def delete_question(task: Task) -> Message:
    """Ask once before a task goes."""
    text = (
        f"Delete *{literal(task.name)}* (T-{task.id})? It will not run again; its history stays,"
        " and Undo brings it back for 24 hours."
    )
    buttons = kit.actions(
        kit.button("Delete", "delete", value_of(task), style="danger"),
        kit.button("Keep", "keep", value_of(task)),
    )
    return Message(text=text, blocks=(kit.section(text), buttons))


def answered_already(task: Task | None) -> Message:
    """Say that a question has its answer, and how the task it was about stands now."""
    text = "You have answered that already; nothing happened now."
    if task is not None:
        text = f"{text} *{literal(task.name)}* {_stands(task)} · T-{task.id}"
    return Message(text=text, blocks=(kit.section(text),))


_WHICH = {
    "pause": "Which one should I pause?",
    "resume": "Which one should I resume?",
    "delete": "Which one should I delete?",
    "run": "Which one should I run?",
    "edit": "Which one should I change?",
    "undo": "Which one's last change should I take back?",
    "show": "Which one should I show?",
    "history": "Which one's history do you want?",
    "why": "Which one do you mean?",
    "next": "Which one's next runs do you want?",
    "notify": "Which one do you mean?",
    "save_template": "Which one should I keep as a template?",
}


def which_one(tasks: Sequence[Task], verb: str, *, request: str | None = None) -> Message:
    """Ask which of several tasks is meant; each button does `request`, or the verb, to its task."""
    text, does = _WHICH.get(verb, "Which one?"), request or verb
    buttons = [
        kit.button(clip(f"T-{task.id} {task.name}", 75), f"choose_{number}", value_of(task, does))
        for number, task in enumerate(tasks[:OFFERED])
    ]
    blocks = [kit.section(text), *_told_apart(tasks[:OFFERED]), kit.actions(*buttons)]
    if len(tasks) > OFFERED:
        left = len(tasks) - OFFERED
        named = f"name one by its number, like T-{tasks[OFFERED].id}"
        blocks.append(kit.context(f"And {left} more: {named}."))
    return Message(text=text, blocks=tuple(blocks))


def _told_apart(tasks: Sequence[Task]) -> list[kit.Block]:
    """Say where and when each runs, where names alone would not tell them apart."""
    if len({task.name.casefold() for task in tasks}) == len(tasks):
        return []
    places = ["" if task.channel.startswith("D") else channel_link(task.channel) for task in tasks]
    lines = [
        f"*T-{task.id}* {place or 'direct message'}, {_schedule_words(task)}"
        for task, place in zip(tasks, places, strict=True)
    ]
    return [kit.section("\n".join(lines))]
