"""Lists of tasks, page by page."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.blocks.lists import PAGE, task_page
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
