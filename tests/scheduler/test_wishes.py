"""What a change does to a task: what it names, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler.errors import Refused
from scheduler.wishes import NAME_LIMIT, Change, changed, check_limits, renewed
from storage.records import TaskState
from tests.plants import DAILY_AT_8, make_task

TASK = make_task(delegate="U0BOB")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Change(), TASK),
        (Change(name="Costs", retries=0), replace(TASK, name="Costs", retries=0)),
        (Change(channel="C0OTHER"), replace(TASK, channel="C0OTHER")),
        (Change(delegate="U0CAROL"), replace(TASK, delegate="U0CAROL")),
        (Change(delegate=""), replace(TASK, delegate=None)),
        (Change(unscheduled=True), replace(TASK, schedule=None)),
        (
            Change(zone="Europe/Berlin"),
            replace(
                TASK,
                zone="Europe/Berlin",
                zone_from="as you said",
                schedule=replace(DAILY_AT_8, zone="Europe/Berlin"),
            ),
        ),
        (
            Change(zone="Europe/Berlin", unscheduled=True),
            replace(TASK, zone="Europe/Berlin", zone_from="as you said", schedule=None),
        ),
    ],
)
def test_a_change_touches_what_it_names(change: Change, expected) -> None:  # type: ignore[no-untyped-def]
    """Every other slot stays as it was."""
    assert changed(TASK, change) == expected


@pytest.mark.parametrize(("timeout_s", "retries"), [(0, None), (90_000, None), (None, 11)])
def test_limits_are_named(timeout_s: int | None, retries: int | None) -> None:
    """What no task may have is refused with what one may."""
    with pytest.raises(Refused) as refused:
        check_limits(timeout_s, retries)

    assert refused.value.fix


def test_a_name_is_cut_as_it_is_at_birth() -> None:
    """An edit gives no task a longer name than it could have been made with."""
    assert changed(TASK, Change(name="n" * 90)).name == "n" * NAME_LIMIT


def test_other_work_is_no_longer_the_template_s() -> None:
    """A prompt that somebody rewrote goes by no template's name; one that stays, does."""
    task = replace(TASK, template="daily-cost-report")

    assert changed(task, Change(prompt="Count the buckets")).template is None
    assert changed(task, Change(prompt=task.prompt)).template == "daily-cost-report"


@pytest.mark.parametrize(
    ("change", "fired", "state"),
    [
        (Change(zone="Europe/Berlin"), 7, TaskState.COMPLETED),
        (Change(name="Costs"), 7, TaskState.COMPLETED),
        (Change(schedule=replace(DAILY_AT_8, count=9)), 0, TaskState.ACTIVE),
    ],
)
def test_only_another_schedule_counts_from_nothing(
    change: Change, fired: int, state: TaskState
) -> None:
    """Seven of ten times stay seven in another zone, and what is done stays done."""
    ten = replace(TASK, schedule=replace(DAILY_AT_8, count=10), fired=7, state=TaskState.COMPLETED)

    after = renewed(ten, changed(ten, change))

    assert (after.fired, after.state) == (fired, state)
