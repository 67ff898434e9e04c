"""The agents by name: the one place that knows them all."""

from __future__ import annotations

from scheduler.agents.profiles import PROFILES
from scheduler.agents.sources import Sources

__all__ = ["PROFILES", "ROSTER", "Sources"]

ROSTER = tuple(PROFILES)
