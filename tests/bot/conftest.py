"""A local Slack in the test's own process, and a client of Slack's SDK that speaks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import LocalSlack
from bot.speaker import Speaker
from scheduler.agents import PROFILES


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    """Serve a local Slack on loopback."""
    server = LocalSlack()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def client(slack: LocalSlack) -> AsyncIterator[AsyncWebClient]:
    """Give a client with the bot's token."""
    async with ClientSession() as session:
        yield AsyncWebClient(token="xoxb-local", base_url=slack.api_url, session=session)


@pytest.fixture
def speaker(client: AsyncWebClient) -> Speaker:
    """Give a speaker that knows every agent."""
    return Speaker(client, PROFILES)
