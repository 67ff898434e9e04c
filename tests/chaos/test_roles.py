"""Several processes on one Postgres: each does its part, and SQLite is kept to one."""

from __future__ import annotations

import os
import signal
from dataclasses import replace

import pytest

from storage.database import Database
from storage.records import Run, RunStatus
from storage.store import Store
from tests.chaos.test_killed import due_now
from tests.journeys.books import attempts_of, deliveries_of, ledger, plant_all
from tests.journeys.driver import BOT, House, Program
from tests.journeys.persona import Persona, saying
from tests.plants import plant

ROLES = ("bot", "scheduler", "worker")


def hire(house: House, role: str) -> Program:
    """Start a process of a role, and wait until it is up."""
    return house.run((*BOT, "--role", role))


async def fall_due(url: str, number: int) -> None:
    """Store one more task that is due now."""
    async with Database(url) as database:
        await plant(Store(database), replace(due_now(), name=f"Check {number}"))


async def all_told(maya: Persona, url: str, count: int) -> list[Run]:
    """Wait until so many runs have ended and everything owed for them was sent."""

    async def settled() -> list[Run] | None:
        runs = await ledger(url)
        owed = [each for run in runs for each in await deliveries_of(url, run)]
        is_over = len(runs) == count and all(run.finished_at is not None for run in runs)
        return runs if is_over and owed and all(each.sent_at for each in owed) else None

    return await maya.until(settled, within=60)


async def test_a_rolling_restart_of_all_roles_loses_and_doubles_nothing(
    house: House, maya: Persona, postgres_url: str
) -> None:
    """Each role does its part; as each is replaced, all that is said and due is done once."""
    house.settings["CHATCRON_DATABASE_URL"] = postgres_url
    await plant_all(postgres_url, [due_now()])
    old = {role: hire(house, role) for role in ROLES}
    asked = []
    for number, role in enumerate(ROLES, 2):
        new = hire(house, role)
        await fall_due(postgres_url, number)
        asked.append(await maya.say(f"@Chatcron tony check index {number} every day at 3 AM"))
        os.kill(old[role].pid, signal.SIGTERM)
        assert old[role].wait() == 0

    runs = await all_told(maya, postgres_url, 4)

    assert {(run.status, run.attempt) for run in runs} == {(RunStatus.SUCCEEDED, 1)}
    for run in runs:
        assert len(await maya.find(saying(f"T-{run.task_id} · R-{run.id}"))) == 1
    for ts in asked:
        await maya.see(saying("is on"), thread_ts=ts)
        assert len(await maya.find(saying("is on"), thread_ts=ts)) == 1
    [first] = [each for run in runs[:1] for each in await attempts_of(postgres_url, run)]
    assert first.worker.endswith(f":{old['worker'].pid}")
    assert new.end() == 0


@pytest.mark.parametrize("role", ROLES)
def test_a_file_has_one_process_for_all(house: House, role: str) -> None:
    """A role of its own is refused on SQLite, with what to set instead."""
    refused = house.run((*BOT, "--role", role), is_up=False)

    assert refused.wait() == 2
    assert f"--role {role} shares a Postgres with other processes" in refused.output
    assert "postgresql://" in refused.output
