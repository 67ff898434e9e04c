"""Hold the grammar to the messages we agreed on, all read at one moment in New York."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.intent.intents import Intent
from bot.intent.packing import plain
from bot.intent.reader import read
from bot.intent.reading import Reading
from storage.schedule_json import to_json

HERE = Path(__file__).parent
ZONE = "America/New_York"
NOW = datetime(2026, 3, 5, 10, 17, tzinfo=ZoneInfo(ZONE))
AGENTS = frozenset({"alex", "oliver", "tony", "kai", "anna"})
MESSAGES = [json.loads(line) for line in (HERE / "messages.jsonl").read_text().splitlines()]
CHATTER = (HERE / "chatter.txt").read_text().splitlines()
UNSAID = ("question", "prompt", "choices")


def read_here(text: str, *, in_thread: bool = False) -> Reading:
    return read(text, now=NOW, zone=ZONE, agents=AGENTS, in_thread=in_thread)


def slots(intent: Intent) -> dict[str, Any]:
    """Give what was read, without the sentences said to people."""
    body = plain(intent)
    schedule = getattr(intent, "schedule", None)
    if schedule is not None:
        body["schedule"] = to_json(schedule)
    return {name: value for name, value in body.items() if name not in UNSAID}


@pytest.mark.parametrize("row", MESSAGES, ids=lambda row: row["text"][:50])
def test_a_message_is_read_as_agreed(row: dict[str, Any]) -> None:
    """Intent and every slot are those of the gold file."""
    reading = read_here(row["text"], in_thread=row.get("thread", False))

    assert (reading.intent.kind, slots(reading.intent)) == (row["intent"], row["slots"])


@pytest.mark.parametrize("text", CHATTER, ids=lambda text: text[:50])
def test_chatter_and_hostile_text_change_nothing(text: str) -> None:
    """A message that asks for nothing, or for what cannot be, creates and changes nothing."""
    assert read_here(text).intent.kind in ("nothing", "unclear", "help")


def test_the_gold_file_is_broad() -> None:
    """The file covers every kind of request with many messages."""
    kinds = {row["intent"] for row in MESSAGES}

    assert len(MESSAGES) >= 400
    assert all(row["phenomenon"] for row in MESSAGES)
    assert len(CHATTER) >= 40
    assert kinds >= {"create", "list", "show", "pause", "resume", "delete", "run", "history",
                     "why", "next", "edit", "undo", "help", "unclear", "notify",
                     "bulk"}  # fmt: skip
