"""Answers about one task: it is shown, steered, run, changed, or asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.blocks import cards, edit_questions, stories
from bot.blocks.cards import Message
from bot.intent import intents
from bot.intent.changes import apply_change, each_retimed, once_too
from bot.intent.packing import packed
from bot.intent.talk import ShallI, ShallTake, WhatTime
from bot.services import Services
from bot.slack import audience, crowd_answers
from bot.slack.asking import Ask, Reply, card_of, end_of, find, settled, show_present_card
from scheduler.errors import Refused
from scheduler.rights import Act
from scheduler.sentences import sentence
from scheduler.wishes import CONFIRM, Change
from storage.policies import Missed, Overlap
from storage.records import Task, TaskState
from storage.schedules import Once, Schedule

HISTORY = 10
_MOST_HISTORY = 30
_MOST_OPTIONS = 5
"""Buttons beside each other."""
_MAKING = (intents.CreateTask, intents.UseTemplate)
_OF_CHANNEL = "What a channel has set is not undone, but set anew; nothing changed."
_NOT_UNDONE: dict[type, str] = {
    intents.RunTask: "A run can't be taken back; nothing changed.",
    intents.SaveTemplate: "A template that was kept can't be taken back; nothing changed.",
    intents.SetZone: _OF_CHANNEL,
    intents.SetChannel: _OF_CHANNEL,
}
"""What "undo" can't take back, though it was asked last; it must not undo something before it."""


async def show(intent: intents.ShowTask, ask: Ask, services: Services) -> Reply:
    """Show the asker the task's card."""
    task = await find(intent.ref, ask, services, removed=True)
    return card_of(task, services, ask, is_public=False)


async def pause(intent: intents.PauseTask, ask: Ask, services: Services) -> Reply:
    """Pause the task until it is resumed, or until the moment that was named."""
    task = await find(intent.ref, ask, services)
    until = await end_of(intent.until, ask, services)
    paused = await services.planner.pause(task.id, by=ask.by, until=until)
    await show_present_card(paused, services)
    return card_of(paused, services, ask)


async def resume(intent: intents.ResumeTask, ask: Ask, services: Services) -> Reply:
    """Let the task come due again."""
    task = await find(intent.ref, ask, services)
    resumed = await services.planner.resume(task.id, by=ask.by)
    await show_present_card(resumed, services)
    return card_of(resumed, services, ask)


async def delete(intent: intents.DeleteTask, ask: Ask, services: Services) -> Reply:
    """Ask whether the task is to go; whoever may not delete it is told so at once."""
    task = await find(intent.ref, ask, services)
    await services.gate.require(Act.CHANGE, task, ask.by)
    message, asked = cards.delete_question(task), shall_delete(task)
    return Reply(message=message, persona=task.agent, about=task, asked=asked)


def shall_delete(task: Task) -> ShallI:
    """Give the question whether a task is to go, for words to answer."""
    named = intents.DeleteTask(ref=intents.TaskRef(number=int(task.id)))
    return ShallI(intent=packed(named))


async def delete_at_once(intent: intents.DeleteTask, ask: Ask, services: Services) -> Reply:
    """Delete the task that somebody just said yes to."""
    task = await find(intent.ref, ask, services)
    removed = await services.planner.remove(task.id, by=ask.by)
    await show_present_card(removed, services)
    return card_of(removed, services, ask, is_public=False)


async def run(intent: intents.RunTask, ask: Ask, services: Services) -> Reply:
    """Run the task now, with the values that were said."""
    task = await find(intent.ref, ask, services)
    return await start(task, ask, services, values=dict(intent.variables))


async def start(
    task: Task, ask: Ask, services: Services, *, values: dict[str, str] | None = None
) -> Reply:
    """Run a task now, and say so to all who may know of it."""
    run = await services.planner.run_now(
        task.id, by=ask.by, request_key=ask.key, variables=values or None
    )
    message = cards.started(task, run)
    return Reply(message=message, persona=task.agent, is_public=True, about=task)


async def history(intent: intents.ShowHistory, ask: Ask, services: Services) -> Reply:
    """Show the asker the task's last runs, or where none is meant the last of each task."""
    if intent.ref is None and ask.task is None:
        return await crowd_answers.show_latest(ask, services)
    ref = intent.ref or intents.TaskRef(it=True)
    task = await find(ref, ask, services, removed=True)
    async with services.store.read() as work:
        runs = await work.runs.history(task.id, min(intent.limit or HISTORY, _MOST_HISTORY))
    message = stories.history(task, runs, services.now())
    about = None if task.state is TaskState.DRAFT else task  # its question was not asked with it
    return Reply(message=message, persona=task.agent, about=about)


async def why(intent: intents.AskWhy, ask: Ask, services: Services) -> Reply:
    """Say what became of the task's last due moment."""
    task = await find(intent.ref, ask, services, removed=True)
    message = await tell_why(task, services)
    return Reply(message=message, persona=task.agent, is_public=True, about=task)


async def tell_why(task: Task, services: Services) -> Message:
    """Say what became of the task's last due moment or request."""
    async with services.store.read() as work:
        newest = await work.runs.history(task.id, 1)
        run = newest[0] if newest else None
        attempts = await work.runs.attempts(run.id) if run else []
        owed = await work.deliveries.of_run(run.id) if run else []
    return stories.why(task, run, attempts, owed, services.now())


