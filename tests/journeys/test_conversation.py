"""A conversation goes on: "it", "the weekly one", a bare answer, and who may give it."""

from __future__ import annotations

from datetime import time

from storage.records import Task, TaskState
from storage.schedules import Daily, Weekly
from tests.journeys.books import tasks_in
from tests.journeys.driver import House
from tests.journeys.persona import PLATFORM, Message, Persona, number_in, saying


async def born(who: Persona, text: str) -> tuple[str, Message]:
    """Ask for a task and give its thread and its card."""
    asked = await who.say(f"@Chatcron {text}", PLATFORM)
    return asked, await who.see(saying("· T-"), PLATFORM, asked)


async def the_task(house: House, card: Message) -> Task:
    """Read the task of a card."""
    number = number_in(card, "T")
    return next(task for task in await tasks_in(house.database_url) if task.id == number)


async def state(house: House, card: Message, wanted: TaskState, who: Persona) -> None:
    """Wait until a task stands so."""

    async def stands() -> bool | None:
        return True if (await the_task(house, card)).state is wanted else None

    await who.until(stands)


async def test_it_is_the_task_spoken_of_last(house: House, ravi: Persona) -> None:
    """Outside of its thread, right after its card, "it" is the task; nothing else of it changes."""
    _, card = await born(ravi, "tony check the harbour vacuum every Monday at 6:00")
    before = await the_task(house, card)

    asked = await ravi.say("@Chatcron make it 9:30 instead", PLATFORM)

    await ravi.see(saying("hanged"), PLATFORM, asked)
    after = await the_task(house, card)
    assert isinstance(after.schedule.rule if after.schedule else None, Weekly)
    assert after.schedule is not None
    assert after.schedule.rule.times == (time(9, 30),)  # type: ignore[union-attr]
    kept = ("name", "prompt", "agent", "zone", "channel", "timeout_s", "retries", "notices")
    assert [getattr(after, slot) for slot in kept] == [getattr(before, slot) for slot in kept]


async def test_which_one_is_answered_in_words(house: House, ravi: Persona) -> None:
    """The weekly one answers "Which one?", and the request goes on with it."""
    _, daily = await born(ravi, "tony daily quay report every day at 6:00")
    _, weekly = await born(ravi, "tony weekly quay report every Monday at 6:00")

    asked = await ravi.say("@Chatcron pause the quay report", PLATFORM)
    await ravi.see(saying("Which one"), PLATFORM)
    await ravi.say("@Chatcron the weekly one", PLATFORM, thread_ts=asked)

    await state(house, weekly, TaskState.PAUSED, ravi)
    assert (await the_task(house, daily)).state is TaskState.ACTIVE


async def test_no_the_other_one(house: House, ravi: Persona) -> None:
    """Who meant another task need not say the rest again."""
    _, first = await born(ravi, "tony check the pier vacuum every day at 6:00")
    _, other = await born(ravi, "tony check the pier bloat every day at 7:00")

    asked = await ravi.say(f"@Chatcron pause T-{number_in(first, 'T')}", PLATFORM)
    await state(house, first, TaskState.PAUSED, ravi)
    await ravi.say("@Chatcron no, the pier bloat", PLATFORM, thread_ts=asked)

    await state(house, other, TaskState.PAUSED, ravi)


async def test_yes_deletes_and_only_who_was_asked_may_say_it(
    house: House, ravi: Persona, maya: Persona
) -> None:
    """A question waits for whoever it was put to; a yes of somebody else does nothing."""
    thread, card = await born(ravi, "tony check the mole vacuum every day at 6:00")
    await ravi.say("delete it", PLATFORM, thread_ts=thread)
    await ravi.see(saying("Delete"), PLATFORM, thread)

    await maya.say("@Chatcron yes", PLATFORM, thread_ts=thread)
    await maya.see(saying("no request"), PLATFORM, thread)
    assert (await the_task(house, card)).state is TaskState.ACTIVE
    await ravi.say("yes", PLATFORM, thread_ts=thread)

    await state(house, card, TaskState.REMOVED, ravi)


async def test_a_question_survives_a_restart(house: House, ravi: Persona) -> None:
    """What was asked is kept in the database, and answered by whichever process is there."""
    thread, card = await born(ravi, "tony check the lock vacuum every day at 6:00")
    await ravi.say("delete it", PLATFORM, thread_ts=thread)
    await ravi.see(saying("Delete"), PLATFORM, thread)
    assert house.bot.end() == 0
    house.run()
    await ravi.say("no", PLATFORM, thread_ts=thread)
    await ravi.see(saying("Withdrawn"), PLATFORM, thread)

    task = await the_task(house, card)
    assert task.state is TaskState.ACTIVE
    assert task.schedule is not None
    assert isinstance(task.schedule.rule, Daily)
