"""`chatcron run` with agents that do as a folder says: `python -m tests.journeys.moody FOLDER`.

Alex fails while a file named `sick` stands there. Kai is never connected.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

from bot.assemble import App
from bot.logs import set_up_logs
from bot.process import run_until_stopped
from bot.settings import Settings
from scheduler.agents import PROFILES
from scheduler.agents.agent import Agent, Brief, Profile
from scheduler.errors import NotConnected, Refused
from storage.reports import Report

CAUSE = "The billing folder has no file newer than Friday."
FIX = "Put one there."
LACKS = "There is no cluster to look at. Set KUBECONFIG."


@dataclass(frozen=True, slots=True, kw_only=True)
class Moody:
    """Is well or sick."""

    folder: Path
    profile: Profile = PROFILES["alex"]

    def missing(self) -> str | None:
        return None

    async def work(self, brief: Brief) -> Report:
        if (self.folder / "sick").exists():
            raise Refused(CAUSE, fix=FIX)
        return Report(headline="Yesterday: $4,212, up 9 %")


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOff:
    """Has nothing to read."""

    profile: Profile = PROFILES["kai"]

    def missing(self) -> str | None:
        return LACKS

    async def work(self, brief: Brief) -> Report:
        raise NotConnected(LACKS)


def agents_in(folder: Path) -> dict[str, Agent]:
    """Give the agents by name."""
    return {"alex": Moody(folder=folder), "kai": CutOff()}


if __name__ == "__main__":
    settings = Settings.read()
    set_up_logs(settings.log_level, settings.log_format)
    asyncio.run(run_until_stopped(App(settings, agents=agents_in(Path(sys.argv[1])))))
