"""A local Slack on loopback, a client of its Web API, and a browser's hands for every test here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import LocalSlack

HASTY = pytest.mark.parametrize("ack_limit_s", [0.3])
"""For tests in which no ack comes: the local Slack does not wait for long."""
"""Short, for tests of what happens without an ack; a module of tests that ack sets its own."""


class Hands:
    """What a browser does, by JSON."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        """Read something."""
        async with self._session.get(self._url + path, params=query) as response:
            answer: dict[str, Any] = await response.json()
            return answer

    async def post(self, path: str, **body: Any) -> dict[str, Any]:
        """Do something."""
        async with self._session.post(self._url + path, json=body) as response:
            answer: dict[str, Any] = await response.json()
            return answer

    async def say(self, text: str, *, channel: str = "C0FINOPS", person: str = "U0MAYA") -> str:
        """Say something and give its timestamp."""
        answer = await self.post("/ui/say", **{"as": person}, channel=channel, text=text)
        assert answer["ok"], answer
        return str(answer["ts"])

    async def messages(
        self, channel: str = "C0FINOPS", *, person: str = "U0MAYA", **query: str
    ) -> list[dict[str, Any]]:
        """Read a channel as a person sees it."""
        answer = await self.get("/ui/messages", **{"as": person}, channel=channel, **query)
        listed: list[dict[str, Any]] = answer["messages"]
        return listed


class Link:
    """What an app does with one socket, bare."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket

    @classmethod
    @asynccontextmanager
    async def open(cls, slack: LocalSlack) -> AsyncIterator[Link]:
        """Open a socket as Slack's client does, and wait for its hello."""
        client = AsyncWebClient(token="xapp-local", base_url=slack.api_url)
        url = str((await client.apps_connections_open(app_token="xapp-local"))["url"])
        async with ClientSession() as session, session.ws_connect(url) as socket:
            assert (await socket.receive_json())["type"] == "hello"
            yield cls(socket)

    async def envelope(self, *, ack: bool = True, answer: Any = None) -> dict[str, Any]:
        """Take the next envelope, and acknowledge it unless told otherwise."""
        envelope: dict[str, Any] = await self._socket.receive_json(timeout=30)
        if ack:
            await self.ack(envelope, answer)
        return envelope

    async def ack(self, envelope: dict[str, Any], answer: Any = None) -> None:
        """Acknowledge an envelope, with an answer where there is one."""
        acked = {"envelope_id": envelope["envelope_id"]}
        await self._socket.send_json(acked | ({"payload": answer} if answer else {}))

    async def events(self, count: int) -> list[dict[str, Any]]:
        """Take that many events, and acknowledge them."""
        return [(await self.envelope())["payload"]["event"] for _ in range(count)]

    async def next_event(self, hands: Hands, channel: str = "C0FINOPS") -> dict[str, Any]:
        """Say that this is the end, and give what comes before it, or else the end itself."""
        await hands.say("the end", channel=channel)
        return (await self.events(1))[0]


async def refused(call: Any) -> dict[str, Any]:
    """Give the answer of a call that must fail."""
    with pytest.raises(SlackApiError) as caught:
        await call
    answer: dict[str, Any] = dict(caught.value.response.data)
    return answer


async def slashed(hands: Hands, link: Link, text: str, answer: Any = None) -> dict[str, Any]:
    """Run /tasks as Maya and give what the app got."""
    body = {"as": "U0MAYA", "channel": "C0FINOPS", "command": "/tasks", "text": text}
    envelope, done = await asyncio.gather(
        link.envelope(answer=answer), hands.post("/ui/slash", **body)
    )
    assert done == {"ok": True}
    payload: dict[str, Any] = envelope["payload"]
    return payload


@pytest.fixture
async def link(slack: LocalSlack) -> AsyncIterator[Link]:
    """Give the app's only socket."""
    async with Link.open(slack) as opened:
        yield opened


@pytest.fixture
def ack_limit_s() -> float:
    """Give the time for an ack: more than a loaded machine takes; tests of late ones set less."""
    return 30.0


@pytest.fixture
async def slack(ack_limit_s: float) -> AsyncIterator[LocalSlack]:
    """Give a running local Slack that waits for an ack as long as the test wants."""
    local = LocalSlack(page=False, ack_limit_s=ack_limit_s, retry_delays_s=(0, 0.05, 0.1))
    await local.start()
    yield local
    await local.stop()


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    """Give an HTTP session that takes nothing from the environment."""
    async with ClientSession() as opened:
        yield opened


@pytest.fixture
def hands(session: ClientSession, slack: LocalSlack) -> Hands:
    """Give a browser's hands."""
    return Hands(session, slack.url)


@pytest.fixture
def client(slack: LocalSlack) -> AsyncWebClient:
    """Give Slack's own client with the bot's token."""
    return AsyncWebClient(token="xoxb-local", base_url=slack.api_url)
