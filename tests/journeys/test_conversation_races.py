"""A question has one answer: by a button or by words, whichever comes first."""

from __future__ import annotations

from datetime import time

from storage.records import TaskState
from storage.schedules import Daily, Several, Weekday, Weekly
from tests.journeys.books import tasks_in
from tests.journeys.driver import House
from tests.journeys.persona import (
    FINOPS,
    PLATFORM,
    Message,
    Persona,
    labels_of,
    number_in,
    saying,
)
from tests.journeys.test_conversation import born, state, the_task


async def test_yes_after_the_click_is_told_of_it(house: House, ravi: Persona) -> None:
    """Words after the click of Delete do nothing again, and say how the task stands."""
    thread, card = await born(ravi, "tony check the jetty vacuum every day at 6:00")
    await ravi.say("delete it", PLATFORM, thread_ts=thread)
    question = await ravi.see(saying("Delete *Check the jetty"), PLATFORM, thread)
    await ravi.click(question, "Delete")
    await state(house, card, TaskState.REMOVED, ravi)

    await ravi.say("yes", PLATFORM, thread_ts=thread)

    await ravi.see(saying("answered that already", "is gone"), PLATFORM, thread)


async def test_a_second_yes_is_told_of_the_first(house: House, ravi: Persona) -> None:
    """Whoever says yes twice is told that it was done at the first."""
    thread, card = await born(ravi, "tony check the groyne vacuum every day at 6:00")
    await ravi.say("delete it", PLATFORM, thread_ts=thread)
    question = await ravi.see(saying("Delete *Check the groyne"), PLATFORM, thread)
    await ravi.say("yes", PLATFORM, thread_ts=thread)
    await state(house, card, TaskState.REMOVED, ravi)

    await ravi.say("yes do it", PLATFORM, thread_ts=thread)
    await ravi.see(saying("answered that already", "is gone"), PLATFORM, thread)
    await ravi.click(question, "Delete")
    await ravi.see(saying("old, so nothing changed"), PLATFORM)

    assert (await the_task(house, card)).state is TaskState.REMOVED


async def test_yes_after_keep_deletes_nothing(house: House, ravi: Persona) -> None:
    """A click of Keep is the answer, and a later yes no other."""
    thread, card = await born(ravi, "tony check the buoy vacuum every day at 6:00")
    await ravi.say("delete it", PLATFORM, thread_ts=thread)
    question = await ravi.see(saying("Delete *Check the buoy"), PLATFORM, thread)
    await ravi.click(question, "Keep")
    await ravi.see(saying("Kept; nothing changed"), PLATFORM, thread)

    await ravi.say("yes", PLATFORM, thread_ts=thread)

    await ravi.see(saying("answered that already", "is on"), PLATFORM, thread)
    assert (await the_task(house, card)).state is TaskState.ACTIVE


async def test_several_are_paused_by_a_yes_and_once(house: House, sam: Persona) -> None:
    """A yes in words does to several what the button would, and a second one nothing."""
    _, card = await born(sam, "tony check the marina vacuum every day at 6:00")

    asked = await sam.say("@Chatcron pause all of my tasks in this channel", PLATFORM)
    await sam.see(saying("Pause 1 task?"), PLATFORM)
    await sam.say("yes", PLATFORM, thread_ts=asked)
    await state(house, card, TaskState.PAUSED, sam)
    await sam.say("yes", PLATFORM, thread_ts=asked)

    await sam.see(saying("answered that already"), PLATFORM, asked)


async def test_yes_after_the_click_on_several_does_nothing(house: House, maya: Persona) -> None:
    """What a click cancelled for several is not done at a later yes."""
    _, card = await born(maya, "tony check the wharf vacuum every day at 6:00")

    asked = await maya.say("@Chatcron pause all of my tasks in this channel", PLATFORM)
    question = await maya.see(saying("Pause 1 task?"), PLATFORM)
    await maya.click(question, "Cancel")
    await maya.see(saying("Cancelled; nothing changed"), PLATFORM)
    await maya.say("yes", PLATFORM, thread_ts=asked)

    await maya.see(saying("answered that already"), PLATFORM, asked)
    assert (await the_task(house, card)).state is TaskState.ACTIVE


async def test_another_audience_is_answered_in_words(house: House, ravi: Persona) -> None:
    """A yes moves the task to the channel that was asked about; a no leaves it there."""
    thread, card = await born(ravi, "tony check the lagoon vacuum every day at 6:00")
    await ravi.say("post it in #finops instead", PLATFORM, thread_ts=thread)
    await ravi.see(saying("Nothing changes until you choose"), PLATFORM, thread)
    await ravi.say("no", PLATFORM, thread_ts=thread)
    await ravi.see(saying("Withdrawn"), PLATFORM, thread)
    assert (await the_task(house, card)).channel == PLATFORM

    await ravi.say("post it in #finops instead", PLATFORM, thread_ts=thread)
    await ravi.see(saying("Nothing changes until you choose"), PLATFORM, thread, count=2)
    await ravi.say("ok do it", PLATFORM, thread_ts=thread)

    async def moved() -> bool | None:
        number = number_in(card, "T")
        [task] = [each for each in await tasks_in(house.database_url) if each.id == number]
        return True if task.channel == FINOPS else None

    await ravi.until(moved)


