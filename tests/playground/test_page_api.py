"""The page's API shows a person their view of the workspace, and takes nothing from other pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.seed import ACME
from bot.playground.server import LocalSlack
from bot.playground.typed import to_wire
from tests.playground.conftest import Hands


async def test_the_state_shows_a_person_their_channels(hands: Hands) -> None:
    """Channels, one's own direct conversation, the app and its commands are there."""
    state = await hands.get("/ui/state", **{"as": "U0RAVI"})

    assert state["me"] == "U0RAVI"
    assert [each["name"] for each in state["channels"] if each["kind"] == "channel"] == [
        "general",
        "finops",
        "platform",
        "random",
        "secops",
        "globex-acme",
    ]
    assert [(each["id"], each["with"]) for each in state["channels"] if each["kind"] == "im"] == [
        ("D0RAVI", "U0BOT")
    ]
    app = {"bot_user": "U0BOT", "name": "Chatcron", "connected": False, "home": True}
    assert state["apps"] == [app]
    assert state["commands"][0]["command"] == "/tasks"
    assert "alex" in state["personas"]
    assert state["suggestion"].startswith("@Chatcron")


async def test_unread_counts_what_others_said(hands: Hands) -> None:
    """Reading a channel clears its count, and one's own messages never count."""
    await hands.say("one", person="U0RAVI")
    await hands.say("two", person="U0MAYA")

    async def unread() -> int:
        state = await hands.get("/ui/state", **{"as": "U0SAM"})
        counts: dict[str, int] = {each["name"]: each["unread"] for each in state["channels"]}
        return counts["finops"]

    before = await unread()
    await hands.messages(person="U0SAM")

    assert (before, await unread()) == (2, 0)


async def test_a_direct_conversation_is_private(
    hands: Hands, session: ClientSession, slack: LocalSlack
) -> None:
    """Nobody reads another person's direct conversation."""
    await hands.say("secret", channel="D0MAYA")

    url = f"{slack.url}/ui/messages"
    async with session.get(url, params={"as": "U0RAVI", "channel": "D0MAYA"}) as response:
        assert response.status == 404


async def test_a_page_of_another_host_is_refused(session: ClientSession, slack: LocalSlack) -> None:
    """Neither a foreign origin nor a foreign host name may use the page's API."""
    url = f"{slack.url}/ui/state?as=U0MAYA"
    answers = []
    for headers in ({"Origin": "http://evil.example"}, {"Host": "evil.example"}, {}):
        async with session.get(url, headers=headers) as response:
            answers.append(response.status)

    assert answers == [403, 403, 200]


async def test_what_was_said_is_there_after_a_restart(tmp_path: Path) -> None:
    """Messages, threads, marks and files survive in the state file."""
    path = tmp_path / "state.json"
    first = LocalSlack(page=False, state_file=path)
    await first.start()
    first.grants.scopes.add("reactions:write")
    client = AsyncWebClient(token="xoxb-local", base_url=first.api_url)
    async with ClientSession() as session:
        root = await Hands(session, first.url).say("hello")
    mark = {"event_type": "delivery", "event_payload": {"delivery_id": 7}}
    await client.chat_postMessage(channel="C0FINOPS", text="yes", thread_ts=root, metadata=mark)
    await client.files_upload_v2(channel="C0FINOPS", filename="a.txt", content="abc")
    await client.reactions_add(channel="C0FINOPS", timestamp=root, name="eyes")
    await first.stop()

    second = LocalSlack(page=False, state_file=path)
    await second.start()
    client = AsyncWebClient(token="xoxb-local", base_url=second.api_url)
    thread = await client.conversations_replies(
        channel="C0FINOPS", ts=root, include_all_metadata=True
    )
    async with ClientSession() as session:
        shown = await Hands(session, second.url).messages()
        async with session.get(second.url + shown[1]["files"][0]["url"]) as response:
            content = await response.text()
    later = await client.chat_postMessage(channel="C0FINOPS", text="later")
    await second.stop()

    assert [each["text"] for each in thread["messages"]] == ["hello", "yes"]
    assert thread["messages"][1]["metadata"] == mark
    assert thread["messages"][0]["reactions"][0]["name"] == "eyes"
    assert content == "abc"
    assert str(later["ts"]) > shown[1]["ts"]
    assert {each["name"] for each in json.loads(path.read_text())["channels"]} >= {"finops"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("@Chatcron hi", "<@U0BOT> hi"),
        ("@chatcron, hi", "<@U0BOT>, hi"),
        ("@alex hi", "@alex hi"),
        ("mail ravi@ravi.example", "mail ravi@ravi.example"),
        ("see #finops and #nowhere", "see <#C0FINOPS|finops> and #nowhere"),
        ("@here look", "<!here> look"),
        ("<!channel> & <@U0RAVI>", "&lt;!channel&gt; &amp; &lt;@U0RAVI&gt;"),
    ],
)
def test_typed_names_become_mentions(typed: str, kept: str) -> None:
    """Only names that somebody has become mentions, and nobody can type one raw."""
    assert to_wire(typed, ACME.people, ACME.channels) == kept


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/ui/say", "not json", 400),
        ("/ui/say", "[]", 400),
        ("/ui/say", '{"as": "U0NOBODY"}', 404),
        ("/ui/slash", '{"as": "U0MAYA", "channel": "C0FINOPS", "command": "/dance"}', 400),
        ("/ui/click", '{"as": "U0MAYA", "channel": "C0FINOPS", "message_ts": "1.0"}', 404),
        ("/control/fail", '{"method": "chat.postMessage", "kind": "flood"}', 400),
        ("/control/channel", '{"channel": "C0NOWHERE"}', 404),
    ],
)
async def test_nonsense_is_refused(
    session: ClientSession, slack: LocalSlack, path: str, body: str, status: int
) -> None:
    """What a page or a test words wrongly is its own fault, never a server's error."""
    async with session.post(slack.url + path, data=body) as response:
        assert response.status == status


async def test_the_page_comes_with_a_strict_policy(session: ClientSession) -> None:
    """The page and its scripts are served, and may load nothing from elsewhere."""
    local = LocalSlack()
    await local.start()
    async with session.get(local.url) as response:
        policy = response.headers["Content-Security-Policy"]
        page = await response.text()
    await local.stop()

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<html" in page
