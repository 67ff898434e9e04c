"""Changes: whether a database file was written to since it was last asked, by whomever.

SQLite counts for each connection what others commit; one that writes nothing sees all of it. To ask
takes microseconds and no thread, so that a process with nothing to do can ask every second.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path


class Changes:
    """Watches one file; None, as on Postgres, is nothing that could be watched."""

    def __init__(self, file: str | None) -> None:
        self._address = None if file is None else f"{Path(file).absolute().as_uri()}?mode=rw"
        self._connection: sqlite3.Connection | None = None

    def mark(self) -> int | None:
        """Give a number that is another one after each commit; None where it can't be known."""
        if self._address is None:
            return None
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(
                    self._address, uri=True, timeout=0, isolation_level=None
                )
                self._connection.execute("PRAGMA query_only = ON").close()
            [(number,)] = self._connection.execute("PRAGMA data_version").fetchall()
        except sqlite3.Error:
            return None
        return int(number)

    def close(self) -> None:
        """Let go of the file; to ask again opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
