"""A single moment for a task that recurs: one more run, and never the end of its schedule."""

from __future__ import annotations

from datetime import time

from storage.records import TaskState
from storage.schedules import Daily, Once, Several, Weekly
from tests.journeys.books import tasks_in
from tests.journeys.driver import House
from tests.journeys.persona import PLATFORM, Persona, saying
from tests.journeys.test_conversation import born, state, the_task


async def test_a_task_there_is_runs_then_too(house: House, ravi: Persona) -> None:
    """Who says "run the … in 10 minutes" gets no second task, and keeps the schedule there is."""
    _, card = await born(ravi, "tony check the hoist vacuum every day at 6:00")
    number = len(await tasks_in(house.database_url))

    asked = await ravi.say("@Chatcron run the hoist vacuum check in 10 minutes", PLATFORM)
    await ravi.see(saying("Changed", "and also once"), PLATFORM, asked)

    schedule = (await the_task(house, card)).schedule
    assert schedule is not None
    assert isinstance(schedule.rule, Several)
    assert schedule.rule.rules[0] == Daily(times=(time(6),))
    assert isinstance(schedule.rule.rules[1], Once)
    assert len(await tasks_in(house.database_url)) == number


async def test_run_it_tomorrow_asks_before_the_schedule_goes(house: House, ravi: Persona) -> None:
    """In a recurring task's thread a single moment is asked about, and "besides" adds it."""
    thread, card = await born(ravi, "tony check the davit vacuum every day at 6:00")
    before = (await the_task(house, card)).schedule

    await ravi.say("run it tomorrow at 10:00", PLATFORM, thread_ts=thread)
    await ravi.see(saying("Besides, or only then?"), PLATFORM, thread)
    assert (await the_task(house, card)).schedule == before
    await ravi.say("besides", PLATFORM, thread_ts=thread)

    await ravi.see(saying("Changed", "and also once"), PLATFORM, thread)
    after = (await the_task(house, card)).schedule
    assert before is not None
    assert after is not None
    assert isinstance(after.rule, Several)
    assert after.rule.rules[0] == before.rule


async def test_a_draft_answered_in_words_shows_one_card(house: House, ravi: Persona) -> None:
    """The card is brought up to date where it stands, and the answer is two lines."""
    asked = await ravi.say("@Chatcron anna review the slipway on Tuesdays", PLATFORM)
    card = await ravi.see(saying("What time"), PLATFORM, asked)

    await ravi.say("9:30", PLATFORM, thread_ts=asked)

    await ravi.see(saying("Tuesdays at 09:30", "First:"), PLATFORM, asked)
    await state(house, card, TaskState.ACTIVE, ravi)
    assert len(await ravi.find(saying("Run now"), PLATFORM, asked)) == 1


async def test_other_days_do_not_answer_what_time(house: House, ravi: Persona) -> None:
    """A draft that lacks its time goes on asking, though its days were changed meanwhile."""
    asked = await ravi.say("@Chatcron anna review the outer slipway on Tuesdays", PLATFORM)
    card = await ravi.see(saying("What time"), PLATFORM, asked)

    await ravi.say("make it wednesdays", PLATFORM, thread_ts=asked)

    await ravi.see(saying("Wednesdays", "What time"), PLATFORM, asked, count=2)
    assert (await the_task(house, card)).state is TaskState.DRAFT
    await ravi.say("9:30", PLATFORM, thread_ts=asked)
    await ravi.see(saying("Wednesdays at 09:30", "First:"), PLATFORM, asked)


async def test_another_time_is_no_yes_to_another_channel(house: House, maya: Persona) -> None:
    """Who may read the results is still asked after the time of the draft was changed."""
    asked = await maya.say("@Chatcron tony check the spar every day at 6:00 in #finops", PLATFORM)
    card = await maya.see(saying("Is that right?"), PLATFORM)

    await maya.say("make it 9:30", PLATFORM, thread_ts=asked)
    await maya.see(saying("Is that right?", "09:30"), PLATFORM, asked)
    assert (await the_task(house, card)).state is TaskState.DRAFT
    await maya.say("yes", PLATFORM, thread_ts=asked)

    await state(house, card, TaskState.ACTIVE, maya)


async def test_yes_answers_whether_a_time_is_right(house: House, ravi: Persona) -> None:
    """Where one button asks whether it is right, a "yes" presses it."""
    thread, card = await born(ravi, "tony check the inner slipway every day at 6:00")
    await ravi.say("make it weekly", PLATFORM, thread_ts=thread)
    await ravi.see(saying("Is that right?"), PLATFORM, thread)

    await ravi.say("yes", PLATFORM, thread_ts=thread)

    await ravi.see(saying("Changed", "Mondays at 06:00"), PLATFORM, thread)
    schedule = (await the_task(house, card)).schedule
    assert schedule is not None
    assert isinstance(schedule.rule, Weekly)


async def test_saved_paused_says_why(house: House, ravi: Persona) -> None:
    """A time said for a task whose agent is not connected does not pause it without a word."""
    asked = await ravi.say("@Chatcron kai check pods daily at 7", PLATFORM)
    card = await ravi.see(saying("Morning or afternoon"), PLATFORM, asked)

    await ravi.say("7am", PLATFORM, thread_ts=asked)

    await ravi.see(saying("Saved, but paused: Kai is not connected."), PLATFORM, asked)
    await state(house, card, TaskState.PAUSED, ravi)
