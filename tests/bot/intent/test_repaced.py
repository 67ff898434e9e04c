"""A task that runs every so often keeps its hours and days at another pace."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.intent import reader
from bot.intent.changes import apply_change
from bot.intent.intents import CreateTask, EditTask
from scheduler.sentences import sentence

NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("was", "said", "shown"),
    [
        ("every 20 minutes between 9 and 18 on weekdays", "every 30 minutes",
         "every 30 minutes from 09:00 to 18:00, Monday to Friday"),
        ("hourly from 9 to 17", "every 2 hours", "every 2 hours from 09:00 to 17:00"),
        ("every 30 minutes overnight from 22 to 6", "hourly", "every hour from 22:00 to 06:00"),
        ("every 20 minutes on weekdays", "hourly", "every hour, Monday to Friday"),
        ("every 20 minutes on weekdays", "every 45 minutes",
         "every 45 minutes on Monday to Friday, from Mon 23 Nov 2026 at 17:00"),
        ("every 45 minutes on weekdays", "every 30 minutes", "every 30 minutes, Monday to Friday"),
        ("every 10 minutes from 9 to 10", "every 2 hours", "every 2 hours"),
        ("every 20 minutes", "only on weekends", "every 20 minutes, Saturdays and Sundays"),
        ("every 7 minutes", "on fridays",
         "every 7 minutes on Fridays, from Mon 23 Nov 2026 at 17:00"),
        ("every 20 minutes on weekdays", "every day", "every 20 minutes"),
        ("every Monday at 9", "every 30 minutes", "every 30 minutes"),
    ],
)  # fmt: skip
def test_a_pace_keeps_what_was_not_named(was: str, said: str, shown: str) -> None:
    """The hours of a window stay at another pace, as the days do; on other days the pace does."""
    agents = frozenset({"tony"})
    made = reader.read(f"tony check the dock {was}", now=NOW, zone="UTC", agents=agents).intent
    edit = reader.read(said, now=NOW, zone="UTC", agents=agents, in_thread=True).intent
    assert isinstance(made, CreateTask)
    assert isinstance(edit, EditTask)
    assert edit.changes.schedule is not None

    changed, assumed = apply_change(made.schedule, edit.changes.schedule, NOW, "UTC")

    assert changed is not None
    assert (sentence(changed), assumed) == (shown, ())
