"""The Web API answers Slack's own client as Slack does, its errors included."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import ClientConnectionError, ClientSession, FormData
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import LocalSlack
from tests.playground.conftest import Hands, refused

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}


async def test_auth_test_names_the_bot(client: AsyncWebClient) -> None:
    """The bot's token is known, and says who it is."""
    answer = await client.auth_test()

    assert answer["user_id"] == "U0BOT"
    assert answer["bot_id"] == "B0CHATCRON"
    assert answer["team_id"] == "T0ACME"


@pytest.mark.parametrize(
    ("method", "token", "error"),
    [
        ("auth.test", "xoxb-other", "invalid_auth"),
        ("auth.test", "xapp-local", "not_allowed_token_type"),
        ("apps.connections.open", "xoxb-local", "not_allowed_token_type"),
        ("auth.test", "", "not_authed"),
        ("chat.sing", "xoxb-local", "unknown_method"),
    ],
)
async def test_a_wrong_token_is_refused(
    slack: LocalSlack, session: ClientSession, method: str, token: str, error: str
) -> None:
    """Each method takes its own kind of token only."""
    headers = {"Authorization": f"Bearer {token}"}
    async with session.post(slack.api_url + method, headers=headers) as response:
        assert await response.json() == {
            "ok": False,
            "error": error,
            **({"req_method": method} if error == "unknown_method" else {}),
        }


@pytest.mark.parametrize("where", ["params", "data", "json", "multipart"])
async def test_arguments_come_from_everywhere(
    slack: LocalSlack, session: ClientSession, hands: Hands, where: str
) -> None:
    """The query, a form, a multipart form and JSON all carry arguments."""
    arguments = {"channel": "C0FINOPS", "text": f"by {where}"}
    sent: dict[str, Any] = {where: arguments}
    if where == "multipart":
        form = FormData(arguments, default_to_multipart=True)
        sent = {"data": form}
    headers = {"Authorization": "Bearer xoxb-local"}
    async with session.post(
        f"{slack.api_url}chat.postMessage", headers=headers, **sent
    ) as response:
        assert (await response.json())["ok"]

    assert [each["text"] for each in await hands.messages()] == [f"by {where}"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0RANDOM", "text": "x"}, "not_in_channel"),
        ({"channel": "C0FINOPS"}, "no_text"),
        ({"channel": "C0FINOPS", "blocks": "{"}, "invalid_blocks_format"),
        ({"channel": "C0FINOPS", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"channel": "C0FINOPS", "text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
    ],
)
async def test_a_post_that_cannot_be_is_refused(
    client: AsyncWebClient, arguments: dict[str, str], error: str
) -> None:
    """Each thing wrong with a post has Slack's word for it."""
    answer = await refused(client.api_call("chat.postMessage", json=arguments))

    assert answer["error"] == error


async def test_an_archived_channel_takes_no_posts(client: AsyncWebClient, hands: Hands) -> None:
    """Nothing can be posted into an archived channel."""
    await hands.post("/control/channel", channel="C0FINOPS", archived=True)

    answer = await refused(client.chat_postMessage(channel="C0FINOPS", text="x"))

    assert answer["error"] == "is_archived"


async def test_blocks_beyond_the_limits_are_refused(client: AsyncWebClient) -> None:
    """51 blocks are refused with a pointer to what is wrong, and blocks.validate says the same."""
    blocks = [SECTION] * 51

    posted = await refused(client.chat_postMessage(channel="C0FINOPS", text="x", blocks=blocks))
    validated = await refused(client.api_call("blocks.validate", json={"blocks": blocks}))

    assert posted["error"] == "invalid_blocks"
    assert "[json-pointer:/blocks]" in posted["response_metadata"]["messages"][0]
    assert set(validated["errors"][0]) == {"code", "message", "field", "pointer", "constraint"}
    assert validated["errors"][0]["constraint"] == 50


async def test_too_much_text_in_legal_blocks_is_refused(client: AsyncWebClient) -> None:
    """Blocks that are each within their limit may still be too much together."""
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3_000}}

    answer = await refused(
        client.chat_postMessage(channel="C0FINOPS", text="x", blocks=[block] * 5)
    )

    assert answer["error"] == "msg_blocks_too_long"


async def test_a_long_text_is_cut(client: AsyncWebClient) -> None:
    """What stands beyond 40,000 characters is lost."""
    answer = await client.chat_postMessage(channel="C0FINOPS", text="x" * 40_001)

    assert len(answer["message"]["text"]) == 40_000


async def test_a_persona_keeps_its_name_and_icon(client: AsyncWebClient, hands: Hands) -> None:
    """A post with a name of its own shows it, and is no user's."""
    answer = await client.chat_postMessage(
        channel="C0FINOPS", text="hi", username="Alex", icon_emoji=":bar_chart:"
    )

    assert answer["message"]["subtype"] == "bot_message"
    [shown] = await hands.messages()
    assert (shown["username"], shown["icon_emoji"], shown["bot"]) == ("Alex", ":bar_chart:", True)


