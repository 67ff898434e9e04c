"""Anna, the general manager: without the others' findings in this version, and saying so."""

from __future__ import annotations

from scheduler.agents.profiles import PROFILES
from scheduler.agents.unconnected import Unconnected


def anna() -> Unconnected:
    """Give Anna, who cannot read what the other agents found yet."""
    return Unconnected(
        profile=PROFILES["anna"],
        lacks="I can't read the other agents' findings yet: bringing them together is not part of "
        "this version.",
        fix="Ask Tony (databases) or Alex (cloud cost) directly.",
    )
