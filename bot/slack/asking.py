"""Who asks what of whom and what is said back, and the questions every answer begins with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.blocks import cards, words
from bot.blocks.cards import Message
from bot.intent import intents
from bot.intent.intents import Intent
from bot.intent.talk import Asked
from bot.services import Services
from scheduler import naming
from scheduler.errors import AmbiguousTask, Refused, UnknownTask
from scheduler.planner import UNDO_FOR
from scheduler.sentences import zone_name
from storage.records import Actor, Origin, Person, Task, TaskState

LISTED = (TaskState.DRAFT, TaskState.ACTIVE, TaskState.PAUSED, TaskState.COMPLETED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Who asks what of whom, where: `key` is the same when the same request comes again.

    `persona` is the agent that was called, `task` the task whose thread this is, or where there are
    `rivals`, one of those. `last` is what was asked there before. Times were said on the wall of
    `zone`, where that is not what `zone_in` gives. What is asked `alone` is answered to the asker
    alone.
    """

    person: Person
    origin: Origin
    channel: str
    thread_ts: str | None
    key: str
    persona: str | None = None
    task: Task | None = None
    rivals: tuple[Task, ...] = ()
    last: Intent | None = None
    zone: str | None = None
    alone: bool = False

    @property
    def by(self) -> Actor:
        """Give the asker as the Planner knows them."""
        return Actor(id=self.person.id, origin=self.origin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to say, under whose name, and whether all may read it; `about` is the task it tells of.

    What tells of a task that some readers of the place must not know of is never public. `asked` is
    the question it asks, where words may answer it; the cards of `changed` are brought up to date
    once it is said.
    """

    message: Message
    persona: str
    is_public: bool = False
    about: Task | None = None
    asked: Asked | None = None
    changed: tuple[Task, ...] = ()


Answerer = Callable[[Any, Ask, Services], Awaitable[Reply | None]]


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


async def listed(person_id: str, services: Services) -> list[Task]:
    """Give every task that a list would show to somebody, oldest first."""
    async with services.store.read() as work:
        tasks = [task for task in await work.tasks.all() if task.state in LISTED]
    return await services.gate.visible(tasks, person_id)


async def find(
    ref: intents.TaskRef, ask: Ask, services: Services, *, removed: bool = False
) -> Task:
    """Find the task that is meant, of those the asker may know; "it" is the thread's own.

    One that is gone is found with `removed` only; without, the refusal says how it comes back.
    Raises UnknownTask, or AmbiguousTask with those that it may be.
    """
    if ref.number is None and not naming.words_of(ref.text or ""):
        return await _it(ask, services, removed=removed)
    async with services.store.read() as work:
        tasks = await work.tasks.all()
    known = await services.gate.visible(tasks, ask.person.id)
    try:
        return naming.find(known, number=ref.number, text=ref.text)
    except UnknownTask as unknown:
        gone = await _gone(ref, ask, services)
        if gone is None:
            raise
        if removed:
            return gone
        raise _no_longer(gone) from unknown


async def _it(ask: Ask, services: Services, *, removed: bool) -> Task:
    likely = ask.rivals or (() if ask.task is None else (ask.task,))
    meant = await services.gate.visible(likely, ask.person.id)
    if not meant:  # none, or one that has moved to where the asker can't look
        raise Refused(words.no_task().text)
    if len(meant) > 1:
        raise AmbiguousTask("Which one?", choices=tuple(sorted(meant, key=lambda task: task.id)))
    if meant[0].state is TaskState.REMOVED and not removed:
        raise _no_longer(meant[0])
    return meant[0]


async def _gone(ref: intents.TaskRef, ask: Ask, services: Services) -> Task | None:
    """Find what went in the last day, of several the one that went last."""
    async with services.store.read() as work:
        tasks = await work.tasks.all(removed=True)
    since = services.now() - UNDO_FOR
    lately = [
        task for task in tasks if task.state is TaskState.REMOVED and task.updated_at >= since
    ]
    known = await services.gate.visible(lately, ask.person.id)
    try:
        return naming.find(known, number=ref.number, text=ref.text)
    except AmbiguousTask as error:
        return max(error.choices, key=lambda task: task.updated_at)
    except UnknownTask:
        return None


def _no_longer(task: Task) -> UnknownTask:
    """Say that a task is gone, and what brings it back."""
    sentence = f"{task.name} (T-{task.id}) is gone."
    return UnknownTask(sentence, fix=f"“undo T-{task.id}” brings it back for 24 hours.")


async def end_of(pause: intents.Pause | None, ask: Ask, services: Services) -> datetime | None:
    """Give the instant at which a pause ends, by the wall that its day and time were said on."""
    if pause is None:
        return None
    zone = (await zone_in(ask.channel, ask.person, services))[0]
    wall = datetime.combine(pause.on, pause.at or time(), tzinfo=ZoneInfo(ask.zone or zone))
    return wall.astimezone(UTC)


def card_of(
    task: Task, services: Services, ask: Ask, *, lead: str = "", is_public: bool = True
) -> Reply:
    """Reply with a task's card as it is now."""
    due = services.planner.preview(task) if task.state is not TaskState.PAUSED else []
    is_here = ask.channel == task.channel
    card = cards.task_card(task, due, services.now(), lead=lead, is_here=is_here)
    return Reply(message=card, persona=task.agent, is_public=is_public, about=task)


def settled(before: Task, after: Task, services: Services, ask: Ask) -> Reply:
    """Reply to what answered a draft: in short where its card stands, with the card elsewhere."""
    is_shown = after.card_ts is not None and after.channel == ask.channel
    if after.state is TaskState.DRAFT or not is_shown:
        lead = cards.saved(before, after)
        return card_of(after, services, ask, lead=lead, is_public=after.channel == ask.channel)
    due = services.planner.preview(after) if after.state is TaskState.ACTIVE else []
    message = cards.settled(before, after, due, services.now())
    return Reply(message=message, persona=after.agent, is_public=True, about=after)


async def show_present_card(task: Task, services: Services) -> bool:
    """Bring the task's own card up to date, where it stands; False where none could be."""
    if task.card_ts is None:
        return False
    due = services.planner.preview(task) if task.state is TaskState.ACTIVE else []
    card = cards.task_card(task, due, services.now())
    return await services.speaker.change(task.channel, task.card_ts, card)


async def show_present_cards(tasks: Iterable[Task], services: Services) -> None:
    """Bring the cards of several tasks up to date, one after the other."""
    for task in tasks:
        await show_present_card(task, services)


def told_alone(message: Message, ask: Ask, *, persona: str | None = None) -> Reply:
    """Reply to the asker alone."""
    return Reply(message=message, persona=persona or voice(ask))


def voice(ask: Ask) -> str:
    """Say under whose name an answer is given."""
    return ask.persona or (ask.task.agent if ask.task else "anna")
