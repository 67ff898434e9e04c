"""Taking back in words: what was deleted comes back, and nothing goes that nobody meant."""

from __future__ import annotations

from datetime import time

from storage.records import TaskState
from storage.schedules import Daily
from tests.journeys.books import talks_in
from tests.journeys.driver import House
from tests.journeys.persona import PLATFORM, Persona, number_in, saying
from tests.journeys.test_conversation import born, state, the_task


async def test_what_was_deleted_comes_back_by_its_number(house: House, ravi: Persona) -> None:
    """A deleted task is undone outside its thread, and anything else says how it comes back."""
    thread, card = await born(ravi, "tony check the quay vacuum every day at 6:00")
    number = number_in(card, "T")
    await ravi.say("delete it", PLATFORM, thread_ts=thread)
    await ravi.see(saying("Delete *"), PLATFORM, thread)
    await ravi.say("yes", PLATFORM, thread_ts=thread)
    await state(house, card, TaskState.REMOVED, ravi)

    await ravi.say(f"@Chatcron pause T-{number}", PLATFORM)
    await ravi.see(saying("is gone", f"“undo T-{number}” brings it back"), PLATFORM)
    await ravi.say(f"@Chatcron undo T-{number}", PLATFORM)

    await state(house, card, TaskState.ACTIVE, ravi)


async def test_undo_after_a_delete_means_the_deleted_one(house: House, ravi: Persona) -> None:
    """Right after a delete "undo" is about what went, and not about the task spoken of before."""
    _, other = await born(ravi, "tony check the mole vacuum every day at 6:00")
    thread, card = await born(ravi, "tony check the mole bloat every day at 7:00")
    await ravi.say("delete it", PLATFORM, thread_ts=thread)
    await ravi.see(saying("Delete *"), PLATFORM, thread)
    await ravi.say("yes", PLATFORM, thread_ts=thread)
    await state(house, card, TaskState.REMOVED, ravi)

    await ravi.say("@Chatcron undo", PLATFORM)

    await state(house, card, TaskState.ACTIVE, ravi)
    assert (await the_task(house, other)).state is TaskState.ACTIVE


async def test_undo_after_a_run_deletes_nothing(house: House, ravi: Persona) -> None:
    """A run is not a change: what was changed before it, the making of the task, stays."""
    thread, card = await born(ravi, "tony check the pier vacuum every day at 6:00")
    await ravi.say("run it", PLATFORM, thread_ts=thread)
    await ravi.see(saying("Running"), PLATFORM, thread)

    await ravi.say("undo", PLATFORM, thread_ts=thread)
    await ravi.see(saying("A run can't be taken back"), PLATFORM, thread)
    await ravi.say(f"@Chatcron undo T-{number_in(card, 'T')}", PLATFORM, thread_ts=thread)

    await ravi.see(saying("Delete *"), PLATFORM, thread)
    assert (await the_task(house, card)).state is TaskState.ACTIVE


async def test_what_was_done_to_several_is_undone_for_all(house: House, sam: Persona) -> None:
    """A bulk pause shows on each card, and is taken back as one, after it was asked whether to."""
    thread, first = await born(sam, "tony check the north lock every day at 6:00")
    _, other = await born(sam, "tony check the south lock every day at 7:00")
    asked = await sam.say("@Chatcron pause all my tasks here", PLATFORM)
    await sam.see(saying("Pause 2 tasks?"), PLATFORM)
    await sam.say("yes", PLATFORM, thread_ts=asked)
    await state(house, other, TaskState.PAUSED, sam)
    await sam.see(saying("is paused", "Resume"), PLATFORM, thread)

    await sam.say("undo that", PLATFORM, thread_ts=asked)
    await sam.see(saying("Undo that for 2 tasks?"), PLATFORM, asked)
    assert (await the_task(house, first)).state is TaskState.PAUSED
    await sam.say("yes", PLATFORM, thread_ts=asked)

    await state(house, first, TaskState.ACTIVE, sam)
    await state(house, other, TaskState.ACTIVE, sam)


