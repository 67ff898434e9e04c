"""Hours that are said without "at", and times that are said beside what they were."""

from __future__ import annotations

from datetime import time

import pytest

from bot.intent.intents import CreateTask, EditTask, Unclear
from bot.intent.reader import read
from storage.schedules import Daily, Weekly
from tests.bot.intent.runs import NOW, ZONE, asked, days, times


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("Mondays 9", "9 09:00, 16 09:00"),
        ("every Friday 17", "6 17:00, 13 17:00"),
        ("daily 6 and 18", "5 18:00, 6 06:00"),
        ("twice a day, 6 and 18 h", "5 18:00, 6 06:00"),
        ("3 times a day (6, 12, 18)", "5 12:00, 5 18:00"),
        ("each morning 7", "6 07:00, 7 07:00"),
        ("every evening 8", "5 20:00, 6 20:00"),
        ("weekdays 7 and weekends 9", "6 07:00, 7 09:00"),
        ("Mon/Wed/Fri 10", "6 10:00, 9 10:00"),
        ("first thing every morning", "6 09:00, 7 09:00"),
        ("first thing on Mondays", "9 09:00, 16 09:00"),
        ("Monday mornings", "9 09:00, 16 09:00"),
        ("friday afternoons at 4", "6 16:00, 13 16:00"),
    ],
)
@pytest.mark.parametrize("order", ["check the disks {}", "{}: check the disks"])
def test_an_hour_after_days_that_repeat_is_a_time(said: str, at: str, order: str) -> None:
    """It leaves no number in the task's name."""
    assert times(order.format(said), 2) == at


@pytest.mark.parametrize("said", ["Mon 9", "every 3rd Monday 9"])
def test_a_number_that_may_be_an_hour_or_a_date_is_asked_about(said: str) -> None:
    """No time is taken from it, and none is made up beside it."""
    assert asked(f"check the disks {said}") == "left_over"


@pytest.mark.parametrize("said", ["every day 5 pods", "daily, 5 copies", "every Monday 2nd shift"])
def test_what_is_counted_is_no_hour(said: str) -> None:
    """The number stays with the words it counts."""
    intent = read(f"check {said}", now=NOW, zone=ZONE, agents=frozenset()).intent

    assert isinstance(intent, CreateTask)
    assert intent.schedule is not None
    assert isinstance(intent.schedule.rule, Daily | Weekly)
    assert intent.schedule.rule.times == (time(9),)
    assert intent.assumed == ("time",)


def test_a_weekday_with_its_day_of_the_month_is_that_day() -> None:
    """Where the next such day is another weekday, it is asked about."""
    assert days("check the disks on Monday 9th", 1) == "9 Mar"
    assert days("check the disks Friday the 13th", 1) == "13 Mar"
    assert asked("check the disks on Tuesday 9th") == "bad_day"


@pytest.mark.parametrize("order", ["quarterly {}, first Monday", "{} quarterly on the 1st Monday"])
def test_the_first_monday_beside_quarterly_is_that_of_a_quarter(order: str) -> None:
    """It is not that of each month."""
    intent = read(order.format("access review"), now=NOW, zone=ZONE, agents=frozenset()).intent

    assert isinstance(intent, CreateTask)
    assert intent.schedule is not None
    assert getattr(intent.schedule.rule, "months", ()) == (1, 4, 7, 10)


@pytest.mark.parametrize(
    "text",
    [
        "T-3 should run at 7 not 8",
        "run T-3 at 7, not at 8",
        "move T-3 to 7 rather than 8",
        "T-3 at 7 instead of 8",
    ],
)
def test_the_time_that_was_is_left_out_of_an_edit(text: str) -> None:
    """Only what shall be counts."""
    intent = read(text, now=NOW, zone=ZONE, agents=frozenset()).intent

    assert isinstance(intent, EditTask)
    assert intent.ref.number == 3
    assert intent.changes.schedule is not None
    assert intent.changes.schedule.times == (time(7),)


def test_who_is_to_do_a_task_is_asked_where_it_may_mean_now() -> None:
    """It hands the task over, or runs it: “let tony do T-5”."""
    intent = read("let tony do T-5", now=NOW, zone=ZONE, agents=frozenset(("tony",))).intent

    assert isinstance(intent, Unclear)
    assert intent.choices == ("hand T-5 to tony", "run T-5 now")
