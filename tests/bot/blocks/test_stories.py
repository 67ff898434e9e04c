"""What became of tasks, told from their runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.blocks.stories import latest
from storage.records import Run, RunId, RunStatus, TaskId, Trigger
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
