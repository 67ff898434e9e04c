"""Lists of tasks, page by page."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.blocks import cards
from bot.blocks.lists import PAGE, due_tasks, task_list, task_page
from scheduler.forecast import moments_of
from storage.records import Task, TaskId
from storage.schedules import Daily, Every, Schedule
from tests.plants import make_task

BERLIN = "Europe/Berlin"
SATURDAY = datetime(2026, 3, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "page", "shown"), [(25, 2, "T-21"), (12, 2, "T-11"), (3, 1, "T-1")]
)
def test_a_page_that_is_gone_shows_the_last_there_is(
    now: datetime, count: int, page: int, shown: str
) -> None:
    """Tasks that went while somebody turned pages leave no empty page."""
    tasks = [make_task(id=TaskId(number + 1)) for number in range(count)]

    message = task_page(tasks, {}, now, page=page)

    assert f"*{shown}*" in str(message.blocks)
    assert sum("*T-" in str(block) for block in message.blocks) <= PAGE


def test_a_row_says_where_its_task_posts(now: datetime) -> None:
    """Tasks of one name in several channels are told apart; a direct message names no channel."""
    tasks = [make_task(id=TaskId(6), channel="C0FINOPS"), make_task(id=TaskId(7), channel="D0MAYA")]

    _, first, second = task_list(tasks, {}, now, total=2).blocks

    assert "· <#C0FINOPS> ·" in first["text"]["text"]
    assert "<#" not in second["text"]["text"]


def _daily(number: int, *times: time, zone: str = BERLIN) -> Task:
    schedule = Schedule(rule=Daily(times=times), zone=zone)
    return make_task(id=TaskId(number), name=f"Check {number}", schedule=schedule, zone=zone)


def _due(*tasks: Task, days: float) -> dict[TaskId, list[datetime]]:
    """Give the tasks' moments from Saturday 28 March on, the day before Berlin's clocks change."""
    end = SATURDAY + timedelta(days=days)
    return {task.id: list(moments_of(task, SATURDAY, end, settled=SATURDAY)) for task in tasks}


def test_what_is_due_on_several_days_stands_day_by_day_in_order(now: datetime) -> None:
    """Each day has its tasks by their first moments, and a change of the clocks is said."""
    late, night = _daily(1, time(21), time(22)), _daily(2, time(2, 30))

    told = due_tasks([late, night], _due(late, night, days=1.5), BERLIN, now)

    assert told.blocks[0]["text"]["text"].splitlines() == [
        "*2 tasks, Berlin time*",
        "*Sat 28 Mar*",
        "• 21:00, 22:00 · *Check 1* · T-1 · Alex · <#C0FINOPS>",
        "*Sun 29 Mar*",
        "• 03:00 (no 02:30 that day, Berlin time) · *Check 2* · T-2 · Alex · <#C0FINOPS>",
        "• 21:00, 22:00 · *Check 1* · T-1 · Alex · <#C0FINOPS>",
    ]


def test_moments_stand_on_the_askers_wall_and_the_zone_is_named(now: datetime) -> None:
    """A task of another zone shows when it runs here; one day needs no other head."""
    abroad = _daily(1, time(8), zone="America/New_York")

    told = due_tasks([abroad], _due(abroad, days=1), BERLIN, now)

    assert told.text == "1 task on Sat 28 Mar, Berlin time"
    assert "• 13:00 · *Check 1*" in told.blocks[0]["text"]["text"]


def test_what_does_not_fit_a_message_is_counted(now: datetime) -> None:
    """No line is cut in two, and the foot says how many are left."""
    tasks = [_daily(number, time(9), time(12)) for number in range(1, 60)]

    told = due_tasks(tasks, _due(*tasks, days=1), BERLIN, now)

    text, foot = told.blocks[0]["text"]["text"], told.blocks[1]["elements"][0]["text"]
    assert len(text) <= 3_000
    shown = text.count("• ")
    assert foot == f"And {59 - shown} more; name fewer days to see them."


def test_a_task_that_runs_all_the_time_takes_one_line_a_day(now: datetime) -> None:
    """Its first moments are named; how many there are is not claimed."""
    rule = Every(seconds=300, anchor=SATURDAY)
    often = make_task(id=TaskId(1), schedule=Schedule(rule=rule, zone=BERLIN), zone=BERLIN)

    told = due_tasks([often], _due(often, days=1), BERLIN, now)

    assert "• 13:00, 13:05, 13:10, 13:15 and so on ·" in told.blocks[0]["text"]["text"]


@pytest.mark.parametrize(("total", "said"), [(1, "1 task"), (2, "2 tasks")])
def test_what_a_phone_announces_counts_right(now: datetime, total: int, said: str) -> None:
    """One task is no plural."""
    assert task_list([make_task()], {}, now, total=total).text == said


def test_tasks_of_one_name_are_told_apart_before_one_is_chosen() -> None:
    """Where buttons would say the same, a line for each says where and when it runs."""
    twins = [make_task(id=TaskId(6)), make_task(id=TaskId(7), channel="C0GENERAL", schedule=None)]

    asked = cards.which_one(twins, "pause")

    assert "*T-6* <#C0FINOPS>, every day at " in str(asked.blocks)
    assert "*T-7* <#C0GENERAL>, on demand" in str(asked.blocks)


def test_tasks_of_other_names_need_no_lines() -> None:
    """Names that differ stand on the buttons alone."""
    asked = cards.which_one([make_task(), make_task(id=TaskId(7), name="Waste")], "pause")

    assert len(asked.blocks) == 2
