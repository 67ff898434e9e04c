"""Tally: what this process counted since it began, for whoever watches it; it names no vendor.

The Dispatcher counts what did not start, the Runner what did; `bot.metrics` writes it down.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from datetime import datetime, timedelta

from storage.records import RunStatus

DELAYS_S = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200)
"""The upper bounds, in seconds, that start delays are sorted by."""
JUMP = timedelta(seconds=2)
"""From how much on the wall clock counts as having jumped: slewing stays far below."""


class Tally:
    """Plain counts; they begin at zero with the process."""

    def __init__(self) -> None:
        self.ended: Counter[RunStatus] = Counter()
        self.missed: Counter[str] = Counter()
        self.delays = [0] * (len(DELAYS_S) + 1)
        self.delay_sum_s = 0.0
        self.taken_over = 0
        self.jumps: Counter[str] = Counter({"forward": 0, "backward": 0})

    def started(self, delay: timedelta) -> None:
        """Count a due moment that starts so long after its time."""
        seconds = max(delay.total_seconds(), 0.0)
        self.delays[bisect_left(DELAYS_S, seconds)] += 1
        self.delay_sum_s += seconds

    def end(self, status: RunStatus, count: int = 1) -> None:
        """Count runs, or moments without one, that ended so."""
        self.ended[status] += count

    def miss(self, cause: str, count: int = 1) -> None:
        """Count missed moments by a short name of why; the texts of reasons name tasks."""
        self.missed[cause] += count
        self.end(RunStatus.MISSED, count)

    def take_over(self, count: int = 1) -> None:
        """Count attempts that another process, or this one before, left behind."""
        self.taken_over += count


class JumpWatch:
    """Notices when the wall clock moves otherwise than elapsed time does."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._before: tuple[datetime, float] | None = None

    def look(self, now: datetime, elapsed_s: float) -> timedelta | None:
        """Give by how much the clock jumped since the last look, None when it did not.

        `elapsed_s` comes from a clock that never jumps; below zero is a jump back.
        """
        before, self._before = self._before, (now, elapsed_s)
        if before is None:
            return None
        jump = (now - before[0]) - timedelta(seconds=elapsed_s - before[1])
        if abs(jump) < JUMP:
            return None
        self._tally.jumps["forward" if jump > timedelta() else "backward"] += 1
        return jump
