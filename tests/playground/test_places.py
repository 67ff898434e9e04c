"""Who comes and goes is told to whom it concerns; what is private does not exist for others."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import LocalSlack
from tests.playground.conftest import Hands, Link, refused


async def said(hands: Hands, text: str, channel: str, person: str = "U0MAYA") -> dict[str, Any]:
    """Type something into the composer and give what the page is told."""
    return await hands.post("/ui/say", **{"as": person}, channel=channel, text=text)


async def test_an_invited_bot_hears_that_it_came(hands: Hands, link: Link) -> None:
    """The line in the channel and the event both name who came and who brought them."""
    assert await said(hands, "/invite @Chatcron", "C0RANDOM") == {"ok": True}

    events = {each["type"]: each for each in await link.events(2)}

    line, joined = events["message"], events["member_joined_channel"]
    assert (line["subtype"], line["user"], line["inviter"]) == ("channel_join", "U0BOT", "U0MAYA")
    assert (joined["channel_type"], joined["user"]) == ("C", "U0BOT")
    assert (await hands.messages("C0RANDOM"))[-1]["subtype"] == "channel_join"


@pytest.mark.parametrize(
    ("channel", "kind"), [("C0FINOPS", "channel_left"), ("C0SECOPS", "group_left")]
)
async def test_a_removed_bot_hears_that_and_then_nothing(
    hands: Hands, link: Link, client: AsyncWebClient, channel: str, kind: str
) -> None:
    """Public and private channels have their own word for it; what is said later stays there."""
    await said(hands, "/remove @Chatcron", channel)
    await hands.say("@Chatcron still there?", channel=channel)

    [left] = await link.events(1)

    assert (left["type"], left["channel"], left["actor_id"]) == (kind, channel, "U0MAYA")
    assert (await link.next_event(hands, "C0GENERAL"))["text"] == "the end"
    error = "channel_not_found" if kind == "group_left" else "not_in_channel"
    answer = await refused(client.chat_postMessage(channel=channel, text="x"))
    assert answer["error"] == error


async def test_members_who_leave_and_come_are_events(hands: Hands, link: Link) -> None:
    """In a private channel they carry its letter, and their line stands in it."""
    await said(hands, "/remove @ravi", "C0SECOPS")
    await said(hands, "/invite @ravi", "C0SECOPS")

    events = await link.events(4)

    subtypes = [each["subtype"] for each in events if each["type"] == "message"]
    others = [
        (each["type"], each["user"], each["channel_type"])
        for each in events
        if each["type"] != "message"
    ]
    assert sorted(subtypes) == ["channel_join", "channel_leave"]
    assert sorted(others) == [
        ("member_joined_channel", "U0RAVI", "G"),
        ("member_left_channel", "U0RAVI", "G"),
    ]


@pytest.mark.parametrize(("channel", "noun"), [("C0FINOPS", "channel"), ("C0SECOPS", "group")])
async def test_an_archived_channel_takes_nothing_until_it_is_back(
    hands: Hands, link: Link, client: AsyncWebClient, channel: str, noun: str
) -> None:
    """The app is told of both, and neither it nor anybody else can write in between."""
    await said(hands, "/archive", channel)
    posted = await refused(client.chat_postMessage(channel=channel, text="x"))
    typed = await said(hands, "hello", channel)
    described = await client.conversations_info(channel=channel)
    await hands.post("/control/unarchive", channel=channel)

    kinds = {each["type"] for each in await link.events(4)}

    assert (posted["error"], typed["error"]) == ("is_archived", "is_archived")
    assert described["channel"]["is_archived"] is True
    assert kinds == {"message", f"{noun}_archive", f"{noun}_unarchive"}
    assert (await client.chat_postMessage(channel=channel, text="x"))["ok"]


@pytest.mark.parametrize("method", ["info", "members", "history", "replies", "join"])
async def test_a_private_channel_does_not_exist_for_who_is_not_in_it(
    client: AsyncWebClient, slack: LocalSlack, method: str
) -> None:
    """Whatever the app asks of it, there is no such channel, and no list has it."""
    slack.grants.scopes.add("channels:join")
    arguments = {"channel": "C0BOARD"} | ({"ts": "1.000001"} if method == "replies" else {})

    asked = await refused(client.api_call(f"conversations.{method}", params=arguments))
    posted = await refused(client.chat_postMessage(channel="C0BOARD", text="x"))
    made_up = await refused(client.chat_postMessage(channel="C0NOWHERE", text="x"))
    listed = await client.conversations_list(types="public_channel,private_channel")

    assert asked["error"] == posted["error"] == made_up["error"] == "channel_not_found"
    assert {each["name"] for each in listed["channels"]} >= {"secops", "random"}
    assert "board" not in {each["name"] for each in listed["channels"]}


async def test_a_private_channel_is_no_business_of_others_pages(
    hands: Hands, client: AsyncWebClient
) -> None:
    """Its name becomes no link for who is not in it, and its news reach its members alone."""
    await hands.say("see #secops", channel="C0FINOPS", person="U0SAM")
    await hands.say("see #secops", channel="C0FINOPS", person="U0RAVI")

    texts = [each["text"] for each in await hands.messages()]
    state = await hands.get("/ui/state", **{"as": "U0SAM"})

    assert texts == ["see #secops", "see <#C0SECOPS|secops>"]
    assert {"secops", "board"} & {each["name"] for each in state["channels"]} == set()


async def test_writing_where_it_is_not_needs_a_scope_of_its_own(
    client: AsyncWebClient, hands: Hands
) -> None:
    """chat:write.public opens public channels, and no private ones."""
    before = await refused(client.chat_postMessage(channel="C0RANDOM", text="x"))
    await hands.post("/control/scopes", grant=["chat:write.public"])
    private = await refused(client.chat_postMessage(channel="C0BOARD", text="x"))

    assert (before["error"], private["error"]) == ("not_in_channel", "channel_not_found")
    assert (await client.chat_postMessage(channel="C0RANDOM", text="x"))["ok"]


@pytest.mark.parametrize(
    ("text", "channel", "person", "error"),
    [
        ("/invite @nobody", "C0FINOPS", "U0MAYA", "user_not_found"),
        ("/invite @ravi", "C0FINOPS", "U0MAYA", "already_in_channel"),
        ("/invite @maya", "C0FINOPS", "U0MAYA", "cant_invite_self"),
        ("/invite @gita", "C0FINOPS", "U0MAYA", "ura_max_channels"),
        ("/invite @stan", "C0FINOPS", "U0MAYA", "cant_invite"),
        ("/invite @ravi", "C0PLATFORM", "U0GITA", "user_is_restricted"),
        ("/archive", "C0GLOBEX", "U0STAN", "user_is_restricted"),
        ("/archive", "C0GENERAL", "U0MAYA", "cant_archive_general"),
        ("/rename finops", "C0PLATFORM", "U0MAYA", "name_taken"),
        ("/remove @gita", "C0FINOPS", "U0MAYA", "not_in_channel"),
        ("/invite @sam", "D0MAYA", "U0MAYA", "method_not_supported_for_channel_type"),
    ],
)
async def test_what_may_not_be_has_slacks_word_for_it(
    hands: Hands, text: str, channel: str, person: str, error: str
) -> None:
    """A command that Slack would refuse changes nothing and says why."""
    answer = await said(hands, text, channel, person)

    assert answer == {"ok": False, "error": error}


async def test_the_app_moves_as_its_scopes_let_it(
    client: AsyncWebClient, hands: Hands, slack: LocalSlack
) -> None:
    """It joins public channels, invites and removes people, and leaves again."""
    closed = await refused(client.conversations_join(channel="C0RANDOM"))
    slack.grants.scopes |= {"channels:join", "channels:manage"}

    outside = await refused(client.conversations_invite(channel="C0RANDOM", users="U0GITA"))
    await client.conversations_join(channel="C0RANDOM")
    itself = await refused(client.conversations_invite(channel="C0RANDOM", users="U0BOT"))
    await client.conversations_kick(channel="C0RANDOM", user="U0SAM")
    await client.conversations_invite(channel="C0RANDOM", users="U0SAM")
    there = (await client.conversations_members(channel="C0RANDOM"))["members"]
    await client.conversations_leave(channel="C0RANDOM")

    assert closed["needed"] == "channels:join"
    assert (outside["error"], itself["error"]) == ("not_in_channel", "cant_invite_self")
    assert set(there) == {"U0MAYA", "U0RAVI", "U0SAM", "U0BOT"}
    info = (await client.conversations_info(channel="C0RANDOM"))["channel"]
    assert info["is_member"] is False


async def test_a_shared_channel_says_so(hands: Hands, link: Link, client: AsyncWebClient) -> None:
    """Its description, its events and the strangers' messages all tell."""
    info = (await client.conversations_info(channel="C0GLOBEX"))["channel"]
    await hands.say("hello from Globex", channel="C0GLOBEX", person="U0STAN")

    payload = (await link.envelope())["payload"]

    assert (info["is_ext_shared"], info["is_shared"]) == (True, True)
    assert info["shared_team_ids"] == ["T0ACME", "T0GLOBEX"]
    assert payload["is_ext_shared_channel"] is True
    assert payload["event"]["user_team"] == "T0GLOBEX"


