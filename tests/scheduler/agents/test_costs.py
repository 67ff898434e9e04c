"""The rules about days and anomalies, over many series."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.agents.costs import HISTORY_LEAST, is_unusual, newest_complete, robust_z
from scheduler.agents.money import change, money, named_services, short

AS_OF = datetime(2026, 3, 10, 7, tzinfo=UTC)
amounts = st.floats(min_value=0, max_value=1e6)
histories = st.lists(amounts, min_size=HISTORY_LEAST, max_size=30)
days = st.sets(st.dates(date(2026, 2, 1), date(2026, 3, 10)), max_size=20)


@given(days)
def test_a_complete_day_is_followed_or_over(present: set[date]) -> None:
    """The newest complete day has data, and nothing newer is complete."""
    found = newest_complete(present, AS_OF)
    followed = sorted(present)[:-1]
    over = [day for day in present if day <= date(2026, 3, 8)]
    assert found == max([*followed, *over], default=None)


@pytest.mark.parametrize(
    ("hour", "expected"), [(0, date(2026, 3, 7)), (23, date(2026, 3, 7)), (24, date(2026, 3, 8))]
)
def test_a_last_day_is_complete_when_it_is_over_by_a_day(hour: int, expected: date) -> None:
    """The newest data of all waits for 24 hours after its day's end."""
    as_of = datetime(2026, 3, 9, tzinfo=UTC) + timedelta(hours=hour)
    assert newest_complete({date(2026, 3, 7), date(2026, 3, 8)}, as_of) == expected


@given(st.floats(min_value=-0.99, max_value=0.99), histories)
def test_small_money_is_never_unusual(away: float, history: list[float]) -> None:
    """Whatever the score, less than one unit of money from the median is no anomaly."""
    assert not is_unusual(median(history) + away, history)


@given(st.floats(min_value=10, max_value=1e6), st.integers(7, 30))
def test_a_leap_from_a_flat_history_is_unusual(usual: float, length: int) -> None:
    """A history that never moved (a MAD of zero) does not hide a doubling."""
    assert is_unusual(2 * usual, [usual] * length)
    assert not is_unusual(usual, [usual] * length)


def test_a_short_history_calls_nothing_unusual() -> None:
    """Six days are too few to know what is usual."""
    assert not is_unusual(1000.0, [1.0] * (HISTORY_LEAST - 1))


def test_the_score_is_the_published_one() -> None:
    """0.6745 (x - median) / MAD, worked out by hand."""
    assert robust_z(20, [8, 9, 10, 11, 12]) == pytest.approx(6.745)


def test_one_outlier_in_the_history_does_not_hide_the_next() -> None:
    """Half of the history equal (MAD zero) falls back to the mean deviation."""
    assert is_unusual(100.0, [10.0] * 6 + [12.0])


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("4212.4", "USD", "$4,212"),
        ("99.5", "EUR", "€99.50"),
        ("-18.5", "GBP", "-£18.50"),
        ("1234", "JPY", "JPY 1,234"),
    ],
)
def test_money_has_its_unit(amount: str, currency: str, text: str) -> None:
    """Small amounts have cents, large ones do not, all have their currency."""
    assert money(Decimal(amount), currency) == text


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        ("109", "100", "up 9 %"),
        ("90", "100", "down 10 %"),
        ("100.1", "100", "unchanged"),
        ("5", "0", "+$5.00 on the day before"),
    ],
)
def test_a_change_is_told_in_per_cent_where_there_is_one(now: str, before: str, text: str) -> None:
    """From nothing there is no per cent, only money."""
    assert change(Decimal(now), Decimal(before), "USD") == text


def test_services_have_short_names() -> None:
    """EC2 is EC2 by its long name too, and is found in a prompt by it."""
    services = ["Amazon Elastic Compute Cloud", "AWS Lambda"]
    assert [short(service) for service in services] == ["EC2", "Lambda"]
    assert named_services("analyze EC2 utilization", services) == (services[0],)
    assert named_services("the ec2000 report", services) == ()
    assert named_services("lambda and ec2", services) == tuple(services)
