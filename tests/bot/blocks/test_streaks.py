"""A streak of failures is said in one line that gives its length, its cause and its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.blocks import missed, streaks
from storage.records import Run, RunId, RunStatus, TaskId, Trigger
from tests.plants import make_task

AT_EIGHT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
"""Tuesday 10 March 2026, 08:00 in New York."""
TASK = make_task(id=TaskId(12))
FAILED = Run(
    id=RunId(345),
    task_id=TaskId(12),
    task_version=1,
    trigger=Trigger.SCHEDULE,
    scheduled_for=AT_EIGHT + timedelta(days=2),
    status=RunStatus.FAILED,
    reason="The billing folder has no file newer than Friday. Put one there.",
    ready_at=AT_EIGHT,
    created_at=AT_EIGHT,
)
BY_HAND = replace(
    FAILED,
    id=RunId(346),
    trigger=Trigger.MANUAL,
    scheduled_for=None,
    asked_by="U0MAYA",
    status=RunStatus.SUCCEEDED,
    finished_at=AT_EIGHT + timedelta(hours=2, minutes=14),
)


def told(length: int, moments: int) -> dict[str, Any]:
    """Give what a notice tells of a streak that began at eight on Tuesday."""
    at = AT_EIGHT.isoformat()
    return {"length": length, "moments": moments, "first_at": at, "last_due": at}


def test_the_first_failure_names_its_cause() -> None:
    """One line: what is missing, why, and who knows."""
    said = streaks.failure_line(TASK, FAILED, told(1, 1), AT_EIGHT).text

    assert said == (
        "No Daily cost report this time: The billing folder has no file newer than Friday."
        " <@U0ALICE> knows. R-345"
    )


def test_a_longer_streak_says_since_when_and_how_often() -> None:
    """The same line gives the streak's beginning and length, and the last cause."""
    said = streaks.failure_line(TASK, FAILED, told(3, 3), AT_EIGHT).text

    assert said == (
        "No Daily cost report since Tue 10 Mar 08:00, New York time: 3 runs in a row failed, the"
        " last Thu 12 Mar 08:00: The billing folder has no file newer than Friday. <@U0ALICE>"
        " knows. R-345"
    )


@pytest.mark.parametrize(
    ("length", "moments", "ending"),
    [(1, 1, "One moment failed."), (4, 3, "3 moments failed."), (2, 0, "2 runs failed.")],
)
def test_a_recovery_says_when_how_late_and_what_was_lost(
    length: int, moments: int, ending: str
) -> None:
    """A run by hand is late by the last moment that failed."""
    said = streaks.recovery(TASK, BY_HAND, told(length, moments), AT_EIGHT).text

    assert said == (
        "Daily cost report is back: posted Tue 10 Mar 10:14, New York time, 2 h 14 min late."
        f" {ending} R-346"
    )


def test_a_recovery_on_time_is_not_called_late() -> None:
    """The next due moment that works is punctual, however long the streak was."""
    due = AT_EIGHT + timedelta(days=3)
    run = replace(FAILED, scheduled_for=due, finished_at=due + timedelta(seconds=40))

    said = streaks.recovery(TASK, run, told(3, 3), AT_EIGHT).text

    assert "late" not in said
    assert "posted Fri 13 Mar 08:00" in said


def test_a_summary_names_tasks_moments_and_zones() -> None:
    """One message: how many, when in each task's own zone, and a button where one is of use."""
    hour = timedelta(hours=1)
    told = {
        "noticed_at": (AT_EIGHT + 3 * hour).isoformat(),
        "tasks": [
            _missed(12, "Daily cost report", [AT_EIGHT, AT_EIGHT + hour], runs_now=True),
            _missed(13, "DB check", [AT_EIGHT]),
        ],
    }

    message = missed.missed_summary(told, AT_EIGHT)

    text = message.blocks[0]["text"]["text"]
    assert text == (
        "While I was away, 3 moments here did not run (noticed Tue 10 Mar 11:00, New York time):\n"
        "• *Daily cost report* · T-12: Tue 10 Mar 08:00, 09:00, New York time; the latest runs"
        " now, late\n"
        "• *DB check* · T-13: Tue 10 Mar 08:00, New York time"
    )
    [button] = message.blocks[1]["elements"]
    assert (button["text"]["text"], button["value"]) == ("Run T-13 now", "13:1:")


def test_a_summary_of_one_task_has_one_plain_button() -> None:
    """Where there is no doubt which, the button needs no number; the rest is counted."""
    task = _missed(13, "DB check", [AT_EIGHT]) | {"moments": 40}
    told = {"noticed_at": AT_EIGHT.isoformat(), "tasks": [task]}

    message = missed.missed_summary(told, AT_EIGHT)

    assert [it["text"]["text"] for it in message.blocks[1]["elements"]] == ["Run now"]
    assert "and 39 more until Tue 10 Mar 08:00" in message.blocks[0]["text"]["text"]


def _missed(
    number: int, name: str, moments: list[datetime], *, runs_now: bool = False
) -> dict[str, Any]:
    return {
        "id": number,
        "version": 1,
        "name": name,
        "zone": TASK.zone,
        "moments": len(moments),
        "named": [moment.isoformat() for moment in moments],
        "last": moments[-1].isoformat(),
        "runs_now": runs_now,
    }