async def test_of_two_made_at_once_it_is_asked_which(house: House, ravi: Persona) -> None:
    """After one message that made two tasks, "it" may be either, and the answer in words is one."""
    both = "tony check the east lock every day at 6:00 and alex report the spend every day at 6:15"
    asked = await ravi.say(f"@Chatcron {both}", PLATFORM)
    second = await ravi.see(saying("Report the spend", "· T-"), PLATFORM, asked)
    first = await ravi.see(saying("Check the east lock", "· T-"), PLATFORM, asked)

    which = await ravi.say("@Chatcron make it 10", PLATFORM)
    await ravi.see(saying("Which one should I change?"), PLATFORM)
    await ravi.say("the first one", PLATFORM, thread_ts=which)
    await ravi.see(saying("Changed: every day at 06:00"), PLATFORM, which)

    schedules = [(await the_task(house, card)).schedule for card in (first, second)]
    assert [each and each.rule for each in schedules] == [
        Daily(times=(time(10),)),
        Daily(times=(time(6, 15),)),
    ]


async def test_a_choice_by_button_goes_on_in_words(house: House, maya: Persona) -> None:
    """What a choice leads to is asked, and "yes" answers it."""
    _, card = await born(maya, "tony check the upper weir every day at 6:00")
    _, other = await born(maya, "tony check the lower weir every day at 7:00")
    asked = await maya.say("@Chatcron delete the weir check", PLATFORM)
    which = await maya.see(saying("Which one should I delete?"), PLATFORM)
    await maya.click(which, f"T-{number_in(card, 'T')} Check the upper weir")
    await maya.see(saying("Delete *Check the upper weir*"), PLATFORM)

    await maya.say("@Chatcron yes", PLATFORM, thread_ts=asked)

    await state(house, card, TaskState.REMOVED, maya)
    assert (await the_task(house, other)).state is TaskState.ACTIVE


async def test_a_bystander_does_not_answer_a_draft(
    house: House, ravi: Persona, maya: Persona
) -> None:
    """What an admin says to others in a draft's thread arms nothing; said to us, it does."""
    asked = await ravi.say("@Chatcron anna review the fairway on Tuesdays", PLATFORM)
    card = await ravi.see(saying("What time"), PLATFORM, asked)

    await maya.say("9", PLATFORM, thread_ts=asked)
    await maya.say("@Chatcron 10", PLATFORM, thread_ts=asked)

    await state(house, card, TaskState.ACTIVE, maya)
    schedule = (await the_task(house, card)).schedule
    assert schedule is not None
    assert schedule.rule.times == (time(10),)  # type: ignore[union-attr]


async def test_a_delete_of_the_menu_is_answered_in_words(house: House, ravi: Persona) -> None:
    """What a line of a card's menu asks waits for a "yes" in the thread, too."""
    thread, card = await born(ravi, "tony check the outer groyne every day at 6:00")
    await ravi.click(card, "Delete")
    await ravi.see(saying("Delete *Check the outer groyne*"), PLATFORM, thread)

    async def asked() -> bool | None:
        kept = await talks_in(house.database_url)
        waits = [body["asked"] for body in kept if isinstance(body["asked"], dict)]
        return True if any(each["kind"] == "shall" for each in waits) else None

    await ravi.until(asked)
    await ravi.say("yes", PLATFORM, thread_ts=thread)

    await state(house, card, TaskState.REMOVED, ravi)


async def test_it_is_the_one_task_of_a_list(house: House, maya: Persona) -> None:
    """Where a list holds one task, "it" is that one."""
    _, card = await born(maya, "oliver audit the certificates every day at 6:00")
    await born(maya, "tony check the inner groyne every day at 6:00")
    await maya.say("@Chatcron list oliver's tasks", PLATFORM)
    await maya.see(saying("1 task", "never ran"), PLATFORM)

    await maya.say("@Chatcron pause it", PLATFORM)

    await state(house, card, TaskState.PAUSED, maya)


async def test_two_deletes_in_one_message_are_one_question(house: House, ravi: Persona) -> None:
    """A yes to "delete T-1 and T-2" deletes both, for both were asked about."""
    _, first = await born(ravi, "tony check the left jetty every day at 6:00")
    _, other = await born(ravi, "tony check the right jetty every day at 6:00")
    both = " and ".join(f"T-{number_in(card, 'T')}" for card in (first, other))
    asked = await ravi.say(f"@Chatcron delete {both}", PLATFORM)
    await ravi.see(saying("Delete 2 tasks?"), PLATFORM)

    await ravi.say("yes", PLATFORM, thread_ts=asked)

    await state(house, first, TaskState.REMOVED, ravi)
    await state(house, other, TaskState.REMOVED, ravi)
