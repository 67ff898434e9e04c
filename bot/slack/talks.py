"""What was last talked about with somebody, where: read before a message is, kept after it.

A talk is kept for the thread of an answer and for the channel around it, so that a person may go on
in either; after half an hour it means nothing any more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.intent import followups, packing, reader, talk
from bot.intent.changes import apply_change
from bot.intent.intents import Intent
from bot.intent.reading import Reading
from bot.intent.talk import (
    Asked,
    Known,
    Meant,
    Settled,
    ShallCreate,
    ShallI,
    ShallPress,
    ShallTake,
    WhatTime,
    WhichTask,
)
from bot.services import Services
from bot.slack.asking import Ask
from bot.slack.clicks import Click
from bot.slack.middleware import TALK_LASTS
from storage.records import Task, TaskId
from storage.talks import Talk

MOST_TASKS = 5
_ANSWERS = ("answer", "cancel", "take", "delete", "redirect", "keep", "tell", "choose", "accept")
"""The buttons of questions, by what they do."""
_CHANNEL = ""
"""The thread of what is said outside of threads."""


async def recall(
    channel: str, thread_ts: str | None, person: str, services: Services
) -> Talk | None:
    """Give what was last talked about with somebody there; None where that is too long ago."""
    async with services.store.read() as work:
        found = await work.talks.get(channel, thread_ts or _CHANNEL, person)
    is_fresh = found is not None and services.now() - found.at <= TALK_LASTS
    return found if is_fresh else None


async def keep(
    before: Talk | None,
    *,
    channel: str,
    thread_ts: str,
    person: str,
    tasks: Sequence[Task],
    last: Intent,
    asked: Asked | None,
    services: Services,
) -> None:
    """Remember an answer: the tasks it told of, the newest first, the request, and what it asked.

    An answer that told of none speaks of the same as before.
    """
    together = len(tasks) or (before.together if before else 1)
    numbers = [int(task.id) for task in tasks] + list(before.tasks if before else ())
    now = Talk(
        channel=channel,
        thread_ts=thread_ts,
        person=person,
        tasks=tuple(dict.fromkeys(numbers))[:MOST_TASKS],
        together=together,
        last=packing.packed(last),
        asked=None if asked is None else packing.packed(asked),
        at=services.now(),
    )
    async with services.store.begin() as work:
        await work.talks.put(now)
        await work.talks.put(replace(now, thread_ts=_CHANNEL))


async def settle(
    channel: str,
    person: str,
    services: Services,
    *,
    fits: Callable[[Asked], bool],
    task: int | None = None,
    done: str = "",
) -> bool:
    """Take a question as answered wherever it waits in a channel; says whether it was open.

    `done` is what a yes does to several tasks, so that it can be undone.
    """
    settled = packing.packed(Settled(task=task, done=done))
    was_open = False
    async with services.store.begin() as work:
        for found in await work.talks.with_person(channel, person):
            asked = talk.asked_of(found.asked)
            if asked is None or isinstance(asked, Settled) or not fits(asked):
                continue
            was_open = True
            await work.talks.put(replace(found, asked=settled))
    return was_open


async def settle_by(click: Click, services: Services) -> None:
    """Take the question that a button answers as answered, so that words do not again."""
    if click.verb not in _ANSWERS or click.extra == "delete":  # of a menu: it asks only then
        return
    number, at = int(click.task.id), click.body.get("channel") or {}
    await settle(
        at.get("id", click.task.channel),
        click.person.id,
        services,
        fits=lambda asked: _concerns(asked, number),
        task=number,
    )


async def ask_here(click: Click, asked: ShallI, services: Services) -> None:
    """Let the question that a line of a card's menu asks wait for words in the card's thread."""
    at = click.body.get("message") or {}
    channel = (click.body.get("channel") or {}).get("id")
    last = packing.unpacked(asked.intent)
    if channel is None or last is None:
        return
    await keep(
        None,
        channel=channel,
        thread_ts=at.get("thread_ts") or at.get("ts") or _CHANNEL,
        person=click.person.id,
        tasks=(click.task,),
        last=last,
        asked=asked,
        services=services,
    )


async def ask_on(channel: str, person: str, task: Task, asked: Asked, services: Services) -> None:
    """Let the question that the choice of a task led to wait where the choice was asked for."""
    chosen = Settled(task=int(task.id))
    async with services.store.begin() as work:
        for found in await work.talks.with_person(channel, person):
            if talk.asked_of(found.asked) != chosen:
                continue
            tasks = tuple(dict.fromkeys((int(task.id), *found.tasks)))[:MOST_TASKS]
            waits = packing.packed(asked)
            now = services.now()
            await work.talks.put(replace(found, tasks=tasks, together=1, asked=waits, at=now))


def _concerns(asked: Asked, task: int) -> bool:
    return task == task_of(asked) or (isinstance(asked, WhichTask) and task in asked.choices)


def task_of(asked: Asked) -> int | None:
    """Give the one task that a question is about, if it is about one."""
    match asked:
        case WhatTime(task=number) | ShallCreate(task=number) | Settled(task=number):
            return number
        case ShallTake(task=number):
            return number
        case ShallI():
            about = getattr(packing.unpacked(asked.intent), "ref", None)
            return None if about is None else about.number
        case ShallPress(value=value):
            first = value.partition(":")[0]
            return int(first) if first.isdecimal() else None
        case _:
            return None


async def spoken_of(found: Talk | None, person: str, services: Services) -> list[Task]:
    """Give the tasks that were last spoken of with somebody, as far as they may know them.

    Those that are gone are among them: what is said of "it" after a delete is about no other.
    """
    if found is None:
        return []
    async with services.store.read() as work:
        tasks = [await work.tasks.get(TaskId(number)) for number in found.tasks]
    return await services.gate.visible([task for task in tasks if task is not None], person)


async def meant(
    text: str, before: Talk | None, ask: Ask, zone: str, services: Services
) -> Meant | None:
    """Give what words mean because of what was said before; None where they stand alone."""
    if before is None:
        return None
    agents = frozenset(services.profiles)

    def read(said: str) -> Reading:
        return reader.read(said, now=services.now(), zone=zone, agents=agents, in_thread=True)

    asked = talk.asked_of(before.asked)
    if asked is not None:
        offered = asked.choices if isinstance(asked, talk.WhichTask) else ()
        answer = talk.answered(asked, text, await _known(offered, ask, services), read)
        if answer is not None:
            return answer
    last = packing.unpacked(before.last)
    like = followups.alike(last, text, read)
    if like is not None:
        made, change = like
        schedule, assumed = apply_change(made.schedule, change, services.now(), zone)
        again = replace(made, schedule=schedule, assumed=assumed)
        return Meant(intents=(again,))
    spoken = await _known(before.tasks, ask, services)
    return followups.followed(last, text, spoken, agents, read)


async def _known(numbers: Sequence[int], ask: Ask, services: Services) -> list[Known]:
    async with services.store.read() as work:
        tasks = [await work.tasks.get(TaskId(number)) for number in numbers]
    present = [task for task in tasks if task is not None]
    seen = await services.gate.visible(present, ask.person.id)
    return [Known(number=int(task.id), name=task.name) for task in seen]
