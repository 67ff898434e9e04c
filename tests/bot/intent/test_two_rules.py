"""Two and more rules in one sentence, each with its own days and times."""

from __future__ import annotations

from itertools import product

import pytest

from tests.bot.intent.runs import asked, task, times

RULES = [
    ("Mondays at 9:00 and Fridays at 16:00", "6 16:00, 9 09:00, 13 16:00, 16 09:00, 20 16:00"),
    ("on Mondays at 9am and on Fridays at 4pm", "6 16:00, 9 09:00, 13 16:00, 16 09:00, 20 16:00"),
    ("Tue 9am + Fri 4pm", "6 16:00, 10 09:00, 13 16:00, 17 09:00, 20 16:00"),
    ("Tue 9am, Fri 4pm", "6 16:00, 10 09:00, 13 16:00, 17 09:00, 20 16:00"),
    ("at 9am on Tuesdays and at 4pm on Fridays", "6 16:00, 10 09:00, 13 16:00, 17 09:00, 20 16:00"),
    ("weekdays at 8:00 and weekends at 10:00", "6 08:00, 7 10:00, 8 10:00, 9 08:00, 10 08:00"),
    (
        "every day at 9:00 and also on the 6th at 6:00",
        "6 06:00, 6 09:00, 7 09:00, 8 09:00, 9 09:00",
    ),
    (
        "every Monday at 9:00 and the first business day of the month at 7:00",
        "9 09:00, 16 09:00, 23 09:00, 30 09:00, 1 07:00",
    ),
    ("every morning at 8 and every evening at 6", "5 18:00, 6 08:00, 6 18:00, 7 08:00, 7 18:00"),
    ("Mon 9am, Wed 10am and Fri 4pm", "6 16:00, 9 09:00, 11 10:00, 13 16:00, 16 09:00"),
    (
        "every Monday and on the 10th of the month at 9:00",
        "9 09:00, 10 09:00, 16 09:00, 23 09:00, 30 09:00",
    ),
    (
        "every hour from 9:00 to 10:00 on weekdays and every 2 hours from 10 to 12 on weekends",
        "6 09:00, 6 10:00, 7 10:00, 7 12:00, 8 10:00",
    ),
    (
        "every other Friday at 9:00 and every Monday at 10:00",
        "6 09:00, 9 10:00, 16 10:00, 20 09:00, 23 10:00",
    ),
    ("tomorrow at 9:00 and Saturday at 16:00", "6 09:00, 7 16:00"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "expected"), RULES)
def test_each_rule_keeps_its_own_times(said: str, expected: str) -> None:
    """Days and times that were said together stay together, and nothing crosses."""
    assert times(f"check the disks {said}") == expected
    assert times(f"{said} check the disks") == expected


@pytest.mark.parametrize(
    ("one", "joint", "other"),
    [
        *product(
            ["mondays at 9am", "every Monday at 09:00", "Mon 9am"],
            [" and ", ", and ", " + ", " plus ", " & ", "; ", " and also "],
            ["fridays at 4pm", "every Friday at 16:00", "fri 4pm"],
        )
    ],
)
def test_any_joint_joins(one: str, joint: str, other: str) -> None:
    """Two rules are read with every joint, in every wording, in either order."""
    expected = "6 16:00, 9 09:00, 13 16:00, 16 09:00, 20 16:00"

    assert times(f"check the disks {one}{joint}{other}") == expected
    assert times(f"check the disks {other}{joint}{one}") == expected


def test_days_and_times_in_lists_are_one_rule() -> None:
    """Two days and two times make four runs a week."""
    said = "check the disks on Mondays and Thursdays at 9:00 and 17:00"

    assert times(said) == "5 17:00, 9 09:00, 9 17:00, 12 09:00, 12 17:00"


def test_a_time_that_a_day_borrows_is_assumed() -> None:
    """A last day without a time takes the one before it, and says so."""
    assert task("check the disks every Monday at 9am and on the 1st of the month").assumed == (
        "time",
    )


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("every Monday at 9am check the disks on Fridays", "two_times"),
        ("check the 9am backups every day at 10am", "two_times"),
        ("check the disks every day at 8am and every hour", "two_schedules"),
        ("check the disks every Monday on Tuesdays", "two_schedules"),
        ("check the disks every week every month at 9am", "two_schedules"),
    ],
)
def test_what_nothing_joins_is_asked(said: str, reason: str) -> None:
    """Two days or times that contradict each other raise a question."""
    assert asked(said) == reason
