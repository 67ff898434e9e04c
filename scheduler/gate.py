"""Gate: asks who somebody is and what a place is, and lets through what `rights` allow.

The Planner asks it before every change, the listeners before they show anything, the Runner when a
task fires.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Protocol

from scheduler import rights, speaking
from scheduler.errors import NotAllowed, no_such_task
from scheduler.rights import Act, Standing
from scheduler.speaking import Obstacle
from storage.records import Actor, Origin, Person, Place, PlaceKind, Task

_TRUSTED = (Origin.CLI, Origin.CHATCRON)
"""Who has a shell on the machine, and Chatcron itself, need no rights."""

AT_ONCE = 8
"""How many places are asked about at a time."""


class Directory(Protocol):
    """Knows the people and places of the workspace."""

    async def person(self, person_id: str) -> Person:
        """Describe somebody; what is not known of them is left out."""

    async def place(self, place_id: str) -> Place | None:
        """Describe a place; None when nothing is known of it."""

    async def members(self, place_id: str) -> frozenset[str] | None:
        """Say who is in a place; None when that is not known."""

    async def has_guests(self, place_id: str) -> bool:
        """Say whether a guest, or somebody of another workspace, is known to be in a place."""


class Gate:
    """Says who may do what, here and now."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    async def standing(self, person_id: str, channel: str, *, owner: str | None = None) -> Standing:
        """Say what somebody is to a task of `owner` in a channel, or to the channel."""
        place = await self._directory.place(channel)
        if place is None:  # nobody can look into it: only whoever made the task knows of it
            return Standing.OWNER if person_id == owner else Standing.NOBODY
        person = await self._directory.person(person_id)
        return await self._standing_in(person, place, owner)

    async def _standing_in(self, person: Person, place: Place, owner: str | None) -> Standing:
        outside = rights.standing_of(person, place, is_member=False, owner=owner)
        if outside in (Standing.OWNER, Standing.ADMIN):  # to be a member adds nothing
            return outside
        is_member = person.id in (await self._directory.members(place.id) or ())
        return rights.standing_of(person, place, is_member=is_member, owner=owner)

    async def may(self, act: Act, task: Task, person_id: str) -> bool:
        """Say whether somebody may do that to a task."""
        return rights.may(await self.standing(person_id, task.channel, owner=task.owner), act)

    async def require(self, act: Act, task: Task, by: Actor) -> None:
        """Raise NotAllowed; UnknownTask where even that there is a task would tell too much."""
        if by.origin in _TRUSTED:
            return
        standing = await self.standing(by.id, task.channel, owner=task.owner)
        if not rights.may(standing, Act.LOOK):
            raise no_such_task(task.id)
        if not rights.may(standing, act):
            raise NotAllowed(_REFUSALS[act].format(task=task.name), fix=_FIXES[act])

    async def require_in(self, act: Act, channel: str, by: Actor) -> None:
        """Raise NotAllowed unless somebody may do that in a place."""
        if not await self.may_in(act, channel, by):
            raise NotAllowed(_REFUSALS[act], fix=_FIXES[act])

    async def may_in(self, act: Act, channel: str, by: Actor) -> bool:
        """Say whether somebody may do that in a place."""
        return by.origin in _TRUSTED or rights.may(await self.standing(by.id, channel), act)

    async def require_new(self, channel: str, by: Actor) -> None:
        """Raise NotAllowed unless somebody may create tasks in a place, known to us or not."""
        if by.origin in _TRUSTED or await self._directory.place(channel) is not None:
            await self.require_in(Act.CREATE, channel, by)
            return
        person = await self._directory.person(by.id)
        if person.is_gone or person.is_guest or person.is_stranger or person.is_bot:
            raise NotAllowed(_REFUSALS[Act.CREATE], fix=_FIXES[Act.CREATE])

    async def is_open(self, channel: str) -> bool:
        """Say whether everybody of the workspace can read what a place says."""
        place = await self._directory.place(channel)
        return place is not None and place.kind is PlaceKind.PUBLIC

    async def obstacle(self, channel: str, owner: str) -> Obstacle | None:
        """Say what keeps a task of `owner` from posting in a channel; None when nothing does."""
        place = await self._directory.place(channel)
        hindered = speaking.place_obstacle(place)
        if place is not None and hindered is not None:
            return hindered
        person = await self._directory.person(owner)
        is_open = place is not None and place.kind is PlaceKind.PUBLIC
        members = None if is_open else await self._directory.members(channel)
        is_member = None if members is None else owner in members
        return speaking.owner_obstacle(person, place, is_member=is_member) or hindered

    async def visible(self, tasks: Iterable[Task], person_id: str) -> list[Task]:
        """Give those of the tasks that somebody may know of, in their order."""
        tasks = list(tasks)
        person = await self._directory.person(person_id)
        channels = list(dict.fromkeys(task.channel for task in tasks))
        room = asyncio.Semaphore(AT_ONCE)

        async def look(channel: str) -> bool | None:
            async with room:
                return await self._can_look_into(channel, person)

        found = await asyncio.gather(*(look(channel) for channel in channels))
        can_look = dict(zip(channels, found, strict=True))
        return [
            task
            for task in tasks
            if can_look[task.channel]
            or (can_look[task.channel] is None and task.owner == person_id)
        ]

    async def _can_look_into(self, channel: str, person: Person) -> bool | None:
        """Say whether somebody may know what is in a place; None where it is not known itself."""
        place = await self._directory.place(channel)
        if place is None:
            return None
        outside = rights.standing_of(person, place, is_member=False)
        if rights.may(outside, Act.LOOK):  # all may, so nobody has to list who is in it
            return True
        return rights.may(await self._standing_in(person, place, None), Act.LOOK)

    async def visible_in(self, tasks: Iterable[Task], channel: str) -> list[Task]:
        """Give those of the tasks that everybody who reads a channel may know of."""
        here = await self._directory.place(channel)
        is_shared = here is not None and here.is_shared
        outsiders = is_shared or await self._directory.has_guests(channel)
        known: dict[str, bool] = {channel: True}
        seen = []
        for task in tasks:
            if task.channel not in known:
                place = await self._directory.place(task.channel)
                is_open = place is not None and place.kind is PlaceKind.PUBLIC
                known[task.channel] = is_open and not outsiders
            if known[task.channel]:
                seen.append(task)
        return seen


_FIXES = {
    Act.LOOK: "",
    Act.RUN: "Ask a member of this workspace who is in its channel.",
    Act.PAUSE: "Ask a member of this workspace who is in its channel.",
    Act.CHANGE: "Ask its owner, or an admin of this workspace.",
    Act.CREATE: "Ask a member of this workspace to set it up.",
    Act.SET_UP: "Ask a member of this workspace who is in the channel.",
    Act.BULK: "Ask an admin of this workspace.",
}
_REFUSALS = {
    Act.LOOK: "",
    Act.RUN: "Only people in its channel may run {task}, and no guests or bots; nothing happened.",
    Act.PAUSE: "Only people in its channel may pause or resume {task}, and no guests or bots;"
    " nothing changed.",
    Act.CHANGE: "Only its owner and admins may change {task}; nothing changed.",
    Act.CREATE: "Guests, bots and people of other workspaces can't create tasks here.",
    Act.SET_UP: "Only people in the channel may set that, and no guests or bots; nothing changed.",
    Act.BULK: "Only admins may do that for all tasks; nothing changed.",
}
