"""The model's part in `chatcron parse`: the same reading as the bot's, without its database.

Its calls are counted here alone, not against the workspace's day.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Self

from bot.intent.reader import Reading
from bot.llm.connection import Connection
from bot.llm.interpreter import Interpreter
from bot.llm.model_reader import ModelReader
from bot.model_settings import endpoint_of
from bot.settings import Settings
from scheduler.agents.profiles import PROFILES
from scheduler.allowance import AllowanceSpent
from storage.records import ModelCall


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


class ShellModel:
    """Reads one message after another, in a loop of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._purse = OwnPurse(settings.model_calls_per_day)
        self._connection = Connection(endpoint_of(settings))
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        with suppress(Exception):  # then each reading says that the model did not answer
            self._runner.run(self._connection.model())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._runner:
            self._runner.run(self._connection.close())

    def read(self, text: str, now: datetime, zone: str) -> Reading:
        """Read a message, as of a moment, in a zone."""
        return self._runner.run(self._read(text, now, zone))

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
