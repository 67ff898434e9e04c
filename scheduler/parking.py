"""What owners and channels are owed when tasks are put on hold and when they go on again.

The Warden tells it of what nobody asked for, Bulk of what could not be resumed with the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from scheduler.hearers import hearers
from scheduler.speaking import Lack, Obstacle
from storage.records import DeliveryKind, Hold, Task
from storage.store import Work


async def tell_parked(
    work: Work, parked: Iterable[Task], hindered: Mapping[str, Obstacle | None], now: datetime
) -> None:
    """Owe what is to be said of one channel's tasks on hold; `hindered` says why, by owner."""
    parked = list(parked)
    await _tell_of_places(work, parked, hindered, now)
    await _ask_for_owners(work, parked, hindered, now)


async def _tell_of_places(
    work: Work, parked: Iterable[Task], hindered: Mapping[str, Obstacle | None], now: datetime
) -> None:
    """Owe each owner one message about all that was parked because of the place."""
    of_place = [task for task in parked if task.hold is Hold.PLACE]
    for owner, tasks in _by_owner(of_place).items():
        obstacle = hindered[owner]
        assert obstacle is not None
        await _tell(work, tasks, {"what": obstacle.what, "wanted": obstacle.wanted}, now)


async def _ask_for_owners(
    work: Work, parked: Iterable[Task], hindered: Mapping[str, Obstacle | None], now: datetime
) -> None:
    """Ask the channel who takes over; tell an owner who is still there why their tasks wait."""
    orphans = [task for task in parked if task.hold is Hold.OWNER]
    for owner, tasks in _by_owner(orphans).items():
        obstacle = hindered[owner]
        assert obstacle is not None
        told = {"what": obstacle.what, "wanted": obstacle.wanted, "lack": str(obstacle.lack)}
        channel = tasks[0].channel
        is_direct = channel.startswith("D")
        if obstacle.lack is not Lack.OWNER_GONE or is_direct:
            await _tell(work, tasks, told, now)
        if not is_direct:
            await work.deliveries.owe(
                DeliveryKind.TAKE_OVER,
                target=channel,
                task_id=tasks[0].id,
                payload=_payload(tasks, told),
                now=now,
            )


async def tell_back(work: Work, back: Iterable[Task], now: datetime) -> None:
    """Tell owners in the thread of the first message that what was on hold goes on."""
    for tasks in _by_owner(back).values():
        await _tell(work, tasks, {"is_back": True}, now)


async def _tell(work: Work, tasks: Sequence[Task], told: Mapping[str, Any], now: datetime) -> None:
    """Owe one message about these tasks of one owner to whoever hears of them."""
    first = tasks[0]
    earlier = await work.deliveries.last_of_task(first.id, DeliveryKind.PARKED_DM)
    for hearer in await hearers(work, first):
        follows = "is_back" in told and earlier is not None and earlier.target == hearer.person
        await work.deliveries.owe(
            DeliveryKind.PARKED_DM,
            target=hearer.person,
            task_id=first.id,
            after=earlier.id if earlier is not None and follows else None,
            payload=_payload(tasks, {**told, "is_hidden": not hearer.may_know}),
            now=now,
        )


def _by_owner(tasks: Iterable[Task]) -> dict[str, list[Task]]:
    owned: dict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        owned[task.owner].append(task)
    return owned


def _payload(tasks: Sequence[Task], told: Mapping[str, Any]) -> dict[str, Any]:
    named = [{"id": task.id, "name": task.name} for task in tasks]
    return {"owner": tasks[0].owner, "channel": tasks[0].channel, "tasks": named, **told}