async def test_a_persona_needs_its_scope(client: AsyncWebClient, hands: Hands) -> None:
    """Without chat:write.customize a post with a name is refused, and one without it is not."""
    await hands.post("/control/scopes", remove=["chat:write.customize"])

    answer = await refused(client.chat_postMessage(channel="C0FINOPS", text="x", username="Alex"))

    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write.customize")
    assert (await client.chat_postMessage(channel="C0FINOPS", text="x"))["ok"]


async def test_a_channel_takes_ten_at_once_and_then_asks_to_wait(client: AsyncWebClient) -> None:
    """The eleventh message in a burst is refused with a Retry-After, other channels are not."""
    for number in range(10):
        await client.chat_postMessage(channel="C0FINOPS", text=str(number))

    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0FINOPS", text="11")

    assert caught.value.response.status_code == 429
    assert int(caught.value.response.headers["Retry-After"]) >= 1
    assert (await client.chat_postMessage(channel="C0GENERAL", text="x"))["ok"]


async def test_an_ordered_failure_meets_its_calls_only(
    client: AsyncWebClient, hands: Hands
) -> None:
    """A planned 500 fails one call, and the next one goes through."""
    await hands.post("/control/fail", method="chat.postMessage", kind="500", times=1)

    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0FINOPS", text="x")

    assert caught.value.response.status_code == 500
    assert (await client.chat_postMessage(channel="C0FINOPS", text="x"))["ok"]


async def test_an_ordered_429_says_how_long_to_wait(client: AsyncWebClient, hands: Hands) -> None:
    """The Retry-After of a planned 429 is the one that was ordered."""
    await hands.post("/control/fail", method="chat.update", kind="429", retry_after=7)

    with pytest.raises(SlackApiError, match="ratelimited") as caught:
        await client.chat_update(channel="C0FINOPS", ts="1.000001", text="x")

    assert caught.value.response.headers["Retry-After"] == "7"


async def test_a_method_takes_as_many_calls_as_its_tier(
    client: AsyncWebClient, hands: Hands
) -> None:
    """Beyond its calls a minute a method is refused until time has passed; others are not."""
    await hands.post("/control/pace", per_minute={"users.info": 2})
    for _ in range(2):
        await client.users_info(user="U0MAYA")

    with pytest.raises(SlackApiError, match="ratelimited") as caught:
        await client.users_info(user="U0MAYA")

    assert caught.value.response.headers["Retry-After"] == "30"
    assert (await client.users_list())["ok"]
    await hands.post("/control/clock", forward_s=30)
    assert (await client.users_info(user="U0MAYA"))["ok"]


async def test_a_dropped_call_has_done_nothing(
    slack: LocalSlack, session: ClientSession, hands: Hands
) -> None:
    """The connection may break before anything is posted."""
    await hands.post("/control/fail", method="*", kind="drop")

    with pytest.raises(ClientConnectionError):
        await session.post(
            f"{slack.api_url}chat.postMessage",
            json={"channel": "C0FINOPS", "text": "here", "token": "xoxb-local"},
        )

    assert await hands.messages() == []


async def test_a_lost_answer_has_still_posted(
    slack: LocalSlack, session: ClientSession, hands: Hands
) -> None:
    """The connection may break after the message stands."""
    await hands.post("/control/fail", method="chat.postMessage", kind="lost")

    with pytest.raises(ClientConnectionError):
        await session.post(
            f"{slack.api_url}chat.postMessage",
            json={"channel": "C0FINOPS", "text": "here", "token": "xoxb-local"},
        )

    assert [each["text"] for each in await hands.messages()] == ["here"]


async def test_history_shows_metadata_when_asked(client: AsyncWebClient, hands: Hands) -> None:
    """A delivery's mark is found again in the channel, newest first and without replies."""
    mark = {"event_type": "delivery", "event_payload": {"delivery_id": 7}}
    root = await hands.say("first")
    await client.chat_postMessage(channel="C0FINOPS", text="reply", thread_ts=root, metadata=mark)
    await client.chat_postMessage(channel="C0FINOPS", text="second", metadata=mark)

    bare = await client.conversations_history(channel="C0FINOPS")
    full = await client.conversations_history(channel="C0FINOPS", include_all_metadata=True)
    thread = await client.conversations_replies(
        channel="C0FINOPS", ts=root, include_all_metadata=True
    )

    assert [each["text"] for each in bare["messages"]] == ["second", "first"]
    assert "metadata" not in bare["messages"][0]
    assert full["messages"][0]["metadata"] == mark
    assert full["messages"][1]["reply_count"] == 1
    assert [each["text"] for each in thread["messages"]] == ["first", "reply"]
    assert thread["messages"][1]["metadata"] == mark


async def test_history_comes_in_pages(client: AsyncWebClient, hands: Hands) -> None:
    """The cursor of a page leads to the next one, and the last has none."""
    for text in ("one", "two", "three"):
        await hands.say(text)

    first = await client.conversations_history(channel="C0FINOPS", limit=2)
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_history(channel="C0FINOPS", limit=2, cursor=cursor)

    assert [each["text"] for each in first["messages"]] == ["three", "two"]
    assert [each["text"] for each in second["messages"]] == ["one"]
    assert second["has_more"] is False


