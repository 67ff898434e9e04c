"""Outage: whether the database answers, told once when it stops and once when it does again.

Every transaction passes here, so that whoever needs the database may leave the telling to this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import sqlalchemy as sa
import structlog

REMINDED_EVERY_S = 60.0
_AWAY_FILES = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_FULL")
_AWAY_SERVERS = ("08", "57P01", "57P02", "57P03", "53300")
"""How Postgres begins its codes for: no connection, a stop, a crash, a start, no room for more."""

log = structlog.get_logger(__name__)


def is_outage(error: BaseException | None) -> bool:
    """Say whether an error, or what it came from, is that the database does not answer."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if _says_away(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _says_away(error: BaseException) -> bool:
    if isinstance(error, sa.exc.DBAPIError):
        return error.connection_invalidated or _says_away(error.orig or Exception())
    if name := getattr(error, "sqlite_errorname", None):
        return str(name).startswith(_AWAY_FILES)
    kinds = [(kind.__module__.partition(".")[0], kind.__name__) for kind in type(error).__mro__]
    if ("psycopg", "OperationalError") not in kinds:
        return False
    code = getattr(error, "sqlstate", None)
    return code is None or str(code).startswith(_AWAY_SERVERS)


class Outage:
    """Knows since when the database of one process does not answer."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._since: float | None = None
        self._told_at = 0.0

    @property
    def lasts_s(self) -> float | None:
        """Say for how long it lasts; None while the database answers."""
        return None if self._since is None else self._clock() - self._since

    @contextmanager
    def watched(self, *, proves: bool = True) -> Iterator[None]:
        """Watch a transaction; where it `proves` that all is well, its end ends the outage."""
        try:
            yield
        except Exception as error:
            if is_outage(error):
                self._goes_on(error)
            raise
        if proves:
            self._is_over()

    def _goes_on(self, error: BaseException) -> None:
        now = self._clock()
        if self._since is None:
            self._since = self._told_at = now
            log.warning(
                "The database does not answer; work goes on by itself when it does",
                action="database_away",
                reason=_first_line(error),
            )
        elif now - self._told_at >= REMINDED_EVERY_S:
            self._told_at = now
            log.warning(
                "The database still does not answer",
                action="database_away",
                seconds=round(now - self._since),
                reason=_first_line(error),
            )

    def _is_over(self) -> None:
        if self._since is not None:
            seconds, self._since = round(self._clock() - self._since, 1), None
            log.warning("The database answers again", action="database_back", seconds=seconds)


def _first_line(error: BaseException) -> str:
    told = str(getattr(error, "orig", None) or error).splitlines()
    return told[0] if told else type(error).__name__
