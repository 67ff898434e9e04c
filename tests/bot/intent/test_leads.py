"""Messages in another order: the time first, the agent in the middle, or told of what they do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.intent.intents import CreateTask, Nothing
from bot.intent.reader import read
from scheduler.recurrence import upcoming

NOW = datetime(2026, 3, 5, 15, 17, tzinfo=UTC)
AGENTS = frozenset({"alex", "anna", "kai", "oliver", "tony"})


@pytest.mark.parametrize("agents", [AGENTS, None], ids=["known", "any"])
@pytest.mark.parametrize(
    ("text", "agent", "prompt"),
    [
        ("every weekday at 18:30 tony check the standby", "tony", "check the standby"),
        ("Mondays 9:30, kai: look for stuck pods", "kai", "look for stuck pods"),
        ("on Fridays at 17:00 anna writes the handover notes", "anna", "write the handover notes"),
        ("each day at 7 @oliver scans the edge hosts", "oliver", "scan the edge hosts"),
        ("in 20 minutes kai look at the failover", "kai", "look at the failover"),
        ("tomorrow 7am tony: verify the dump", "tony", "verify the dump"),
        ("daily at 6:15 have alex sum up the spend", "alex", "sum up the spend"),
        ("every hour please let kai count pending pods", "kai", "count pending pods"),
        ("@tony checks the replicas every 30 minutes", "tony", "check the replicas"),
        ("every Sunday at 22:00 kai node pressure", "kai", "node pressure"),
    ],
)
def test_who_is_asked_may_stand_after_the_time(
    text: str, agent: str, prompt: str, agents: frozenset[str] | None
) -> None:
    """The order of a message's pieces changes nothing: who, what and when are the same."""
    reading = read(text, now=NOW, zone="America/New_York", agents=agents)

    assert isinstance(reading.intent, CreateTask)
    assert (reading.agent, reading.intent.prompt) == (agent, prompt)
    assert reading.intent.schedule is not None
    assert upcoming(reading.intent.schedule, NOW, 1)


@pytest.mark.parametrize(
    "text",
    [
        "every morning I have coffee with kai",
        "tomorrow alex is out of office",
        "on Monday anna said the report was late",
        "yesterday at 9 tony restarted the replica",
        "every day something breaks, thanks kai",
    ],
)
def test_talk_about_people_is_no_request(text: str) -> None:
    """A name after a time is no address where the rest is talk."""
    assert isinstance(
        read(text, now=NOW, zone="America/New_York", agents=AGENTS, addressed=False).intent, Nothing
    )
