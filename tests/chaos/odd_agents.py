"""Agents that make trouble, for `tests.chaos.odd_run`; a module of its own, as children import it.

Tony calls a blocking tool that never returns, and leaves the number of its process in the folder.
Alex waits until a file named `go` stands there. Anna's report is far too long for messages.
"""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from pathlib import Path

from scheduler.agents import PROFILES
from scheduler.agents.agent import Agent, Brief, Profile
from scheduler.agents.child import in_child
from storage.reports import Report, Section

NEVER_S = 600.0
LINES = 4_000


def block_for_ever(folder: str) -> None:
    """Say which process this is and hold it."""
    (Path(folder) / f"{os.getpid()}.hung").touch()
    time.sleep(NEVER_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hung:
    """Never gets an answer from its tool."""

    folder: Path
    profile: Profile = PROFILES["tony"]

    def missing(self) -> str | None:
        return None

    async def work(self, brief: Brief) -> Report:
        await in_child(block_for_ever, str(self.folder), limit_s=NEVER_S)
        raise AssertionError("it came back")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Works until it is let go."""

    folder: Path
    profile: Profile = PROFILES["alex"]

    def missing(self) -> str | None:
        return None

    async def work(self, brief: Brief) -> Report:
        (self.folder / "began").touch()
        while not (self.folder / "go").exists():  # noqa: ASYNC110  another process makes it
            await asyncio.sleep(0.02)
        return Report(headline="It was let go and came to its end")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verbose:
    """Has much to tell."""

    profile: Profile = PROFILES["anna"]

    def missing(self) -> str | None:
        return None

    async def work(self, brief: Brief) -> Report:
        told = tuple(f"Line {number} of many, all of them of use" for number in range(LINES))
        return Report(headline="A long story", sections=(Section(title="All", lines=told),))


def agents_in(folder: Path) -> dict[str, Agent]:
    """Give the odd agents by name."""
    odd: tuple[Agent, ...] = (Hung(folder=folder), Waiting(folder=folder), Verbose())
    return {agent.profile.name: agent for agent in odd}
