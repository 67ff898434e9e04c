"""Shelf: work kept under a name, for tasks to be made from; what comes with Chatcron stands there.

Who may look into the channel a template was saved in may see and use it, and nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from scheduler import templates, variables
from scheduler.desk import Desk
from scheduler.errors import NotAllowed, Refused
from scheduler.gate import Gate
from scheduler.now import Now
from scheduler.rights import Act, may
from storage.records import CHATCRON, Actor, Origin, Task, TaskId, Template
from storage.store import Store

NAME_LIMIT = 60
EVERYWHERE = ""
"""The channel of what comes with Chatcron: everybody may see it."""
_TRUSTED = (Origin.CLI, Origin.CHATCRON)
_ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)


class Shelf:
    """Keeps templates; raises Refused, with what to do, when it can't be done."""

    def __init__(self, store: Store, *, gate: Gate, now: Now) -> None:
        self._store = store
        self._desk = Desk(store, now)
        self._gate = gate
        self._now = now

    async def save(self, task_id: TaskId, name: str, *, by: Actor) -> Template:
        """Keep a task's work and time under a name that is not taken."""
        task = await self._desk.find(task_id)
        await self._gate.require(Act.LOOK, task, by)
        await self._gate.require_in(Act.CREATE, task.channel, by)
        template = _of(task, _checked(name), by, self._now())
        async with self._store.begin() as work:
            if _own(template.name) is not None or not await work.templates.put(template):
                raise Refused(
                    f"There is a template called “{template.name}” already; nothing was saved.",
                    fix="Choose another name, or remove that one first.",
                )
            after = {"name": template.name, "task": f"T-{task_id}"}
            named = f"template {template.name}"
            await work.audit.write("save template", named, by=by, at=self._now(), after=after)
        return template

    async def find(self, name: str, *, by: Actor) -> Template:
        """Find the template of a name among those that somebody may see."""
        async with self._store.read() as work:
            found = await work.templates.get(name) or _own(name)
        if found is None or not await self._may(Act.LOOK, found, by):
            raise _unknown(name)
        return found

    async def all(self, *, by: Actor) -> list[Template]:
        """Give the templates that somebody may see, theirs and the workspace's first."""
        async with self._store.read() as work:
            kept = await work.templates.all()
        seen = [each for each in kept if await self._may(Act.LOOK, each, by)]
        return [*seen, *map(_built_in, templates.TEMPLATES)]

    async def remove(self, name: str, *, by: Actor) -> Template:
        """Take a template away; tasks that were made from it stay as they are."""
        found = await self.find(name, by=by)
        if found.channel == EVERYWHERE or not await self._may(Act.CHANGE, found, by):
            raise NotAllowed(
                f"Only who saved {found.name} and admins may remove it; nothing changed."
                if found.channel
                else f"{found.name} comes with Chatcron and stays; nothing changed."
            )
        async with self._store.begin() as work:
            await work.templates.remove(found.name)
            named = f"template {found.name}"
            await work.audit.write("remove template", named, by=by, at=self._now())
        return found

    async def _may(self, act: Act, template: Template, by: Actor) -> bool:
        if template.channel == EVERYWHERE or by.origin in _TRUSTED:
            return True
        standing = await self._gate.standing(by.id, template.channel, owner=template.owner)
        return may(standing, act)


def filled(template: Template, values: Mapping[str, str]) -> Template:
    """Give a template with values in place of its `{{variables}}`.

    Raises Refused, naming them, for variables without a value and values without a variable.
    """
    given = variables.checked(template.prompt, values, name=template.name)
    return replace(template, prompt=variables.filled(template.prompt, given))


def _of(task: Task, name: str, by: Actor, now: datetime) -> Template:
    return Template(
        name=name,
        agent=task.agent,
        prompt=task.prompt,
        schedule=task.schedule,
        channel=task.channel,
        owner=by.id,
        created_at=now,
    )


def _checked(name: str) -> str:
    plain = " ".join(name.split())
    if not 1 <= len(plain) <= NAME_LIMIT:
        raise Refused(
            f"A template's name has 1 to {NAME_LIMIT} characters; nothing was saved.",
            fix="Name it anew, such as “weekly cost check”.",
        )
    return plain


def _own(name: str) -> Template | None:
    """Find what comes with Chatcron under a name."""
    wanted = " ".join(name.casefold().split())
    found = (each for each in templates.TEMPLATES if each.name.casefold() == wanted)
    return next(map(_built_in, found), None)


def _built_in(template: templates.Template) -> Template:
    return Template(
        name=template.name,
        agent=template.agent,
        prompt=template.prompt,
        schedule=None,
        channel=EVERYWHERE,
        owner=CHATCRON.id,
        created_at=_ALWAYS,
    )


def _unknown(name: str) -> Refused:
    shown = " ".join(name.split())[:NAME_LIMIT]
    return Refused(
        f"I know no template called “{shown}”; nothing changed.",
        fix="Say “list the templates” to see those there are.",
    )
