"""A crew is killed -9 in the midst of bursts: nothing is lost, nothing is fired twice."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.storm import Storm, raise_storm


async def test_a_storm_loses_nothing_and_doubles_nothing(postgres_url: str, tmp_path: Path) -> None:
    """Each due moment has one row, each run was worked on and ended, and each post stands once."""
    found = await raise_storm(postgres_url, Storm(), tmp_path)

    assert found["kills"] == {"scheduler": 3, "worker": 2, "courier": 1}
    wanted = {
        "unsettled": 0,
        "rows": found["due"],
        "fired_twice": 0,
        "lost": 0,
        "not_executed": 0,
        "deliveries": found["due"],
        "not_sent": 0,
        "posted": found["due"],
        "extra_posts": 0,
        "faults": [],
    }
    assert {name: found[name] for name in wanted} == wanted
    assert found["executions"] <= found["due"] + found["attempts_lost"]
    assert set(found["codes"]) == {0}
