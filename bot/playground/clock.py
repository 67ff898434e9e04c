"""The local Slack's own clock, for what expires and what waits; a test may put it forward."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """Counts seconds from any beginning, never backward."""

    def __init__(self, base: Callable[[], float] = time.monotonic) -> None:
        self._base = base
        self._ahead = 0.0

    def __call__(self) -> float:
        """Give the seconds now."""
        return self._base() + self._ahead

    def forward(self, seconds: float) -> None:
        """Let this many seconds pass at once."""
        self._ahead += seconds
