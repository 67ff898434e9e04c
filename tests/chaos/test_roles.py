"""Several processes on one Postgres: each does its part, and SQLite is kept to one."""

from __future__ import annotations

import pytest

from storage.records import RunStatus
from tests.chaos.test_killed import all_sent, due_now
from tests.journeys.books import attempts_of, plant_all
from tests.journeys.driver import BOT, House
from tests.journeys.persona import Persona, saying


async def test_each_role_does_its_part(house: House, maya: Persona, postgres_url: str) -> None:
    """One process hears and posts, one fires, one works; together they do the main job."""
    house.settings["CHATCRON_DATABASE_URL"] = postgres_url
    [task] = await plant_all(postgres_url, [due_now()])
    bot, worker, scheduler = (
        house.run((*BOT, "--role", it)) for it in ("bot", "worker", "scheduler")
    )

    run = await all_sent(maya, postgres_url)
    asked = await maya.say("@Chatcron tony look at the indexes every day at 4 AM")
    await maya.see(saying("is on", "T-2"), thread_ts=asked)

    assert (run.status, run.scheduled_for) == (RunStatus.SUCCEEDED, task.next_run_at)
    [attempt] = await attempts_of(postgres_url, run)
    assert attempt.worker.endswith(f":{worker.pid}")
    assert [each.end() for each in (bot, scheduler, worker)] == [0, 0, 0]


@pytest.mark.parametrize("role", ["bot", "scheduler", "worker"])
def test_a_file_has_one_process_for_all(house: House, role: str) -> None:
    """A role of its own is refused on SQLite, with what to set instead."""
    refused = house.run((*BOT, "--role", role), is_up=False)

    assert refused.wait() == 2
    assert f"--role {role} shares a Postgres with other processes" in refused.output
    assert "postgresql://" in refused.output