async def test_history_keeps_to_its_window(client: AsyncWebClient, hands: Hands) -> None:
    """What is not newer than `oldest` is left out unless it is asked for."""
    before = await hands.say("one")
    await hands.say("two")

    after = await client.conversations_history(channel="C0FINOPS", oldest=before)
    all_of_it = await client.conversations_history(
        channel="C0FINOPS", oldest=before, inclusive=True
    )

    assert [each["text"] for each in after["messages"]] == ["two"]
    assert len(all_of_it["messages"]) == 2


async def test_a_message_is_changed_and_taken_back(client: AsyncWebClient, hands: Hands) -> None:
    """An update marks the message edited and keeps what it did not name; a delete removes it."""
    ts = (await client.chat_postMessage(channel="C0FINOPS", text="a", blocks=[SECTION]))["ts"]

    await client.chat_update(channel="C0FINOPS", ts=str(ts), text="b")
    [changed] = await hands.messages()
    await client.chat_delete(channel="C0FINOPS", ts=str(ts))

    assert (changed["text"], changed["edited"]) == ("b", True)
    assert changed["blocks"][0]["text"]["text"] == "hello"
    assert await hands.messages() == []


async def test_others_messages_are_not_the_apps_to_change(
    client: AsyncWebClient, hands: Hands
) -> None:
    """The app can neither edit nor delete what a person said."""
    ts = await hands.say("mine")

    edited = await refused(client.chat_update(channel="C0FINOPS", ts=ts, text="x"))
    deleted = await refused(client.chat_delete(channel="C0FINOPS", ts=ts))
    missing = await refused(client.chat_update(channel="C0FINOPS", ts="1.000001", text="x"))

    assert edited["error"] == "cant_update_message"
    assert deleted["error"] == "cant_delete_message"
    assert missing["error"] == "message_not_found"


async def test_a_person_can_be_written_to_directly(client: AsyncWebClient, hands: Hands) -> None:
    """A post to a person's id lands in the direct conversation that conversations.open names."""
    opened = await client.conversations_open(users="U0SAM")

    posted = await client.chat_postMessage(channel="U0SAM", text="hi")

    assert posted["channel"] == opened["channel"]["id"] == "D0SAM"
    assert len(await hands.messages("D0SAM", person="U0SAM")) == 1


async def test_people_and_places_are_described(client: AsyncWebClient, slack: LocalSlack) -> None:
    """Zones, membership and names come as Slack gives them."""
    slack.grants.scopes.add("team:read")
    user = (await client.users_info(user="U0MAYA"))["user"]
    channels = (await client.conversations_list())["channels"]
    mine = (await client.users_conversations(types="public_channel,im"))["channels"]

    assert (user["tz"], user["is_admin"], user["is_bot"]) == ("Europe/Berlin", True, False)
    assert user["tz_offset"] in (3600, 7200)
    assert {each["name"]: each["is_member"] for each in channels} == {
        "general": True,
        "finops": True,
        "platform": True,
        "random": False,
        "globex-acme": True,
    }
    assert len(mine) == 8
    assert (await client.conversations_members(channel="C0RANDOM"))["members"] == [
        "U0MAYA",
        "U0RAVI",
        "U0SAM",
    ]
    assert (await client.team_info())["team"]["name"] == "Acme"
    assert (await client.bots_info(bot="B0CHATCRON"))["bot"]["app_id"] == "A0CHATCRON"
    assert (await client.conversations_info(channel="D0SAM"))["channel"]["user"] == "U0SAM"


async def test_reactions_are_added_once(
    client: AsyncWebClient, hands: Hands, slack: LocalSlack
) -> None:
    """A second equal reaction is refused, and one taken back is gone."""
    slack.grants.scopes.add("reactions:write")
    ts = await hands.say("nice")
    place = {"channel": "C0FINOPS", "timestamp": ts}
    await client.reactions_add(name="eyes", **place)

    again = await refused(client.reactions_add(name="eyes", **place))
    [shown] = await hands.messages()
    await client.reactions_remove(name="eyes", **place)

    assert again["error"] == "already_reacted"
    assert shown["reactions"] == [{"name": "eyes", "users": ["U0BOT"]}]
    assert (await hands.messages())[0]["reactions"] == []


async def test_the_log_of_calls_hides_the_token(client: AsyncWebClient, hands: Hands) -> None:
    """Every call is kept with its arguments and its outcome, and never with its token."""
    await refused(client.chat_postMessage(channel="C0RANDOM", text="x"))

    [call] = (await hands.get("/control/calls", method="chat.postMessage"))["calls"]

    assert (call["ok"], call["error"]) == (False, "not_in_channel")
    assert call["args"]["channel"] == "C0RANDOM"
    assert "token" not in call["args"]
