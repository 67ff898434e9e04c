"""The speaker shows an agent's name and icon, or its name before the text where it may not."""

from __future__ import annotations

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks import kit
from bot.blocks.cards import Message
from bot.playground.server import LocalSlack
from bot.speaker import Speaker

HELLO = Message(text="hello", blocks=(kit.section("hello"),))


async def test_an_agent_speaks_under_its_own_name(speaker: Speaker, client: AsyncWebClient) -> None:
    """The message carries the agent's name and icon."""
    channel, ts = await speaker.say("C0FINOPS", HELLO, persona="alex")

    history = await client.conversations_history(channel=channel)
    [said] = [message for message in history["messages"] if message["ts"] == ts]
    assert said["username"] == "Alex"


async def test_without_the_scope_the_name_stands_before_the_text(
    slack: LocalSlack, speaker: Speaker, client: AsyncWebClient
) -> None:
    """A workspace that does not allow names and icons still sees who speaks, block and text."""
    async with ClientSession() as session:
        scopes = {"remove": ["chat:write.customize"]}
        await session.post(f"{slack.url}/control/scopes", json=scopes)

    _, first = await speaker.say("C0FINOPS", HELLO, persona="alex")
    _, second = await speaker.say("C0FINOPS", HELLO, persona="alex")

    history = await client.conversations_history(channel="C0FINOPS")
    said = {message["ts"]: message for message in history["messages"]}
    for ts in (first, second):
        assert said[ts]["text"] == "*Alex:* hello"
        assert said[ts]["blocks"][0]["text"]["text"] == "*Alex:* hello"


async def test_a_message_that_is_gone_is_not_changed(speaker: Speaker) -> None:
    """Bringing a deleted card up to date says that it is gone and raises nothing."""
    assert not await speaker.change("C0FINOPS", "1.000000", HELLO)


async def test_a_whisper_in_a_direct_message_is_said_there(
    speaker: Speaker, client: AsyncWebClient
) -> None:
    """Where nobody else listens, it is an ordinary message that stays."""
    await speaker.whisper("D0MAYA", "U0MAYA", HELLO, persona="anna")

    history = await client.conversations_history(channel="D0MAYA")
    assert [message["text"] for message in history["messages"]] == ["hello"]


async def test_a_whisper_in_a_channel_leaves_no_trace(
    speaker: Speaker, client: AsyncWebClient
) -> None:
    """What only one person sees is not in the channel's history."""
    await speaker.whisper("C0FINOPS", "U0MAYA", HELLO, persona="anna")

    history = await client.conversations_history(channel="C0FINOPS")
    assert history["messages"] == []


async def test_an_answer_outlives_the_message_it_belongs_to(
    slack: LocalSlack, speaker: Speaker
) -> None:
    """Where what was asked is deleted meanwhile, its asker still reads what became of it."""
    await speaker.answer("C0FINOPS", HELLO, persona="alex", thread_ts="1.000000", asker="U0MAYA")

    query = {"as": "U0MAYA", "channel": "C0FINOPS"}
    async with (
        ClientSession() as session,
        session.get(f"{slack.url}/ui/messages", params=query) as response,
    ):
        [said] = (await response.json())["messages"]
    assert (said["text"], said["ephemeral"], said["thread_ts"]) == ("hello", True, None)
