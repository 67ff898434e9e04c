"""How the shared queue is: `chatcron doctor` asks, on Postgres, changing nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from storage.store import Work

SMALL = 1024 * 1024
"""Below so many bytes a table is read quickly, whatever is thought of it."""
_UNCOUNTED = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND reltuples < 0
  AND pg_relation_size(oid) > :small
ORDER BY relname
"""
_ALIVE = """
SELECT count(*) FROM procrastinate_workers
WHERE last_heartbeat >= now() - make_interval(secs => :silent_s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueCondition:
    """What was found: workers that gave a sign of life, and jobs whose worker gave none."""

    workers: int
    stalled: int


async def look_at_queue(work: Work, silent_for: timedelta) -> QueueCondition | None:
    """Look at the queue's tables; None where there are none."""
    if not await work.jobs.are_there():
        return None
    silent = {"silent_s": silent_for.total_seconds()}
    alive = await work.connection.scalar(sa.text(_ALIVE), silent)
    return QueueCondition(workers=int(alive or 0), stalled=len(await work.jobs.stalled(silent_for)))


async def uncounted_tables(work: Work) -> list[str]:
    """Name the tables of some size that Postgres never looked into, and so plans badly for."""
    found = await work.connection.execute(sa.text(_UNCOUNTED), {"small": SMALL})
    return list(found.scalars())
