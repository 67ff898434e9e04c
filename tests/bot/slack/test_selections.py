"""Which tasks are meant by what was said of them, and what is said where none is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.intent.intents import Selection
from bot.slack.selections import Asked, Picked, pick, soon
from storage.records import Run, RunId, RunStatus, Task, TaskId, TaskState, Trigger
from storage.schedules import Daily, Every, Once, Schedule, Weekday, Weekly
from tests.plants import make_task

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 3, 10, 7, 30, tzinfo=UTC)
"""Tuesday 10 March 2026, 08:30 in Berlin."""
MONDAYS = Schedule(rule=Weekly(weekdays=(Weekday.MONDAY,), times=(time(9),)), zone=BERLIN)
EVERY_EVENING = Schedule(rule=Daily(times=(time(21),)), zone=BERLIN)
EVERY_MORNING = Schedule(rule=Daily(times=(time(8),)), zone=BERLIN)


def task(number: int, **named: Any) -> Task:
    """Give a numbered task of alice's in #finops."""
    return make_task(id=TaskId(number), **{"schedule": EVERY_MORNING, "zone": BERLIN, **named})


COST = task(1, name="Cost report", schedule=EVERY_EVENING)
VACUUM = task(2, name="Vacuum check", agent="tony", owner="U0BOB")
REVIEW = task(3, name="Cluster review", agent="kai", channel="C0PLATFORM", schedule=MONDAYS)
IDLE = task(4, name="Index check", agent="tony", state=TaskState.PAUSED)
ALL = [COST, VACUUM, REVIEW, IDLE]
FAILED = Run(
    id=RunId(1),
    task_id=TaskId(2),
    task_version=1,
    trigger=Trigger.SCHEDULE,
    status=RunStatus.TIMED_OUT,
    ready_at=NOW,
    created_at=NOW,
)


def picked(which: Selection, tasks: list[Task] = ALL, *, channel: str | None = None) -> Picked:
    """Pick as alice, in #finops."""
    asked = Asked(
        which=which,
        person="U0ALICE",
        here="C0FINOPS",
        channel=channel,
        last={TaskId(2): FAILED},
        zone=BERLIN,
        now=NOW,
    )
    return pick(tasks, asked)


def numbers(found: Picked) -> list[int]:
    """Give the numbers of the tasks that were picked, in their order."""
    return [each.id for each in found.tasks]


@pytest.mark.parametrize(
    ("which", "wanted"),
    [
        (Selection(), [1, 2, 3, 4]),
        (Selection(state="active"), [1, 2, 3]),
        (Selection(state="paused"), [4]),
        (Selection(state="failed"), [2]),
        (Selection(agent="tony"), [2, 4]),
        (Selection(agent="tony", state="paused"), [4]),
        (Selection(here=True), [1, 2, 4]),
        (Selection(mine=True), [1, 3, 4]),
        (Selection(words="check"), [2, 4]),
        (Selection(words="the vacuum"), [2]),
        (Selection(weekday=Weekday.MONDAY), [3, 2, 1]),
        (Selection(weekday=Weekday.SUNDAY), [2, 1]),
        (Selection(first=date(2026, 3, 10), last=date(2026, 3, 10)), [1]),
        (Selection(first=date(2026, 3, 11)), [2, 1]),
        (Selection(first=date(2026, 3, 14), last=date(2026, 3, 16)), [2, 1, 3]),
    ],
)
def test_all_that_was_said_narrows_the_list(which: Selection, wanted: list[int]) -> None:
    """Every field counts; what is due on days comes in the order of its moments."""
    assert sorted(numbers(picked(which))) == sorted(wanted)
    if which.first is not None:
        assert numbers(picked(which)) == wanted


def test_a_named_channel_counts_by_its_id() -> None:
    """Tasks that post elsewhere are left out."""
    assert numbers(picked(Selection(channel="#platform"), channel="C0PLATFORM")) == [3]


@pytest.mark.parametrize(
    ("which", "why"),
    [
        (Selection(agent="oliver", state="paused"), "No task is Oliver's."),
        (Selection(agent="kai", here=True), "No task is Kai's and posts here at once."),
        (Selection(words="backup"), "No task is called “backup”."),
        (Selection(state="draft"), "No task waits for an answer."),
        (Selection(first=date(2026, 3, 9)), "No task is due on Mon 9 Mar."),
    ],
)
def test_what_fits_no_task_is_named(which: Selection, why: str) -> None:
    """The first thing that by itself fits none; else that all of them do not at once."""
    found = picked(which)

    assert (found.tasks, found.why_none) == ((), why)


def test_moments_that_a_count_leaves_none_of_are_not_promised() -> None:
    """A task that runs twice more is not due on the third day."""
    counted = Schedule(rule=Daily(times=(time(12),)), zone=BERLIN, count=5)
    ending = task(9, schedule=counted, fired=3)

    due = picked(Selection(first=date(2026, 3, 11)), [ending])
    over = picked(Selection(first=date(2026, 3, 12)), [ending])

    assert numbers(due) == [9]
    assert numbers(over) == []


def test_a_task_that_comes_due_all_the_time_is_looked_at_for_a_while_only() -> None:
    """A list of what is due does not grow with a task that runs every minute."""
    often = Schedule(rule=Every(seconds=60, anchor=NOW - timedelta(days=1)), zone=BERLIN)

    found = picked(Selection(first=date(2026, 3, 11)), [task(9, schedule=often)])

    assert len(found.due[TaskId(9)]) == 200


def test_what_comes_next_is_of_a_week_and_in_order() -> None:
    """A task whose pause ends is there with its moments from then on; later ones are not."""
    resting = task(5, state=TaskState.PAUSED, paused_until=NOW + timedelta(days=5))
    once = Schedule(rule=Once(on=date(2026, 4, 1), at=time(8)), zone=BERLIN)
    later = task(6, schedule=once, next_run_at=datetime(2026, 4, 1, 6, tzinfo=UTC))

    found = soon([*ALL, resting, later], NOW)

    assert set(numbers(found)) == {1, 2, 3, 5}
    assert [at.day for at in found.due[TaskId(5)]] == [16, 17]
    assert len(found.due[TaskId(1)]) == 7


def test_a_moment_that_has_passed_today_is_not_due_any_more() -> None:
    """Today means what is still to come of it."""
    gone = Schedule(rule=Once(on=date(2026, 3, 10), at=time(8)), zone=BERLIN)

    assert numbers(picked(Selection(first=date(2026, 3, 10)), [task(9, schedule=gone)])) == []


@pytest.mark.parametrize(
    ("first", "wanted"),
    [(date(2026, 3, 9), [2]), (date(2026, 3, 10), [2]), (date(2026, 3, 11), [])],
)
def test_days_beside_failures_say_when_they_were(first: date, wanted: list[int]) -> None:
    """A task that failed on one of the days is named, whenever it comes due."""
    failed = Selection(state="failed", first=first, last=max(first, NOW.date()))

    assert numbers(picked(failed)) == wanted
