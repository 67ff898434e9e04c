"""What a phrase of time makes of a task: its next runs on the wall, or the question it raises."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.intent.intents import CreateTask, Unclear
from bot.intent.reader import read
from scheduler.recurrence import upcoming

ZONE = "America/New_York"
NOW = datetime(2026, 3, 5, 10, 17, tzinfo=ZoneInfo(ZONE))
"""A Thursday, three days before the clocks change there."""


def task(text: str) -> CreateTask:
    """Read a message that asks for a task, and hold it to leaving no word of time in the work."""
    intent = read(text, now=NOW, zone=ZONE, agents=frozenset()).intent
    assert isinstance(intent, CreateTask), (text, intent)
    assert intent.prompt == "check the disks", (text, intent.prompt)
    return intent


def days(text: str, number: int = 5) -> str:
    """Give the next runs as "6 Mar, 9 Mar", where all are at the same time."""
    schedule = task(text).schedule
    assert schedule is not None, text
    local = [one.astimezone(ZoneInfo(ZONE)) for one in upcoming(schedule, NOW, number)]
    return ", ".join(f"{one.day} {one:%b}" for one in local)


def times(text: str, number: int = 5) -> str:
    """Give the next runs as "6 09:00, 6 17:00"."""
    schedule = task(text).schedule
    assert schedule is not None, text
    local = [one.astimezone(ZoneInfo(ZONE)) for one in upcoming(schedule, NOW, number)]
    return ", ".join(f"{one.day} {one:%H:%M}" for one in local)


def asked(text: str) -> str:
    """Give the reason of the question a message raises."""
    intent = read(text, now=NOW, zone=ZONE, agents=frozenset()).intent
    assert isinstance(intent, Unclear), (text, intent)
    return intent.reason
