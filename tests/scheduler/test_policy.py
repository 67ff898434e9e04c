"""Verdicts about due moments and tries, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from scheduler import policy
from scheduler.policy import Miss, Skip, Start
from storage.records import Run, RunId, RunStatus, TaskId, Trigger
from tests.plants import make_task

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("late", "running", "kind"),
    [
        (timedelta(0), 0, Start),
        (2 * HOUR, 0, Start),
        (2 * HOUR + timedelta(seconds=1), 0, Miss),
        (timedelta(0), 1, Skip),
        (3 * HOUR, 1, Miss),
        (-HOUR, 0, Start),
    ],
)
def test_a_moment_gets_its_verdict(
    now: datetime, late: timedelta, running: int, kind: type
) -> None:
    """Too late is missed, an unfinished run before it skips, anything else starts."""
    assert isinstance(policy.decide(make_task(), now - late, now, running=running), kind)


def test_only_the_latest_of_many_moments_is_run(now: datetime) -> None:
    """After a break the moments before the latest are missed, each with its own row."""
    due = [now - n * MINUTE for n in (3, 2, 1)]

    rows = policy.moments_of(make_task(), due, now, running=0)

    assert [row.scheduled_for for row in rows] == due
    assert [row.status for row in rows] == [RunStatus.MISSED, RunStatus.MISSED, RunStatus.QUEUED]
    assert all(row.reason for row in rows[:2])


@pytest.mark.parametrize("count", [1, 2, 101, 102, 103, 5000])
def test_a_long_outage_is_folded_and_still_adds_up(now: datetime, count: int) -> None:
    """However many moments were missed, the rows stand for each of them exactly once."""
    due = [now - n * MINUTE for n in reversed(range(count))]

    rows = policy.moments_of(make_task(), due, now, running=0)

    assert sum(row.moments for row in rows) == count
    assert len(rows) <= policy.ROWS_PER_OUTAGE + 2
    assert rows[-1].scheduled_for == now
    folded = [row for row in rows if row.moments > 1]
    assert all(row.last == due[-2] for row in folded)


def a_run(attempt: int, now: datetime) -> Run:
    """Give a run in its n-th attempt."""
    return Run(
        id=RunId(1),
        task_id=TaskId(1),
        task_version=1,
        trigger=Trigger.SCHEDULE,
        status=RunStatus.RUNNING,
        attempt=attempt,
        ready_at=now,
        created_at=now,
    )


def test_the_wait_doubles_and_ends_with_the_retries(now: datetime) -> None:
    """Two retries wait one and two minutes; the third failure is the end."""
    task = make_task(retries=2)

    waits = [
        policy.next_try_at(task, a_run(attempt, now), now, first_delay=MINUTE)
        for attempt in (1, 2, 3)
    ]

    assert waits == [now + MINUTE, now + 2 * MINUTE, None]


def test_the_wait_is_never_more_than_a_quarter_of_an_hour(now: datetime) -> None:
    """A task with many retries does not wait for days between them."""
    task = replace(make_task(), retries=50)

    assert policy.next_try_at(task, a_run(40, now), now, first_delay=MINUTE) == now + 15 * MINUTE


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (45, "45 s"),
        (60, "1 min"),
        (61, "1 min 1 s"),
        (8040, "2 h 14 min"),
        (90061, "1 day 1 h"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(seconds: int, said: str) -> None:
    """Nobody at night wants seconds after hours."""
    assert policy.lasting(timedelta(seconds=seconds)) == said
