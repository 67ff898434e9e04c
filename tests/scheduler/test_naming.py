"""Which task is meant by a number, a name, or some words of it."""

from __future__ import annotations

import pytest

from scheduler import naming
from scheduler.errors import AmbiguousTask, UnknownTask
from storage.records import TaskId
from tests.plants import make_task

TASKS = [
    make_task(id=TaskId(12), name="Daily cost report"),
    make_task(id=TaskId(31), name="Weekly cost report"),
    make_task(id=TaskId(40), name="Cost"),
]


@pytest.mark.parametrize(
    ("text", "number"),
    [("daily cost report", 12), ("the Weekly one report", None), ("weekly", 31), ("cost", 40)],
)
def test_words_find_the_task_they_fit(text: str, number: int | None) -> None:
    """A whole name wins over names that only contain it; all words must fit."""
    if number is None:
        with pytest.raises(UnknownTask):
            naming.find(TASKS, number=None, text=text)
    else:
        assert naming.find(TASKS, number=None, text=text).id == number


def test_a_name_that_fits_two_gives_both() -> None:
    """Two tasks that fit are both offered, and neither is taken."""
    with pytest.raises(AmbiguousTask) as raised:
        naming.find(TASKS, number=None, text="the cost report")

    assert [task.id for task in raised.value.choices] == [12, 31]


def test_a_number_that_is_not_there_is_unknown() -> None:
    """An unknown number says where the known ones are listed."""
    with pytest.raises(UnknownTask, match="T-99") as raised:
        naming.find(TASKS, number=99, text=None)

    assert "/tasks list" in raised.value.fix


def test_an_unknown_name_offers_near_ones() -> None:
    """A name that shares a word with others names them."""
    with pytest.raises(UnknownTask) as raised:
        naming.find(TASKS, number=None, text="monthly cost sheet")

    assert "T-12" in raised.value.fix
