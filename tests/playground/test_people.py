"""Guests, strangers, bots and people who left are told apart as Slack tells them."""

from __future__ import annotations

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import LocalSlack
from tests.playground.conftest import Hands, Link, refused


async def test_everybody_is_described_for_what_they_are(client: AsyncWebClient) -> None:
    """A guest is restricted, a stranger has another team, a bot has its app."""
    listed = {each["id"]: each for each in (await client.users_list())["members"]}
    bot = (await client.bots_info(bot="B0OTTO"))["bot"]

    gita, stan, otto = listed["U0GITA"], listed["U0STAN"], listed["U0OTTO"]
    assert (gita["is_restricted"], gita["is_ultra_restricted"]) == (True, True)
    assert (stan["team_id"], stan["is_stranger"]) == ("T0GLOBEX", True)
    assert "is_stranger" not in gita
    assert (otto["is_bot"], otto["profile"]["bot_id"]) == (True, "B0OTTO")
    assert (bot["app_id"], bot["user_id"]) == ("A0OTTO", "U0OTTO")
    assert listed["U0MAYA"]["deleted"] is False


async def test_who_is_deactivated_is_told_and_gone(
    hands: Hands, link: Link, client: AsyncWebClient
) -> None:
    """The app hears of it, finds them in no channel, and can write to them no more."""
    await hands.post("/control/person", id="U0SAM", deleted=True)

    [event] = await link.events(1)
    user = (await client.users_info(user="U0SAM"))["user"]
    members = (await client.conversations_members(channel="C0FINOPS"))["members"]
    opened = await refused(client.conversations_open(users="U0SAM"))
    written = await refused(client.chat_postMessage(channel="U0SAM", text="x"))
    im = (await client.conversations_info(channel="D0SAM"))["channel"]

    assert (event["type"], event["user"]["id"]) == ("user_change", "U0SAM")
    assert event["user"]["deleted"] is user["deleted"] is True
    assert "tz" not in user
    assert "U0SAM" not in members
    assert (opened["error"], written["error"]) == ("user_disabled", "user_disabled")
    assert im["is_user_deleted"] is True


async def test_a_changed_zone_is_an_event_and_no_change_is_none(hands: Hands, link: Link) -> None:
    """The event shows the person as they are now."""
    await hands.post("/control/person", id="U0SAM", tz="Asia/Tokyo")
    await hands.post("/control/person", id="U0SAM", tz="Asia/Tokyo")

    [event] = await link.events(1)

    assert event["user"]["tz"] == "Asia/Tokyo"
    assert (await link.next_event(hands))["text"] == "the end"


@pytest.mark.parametrize(
    ("user", "error"),
    [("U0OTTO", "cannot_dm_bot"), ("U0STAN", "user_not_visible"), ("U0NOBODY", "user_not_found")],
)
async def test_not_everybody_can_be_written_to(
    client: AsyncWebClient, user: str, error: str
) -> None:
    """Bots, strangers and people who do not exist have no direct conversation."""
    answer = await refused(client.conversations_open(users=user))

    assert answer["error"] == error


async def test_a_new_person_can_be_made(hands: Hands, client: AsyncWebClient) -> None:
    """Whoever a test needs is there for the app and for the page, and can be invited."""
    await hands.post("/control/person", id="U0NINA", real_name="Nina", tz="Europe/Paris")
    await hands.post("/control/invite", channel="C0FINOPS", user="U0NINA")

    await hands.say("hello", person="U0NINA")

    assert (await client.users_info(user="U0NINA"))["user"]["tz"] == "Europe/Paris"


async def test_strangers_and_guests_act_under_their_own_flag(hands: Hands, link: Link) -> None:
    """A stranger has no slash commands here; a guest has them, and comes as one of the team."""
    command = {"channel": "C0GLOBEX", "command": "/tasks", "text": "list"}
    stranger = await hands.post("/ui/slash", **{"as": "U0STAN"}, **command)
    state = await hands.get("/ui/state", **{"as": "U0GITA"})

    assert stranger["error"] == "unknown_command"
    assert [each["command"] for each in state["commands"]] == ["/tasks"]
    assert [each["name"] for each in state["channels"]] == ["platform", "gita"]


async def test_who_was_deactivated_has_no_page(
    hands: Hands, session: ClientSession, slack: LocalSlack
) -> None:
    """Nobody looks through the eyes of somebody who left, or of a bot."""
    await hands.post("/control/person", id="U0SAM", deleted=True)
    answers = []
    for person in ("U0SAM", "U0OTTO", "U0RAVI"):
        async with session.get(f"{slack.url}/ui/state", params={"as": person}) as response:
            answers.append(response.status)

    assert answers == [404, 404, 200]


async def test_an_order_that_makes_no_sense_is_refused(
    session: ClientSession, slack: LocalSlack
) -> None:
    """A person has no field of that name, and a channel no member whom nobody knows."""
    orders = {
        "person": {"id": "U0SAM", "shoe_size": 43},
        "channel": {"name": "new", "members": ["U0NOBODY"]},
        "invite": {"channel": "C0FINOPS"},
        "clock": {"forward_s": -1},
    }
    for name, body in orders.items():
        async with session.post(f"{slack.url}/control/{name}", json=body) as response:
            assert response.status == 400, name
