"""Details: what a task does in every case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.blocks.details import details
from bot.blocks.limits import check_message
from storage.policies import Leeway, Missed, Overlap
from storage.records import Task, TaskId
from storage.schedules import leaving_out
from tests.plants import DAILY_AT_8, make_task

TASK = make_task(id=TaskId(12))


def said(task: Task) -> list[str]:
    """Give the lines of the details, and check that Slack takes them."""
    message = details(task)
    assert check_message(message.arguments()) == []
    text: str = message.blocks[0]["text"]["text"]
    return text.splitlines()


def test_a_plain_task_tells_what_is_usual() -> None:
    """Each slot has its line, in words that a person sets it by."""
    assert said(TASK) == [
        "*Daily cost report* · T-12",
        "• When: every day at 08:00",
        "• Zone: New York time (your Slack zone)",
        "• Agent: Alex",
        "• Work: daily cost report",
        "• Owner: <@U0ALICE>",
        "• Told of failures when the owner can't be: the admins",
        "• Tells: nobody else",
        "• Time limit of a run: 30 min",
        "• Retries: 2",
        "• A run due during another: is left out",
        "• Of missed moments: the latest runs",
        "• A missed moment runs: at most 2 h late",
        "• Starts: at its time",
        "• After failures: it goes on, and its owner is told at the 1st, 10th and 100th in a row",
        "• A run due on a holiday: runs as on any day",
    ]


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"overlap": Overlap.CANCEL}, "A run due during another: ends the earlier one"),
        ({"missed": Missed.ALL}, "A missed moment runs: however late it is noticed"),
        ({"missed": Missed.SKIP}, "A missed moment runs: if it is noticed within 5 min"),
        (
            {"missed": Missed.ALL, "leeway": Leeway(catch_up=3)},
            "Of missed moments: the latest 3 run",
        ),
        (
            {"missed": Missed.ALL, "leeway": Leeway(spread_s=1800)},
            "What is caught up: is spread over 30 min",
        ),
        ({"leeway": Leeway(fresh_s=600)}, "A missed moment runs: at most 10 min late"),
        ({"leeway": Leeway(jitter_s=300)}, "Starts: at a random moment within 5 min"),
        ({"leeway": Leeway(pause_after=5)}, "After failures: it is paused after 5 in a row"),
        ({"schedule": leaving_out(DAILY_AT_8, ())}, "A run due on a holiday: is left out"),
        ({"schedule": None}, "When: only when somebody asks"),
    ],
)
def test_what_was_set_is_told(changed: dict[str, object], line: str) -> None:
    """Each policy shows as it stands."""
    assert f"• {line}" in said(replace(TASK, **changed))  # type: ignore[arg-type]
