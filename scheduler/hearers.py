"""Who is told of a task when its owner can't be: the delegate, then the admins; read as stored."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler import rights
from storage.records import Person, Task
from storage.store import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearer:
    """Somebody who is told; without `may_know` neither the task's name nor anything it found."""

    person: str
    may_know: bool = True


async def hearers(work: Work, task: Task) -> list[Hearer]:
    """Give the owner, or who is told in place of one who is gone: the delegate, or every admin."""
    for person in (task.owner, task.delegate):
        if person is not None and not await is_gone(work, person):
            return [Hearer(person=person)]
    return [
        Hearer(person=admin.id, may_know=await _may_know(work, admin, task))
        for admin in await work.people.admins()
    ]


async def told_of(work: Work, task: Task) -> list[str]:
    """Give those of the hearers who may know the task."""
    return [hearer.person for hearer in await hearers(work, task) if hearer.may_know]


async def may_hear(work: Work, person_id: str, task: Task) -> bool:
    """Say whether somebody is still there, and could read what the task posts, as far as known."""
    person, place = await work.people.get(person_id), await work.places.get(task.channel)
    if person is None or place is None or place.members_at is None:
        return person is None or not person.is_gone
    return not person.is_gone and await _may_know(work, person, task)


async def is_gone(work: Work, person_id: str) -> bool:
    """Say whether somebody is known to have left."""
    person = await work.people.get(person_id)
    return person is not None and person.is_gone


async def _may_know(work: Work, person: Person, task: Task) -> bool:
    place = await work.places.get(task.channel)
    if place is None:
        return False
    is_member = person.id in await work.places.members_of(task.channel)
    return rights.can_read(person, place, is_member=is_member)
