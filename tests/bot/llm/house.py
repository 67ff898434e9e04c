"""A house whose bot asks a scripted model, in the test's own process, and what its books hold."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import time
from pathlib import Path
from typing import Any

from bot.blocks.cards import task_card
from bot.intent import intents
from bot.intent.packing import written
from bot.intent.reading import Reading
from bot.services import Services
from bot.slack import readings, requests
from bot.slack.asking import Ask
from storage.records import Origin, Task, TaskId, TaskState
from tests.plants import make_task, plant

MAYA = "U0MAYA"
FINOPS, PLATFORM = "C0FINOPS", "C0PLATFORM"
CHECK = "Nightly replication check"
_BOOKS = {
    "tasks": "SELECT * FROM tasks WHERE state <> 'draft'",
    "versions": "SELECT * FROM task_versions WHERE task_id IN"
    " (SELECT id FROM tasks WHERE state <> 'draft')",
    "runs": "SELECT * FROM runs",
    "templates": "SELECT * FROM templates",
    "places": "SELECT id, zone, posts_to FROM places WHERE zone IS NOT NULL OR posts_to <> ''",
}
"""All that anybody could change, but for drafts, which do nothing before they are confirmed."""


@dataclass(kw_only=True)
class Asked:
    """What was read of a message, and all that its asker was shown."""

    reading: Reading
    shown: str
    labels: list[str] = field(default_factory=list)


class ModelHouse:
    """Maya's task of Tony's, changed once, and a template of it; she asks in #finops."""

    def __init__(self, services: Services, file: Path) -> None:
        self.services = services
        self._file = file
        self.task = TaskId(0)

    async def furnish(self) -> None:
        """Plant what the messages are about."""
        planted = make_task(
            name=CHECK, agent="tony", prompt="replication check", owner=MAYA, channel=FINOPS
        )
        self.task = (await plant(self.services.store, planted)).id
        later = intents.ScheduleChange(times=(time(7),))
        for intent in (
            intents.EditTask(ref=intents.TaskRef(it=True), changes=intents.Changes(schedule=later)),
            intents.SaveTemplate(ref=intents.TaskRef(it=True), name="spare kit"),
        ):
            await requests.answer(intent, await self.ask(about=self.task), self.services)

    async def ask(self, *, about: TaskId | None = None, key: str = "k") -> Ask:
        """Give what is known of maya's message."""
        task = None
        if about is not None:
            async with self.services.store.read() as work:
                task = await work.tasks.get(about)
        return Ask(
            person=await self.services.directory.person(MAYA),
            origin=Origin.MESSAGE,
            channel=FINOPS,
            thread_ts="1.0",
            key=key,
            task=task,
        )

    async def say(self, text: str) -> Asked:
        """Let maya say it, and give all that she is shown before she clicks anything."""
        zone = "America/New_York"
        reading = await self.services.interpreter.read(text, zone=zone)
        ask = replace(await self.ask(key=text), zone=zone)
        reply = await readings.answer(reading, ask, self.services)
        messages = [] if reply is None else [reply.message]
        now = self.services.now()
        messages += [task_card(draft, [], now) for draft in await self.drafts()]
        return Asked(
            reading=reading,
            shown=" ".join(each.text + repr(each.blocks) for each in messages),
            labels=[label for each in messages for label in _labels(each.blocks)],
        )

    async def click_yes(self, reading: Reading) -> None:
        """Let maya say yes to a question about her task."""
        ask = await self.ask(about=self.task, key="click")
        await readings.accepted(written(reading.intent), ask, self.services)

    async def drafts(self) -> list[Task]:
        """Give the tasks that wait for a yes; none of them may have a next run."""
        async with self.services.store.read() as work:
            tasks = await work.tasks.all()
        drafts = [task for task in tasks if task.state is TaskState.DRAFT]
        assert all(task.next_run_at is None and task.assumed for task in drafts)
        return drafts

    def books(self) -> dict[str, list[Any]]:
        """Give every row that a request could change."""
        with closing(sqlite3.connect(self._file)) as file:
            return {name: sorted(file.execute(query).fetchall(), key=repr)
                    for name, query in _BOOKS.items()}  # fmt: skip


def _labels(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("type") == "button":
            yield value["text"]["text"]
        for each in value.values():
            yield from _labels(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _labels(each)
