"""What became of tasks, told from their runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.blocks.stories import latest, why
from storage.records import Run, RunId, RunStatus, TaskId, TaskState, Trigger
from tests.plants import make_task

NOW = datetime(2026, 3, 10, 7, 30, tzinfo=UTC)
FIRST, SECOND, NEVER = (make_task(id=TaskId(number), name=f"Task {number}") for number in (1, 2, 3))
RUN = Run(
    id=RunId(7),
    task_id=FIRST.id,
    task_version=1,
    trigger=Trigger.SCHEDULE,
    status=RunStatus.TIMED_OUT,
    ready_at=NOW,
    created_at=NOW,
)


def test_the_last_runs_of_all_tasks_are_told_newest_first() -> None:
    """Each task that ever ran has its line."""
    later = replace(RUN, id=RunId(9), task_id=SECOND.id)

    said = latest([FIRST, SECOND, NEVER], {FIRST.id: RUN, SECOND.id: later}, NOW)

    shown = str(said.blocks)
    assert shown.index("T-2") < shown.index("T-1")
    assert "T-3" not in shown


def test_it_is_said_where_nothing_ever_ran() -> None:
    """Nobody is left with an empty answer."""
    assert latest([NEVER], {}, NOW).text == "No task ever ran."


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (
            replace(
                RUN,
                status=RunStatus.MISSED,
                scheduled_for=NOW - timedelta(days=30),
                last_scheduled_for=NOW,
                moments=43_201,
                reason="Chatcron was not running then.",
            ),
            "due 43,201 times from Sun 8 Feb 02:30 to Tue 10 Mar 03:30, New York time, and each",
        ),
        (
            replace(RUN, status=RunStatus.QUEUED, scheduled_for=NOW),
            "came due Tue 10 Mar 03:30, New York time, and waits for its turn.",
        ),
        (
            replace(
                RUN,
                status=RunStatus.QUEUED,
                scheduled_for=NOW,
                ready_at=NOW + timedelta(minutes=4),
            ),
            "came due Tue 10 Mar 03:30, New York time, and starts Tue 10 Mar 03:34, at a moment",
        ),
        (
            replace(RUN, status=RunStatus.CANCELLED, scheduled_for=NOW, reason="All was paused."),
            "was due Tue 10 Mar 03:30, New York time, and was cancelled before it began: All was",
        ),
    ],
)
def test_why_says_what_became_of_a_moment(run: Run, said: str) -> None:
    """The row alone tells: how many it stands for, what it waits for, and how it ended."""
    assert said in str(why(FIRST, run, (), (), NOW).blocks)


def test_why_says_what_paused_a_task() -> None:
    """A task that failures paused says so, and what lets it go on."""
    paused = replace(FIRST, state=TaskState.PAUSED, hold_reason="It failed 5 times in a row.")
    said = str(why(paused, None, (), (), NOW).blocks)
    assert "It is paused. It failed 5 times in a row. “resume T-1” lets it go on." in said
