"""Which queued runs have to wait for another: asked where they are offered and where taken."""

from __future__ import annotations

from functools import cache

import sqlalchemy as sa

from storage.policies import Missed, Overlap
from storage.records import OPEN_RUNS
from storage.tables import runs, tasks

_OPEN = [str(status) for status in OPEN_RUNS]


@cache
def has_to_wait() -> sa.Exists:
    """Say that an earlier run has not ended, of a task whose runs take turns."""
    earlier = runs.alias("earlier")
    takes_turns = sa.or_(
        tasks.c.overlap == Overlap.QUEUE,
        sa.and_(tasks.c.missed == Missed.ALL, tasks.c.overlap != Overlap.ALLOW),
    )
    return (
        sa.select(tasks.c.id)
        .join(earlier, earlier.c.task_id == tasks.c.id)
        .where(
            tasks.c.id == runs.c.task_id,
            takes_turns,
            earlier.c.id < runs.c.id,
            earlier.c.status.in_(_OPEN),
        )
        .correlate(runs)
        .exists()
    )
