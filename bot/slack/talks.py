"""What was last talked about with somebody, where: read before a message is, kept after it.

A talk is kept for the thread of an answer and for the channel around it, so that a person may go on
in either; after half an hour it means nothing any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.intent import talk
from bot.intent.intents import Intent
from bot.intent.talk import Asked
from bot.services import Services
from storage.records import Task
from storage.talks import Talk

LASTS = timedelta(minutes=30)
MOST_TASKS = 5
_CHANNEL = ""
"""The thread of what is said outside of threads."""


async def recall(
    channel: str, thread_ts: str | None, person: str, services: Services
) -> Talk | None:
    """Give what was last talked about with somebody there; None where that is too long ago."""
    async with services.store.read() as work:
        found = await work.talks.get(channel, thread_ts or _CHANNEL, person)
    is_fresh = found is not None and services.now() - found.at <= LASTS
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
    """Remember an answer: the tasks it told of, the request, and what it asked in return."""
    numbers = [int(task.id) for task in tasks] + list(before.tasks if before else ())
    now = Talk(
        channel=channel,
        thread_ts=thread_ts,
        person=person,
        tasks=tuple(dict.fromkeys(numbers))[:MOST_TASKS],
        last=talk.packed(last),
        asked=None if asked is None else asked.model_dump(mode="json"),
        at=services.now(),
    )
    async with services.store.begin() as work:
        await work.talks.put(now)
        await work.talks.put(replace(now, thread_ts=_CHANNEL))


async def settle(channel: str, thread_ts: str | None, person: str, services: Services) -> bool:
    """Take a question as answered, here and around; says whether it was still open."""
    async with services.store.begin() as work:
        was_open = False
        for place in dict.fromkeys((thread_ts or _CHANNEL, _CHANNEL)):
            found = await work.talks.get(channel, place, person)
            if found is not None and found.asked is not None:
                was_open = True
                await work.talks.put(replace(found, asked=None))
    return was_open


async def is_asked(channel: str, thread_ts: str, person: str, services: Services) -> bool:
    """Say whether somebody is being asked something in a thread."""
    found = await recall(channel, thread_ts, person, services)
    return found is not None and found.asked is not None
