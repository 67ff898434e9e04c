"""Anna, the general manager: says what the other agents' runs came to, and who did not report.

She reads nothing but Chatcron's own ledger, and of it only what the readers of her report may know
of. `week` counts, `anna_details` tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from scheduler.agents.agent import Agent, Brief, Profile
from scheduler.agents.anna_agents import Colleague
from scheduler.agents.anna_details import tell
from scheduler.agents.profiles import PROFILES
from scheduler.agents.reach import Topic, not_checked
from scheduler.agents.week import DAY, LONGEST, Week, span_of
from scheduler.errors import NotConnected
from scheduler.now import Now
from storage.records import RunId
from storage.reports import Report

OUT_OF_REACH = (
    Topic(
        said=r"incidents?|outages?|pages?|pagerduty|opsgenie|on-?call",
        name="incidents",
        why="I read Chatcron's own runs, no incident tracker",
    ),
    Topic(
        said=r"tickets?|jira|github|issues?|pull requests?|deploys?|deployments?|releases?",
        name="tickets and releases",
        why="I read Chatcron's own runs, no tracker and no repository",
    ),
    Topic(
        said=r"uptime|slos?|slas?|latency|traffic|grafana|datadog|prometheus|cloudwatch|logs?",
        name="monitoring",
        why="I read Chatcron's own runs, no metrics and no logs",
    ),
    Topic(
        said=r"(?:aws|azure|gcp|cloud) accounts?|servers?|hosts?|networks?",
        name="servers and accounts themselves",
        why="I only know what the other agents reported",
    ),
)


class Ledger(Protocol):
    """Knows what ran in the workspace."""

    async def last_look(self, run_id: RunId) -> datetime | None:
        """Say when the task of a run last began a run that reported, None if it never did."""

    async def window(self, since: datetime, until: datetime, *, channel: str) -> Week:
        """Give what happened after `since` and by `until`, as far as `channel` may know of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anna:
    """The agent who brings together what `colleagues` found, as the ledger has it."""

    ledger: Ledger | None
    now: Now
    colleagues: Mapping[str, Agent] = field(repr=False)
    profile: Profile = PROFILES["anna"]

    def missing(self) -> str | None:
        """Say that nothing is missing: there is always a ledger, be it empty."""
        return None

    async def work(self, brief: Brief) -> Report:
        """Report on the span that the prompt names, else since her last run, else on a day."""
        if self.ledger is None:
            raise NotConnected("I have no ledger to read.", fix="Ask me where Chatcron runs.")
        until = max(brief.as_of, self.now())
        last_look = await self.ledger.last_look(brief.run_id)
        since = _since(brief, until, last_look)
        week = await self.ledger.window(since, until, channel=brief.channel)
        colleagues = tuple(
            Colleague(name=agent.profile.shown, agent=name, lacks=agent.missing())
            for name, agent in self.colleagues.items()
        )
        continues = brief.before is not None and since == last_look
        asked = not_checked(brief.prompt, OUT_OF_REACH)
        return tell(week, colleagues, zone=brief.zone, asked=asked, continues=continues)


def _since(brief: Brief, until: datetime, last_look: datetime | None) -> datetime:
    if span := span_of(brief.prompt):
        return until - span
    if last_look is not None:
        return max(last_look, until - LONGEST)
    return until - (span_of(brief.task_name) or DAY)
