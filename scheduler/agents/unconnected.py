"""The agents that exist by name only: what Kai, Oliver and Anna have in common until they can look.

Each says what it cannot reach and refuses to work, instead of making something up.
"""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.agents.agent import Brief, Profile
from scheduler.errors import NotConnected
from storage.records import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconnected:
    """An agent with nothing to read: `lacks` says what, `fix` what to do about it."""

    profile: Profile
    lacks: str
    fix: str

    def missing(self) -> str | None:
        """Say what is not connected, and what to do."""
        return f"{self.lacks} {self.fix}"

    async def work(self, brief: Brief) -> Report:  # noqa: ARG002  there is nothing to look into
        """Refuse, with the reason and the way out."""
        raise NotConnected(self.lacks, fix=self.fix)
