"""What becomes of a request: an intent goes in, the Planner is asked, a reply comes out.

The same for a message, a slash command and an edit in a modal; it knows no Slack payload.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.blocks import cards, lists, stories, words, zones
from bot.blocks.cards import Message
from bot.intent import intents
from bot.intent.changes import apply_change
from bot.services import Services
from bot.slack import audience
from scheduler import naming, templates
from scheduler.errors import AmbiguousTask, Refused
from scheduler.sentences import zone_name
from scheduler.wishes import Change, Wish
from storage.records import Actor, Hold, Origin, Person, Run, RunStatus, Task, TaskState

HISTORY = 10
LISTED = (TaskState.DRAFT, TaskState.ACTIVE, TaskState.PAUSED, TaskState.COMPLETED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Who asks what of whom, where: `key` is the same when the same request comes again.

    `persona` is the agent that was called, `task` the task whose thread this is.
    """

    person: Person
    origin: Origin
    channel: str
    thread_ts: str | None
    key: str
    persona: str | None = None
    task: Task | None = None

    @property
    def by(self) -> Actor:
        """Give the asker as the Planner knows them."""
        return Actor(id=self.person.id, origin=self.origin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to say, under whose name, and whether all may read it; `about` is the task it tells of.

    What tells of a task that some readers of the place must not know of is never public.
    """

    message: Message
    persona: str
    is_public: bool = False
    about: Task | None = None


Answerer = Callable[[Any, Ask, Services], Awaitable[Reply | None]]


async def answer(intent: Any, ask: Ask, services: Services) -> Reply | None:
    """Do what was asked and say so; None where the answer is a card that is already owed.

    Raises Refused, with what to do, for what can't be done.
    """
    try:
        reply = await _ANSWERS[type(intent)](intent, ask, services)
        return None if reply is None else await _discreet(reply, ask, services)
    except AmbiguousTask as error:
        if isinstance(intent, intents.EditTask):
            return _told(words.say_it_with_a_number(error.choices), ask)
        return _told(cards.which_one(error.choices, intent.kind), ask)


async def _discreet(reply: Reply, ask: Ask, services: Services) -> Reply:
    """Keep what others in the place must not know between the bot and the asker."""
    if not reply.is_public or reply.about is None:
        return reply
    heard = await services.gate.visible_in([reply.about], ask.channel)
    return reply if heard else replace(reply, is_public=False)


async def zone_in(channel: str, person: Person, services: Services) -> tuple[str, str]:
    """Give the zone that times said by a person in a channel are in, and why that one."""
    place = await services.directory.place(channel)
    if place is not None and place.zone is not None:
        if person.zone in (None, place.zone):
            return place.zone, "this channel's zone"
        assert person.zone is not None
        return place.zone, f"this channel's zone; yours is {zone_name(person.zone)}"
    if person.zone:
        return person.zone, "your Slack zone"
    return services.zone, "the zone set for Chatcron"


async def _create(intent: intents.CreateTask, ask: Ask, services: Services) -> Reply | None:
    if intent.notify:
        raise Refused(
            "I can only post where you ask me, for now; nothing was created.",
            fix="Ask me in the channel where the result should stand.",
        )
    created = await services.planner.create(await _wish(intent, ask, services))
    task = created.task
    if task.hold is Hold.INVITATION and not created.is_twin:  # its channel can't be shown the card
        return _card(task, services, is_public=False)
    if intent.run_now and not created.is_twin:
        return await _start(task, ask, services)
    if not created.is_twin:
        return None
    lead = "You already have this one; nothing was created."
    return _card(task, services, lead=lead, is_public=False)


async def _wish(intent: intents.CreateTask, ask: Ask, services: Services) -> Wish:
    named = intent.agent or ask.persona
    template = templates.match(named, intent.prompt)
    zone, zone_from = await zone_in(ask.channel, ask.person, services)
    if intent.zone_in_text is not None and intent.schedule is not None:
        zone, zone_from = intent.schedule.zone, "as you said"
    schedule = intent.schedule and replace(intent.schedule, zone=zone)  # not its thread's task's
    settings = {"timeout_s": intent.timeout_s, "retries": intent.retries}
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
        channel=ask.channel,
        thread_ts=ask.thread_ts,
        owner=ask.person.id,
        origin=ask.origin,
        request_key=ask.key,
        **{name: value for name, value in settings.items() if value is not None},
    )


async def _list(intent: intents.ListTasks, ask: Ask, services: Services) -> Reply:
    tasks = await listed(ask.person.id, services)
    async with services.store.read() as work:
        last = await work.runs.last_of([task.id for task in tasks])
    wanted = [task for task in tasks if _fits(task, intent, ask, last.get(task.id))]
    if len(wanted) == len(tasks):
        return _told(lists.task_page(tasks, last, services.now(), page=0), ask)
    return _told(lists.found_tasks(wanted, last, services.now()), ask)


async def listed(person_id: str, services: Services) -> list[Task]:
    """Give every task that a list would show to somebody, oldest first."""
    async with services.store.read() as work:
        tasks = [task for task in await work.tasks.all() if task.state in LISTED]
    return await services.gate.visible(tasks, person_id)


def _fits(task: Task, intent: intents.ListTasks, ask: Ask, last: Run | None) -> bool:
    failed = last is not None and last.status in _FAILED
    states = {
        None: True,
        "active": task.state is TaskState.ACTIVE,
        "paused": task.state is TaskState.PAUSED,
        "failed": failed,
    }
    named = set(naming.words_of(intent.words or "")) <= {*naming.words_of(task.name), task.agent}
    return states[intent.state] and named and (not intent.mine or task.owner == ask.person.id)


_FAILED = (RunStatus.FAILED, RunStatus.TIMED_OUT, RunStatus.LOST)


async def list_page(page: int, person_id: str, services: Services) -> Message:
    """Give one page of all tasks that somebody may know of."""
    tasks = await listed(person_id, services)
    async with services.store.read() as work:
        last = await work.runs.last_of([task.id for task in tasks])
    return lists.task_page(tasks, last, services.now(), page=page)


async def _show(intent: intents.ShowTask, ask: Ask, services: Services) -> Reply:
    return _card(await find(intent.ref, ask, services), services, is_public=False)


async def _pause(intent: intents.PauseTask, ask: Ask, services: Services) -> Reply:
    task = await find(intent.ref, ask, services)
    return _card(await services.planner.pause(task.id, by=ask.by), services)


async def _resume(intent: intents.ResumeTask, ask: Ask, services: Services) -> Reply:
    task = await find(intent.ref, ask, services)
    return _card(await services.planner.resume(task.id, by=ask.by), services)


async def _delete(intent: intents.DeleteTask, ask: Ask, services: Services) -> Reply:
    task = await find(intent.ref, ask, services)
    return Reply(message=cards.delete_question(task), persona=task.agent)


async def _run(intent: intents.RunTask, ask: Ask, services: Services) -> Reply:
    return await _start(await find(intent.ref, ask, services), ask, services)


async def _start(task: Task, ask: Ask, services: Services) -> Reply:
    run = await services.planner.run_now(task.id, by=ask.by, request_key=ask.key)
    message = cards.started(task, run)
    return Reply(message=message, persona=task.agent, is_public=True, about=task)


async def _history(intent: intents.ShowHistory, ask: Ask, services: Services) -> Reply:
    ref = intent.ref or intents.TaskRef(it=True)
    task = await find(ref, ask, services)
    async with services.store.read() as work:
        runs = await work.runs.history(task.id, min(intent.limit or HISTORY, 30))
    return _told(stories.history(task, runs, services.now()), ask, persona=task.agent)


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
        return _told(stories.next_runs(task, due, services.now()), ask, persona=task.agent)
    known = await listed(ask.person.id, services)
    tasks = sorted((task for task in known if task.next_run_at is not None), key=_due_at)
    async with services.store.read() as work:
        last = await work.runs.last_of([task.id for task in tasks])
    return _told(lists.found_tasks(tasks, last, services.now()), ask)


def _due_at(task: Task) -> datetime:
    assert task.next_run_at is not None
    return task.next_run_at


async def _edit(intent: intents.EditTask, ask: Ask, services: Services) -> Reply:
    task = await find(intent.ref, ask, services)
    if intent.changes.unscheduled:
        return _told(words.not_yet("settings"), ask)
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
        settles=task.assumed if changes.schedule is not None else (),
    )
    edited = await services.planner.edit(task.id, change, by=ask.by)
    if edited.before.state is TaskState.DRAFT:
        return _card(edited.after, services), edited.after
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
    return _card(undone.after, services, lead="Undone.")


async def _zone(intent: intents.SetZone, ask: Ask, services: Services) -> Reply:
    zone, zone_from = await zone_in(ask.channel, ask.person, services)
    if intent.zone is None:
        return _told(zones.present(zone, zone_from), ask)
    await services.planner.set_zone(ask.channel, intent.zone, by=ask.by)
    return Reply(message=zones.is_set(zone, intent.zone), persona=_voice(ask), is_public=True)


async def _help(_: intents.AskHelp, ask: Ask, services: Services) -> Reply:
    return _told(words.help_text(services.profiles.values()), ask)


async def _unclear(intent: intents.Unclear, ask: Ask, _: Services) -> Reply:
    return _told(words.unclear(intent.understood, intent.question, intent.choices), ask)


async def _later(intent: intents.Intent, ask: Ask, _: Services) -> Reply:
    return _told(words.not_yet("workflow" if intent.kind == "workflow" else "template"), ask)


async def _not_yet(intent: intents.NotYet, ask: Ask, _: Services) -> Reply:
    return _told(words.not_yet(intent.what), ask)


async def _nothing(_: intents.Nothing, ask: Ask, __: Services) -> Reply:
    return _told(words.no_request(), ask)


async def find(ref: intents.TaskRef, ask: Ask, services: Services) -> Task:
    """Find the task that is meant, of those the asker may know; "it" is the thread's own."""
    if ref.number is None and not naming.words_of(ref.text or ""):
        meant = [] if ask.task is None else await services.gate.visible([ask.task], ask.person.id)
        if not meant:  # none, or one that has moved to where the asker can't look
            raise Refused(words.no_task().text)
        return meant[0]
    async with services.store.read() as work:
        tasks = await work.tasks.all()
    known = await services.gate.visible(tasks, ask.person.id)
    return naming.find(known, number=ref.number, text=ref.text)


def _card(task: Task, services: Services, *, lead: str = "", is_public: bool = True) -> Reply:
    due = services.planner.preview(task) if task.state is not TaskState.PAUSED else []
    card = cards.task_card(task, due, services.now(), lead=lead)
    return Reply(message=card, persona=task.agent, is_public=is_public, about=task)


def _told(message: Message, ask: Ask, *, persona: str | None = None) -> Reply:
    return Reply(message=message, persona=persona or _voice(ask))


def _voice(ask: Ask) -> str:
    return ask.persona or (ask.task.agent if ask.task else "anna")


_ANSWERS: dict[type, Answerer] = {
    intents.CreateTask: _create,
    intents.ListTasks: _list,
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
    intents.SetZone: _zone,
    intents.AskHelp: _help,
    intents.Unclear: _unclear,
    intents.NotYet: _not_yet,
    intents.DefineWorkflow: _later,
    intents.SaveTemplate: _later,
    intents.UseTemplate: _later,
    intents.ListTemplates: _later,
    intents.Nothing: _nothing,
}
