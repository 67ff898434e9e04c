"""What people say in one sentence, done: several tasks, pauses that end, who is told, templates."""

from __future__ import annotations

from storage.policies import NoticeOn, Overlap
from storage.records import Task, TaskState
from tests.journeys.books import tasks_in
from tests.journeys.driver import House
from tests.journeys.persona import FINOPS, Message, Persona, number_in, saying, words_of


async def born(who: Persona, text: str) -> tuple[str, Message]:
    """Ask for a task and give its thread and its card."""
    asked = await who.say(f"@Chatcron {text}", FINOPS)
    return asked, await who.see(saying("· T-"), FINOPS, asked)


async def the_task(house: House, card: Message) -> Task:
    """Read the task of a card."""
    number = number_in(card, "T")
    return next(task for task in await tasks_in(house.database_url) if task.id == number)


async def test_two_requests_are_both_answered(house: House, maya: Persona) -> None:
    """Each half of a message is done, in its order."""
    _, first = await born(maya, "tony check the ledger vacuum every day at 6 AM")
    _, second = await born(maya, "tony check the ledger bloat every day at 7 AM")
    one, two = number_in(first, "T"), number_in(second, "T")

    asked = await maya.say(f"@Chatcron pause T-{one} and pause T-{two}", FINOPS)

    await maya.see(saying(f"T-{one}"), FINOPS, asked)
    await maya.see(saying(f"T-{two}"), FINOPS, asked)
    states = {(await the_task(house, card)).state for card in (first, second)}
    assert states == {TaskState.PAUSED}


async def test_a_pause_may_have_an_end(house: House, maya: Persona) -> None:
    """Until tomorrow 9am is kept with the task, which goes on by itself then."""
    thread, card = await born(maya, "alex report the queue cost every day at 8 AM")

    await maya.say("pause it until tomorrow 9am", thread_ts=thread)
    await maya.see(saying("aused"), thread_ts=thread)

    task = await the_task(house, card)
    assert task.state is TaskState.PAUSED
    assert task.paused_until is not None


async def test_several_tasks_are_shown_before_anything_happens(house: House, maya: Persona) -> None:
    """Pausing all of an agent's tasks names them and waits for the click."""
    _, card = await born(maya, "tony check the archive bloat every day at 5 AM")
    await maya.say("@Chatcron pause all of tony's tasks in this channel", FINOPS)
    question = await maya.see(saying("Nothing changes until you choose"), FINOPS)
    assert "archive bloat" in words_of(question)
    assert (await the_task(house, card)).state is TaskState.ACTIVE

    label = next(each for each in (f"Pause {n} task{'s' if n > 1 else ''}" for n in range(1, 40))
                 if each in words_of(question))  # fmt: skip
    assert (await maya.click(question, label))["ok"]

    await maya.see(saying("Paused", "archive bloat"), FINOPS)
    assert (await the_task(house, card)).state is TaskState.PAUSED


async def test_who_is_told_is_set_by_a_sentence(house: House, maya: Persona) -> None:
    """Whoever asks is told of failures, and no longer when they say so."""
    thread, card = await born(maya, "tony check the mirror bloat every day at 4 AM")

    await maya.say("dm me when it fails", thread_ts=thread)
    await maya.see(saying("is told when", "fails"), thread_ts=thread)
    (notice,) = (await the_task(house, card)).notices
    assert notice.on is NoticeOn.FAILURE

    await maya.say("stop telling me about it", thread_ts=thread)
    await maya.see(saying("no longer told"), thread_ts=thread)
    assert (await the_task(house, card)).notices == ()


async def test_email_is_no_promise(maya: Persona) -> None:
    """What can't be sent is said, with what can."""
    thread, _ = await born(maya, "tony check the mirror lag every day at 4 AM")

    await maya.say("email me if it fails", thread_ts=thread)

    await maya.see(saying("can't send email yet"), thread_ts=thread)


