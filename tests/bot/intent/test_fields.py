"""Single values of a form: each read as people write it, or refused with what would do."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from bot.intent.fields import read_length, read_number, read_when, read_zone_name
from scheduler.errors import Refused


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("berlin time", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("PST", "America/Los_Angeles"),
        ("New York", "America/New_York"),
        ("utc", "UTC"),
        ("UTC+2", "Etc/GMT-2"),
    ],
)
def test_a_zone_is_a_city_an_abbreviation_or_a_name(words: str, zone: str) -> None:
    """Each of them stands for its region."""
    assert read_zone_name(words) == zone


@pytest.mark.parametrize(
    ("words", "seconds"), [("30 min", 1800), ("2 h", 7200), ("1 h 30 min", 5400), ("90s", 90)]
)
def test_a_length_has_a_unit(words: str, seconds: int) -> None:
    """A length is read in its units, in seconds."""
    assert read_length(words) == seconds


def test_a_time_is_read_as_a_change(now: datetime) -> None:
    """A time of day alone changes the time and nothing else."""
    change = read_when("8:30", now=now, zone="UTC")

    assert (change.times, change.weekdays, change.rule) == ((time(8, 30),), (), None)


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (read_zone_name, "Atlantis"),
        (read_zone_name, "Berlin and Paris"),
        (read_length, "10"),
        (read_length, "soon"),
        (read_length, "10 minutes or less"),
        (read_number, "two"),
        (read_number, "-1"),
    ],
)
def test_what_cannot_be_read_says_what_would_do(read, words: str) -> None:  # type: ignore[no-untyped-def]
    """A value that is none of its kind is refused with an example."""
    with pytest.raises(Refused) as refused:
        read(words)

    assert refused.value.fix


def test_no_time_is_refused(now: datetime) -> None:
    """Words without a time change nothing."""
    with pytest.raises(Refused, match="can't read that as a time"):
        read_when("banana", now=now, zone="UTC")


@pytest.mark.parametrize("name", ["localtime", "Factory", "factory"])
def test_what_only_a_machine_calls_a_zone_is_none(name: str) -> None:
    """A zone means the same everywhere."""
    with pytest.raises(Refused, match="no time zone"):
        read_zone_name(name)
