"""What an agent is: a profile for people, and work that turns a brief into a report.

An agent looks with read-only tools (`scheduler.agents.tools`) and formats its own report. It raises
`NotConnected` where it has nothing to read, `Temporary` (or `StaleData`) where another try may
help, and never makes up a number.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from storage.records import RunId
from storage.reports import Report


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
    After `limit_s` seconds the caller gives up.
    """

    run_id: RunId
    task_name: str
    prompt: str
    as_of: datetime
    zone: str
    channel: str
    before: Report | None = None
    limit_s: float | None = None


class Agent(Protocol):
    """Somebody who can be asked to look into something."""

    @property
    def profile(self) -> Profile:
        """Say who this is."""

    def missing(self) -> str | None:
        """Say what must be connected before this agent can work, or None when it can."""

    async def work(self, brief: Brief) -> Report:
        """Look, and report what was found; the caller sets the time limit and cancels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One thing an agent can look at, read-only, for a model that asks.

    `parameters` is a JSON schema; `call` takes arguments that nobody has checked against it.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]
    call: Callable[[Mapping[str, Any]], Awaitable[Report]]


@runtime_checkable
class ManySided(Protocol):
    """An agent that can also look at a part of what it looks at."""

    def tools(self, brief: Brief) -> tuple[Tool, ...]:
        """Give a tool for each part, besides the whole."""


def tools_of(agent: Agent, brief: Brief) -> tuple[Tool, ...]:
    """Give what a model may use of an agent: its parts, where it has any; the whole is `work`."""
    return agent.tools(brief) if isinstance(agent, ManySided) else ()


def about(agent: Agent, brief: Brief, subject: object) -> Awaitable[Report]:
    """Let an agent look again, as if it had been asked about one subject."""
    return agent.work(replace(brief, prompt=str(subject)[:200]))
