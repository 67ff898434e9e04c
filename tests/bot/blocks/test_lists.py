"""Lists of tasks, page by page."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.blocks import cards
from bot.blocks.lists import PAGE, task_list, task_page
from storage.records import TaskId
from tests.plants import make_task


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
