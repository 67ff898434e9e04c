"""The brake from the shell: it says how much it is about, asks once, and takes no for an answer."""

from __future__ import annotations

import pytest

from bot import bulk_command
from storage.database import Database
from storage.migrate import migrate
from storage.records import TaskState
from storage.store import Store
from tests.plants import make_task, plant


async def test_the_shell_asks_once_and_keeps_to_a_no(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No changes nothing; yes holds both tasks, and brings them back."""
    monkeypatch.setenv("CHATCRON_DATABASE_URL", database_url)
    async with Database(database_url) as database:
        await migrate(database)
        store = Store(database)
        nothing = await bulk_command.pause_all(lambda _: True)
        tasks = [await plant(store, make_task(channel=place)) for place in ("C0ONE", "C0TWO")]
        asked: list[str] = []

        def no(question: str) -> bool:
            asked.append(question)
            return False

        declined = await bulk_command.pause_all(no)
        async with store.read() as work:
            untouched = await work.tasks.get(tasks[0].id)
        said = [
            await bulk_command.pause_all(lambda _: True),
            await bulk_command.resume_all(no),
            await bulk_command.resume_all(lambda _: True),
            await bulk_command.resume_all(lambda _: True),
        ]

    assert nothing == "No task is on, so there is nothing to pause."
    assert asked[0].startswith("Pause 2 tasks in 2 channels?")
    assert declined == "Kept; nothing changed."
    assert untouched is not None
    assert untouched.state is TaskState.ACTIVE
    assert said == [
        "Paused 2 tasks in 2 channels.",
        "Kept; nothing changed.",
        "Resumed 2 tasks in 2 channels.",
        "No task was paused together with all others, so there is nothing to resume.",
    ]
