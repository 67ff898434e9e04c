"""What a conversation holds, and for how long: half an hour, several tasks, more days."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, time, timedelta

from storage.records import Task, TaskState
from storage.schedules import Daily, Weekday, Weekly
from tests.journeys.books import age_talks, talks_in, tasks_in
from tests.journeys.driver import House
from tests.journeys.persona import PLATFORM, Persona, saying
from tests.journeys.test_conversation import born, state, the_task

_MAY_CHANGE = {"schedule", "next_run_at", "version", "updated_at", "changed_at", "card_ts"}


def kept_fields(task: Task) -> dict[str, object]:
    """Give every slot that a change of the time must leave as it is."""
    return {
        slot.name: getattr(task, slot.name) for slot in fields(task) if slot.name not in _MAY_CHANGE
    }


async def half_an_hour(house: House, who: Persona, *, asked: bool = False) -> None:
    """Let 31 minutes pass since what was spoken of, or asked, once that is kept."""

    async def is_kept() -> bool | None:
        kept = await talks_in(house.database_url)
        return True if any(body.get("asked") or not asked for body in kept) else None

    await who.until(is_kept)
    await age_talks(house.database_url, timedelta(minutes=31))


async def test_half_an_hour_later_it_means_nothing(house: House, ravi: Persona) -> None:
    """What was spoken of 31 minutes ago is no longer meant by "it"."""
    _, card = await born(ravi, "tony check the canal vacuum every day at 6:00")
    before = await the_task(house, card)
    await half_an_hour(house, ravi)

    await ravi.say("@Chatcron make it 9:30 instead", PLATFORM)

    await ravi.see(saying("Which task"), PLATFORM)
    assert (await the_task(house, card)).schedule == before.schedule


async def test_a_question_of_half_an_hour_ago_is_not_answered(house: House, ravi: Persona) -> None:
    """A late "yes" deletes nothing."""
    thread, card = await born(ravi, "tony check the sluice vacuum every day at 6:00")
    await ravi.say("delete it", PLATFORM, thread_ts=thread)
    await ravi.see(saying("Delete"), PLATFORM, thread)
    await half_an_hour(house, ravi, asked=True)

    await ravi.say("@Chatcron yes", PLATFORM, thread_ts=thread)

    await ravi.see(saying("no request"), PLATFORM, thread)
    assert (await the_task(house, card)).state is TaskState.ACTIVE


async def test_both_answers_which_one(house: House, ravi: Persona) -> None:
    """Both that were asked about are paused."""
    _, daily = await born(ravi, "tony daily dock report every day at 6:00")
    _, weekly = await born(ravi, "tony weekly dock report every Monday at 6:00")

    asked = await ravi.say("@Chatcron pause the dock report", PLATFORM)
    await ravi.see(saying("Which one"), PLATFORM)
    await ravi.say("@Chatcron both", PLATFORM, thread_ts=asked)

    await state(house, daily, TaskState.PAUSED, ravi)
    await state(house, weekly, TaskState.PAUSED, ravi)


async def test_more_days_leave_everything_else_as_it_was(house: House, ravi: Persona) -> None:
    """Saying "and on Fridays too" adds a day, and changes no other slot."""
    thread, card = await born(ravi, "tony check the weir vacuum every Monday at 6:00")
    before = await the_task(house, card)

    await ravi.say("and on Fridays too", PLATFORM, thread_ts=thread)

    await ravi.see(saying("hanged"), PLATFORM, thread)
    after = await the_task(house, card)
    assert after.schedule is not None
    rule = after.schedule.rule
    assert isinstance(rule, Weekly)
    assert (rule.weekdays, rule.times) == ((Weekday.MONDAY, Weekday.FRIDAY), (time(6),))
    assert kept_fields(after) == kept_fields(before)


async def test_the_same_for_another_task(house: House, ravi: Persona) -> None:
    """What was last done to one task is done to another by naming it."""
    _, first = await born(ravi, "tony check the basin vacuum every day at 6:00")
    _, other = await born(ravi, "tony check the basin bloat every day at 7:00")

    asked = await ravi.say("@Chatcron move the basin vacuum check to 9:30", PLATFORM)
    await ravi.see(saying("hanged"), PLATFORM, asked)
    await ravi.say("@Chatcron the same for the basin bloat", PLATFORM, thread_ts=asked)

    async def moved() -> bool | None:
        schedule = (await the_task(house, other)).schedule
        at = schedule.rule if schedule else None
        return True if isinstance(at, Daily) and at.times == (time(9, 30),) else None

    await ravi.until(moved)
    kept = (await the_task(house, first)).schedule
    assert kept is not None
    assert isinstance(kept.rule, Daily)


async def test_the_same_but_at_another_time_is_a_new_task(house: House, ravi: Persona) -> None:
    """It is made like the last one, with its own time, and the last one stays."""
    thread, card = await born(ravi, "tony check the quayside vacuum every Monday at 6:00")
    number = len(await tasks_in(house.database_url))

    await ravi.say("@Chatcron the same but at 10:00", PLATFORM, thread_ts=thread)

    async def doubled() -> bool | None:
        return True if len(await tasks_in(house.database_url)) == number + 1 else None

    await ravi.until(doubled)
    made = max(await tasks_in(house.database_url), key=lambda task: task.id)
    assert made.schedule is not None
    assert isinstance(made.schedule.rule, Weekly)
    assert made.schedule.rule.times == (time(10),)
    assert made.prompt == (await the_task(house, card)).prompt
    assert made.created_at <= datetime.now(UTC)


async def test_a_change_is_changed_again_in_its_thread(house: House, ravi: Persona) -> None:
    """Where we told of a change, "make it 7:45" needs no mention; remarks there go unanswered."""
    _, card = await born(ravi, "tony lock report every day at 6:00")
    moved = await ravi.say("@Chatcron the lock report should run at 7, not at 6", PLATFORM)
    await ravi.see(saying("07:00"), PLATFORM, moved)

    await ravi.say("thanks, that was early", PLATFORM, thread_ts=moved)
    await ravi.say("make it 7:45", PLATFORM, thread_ts=moved)

    await ravi.see(saying("07:45"), PLATFORM, moved)
    task = await the_task(house, card)
    assert task.schedule is not None
    assert task.schedule.rule == Daily(times=(time(7, 45),))
    assert len(await ravi.find(saying("·"), PLATFORM, moved)) == 2
