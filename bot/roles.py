"""Roles: which parts a process runs; several processes share the roles on one Postgres."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """All of it, talking with Slack, firing what is due, or working on runs."""

    ALL = "all"
    BOT = "bot"
    SCHEDULER = "scheduler"
    WORKER = "worker"

    @property
    def talks(self) -> bool:
        """Whether it hears people and brings them what they are owed."""
        return self in (Role.ALL, Role.BOT)

    @property
    def fires(self) -> bool:
        """Whether it turns due moments into runs, and cares for those of dead processes."""
        return self in (Role.ALL, Role.SCHEDULER)

    @property
    def works(self) -> bool:
        """Whether it lets agents work on runs."""
        return self in (Role.ALL, Role.WORKER)
