"""Commands and clicks reach the app, and people see what came of them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.playground.conftest import HASTY, Hands, Link, slashed

CARD = [
    {
        "type": "actions",
        "block_id": "card",
        "elements": [
            {
                "type": "button",
                "action_id": "run",
                "value": "T-1",
                "text": {"type": "plain_text", "text": "Run now"},
            },
            {
                "type": "overflow",
                "action_id": "more",
                "options": [
                    {"text": {"type": "plain_text", "text": "Pause"}, "value": "pause"},
                    {"text": {"type": "plain_text", "text": "Delete"}, "value": "delete"},
                ],
            },
            {"type": "timepicker", "action_id": "at", "initial_time": "08:00"},
        ],
    }
]
RUN: dict[str, Any] = {"block_id": "card", "action_id": "run", "type": "button"}


async def card(client: AsyncWebClient, link: Link) -> str:
    """Post a card, let its event pass, and give its timestamp."""
    answer = await client.chat_postMessage(channel="C0FINOPS", text="card", blocks=CARD)
    await link.envelope()
    return str(answer["ts"])


async def clicked(
    hands: Hands, link: Link, ts: str, *, ack: bool = True, **action: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Click as Maya and give what the app got and what the page was told."""
    click = {"as": "U0MAYA", "channel": "C0FINOPS", "message_ts": ts, **action}
    envelope, answer = await asyncio.gather(
        link.envelope(ack=ack), hands.post("/ui/click", **click)
    )
    return envelope["payload"], answer


async def test_a_command_carries_who_where_and_what(hands: Hands, link: Link) -> None:
    """The payload of a slash command has Slack's fields, mentions escaped with their names."""
    payload = await slashed(hands, link, "show @ravi #finops <b>")

    assert payload["command"] == "/tasks"
    assert payload["text"] == "show <@U0RAVI|ravi> <#C0FINOPS|finops> &lt;b&gt;"
    assert (payload["user_id"], payload["channel_id"]) == ("U0MAYA", "C0FINOPS")
    assert (payload["user_name"], payload["channel_name"]) == ("maya", "finops")
    assert set(payload) >= {"response_url", "trigger_id", "team_id", "api_app_id", "token"}


async def test_the_answer_in_an_ack_is_seen_by_the_asker(hands: Hands, link: Link) -> None:
    """What comes back with the ack is an ephemeral message."""
    await slashed(hands, link, "list", answer={"text": "no tasks yet"})

    assert [each["text"] for each in await hands.messages()] == ["no tasks yet"]
    assert await hands.messages(person="U0RAVI") == []


@HASTY
async def test_a_command_without_an_ack_shows_a_failure(hands: Hands, link: Link) -> None:
    """Slackbot tells the person alone that the app did not respond."""
    answer = await hands.post("/ui/say", **{"as": "U0MAYA"}, channel="C0FINOPS", text="/tasks list")

    assert answer == {"ok": False}
    [note] = await hands.messages()
    assert note["user"] == "USLACKBOT"
    assert note["ephemeral"]
    assert "operation_timeout" in note["text"]


async def test_a_command_without_an_app_cannot_be_dispatched(hands: Hands) -> None:
    """With no socket open the failure is another one."""
    await hands.post("/ui/say", **{"as": "U0MAYA"}, channel="C0FINOPS", text="/tasks list")

    [note] = await hands.messages()
    assert "dispatch_failed" in note["text"]


async def test_a_click_carries_the_message_and_the_action(
    hands: Hands, link: Link, client: AsyncWebClient
) -> None:
    """The payload of a click has Slack's fields, and the state of the pickers beside it."""
    ts = await card(client, link)

    payload, answer = await clicked(hands, link, ts, **RUN)

    assert answer == {"ok": True}
    assert payload["type"] == "block_actions"
    [action] = payload["actions"]
    assert (action["action_id"], action["value"]) == ("run", "T-1")
    assert action["block_id"] == "card"
    assert payload["message"]["ts"] == ts
    assert payload["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": "C0FINOPS",
        "is_ephemeral": False,
    }
    assert payload["channel"] == {"id": "C0FINOPS", "name": "finops"}
    assert payload["user"]["id"] == "U0MAYA"
    state = payload["state"]["values"]
    assert state == {"card": {"at": {"type": "timepicker", "selected_time": "08:00"}}}


