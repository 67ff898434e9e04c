"""Answers to requests for new tasks, as they are said or from a template, and about templates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.blocks import answers, audiences, words
from bot.intent import intents
from bot.services import Services
from bot.slack import audience, reruns
from bot.slack.asking import Ask, Reply, card_of, find, told_alone, zone_in
from bot.slack.notice_answers import resolved
from bot.slack.task_answers import start
from scheduler import templates
from scheduler.shelf import filled
from scheduler.wishes import CONFIRM, Wish
from storage.policies import Missed, Notice, Overlap
from storage.records import Hold, Task, TaskState

_TWIN = "You already have this one; nothing was created."


async def create(intent: intents.CreateTask, ask: Ask, services: Services) -> Reply | None:
    """Make a task; None where the card that it owes is the answer."""
    again = await reruns.once_more(intent, ask, services)
    if again is not None:
        return again
    wish = await _wish(intent, ask, services)
    created = await services.planner.create(wish)
    task = created.task
    if created.is_twin:
        return card_of(task, services, ask, lead=_TWIN, is_public=False)
    if task.state is TaskState.DRAFT:
        return await _draft(task, wish, ask, services)
    if intent.run_now:
        return await start(task, ask, services)
    return None if task.channel == ask.channel else card_of(task, services, ask)


async def _draft(task: Task, wish: Wish, ask: Ask, services: Services) -> Reply | None:
    """Show the asker a draft that nobody else is to see yet, with who would read it."""
    if task.hold is not Hold.INVITATION and not wish.alone:
        return None
    place = await services.directory.place(task.channel)
    if task.channel == ask.channel or place is None:
        return card_of(task, services, ask, is_public=False)
    lead = audiences.who_reads(place, readers=await audience.readers(place, services))
    return card_of(task, services, ask, lead=lead, is_public=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Goal:
    """Where a new task posts and whom it tells; what of it is to be confirmed."""

    channel: str
    notices: tuple[Notice, ...]
    assumed: tuple[str, ...]
    is_elsewhere: bool


async def _wish(intent: intents.CreateTask, ask: Ask, services: Services) -> Wish:
    named = intent.agent or ask.persona
    template = templates.match(named, intent.prompt) or templates.of_prompt(intent.prompt)
    zone, zone_from = await zone_in(ask.channel, ask.person, services)
    if intent.zone_in_text is not None and intent.schedule is not None:
        zone, zone_from = intent.schedule.zone, "as you said"
    schedule = intent.schedule and replace(intent.schedule, zone=zone)  # not its thread's task's
    settings: dict[str, Any] = {
        "timeout_s": intent.timeout_s,
        "retries": intent.retries,
        "overlap": None if intent.overlap is None else Overlap(intent.overlap),
        "missed": None if intent.missed is None else Missed(intent.missed),
    }
    goal = await _goal(intent, ask, services)
    return Wish(
        agent=(template.agent if template else None)
        or named
        or templates.choose_agent(intent.prompt)
        or "anna",
        name=intent.name,
        prompt=template.prompt if template else intent.prompt,
        template=template.name if template else None,
        schedule=schedule,
        assumed=goal.assumed,
        zone=zone,
        zone_from=zone_from,
        channel=goal.channel,
        asked_in=ask.channel,
        thread_ts=None if goal.is_elsewhere else ask.thread_ts,
        notices=goal.notices,
        owner=ask.person.id,
        origin=ask.origin,
        request_key=ask.key,
        alone=ask.alone or goal.is_elsewhere,
        **{name: value for name, value in settings.items() if value is not None},
    )


async def _goal(intent: intents.CreateTask, ask: Ask, services: Services) -> _Goal:
    """Say where results go: where it was said, else where this channel has them go, else here.

    Another place that was named, and telling people who could not read it here, are confirmed.
    """
    is_named = intent.channel is not None
    if intent.channel is not None:
        channel = await audience.resolve(intent.channel, ask.by, services)
    else:
        place = await services.directory.place(ask.channel)
        channel = (place and place.posts_to) or ask.channel
    told = [each for each in intent.notify if not _is_its_place(each, ask)]
    notices = await resolved(tuple(told), ask, services)
    notices = tuple(each for each in notices if each.target != channel)
    is_elsewhere = channel != ask.channel
    asks = (is_named and is_elsewhere) or await audience.is_wider(notices, channel, services)
    assumed = intent.assumed
    if asks and not assumed:
        assumed = (answers.WHETHER,) if intent.run_now else (CONFIRM,)
    return _Goal(channel=channel, notices=notices, assumed=assumed, is_elsewhere=is_elsewhere)


def _is_its_place(each: intents.Notice, ask: Ask) -> bool:
    """Say whether a notice tells those who read the results anyway: "tell us when it is done"."""
    return audience.is_here(each.target) and each.by == "slack" and not ask.channel.startswith("D")


async def use_template(intent: intents.UseTemplate, ask: Ask, services: Services) -> Reply | None:
    """Make a task from a template; a time that nobody said now is asked."""
    template = await services.shelf.find(intent.template, by=ask.by)
    made = filled(template, dict(intent.variables))
    zone = (await zone_in(ask.channel, ask.person, services))[0]
    schedule, assumed = intent.schedule, intent.assumed
    if schedule is None and not intent.run_now and made.schedule is not None:
        schedule, assumed = replace(made.schedule, zone=zone), (CONFIRM,)
    if schedule is None and not intent.run_now:
        assumed = (answers.WHETHER,)
    wanted = intents.CreateTask(
        agent=intent.agent or made.agent,
        name=made.name[:1].upper() + made.name[1:],
        prompt=made.prompt,
        schedule=schedule,
        zone_in_text=intent.zone_in_text,
        assumed=assumed,
        choices=intent.choices,
        run_now=intent.run_now,
    )
    return await create(wanted, ask, services)


async def save_template(intent: intents.SaveTemplate, ask: Ask, services: Services) -> Reply:
    """Keep a task's work under a name."""
    task = await find(intent.ref, ask, services)
    kept = await services.shelf.save(task.id, intent.name, by=ask.by)
    return told_alone(words.template_saved(kept), ask, persona=task.agent)


async def list_templates(_: intents.ListTemplates, ask: Ask, services: Services) -> Reply:
    """Show the templates that the asker may see."""
    return told_alone(words.templates(await services.shelf.all(by=ask.by)), ask)
