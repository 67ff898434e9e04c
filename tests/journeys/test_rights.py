"""Who may do what, at the buttons and the keyboard; and how a private channel keeps its secrets."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks import cards
from storage.records import Task
from tests.journeys.books import tasks_in
from tests.journeys.driver import House
from tests.journeys.persona import GENERAL, PLATFORM, Look, Message, Persona, saying, words_of
from tests.journeys.test_steering import born, task_of

VAULT, GLOBEX = "C0VAULT", "C0GLOBEX"
SECRET = "Zebra"
RUN = "Only people in its channel may run"
PAUSE = "Only people in its channel may pause"
CHANGE = "Only its owner and admins may change"
CREATE = "Guests, bots and people of other workspaces can't create"
VERBS = ("show", "why", "history", "next", "run", "pause", "resume", "undo", "delete")


@pytest.fixture
def as_bot(session: ClientSession, house: House) -> AsyncWebClient:
    """Give a client with the bot's own token."""
    return AsyncWebClient(token="xoxb-local", base_url=f"{house.url}/api/", session=session)


@pytest.fixture
async def secret(house: House, ravi: Persona) -> Task:
    """Give a task of Ravi's in a private channel that he and the bot are in alone."""
    for task in await tasks_in(house.database_url):
        if task.channel == VAULT:
            return task
    house.order("channel", id=VAULT, name="vault", is_private=True, members=["U0RAVI", "U0BOT"])
    _, card = await born(ravi, f"alex schedule {SECRET} cost report every day at 8 AM", VAULT)
    return await task_of(house, card)


async def answer(who: Persona, text: str, channel: str, *, slash: bool = True) -> str:
    """Ask for something and give all that the answer shows."""
    before = {each["ts"] for each in await who.read(channel)}
    if slash:
        await who.slash(text, channel)
    else:
        before.add(await who.say(f"@Chatcron {text}", channel))

    async def new() -> Message | None:
        said = [each for each in await who.read(channel) if each["ts"] not in before]
        mine = [each for each in said if each["ephemeral"] or (channel == who.dm and each["bot"])]
        return next(iter(mine), None)  # a result may come in between

    return words_of(await who.until(new))


def without_numbers(words: str) -> str:
    """Leave out which task was asked for."""
    return re.sub(r"T-\d+", "T-?", words)


def refused_since(before: set[str]) -> Look:
    """Look for a new message that knows of no such task."""

    def look(message: Message) -> bool:
        return message["ts"] not in before and "There is no task" in words_of(message)

    return look


async def told_in_form(house: House) -> bool | None:
    """Wait until a form says that there is no such task, and nothing else."""
    said = str(house.calls("views.update"))
    assert SECRET not in said
    return "There is no task" in said or None


async def stays(house: House, secret: Task) -> bool:
    """Say whether a task is as it was, but for the message that shows it."""
    found = next(each for each in await tasks_in(house.database_url) if each.id == secret.id)
    return replace(found, card_ts=secret.card_ts) == secret


async def test_the_table_of_rights_from_end_to_end(
    house: House, ravi: Persona, maya: Persona, sam: Persona, gita: Persona, stan: Persona
) -> None:
    """Owner, admin, member, colleague, guest and stranger: each may what the table says."""
    _, shared = await born(ravi, "alex schedule RDS cost report every day at 8 AM", GLOBEX)
    _, inner = await born(ravi, "alex schedule S3 cost report every day at 8 AM", PLATFORM)
    here, there = await task_of(house, shared), await task_of(house, inner)
    may: list[tuple[Persona, Task, str, dict[str, str]]] = [
        (ravi, here, GLOBEX, {}),
        (maya, here, GLOBEX, {}),
        (sam, there, PLATFORM, {"edit": CHANGE}),
        (sam, here, GENERAL, {"run": RUN, "pause": PAUSE, "edit": CHANGE, "resume": PAUSE}),
        (gita, there, PLATFORM, {"run": RUN, "pause": PAUSE, "edit": CHANGE, "resume": PAUSE}),
        (stan, here, GLOBEX, {"run": RUN, "pause": PAUSE, "edit": CHANGE, "resume": PAUSE}),
    ]
    for who, task, channel, refused in may:
        name = f"T-{task.id}"
        for verb in ("show", "run", "pause", "resume"):
            words = await answer(who, f"{verb} {name}", channel, slash=who is not stan)
            assert refused.get(verb, "Only people") in words or verb not in refused, (
                who.user,
                verb,
            )
            assert name in words or verb in refused, (who.user, verb, words)
        words = await answer(who, f"change {name} to 9:30", channel, slash=who is not stan)
        assert (CHANGE in words) is ("edit" in refused), (who.user, words)


