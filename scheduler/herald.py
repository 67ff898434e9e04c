"""Herald: owes those whom a task tells of its runs what they are told, each under its own rights.

The Runner asks when a run begins and when it ends. Whom it can't reach hears nothing, and the
owner is told of that once; nobody else's notice, and not the run, depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from scheduler import notices
from scheduler.destinations import Destinations
from scheduler.hearers import told_of
from scheduler.speaking import Lack, Obstacle
from storage.policies import NoticeOn
from storage.records import DeliveryKind, Run, Task
from storage.store import Store, Work

_UNSURE = Obstacle(
    lack=Lack.UNKNOWN,
    what="I could not find out who reads there.",
    wanted="Check that I am in that channel",
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whom a task tells as it stands now, and what keeps each of them from being told."""

    task: Task
    obstacles: Mapping[str, Obstacle | None]


class Herald:
    """Tells those who asked to be told."""

    def __init__(self, store: Store, destinations: Destinations) -> None:
        self._store = store
        self._destinations = destinations

    async def began(self, task: Task, run: Run, now: datetime) -> bool:
        """Owe who wants to hear of the beginning of runs; says whether anything is owed."""
        if not any(notice.on is NoticeOn.START for notice in task.notices):
            return False
        reach = await self.reach(task)
        async with self._store.begin() as work:
            await self.tell(work, reach, run, frozenset({NoticeOn.START}), now)
        return True

    async def reach(self, task: Task) -> Reach:
        """Find out who can be told; not inside a transaction, as others may be asked."""
        async with self._store.read() as work:
            present = await work.tasks.get(task.id) or task
        targets = dict.fromkeys(notice.target for notice in present.notices)
        obstacles = {target: await self._obstacle(present, target) for target in targets}
        return Reach(task=present, obstacles=obstacles)

    async def tell(
        self, work: Work, reach: Reach, run: Run, happened: frozenset[NoticeOn], now: datetime
    ) -> None:
        """Owe each target one message, if what happened is what it wants to hear of."""
        is_start = NoticeOn.START in happened
        kind = DeliveryKind.START_NOTICE if is_start else DeliveryKind.NOTICE
        for target, on in notices.heard(reach.task, run, happened).items():
            obstacle = reach.obstacles.get(target)
            if obstacle is not None:
                await unheard(work, reach.task, target, obstacle.what, obstacle.wanted, now)
                continue
            await _clear(work, reach.task, target, now)
            payload = {"on": str(on)}
            await work.deliveries.owe(
                kind, target=target, task_id=reach.task.id, run_id=run.id, payload=payload, now=now
            )

    async def _obstacle(self, task: Task, target: str) -> Obstacle | None:
        try:
            return await self._destinations.obstacle(task, target)
        except Exception:
            log.warning("Rights were not checked", action="unchecked", exc_info=True)
            return _UNSURE


async def unheard(
    work: Work, task: Task, target: str, what: str, wanted: str, now: datetime
) -> None:
    """Owe the owner one sentence about a target that can't be told, until it could be again."""
    name = _mark(task, target)
    mark = await work.marks.get(name)
    if mark is not None and mark["is_unheard"]:
        return
    await work.marks.put(name, {"is_unheard": True}, now)
    log.warning("A notice can't be given", action="notice_parked", task_id=task.id, reason=what)
    for person in await told_of(work, task):
        if person != target:
            await work.deliveries.owe(
                DeliveryKind.NOTE_DM,
                target=person,
                task_id=task.id,
                payload={"target": target, "what": what, "wanted": wanted},
                now=now,
            )


async def _clear(work: Work, task: Task, target: str, now: datetime) -> None:
    mark = await work.marks.get(_mark(task, target))
    if mark is not None and mark["is_unheard"]:
        await work.marks.put(_mark(task, target), {"is_unheard": False}, now)


def _mark(task: Task, target: str) -> str:
    return f"unheard T-{task.id} {target}"
