"""What comes back: strides, counted days, quarters, years, windows and several times a day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from itertools import islice, product

import pytest

from tests.bot.intent.runs import NOW, asked, days, task, times

STRIDES = [
    ("every other day at 9am", "6 Mar, 8 Mar, 10 Mar, 12 Mar, 14 Mar"),
    ("every second day at 9am", "6 Mar, 8 Mar, 10 Mar, 12 Mar, 14 Mar"),
    ("every 3rd day at 08:00", "6 Mar, 9 Mar, 12 Mar, 15 Mar, 18 Mar"),
    ("on alternate days at 11:00", "5 Mar, 7 Mar, 9 Mar, 11 Mar, 13 Mar"),
    ("every 10 days at 9am", "6 Mar, 16 Mar, 26 Mar, 5 Apr, 15 Apr"),
    ("every other week on Tuesday at 9am", "10 Mar, 24 Mar, 7 Apr, 21 Apr, 5 May"),
    ("fortnightly on Mondays at 8:30", "9 Mar, 23 Mar, 6 Apr, 20 Apr, 4 May"),
    ("every 2 weeks on Tue and Thu at 9am", "10 Mar, 12 Mar, 24 Mar, 26 Mar, 7 Apr"),
    ("every 2 weeks on Tue and Thu at 11am", "5 Mar, 17 Mar, 19 Mar, 31 Mar, 2 Apr"),
    ("every other Friday at 3:30pm", "6 Mar, 20 Mar, 3 Apr, 17 Apr, 1 May"),
    ("on alternate Fridays at 3:30pm", "6 Mar, 20 Mar, 3 Apr, 17 Apr, 1 May"),
    ("every other friday at 9am starting next week", "13 Mar, 27 Mar, 10 Apr, 24 Apr, 8 May"),
    ("every third Wednesday at 10am", "11 Mar, 1 Apr, 22 Apr, 13 May, 3 Jun"),
    ("every other month on the 1st at 9am", "1 Apr, 1 Jun, 1 Aug, 1 Oct, 1 Dec"),
    ("every 2 months on the 15th at 9am", "15 Mar, 15 May, 15 Jul, 15 Sep, 15 Nov"),
    ("every 6 months on the 1st at 9am", "1 Apr, 1 Oct, 1 Apr, 1 Oct, 1 Apr"),
    ("on the first Monday of every other month at 9am", "4 May, 6 Jul, 7 Sep, 2 Nov, 4 Jan"),
]
COUNTED = [
    ("on the 2nd Tuesday of the month at 9am", "10 Mar, 14 Apr, 12 May, 9 Jun, 14 Jul"),
    ("every month on the first Monday at 9am", "6 Apr, 4 May, 1 Jun, 6 Jul, 3 Aug"),
    ("every last Friday at 9am", "27 Mar, 24 Apr, 29 May, 26 Jun, 31 Jul"),
    ("the third Wednesday of every month at 10am", "18 Mar, 15 Apr, 20 May, 17 Jun, 15 Jul"),
    ("1st and 3rd Monday of each month at 9am", "16 Mar, 6 Apr, 20 Apr, 4 May, 18 May"),
    ("first Monday and third Friday of the month at 9am", "20 Mar, 6 Apr, 17 Apr, 4 May, 15 May"),
    ("on the penultimate Friday of the month at 9am", "20 Mar, 17 Apr, 22 May, 19 Jun, 24 Jul"),
    ("on the second-to-last Friday of each month at 9am", "20 Mar, 17 Apr, 22 May, 19 Jun, 24 Jul"),
    ("last business day of the month at 9am", "31 Mar, 30 Apr, 29 May, 30 Jun, 31 Jul"),
    ("on the 2nd working day of every month at 9am", "2 Apr, 4 May, 2 Jun, 2 Jul, 4 Aug"),
    ("third-to-last business day of the month at 9am", "27 Mar, 28 Apr, 27 May, 26 Jun, 29 Jul"),
    ("first 2 business days of the month at 9am", "1 Apr, 2 Apr, 1 May, 4 May, 1 Jun"),
    ("second-to-last day of the month at 9am", "30 Mar, 29 Apr, 30 May, 29 Jun, 30 Jul"),
    ("last 2 days of the month at 9am", "30 Mar, 31 Mar, 29 Apr, 30 Apr, 30 May"),
    ("on the 15th and last day of the month at 9am", "15 Mar, 31 Mar, 15 Apr, 30 Apr, 15 May"),
    ("at the end of every month at 9am", "31 Mar, 30 Apr, 31 May, 30 Jun, 31 Jul"),
    ("end of every quarter at 9am", "31 Mar, 30 Jun, 30 Sep, 31 Dec, 31 Mar"),
    ("monthly on the 3rd at 9am", "3 Apr, 3 May, 3 Jun, 3 Jul, 3 Aug"),
    ("every quarter on the 15th at 9am", "15 Apr, 15 Jul, 15 Oct, 15 Jan, 15 Apr"),
    (
        "on the 15th of the first month of the quarter at 9am",
        "15 Apr, 15 Jul, 15 Oct, 15 Jan, 15 Apr",
    ),
    ("last day of the quarter at 9am", "31 Mar, 30 Jun, 30 Sep, 31 Dec, 31 Mar"),
    ("first Monday of the quarter at 9am", "6 Apr, 6 Jul, 5 Oct, 4 Jan, 5 Apr"),
    ("last Friday of each quarter at 9am", "27 Mar, 26 Jun, 25 Sep, 25 Dec, 26 Mar"),
    ("every last Friday of March at 9am", "27 Mar, 26 Mar, 31 Mar, 30 Mar, 29 Mar"),
    ("last day of the year at 9am", "31 Dec, 31 Dec, 31 Dec, 31 Dec, 31 Dec"),
    ("every year on March 3 at 9am", "3 Mar, 3 Mar, 3 Mar, 3 Mar, 3 Mar"),
    ("annually on June 1 at 9am", "1 Jun, 1 Jun, 1 Jun, 1 Jun, 1 Jun"),
    ("on Jan 1 and July 1 every year at 9am", "1 Jul, 1 Jan, 1 Jul, 1 Jan, 1 Jul"),
    ("twice a year on Jan 1 and July 1 at 9am", "1 Jul, 1 Jan, 1 Jul, 1 Jan, 1 Jul"),
    ("every January and July on the 1st at 9am", "1 Jul, 1 Jan, 1 Jul, 1 Jan, 1 Jul"),
    ("twice a week on Mon and Thu at 11am", "5 Mar, 9 Mar, 12 Mar, 16 Mar, 19 Mar"),
]
OFTEN = [
    ("at 9:15 and 17:45 on weekdays", "5 17:45, 6 09:15, 6 17:45, 9 09:15, 9 17:45"),
    ("9am, 1pm and 6pm on weekdays", "5 13:00, 5 18:00, 6 09:00, 6 13:00, 6 18:00"),
    ("on Mondays and Thursdays at 9:00 and 17:00", "5 17:00, 9 09:00, 9 17:00, 12 09:00, 12 17:00"),
    (
        "on the first business day of the month at 9:15 and 17:45",
        "1 09:15, 1 17:45, 1 09:15, 1 17:45, 1 09:15",
    ),
    ("three times a day, 7:00, 15:00, 23:00", "5 15:00, 5 23:00, 6 07:00, 6 15:00, 6 23:00"),
    (
        "every 20 minutes between 9 and 6 on weekdays",
        "5 10:20, 5 10:40, 5 11:00, 5 11:20, 5 11:40",
    ),
    ("hourly from 8 to 18", "5 11:00, 5 12:00, 5 13:00, 5 14:00, 5 15:00"),
    ("every 3 hours from 8am to 6pm", "5 11:00, 5 14:00, 5 17:00, 6 08:00, 6 11:00"),
    (
        "every 30 minutes starting at 9am until 11am on weekdays",
        "5 10:30, 5 11:00, 6 09:00, 6 09:30, 6 10:00",
    ),
    (
        "every hour from 9:00 to 11:00 and from 14:00 to 15:00",
        "5 11:00, 5 14:00, 5 15:00, 6 09:00, 6 10:00",
    ),
    ("every 2 hours on weekdays", "5 12:00, 5 14:00, 5 16:00, 5 18:00, 5 20:00"),
    ("every 90 minutes on weekdays", "5 11:47, 5 13:17, 5 14:47, 5 16:17, 5 17:47"),
    ("every other hour", "5 12:00, 5 14:00, 5 16:00, 5 18:00, 5 20:00"),
    ("every hour starting at 2pm", "5 14:00, 5 15:00, 5 16:00, 5 17:00, 5 18:00"),
    ("every 45 min starting tomorrow at 8:00", "6 08:00, 6 08:45, 6 09:30, 6 10:15, 6 11:00"),
    ("every hour tomorrow", "6 00:00, 6 01:00, 6 02:00, 6 03:00, 6 04:00"),
    (
        "every 6 hours on the last day of the month",
        "31 00:00, 31 06:00, 31 12:00, 31 18:00, 30 00:00",
    ),
]


@pytest.mark.parametrize(("said", "expected"), [*STRIDES, *COUNTED])
def test_a_phrase_falls_on_its_days(said: str, expected: str) -> None:
    """The next five days are those that the phrase names, wherever it stands."""
    assert days(f"check the disks {said}") == expected
    assert days(f"{said} check the disks") == expected
    assert days(f"check the disks, {said}") == expected


@pytest.mark.parametrize(("said", "expected"), OFTEN)
def test_a_phrase_falls_on_its_times(said: str, expected: str) -> None:
    """The next five runs are those that the phrase names, before the work and after it."""
    assert times(f"check the disks {said}") == expected
    assert times(f"{said} check the disks") == expected


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    """From ten to two on Fridays ends on Saturday morning, and Thursday night has none."""
    said = "check the disks every 2 hours from 10pm to 2am on fridays"

    assert times(said, 4) == "6 22:00, 7 00:00, 7 02:00, 13 22:00"


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        ("biweekly on Mondays at 9am", ("pace",)),
        ("every 2 weeks at 9am", ("day",)),
        ("every other day", ("time",)),
        ("semi-monthly at 9am", ("day",)),
        ("every 3 months", ("day", "time")),
        ("on the last Friday of March at 9am", ("date",)),
        ("every morning and every evening", ("time",)),
        ("every other Friday at 4pm", ()),
    ],
)
def test_what_was_not_said_is_named(said: str, slots: tuple[str, ...]) -> None:
    """Each slot that had to be assumed is named, and no other."""
    assert task(f"schedule a task to check the disks {said}").assumed == slots


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("bi-monthly", "which_days"),
        ("every other weekday at 9am", "which_days"),
        ("on the third Wednesday at 9am", "which_days"),
        ("twice a week at 9am", "which_days"),
        ("twice a week on Mon, Wed and Fri at 9am", "which_days"),
        ("twice a day", "which_times"),
        ("every 5 months on the 1st at 9am", "which_months"),
        ("every 2 hours at 9am", "two_schedules"),
        ("every day on the first Monday of the month at 9am", "two_schedules"),
        ("monthly on Mondays at 9am", "two_schedules"),
        ("every Monday at 9am on the 1st of every month", "two_times"),
        ("every 30 seconds", "bad_interval"),
        ("every 50 seconds between 9am and 5pm", "bad_interval"),
    ],
)
def test_what_cannot_be_meant_is_asked(said: str, reason: str) -> None:
    """A phrase with two meanings, or with none, raises one question and no task."""
    assert asked(f"schedule a task to check the disks {said}") == reason


CLOCKS = [("9am", 9, 0), ("at 09:00", 9, 0), ("at 5:30 pm", 17, 30), ("@ 17h30", 17, 30)]
WEEKS = [
    ("every {day}", 1),
    ("on {day}s", 1),
    ("each {day}", 1),
    ("every other {day}", 2),
    ("every second {day}", 2),
    ("on alternate {day}s", 2),
    ("every 2 weeks on {day}", 2),
    ("every third {day}", 3),
    ("evry 4 weeks on {day}", 4),
]
NAMES = [("Monday", 0), ("tue", 1), ("WEDNESDAY", 2), ("Friday", 4), ("sunday", 6)]
MONTHLY: list[tuple[str, Callable[[date], bool]]] = [
    ("on the 15th of {month}", lambda day: day.day == 15),
    ("on the last day of {month}", lambda day: day.day == length(day)),
    ("on the 1st and 10th of {month}", lambda day: day.day in (1, 10)),
    ("on the second-to-last day of {month}", lambda day: day.day == length(day) - 1),
    ("on the 2nd Tuesday of {month}", lambda day: day.weekday() == 1 and 8 <= day.day <= 14),
    ("last friday of {month}", lambda day: day.weekday() == 4 and length(day) - day.day < 7),
    ("the first and third Monday of {month}", lambda day: day.weekday() == 0
     and day.day in (*range(1, 8), *range(15, 22))),
]  # fmt: skip
ORDERS = [
    "check the disks {when} {at}",
    "{at} {when} check the disks",
    "{when}, {at}: check the disks",
]


def length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def falls(wanted: Callable[[date], bool], hour: int, minute: int) -> str:
    """Walk day by day to the next five that are wanted and still ahead."""
    today = NOW.date()
    ahead = (hour, minute) > (NOW.hour, NOW.minute)
    walked = (today + timedelta(days=step) for step in range(0 if ahead else 1, 1200))
    found = islice((day for day in walked if wanted(day)), 5)
    return ", ".join(f"{day.day} {day:%b} {hour:02d}:{minute:02d}" for day in found)


def due(text: str) -> str:
    on, at = days(text).split(", "), times(text).split(", ")
    return ", ".join(f"{day} {one.split()[1]}" for day, one in zip(on, at, strict=True))


@pytest.mark.parametrize(("when", "step"), WEEKS)
def test_weekly_phrases_agree_with_a_walk_through_the_days(when: str, step: int) -> None:
    """Each wording, weekday, time and order falls on the days that counting weeks gives."""
    for (name, weekday), (at, hour, minute), order in product(NAMES, CLOCKS, ORDERS):
        if name == "tue" and "{day}s" in when:
            continue
        ahead = (weekday - NOW.weekday()) % 7
        if ahead == 0 and (hour, minute) <= (NOW.hour, NOW.minute):
            ahead = 7
        first = NOW.date() + timedelta(days=ahead)
        text = order.format(when=when.format(day=name), at=at)
        found = [first + timedelta(weeks=step * turn) for turn in range(5)]
        expected = ", ".join(f"{day.day} {day:%b} {hour:02d}:{minute:02d}" for day in found)

        assert due(text) == expected, text


@pytest.mark.parametrize(("when", "wanted"), MONTHLY)
def test_monthly_phrases_agree_with_a_walk_through_the_days(
    when: str, wanted: Callable[[date], bool]
) -> None:
    """Each wording, time and order falls on the days of the month that a plain loop finds."""
    names = ("the month", "each month", "every month")
    for (at, hour, minute), order, name in product(CLOCKS, ORDERS, names):
        text = order.format(when=when.format(month=name), at=at)

        assert due(text) == falls(wanted, hour, minute), text
