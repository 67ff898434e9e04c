"""Destinations: where what a task has to say may go, asked before it is set and before it is said.

Output for another place, a place for new tasks, and whoever is told of runs all pass here.
"""

from __future__ import annotations

from collections.abc import Iterable

from scheduler.errors import Refused
from scheduler.gate import Gate
from scheduler.rights import Act, Standing, may
from scheduler.speaking import Lack, Obstacle, place_obstacle
from scheduler.wishes import Wish
from storage.policies import Notice
from storage.records import Actor, Task

_PERSON = ("U", "W")


def is_person(target: str) -> bool:
    """Say whether a target is somebody, not a place."""
    return target.startswith(_PERSON)


class Destinations:
    """Says who may be told, and where."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def require_place(self, channel: str, *, owner: str, by: Actor) -> None:
        """Raise Refused, with what has to happen, unless tasks of `owner` may post in a place."""
        if await self._gate.may_in(Act.LOOK, channel, by):
            await self._gate.require_in(Act.CREATE, channel, by)
            obstacle = await self._gate.obstacle(channel, owner)
        else:  # what somebody can't look into is as if it were not there
            obstacle = place_obstacle(None)
        if obstacle is not None:
            raise Refused(
                f"{obstacle.what} Nothing changed.", fix=f"{obstacle.wanted}, then ask again."
            )

    async def require_reader(self, person: str, task: Task | Wish, *, bot: str, fix: str) -> None:
        """Raise Refused unless somebody may read what a task posts; `bot` refuses a bot."""
        standing = await self._gate.standing(person, task.channel, owner=task.owner)
        if standing is Standing.BOT:
            raise Refused(bot, fix="Name a person who is in its channel.")
        if not may(standing, Act.LOOK):
            raise Refused(
                f"They can't read what {task.name} posts, so they are not told of it.", fix=fix
            )

    async def require_notices(
        self, task: Task | Wish, notices: Iterable[Notice], by: Actor
    ) -> None:
        """Raise Refused unless each of these may be told of a task's runs."""
        for target in dict.fromkeys(notice.target for notice in notices):
            if target == task.channel:
                raise Refused(f"{task.name} posts there already; nothing changed.")
            if is_person(target):
                fix = "Name somebody who is in its channel."
                await self.require_reader(target, task, bot="A bot is not told of runs.", fix=fix)
            else:
                await self.require_place(target, owner=task.owner, by=by)

    async def is_open(self, channel: str) -> bool:
        """Say whether everybody of the workspace may read what a place says."""
        return await self._gate.is_open(channel)

    async def obstacle(self, task: Task, target: str) -> Obstacle | None:
        """Say what keeps a target from being told of a task now; None when nothing does."""
        if not is_person(target):
            return await self._gate.obstacle(target, task.owner)
        standing = await self._gate.standing(target, task.channel, owner=task.owner)
        if standing is not Standing.BOT and may(standing, Act.LOOK):
            return None
        return Obstacle(
            lack=Lack.READER,
            what="They can't read what it posts.",
            wanted="Let them join its channel, or tell somebody else",
        )
