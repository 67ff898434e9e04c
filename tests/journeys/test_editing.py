"""Editing as a team does it: a form, old cards, other people's hands, other people's zones."""

from __future__ import annotations

from storage.policies import Leeway
from storage.records import TaskState
from tests.journeys.driver import House
from tests.journeys.persona import (
    FINOPS,
    GENERAL,
    PLATFORM,
    Persona,
    labels_of,
    number_in,
    saying,
    words_of,
)
from tests.journeys.test_steering import born, task_of


async def test_one_form_changes_many_slots_at_once(house: House, maya: Persona) -> None:
    """What is wrong is said at its field; what is right is saved as one change, told as such."""
    thread, card = await born(maya, "tony check index sizes every day at 5 AM")
    form = await maya.open_form(card, "Edit")

    refused = await maya.submit(form, zone="Atlantis", timeout="soon", retries="99")
    assert sorted(refused["errors"]) == ["retries", "timeout", "zone"]
    assert (await task_of(house, card)).version == 1

    form = await maya.open_form(card, "Edit")
    sent = await maya.submit(form, zone="New York", timeout="5 min", retries="0", when="weekdays")
    assert sent["ok"]
    told = await maya.see(saying("Changed"), thread_ts=thread)
    for said in ("Monday to Friday at 05:00", "New York time", "30 min → 5 min", "retries 2 → 0"):
        assert said in words_of(told)
    task = await task_of(house, card)
    assert (task.zone, task.timeout_s, task.retries, task.version) == (
        "America/New_York",
        300,
        0,
        2,
    )


async def test_the_form_sets_how_exact_a_task_is(house: House, maya: Persona) -> None:
    """A random start, a pause after failures, holidays: each is checked, told, and kept."""
    thread, card = await born(maya, "tony check autovacuum every day at 5 AM")
    form = await maya.open_form(card, "Edit")

    wrong = await maya.submit(form, jitter_s="25 h", pause_after="often")
    assert sorted(wrong["errors"]) == ["jitter_s", "pause_after"]
    unknown = await maya.submit(form, holidays="skip")
    assert "chatcron holidays import FILE" in unknown["errors"]["holidays"]
    assert (await maya.submit(form, jitter_s="5 min", pause_after="5", fresh_s="4 h"))["ok"]

    told = words_of(await maya.see(saying("Changed"), thread_ts=thread))
    assert "a random start within none → 5 min" in told
    leeway = (await task_of(house, card)).leeway
    assert leeway == Leeway(jitter_s=300, pause_after=5, fresh_s=14_400)
    await maya.slash("holidays")
    await maya.see(saying("I keep no list of holidays"))


async def test_a_click_on_an_old_card_changes_nothing(house: House, maya: Persona) -> None:
    """A button that shows the task as it was before an edit acts on nothing, and says so."""
    thread, card = await born(maya, "tony check long queries every day at 5 AM")
    await maya.slash(f"show T-{number_in(card, 'T')}")
    shown = await maya.see(saying("is on", "05:00", "long queries"))
    await maya.say("make it 6 instead", thread_ts=thread)
    await maya.see(saying("Changed"), thread_ts=thread)

    await maya.click(shown, "Pause")

    said = await maya.see(saying("That card was old"))
    assert said["ephemeral"]
    await maya.see(saying("is on", "06:00", "long queries"))
    assert (await task_of(house, card)).state is TaskState.ACTIVE


async def test_a_form_that_was_overtaken_is_not_saved(house: House, maya: Persona) -> None:
    """What somebody changed while a form was open is not lost to it."""
    thread, card = await born(maya, "tony check dead rows every day at 5 AM")
    form = await maya.open_form(card, "Edit")
    await maya.say("make it 6 instead", thread_ts=thread)
    await maya.see(saying("Changed"), thread_ts=thread)

    refused = await maya.submit(form, name="Rows")

    assert "changed this task meanwhile" in refused["errors"]["when"]
    assert (await task_of(house, card)).name != "Rows"


async def test_the_owner_hears_what_others_did_and_can_take_it_back(
    house: House, maya: Persona, ravi: Persona
) -> None:
    """A team mate pauses a task: its owner gets a message, whose Undo starts it again."""
    thread, card = await born(maya, "tony check replication every day at 5 AM", PLATFORM)
    await ravi.say("edit this to 7am", PLATFORM, thread_ts=thread)
    await ravi.see(saying("Only its owner and admins"), PLATFORM, thread)

    await ravi.click(card, "Pause")
    told = await maya.see(saying("U0RAVI", "paused your task"), maya.dm)
    assert (await task_of(house, card)).state is TaskState.PAUSED

    await maya.click(told, "Undo")
    await maya.see(saying("Undone"), maya.dm)
    assert (await task_of(house, card)).state is TaskState.ACTIVE


async def test_a_channel_has_a_zone_of_its_own(house: House, maya: Persona, ravi: Persona) -> None:
    """Times said in the channel are in its zone, whoever says them, and the card says why."""
    await maya.slash("zone Berlin", GENERAL)
    await maya.see(saying("Berlin time", "from now on"), GENERAL)

    _, card = await born(ravi, "tony check sizes every day at 8 AM", GENERAL)

    assert "Berlin time (this channel's zone; yours is Chicago time)" in words_of(card)
    assert "<!date^" in words_of(card)
    assert (await task_of(house, card)).zone == "Europe/Berlin"


