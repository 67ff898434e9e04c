"""`python -m bot.playground` serves as its own process and keeps its state when it is ended."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from tests.playground.conftest import Hands


async def test_the_process_says_where_it_listens_and_keeps_what_was_said(tmp_path: Path) -> None:
    """The first line is the address; a polite end leaves the state file and a zero."""
    state = tmp_path / "state.json"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.playground", "--state", str(state), stdout=PIPE
    )
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
    url = line.removeprefix("listening ").strip()

    async with ClientSession() as session:
        await Hands(session, url).say("hello")
    answer = await AsyncWebClient(token="xoxb-local", base_url=f"{url}/api/").auth_test()
    process.terminate()

    assert await asyncio.wait_for(process.wait(), 10) == 0
    assert answer["user_id"] == "U0BOT"
    assert [each["text"] for each in json.loads(state.read_text())["messages"]] == ["hello"]
