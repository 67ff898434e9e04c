"""No secret that is set, and no word that was not meant for the bot, is found where it may not be.

The bot runs as a process of its own with a canary in every secret, writes its log at debug level,
works and fails; then its log, its database's bytes, its answers and its messages are searched.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import pytest
from aiohttp import ClientSession

from bot.doctor.check import as_json
from bot.doctor.examination import examine
from bot.llm.interpreter import UNANSWERED
from bot.playground.server import LocalSlack
from bot.settings import SECRETS
from tests.journeys.driver import BOT, Program, free_port
from tests.journeys.persona import Persona, saying
from tests.scripted_model import Script, ScriptedModel

CANARIES = {
    "SLACK_BOT_TOKEN": "xoxb-canary-bot-6b1f",
    "SLACK_APP_TOKEN": "xapp-canary-app-91c2",
    "SLACK_SIGNING_SECRET": "canarysigned77d0",
    "CHATCRON_DATABASE_URL": "canarydatabase31",
    "CHATCRON_TONY_DATABASE_URL": "canarytony48ee",
    "OPENAI_API_KEY": "canary/model+key=5a",
    "CHATCRON_PING_URL": "canary-ping-e07d",
}
"""Each as it must be found nowhere: of the addresses it is the password, or the path."""
OVERHEARD = "between us the marmalade-heist is at noon"
NO_KEY = Script(
    status=401,
    body=json.dumps({"error": {"message": f"wrong key {CANARIES['OPENAI_API_KEY']}"}}).encode(),
)


@dataclass
class Trail:
    """All that the bot left behind, by where it stands."""

    log: str = ""
    left: dict[str, bytes] = field(default_factory=dict)

    def holds(self, word: str) -> list[str]:
        """Name the places in which a word stands, be it split or not."""
        places = {"the log": self.log.encode()} | self.left
        return [name for name, content in places.items() if word.encode() in content]


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    """Serve a local Slack that knows the canaries as its tokens."""
    local = LocalSlack(
        bot_token=CANARIES["SLACK_BOT_TOKEN"], app_token=CANARIES["SLACK_APP_TOKEN"], burst=1000
    )
    await local.start()
    yield local
    await local.stop()


def _settings(slack: LocalSlack, model: ScriptedModel, folder: Path) -> Mapping[str, str]:
    """Set every secret, the signing secret and the app token by their files."""
    for name in ("SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"):
        (folder / name).write_text(CANARIES[name] + "\n")
    tony = CANARIES["CHATCRON_TONY_DATABASE_URL"]
    return {
        "SLACK_BOT_TOKEN": CANARIES["SLACK_BOT_TOKEN"],
        "SLACK_APP_TOKEN_FILE": str(folder / "SLACK_APP_TOKEN"),
        "SLACK_SIGNING_SECRET_FILE": str(folder / "SLACK_SIGNING_SECRET"),
        "SLACK_API_URL": slack.api_url,
        "CHATCRON_DATABASE_URL": f"sqlite:///{folder / 'chatcron.db'}",
        "CHATCRON_TONY_DATABASE_URL": f"postgresql://ops:{tony}@127.0.0.1:{free_port()}/shop",
        "OPENAI_API_KEY": CANARIES["OPENAI_API_KEY"],
        "OPENAI_BASE_URL": model.url,
        "CHATCRON_PING_URL": f"http://127.0.0.1:{free_port()}/{CANARIES['CHATCRON_PING_URL']}",
        "CHATCRON_SAMPLE_DATA": "1",
        "CHATCRON_RETRY_DELAY_S": "0",
        "CHATCRON_HTTP_PORT": "0",
        "CHATCRON_LOG_LEVEL": "debug",
        "CHATCRON_LOG_FORMAT": "json",
    }


async def _work_and_fail(slack: LocalSlack, session: ClientSession) -> None:
    """Have a task run, one fail at its database, a model refuse its key, Slack fail a call."""
    maya = Persona(session, slack.url, "U0MAYA")
    fault = {"method": "users.info", "kind": "500"}
    await session.post(f"{slack.url}/control/fail", json=fault)
    await maya.say(OVERHEARD)
    by_alex = await maya.say("@Chatcron alex daily cost report at 8 AM")
    by_tony = await maya.say("@Chatcron tony check the database every day at 7 AM, no retries")
    await maya.say("@Chatcron would love it if alex could eyeball what we burn come Mondays")
    for asked in (by_alex, by_tony):
        card = await maya.see(saying("is on"), thread_ts=asked)
        assert (await maya.click(card, "Run now"))["ok"]
    await maya.see(saying("SAMPLE", "R-"))
    await maya.see(saying("failed", "R-"), maya.dm)
    await maya.see(saying(UNANSWERED))


def _bytes_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.glob("chatcron.db*")}


def _answers(port: int, path: str) -> bytes:
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
        return bytes(response.read())


def _messages(slack: LocalSlack) -> bytes:
    """Give all that the bot said, what a person wrote left out."""
    said = [
        repr(message)
        for channel in slack.workspace.channels
        for message in slack.workspace.messages(channel)
        if message.user == slack.workspace.app.user
    ]
    assert said
    return "\n".join(said).encode()


@pytest.fixture
async def trail(slack: LocalSlack, tmp_path: Path) -> AsyncIterator[Trail]:
    """Run the bot through its work and its failures, and give what it left behind."""
    async with ScriptedModel(NO_KEY) as model, ClientSession() as session:
        settings = _settings(slack, model, tmp_path)
        found = Trail()
        with Program(*BOT, settings=settings) as bot:
            up = await asyncio.to_thread(bot.line_with, "Chatcron is up")
            await _work_and_fail(slack, session)
            found.left |= {f"{name}, open": it for name, it in _bytes_of(tmp_path).items()}
            port = json.loads(up)["http"]
            for path in ("/readyz", "/metrics"):
                found.left[path] = await asyncio.to_thread(_answers, port, path)
            assert await asyncio.to_thread(bot.end) == 0
            found.log = bot.output
        found.left["the doctor"] = as_json(await examine(settings)).encode()
        found.left |= _bytes_of(tmp_path)
        found.left["the messages"] = _messages(slack)
        yield found


def test_every_secret_has_its_canary() -> None:
    """A new secret is not forgotten here."""
    assert set(CANARIES) == set(SECRETS)


@pytest.mark.slow
async def test_neither_secrets_nor_what_is_not_meant_for_the_bot_is_kept(
    trail: Trail, tmp_path: Path
) -> None:
    """All that was to happen happened, and no canary and no overheard word stands anywhere."""
    assert '"level": "debug"' in trail.log
    assert '"level": "warning"' in trail.log
    assert len(trail.left) > 4
    with closing(sqlite3.connect(tmp_path / "chatcron.db")) as connection:
        statuses = {row[0] for row in connection.execute("SELECT status FROM runs")}
    assert statuses == {"succeeded", "failed"}

    for name, canary in CANARIES.items():
        assert trail.holds(canary) == [], name
    assert '"action": "ping_failed"' in trail.log
    assert trail.holds("marmalade") == []
    assert trail.holds("daily cost report") != []
    assert "the log" not in trail.holds("eyeball what we burn")


def test_a_database_that_refuses_the_start_is_told_without_its_password() -> None:
    """A start that ends at the database's door shows neither the password nor the tokens."""
    password = CANARIES["CHATCRON_DATABASE_URL"]
    url = f"postgresql://bot:{password}@127.0.0.1:{free_port()}/chatcron"
    settings = {
        "SLACK_BOT_TOKEN": CANARIES["SLACK_BOT_TOKEN"],
        "SLACK_APP_TOKEN": CANARIES["SLACK_APP_TOKEN"],
        "CHATCRON_DATABASE_URL": url,
        "CHATCRON_LOG_LEVEL": "debug",
    }
    with Program(*BOT, settings=settings) as bot:
        assert bot.wait() == 1

    assert "The database does not answer (connection failed" in bot.output
    assert "Traceback" not in bot.output
    assert [it for it in CANARIES.values() if it in bot.output] == []