async def test_anothers_it_is_the_threads_task(house: House, ravi: Persona, maya: Persona) -> None:
    """Whoever says "it" in a task's thread means that task, whatever they spoke of elsewhere."""
    thread, card = await born(ravi, "tony check the canal lock vacuum every day at 6:00")
    _, own = await born(maya, "tony check the ferry vacuum every day at 7:00")

    await maya.say("@Chatcron pause it", PLATFORM, thread_ts=thread)

    await state(house, card, TaskState.PAUSED, maya)
    assert (await the_task(house, own)).state is TaskState.ACTIVE


async def test_anothers_no_takes_back_no_question(
    house: House, ravi: Persona, maya: Persona
) -> None:
    """A question is still open for whoever it was put to after somebody else's "never mind"."""
    thread, card = await born(ravi, "tony check the tug vacuum every day at 6:00")
    await ravi.say("delete it", PLATFORM, thread_ts=thread)
    await ravi.see(saying("Delete *Check the tug"), PLATFORM, thread)

    await maya.say("@Chatcron never mind", PLATFORM, thread_ts=thread)
    await maya.see(saying("no request"), PLATFORM, thread)
    await ravi.say("yes", PLATFORM, thread_ts=thread)

    await state(house, card, TaskState.REMOVED, ravi)


async def test_a_new_time_for_one_of_two_rules_asks_which(house: House, ravi: Persona) -> None:
    """Both rules are named; “the first” changes that one and leaves the other as it was."""
    said = "tony check the lock vacuum every day at 6:00 and Fridays at 17:00"
    thread, card = await born(ravi, said)

    await ravi.say("make it 7:00 instead", PLATFORM, thread_ts=thread)
    both = saying("Which one", "every day at 06:00", "Fridays at 17:00")
    asked = await ravi.see(both, PLATFORM, thread)
    assert labels_of(asked) == ["Every day at 07:00", "Fridays at 07:00", "Both"]
    await ravi.say("the first", PLATFORM, thread_ts=thread)

    await ravi.see(saying("every day at 07:00 and Fridays at 17:00"), PLATFORM, thread)
    task = await the_task(house, card)
    assert task.schedule is not None
    assert task.schedule.rule == Several(
        rules=(
            Daily(times=(time(7),)),
            Weekly(weekdays=(Weekday.FRIDAY,), times=(time(17),)),
        )
    )


async def draft(who: Persona, text: str) -> tuple[str, Message]:
    """Ask for what needs a yes first, and give its thread and the question."""
    asked = await who.say(f"@Chatcron {text}", PLATFORM)
    return asked, await who.see(saying("Nothing runs until you choose"), PLATFORM, asked)


async def test_a_draft_is_made_by_a_yes_and_once(house: House, ravi: Persona) -> None:
    """A yes in words turns a draft on, and its card with it; another yes changes nothing."""
    thread, card = await draft(ravi, "tony check the dyke vacuum every 31st at 6:00")
    await ravi.say("ok do it", PLATFORM, thread_ts=thread)
    await state(house, card, TaskState.ACTIVE, ravi)
    made = await the_task(house, card)
    shown = await ravi.see(saying("is on", "Run now"), PLATFORM, thread)
    assert shown["ts"] == card["ts"]
    await ravi.see(saying("is on", "First:"), PLATFORM, thread)

    await ravi.say("yes do it", PLATFORM, thread_ts=thread)
    await ravi.see(saying("answered that already", "is on"), PLATFORM, thread)

    assert await the_task(house, card) == made


async def test_yes_after_the_click_makes_no_second(house: House, ravi: Persona) -> None:
    """A draft that a click turned on is not turned on again, and nothing runs."""
    thread, card = await draft(ravi, "tony check the levee vacuum every 31st at 6:00")
    await ravi.click(card, next(label for label in labels_of(card) if label != "Cancel"))
    await state(house, card, TaskState.ACTIVE, ravi)

    await ravi.say("yes", PLATFORM, thread_ts=thread)

    await ravi.see(saying("answered that already", "is on"), PLATFORM, thread)


async def test_never_mind_cancels_a_draft(house: House, ravi: Persona) -> None:
    """A no in words is the Cancel of a draft."""
    thread, card = await draft(ravi, "tony check the dam vacuum every 31st at 6:00")

    await ravi.say("never mind", PLATFORM, thread_ts=thread)

    await ravi.see(saying("Cancelled; nothing will run"), PLATFORM, thread)
    assert (await the_task(house, card)).state is TaskState.REMOVED
