"""Who else reads: another channel is asked about first; what is asked alone is answered alone."""

from __future__ import annotations

from datetime import time

from storage.policies import NoticeOn
from storage.records import Task, TaskState
from storage.schedules import Daily, Weekday, Weekly
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


async def born(who: Persona, text: str, channel: str = FINOPS) -> tuple[str, Message]:
    """Ask for a task and give its thread and its card."""
    asked = await who.say(f"@Chatcron {text}", channel)
    return asked, await who.see(saying("· T-"), channel, asked)


async def the_task(house: House, card: Message) -> Task:
    """Read the task of a card."""
    number = number_in(card, "T")
    return next(task for task in await tasks_in(house.database_url) if task.id == number)


async def test_a_channel_with_guests_is_told_only_after_a_yes(
    house: House, maya: Persona, sam: Persona
) -> None:
    """The asker alone is asked; the click sets it, and the next result stands there, too."""
    thread, card = await born(maya, "alex report ledger cost every day at 8 AM")
    await maya.say("tell #platform when it completes", thread_ts=thread)
    question = await maya.see(saying("be told when", "can't read it now"), FINOPS, thread)
    assert question["ephemeral"]
    assert (await the_task(house, card)).notices == ()

    await maya.click(question, "Yes, tell them")
    await maya.see(saying("is told when", "completes"), FINOPS, thread)
    [notice] = (await the_task(house, card)).notices
    assert (notice.target, notice.on) == (PLATFORM, NoticeOn.COMPLETE)

    shown = await maya.see(saying("is on", "Tells <#C0PLATFORM> when it completes"), FINOPS, thread)
    await maya.click(shown, "Run now")
    told = await sam.see(saying("you are told of it"), PLATFORM)
    assert f"T-{number_in(card, 'T')}" in words_of(told)


async def test_a_new_task_for_another_channel_is_confirmed_first(
    house: House, maya: Persona
) -> None:
    """Nothing stands in the other channel until the click; then its card does."""
    await maya.say(
        "@Chatcron tony check ledger locks every day at 6:10 AM and post it in #general", FINOPS
    )
    draft = await maya.see(saying("Check ledger locks", "Is that right?"), FINOPS)
    assert draft["ephemeral"]
    assert await maya.find(saying("Check ledger locks"), GENERAL) == []

    yes = next(label for label in labels_of(draft) if label.startswith("Yes"))
    await maya.click(draft, yes)

    card = await maya.see(saying("Check ledger locks", "is on"), GENERAL)
    task = await the_task(house, card)
    assert (task.channel, task.state, task.thread_ts) == (GENERAL, TaskState.ACTIVE, None)


async def test_a_channel_without_the_bot_is_refused_with_what_to_do(
    house: House, maya: Persona
) -> None:
    """Nothing is created for a place the bot can't post in."""
    before = len(await tasks_in(house.database_url))

    await maya.say(
        "@Chatcron tony check ledger heat every day at 6 AM and post it in <#C0RANDOM|random>",
        FINOPS,
    )

    await maya.see(saying("/invite @Chatcron"), FINOPS)
    assert len(await tasks_in(house.database_url)) == before


async def test_a_command_s_draft_is_for_its_asker_until_it_is_on(
    house: House, maya: Persona, sam: Persona
) -> None:
    """Others see the card once the time is chosen, and nothing before."""
    await maya.slash("tony check ledger dust on Mondays", GENERAL)
    draft = await maya.see(saying("ledger dust", "What time should it run?"), GENERAL)
    assert draft["ephemeral"]
    assert await sam.find(saying("ledger dust"), GENERAL) == []

    await maya.click(draft, "09:00")

    card = await sam.see(saying("ledger dust", "is on"), GENERAL)
    schedule = (await the_task(house, card)).schedule
    assert schedule is not None
    assert schedule.rule == Weekly(weekdays=(Weekday.MONDAY,), times=(time(9),))


async def test_a_thread_whose_task_moved_away_still_undoes_the_move(
    house: House, maya: Persona
) -> None:
    """Undo, said where the task was asked for, brings it back and says what it was."""
    thread, card = await born(maya, "tony check ledger rust every day at 5:20 AM")
    await maya.say("post it in #general instead", thread_ts=thread)
    question = await maya.see(saying("Post *Check ledger rust*"), FINOPS, thread)
    await maya.click(question, "Post it in #general")
    await maya.see(saying("posts", "now"), FINOPS, thread)

    await maya.say("undo", thread_ts=thread)

    undone = await maya.see(saying("Undone:", "channel"), FINOPS, thread)
    assert "is on" in words_of(undone)
    assert (await the_task(house, card)).channel == FINOPS


async def test_edit_by_command_opens_the_form(house: House, maya: Persona) -> None:
    """`/tasks edit T-…` opens the form, where what overlapping runs do can be chosen."""
    thread, card = await born(maya, "tony check ledger moss every day at 5:25 AM")
    task = await the_task(house, card)

    form = await maya.form_by_command(f"edit T-{task.id}", FINOPS)
    assert (await maya.submit(form, when="10:30", overlap="queue"))["ok"]

    await maya.see(saying("10:30", "waits for its turn"), FINOPS, thread)
    changed = await the_task(house, card)
    assert changed.schedule is not None
    assert changed.schedule.rule == Daily(times=(time(10, 30),))
    assert changed.overlap == "queue"


async def test_only_who_may_delete_is_asked_whether_to(maya: Persona, ravi: Persona) -> None:
    """Somebody else's Delete is refused at once; no question raises a hope."""
    thread, card = await born(maya, "tony check ledger salt every day at 5:35 AM")

    await ravi.click(card, "Delete")

    await ravi.see(saying("Only its owner and admins may change"), FINOPS, thread)
    assert await ravi.find(saying("It will not run again"), FINOPS, thread) == []
