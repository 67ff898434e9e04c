"""A task's life after its birth: edits, answers, buttons, lists."""

from __future__ import annotations

from datetime import time

from storage.records import Task, TaskState
from storage.schedules import WORKDAYS, Daily, Schedule, Weekly
from tests.journeys.books import tasks_in
from tests.journeys.driver import House
from tests.journeys.persona import (
    FINOPS,
    GENERAL,
    PLATFORM,
    Message,
    Persona,
    labels_of,
    number_in,
    saying,
    words_of,
)

BERLIN = "Europe/Berlin"


async def born(maya: Persona, text: str, channel: str = FINOPS) -> tuple[str, Message]:
    """Ask for a task and give its thread and its card."""
    asked = await maya.say(f"@Chatcron {text}", channel)
    return asked, await maya.see(saying("· T-"), channel, asked)


async def task_of(house: House, card: Message) -> Task:
    """Read the task of a card."""
    number = number_in(card, "T")
    return next(task for task in await tasks_in(house.database_url) if task.id == number)


async def test_a_thread_edits_its_task_and_undo_takes_it_back(house: House, maya: Persona) -> None:
    """“make it 9 instead”, “weekdays only”, then Undo of the last change."""
    thread, card = await born(maya, "alex schedule EC2 cost report every day at 8 AM")

    await maya.say("make it 9 instead", thread_ts=thread)
    await maya.see(saying("Changed", "08:00 → every day at 09:00"), thread_ts=thread)
    await maya.say("weekdays only", thread_ts=thread)
    changed = await maya.see(saying("Changed", "Monday to Friday"), thread_ts=thread)
    at_nine = (time(9),)
    weekdays = Schedule(rule=Weekly(weekdays=WORKDAYS, times=at_nine), zone=BERLIN)
    assert (await task_of(house, card)).schedule == weekdays

    assert (await maya.click(changed, "Undo"))["ok"]
    await maya.see(saying("Undone"), thread_ts=thread)
    daily = Schedule(rule=Daily(times=at_nine), zone=BERLIN)
    assert (await task_of(house, card)).schedule == daily
    [shown] = [each for each in await maya.read(FINOPS, thread) if each["ts"] == card["ts"]]
    assert "very day at 09:00" in words_of(shown)


async def test_undo_of_a_creation_removes_the_task(house: House, maya: Persona) -> None:
    """The card's Undo takes the whole task away, and the card says so."""
    thread, card = await born(maya, "tony check vacuum every day at 6 AM")

    assert (await maya.click(card, "Undo"))["ok"]

    await maya.see(saying("is gone"), thread_ts=thread)
    assert (await task_of(house, card)).state is TaskState.REMOVED


async def test_an_assumed_time_is_asked_for_and_the_button_is_the_answer(
    house: House, maya: Persona
) -> None:
    """Mondays without a time: nothing is armed until 09:00 is pressed; a second press is none."""
    thread, draft = await born(maya, "anna create weekly infrastructure review task for Mondays")
    assert "What time should it run?" in words_of(draft)
    assert labels_of(draft)[:3] == ["08:00", "09:00", "10:00"]
    assert (await task_of(house, draft)).next_run_at is None

    await maya.click(draft, "09:00")
    await maya.click(draft, "10:00")

    card = await maya.see(saying("is on", "Mondays at 09:00"), thread_ts=thread)
    assert card["ts"] == draft["ts"]
    task = await task_of(house, card)
    assert (task.state, task.version) == (TaskState.ACTIVE, 2)


async def test_the_form_says_beside_the_field_what_is_wrong_and_takes_what_is_right(
    house: House, maya: Persona
) -> None:
    """A time of 25:00 is refused in the form; with 10:15 it changes the task."""
    thread, card = await born(maya, "tony check bloat every day at 5 AM")
    form = await maya.open_form(card, "Edit")

    refused = await maya.submit(form, when="25:00")
    assert not refused["ok"]
    assert "25:00" in refused["errors"]["when"]
    assert (await task_of(house, card)).version == 1

    assert (await maya.submit(form, when="10:15"))["ok"]
    await maya.see(saying("Changed", "10:15"), thread_ts=thread)
    task = await task_of(house, card)
    assert task.schedule == Schedule(rule=Daily(times=(time(10, 15),)), zone=BERLIN)


async def test_pause_resume_history_and_why_work_from_the_card(house: House, maya: Persona) -> None:
    """Each line of the card's menu does what it says."""
    thread, card = await born(maya, "tony check locks every day at 4 AM", GENERAL)
    name = f"T-{number_in(card, 'T')}"

    await maya.click(card, "Pause")
    paused = await maya.see(saying("is paused"), GENERAL, thread)
    assert (await task_of(house, card)).next_run_at is None
    await maya.click(paused, "Resume")
    on = await maya.see(saying("is on"), GENERAL, thread)
    assert (await task_of(house, card)).next_run_at is not None

    await maya.click(on, "History")
    await maya.see(saying(name, "It never ran."), GENERAL, thread)
    await maya.click(on, "Why")
    await maya.see(saying(name, "It never came due"), GENERAL, thread)
    await maya.click(on, "Details")
    await maya.see(saying(name, "A run due during another: is left out"), GENERAL, thread)


async def test_delete_asks_once_and_keep_keeps(house: House, maya: Persona) -> None:
    """Delete shows a question; Keep changes nothing, Delete removes."""
    thread, card = await born(maya, "tony check slow queries every day at 2 AM", GENERAL)
    name = f"T-{number_in(card, 'T')}"

    await maya.click(card, "Delete")
    question = await maya.see(saying("Delete", "It will not run again"), GENERAL, thread)
    assert question["ephemeral"]
    await maya.click(question, "Keep")
    await maya.see(saying("Kept; nothing changed."), GENERAL, thread)
    assert (await task_of(house, card)).state is TaskState.ACTIVE

    await maya.slash(f"delete {name}", GENERAL)
    question = await maya.see(saying("Delete", "It will not run again"), GENERAL)
    await maya.click(question, "Delete")
    await maya.see(saying(name, "is gone"), GENERAL)
    assert (await task_of(house, card)).state is TaskState.REMOVED


async def test_the_same_wish_said_twice_makes_one_task(house: House, maya: Persona) -> None:
    """Whoever wishes for what is there already is shown it, and nothing is created."""
    _, card = await born(maya, "tony check replicas every day at 1 AM", GENERAL)

    again = await maya.say("@Chatcron tony check replicas every day at 1 AM", GENERAL)

    await maya.see(saying("You already have this one", f"T-{number_in(card, 'T')}"), GENERAL)
    assert len(await maya.read(GENERAL, again)) == 1


async def test_a_long_list_is_paged(maya: Persona) -> None:
    """More than ten tasks: the list turns on and back."""
    for number in range(11):
        await born(maya, f"tony check shard {number} every day at 3 AM", f"C0{_PLACES[number % 3]}")

    await maya.slash("list", PLATFORM)
    first = await maya.see(saying("Page 1 of"), PLATFORM)
    assert labels_of(first) == ["More"]
    await maya.click(first, "More")
    second = await maya.see(saying("Page 2 of"), PLATFORM)
    assert words_of(second) != words_of(first)
    await maya.click(second, "Back")
    back = await maya.see(saying("Page 1 of"), PLATFORM)
    assert words_of(back) == words_of(first)


_PLACES = ("FINOPS", "PLATFORM", "GENERAL")
