"""A storm: a crew on one Postgres, killed -9 in the midst of bursts, and what is left of the work.

`tests/chaos/test_storm.py` raises a short one, `make chaos` a long one.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from scheduler import shared_queue
from scheduler.now import utc_now
from storage import rows
from storage.database import Database
from storage.migrate import migrate
from storage.records import WORKSPACE
from storage.schedules import Once, Schedule
from storage.store import Store
from storage.tables import tasks
from tests.chaos.crew import BOOKS
from tests.chaos.mates import Crew
from tests.plants import make_task

LEAD = timedelta(seconds=2)
VICTIMS = ("scheduler", "worker", "courier", "scheduler", "worker", "scheduler")
BROKEN = ("A round failed", "could not be recorded")
CHANNELS = 200
"""How many channels the tasks post to."""

OUTCOME = """
SELECT
  (SELECT count(*) FROM runs) AS rows,
  (SELECT count(*) FROM (SELECT 1 FROM runs GROUP BY task_id, scheduled_for HAVING count(*) > 1) t)
    AS fired_twice,
  (SELECT count(*) FROM tasks t WHERE NOT EXISTS (SELECT 1 FROM runs r WHERE r.task_id = t.id))
    AS lost,
  (SELECT count(*) FROM runs r WHERE status <> 'succeeded'
     OR NOT EXISTS (SELECT 1 FROM executions e WHERE e.run_id = r.id)) AS not_executed,
  (SELECT count(*) FROM executions) AS executions,
  (SELECT count(*) FROM attempts WHERE outcome = 'lost') AS attempts_lost,
  (SELECT count(*) FROM attempts) AS attempts,
  (SELECT count(*) FROM deliveries) AS deliveries,
  (SELECT count(*) FROM deliveries WHERE state <> 'sent') AS not_sent,
  (SELECT count(DISTINCT delivery_id) FROM posts) AS posted,
  (SELECT count(*) FROM posts) - (SELECT count(DISTINCT delivery_id) FROM posts) AS extra_posts,
  (SELECT percentile_disc(ARRAY[0.5, 0.99, 1]) WITHIN GROUP
     (ORDER BY extract(epoch FROM created_at - scheduled_for)::float) FROM runs) AS fired_after_s,
  (SELECT percentile_disc(ARRAY[0.5, 0.99, 1]) WITHIN GROUP
     (ORDER BY extract(epoch FROM started_at - scheduled_for)::float) FROM runs) AS started_after_s
"""
UNSETTLED = """
SELECT (SELECT count(*) FROM tasks WHERE state = 'active')
  + (SELECT count(*) FROM runs WHERE status IN ('queued', 'running'))
  + (SELECT count(*) FROM deliveries WHERE state IN ('owed', 'sending'))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """How hard it blows: so many processes, due moments a second for so long, and kills."""

    schedulers: int = 3
    workers: int = 2
    couriers: int = 1
    due_a_second: int = 500
    seconds: int = 1
    kills: int = 6
    kill_every_s: float = 0.7
    settled_within_s: float = 90.0


async def raise_storm(url: str, storm: Storm, folder: Path) -> dict[str, Any]:
    """Let tasks come due while the crew is killed, wait until all is done, and say what was."""
    await prepare(url)
    victims = list(islice(cycle(VICTIMS), storm.kills))
    roles = {"scheduler": storm.schedulers, "worker": storm.workers, "courier": storm.couriers}
    with Crew.on(url, folder) as crew:
        for mate in [crew.hire(role) for role, count in roles.items() for _ in range(count)]:
            await mate.up()
        first = (utc_now() + LEAD).replace(microsecond=0)
        await plant_due(url, storm, first)
        await asyncio.sleep((first - utc_now()).total_seconds())
        for role in victims:
            await asyncio.sleep(storm.kill_every_s)
            await crew.kill(role)
        settled = await settle(url, storm.settled_within_s)
        took_s = (utc_now() - first).total_seconds()
        codes = await crew.dismiss()
        faults = [mate.output for mate in crew.mates if any(it in mate.output for it in BROKEN)]
    return outcome(url) | {
        "due": storm.due_a_second * storm.seconds,
        "kills": dict(Counter(victims)),
        "unsettled": settled,
        "took_s": round(took_s, 1),
        "codes": codes,
        "faults": faults,
    }


def outcome(url: str) -> dict[str, Any]:
    """Count what the ledger says, and what was really executed and posted."""
    with psycopg.connect(url) as connection:
        found = connection.execute(OUTCOME)
        names = [each.name for each in found.description or ()]
        return dict(zip(names, found.fetchone() or (), strict=True))


async def prepare(url: str) -> None:
    """Migrate an empty database, and lay the books."""
    async with Database(url) as database:
        await migrate(database)
        await shared_queue.set_up(Store(database), utc_now())
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(BOOKS)


async def plant_due(url: str, storm: Storm, first: datetime) -> None:
    """Store tasks that come due once each, so many in each second from `first` on."""
    planted = []
    for number in range(storm.due_a_second * storm.seconds):
        due = first + timedelta(seconds=number // storm.due_a_second)
        planted.append(
            make_task(
                name=f"Task {number}",
                schedule=Schedule(rule=Once(on=due.date(), at=due.time()), zone="UTC"),
                zone="UTC",
                next_run_at=due,
                channel=f"C{number % CHANNELS}",
                retries=20,
                created_at=datetime.now(UTC),
                updated_at=datetime.now(UTC),
            )
        )
    values = [{"workspace_id": WORKSPACE, **rows.task_values(task)} for task in planted]
    async with Database(url) as database, database.begin() as connection:
        await connection.execute(sa.insert(tasks), values)


async def settle(url: str, within_s: float) -> int:
    """Wait until nothing is left to do; gives how much is left when the time is over."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        until = asyncio.get_running_loop().time() + within_s
        while True:
            found = await (await connection.execute(UNSETTLED)).fetchone()
            left = int(found[0]) if found else 0
            if not left or asyncio.get_running_loop().time() > until:
                return left
            await asyncio.sleep(0.2)