async def test_a_task_becomes_a_template_and_a_template_a_task(house: House, maya: Persona) -> None:
    """What was kept under a name is made into a task again."""
    thread, _ = await born(maya, "tony check the billing vacuum every day at 3 AM")
    await maya.say("save this as a template called nightly-vacuum", thread_ts=thread)
    await maya.see(saying("Kept as the template"), thread_ts=thread)

    asked = await maya.say(
        "@Chatcron create a task from template nightly-vacuum every Monday at 10:00", FINOPS
    )
    card = await maya.see(saying("· T-"), FINOPS, asked)

    made = await the_task(house, card)
    assert made.prompt == "check the billing vacuum"
    assert made.agent == "tony"


async def test_a_policy_is_said_in_words(house: House, maya: Persona) -> None:
    """What becomes of overlapping runs is an edit like any other."""
    thread, card = await born(maya, "tony check the shadow bloat every day at 2 AM")

    await maya.say(f"let runs of T-{number_in(card, 'T')} overlap", thread_ts=thread)

    await maya.see(saying("hanged"), thread_ts=thread)
    assert (await the_task(house, card)).overlap is Overlap.ALLOW


async def test_a_workflow_is_read_back_and_not_run(maya: Persona) -> None:
    """What can't be done yet is said, with what was read of it."""
    await maya.say(
        "@Chatcron first alex checks cost, then anna sums up, every Monday at 9:00", FINOPS
    )
    told = await maya.see(saying("can't run workflows yet"), FINOPS)
    assert "Alex" in words_of(told)


async def test_what_is_due_tomorrow_is_shown_by_the_clock(maya: Persona) -> None:
    """Two tasks of tomorrow stand in the order they come due, whatever order they were made in."""
    await born(maya, "tony check the evening tide every day at 21:10")
    await born(maya, "tony check the morning tide every day at 04:05")

    await maya.say("@Chatcron what runs tomorrow?", FINOPS)

    told = words_of(await maya.see(saying("morning tide", "evening tide"), FINOPS))
    assert told.index("04:05") < told.index("21:10")


async def test_a_list_without_tasks_says_what_fits_none(maya: Persona) -> None:
    """What was said that fits no task is named."""
    await maya.say("@Chatcron list oliver's paused tasks", FINOPS)

    await maya.see(saying("No task is Oliver's."), FINOPS)


async def test_tasks_come_as_a_file_to_the_asker(maya: Persona) -> None:
    """An export is a file in the asker's direct messages, and names what was exported."""
    await born(maya, "tony check the exported bloat every day at 4:40 AM")

    await maya.say("@Chatcron export tony's tasks", FINOPS)

    await maya.see(saying("in a file in our direct messages"), FINOPS)
    [file] = (await maya.see(lambda message: bool(message.get("files")), maya.dm))["files"]
    assert "exported bloat" in await maya.file(file["url"])


async def test_a_run_asks_for_its_variables_by_name(house: House, maya: Persona) -> None:
    """What a task's work leaves open is named; with it the task runs."""
    thread, _ = await born(maya, "tony check the bloat of {{region}} on demand")

    await maya.say("run it", thread_ts=thread)
    await maya.see(saying("needs “region”"), FINOPS, thread)

    await maya.say("run it with region=eu", thread_ts=thread)
    await maya.see(saying("Running", "asked by"), FINOPS, thread)


async def test_several_that_were_paused_are_brought_back_by_one_click(
    house: House, maya: Persona
) -> None:
    """The answer offers the way back, for exactly those that were paused."""
    _, card = await born(maya, "oliver check the returning headers every day at 4:50 AM")
    await maya.say("@Chatcron pause all of oliver's tasks", FINOPS)
    question = await maya.see(saying("Pause 1 task?", "returning headers"), FINOPS)
    await maya.click(question, "Pause 1 task")
    done = await maya.see(saying("Paused 1 task", "returning headers"), FINOPS)
    assert (await the_task(house, card)).state is TaskState.PAUSED

    await maya.click(done, "Resume 1 task")

    await maya.see(saying("Resumed 1 task"), FINOPS)
    assert (await the_task(house, card)).state is TaskState.ACTIVE


async def test_what_follows_a_new_task_is_done_to_it(house: House, maya: Persona) -> None:
    """A task is made and paused by one message."""
    asked = await maya.say("@Chatcron tony check the brief frost every day at 6 AM and pause it")

    card = await maya.see(saying("is paused"), FINOPS, asked)
    assert (await the_task(house, card)).state is TaskState.PAUSED