async def test_home_shows_what_is_next_and_what_waits(house: House, maya: Persona) -> None:
    """The Home tab names today's runs and the drafts that wait for their author."""
    await born(maya, "tony check locks every hour", FINOPS)
    await born(maya, "anna create weekly vacuum review task for Mondays", FINOPS)

    async def told() -> bool | None:
        shown = str((await maya.home())["blocks"])
        parts = ("Next 24 hours", "Waits for your answer", "vacuum review")
        return True if all(part in shown for part in parts) else None

    assert await maya.until(told)


async def test_a_form_is_taken_in_time_while_slack_thinks(house: House, maya: Persona) -> None:
    """What waits for Slack's word of a channel ends in the form, and is not lost with it."""
    _, card = await born(maya, "tony check wraparound every day at 5 AM")
    house.order("channel", id="C0SLOW", name="slow", is_private=True, members=["U0MAYA", "U0BOT"])
    form = await maya.open_form(card, "Edit")
    house.order("fail", method="conversations.members", kind="delay", seconds=4)

    assert (await maya.submit(form, channel="C0SLOW"))["ok"]

    async def told() -> bool | None:
        return "I can't look into that channel" in str(house.calls("views.update")) or None

    await maya.until(told)
    assert (await task_of(house, card)).version == 1


async def test_a_task_that_is_gone_opens_no_form(house: House, maya: Persona) -> None:
    """Edit on a card of before says that there is no such task."""
    thread, card = await born(maya, "tony check temp files every day at 5 AM")
    await maya.slash(f"show T-{number_in(card, 'T')}")
    shown = await maya.see(saying("is on", "temp files"))
    await maya.click(card, "Undo")
    await maya.see(saying("is gone"), thread_ts=thread)

    await maya.click(shown, "Edit")

    async def told() -> bool | None:
        said = f"There is no task T-{number_in(card, 'T')}"
        return said in str(house.calls("views.update")) or None

    await maya.until(told)


async def test_a_choice_acts_on_the_task_as_it_was_offered(house: House, maya: Persona) -> None:
    """Undo, asked of two tasks of one name, takes back no change that was made since."""
    thread, card = await born(maya, "tony check bloat every day at 5 AM")
    await born(maya, "tony check bloat every day at 7 AM")
    await maya.slash("undo check bloat")
    asked = await maya.see(saying("Which one"))
    await maya.say("make it 6 instead", thread_ts=thread)
    await maya.see(saying("Changed"), thread_ts=thread)

    await maya.click(
        asked, next(each for each in labels_of(asked) if f"T-{number_in(card, 'T')} " in each)
    )

    await maya.see(saying("It has changed since I asked"))
    assert (await task_of(house, card)).version == 2


async def test_a_task_asked_for_in_another_s_thread_runs_in_the_asker_s_zone(
    house: House, maya: Persona, ravi: Persona
) -> None:
    """What the card says of its zone is when it runs, whatever zone the thread's task has."""
    thread, _ = await born(maya, "tony check deadlocks every day at 5 AM", PLATFORM)

    await ravi.say("@Chatcron tony check long locks every day at 8 AM", PLATFORM, thread_ts=thread)
    card = await ravi.see(saying("ong locks", "is on"), PLATFORM, thread)

    assert "Chicago time (your Slack zone)" in words_of(card)
    task = await task_of(house, card)
    assert task.schedule is not None
    assert task.schedule.zone == task.zone == "America/Chicago"


async def test_a_form_that_changes_nothing_is_not_heard(house: House, maya: Persona) -> None:
    """Saved as it was opened, it closes; the channel hears of the next one that changes much."""
    thread, card = await born(maya, "tony check checkpoints every day at 5 AM")
    form = await maya.open_form(card, "Edit")
    assert (await maya.submit(form))["ok"]
    form = await maya.open_form(card, "Edit")
    assert (await maya.submit(form, name="Points"))["ok"]

    await maya.see(saying("Changed", "Points"), thread_ts=thread)

    assert not await maya.find(saying("nothing changed"), thread_ts=thread)


async def test_a_form_tells_nothing_to_who_was_let_out(house: House, ravi: Persona) -> None:
    """Whoever has left a private channel since is told that there is no such task, and no more."""
    house.order("channel", id="C0ATTIC", name="attic", is_private=True,
                members=["U0RAVI", "U0SAM", "U0BOT"])  # fmt: skip
    _, card = await born(ravi, "tony check rafters every day at 5 AM", "C0ATTIC")
    form = await ravi.open_form(card, "Edit")
    house.order("remove", channel="C0ATTIC", user="U0RAVI")
    number = number_in(card, "T")

    async def refused() -> bool | None:
        answer = await ravi.submit(form, zone="Atlantis")
        return f"There is no task T-{number}" in answer["errors"].get("name", "") or None

    await ravi.until(refused)
    assert list((await ravi.submit(form, zone="Atlantis"))["errors"]) == ["name"]


async def test_a_stand_in_is_somebody_of_the_channel(house: House, ravi: Persona) -> None:
    """Whoever may not read a private task is refused, beside the field that names them."""
    house.order("channel", id="C0LOFT", name="loft", is_private=True, members=["U0RAVI", "U0BOT"])
    _, card = await born(ravi, "tony check beams every day at 5 AM", "C0LOFT")
    form = await ravi.open_form(card, "Edit")

    refused = await ravi.submit(form, delegate="U0SAM")

    assert "They can't read what" in refused["errors"]["delegate"]
