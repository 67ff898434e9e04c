"""The common crons in every zone for two years: each day once, and the oracle's runs.

`make zones` compares each pair of all zones; here each kind of clock has a third of the crons.
"""

from __future__ import annotations

import pytest

from tests import zones


def test_zones_of_one_kind_show_the_same_clock() -> None:
    """What stands for all zones leaves none of the odd ones out."""
    assert 40 <= len(zones.kinds()) < len(zones.ZONES)
    assert {"America/Godthab", "Africa/Casablanca", "Australia/LHI"} <= set(zones.kinds())


@pytest.mark.parametrize("expression", zones.DAILY)
def test_a_daily_cron_runs_once_each_local_day(expression: str) -> None:
    """Whatever the clocks of a zone do, no day goes without its run and none has two."""
    wrong = {zone: days for zone in zones.kinds() if (days := zones.wrong_days(expression, zone))}
    assert wrong == {}


def test_the_oracle_differs_only_where_it_is_known_to_err() -> None:
    """Each difference stands in the list with its reason, and those are our runs it lost."""
    pairs = {
        (zone, zones.COMMON[n % 3 + k]) for n, zone in enumerate(zones.kinds()) for k in (0, 3, 6)
    }
    pairs |= {pair for pair in zones.KNOWN if pair[0] in zones.kinds()}
    found = list(zones.differences(sorted(pairs)))
    assert {(each.zone, each.expression) for each in found} == zones.KNOWN.keys() & pairs
    assert all(each.ours and not each.theirs for each in found)
