"""What one person alone is shown is in no history, in no thread, and on no other screen."""

from __future__ import annotations

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from tests.playground.conftest import Hands, refused


async def test_an_ephemeral_message_is_in_no_thread(client: AsyncWebClient, hands: Hands) -> None:
    """Replies leave it out, it is no thread to answer in, and nothing of it can be changed."""
    root = await hands.say("hello")
    where: dict[str, Any] = {"channel": "C0FINOPS", "user": "U0MAYA"}
    ts = (await client.chat_postEphemeral(**where, text="psst", thread_ts=root))["message_ts"]

    thread = await client.conversations_replies(channel="C0FINOPS", ts=root)
    answered = await refused(client.chat_postMessage(channel="C0FINOPS", text="x", thread_ts=ts))
    changed = await refused(client.chat_update(channel="C0FINOPS", ts=str(ts), text="x"))

    assert [each["text"] for each in thread["messages"]] == ["hello"]
    assert (answered["error"], changed["error"]) == ("thread_not_found", "message_not_found")


async def test_an_ephemeral_message_needs_its_person_there(client: AsyncWebClient) -> None:
    """Nobody who is not in the channel can be shown one."""
    answer = await refused(
        client.chat_postEphemeral(channel="C0FINOPS", user="U0STAN", text="psst")
    )

    assert answer["error"] == "user_not_in_channel"


async def test_an_ephemeral_message_is_for_one(client: AsyncWebClient, hands: Hands) -> None:
    """Only its person sees an ephemeral message, and history never does."""
    await client.chat_postEphemeral(channel="C0FINOPS", user="U0RAVI", text="psst")

    assert [each["ephemeral"] for each in await hands.messages(person="U0RAVI")] == [True]
    assert await hands.messages(person="U0MAYA") == []
    assert (await client.conversations_history(channel="C0FINOPS"))["messages"] == []