async def edit(intent: intents.EditTask, ask: Ask, services: Services) -> Reply:
    """Change what was named; whether the task shall post elsewhere is asked first."""
    task = await find(intent.ref, ask, services)
    goal, rest = intent.changes.channel, replace(intent.changes, channel=None)
    asked = None if goal is None else await audience.question(task, goal, ask.by, services)
    if asked is not None and rest == intents.Changes():
        return Reply(message=asked, persona=task.agent)
    reply, changed = await edited(task, rest, ask, services)
    await show_present_card(changed, services)
    if goal is None:
        return reply
    asked = await audience.question(changed, goal, ask.by, services)  # of the task as it is now
    both = Message(text=asked.text, blocks=(*reply.message.blocks, *asked.blocks))
    return Reply(message=both, persona=task.agent)


async def edited(
    task: Task, changes: intents.Changes, ask: Ask, services: Services
) -> tuple[Reply, Task]:
    """Change what is named; where a time has two readings, ask with both as buttons.

    Gives what to say and the task as it is now; its card is the caller's to bring up to date.
    """
    options = () if changes.schedule is None else each_retimed(task.schedule, changes.schedule)
    if 1 < len(options) <= _MOST_OPTIONS:
        said = tuple(sentence(one) for one in options)
        waits = WhatTime(task=int(task.id), choices=said)
        asked = edit_questions.which_rule(task, options)
        return Reply(message=asked, persona=task.agent, about=task, asked=waits), task
    schedule = task.schedule
    assumed: tuple[str, ...] = ()
    if changes.schedule is not None:
        schedule, assumed = apply_change(task.schedule, changes.schedule, services.now(), task.zone)
    question = _question_of(task, schedule, assumed, services.now())
    if question is not None:
        return question, task
    change = Change(
        name=changes.name,
        agent=changes.agent,
        prompt=changes.prompt,
        schedule=schedule if schedule != task.schedule else None,
        unscheduled=changes.unscheduled,
        timeout_s=changes.timeout_s,
        retries=changes.retries,
        overlap=None if changes.overlap is None else Overlap(changes.overlap),
        missed=None if changes.missed is None else Missed(changes.missed),
        leeway=replace(task.leeway, **dict(changes.leeway)) if changes.leeway else None,
        skip_holidays=changes.skip_holidays,
        settles=_answered_by(changes, task, ask.channel),
    )
    edit = await services.planner.edit(task.id, change, by=ask.by)
    if edit.before.state is TaskState.DRAFT:
        return settled(edit.before, edit.after, services, ask), edit.after
    message = cards.difference(edit.before, edit.after)
    return Reply(message=message, persona=task.agent, is_public=True, about=task), edit.after


async def _would_delete(task: Task, ask: Ask, services: Services) -> bool:
    """Say whether undoing deletes a task, other than one that was made just now and never ran."""
    async with services.store.read() as work:
        step = await work.tasks.version(task.id, task.version)
        has_run = bool(await work.runs.history(task.id, 1))
    is_just_made = isinstance(ask.last, _MAKING) and (ask.task is None or ask.task.id == task.id)
    is_made = step is not None and step.before is None
    was_gone = step is not None and (step.before or {}).get("state") == TaskState.REMOVED
    return was_gone or (is_made and (has_run or not is_just_made))


def _question_of(
    task: Task, schedule: Schedule | None, assumed: tuple[str, ...], now: datetime
) -> Reply | None:
    """Ask, before a schedule is changed, about what was assumed of it or would end it."""
    recurs = task.schedule is not None and not isinstance(task.schedule.rule, Once)
    two = once_too(task.schedule, schedule, now)
    if two and recurs and schedule != task.schedule and task.state is not TaskState.DRAFT:
        asked, values = edit_questions.once_or_besides(task, two)
        takes = ShallTake(task=int(task.id), choices=values)
        return Reply(message=asked, persona=task.agent, about=task, asked=takes)
    if assumed and schedule is not None:
        asked = edit_questions.edit_question(task, schedule, assumed)
        waits = WhatTime(task=int(task.id), yes=edit_questions.sole(task, schedule, assumed))
        return Reply(message=asked, persona=task.agent, about=task, asked=waits)
    return None


def _answered_by(changes: intents.Changes, task: Task, here: str) -> tuple[str, ...]:
    """Give what of the assumed a change answers: other days do not say at what time.

    Nor does another time say yes to another audience, where that alone was asked.
    """
    change, assumed = changes.schedule, task.assumed
    if assumed == (CONFIRM,) and task.channel != here:
        return ()
    if change is None:
        return assumed if changes.unscheduled else ()
    is_whole = change.rule is not None and "time" not in change.assumed
    if is_whole or change.times or change.add_times:
        return assumed
    return tuple(slot for slot in assumed if slot not in ("time", "meridiem"))


async def undo(intent: intents.UndoChange, ask: Ask, services: Services) -> Reply:
    """Take back the task's last change, and say what that was."""
    is_named = intent.ref is not None and not intent.ref.it
    if not is_named and isinstance(ask.last, tuple(_NOT_UNDONE)):
        raise Refused(_NOT_UNDONE[type(ask.last)], fix="`undo T-12` undoes a task's last change.")
    ref = intent.ref or intents.TaskRef(it=True)
    task = await find(ref, ask, services, removed=True)
    if await _would_delete(task, ask, services):
        return await delete(intents.DeleteTask(ref=ref), replace(ask, task=task), services)
    undone = await services.planner.undo(task.id, by=ask.by)
    await audience.leave_card(undone, services)
    await show_present_card(undone.after, services)
    lead = cards.undone(undone.before, undone.after)
    return card_of(undone.after, services, ask, lead=lead)