async def test_a_group_of_people_has_a_conversation(
    hands: Hands, link: Link, client: AsyncWebClient, slack: LocalSlack
) -> None:
    """conversations.open with several people gives the same group each time, and it is heard."""
    slack.grants.scopes.add("mpim:write")
    opened = [
        (await client.conversations_open(users="U0MAYA,U0SAM"))["channel"]["id"] for _ in range(2)
    ]
    await hands.say("all here?", channel=opened[0])

    [event] = await link.events(1)
    info = (await client.conversations_info(channel=opened[0]))["channel"]

    assert opened[0] == opened[1]
    assert (event["channel_type"], info["is_mpim"]) == ("mpim", True)


async def test_a_mention_where_the_bot_is_not_is_answered_by_slackbot(hands: Hands) -> None:
    """The person alone is told that nobody heard, and what to type."""
    await hands.say("@Chatcron hello", channel="C0RANDOM")

    note = (await hands.messages("C0RANDOM"))[-1]

    assert (note["user"], note["ephemeral"]) == ("USLACKBOT", True)
    assert "/invite @Chatcron" in note["text"]
    assert len(await hands.messages("C0RANDOM", person="U0SAM")) == 1


async def test_a_test_makes_a_channel_and_lets_anybody_speak(hands: Hands, link: Link) -> None:
    """A private channel with the bot in it is told to the bot, and so is what is said there."""
    made = await hands.post(
        "/control/channel", name="war-room", is_private=True, members=["U0MAYA", "U0OTTO", "U0BOT"]
    )
    await hands.post("/control/say", channel=made["channel"], user="U0OTTO", text="deployed")
    await hands.post("/control/rename", channel=made["channel"], name="peace-room")

    joined, spoken, renamed = await link.events(3)

    assert (joined["type"], joined["user"]) == ("member_joined_channel", "U0BOT")
    assert (spoken["bot_id"], spoken["app_id"], spoken["user"]) == ("B0OTTO", "A0OTTO", "U0OTTO")
    assert renamed["subtype"] == "channel_name"
