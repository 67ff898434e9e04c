"""Where the bot can speak: invited late, thrown out, archived; owners gone; other audiences."""

from __future__ import annotations

import pytest
from aiohttp import ClientSession

from storage.records import Hold, Task, TaskState
from tests.journeys.books import tasks_in
from tests.journeys.driver import House
from tests.journeys.persona import (
    GENERAL,
    PLATFORM,
    Message,
    Persona,
    labels_of,
    number_in,
    saying,
    words_of,
)
from tests.journeys.test_steering import born, task_of

BOT, RANDOM, BOARD, SECOPS = "U0BOT", "C0RANDOM", "C0BOARD", "C0SECOPS"
DAILY = "alex schedule {} cost report every day at 8 AM"


@pytest.fixture
def lena(session: ClientSession, house: House) -> Persona:
    """Lena, who will leave."""
    house.order("person", id="U0LENA", name="lena", tz="Europe/Rome")
    return Persona(session, house.url, "U0LENA")


async def stands(house: House, card: Message) -> tuple[TaskState, Hold | None]:
    """Say how the task of a card stands in the database."""
    task = await task_of(house, card)
    return task.state, task.hold


async def owned_by(house: House, owner: str) -> list[Task]:
    """Give somebody's tasks."""
    return [task for task in await tasks_in(house.database_url) if task.owner == owner]


async def test_a_task_waits_for_the_invitation(house: House, maya: Persona) -> None:
    """/tasks in a channel without the bot: a draft that says what to do, and starts by itself."""
    await maya.slash(DAILY.format("RDS"), RANDOM)
    draft = await maya.see(saying("I am not in #random", "/invite @Chatcron"), RANDOM)
    assert (draft["ephemeral"], labels_of(draft)) == (True, ["Try again", "Cancel"])
    await maya.click(draft, "Try again")
    await maya.see(saying("Not yet.", "I am not in #random"), RANDOM)
    assert await stands(house, draft) == (TaskState.DRAFT, Hold.INVITATION)

    await maya.command("/invite @chatcron", RANDOM)

    card = await maya.see(saying("RDS cost report", "is on"), RANDOM)
    assert not card["ephemeral"]
    assert await stands(house, card) == (TaskState.ACTIVE, None)


async def test_a_private_channel_tells_nothing_before_the_invitation(
    house: House, maya: Persona
) -> None:
    """What Slack says nothing about is not armed; why says what it waits for; then it starts."""
    await maya.slash(DAILY.format("S3"), BOARD)
    draft = await maya.see(saying("I can't look into that channel"), BOARD)
    await maya.slash(f"why T-{number_in(draft, 'T')}", BOARD)
    await maya.see(saying("It was never started", "Invite me there"), BOARD)

    house.order("invite", channel=BOARD, user=BOT)

    await maya.see(saying("S3 cost report", "is on"), BOARD)


async def test_thrown_out_and_let_in_again(house: House, ravi: Persona) -> None:
    """The task is on hold, its owner told once; back again it goes on, told in the same thread."""
    _, card = await born(ravi, DAILY.format("Lambda"), PLATFORM)
    house.order("remove", channel=PLATFORM, user=BOT)

    told = await ravi.see(saying("I am not in #platform", "Lambda", "is on hold"), ravi.dm)
    assert await stands(house, card) == (TaskState.PAUSED, Hold.PLACE)
    await ravi.slash(f"why T-{number_in(card, 'T')}", GENERAL)
    await ravi.see(saying("It is on hold.", "/invite @Chatcron"), GENERAL)

    house.order("invite", channel=PLATFORM, user=BOT)
    await ravi.see(saying("Lambda", "goes on in"), ravi.dm, told["ts"])
    assert await stands(house, card) == (TaskState.ACTIVE, None)
    assert len(await ravi.find(saying("is on hold"), ravi.dm)) == 1


