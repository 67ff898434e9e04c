"""What we say about a schedule is language that we read: a sentence gives its schedule back."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.intent.changes import apply_change
from bot.intent.intents import CreateTask, EditTask
from bot.intent.reader import read
from scheduler.errors import BadSchedule
from scheduler.recurrence import check
from scheduler.sentences import sentence
from storage.schedules import (
    Rule,
    Schedule,
)
from tests.bot.intent.together import together
from tests.scheduler import drawn

ZONE = "Europe/Berlin"
NOW = datetime(2026, 3, 9, 12, 0, tzinfo=ZoneInfo(ZONE))
LIMITED = drawn.intervals().filter(lambda rule: bool(rule.weekdays))
"""Intervals around the clock leave no room for another rule beside them."""
SHAPES = {
    "days and weeks": drawn.simple,
    "every other day and week": drawn.strided(),
    "days of months": drawn.monthly,
    "counted days of months": drawn.counted,
    "intervals": drawn.intervals(),
    "nights": drawn.overnight(),
    "two and three rules": together(drawn.calendar, LIMITED),
}


def comes(schedule: Schedule) -> bool:
    """Say whether the schedule will ever run, as only such are shown to people."""
    try:
        check(schedule, NOW)
    except BadSchedule:
        return False
    return True


def read_back(schedule: Schedule) -> Schedule | None:
    text = f"schedule the check {sentence(schedule)}"
    intent = read(text, now=NOW, zone=schedule.zone, agents=frozenset()).intent

    assert isinstance(intent, CreateTask), (text, intent)
    assert intent.name == "Check", text
    return intent.schedule


def edited(schedule: Schedule, present: Schedule) -> Schedule | None:
    """Give what becomes of a present schedule when the sentence of another is asked for."""
    text = f"make it {sentence(schedule)}"
    intent = read(text, now=NOW, zone=present.zone, agents=frozenset()).intent

    assert isinstance(intent, EditTask), (text, intent)
    assert intent.changes.schedule is not None, text
    return apply_change(present, intent.changes.schedule, NOW, present.zone)[0]


def plain(rule: Rule) -> Schedule:
    return Schedule(rule=rule, zone=ZONE)


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_every_shape_is_read_back(shape: str, data: st.DataObject) -> None:
    """A rule of each shape, with bounds and exceptions and in any zone, is the same again."""
    schedule = data.draw(drawn.bounded(SHAPES[shape]))
    assume(comes(schedule))

    assert read_back(schedule) == schedule


@given(rule=drawn.once)
def test_one_moment_is_read_back(rule: Rule) -> None:
    """One date and time that is still to come."""
    assert read_back(plain(rule)) == plain(rule)
