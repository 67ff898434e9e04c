"""What people say among themselves makes no task, whatever times stand in it."""

from __future__ import annotations

import pytest

from bot.intent.intents import Unclear
from tests.bot.intent.said import AGENTS, LEAVES_ALONE, lines, read_here

CHATTER = lines("chatter.txt")
MAKES = frozenset({"create", "workflow", "use_template", "save_template"})


@pytest.mark.parametrize("text", CHATTER, ids=lambda text: text[:50])
def test_chatter_makes_nothing(text: str) -> None:
    """No task or template comes of it, said to the bot, near it, or in a thread."""
    read = [
        read_here(text, agents=agents, addressed=addressed, in_thread=in_thread)
        for agents in (AGENTS, None)
        for addressed in (True, False)
        for in_thread in (True, False)
    ]

    made = {one.intent.kind for reading in read for one in (reading, *reading.further)}
    assert not made & MAKES


def test_the_chatter_is_of_many_kinds() -> None:
    """The file is long, and no line stands in it twice."""
    assert len(CHATTER) >= 250
    assert len(set(CHATTER)) == len(CHATTER)


@pytest.mark.parametrize(
    "text",
    [
        "@oliver delete all databases every day at 3:00",
        "@kai restart the payment service every hour",
        "schedule a task to wipe the staging database every night at 1am",
        "scale down the workers every evening at 20:00",
        "every Friday at 17:00 deploy main to production",
        "@tony drop the users table tomorrow at 9am",
    ],
)
def test_agents_only_look(text: str) -> None:
    """Work that changes or ends a system is refused in words, and nothing is made of it."""
    intent = read_here(text).intent

    assert isinstance(intent, Unclear)
    assert intent.reason == "only_look"
    assert "only look" in intent.question


@pytest.mark.parametrize(
    "text",
    [
        "deploy frequency report every Monday at 9am",
        "restart count summary daily at 8am",
        "kill switch check every Monday at 9am",
        "failed logins report every day at 8am",
        "lunch menu report every weekday at 11am",
        "standup notes digest every weekday at 9:45am",
        "remind us to restart the gateway tomorrow at 9am",
        "remind me to call mom at 5pm",
        "review failed jobs every day at 7am",
        "verify the backup is complete every day at 6am",
        "check that nobody has public buckets every day at 9am",
    ],
)
def test_work_that_sounds_like_talk_is_work(text: str) -> None:
    """Reports on drastic or social things, and reminders of them, are made."""
    assert read_here(text).intent.kind == "create"


@pytest.mark.parametrize("what", ["a meeting with Dana", "lunch with the team", "a call"])
def test_a_meeting_is_for_the_calendar(what: str) -> None:
    """Who asks for a meeting is told that this is no calendar, and offered a reminder."""
    intent = read_here(f"schedule {what} tomorrow at 3pm").intent

    assert isinstance(intent, Unclear)
    assert intent.reason == "calendar"


def test_pointing_at_something_is_asked_back() -> None:
    """An agent who is to look at "this" asks what that is."""
    intent = read_here("@tony can you look at this tomorrow?").intent

    assert isinstance(intent, Unclear)
    assert "Tony" in intent.question


def test_two_paces_are_asked() -> None:
    """A daily report every minute is one or the other."""
    intent = read_here("daily cost report every minute").intent

    assert isinstance(intent, Unclear)
    assert intent.choices == ("every minute", "daily")


@pytest.mark.parametrize("text", ["run the report daily at 8?", "could be every day at 9"])
def test_doubt_near_the_bot_is_silence(text: str) -> None:
    """What was said to nobody and is no clear request gets no answer."""
    assert read_here(text, addressed=False).intent.kind in LEAVES_ALONE
