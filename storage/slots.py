"""Slots: how many runs are worked on at once, of an agent and of all, by all processes together.

An open attempt holds a numbered slot of each kind that is limited, and a unique index lets no two
hold the same; so the limits hold without a lock, and a slot is free as soon as its attempt ends.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.errors import NoRoom
from storage.records import Run
from storage.tables import attempts, runs, tasks

SKEW = timedelta(seconds=2)
"""How far the clocks of the machines may be apart; `chatcron doctor` warns from there on."""
TRIES = 8
"""How often a slot is looked for that others took at the same moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many runs may be worked on at once; None is no limit."""

    at_once: int | None = None
    of_agent: int | None = None


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What is left of the limits: in all, and of each agent that works on anything."""

    in_all: int | None
    of_agent: dict[str, int]

    @property
    def full(self) -> list[str]:
        """Name the agents that may not begin anything more."""
        return [agent for agent, left in self.of_agent.items() if left <= 0]


async def room(connection: AsyncConnection, workspace: str, limits: Limits) -> Room:
    """Count what is left of the limits."""
    if limits == NO_LIMITS:
        return Room(in_all=None, of_agent={})
    query = (
        sa.select(attempts.c.agent, sa.func.count())
        .where(attempts.c.workspace_id == workspace, attempts.c.outcome.is_(None))
        .group_by(attempts.c.agent)
    )
    used = {str(agent): int(count) for agent, count in await connection.execute(query)}
    in_all = None if limits.at_once is None else limits.at_once - sum(used.values())
    most = limits.of_agent
    left = {} if most is None else {agent: most - count for agent, count in used.items()}
    return Room(in_all=in_all, of_agent=left)


def has_room(left: Room) -> list[sa.ColumnElement[bool]]:
    """Give the conditions on a run under which it may begin."""
    if left.in_all is not None and left.in_all <= 0:
        return [sa.false()]
    if not left.full:
        return []
    crowded = sa.select(tasks.c.id).where(
        tasks.c.id == runs.c.task_id, tasks.c.agent.in_(left.full)
    )
    return [~crowded.correlate(runs).exists()]


async def open_attempt(
    connection: AsyncConnection,
    workspace: str,
    run: Run,
    limits: Limits,
    opened: dict[str, Any],
) -> None:
    """Open a run's attempt in slots of its own; raises NoRoom where all of a kind are taken.

    `opened` says by whom, when, and until when it is held.
    """
    agent = sa.select(tasks.c.agent).where(tasks.c.id == run.task_id).scalar_subquery()
    values = {
        "workspace_id": workspace,
        "run_id": run.id,
        "number": run.attempt,
        "agent": agent,
        **opened,
    }
    if limits == NO_LIMITS:
        await connection.execute(sa.insert(attempts).values(values))
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    for _ in range(TRIES):
        slots = await _free_slots(connection, workspace, agent, limits)
        insert = dialect.insert(attempts).values(values | slots).on_conflict_do_nothing()
        if await connection.scalar(insert.returning(attempts.c.number)) is not None:
            return
    raise NoRoom(NoRoom.__doc__)


async def _free_slots(
    connection: AsyncConnection, workspace: str, agent: sa.ScalarSelect[str], limits: Limits
) -> dict[str, Any]:
    is_of_agent = (attempts.c.agent == agent).label("is_of_agent")
    query = sa.select(is_of_agent, attempts.c.slot, attempts.c.agent_slot).where(
        attempts.c.workspace_id == workspace, attempts.c.outcome.is_(None)
    )
    held = (await connection.execute(query)).all()
    return {
        "slot": _one_of(limits.at_once, {each.slot for each in held}),
        "agent_slot": _one_of(
            limits.of_agent, {each.agent_slot for each in held if each.is_of_agent}
        ),
    }


def _one_of(limit: int | None, held: Collection[int | None]) -> int | None:
    """Choose a free slot by chance, so that those who choose at once seldom meet."""
    if limit is None:
        return None
    free = [slot for slot in range(1, limit + 1) if slot not in held]
    if not free:
        raise NoRoom(NoRoom.__doc__)
    return random.choice(free)  # noqa: S311  nothing secret about it
