"""The bot, unchanged, on a Slack simulator that others wrote: nothing of it leans on our own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import pytest
from aiohttp import ClientConnectionError, ClientSession

from tests.journeys.driver import BOT, Program, free_port
from tests.simulator import find_simulator

SIMULATOR = find_simulator()
pytestmark = pytest.mark.skipif(SIMULATOR is None, reason="no independent Slack simulator here")

WORKSPACE = {
    "workspace": {"name": "Acme", "domain": "acme", "teamId": "T0ACME"},
    "app": {
        "appId": "A0CHATCRON",
        "botUserId": "U0BOT",
        "botName": "chatcron",
        "botToken": "xoxb-local",
        "appToken": "xapp-local",
        "signingSecret": "a-secret-of-this-test",
        "mode": "socket",
        "requestUrl": "http://127.0.0.1:1/slack/events",
    },
    "users": [{"id": "U0MAYA", "name": "maya", "real_name": "Maya"}],
    "channels": [{"id": "C0FINOPS", "name": "finops", "members": ["U0MAYA", "U0BOT"]}],
}
LOOKS = 600

Json = dict[str, Any]


class Simulator:
    """Drives the simulator by its control interface."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def order(self, what: str, **body: Any) -> Json:
        """Let somebody do something."""
        async with self._session.post(f"{self._url}/_control/{what}", json=body) as response:
            answer: Json = await response.json()
        assert answer["ok"], answer
        return answer

    async def read(self, what: str) -> Json:
        """Read what it keeps."""
        async with self._session.get(f"{self._url}/_control/{what}") as response:
            kept: Json = await response.json()
        return kept

    async def wait_for(self, what: str, holds: Callable[[Json], Json | None]) -> Json:
        """Look until something is there."""
        for _ in range(LOOKS):
            found = holds(await self.read(what))
            if found is not None:
                return found
            await asyncio.sleep(0.1)
        raise AssertionError(f"not seen in {what}: …{str(await self.read(what))[-3000:]}")


@pytest.fixture
async def simulator(tmp_path: Path) -> AsyncIterator[Simulator]:
    """Give a simulator with the bot connected to it."""
    assert SIMULATOR is not None
    config, port = tmp_path / "workspace.json", free_port()
    config.write_text(json.dumps(WORKSPACE))
    slack = await asyncio.create_subprocess_exec(
        SIMULATOR, "--config", config, "--port", str(port), "--base-host", "127.0.0.1",
        stdout=DEVNULL, stderr=DEVNULL,
    )  # fmt: skip
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-local",
        "SLACK_APP_TOKEN": "xapp-local",
        "SLACK_API_URL": f"http://127.0.0.1:{port}/api/",
        "CHATCRON_DATABASE_URL": f"sqlite:///{tmp_path / 'chatcron.db'}",
        "CHATCRON_HTTP_PORT": "0",
    }
    try:
        async with ClientSession() as session:
            driven = Simulator(session, f"http://127.0.0.1:{port}")
            await _is_up(driven)
            with Program(*BOT, settings=settings) as bot:
                await asyncio.to_thread(bot.line_with, "Chatcron is up")
                yield driven
                assert await asyncio.to_thread(bot.end) == 0
    finally:
        slack.kill()
        await slack.wait()


async def _is_up(simulator: Simulator) -> None:
    for _ in range(LOOKS):
        try:
            await simulator.read("state")
        except ClientConnectionError:
            await asyncio.sleep(0.1)
        else:
            return
    raise AssertionError("the simulator did not start")


def _message(*words: str) -> Callable[[Json], Json | None]:
    """Look for a message that holds all of these words."""

    def holds(kept: Json) -> Json | None:
        for message in kept["messages"]:
            if message["user"] == "U0BOT" and all(word in json.dumps(message) for word in words):
                found: Json = message
                return found
        return None

    return holds


def _call(method: str, *words: str) -> Callable[[Json], Json | None]:
    """Look for a call of the bot's, or an answer to a command, that holds all of these words."""

    def holds(kept: Json) -> Json | None:
        for entry in kept["log"]:
            if entry["summary"].startswith(method) and all(w in json.dumps(entry) for w in words):
                found: Json = entry
                return found
        return None

    return holds


async def test_the_bot_runs_on_a_simulator_by_others(simulator: Simulator) -> None:
    """A mention becomes a card, a button a result, a command a list, and the Home tab fills."""
    here = {"channel": "C0FINOPS", "user": "U0MAYA"}
    await simulator.order("message", **here, text="<@U0BOT> tony check the database daily at 8 AM")
    card = await simulator.wait_for("messages/C0FINOPS", _message("is on", "T-1"))
    assert card["username"] == "Tony"

    row = card["blocks"][1]
    run_now = next(each for each in row["elements"] if each["action_id"] == "run")
    action = {
        "type": "button",
        "action_id": "run",
        "block_id": row["block_id"],
        "value": run_now["value"],
    }
    await simulator.order("interact", **here, messageTs=card["ts"], action=action)
    await simulator.wait_for("messages/C0FINOPS", _message("R-1", "checks"))

    await simulator.order("command", **here, command="/tasks", text="list")
    await simulator.wait_for("messages/C0FINOPS", _message("1 task", "T-1"))

    await simulator.order("open-home", user="U0MAYA")
    await simulator.wait_for("log", _call("views.publish", "Next 24 hours"))
