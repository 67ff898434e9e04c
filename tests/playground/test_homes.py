"""The Home tab: filled by the app, opened by people, clicked in like any view."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import LocalSlack
from tests.playground.conftest import Hands, Link, refused

BUTTON = {
    "type": "button",
    "action_id": "run",
    "value": "T-1",
    "text": {"type": "plain_text", "text": "Run now"},
}
HOME: dict[str, Any] = {
    "type": "home",
    "blocks": [{"type": "actions", "block_id": "row", "elements": [BUTTON]}],
}


async def test_opening_a_tab_is_an_event_and_the_home_comes_with_it(
    hands: Hands, link: Link, client: AsyncWebClient
) -> None:
    """The first look shows nothing; what is published then is there at the second."""
    first = await hands.post("/ui/home", **{"as": "U0MAYA"}, tab="home")
    await client.views_publish(user_id="U0MAYA", view=HOME)
    second = await hands.post("/ui/home", **{"as": "U0MAYA"}, tab="home")
    await hands.post("/ui/home", **{"as": "U0MAYA"}, tab="messages")

    events = await link.events(3)

    assert first["view"] is None
    assert second["view"]["blocks"][0]["elements"][0]["value"] == "T-1"
    assert {each["type"] for each in events} == {"app_home_opened"}
    assert {(each["user"], each["channel"]) for each in events} == {("U0MAYA", "D0MAYA")}
    assert sorted(each["tab"] for each in events) == ["home", "home", "messages"]
    assert [each["view"]["id"] for each in events if "view" in each] == [second["view"]["id"]]


async def test_a_home_is_changed_only_as_it_was_last_seen(client: AsyncWebClient) -> None:
    """A stale hash changes nothing, by publish and by update; a fresh one does."""
    first = (await client.views_publish(user_id="U0MAYA", view=HOME))["view"]
    second = (await client.views_publish(user_id="U0MAYA", view=HOME, hash=first["hash"]))["view"]

    published = await refused(client.views_publish(user_id="U0MAYA", view=HOME, hash=first["hash"]))
    updated = await refused(client.views_update(view_id=first["id"], view=HOME, hash=first["hash"]))

    assert published["error"] == updated["error"] == "hash_conflict"
    assert second["id"] == first["id"]
    assert (await client.views_update(view_id=first["id"], view=HOME, hash=second["hash"]))["ok"]


async def test_a_click_at_home_comes_from_a_view(
    hands: Hands, link: Link, client: AsyncWebClient
) -> None:
    """The payload has the view in place of a message, and no response URL."""
    view = (await client.views_publish(user_id="U0MAYA", view=HOME))["view"]
    click = {"view_id": view["id"], "action": "act", "block_id": "row", "action_id": "run"}

    envelope, told = await asyncio.gather(
        link.envelope(), hands.post("/ui/view", **{"as": "U0MAYA"}, **click)
    )
    payload = envelope["payload"]

    assert told == {"ok": True}
    assert payload["type"] == "block_actions"
    assert payload["container"] == {"type": "view", "view_id": view["id"]}
    assert payload["view"]["id"] == view["id"]
    assert payload["actions"][0]["value"] == "T-1"
    assert not {"message", "channel", "response_url"} & set(payload)


async def test_a_home_is_its_persons_alone(hands: Hands, client: AsyncWebClient) -> None:
    """Nobody sees or clicks what was published for another."""
    view = (await client.views_publish(user_id="U0MAYA", view=HOME))["view"]
    click = {"view_id": view["id"], "action": "act", "block_id": "row", "action_id": "run"}

    seen = await hands.post("/ui/home", **{"as": "U0RAVI"}, tab="home")
    clicked = await hands.post("/ui/view", **{"as": "U0RAVI"}, **click)

    assert seen["view"] is None
    assert clicked["error"] == "view_not_found"


async def test_a_published_home_reaches_an_open_page(
    client: AsyncWebClient, session: ClientSession, slack: LocalSlack
) -> None:
    """A browser that shows the person is given the new view at once."""
    async with session.ws_connect(f"{slack.url}/ui/live", params={"as": "U0MAYA"}) as live:
        await client.views_publish(user_id="U0MAYA", view=HOME)
        news = await live.receive_json(timeout=30)

    assert (news["type"], news["action"], news["view"]["type"]) == ("view", "home", "home")


@pytest.mark.parametrize(
    ("user", "view", "error"),
    [
        ("U0NOBODY", HOME, "user_not_found"),
        ("U0OTTO", HOME, "user_not_found"),
        ("U0MAYA", HOME | {"type": "modal"}, "invalid_arguments"),
        ("U0MAYA", HOME | {"blocks": [{"type": "divider"}] * 101}, "invalid_arguments"),
    ],
)
async def test_what_is_no_home_is_not_published(
    client: AsyncWebClient, user: str, view: dict[str, Any], error: str
) -> None:
    """Only a Home within the limits, for a person who is there, is taken."""
    assert (await refused(client.views_publish(user_id=user, view=view)))["error"] == error


async def test_without_the_tab_nothing_is_published(
    client: AsyncWebClient, slack: LocalSlack
) -> None:
    """An app whose manifest has no Home tab is told that it is not enabled."""
    slack.workspace.app = replace(slack.workspace.app, has_home=False)

    answer = await refused(client.views_publish(user_id="U0MAYA", view=HOME))

    assert answer["error"] == "not_enabled"
