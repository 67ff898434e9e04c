"""`chatcron pause --all` and `resume --all`: an admin's brake, also beside a running bot."""

from __future__ import annotations

from collections.abc import Callable

from slack_sdk.web.async_client import AsyncWebClient

from bot.directory import SlackDirectory
from bot.settings import Settings
from scheduler.bulk import Bulk, Extent
from scheduler.gate import Gate
from scheduler.now import utc_now
from storage.database import Database
from storage.migrate import check
from storage.records import Actor, Origin
from storage.store import Store

SHELL = Actor(id="cli", origin=Origin.CLI)
NOWHERE = ""
"""The shell is in no channel; who has one needs no rights."""
Confirm = Callable[[str], bool]


async def pause_all(confirm: Confirm) -> str:
    """Pause every task that is on, once `confirm` says yes; a running bot sees it at once."""
    async with _database() as database:
        bulk = await _bulk(database)
        found = await bulk.can_pause(channel=NOWHERE, by=SHELL)
        if not found.tasks:
            return "No task is on, so there is nothing to pause."
        if not confirm(f"Pause {_extent(found)}? None of them runs until `resume --all`."):
            return "Kept; nothing changed."
        return f"Paused {_extent(await bulk.pause(channel=NOWHERE, by=SHELL))}."


async def resume_all(confirm: Confirm) -> str:
    """Resume what was paused together with all others, once `confirm` says yes."""
    async with _database() as database:
        bulk = await _bulk(database)
        found = await bulk.can_resume(channel=NOWHERE, by=SHELL)
        if not found.tasks:
            return "No task was paused together with all others, so there is nothing to resume."
        if not confirm(f"Resume {_extent(found)}? What was paused by name stays paused."):
            return "Kept; nothing changed."
        done = await bulk.resume(channel=NOWHERE, by=SHELL)
        over = f" The schedule of {_counted(done.over, 'task')} had ended." if done.over else ""
        return f"Resumed {_extent(done)}.{over}"


def _database() -> Database:
    return Database(Settings.read().database_url.get_secret_value())


async def _bulk(database: Database) -> Bulk:
    await check(database)
    store = Store(database)
    directory = SlackDirectory(store, AsyncWebClient(), now=utc_now)  # never asked for the shell
    return Bulk(store, gate=Gate(directory), now=utc_now)


def _extent(found: Extent) -> str:
    return f"{_counted(found.tasks, 'task')} in {_counted(found.channels, 'channel')}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
