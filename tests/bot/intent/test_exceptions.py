"""Days that are left out, in every wording and place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from itertools import product

import pytest

from bot.intent.intents import EditTask
from bot.intent.reader import read
from storage.schedules import Exceptions, NthWeekday, Weekday
from tests.bot.intent.runs import NOW, ZONE, asked, days, task

LEFT_OUT: list[tuple[str, Callable[[date], bool]]] = [
    ("Fridays", lambda day: day.weekday() == 4),
    ("on weekends", lambda day: day.weekday() > 4),
    ("Saturday and Sunday", lambda day: day.weekday() > 4),
    ("in April", lambda day: day.month == 4),
    ("the 10th", lambda day: day.day == 10),
    ("on the 7th and 9th of the month", lambda day: day.day in (7, 9)),
    ("on the last day of the month", lambda day: (day + timedelta(days=1)).day == 1),
    ("March 8", lambda day: (day.month, day.day) == (3, 8)),
    ("on the 8th of March", lambda day: (day.month, day.day) == (3, 8)),
    ("8 March 2026", lambda day: day == date(2026, 3, 8)),
    ("tomorrow", lambda day: day == date(2026, 3, 6)),
    ("March 7 and March 9", lambda day: day in (date(2026, 3, 7), date(2026, 3, 9))),
    ("Fridays and the 10th", lambda day: day.weekday() == 4 or day.day == 10),
]
WORDS = ["except", "but not", "excluding", "apart from", "except for", "other than"]
ORDERS = [
    "check the disks every day at 9am {out}",
    "every day {out} at 9am check the disks",
    "check the disks every day {out} at 9am",
    "check the disks every day at 9am, {out}",
    "check the disks at 9am every day ({out})",
]


@pytest.mark.parametrize(("said", "left_out"), LEFT_OUT)
def test_excepted_days_have_no_run(said: str, left_out: Callable[[date], bool]) -> None:
    """Each way to leave days out, in each place, leaves out those days and no others."""
    walked = [NOW.date() + timedelta(days=step) for step in range(1, 120)]
    kept = [day for day in walked if not left_out(day)][:30]
    expected = ", ".join(f"{day.day} {day:%b}" for day in kept)
    for word, order in product(WORDS, ORDERS):
        text = order.format(out=f"{word} {said}")

        assert days(text, 30) == expected, text


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("every weekday except Wednesday at 9am", "6 Mar, 9 Mar, 10 Mar, 12 Mar, 13 Mar"),
        ("every 3 days at 9am except Sundays", "6 Mar, 9 Mar, 12 Mar, 18 Mar, 21 Mar"),
        ("every Monday at 9am but not in April", "9 Mar, 16 Mar, 23 Mar, 30 Mar, 4 May"),
        (
            "on the 15th of every month at 9am except Sundays",
            "15 Apr, 15 May, 15 Jun, 15 Jul, 15 Aug",
        ),
        (
            "on the 1st of the month at 9am, not in January or May",
            "1 Apr, 1 Jun, 1 Jul, 1 Aug, 1 Sep",
        ),
        ("every other Friday at 9am except March 20", "6 Mar, 3 Apr, 17 Apr, 1 May, 15 May"),
        ("every Friday at 9am unless it's the 13th", "6 Mar, 20 Mar, 27 Mar, 3 Apr, 10 Apr"),
    ],
)  # fmt: skip
def test_exceptions_go_with_every_rule(said: str, expected: str) -> None:
    """Strides and counted days leave out days as plain ones do."""
    assert days(f"check the disks {said}") == expected


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("every day at 9am, skip holidays", "holidays"),
        ("weekdays at 9am except bank holidays", "holidays"),
        ("every weekday at 9am but not on public holidays", "holidays"),
        ("every day at 9am except the last Friday of the month", "which_days"),
        ("every Monday at 9am except Mondays", "no_days"),
        ("tomorrow at 9am except Fridays", "left_over"),
    ],
)
def test_exceptions_that_are_unknown_are_asked(said: str, reason: str) -> None:
    """Holidays, counted days and exceptions that leave nothing raise a question."""
    assert asked(f"check the disks {said}") == reason


@pytest.mark.parametrize(
    ("said", "left_out"),
    [
        ("skip holidays for T-5", True),
        ("T-5: not on public holidays", True),
        ("don't run T-5 on bank holidays", True),
        ("T-5 should not run on holidays", True),
        ("run T-5 on holidays too", False),
        ("T-5: include holidays again", False),
        ("stop skipping holidays for T-5", False),
    ],
)
def test_holidays_of_a_task_there_is(said: str, left_out: bool) -> None:
    """Whether a task runs on the workspace's holidays is changed in words."""
    intent = read(said, now=NOW, zone=ZONE, agents=frozenset()).intent

    assert isinstance(intent, EditTask)
    assert intent.ref.number == 5
    schedule = intent.changes.schedule
    out = schedule is not None and schedule.exceptions == Exceptions(holidays=())
    assert (intent.changes.skip_holidays is left_out) or (left_out and out)


@pytest.mark.parametrize(
    "said",
    [
        "except the 2nd and 4th Saturday",
        "but not the second and fourth saturday",
        "except the 2nd and 4th",
    ],
)
def test_counted_days_of_a_weekday(said: str) -> None:
    """Saturdays without two of the month's are the other three."""
    schedule = task(f"check the disks every Saturday at 8am {said}").schedule

    assert schedule is not None
    saturday, at = Weekday.SATURDAY, (time(8),)
    others = ((1, saturday), (3, saturday), (5, saturday))
    assert schedule.rule == NthWeekday(nths=others, times=at)


@pytest.mark.parametrize("said", ["except the last Friday", "except the 2nd Monday"])
def test_counted_days_that_are_not_said_are_asked(said: str) -> None:
    """What no rule can leave out is a question."""
    assert asked(f"check the disks every Friday at 8am {said}") == "which_days"
