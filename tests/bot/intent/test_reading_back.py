"""What we say about a schedule is language that we read: a sentence gives its schedule back."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.intent.changes import apply_change
from bot.intent.intents import CreateTask, EditTask
from bot.intent.reader import read
from scheduler.errors import BadSchedule
from scheduler.recurrence import check, upcoming
from scheduler.sentences import sentence, zone_name
from storage.schedules import Cron, Daily, Exceptions, Rule, Schedule, Weekday
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


def asked_for(schedule: Schedule) -> Schedule | None:
    """Give what becomes of a task on demand when the sentence, zone and all, is asked for."""
    text = f"change T-3 to {sentence(schedule)}, {zone_name(schedule.zone)}"
    intent = read(text, now=NOW, zone=ZONE, agents=frozenset()).intent

    assert isinstance(intent, EditTask), (text, intent)
    assert intent.changes.schedule is not None, text
    return apply_change(None, intent.changes.schedule, NOW, ZONE)[0]


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


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_an_edit_to_a_sentence_gives_its_schedule(shape: str, data: st.DataObject) -> None:
    """Asking for a sentence and its zone in an edit gives the schedule it was said of."""
    schedule = data.draw(drawn.bounded(SHAPES[shape]))
    assume(comes(schedule))

    assert asked_for(schedule) == schedule


@settings(max_examples=25, deadline=None)
@given(rule=drawn.simple, weekdays=drawn.some_weekdays)
def test_days_that_are_left_out_stay_out(rule: Rule, weekdays: tuple[Weekday, ...]) -> None:
    """Weekdays out of a rule of weekdays come back as fewer weekdays, and the same moments."""
    schedule = Schedule(rule=rule, zone=ZONE, exceptions=Exceptions(weekdays=weekdays))
    assume(comes(schedule))
    again = read_back(schedule)

    assert again is not None
    assert upcoming(again, NOW, 20) == upcoming(schedule, NOW, 20)


@pytest.mark.parametrize("zone", ["Asia/Kuala_Lumpur", "Asia/Ho_Chi_Minh", "America/St_Johns"])
def test_a_city_of_several_words_is_read_back(zone: str) -> None:
    """A zone is found by the name of its city, however many words that has."""
    schedule = Schedule(rule=Daily(times=(time(9),)), zone=zone)

    assert asked_for(schedule) == schedule


@pytest.mark.parametrize(
    "expression",
    ["*/15 * * * *", "0 */2 * * *", "30 */2 * * *", "30 * * * *", "10,40 * * * *", "0 9 * 12 1-5"],
)
def test_the_crons_we_write_are_read_back(expression: str) -> None:
    """Every kind of cron that a wording is turned into has a sentence that gives it back."""
    schedule = plain(Cron(expression=expression))

    assert read_back(schedule) == schedule


@pytest.mark.parametrize(
    "expression",
    [
        "@weekly",
        "0 9-17 * * 1-5",
        "*/20 9-17 * * *",
        "0 22-6 * * *",
        "0 9 1-7,L * *",
        "0 9 */2 * *",
        "0 9 * * 5L",
        "0 9 * * tue#2,fri#4",
        "0 9 1 */3 *",
        "0,30 8,12,18 * 6-8 mon",
        "0 9 13 * 5",
        "15 10 1 1 *",
        "*/7 3 * * 1#2,3",
        "0 9 1-7 * */7",
    ],
)
def test_a_cron_that_is_said_in_words_runs_as_they_say(expression: str) -> None:
    """Words said for somebody's cron give a schedule of the same moments, if of another shape."""
    schedule = Schedule(rule=Cron(expression=expression), zone="UTC")
    again = read_back(schedule)

    assert again is not None
    assert upcoming(again, NOW, 50) == upcoming(schedule, NOW, 50)
