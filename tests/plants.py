"""Records to plant in a store: each maker gives a whole one, with what the test cares about set."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

from storage.records import Actor, Origin, Person, Place, PlaceKind, Task, TaskId, TaskState
from storage.reports import Report
from storage.schedules import Daily, Schedule
from storage.store import Store

NEW_YORK = "America/New_York"
DAILY_AT_8 = Schedule(rule=Daily(times=(time(8),)), zone=NEW_YORK)
SOME_DAY = datetime(2026, 3, 5, 15, 17, tzinfo=UTC)
ALICE = Actor(id="U0ALICE", origin=Origin.MESSAGE)
BOB = Actor(id="U0BOB", origin=Origin.MESSAGE)
MALLORY = Actor(id="U0MALLORY", origin=Origin.MESSAGE)


def make_task(**named: Any) -> Task:
    """Give an active daily task of alice's, not stored yet."""
    task = Task(
        id=TaskId(0),
        name="Daily cost report",
        agent="alex",
        prompt="daily cost report",
        schedule=DAILY_AT_8,
        zone=NEW_YORK,
        zone_from="your Slack zone",
        state=TaskState.ACTIVE,
        channel="C0FINOPS",
        owner="U0ALICE",
        next_run_at=SOME_DAY,
        created_at=SOME_DAY,
        updated_at=SOME_DAY,
    )
    return replace(task, **named)


async def plant(store: Store, task: Task) -> Task:
    """Store a task as it is."""
    async with store.begin() as work:
        return await work.tasks.add(task)


def make_report(**named: Any) -> Report:
    """Give a report with nothing but a headline."""
    return replace(Report(headline="All is well: 9 checks passed on 5 Mar 2026"), **named)


def make_person(person_id: str = ALICE.id, **named: Any) -> Person:
    """Give somebody of the workspace, neither admin nor guest."""
    person = Person(id=person_id, name=person_id, zone=NEW_YORK, fetched_at=SOME_DAY)
    return replace(person, **named)


def make_place(place_id: str = "C0FINOPS", **named: Any) -> Place:
    """Give a public channel that the bot is in."""
    place = Place(
        id=place_id, name="finops", kind=PlaceKind.PUBLIC, has_bot=True, fetched_at=SOME_DAY
    )
    return replace(place, **named)