async def test_an_archived_channel_keeps_what_it_is_owed(house: House, maya: Persona) -> None:
    """Archived unheard: the result is kept, the task put on hold; both come back with it."""
    house.order("channel", id="C0OPS", name="ops", members=["U0MAYA", BOT])
    _, card = await born(maya, DAILY.format("EC2"), "C0OPS")
    name = f"T-{number_in(card, 'T')}"
    house.order("channel", channel="C0OPS", archived=True)  # and no event tells of it

    await maya.slash(f"run {name}", GENERAL)
    await maya.see(saying("#ops is archived.", "EC2", "is on hold"), maya.dm)
    assert await stands(house, card) == (TaskState.PAUSED, Hold.PLACE)
    await maya.slash(f"why {name}", GENERAL)
    await maya.see(saying("kept until I can post there", "#ops is archived"), GENERAL)
    await maya.slash(f"run {name}", GENERAL)
    await maya.see(saying("#ops is archived. Nothing was run."), GENERAL)

    house.order("unarchive", channel="C0OPS")
    await maya.see(saying("EC2, yesterday"), "C0OPS")
    assert await stands(house, card) == (TaskState.ACTIVE, None)


async def test_somebody_takes_over_from_one_who_left(
    house: House, lena: Persona, sam: Persona, gita: Persona
) -> None:
    """The channel is asked once for both tasks; a guest may not, a member may, and owns them."""
    house.order("invite", channel=PLATFORM, user=lena.user)
    _, first = await born(lena, DAILY.format("EBS"), PLATFORM)
    await born(lena, DAILY.format("NAT"), PLATFORM)
    house.order("person", id=lena.user, deleted=True)

    asked = await sam.see(saying("has left this workspace", "EBS", "NAT"), PLATFORM)
    assert labels_of(asked) == ["Take over all"]
    assert await stands(house, first) == (TaskState.PAUSED, Hold.OWNER)
    await gita.click(asked, "Take over all")
    await gita.see(saying("can't create tasks here"), PLATFORM)

    await sam.click(asked, "Take over all")
    await sam.see(saying("U0SAM", "took over", "these 2 tasks"), PLATFORM)
    assert await stands(house, first) == (TaskState.ACTIVE, None)
    assert await owned_by(house, lena.user) == []
    assert len(await sam.find(saying("has left this workspace"), PLATFORM)) == 0


async def test_another_audience_is_named_and_asked_about(house: House, maya: Persona) -> None:
    """From a private channel to an open one: said in so many words, and one click does it."""
    thread, card = await born(maya, DAILY.format("WAF"), SECOPS)
    await maya.say("send it to <#C0GENERAL|general> instead", SECOPS, thread_ts=thread)
    asked = await maya.see(saying("in <#C0GENERAL> instead of <#C0SECOPS>"), SECOPS, thread)
    assert asked["ephemeral"]
    assert "3 people are in it" in words_of(asked)
    assert "private place now" in words_of(asked)
    assert (await task_of(house, card)).channel == SECOPS

    await maya.click(asked, "Post it in #general")

    await maya.see(saying("WAF", "is on"), GENERAL)
    assert (await task_of(house, card)).channel == GENERAL
    left = await maya.see(saying("posts in <#C0GENERAL> now"), SECOPS, thread)
    assert left["ts"] == card["ts"]
    assert labels_of(left) == []


async def test_a_place_one_is_not_in_is_no_place_to_post(maya: Persona, ravi: Persona) -> None:
    """Moving a task tells nothing of a private channel: Ravi hears what he'd hear of none."""
    thread, _ = await born(ravi, DAILY.format("ELB"), SECOPS)
    for place in ("<#C0BOARD|board>", "<#C0NOTHING|nothing>"):
        await ravi.say(f"send it to {place} instead", SECOPS, thread_ts=thread)
    refused = await ravi.see(saying("I can't look into that channel"), SECOPS, thread, count=2)
    assert "board" not in words_of(refused)
    assert await maya.find(saying("ELB", "is on"), BOARD) == []


async def test_the_form_asks_before_it_moves_a_task(house: House, maya: Persona) -> None:
    """A channel chosen in the form is asked about alone; one that can't be is said at its field."""
    house.order("channel", id="C0ATTIC", name="attic", is_private=True, members=["U0MAYA"])
    _, card = await born(maya, DAILY.format("KMS"), GENERAL)
    form = await maya.open_form(card, "Edit")
    refused = await maya.submit(form, channel="C0ATTIC")
    assert "I can't look into that channel" in refused["errors"]["channel"]

    form = await maya.open_form(card, "Edit")
    assert (await maya.submit(form, channel=PLATFORM))["ok"]
    asked = await maya.see(saying("KMS", "instead of <#C0GENERAL>"), maya.dm)
    assert (await task_of(house, card)).channel == GENERAL
    await maya.click(asked, "Post it in #platform")

    await maya.see(saying("KMS", "is on"), PLATFORM)
    assert (await task_of(house, card)).channel == PLATFORM
