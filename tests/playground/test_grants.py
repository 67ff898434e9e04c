"""The app may do and hears of what its manifest asks for, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.manifest import OF_THE_BOT
from bot.playground.server import LocalSlack
from tests.playground.conftest import Hands, Link, refused


@pytest.fixture
def read() -> dict[str, Any]:
    """Read the bot's own manifest."""
    manifest: dict[str, Any] = yaml.safe_load(OF_THE_BOT.read_text(encoding="utf-8"))
    return manifest


async def test_every_answer_names_the_scopes_of_the_manifest(
    client: AsyncWebClient, read: dict[str, Any]
) -> None:
    """The header lists what was granted, with a good answer and with a refusal."""
    granted = set(read["oauth_config"]["scopes"]["bot"])

    good = await client.auth_test()
    with pytest.raises(SlackApiError) as caught:
        await client.team_info()

    for answer in (good, caught.value.response):
        assert set(answer.headers["x-oauth-scopes"].split(",")) == granted


async def test_a_method_without_its_scope_says_which_one_lacks(
    client: AsyncWebClient, hands: Hands
) -> None:
    """A refusal names the needed scope and the provided ones; given back, the scope works."""
    await hands.post("/control/scopes", drop=["users:read"])

    answer = await refused(client.users_info(user="U0MAYA"))
    await hands.post("/control/scopes", grant=["users:read"])

    assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read")
    assert "users:read" not in answer["provided"].split(",")
    assert (await client.users_info(user="U0MAYA"))["ok"]


@pytest.mark.parametrize(
    ("scope", "channel"),
    [("channels:read", "C0FINOPS"), ("groups:read", "C0SECOPS"), ("im:read", "D0MAYA")],
)
async def test_each_kind_of_conversation_has_its_own_scope(
    client: AsyncWebClient, hands: Hands, scope: str, channel: str
) -> None:
    """Without the scope of its kind a conversation is not described, others are."""
    await hands.post("/control/scopes", drop=[scope])

    answer = await refused(client.conversations_info(channel=channel))

    assert (answer["error"], answer["needed"]) == ("missing_scope", scope)
    others = {"C0FINOPS", "C0SECOPS", "D0MAYA"} - {channel}
    assert [(await client.conversations_info(channel=each))["ok"] for each in others] == [True] * 2


@pytest.mark.parametrize(
    ("what", "taken"), [("events", "app_mention"), ("scopes", "app_mentions:read")]
)
async def test_an_event_that_was_not_asked_for_or_not_granted_is_not_sent(
    hands: Hands, link: Link, what: str, taken: str
) -> None:
    """Without its subscription or its scope a mention is a message only."""
    await hands.post(f"/control/{what}", drop=[taken])
    await hands.say("@Chatcron hello")

    [first] = await link.events(1)

    assert first["type"] == "message"
    assert (await link.next_event(hands))["text"] == "the end"


async def test_a_command_needs_its_scope(hands: Hands, link: Link) -> None:
    """Without `commands` a slash command is unknown, and is not offered."""
    await hands.post("/control/scopes", drop=["commands"])

    answer = await hands.post(
        "/ui/slash", **{"as": "U0MAYA"}, channel="C0FINOPS", command="/tasks", text="list"
    )

    assert answer["error"] == "unknown_command"
    assert (await hands.get("/ui/state", **{"as": "U0MAYA"}))["commands"] == []


async def test_another_manifest_makes_another_app(tmp_path: Path, read: dict[str, Any]) -> None:
    """Name, commands, scopes and the Home tab are those of the manifest that was given."""
    read["features"]["slash_commands"] = []
    read["features"]["app_home"]["home_tab_enabled"] = False
    read["features"]["bot_user"]["display_name"] = "Other"
    read["oauth_config"]["scopes"]["bot"] = ["chat:write"]
    path = tmp_path / "manifest.yml"
    path.write_text(yaml.safe_dump(read), encoding="utf-8")

    app = LocalSlack(page=False, manifest=path).workspace.app

    assert (app.name, app.commands, app.has_home) == ("Other", (), False)
    assert app.scopes == {"chat:write"}
