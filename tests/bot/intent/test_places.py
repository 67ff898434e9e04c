"""What is said about the channel itself: its zone."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.intent import reader
from bot.intent.intents import CreateTask, SetZone, Unclear

AGENTS = frozenset(("alex", "anna"))


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("set this channel's zone to Berlin", "Europe/Berlin"),
        ("set our time zone to PST", "America/Los_Angeles"),
        ("set the time zone of this channel to Europe/Berlin", "Europe/Berlin"),
        ("this channel's timezone is UTC", "UTC"),
        ("channel zone: America/New_York", "America/New_York"),
        ("please change the channel's time zone to Tokyo", "Asia/Tokyo"),
        ("use Berlin time here", "Europe/Berlin"),
        ("use UTC in this channel", "UTC"),
        ("what is our time zone?", None),
        ("what's this channel's zone", None),
    ],
)
def test_the_zone_of_a_channel(now: datetime, text: str, zone: str | None) -> None:
    """A zone is set by city, abbreviation or name, and asked for."""
    assert reader.read(text, now=now, zone="UTC", agents=AGENTS).intent == SetZone(zone=zone)


def test_an_unknown_zone_is_asked_for(now: datetime) -> None:
    """A place that is no zone gets a question, not a guess."""
    reading = reader.read("set our time zone to Atlantis", now=now, zone="UTC", agents=AGENTS)

    assert isinstance(reading.intent, Unclear)
    assert reading.intent.reason == "no_zone"


@pytest.mark.parametrize(
    "text",
    ["alex schedule daily cost report at 8 AM Berlin time", "anna check our zone files daily at 7"],
)
def test_a_task_that_names_a_zone_stays_a_task(now: datetime, text: str) -> None:
    """A zone in a request belongs to the request."""
    assert isinstance(reader.read(text, now=now, zone="UTC", agents=AGENTS).intent, CreateTask)
