"""Stillness: while nothing is written and nothing comes due, a look would find nothing new.

The pumps ask once a second. On SQLite this spares a process at rest the reading; on Postgres, where
the answer is not to be had for less than a look, each look is taken.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

from storage.changes import Changes

LONGEST_S = 5.0
"""After how long a look is taken all the same."""


class Stillness:
    """Remembers a look that found nothing to do, and until when it goes on to hold."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._found_at: int | None = None
        self._look_by = 0.0
        self.until: datetime | None = None

    def mark(self) -> int | None:
        """Give what `begins` wants to know: how the database stood before the look."""
        return self._changes.mark()

    def begins(self, mark: int | None, *, until: datetime | None) -> None:
        """Note that a look found nothing to do before `until`; None is for ever."""
        self._found_at, self.until = mark, until
        self._look_by = asyncio.get_running_loop().time() + LONGEST_S

    def lasts(self, now: datetime) -> bool:
        """Say whether a look would find no more than the last one."""
        if self._found_at is None or asyncio.get_running_loop().time() >= self._look_by:
            return False
        is_early = self.until is None or now < self.until
        return is_early and self._changes.mark() == self._found_at
