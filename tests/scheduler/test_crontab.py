"""What a cron expression says, field by field."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from scheduler.crontab import parse
from scheduler.errors import BadSchedule

MARCH = [date(2026, 3, 1) + timedelta(days=n) for n in range(31)]  # the 1st is a Sunday


def days_of_march(expression: str) -> list[int]:
    return [day.day for day in MARCH if parse(expression).days.include(day)]


@pytest.mark.parametrize(
    ("minute", "minutes"),
    [
        ("5", [5]),
        ("5,3,5", [3, 5]),
        ("10-12", [10, 11, 12]),
        ("*/20", [0, 20, 40]),
        ("*/45", [0, 45]),
        ("7-30/10", [7, 17, 27]),
        ("50/4", [50, 54, 58]),
        ("58-1", [0, 1, 58, 59]),
        ("59-5/2", [1, 3, 5, 59]),
        ("9-9", [9]),
        ("09-9/5", [9]),
        ("0-59", list(range(60))),
        ("?", list(range(60))),
    ],
)
def test_lists_ranges_and_steps_expand(minute: str, minutes: list[int]) -> None:
    """Every way to write numbers gives them in rising order, once each."""
    assert list(parse(f"{minute} 0 * * *").minutes) == minutes


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        ("0 0 * * 0", [1, 8, 15, 22, 29]),
        ("0 0 * * 7", [1, 8, 15, 22, 29]),
        ("0 0 * * MON", [2, 9, 16, 23, 30]),
        ("0 0 * * 5-7", [1, 6, 7, 8, 13, 14, 15, 20, 21, 22, 27, 28, 29]),
        ("0 0 * * fri-mon", [1, 2, 6, 7, 8, 9, 13, 14, 15, 16, 20, 21, 22, 23, 27, 28, 29, 30]),
        ("0 0 * * 2#2", [10]),
        ("0 0 * * sun#1,tue#2", [1, 10]),
        ("0 0 * * 2#2,thu", [5, 10, 12, 19, 26]),
        ("0 0 * * fri-fri#2", [13]),
        ("0 0 * * 5L", [27]),
        ("0 0 * * L5", [27]),
        ("0 0 L * *", [31]),
        ("0 0 2,L * *", [2, 31]),
        ("0 0 * apr *", []),
    ],
)
def test_names_numbers_and_marks_choose_days(expression: str, days: list[int]) -> None:
    """0 and 7 are Sunday, names work in any case, # counts and L is the last."""
    assert days_of_march(expression) == days


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        ("0 0 13 * 5", [6, 13, 20, 27]),
        ("0 0 1,2 * 5", [1, 2, 6, 13, 20, 27]),
        ("0 0 */10 * 0", [1]),
        ("0 0 1-7 * */7", [1]),
        ("0 0 ? * 5", [6, 13, 20, 27]),
        ("0 0 1-31 * 1", list(range(1, 32))),
    ],
)
def test_day_and_weekday_are_either_unless_one_has_a_star(expression: str, days: list[int]) -> None:
    """Two restricted day fields mean either; one that starts with a star means both."""
    assert days_of_march(expression) == days


@pytest.mark.parametrize(
    ("nickname", "expression"),
    [
        ("@hourly", "0 * * * *"),
        ("@daily", "0 0 * * *"),
        ("@Midnight", "0 0 * * *"),
        ("@weekly", "0 0 * * 0"),
        ("@monthly", "0 0 1 * *"),
        ("@yearly", "0 0 1 1 *"),
        ("@annually", "0 0 1 1 *"),
    ],
)
def test_nicknames_mean_their_expression(nickname: str, expression: str) -> None:
    """Each nickname is read as the five fields it stands for."""
    assert parse(nickname) == parse(expression)


@pytest.mark.parametrize(
    ("expression", "follows"),
    [
        ("0 9 * * *", False),
        ("*/15 9 * * *", True),
        ("0 */2 * * *", True),
        ("0-59 9 * * *", False),
        ("0 9-17 * * *", False),
    ],
)
def test_a_star_for_minute_or_hour_follows_elapsed_time(expression: str, follows: bool) -> None:
    """Only a star counts; a range that covers everything is fixed, as in Debian's cron."""
    assert parse(expression).follows_elapsed_time is follows


def test_times_are_every_hour_with_every_minute() -> None:
    """The wall times of a day come in rising order."""
    assert parse("30,0 17,9 * * *").times == (time(9), time(9, 30), time(17), time(17, 30))


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("0 9 * * 1 30", "six fields"),
        ("0 9 * *", "five fields"),
        ("", "five fields"),
        ("@reboot", "@reboot"),
        ("@fortnightly", "five fields"),
        ("R 9 * * *", "random"),
        ("r(0-30) 9 * * *", "random"),
        ("R/15 9 * * *", "random"),
        ("H 9 * * *", "random"),
        ("60 9 * * *", "minute field"),
        ("0 24 * * *", "hour field"),
        ("0 9 0 * *", "day of the month field"),
        ("0 9 32 * *", "day of the month field"),
        ("0 9 * 13 *", "month field"),
        ("0 9 * * 8", "weekday field"),
        ("0 9 * * fox", "weekday field"),
        ("0 9 * * 1#6", "weekday field"),
        ("0 9 * * #2", "weekday field"),
        ("0 9 * * 9L", "“9l” in the weekday field"),
        ("*/0 9 * * *", "minute field"),
        ("1- 9 * * *", "minute field"),
        ("*-5 9 * * *", "minute field"),
        ("1,,2 9 * * *", "minute field"),
        ("1," * 200 + "2 9 * * *", "minute field"),
        ("-1 9 * * *", "minute field"),
        ("9-9/0 9 * * *", "minute field"),
        ("0 9 LW * *", "day of the month field"),
        ("0 9 15W * *", "day of the month field"),
        ("٣ 9 * * *", "minute field"),
        ("0 9 * * ٣#2", "weekday field"),
        ("9" * 5_000 + " 9 * * *", "minute field"),
        ("*/" + "9" * 5_000 + " 9 * * *", "minute field"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_fix(expression: str, said: str) -> None:
    """The sentence names what is wrong, and a next step stands beside it."""
    with pytest.raises(BadSchedule, match=said) as refusal:
        parse(expression)
    assert refusal.value.fix


@pytest.mark.parametrize("expression", ["9" * 5_000, "9" * 5_000 + " 9 * * *", "* " * 6 * 50])
def test_a_refusal_repeats_no_more_than_a_line(expression: str) -> None:
    """What was written is quoted to sixty characters."""
    with pytest.raises(BadSchedule, match=r"“.{59}…”"):
        parse(expression)