async def test_a_choice_is_the_elements_own(
    hands: Hands, link: Link, client: AsyncWebClient
) -> None:
    """The chosen option comes from the message, whatever else the page sent with it."""
    ts = await card(client, link)

    payload, _ = await clicked(
        hands,
        link,
        ts,
        block_id="card",
        action_id="more",
        type="overflow",
        selected_option={"value": "delete", "text": "forged"},
    )

    assert payload["actions"][0]["selected_option"]["text"]["text"] == "Delete"


@pytest.mark.parametrize(
    "action",
    [
        {"block_id": "card", "action_id": "other", "type": "button"},
        {"block_id": "card", "action_id": "run", "type": "overflow"},
        {
            "block_id": "card",
            "action_id": "more",
            "type": "overflow",
            "selected_option": {"value": "grow"},
        },
        {"block_id": "card", "action_id": "at", "type": "timepicker", "selected_time": "8 am"},
    ],
)
async def test_a_click_on_what_is_not_there_goes_nowhere(
    hands: Hands, link: Link, client: AsyncWebClient, action: dict[str, Any]
) -> None:
    """An element or a choice the message does not offer is refused."""
    ts = await card(client, link)

    answer = await hands.post(
        "/ui/click", **{"as": "U0MAYA"}, channel="C0FINOPS", message_ts=ts, **action
    )

    assert answer["ok"] is False
    assert answer["error"] != "timeout"


@HASTY
async def test_a_click_without_an_ack_is_a_timeout(
    hands: Hands, link: Link, client: AsyncWebClient
) -> None:
    """The page is told, so that it can warn the person."""
    ts = await card(client, link)

    _, answer = await clicked(hands, link, ts, ack=False, **RUN)

    assert answer == {"ok": False, "error": "timeout"}


async def test_a_response_url_is_good_for_five_answers(hands: Hands, link: Link) -> None:
    """The sixth use of a response URL is refused."""
    payload = await slashed(hands, link, "list")
    url = AsyncWebhookClient(payload["response_url"])

    answers = [await url.send(text=str(number)) for number in range(6)]

    assert [each.status_code for each in answers] == [200] * 5 + [404]
    assert len(await hands.messages()) == 5


async def test_an_answer_can_replace_or_delete_the_original(
    hands: Hands, link: Link, client: AsyncWebClient
) -> None:
    """An ephemeral card is replaced and deleted through its response URL."""
    await client.chat_postEphemeral(channel="C0FINOPS", user="U0MAYA", text="sure?", blocks=CARD)
    [shown] = await hands.messages()
    payload, _ = await clicked(hands, link, shown["ts"], **RUN)
    url = AsyncWebhookClient(payload["response_url"])

    await url.send_dict({"replace_original": True, "text": "done"})
    replaced = await hands.messages()
    await url.send_dict({"delete_original": True})

    assert "message" not in payload
    assert payload["container"]["is_ephemeral"] is True
    assert [(each["text"], each["blocks"]) for each in replaced] == [("done", [])]
    assert await hands.messages() == []


async def test_an_answer_can_be_for_everybody(hands: Hands, link: Link) -> None:
    """With `in_channel` an answer is an ordinary message of the bot."""
    payload = await slashed(hands, link, "list")

    await AsyncWebhookClient(payload["response_url"]).send(
        text="for all", response_type="in_channel"
    )

    [shown] = await hands.messages(person="U0RAVI")
    assert (shown["text"], shown["user"], shown["ephemeral"]) == ("for all", "U0BOT", False)


async def test_the_browser_sees_what_happens(
    hands: Hands, link: Link, client: AsyncWebClient, session: ClientSession
) -> None:
    """Messages, threads, ephemeral messages and modals are pushed to those they concern."""
    root = await hands.say("hello")
    await link.envelope()
    url = f"{client.base_url.removesuffix('/api/')}/ui/live"
    async with session.ws_connect(url, params={"as": "U0MAYA"}) as live:
        await client.chat_postMessage(channel="C0FINOPS", text="yes", thread_ts=root)
        await client.chat_postEphemeral(channel="C0FINOPS", user="U0RAVI", text="not for Maya")
        await client.chat_postEphemeral(channel="C0FINOPS", user="U0MAYA", text="for Maya")
        news = [await live.receive_json(timeout=30) for _ in range(3)]

    assert [each["type"] for each in news] == ["message", "thread", "ephemeral"]
    assert news[1]["reply_count"] == 1
    assert news[2]["message"]["text"] == "for Maya"
