"""The workspace's holidays as they are shown."""

from __future__ import annotations

from datetime import date, timedelta

from bot.blocks.holidays import SHOWN, coming
from bot.blocks.limits import check_message
from scheduler.holiday_files import Holiday
from scheduler.holidays import Observed

TODAY = date(2026, 12, 24)


def shown(found: Observed) -> str:
    """Give what is shown as one text, and check that Slack takes it."""
    message = coming(found, TODAY)
    assert check_message(message.arguments()) == []
    return str(message.blocks)


def test_what_is_over_is_not_listed() -> None:
    """The days to come, how far the list goes, and who leaves them out."""
    days = (date(2026, 11, 1), TODAY, date(2027, 1, 1))
    said = shown(Observed(holidays=tuple(Holiday(day=day, name="<b>") for day in days), tasks=1))
    assert "1 Nov 2026" not in said
    assert "• Thu 24 Dec 2026  &lt;b&gt;" in said
    assert "The list ends on Fri 1 Jan 2027. 1 task leaves these days out" in said


def test_a_list_that_is_over_says_so() -> None:
    """Nobody takes silence for a year without holidays."""
    found = Observed(holidays=(Holiday(day=TODAY - timedelta(days=1)),), tasks=2)
    assert "The list is over. 2 tasks leave these days out" in shown(found)


def test_a_long_list_is_counted() -> None:
    """A message holds so many and counts the others."""
    days = tuple(Holiday(day=TODAY + timedelta(days=n), name="n" * 80) for n in range(40))
    assert f"and {40 - SHOWN} more" in shown(Observed(holidays=days))


def test_no_list_says_how_to_give_one() -> None:
    """What an admin types is said."""
    assert "chatcron holidays import FILE" in shown(Observed(holidays=()))
