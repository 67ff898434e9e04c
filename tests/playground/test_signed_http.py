"""An app with a request URL gets signed posts, with Slack's headers when they come again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import ClientSession, web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import LocalSlack
from tests.playground.conftest import Hands

SECRET = "a secret of this test"


@dataclass
class Receiver:
    """An app that keeps what it was sent and answers as it is told."""

    statuses: list[int] = field(default_factory=list)
    answer_headers: dict[str, str] = field(default_factory=dict)
    answer_text: str = ""
    got: asyncio.Queue[tuple[dict[str, str], bytes]] = field(default_factory=asyncio.Queue)

    async def receive(self, request: web.Request) -> web.Response:
        """Keep one post."""
        body = await request.read()
        self.got.put_nowait((dict(request.headers), body))
        if request.content_type == "application/json":
            challenge = json.loads(body).get("challenge")
            if challenge:
                return web.json_response({"challenge": challenge})
        status = self.statuses.pop(0) if self.statuses else 200
        return web.Response(status=status, text=self.answer_text, headers=self.answer_headers)

    async def next(self) -> tuple[dict[str, str], bytes]:
        """Wait for the next post."""
        return await asyncio.wait_for(self.got.get(), 30)


@pytest.fixture
async def receiver() -> Receiver:
    """Give an app that answers 200."""
    return Receiver()


@pytest.fixture
async def slack(receiver: Receiver) -> AsyncIterator[LocalSlack]:
    """Give a local Slack that posts to the receiver."""
    app = web.Application()
    app.add_routes([web.post("/slack/events", receiver.receive)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    local = LocalSlack(
        page=False,
        request_url=f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events",
        signing_secret=SECRET,
        ack_limit_s=1,
        retry_delays_s=(0, 0, 0),
    )
    await local.start()
    yield local
    await local.stop()
    await runner.cleanup()


async def test_an_event_is_signed(hands: Hands, receiver: Receiver) -> None:
    """Slack's own verifier accepts the signature, and no other secret's."""
    await hands.say("hello")

    headers, body = await receiver.next()

    assert SignatureVerifier(SECRET).is_valid_request(body, headers)
    assert not SignatureVerifier("another").is_valid_request(body, headers)
    assert json.loads(body)["event"]["text"] == "hello"
    assert "X-Slack-Retry-Num" not in headers


async def test_a_refused_event_comes_again_with_its_number(
    hands: Hands, receiver: Receiver
) -> None:
    """Two 500s lead to two retries, which say why they come."""
    receiver.statuses = [500, 500]
    await hands.say("hello")

    posts = [await receiver.next() for _ in range(3)]

    assert len({json.loads(body)["event_id"] for _, body in posts}) == 1
    assert [headers.get("X-Slack-Retry-Num") for headers, _ in posts] == [None, "1", "2"]
    assert posts[2][0]["X-Slack-Retry-Reason"] == "http_error"


async def test_an_app_can_ask_for_no_retries(hands: Hands, receiver: Receiver) -> None:
    """A refusal with X-Slack-No-Retry is the last word on its event."""
    receiver.statuses = [500]
    receiver.answer_headers = {"X-Slack-No-Retry": "1"}
    await hands.say("first")
    await receiver.next()
    receiver.answer_headers = {}
    await hands.say("second")

    _, body = await receiver.next()

    assert json.loads(body)["event"]["text"] == "second"


async def test_a_command_is_a_form_and_its_answer_is_shown(
    hands: Hands, receiver: Receiver
) -> None:
    """A slash command comes as form fields, and a plain answer is seen by the asker."""
    receiver.answer_text = "nothing is planned"
    await hands.post("/ui/say", **{"as": "U0MAYA"}, channel="C0FINOPS", text="/tasks list")

    headers, body = await receiver.next()

    form = parse_qs(body.decode())
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert (form["command"], form["text"]) == (["/tasks"], ["list"])
    assert [each["text"] for each in await hands.messages()] == ["nothing is planned"]


async def test_the_request_url_can_be_verified(hands: Hands, slack: LocalSlack) -> None:
    """The challenge goes out and its answer is recognised."""
    assert await hands.post("/control/verify") == {"ok": True}


async def test_bolt_takes_signed_posts(session: ClientSession) -> None:
    """The real Bolt verifies the signature, and hears a mention and a command by HTTP."""
    heard: asyncio.Queue[str] = asyncio.Queue()
    port = await free_port()
    local = LocalSlack(
        page=False,
        request_url=f"http://127.0.0.1:{port}/slack/events",
        signing_secret=SECRET,
    )
    await local.start()
    client = AsyncWebClient(token="xoxb-local", base_url=local.api_url)
    app = AsyncApp(client=client, signing_secret=SECRET)

    @app.event("app_mention")
    async def on_mention(event: dict[str, Any]) -> None:
        heard.put_nowait(event["text"])

    @app.command("/tasks")
    async def on_tasks(ack: AsyncAck, command: dict[str, Any]) -> None:
        await ack("here they are")
        heard.put_nowait(command["text"])

    runner = web.AppRunner(app.web_app(path="/slack/events"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    hands = Hands(session, local.url)

    await hands.say("@Chatcron hello")
    mention = await asyncio.wait_for(heard.get(), 30)
    await hands.post("/ui/say", **{"as": "U0MAYA"}, channel="C0GENERAL", text="/tasks list")
    command = await asyncio.wait_for(heard.get(), 30)
    [answer] = await hands.messages("C0GENERAL")
    await local.stop()
    await runner.cleanup()

    assert (mention, command) == ("<@U0BOT> hello", "list")
    assert answer["text"] == "here they are"


async def free_port() -> int:
    """Find a port that nobody listens on."""
    server = await asyncio.start_server(lambda _, __: None, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port
