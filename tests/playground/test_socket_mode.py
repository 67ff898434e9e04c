"""The real Bolt connects by Socket Mode, hears, answers and is told again what it did not ack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from aiohttp import ClientSession, WSServerHandshakeError
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import LocalSlack
from tests.playground.conftest import HASTY, Hands, Link


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


@pytest.fixture
async def patient() -> AsyncIterator[LocalSlack]:
    """Give a local Slack that waits for an ack however long a test takes."""
    local = LocalSlack(page=False, ack_limit_s=30)
    await local.start()
    yield local
    await local.stop()


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
    await asyncio.wait_for(answered.wait(), 30)

    thread = await hands.messages(thread_ts=ts)
    assert [each["text"] for each in thread] == [
        "<@U0BOT> alex hello &lt;there&gt;",
        "heard <@U0BOT> alex hello &lt;there&gt;",
    ]


async def test_bolt_answers_a_command_and_a_click(
    app: AsyncApp, linked: AsyncSocketModeHandler, hands: Hands
) -> None:
    """A command is acknowledged and answered by its response URL, and so is the answer's button."""
    done = asyncio.Event()
    button = {
        "type": "button",
        "action_id": "pause",
        "value": "T-1",
        "text": {"type": "plain_text", "text": "Pause"},
    }
    blocks = [{"type": "actions", "block_id": "card", "elements": [button]}]

    @app.command("/tasks")
    async def on_tasks(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond(text="T-1", blocks=blocks)
        done.set()

    @app.action("pause")
    async def on_pause(ack: AsyncAck, action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await respond(text=f"{action['value']} paused", replace_original=True, blocks=[])
        done.set()

    await hands.post("/ui/say", **{"as": "U0MAYA"}, channel="C0FINOPS", text="/tasks list")
    await asyncio.wait_for(done.wait(), 30)
    done.clear()
    [shown] = await hands.messages()
    click = {"message_ts": shown["ts"], "block_id": "card", "action_id": "pause", "type": "button"}
    clicked = await hands.post("/ui/click", **{"as": "U0MAYA"}, channel="C0FINOPS", **click)
    await asyncio.wait_for(done.wait(), 30)

    assert clicked == {"ok": True}
    assert [each["text"] for each in await hands.messages()] == ["T-1 paused"]


async def test_a_burst_is_acknowledged_without_retries(
    app: AsyncApp, linked: AsyncSocketModeHandler, hands: Hands
) -> None:
    """Fifty messages at once are each heard once."""
    heard: list[str] = []
    all_heard = asyncio.Event()

    @app.event("message")
    async def on_message(event: dict[str, Any]) -> None:
        heard.append(event["text"])
        if len(heard) == 50:
            all_heard.set()

    await asyncio.gather(*[hands.say(f"number {at}") for at in range(50)])
    await asyncio.wait_for(all_heard.wait(), 20)

    assert len(set(heard)) == 50


async def test_a_mention_comes_as_two_events(hands: Hands, link: Link) -> None:
    """In a joined channel a mention is an app_mention and a message, with two ids and one ts."""
    ts = await hands.say("@Chatcron hello")

    first, second = await link.envelope(), await link.envelope()

    events = [each["payload"]["event"] for each in (first, second)]
    assert {each["type"] for each in events} == {"app_mention", "message"}
    assert {(each["channel"], each["ts"]) for each in events} == {("C0FINOPS", ts)}
    assert first["payload"]["event_id"] != second["payload"]["event_id"]


async def test_an_event_has_the_fields_of_slacks(hands: Hands, link: Link) -> None:
    """The envelope, the callback and the event carry what listeners read, with Slack's types."""
    await hands.say("good morning & hello")
    envelope = await link.envelope()

    assert envelope["type"] == "events_api"
    assert envelope["accepts_response_payload"] is False
    assert (envelope["retry_attempt"], envelope["retry_reason"]) == (0, "")
    payload = envelope["payload"]
    assert payload["type"] == "event_callback"
    assert payload["api_app_id"] == "A0CHATCRON"
    assert isinstance(payload["event_time"], int)
    assert payload["authorizations"][0]["user_id"] == "U0BOT"
    event = payload["event"]
    assert event["text"] == "good morning &amp; hello"
    assert event["channel_type"] == "channel"
    assert event["user"] == "U0MAYA"
    assert event["event_ts"] == event["ts"]
    assert event["blocks"][0]["elements"][0]["elements"] == [
        {"type": "text", "text": "good morning & hello"}
    ]


async def test_a_direct_message_is_one_event(hands: Hands, link: Link) -> None:
    """A mention in a direct conversation is a message.im and nothing else."""
    await hands.say("@Chatcron hello", channel="D0MAYA")
    await hands.say("end", channel="D0MAYA")

    first, second = await link.envelope(), await link.envelope()

    assert first["payload"]["event"]["channel_type"] == "im"
    assert first["payload"]["event"]["type"] == "message"
    assert second["payload"]["event"]["text"] == "end"


async def test_a_channel_without_the_bot_is_silent_until_it_is_invited(
    hands: Hands, link: Link
) -> None:
    """Nothing said in a channel reaches an app that is not in it."""
    await hands.say("@Chatcron hello", channel="C0RANDOM")
    await hands.post("/ui/say", **{"as": "U0MAYA"}, channel="C0RANDOM", text="/invite @chatcron")

    events = [(await link.envelope())["payload"]["event"] for _ in range(2)]

    assert {each["type"] for each in events} == {"message", "member_joined_channel"}
    assert {(each["channel"], each["user"]) for each in events} == {("C0RANDOM", "U0BOT")}


@HASTY
async def test_an_unacknowledged_event_comes_again_under_its_id(hands: Hands, link: Link) -> None:
    """Without an ack an event is sent four times in all, counted and with a reason."""
    await hands.say("hello")

    tries = [await link.envelope(ack=False) for _ in range(4)]

    assert len({each["payload"]["event_id"] for each in tries}) == 1
    assert len({each["envelope_id"] for each in tries}) == 4
    assert [each["retry_attempt"] for each in tries] == [0, 1, 2, 3]
    assert tries[-1]["retry_reason"] == "http_timeout"


async def test_an_event_waits_for_the_app_to_connect(hands: Hands, slack: LocalSlack) -> None:
    """What is said while the app is away reaches it when it comes."""
    await hands.say("anybody there?")

    async with Link.open(slack) as link:
        envelope = await link.envelope()

    assert envelope["payload"]["event"]["text"] == "anybody there?"


async def test_an_event_held_by_a_dead_socket_goes_to_the_next(
    hands: Hands, slack: LocalSlack
) -> None:
    """An app that dies before its ack is told again when it is back, without a wait."""
    async with Link.open(slack) as first:
        await hands.say("hello")
        before = await first.envelope(ack=False)
    async with Link.open(slack) as second:
        after = await second.envelope()

    assert after["payload"]["event_id"] == before["payload"]["event_id"]
    assert after["retry_reason"] == "connection_failed"


async def test_each_payload_goes_to_one_socket(hands: Hands, slack: LocalSlack, link: Link) -> None:
    """Two sockets share what is said."""
    async with Link.open(slack) as other:
        for text in ("one", "two", "three", "four"):
            await hands.say(text)
        here = [(await link.envelope())["payload"]["event"]["text"] for _ in range(2)]
        there = [(await other.envelope())["payload"]["event"]["text"] for _ in range(2)]

    assert sorted(here + there) == ["four", "one", "three", "two"]


async def test_a_refresh_makes_bolt_reconnect(
    app: AsyncApp, linked: AsyncSocketModeHandler, hands: Hands
) -> None:
    """After a disconnect envelope the app opens a new socket and hears on it."""
    heard = asyncio.Event()

    @app.event("message")
    async def on_message(event: dict[str, Any]) -> None:
        heard.set()

    assert (await hands.post("/control/refresh"))["sockets"] == 1
    await hands.say("still there?")

    await asyncio.wait_for(heard.wait(), 30)


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_refreshed_socket_loses_nothing(
    patient: LocalSlack, session: ClientSession, reason: str
) -> None:
    """What the old socket was handed it may acknowledge; what comes then goes to the new one."""
    hands = Hands(session, patient.url)
    async with Link.open(patient) as link:
        await hands.say("before")
        before = await link.envelope(ack=False)
        await hands.post("/control/socket", action="refresh", reason=reason)
        farewell = await link.envelope(ack=False)
        async with Link.open(patient) as fresh:
            await link.ack(before)
            await hands.say("after")
            after = await fresh.envelope()
    deliveries = (await hands.get("/control/deliveries"))["deliveries"]

    assert (farewell["type"], farewell["reason"]) == ("disconnect", reason)
    assert after["payload"]["event"]["text"] == "after"
    assert [each["attempts"] for each in deliveries] == [1, 1]
    assert deliveries[0]["acked"] is True


async def test_bolt_comes_back_after_a_lost_connection(
    app: AsyncApp, linked: AsyncSocketModeHandler, hands: Hands
) -> None:
    """A socket that breaks without a word is opened again, and what was said is heard."""
    heard = asyncio.Event()

    @app.event("message")
    async def on_message(event: dict[str, Any]) -> None:
        heard.set()

    assert (await hands.post("/control/socket", action="drop"))["sockets"] == 1
    await hands.say("still there?")

    await asyncio.wait_for(heard.wait(), 20)


async def test_an_app_has_ten_sockets_at_most(patient: LocalSlack, session: ClientSession) -> None:
    """Ten share what is said, each message at one of them; the eleventh is refused."""
    hands = Hands(session, patient.url)
    async with AsyncExitStack() as stack:
        links = [await stack.enter_async_context(Link.open(patient)) for _ in range(10)]
        for number in range(10):
            await hands.say(str(number))
        heard = await asyncio.gather(*(each.events(1) for each in links))

        with pytest.raises(WSServerHandshakeError):
            await stack.enter_async_context(Link.open(patient))

    assert {each[0]["text"] for each in heard} == {str(number) for number in range(10)}


async def test_a_known_event_can_be_sent_again(hands: Hands, link: Link) -> None:
    """A test may order a second delivery of an acknowledged event."""
    await hands.say("hello")
    first = await link.envelope()

    await hands.post("/control/redeliver", event_id=first["payload"]["event_id"])

    second = await link.envelope()
    assert second["payload"]["event_id"] == first["payload"]["event_id"]
    assert second["retry_attempt"] == 1


async def test_a_socket_needs_a_ticket(slack: LocalSlack, session: ClientSession) -> None:
    """The address of a socket opens one socket only."""
    with pytest.raises(WSServerHandshakeError):
        await session.ws_connect(f"{slack.url}/link?ticket=made-up")
