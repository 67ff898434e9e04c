"""Hold manifest.yml to the code: what it grants is used, and what the code needs it grants."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.playground.manifest import OF_THE_BOT, installed
from bot.playground.seed import ACME
from bot.slack.app import ACTIONS, COMMANDS, EVENTS, VIEWS

ROOT = Path(__file__).parents[1]
CALLERS = (
    *(file for file in (ROOT / "bot" / "slack").glob("*.py") if file.stem != "connection"),
    *(ROOT / "bot" / "outlets").glob("*.py"),
    ROOT / "bot" / "directory.py",
    ROOT / "bot" / "speaker.py",
    ROOT / "bot" / "assemble.py",
)
"""Who calls Slack's methods; the socket has a token of its own, whose scope is no bot scope."""
HISTORY = {"channels:history", "groups:history", "im:history", "mpim:history"}
READ = {"channels:read", "groups:read", "im:read", "mpim:read"}
SCOPES_OF = {
    "auth.test": set[str](),
    "chat.postMessage": {"chat:write", "chat:write.customize"},
    "chat.postEphemeral": {"chat:write", "chat:write.customize"},
    "chat.update": {"chat:write"},
    "conversations.history": HISTORY,
    "conversations.info": READ,
    "conversations.members": READ,
    "conversations.open": {"im:write"},
    "conversations.replies": HISTORY,
    "files.upload.v2": {"files:write"},
    "users.info": {"users:read"},
    "users.list": {"users:read"},
    "views.open": set[str](),
    "views.publish": set[str](),
    "views.update": set[str](),
}
"""What Slack asks for each method that the code calls."""
SCOPES_OF_EVENT = {
    "app_home_opened": set[str](),
    "app_mention": {"app_mentions:read"},
    "channel_archive": {"channels:read"},
    "channel_left": {"channels:read"},
    "channel_unarchive": {"channels:read"},
    "group_archive": {"groups:read"},
    "group_left": {"groups:read"},
    "group_unarchive": {"groups:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "message.mpim": {"mpim:history"},
    "user_change": {"users:read"},
}
"""What Slack asks for each event that is subscribed to."""
LONGEST = {
    ("display_information", "name"): 35,
    ("display_information", "description"): 140,
    ("display_information", "long_description"): 4_000,
    ("features", "bot_user", "display_name"): 80,
}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """Read the manifest."""
    read: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    return read


def _called() -> Iterator[str]:
    """Name every Slack method that the code calls, by the client's attribute or by name."""
    for file in CALLERS:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Attribute(value=holder, attr=name) if _is_client(holder):
                    if "_" in name and name != "api_call":
                        yield name.replace("_", ".")
                case ast.Constant(value=str(text)) if text.startswith(("chat.", "views.")):
                    yield text


def _is_client(node: ast.expr) -> bool:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_") == "client"
        case _:
            return False


def _bot_scopes(manifest: dict[str, Any]) -> set[str]:
    return set(manifest["oauth_config"]["scopes"]["bot"])


def _bot_events(manifest: dict[str, Any]) -> set[str]:
    return set(manifest["settings"]["event_subscriptions"]["bot_events"])


def test_every_event_has_a_listener_and_every_listener_its_event(manifest: dict[str, Any]) -> None:
    """The subscriptions are those of the listener table, no more and no fewer."""
    assert {event.partition(".")[0] for event in _bot_events(manifest)} == set(EVENTS)


def test_every_kind_of_conversation_is_heard(manifest: dict[str, Any]) -> None:
    """Messages of channels, private channels and direct messages all reach us."""
    assert _bot_events(manifest) == set(SCOPES_OF_EVENT)


def test_every_command_has_a_listener_and_every_listener_its_command(
    manifest: dict[str, Any],
) -> None:
    """The slash commands are those of the listener table."""
    commands = manifest["features"]["slash_commands"]

    assert {command["command"] for command in commands} == set(COMMANDS)


def test_clicks_and_forms_reach_us(manifest: dict[str, Any]) -> None:
    """With buttons and forms in the listener table interactivity is on."""
    is_on = manifest["settings"]["interactivity"]["is_enabled"]

    assert is_on is bool(ACTIONS or VIEWS)


def test_the_code_calls_no_method_without_a_known_scope() -> None:
    """A new Slack method comes with the scopes it asks for, and none stands here for nothing."""
    assert set(_called()) == set(SCOPES_OF)


def test_the_scopes_are_those_the_code_needs(manifest: dict[str, Any]) -> None:
    """Each scope is needed by an event, a command or a method, and none that is needed lacks."""
    for_methods = set[str]().union(*SCOPES_OF.values())
    for_events = set[str]().union(*(SCOPES_OF_EVENT[each] for each in _bot_events(manifest)))

    assert _bot_scopes(manifest) == for_methods | for_events | {"commands"}


def test_no_scope_stands_twice(manifest: dict[str, Any]) -> None:
    """A list with a scope in it twice is refused by Slack."""
    assert len(manifest["oauth_config"]["scopes"]["bot"]) == len(_bot_scopes(manifest))


def test_direct_messages_can_be_written(manifest: dict[str, Any]) -> None:
    """The Messages tab is there and may be written in."""
    home = manifest["features"]["app_home"]

    assert (home["messages_tab_enabled"], home["messages_tab_read_only_enabled"]) == (True, False)


def test_events_come_by_socket(manifest: dict[str, Any]) -> None:
    """Socket Mode is on, so that no address of our own has to be open to the world."""
    assert manifest["settings"]["socket_mode_enabled"] is True


@pytest.mark.parametrize(("path", "longest"), LONGEST.items(), ids=str)
def test_texts_fit(manifest: dict[str, Any], path: tuple[str, ...], longest: int) -> None:
    """Names and descriptions keep Slack's limits."""
    text: Any = manifest
    for part in path:
        text = text[part]

    assert 1 <= len(text) <= longest


def test_the_long_description_is_long_enough(manifest: dict[str, Any]) -> None:
    """Slack refuses a long description below 175 characters."""
    assert len(manifest["display_information"]["long_description"]) >= 175


def test_commands_fit(manifest: dict[str, Any]) -> None:
    """A command, its description and its hint keep Slack's limits."""
    for command in manifest["features"]["slash_commands"]:
        assert len(command["command"]) <= 32
        assert len(command["description"]) <= 2_000
        assert len(command["usage_hint"]) <= 1_000


def test_the_local_slack_knows_the_same_commands(manifest: dict[str, Any]) -> None:
    """Who tries Chatcron locally sees the command and the name that Slack will show."""
    in_manifest = [command["command"] for command in manifest["features"]["slash_commands"]]
    app = installed(ACME.app, OF_THE_BOT)

    assert [command.command for command in app.commands] == in_manifest
    assert app.name == manifest["features"]["bot_user"]["display_name"]


def test_the_package_carries_the_same_manifest() -> None:
    """What is shipped beside the code is what an admin pastes."""
    assert OF_THE_BOT.read_bytes() == (ROOT / "manifest.yml").read_bytes()
