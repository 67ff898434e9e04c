"""What becomes of a request: an intent goes in, the Planner is asked, a reply comes out.

The same for a message, a slash command and an edit in a modal; it knows no Slack payload.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.blocks import cards, lists, stories, words
from bot.blocks.cards import Message
from bot.intent import intents
from bot.intent.changes import apply_change
from bot.services import Services
from bot.slack import audience, crowd_answers, setting_answers
from bot.slack.asking import Answerer, Ask, Reply, card_of, find, listed, told_alone, zone_in
from scheduler import templates
from scheduler.errors import AmbiguousTask
from scheduler.wishes import Change, Wish
from storage.policies import Missed, Overlap
from storage.records import Hold, Task, TaskState

HISTORY = 10


async def answer(intent: Any, ask: Ask, services: Services) -> Reply | None:
    """Do what was asked and say so; None where the answer is a card that is already owed.

    Raises Refused, with what to do, for what can't be done.
    """
    try:
        reply = await _ANSWERS[type(intent)](intent, ask, services)
        return None if reply is None else await _discreet(reply, ask, services)
    except AmbiguousTask as error:
        if isinstance(intent, intents.EditTask):
            return told_alone(words.say_it_with_a_number(error.choices), ask)
        return told_alone(cards.which_one(error.choices, intent.kind), ask)


async def _discreet(reply: Reply, ask: Ask, services: Services) -> Reply:
    """Keep what others in the place must not know between the bot and the asker."""
    if not reply.is_public or reply.about is None:
        return reply
    heard = await services.gate.visible_in([reply.about], ask.channel)
    return reply if heard else replace(reply, is_public=False)


async def _use_template(intent: intents.UseTemplate, ask: Ask, services: Services) -> Reply | None:
    return await _create(
        await setting_answers.task_from_template(intent, ask, services), ask, services
    )


async def _create(intent: intents.CreateTask, ask: Ask, services: Services) -> Reply | None:
    created = await services.planner.create(await _wish(intent, ask, services))
    task = created.task
    if task.hold is Hold.INVITATION and not created.is_twin:  # its channel can't be shown the card
        return card_of(task, services, is_public=False)
    if intent.run_now and not created.is_twin:
        return await _start(task, ask, services)
    if not created.is_twin:
        return None
    lead = "You already have this one; nothing was created."
    return card_of(task, services, lead=lead, is_public=False)


async def _wish(intent: intents.CreateTask, ask: Ask, services: Services) -> Wish:
    named = intent.agent or ask.persona
    template = templates.match(named, intent.prompt)
    zone, zone_from = await zone_in(ask.channel, ask.person, services)
    if intent.zone_in_text is not None and intent.schedule is not None:
        zone, zone_from = intent.schedule.zone, "as you said"
    schedule = intent.schedule and replace(intent.schedule, zone=zone)  # not its thread's task's
    settings: dict[str, Any] = {
        "timeout_s": intent.timeout_s,
        "retries": intent.retries,
        "overlap": intent.overlap and Overlap(intent.overlap),
        "missed": intent.missed and Missed(intent.missed),
    }
    posts_in = await _posts_in(intent, ask, services)
    return Wish(
        agent=(template.agent if template else None)
        or named
        or templates.choose_agent(intent.prompt)
        or "anna",
        name=intent.name,
        prompt=template.prompt if template else intent.prompt,
        template=template.name if template else None,
        schedule=schedule,
        assumed=intent.assumed,
        zone=zone,
        zone_from=zone_from,
        channel=posts_in,
        asked_in=ask.channel,
        thread_ts=ask.thread_ts if posts_in == ask.channel else None,
        notices=await setting_answers.resolved(intent.notify, ask, services),
        owner=ask.person.id,
        origin=ask.origin,
        request_key=ask.key,
        **{name: value for name, value in settings.items() if value is not None},
    )


async def _posts_in(intent: intents.CreateTask, ask: Ask, services: Services) -> str:
    """Say where results go: where it was said, else where the channel has them go, else here."""
    if intent.channel is not None:
        return await audience.resolve(intent.channel, ask.by, services)
    place = await services.directory.place(ask.channel)
    return (place and place.posts_to) or ask.channel


async def list_page(page: int, person_id: str, services: Services) -> Message:
    """Give one page of all tasks that somebody may know of."""
    tasks = await listed(person_id, services)
    async with services.store.read() as work:
        last = await work.runs.last_of([task.id for task in tasks])
    return lists.task_page(tasks, last, services.now(), page=page)


async def _show(intent: intents.ShowTask, ask: Ask, services: Services) -> Reply:
    return card_of(await find(intent.ref, ask, services), services, is_public=False)


async def _pause(intent: intents.PauseTask, ask: Ask, services: Services) -> Reply:
    task = await find(intent.ref, ask, services)
    until = None if intent.until is None else crowd_answers.moment_of(intent.until, task.zone)
    return card_of(await services.planner.pause(task.id, by=ask.by, until=until), services)


async def _resume(intent: intents.ResumeTask, ask: Ask, services: Services) -> Reply:
    task = await find(intent.ref, ask, services)
    return card_of(await services.planner.resume(task.id, by=ask.by), services)


async def _delete(intent: intents.DeleteTask, ask: Ask, services: Services) -> Reply:
    task = await find(intent.ref, ask, services)
    return Reply(message=cards.delete_question(task), persona=task.agent)


async def _run(intent: intents.RunTask, ask: Ask, services: Services) -> Reply:
    return await _start(
        await find(intent.ref, ask, services), ask, services, values=dict(intent.variables)
    )


async def _start(
    task: Task, ask: Ask, services: Services, *, values: dict[str, str] | None = None
) -> Reply:
    run = await services.planner.run_now(
        task.id, by=ask.by, request_key=ask.key, variables=values or None
    )
    message = cards.started(task, run)
    return Reply(message=message, persona=task.agent, is_public=True, about=task)


async def _history(intent: intents.ShowHistory, ask: Ask, services: Services) -> Reply:
    ref = intent.ref or intents.TaskRef(it=True)
    task = await find(ref, ask, services)
    async with services.store.read() as work:
        runs = await work.runs.history(task.id, min(intent.limit or HISTORY, 30))
    return told_alone(stories.history(task, runs, services.now()), ask, persona=task.agent)


async def _why(intent: intents.AskWhy, ask: Ask, services: Services) -> Reply:
    task = await find(intent.ref, ask, services)
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


async def _next(intent: intents.ShowNext, ask: Ask, services: Services) -> Reply:
    if intent.ref is not None:
        task = await find(intent.ref, ask, services)
        due = services.planner.preview(task) if task.state is TaskState.ACTIVE else []
        return told_alone(stories.next_runs(task, due, services.now()), ask, persona=task.agent)
    known = await listed(ask.person.id, services)
    tasks = sorted((task for task in known if task.next_run_at is not None), key=_due_at)
    async with services.store.read() as work:
        last = await work.runs.last_of([task.id for task in tasks])
    return told_alone(lists.found_tasks(tasks, last, services.now()), ask)


def _due_at(task: Task) -> datetime:
    assert task.next_run_at is not None
    return task.next_run_at


async def _edit(intent: intents.EditTask, ask: Ask, services: Services) -> Reply:
    task = await find(intent.ref, ask, services)
    goal, rest = intent.changes.channel, intent.changes.model_copy(update={"channel": None})
    asked = None if goal is None else await audience.question(task, goal, ask.by, services)
    if asked is not None and rest == intents.Changes():
        return Reply(message=asked, persona=task.agent)
    reply, changed = await edit(task, rest, ask, services)
    await show_present_card(changed, services)
    if goal is None:
        return reply
    asked = await audience.question(changed, goal, ask.by, services)  # of the task as it is now
    both = Message(text=asked.text, blocks=(*reply.message.blocks, *asked.blocks))
    return Reply(message=both, persona=task.agent)


async def edit(
    task: Task, changes: intents.Changes, ask: Ask, services: Services
) -> tuple[Reply, Task]:
    """Change what is named; where a time has two readings, ask with both as buttons.

    Gives what to say and the task as it is now; its card is the caller's to bring up to date.
    """
    schedule = task.schedule
    assumed: tuple[str, ...] = ()
    if changes.schedule is not None:
        schedule, assumed = apply_change(task.schedule, changes.schedule, services.now(), task.zone)
    if assumed and schedule is not None:
        asked = cards.edit_question(task, schedule, assumed)
        return Reply(message=asked, persona=task.agent), task
    change = Change(
        name=changes.name,
        agent=changes.agent,
        prompt=changes.prompt,
        schedule=schedule if schedule != task.schedule else None,
        timeout_s=changes.timeout_s,
        retries=changes.retries,
        overlap=changes.overlap and Overlap(changes.overlap),
        missed=changes.missed and Missed(changes.missed),
        unscheduled=changes.unscheduled,
        settles=task.assumed if changes.schedule is not None else (),
    )
    edited = await services.planner.edit(task.id, change, by=ask.by)
    if edited.before.state is TaskState.DRAFT:
        return card_of(edited.after, services), edited.after
    message = cards.difference(edited.before, edited.after)
    return Reply(message=message, persona=task.agent, is_public=True, about=task), edited.after


async def show_present_card(task: Task, services: Services) -> None:
    """Bring the task's own card up to date, where it stands."""
    if task.card_ts is None:
        return
    due = services.planner.preview(task) if task.state is TaskState.ACTIVE else []
    card = cards.task_card(task, due, services.now())
    await services.speaker.change(task.channel, task.card_ts, card)


