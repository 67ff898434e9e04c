"""What an agent is: a profile for people, and work that turns a brief into a report.

An agent looks with read-only tools (`scheduler.agents.tools`) and formats its own report. It raises
`NotConnected` where it has nothing to read, `Temporary` (or `StaleData`) where another try may
help, and never makes up a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from storage.records import Report, RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How an agent is shown: `emoji` is a Slack emoji name with colons, `does` ends a sentence."""

    name: str
    title: str
    emoji: str
    does: str

    @property
    def shown(self) -> str:
        """Give the name as it stands beside what the agent says."""
        return self.name.capitalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """One piece of work: what to do, as of when, and in whose local time to say it.

    `as_of` is the due moment (or the request's moment) in UTC; `zone` the task's IANA zone;
    `channel` is where the report will be read; `before` is the task's last report there, if any.
    """

    run_id: RunId
    task_name: str
    prompt: str
    as_of: datetime
    zone: str
    channel: str
    before: Report | None = None


class Agent(Protocol):
    """Somebody who can be asked to look into something."""

    @property
    def profile(self) -> Profile:
        """Say who this is."""

    def missing(self) -> str | None:
        """Say what must be connected before this agent can work, or None when it can."""

    async def work(self, brief: Brief) -> Report:
        """Look, and report what was found; the caller sets the time limit and cancels."""
