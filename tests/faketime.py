"""Where libfaketime is, and how a program's wall clock is moved with it while the program runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

PLACES = (
    "/usr/lib/*/faketime/libfaketime.so.1",
    "/usr/lib*/faketime/libfaketime.so.1",
    "/usr/local/lib/faketime/libfaketime.so.1",
)


def find_faketime() -> Path | None:
    """Give the library on this machine, None where there is none."""
    root = Path("/")
    found = (path for place in PLACES for path in sorted(root.glob(place.removeprefix("/"))))
    return next(found, None)


needs_faketime = pytest.mark.skipif(
    find_faketime() is None, reason="there is no libfaketime on this machine"
)


@dataclass(slots=True, kw_only=True)
class Dial:
    """The wall clock of the programs that have its settings; elapsed time stays what it is."""

    file: Path
    ahead: timedelta = timedelta()

    @property
    def settings(self) -> dict[str, str]:
        """Give what a program's environment needs, from its start."""
        self._write()
        return {
            "LD_PRELOAD": str(find_faketime()),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # else each wait of a thread is drawn out
            "TZ": "UTC",
        }

    def now(self) -> datetime:
        """Give the moment that the programs take for the present."""
        return datetime.now(UTC) + self.ahead

    def jump(self, by: timedelta) -> datetime:
        """Move the clock, and give the moment it shows right after."""
        self.ahead += by
        self._write()
        return self.now()

    def _write(self) -> None:
        draft = self.file.with_suffix(".draft")
        draft.write_text(f"{self.ahead.total_seconds():+.0f}\n", encoding="utf-8")
        draft.replace(self.file)