async def _undo(intent: intents.UndoChange, ask: Ask, services: Services) -> Reply:
    task = await find(intent.ref or intents.TaskRef(it=True), ask, services)
    undone = await services.planner.undo(task.id, by=ask.by)
    await audience.leave_card(undone, services)
    await show_present_card(undone.after, services)
    return card_of(undone.after, services, lead="Undone.")


async def _help(intent: intents.AskHelp, ask: Ask, services: Services) -> Reply:
    if intent.topic is not None and intent.topic != "agents":
        return told_alone(words.help_topic(intent.topic), ask)
    return told_alone(words.help_text(services.profiles.values()), ask)


async def _unclear(intent: intents.Unclear, ask: Ask, _: Services) -> Reply:
    return told_alone(words.unclear(intent.understood, intent.question, intent.choices), ask)


async def _nothing(_: intents.Nothing, ask: Ask, __: Services) -> Reply:
    return told_alone(words.no_request(), ask)


_ANSWERS: dict[type, Answerer] = {
    intents.CreateTask: _create,
    intents.ListTasks: crowd_answers.show_list,
    intents.ChangeMany: crowd_answers.ask_many,
    intents.Export: crowd_answers.export,
    intents.ShowTask: _show,
    intents.PauseTask: _pause,
    intents.ResumeTask: _resume,
    intents.DeleteTask: _delete,
    intents.RunTask: _run,
    intents.ShowHistory: _history,
    intents.AskWhy: _why,
    intents.ShowNext: _next,
    intents.EditTask: _edit,
    intents.UndoChange: _undo,
    intents.SetNotices: setting_answers.set_notices,
    intents.SaveTemplate: setting_answers.save_template,
    intents.UseTemplate: _use_template,
    intents.ListTemplates: setting_answers.list_templates,
    intents.DefineWorkflow: setting_answers.workflow,
    intents.SetZone: setting_answers.set_zone,
    intents.SetChannel: setting_answers.set_channel,
    intents.AskHelp: _help,
    intents.Unclear: _unclear,
    intents.Nothing: _nothing,
}
