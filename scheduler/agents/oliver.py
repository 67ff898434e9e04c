"""Oliver, for security: without a scanner in this version, and saying so."""

from __future__ import annotations

from scheduler.agents.profiles import PROFILES
from scheduler.agents.unconnected import Unconnected


def oliver() -> Unconnected:
    """Give Oliver, who has nothing he could scan with yet."""
    return Unconnected(
        profile=PROFILES["oliver"],
        lacks="I am not connected to anything I could check: this version has no security scanner.",
        fix="Tony (databases) and Alex (cloud cost) work now.",
    )