async def test_guests_strangers_and_bots_create_nothing(
    house: House, gita: Persona, stan: Persona, maya: Persona
) -> None:
    """Each person is told so; another app's bot gets no answer and no task."""
    before = len(await tasks_in(house.database_url))
    asked = "alex schedule Guest cost report every day at 8 AM"
    assert CREATE in await answer(gita, asked, PLATFORM, slash=False)
    assert CREATE in await answer(stan, asked, GLOBEX, slash=False)
    otto = house.order("say", user="U0OTTO", channel=PLATFORM, text=f"<@U0BOT> {asked}")

    _, card = await born(maya, "alex schedule ELB cost report every day at 8 AM", PLATFORM)
    assert len(await tasks_in(house.database_url)) == before + 1
    assert (await task_of(house, card)).owner == "U0MAYA"
    assert [each["user"] for each in await maya.read(PLATFORM, otto["ts"])] == ["U0OTTO"]


@pytest.mark.parametrize("who", ["sam", "maya"])
async def test_a_private_channel_s_task_is_not_there_for_others(
    house: House, secret: Task, who: str, request: pytest.FixtureRequest
) -> None:
    """By number and by name, in channels and alone, even an admin hears what nobody would."""
    asker: Persona = request.getfixturevalue(who)
    for verb in VERBS:
        hidden = await answer(asker, f"{verb} T-{secret.id}", GENERAL)
        nothing = await answer(asker, f"{verb} T-9999", GENERAL)
        assert without_numbers(hidden) == without_numbers(nothing), verb
        hidden = await answer(asker, f"{verb} {SECRET} cost report", GENERAL)
        nothing = await answer(asker, f"{verb} Gnu cost report", GENERAL)
        assert hidden.replace(SECRET, "Gnu") == nothing, verb
    assert without_numbers(
        await answer(asker, f"change T-{secret.id} to 9:30", asker.dm, slash=False)
    ) == without_numbers(await answer(asker, "change T-9999 to 9:30", asker.dm, slash=False))
    for asked in ("list", "next", "help", "list failed tasks"):
        assert SECRET not in await answer(asker, asked, GENERAL)
    assert SECRET not in str((await asker.home())["blocks"])
    assert await stays(house, secret)


async def test_a_card_that_was_carried_out_tells_nothing(
    house: House, secret: Task, sam: Persona, as_bot: AsyncWebClient
) -> None:
    """Buttons of a private task, shown where they never should: a click says there is no such."""
    verbs = (
        "run",
        "pause",
        "show",
        "why",
        "history",
        "edit",
        "undo",
        "delete",
        "retry",
        "takeover",
    )
    for verb in verbs:
        value = cards.value_of(secret, str(secret.id) if verb == "takeover" else "")
        row = {
            "type": "actions",
            "block_id": cards.CARD,
            "elements": [
                {
                    "type": "button",
                    "text": {"type": "plain_text", "text": verb},
                    "action_id": verb,
                    "value": value,
                }
            ],
        }
        posted = await as_bot.chat_postMessage(channel=GENERAL, text=f"try {verb}", blocks=[row])
        [shown] = [each for each in await sam.read(GENERAL) if each["ts"] == posted["ts"]]
        before = {each["ts"] for each in await sam.read(GENERAL)}
        await sam.click(shown, verb)
        if verb == "edit":  # it answers in the form that it opened
            await sam.until(lambda: told_in_form(house))
            continue
        told = await sam.see(refused_since(before), GENERAL)
        assert SECRET not in words_of(told)
    assert await stays(house, secret)


async def test_a_thread_that_a_task_moved_out_of_tells_no_more(
    house: House, ravi: Persona, sam: Persona
) -> None:
    """From an open channel into a private one: the old thread's readers learn nothing of it."""
    house.order("channel", id="C0CELLAR", name="cellar", is_private=True,
                members=["U0RAVI", "U0BOT"])  # fmt: skip
    thread, card = await born(ravi, "alex schedule NAT cost report every day at 8 AM", GENERAL)
    await ravi.say("send it to <#C0CELLAR|cellar> instead", GENERAL, thread_ts=thread)
    asked = await ravi.see(saying("instead of"), GENERAL, thread)
    await ravi.click(asked, "Post it in #cellar")
    left = await sam.see(saying("posts in another place now"), GENERAL, thread)
    assert left["ts"] == card["ts"]
    await ravi.see(saying("NAT", "is on"), "C0CELLAR")

    await sam.say("@Chatcron why didn't it run?", GENERAL, thread_ts=thread)

    told = await sam.see(saying("Which task do you mean?"), GENERAL, thread)
    assert "NAT" not in words_of(told)


async def test_a_run_asked_for_elsewhere_is_told_to_the_asker_alone(
    house: House, secret: Task, ravi: Persona, sam: Persona
) -> None:
    """Run now on a private task's card that its owner looks at in an open channel."""
    await ravi.slash(f"show T-{secret.id}", GENERAL)
    shown = await ravi.see(saying(SECRET, "is on"), GENERAL)

    await ravi.click(shown, "Run now")

    told = await ravi.see(saying("Running", SECRET), GENERAL)
    assert told["ephemeral"]
    assert not await sam.find(saying("Running", SECRET), GENERAL)
