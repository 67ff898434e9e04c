"""From when, until when and how often in all, in every place of the sentence."""

from __future__ import annotations

import pytest

from tests.bot.intent.runs import asked, days, times

BOUNDS = [
    ("until March 8", "6 Mar, 7 Mar, 8 Mar"),
    ("till the 8th of March", "6 Mar, 7 Mar, 8 Mar"),
    ("until Sunday", "6 Mar, 7 Mar, 8 Mar"),
    ("through Sunday", "6 Mar, 7 Mar, 8 Mar"),
    ("until the end of the week", "6 Mar, 7 Mar, 8 Mar"),
    ("for the rest of the week", "6 Mar, 7 Mar, 8 Mar"),
    ("before March 9", "6 Mar, 7 Mar, 8 Mar"),
    ("ending on 2026-03-08", "6 Mar, 7 Mar, 8 Mar"),
    ("for 3 days", "6 Mar, 7 Mar, 8 Mar"),
    ("for the next 3 days", "6 Mar, 7 Mar, 8 Mar"),
    ("3 times", "6 Mar, 7 Mar, 8 Mar"),
    ("for 3 runs", "6 Mar, 7 Mar, 8 Mar"),
    ("at most three times", "6 Mar, 7 Mar, 8 Mar"),
    ("starting Monday until Wednesday", "9 Mar, 10 Mar, 11 Mar"),
    ("starting Monday for 3 days", "9 Mar, 10 Mar, 11 Mar"),
    ("from March 10 to March 12", "10 Mar, 11 Mar, 12 Mar"),
    ("between March 10 and March 12", "10 Mar, 11 Mar, 12 Mar"),
    ("beginning tomorrow, 2 times", "6 Mar, 7 Mar"),
    ("from next week until 2026-03-10", "9 Mar, 10 Mar"),
    ("next week", "9 Mar, 10 Mar, 11 Mar, 12 Mar, 13 Mar, 14 Mar, 15 Mar"),
    ("starting April 30 through May 1", "30 Apr, 1 May"),
]


@pytest.mark.parametrize(("said", "expected"), BOUNDS)
def test_a_bound_counts_wherever_it_stands(said: str, expected: str) -> None:
    """The runs are those within the bounds, in any order of the sentence."""
    for text in (
        f"check the disks every day at 9am {said}",
        f"check the disks at 9am every day {said}",
        f"{said} check the disks every day at 9am",
        f"every day at 9am, {said}, check the disks",
        f"check the disks daily {said} at 9:00",
    ):
        assert days(text, 9) == expected, text


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("every 30 minutes for the next 2 hours", "5 10:30, 5 11:00, 5 11:30, 5 12:00"),
        ("every hour until 1pm", "5 11:00, 5 12:00, 5 13:00"),
        ("until 1pm every hour", "5 11:00, 5 12:00, 5 13:00"),
        ("every hour starting at 8pm until 10pm", "5 20:00, 5 21:00, 5 22:00"),
        ("every 12 hours until Friday at 5pm", "5 12:00, 6 00:00, 6 12:00"),
        ("every 12 hours until 5pm tomorrow", "5 12:00, 6 00:00, 6 12:00"),
        ("every 6 hours starting tomorrow at 6:00, 3 times", "6 06:00, 6 12:00, 6 18:00"),
        ("every Monday at 9am for 3 weeks", "9 09:00, 16 09:00, 23 09:00"),
        ("weekdays at 9am for 5 days", "6 09:00, 9 09:00, 10 09:00"),
        ("every other day at 9am for a week", "6 09:00, 8 09:00, 10 09:00, 12 09:00"),
        ("every hour on the hour for the next 3 hours", "5 11:00, 5 12:00, 5 13:00"),
    ],
)
def test_the_last_run_is_the_one_before_the_end(said: str, expected: str) -> None:
    """All runs there will ever be, ends at a time of day included."""
    assert times(f"check the disks {said}", 9) == expected


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("every 15 minutes until 9am", "past"),
        ("every 15 minutes until 5pm on weekdays", "no_interval"),
        ("tomorrow at 9am until March 31", "left_over"),
        ("until March 31", "left_over"),
        ("every day at 9am until Feb 30", "bad_day"),
    ],
)
def test_a_bound_that_bounds_nothing_is_asked(said: str, reason: str) -> None:
    """An end that has passed, or that ends nothing, raises a question."""
    assert asked(f"schedule a task to check the disks {said}") == reason
