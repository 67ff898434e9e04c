"""The model's part in `chatcron parse`: the same reading as the bot's, beside a running one.

Where CHATCRON_DATABASE_URL names a database that can be used, its calls are taken from the day's
and recorded there like the bot's; else they are counted here alone. None is ever made for it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.intent.reading import Reading
from bot.llm.connection import Connection
from bot.llm.interpreter import Interpreter
from bot.llm.model_reader import ModelReader, Purse
from bot.model_settings import endpoint_of
from bot.settings import Settings
from scheduler.agents.profiles import PROFILES
from scheduler.allowance import Allowance, AllowanceSpent
from scheduler.now import utc_now
from storage.condition import look
from storage.database import Database, parse_url
from storage.errors import StorageError
from storage.migrate import REVISIONS
from storage.records import ModelCall
from storage.store import Store


class OwnPurse:
    """So many calls for one command."""

    def __init__(self, calls: int) -> None:
        self._left = calls

    async def take(self) -> None:
        """Take one call."""
        if not self._left:
            raise AllowanceSpent("The calls to the language model are used up.")
        self._left -= 1

    async def record(self, call: ModelCall) -> None:
        """Keep nothing."""

    async def is_news(self, person_id: str) -> bool:  # noqa: ARG002  nobody is asked for
        """Let it be said each time."""
        return True


class DayPurse:
    """The workspace's calls of today, whatever moment the message is read as of."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._allowance = Allowance(
            Store(database),
            calls_per_day=settings.model_calls_per_day,
            zone=settings.timezone,
            now=utc_now,
        )

    async def take(self) -> None:
        """Take one call of today's."""
        await self._allowance.take()

    async def record(self, call: ModelCall) -> None:
        """Write it down as of now."""
        await self._allowance.record(replace(call, at=utc_now()))

    async def is_news(self, person_id: str) -> bool:  # noqa: ARG002  nobody is asked for
        """Let it be said each time."""
        return True


class ShellModel:
    """Reads one message after another, in a loop of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._purse: Purse = OwnPurse(settings.model_calls_per_day)
        self._database: Database | None = None
        self._connection = Connection(endpoint_of(settings))
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        with suppress(Exception):  # then each reading says that the model did not answer
            self._runner.run(self._connection.model())
        self._runner.run(self._open_books())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._runner:
            self._runner.run(self._connection.close())
            if self._database is not None:
                self._runner.run(self._database.close())

    def read(self, text: str, now: datetime, zone: str) -> Reading:
        """Read a message, as of a moment, in a zone."""
        return self._runner.run(self._read(text, now, zone))

    async def _open_books(self) -> None:
        """Count in the database that was named, where there is one of this Chatcron's schema."""
        if "database_url" not in self._settings.model_fields_set:
            return
        address = self._settings.database_url.get_secret_value()
        if _is_absent(address):
            return
        database = Database(address)
        with suppress(StorageError):
            if (await look(database)).revision == REVISIONS[-1]:
                self._database, self._purse = database, DayPurse(database, self._settings)
                return
        await database.close()

    async def _read(self, text: str, now: datetime, zone: str) -> Reading:
        reader = ModelReader(
            self._connection.model,
            name=self._settings.model,
            allowance=self._purse,
            now=lambda: now,
            limit_s=self._settings.model_limit_s,
        )
        interpreter = Interpreter(
            reader, agents=frozenset(PROFILES), now=lambda: now, takes_any_name=True
        )
        reading = await interpreter.read(text, zone=zone)
        await reader.close()
        return reading


def _is_absent(address: str) -> bool:
    """Whether a database is a file that is not there; to look into it would make it."""
    url = parse_url(address)
    return url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file()
