"""The real Bolt connects by Socket Mode, hears, answers and is told again what it did not ack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import LocalSlack
from tests.playground.conftest import Hands


@pytest.fixture
async def app(client: AsyncWebClient) -> AsyncApp:
    """Give a Bolt app with no listeners."""
    return AsyncApp(client=client, signing_secret="unused")


@pytest.fixture
async def linked(app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    """Connect the app for the length of a test."""
    handler = AsyncSocketModeHandler(app, "xapp-local")
    await handler.connect_async()  # type: ignore[no-untyped-call]
    yield handler
    await handler.close_async()  # type: ignore[no-untyped-call]


async def test_a_mention_is_heard_and_answered_in_its_thread(
    app: AsyncApp, linked: AsyncSocketModeHandler, hands: Hands
) -> None:
    """A mention reaches the listener, and its answer stands in the thread on the page."""
    answered = asyncio.Event()

    @app.event("app_mention")
    async def on_mention(event: dict[str, Any], client: AsyncWebClient) -> None:
        await client.chat_postMessage(
            channel=event["channel"], thread_ts=event["ts"], text=f"heard {event['text']}"
        )
        answered.set()

    ts = await hands.say("@Chatcron alex hello <there>")
    await asyncio.wait_for(answered.wait(), 5)

    thread = await hands.messages(thread_ts=ts)
    assert [each["text"] for each in thread] == [
        "<@U0BOT> alex hello &lt;there&gt;",
        "heard <@U0BOT> alex hello &lt;there&gt;",
    ]


async def test_a_mention_comes_as_two_events(slack: LocalSlack, hands: Hands) -> None:
    """In a joined channel a mention is an app_mention and a message, with two ids and one ts."""
    ts = await hands.say("@Chatcron hello")

    events = (await hands.get("/control/deliveries"))["deliveries"]
    assert {each["event_type"] for each in events} == {"app_mention", "message"}
    assert len({each["event_id"] for each in events}) == 2
    assert {each["event"]["ts"] for each in events} == {ts}
