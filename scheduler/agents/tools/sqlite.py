"""The health pack for an SQLite file: opened read-only, so nothing it runs can change the file.

Called by Tony through a child process, since each statement here may block for as long as it likes.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from stat import S_IWOTH
from urllib.parse import quote

from scheduler.agents.tools import sqlite_tables
from scheduler.agents.tools.checkup import MIB, Checkup, Limits, Scope, Verdict, limit, size
from scheduler.agents.tools.sqlite_tables import COUNTED_ROWS
from scheduler.errors import NotConnected, Temporary
from storage.reports import Finding, Severity

CHECK_SECONDS = 60
_STEPS = 10_000  # virtual machine steps between two looks at the clock


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """An open file and where it lies."""

    path: Path
    connection: sqlite3.Connection
    limits: Limits

    def number(self, pragma: str) -> int:
        return int(self.connection.execute(f"PRAGMA {pragma}").fetchone()[0])

    @property
    def bytes(self) -> int:
        return self.number("page_count") * self.number("page_size")


def look(path: str, now: datetime, scope: Scope) -> Checkup:
    """Check the file within a scope.

    Raises NotConnected where there is none, Temporary where it is in use.
    """
    file = Path(path)
    if not _is_file(file):
        raise NotConnected(f"There is no SQLite file {file.name}.", fix="Check the address.")
    address = f"file:{quote(str(file.resolve()))}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=5)) as connection:
            connection.execute("PRAGMA query_only = ON")
            open_file = _File(path=file, connection=connection, limits=scope.limits)
            return _checkup(open_file, now, scope)
    except sqlite3.DatabaseError as error:
        raise _unreadable(file, error) from error


def _is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError:  # a folder on the way is closed to us
        return False


def _unreadable(file: Path, error: sqlite3.DatabaseError) -> NotConnected | Temporary:
    if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
        return NotConnected(f"{file.name} is not an SQLite database.", fix="Check the address.")
    return Temporary(f"{file.name} could not be read: it is locked, damaged or out of reach.")


def _checkup(file: _File, now: datetime, scope: Scope) -> Checkup:
    fact = partial(_finding, file=file, now=now)
    findings = tuple(fact(name, _verdict(file, name, check)) for name, check in CHECKS.items())
    counts = sqlite_tables.count(file.connection, _stop_after)
    close, unmet = sqlite_tables.closely(file.connection, scope.table)
    if scope.limits.table_bytes is not None:
        unmet.append("I did not check the size of tables: an SQLite file does not tell it.")
    return Checkup(
        size_bytes=file.bytes,
        findings=findings,
        facts=(
            fact("size", _fact(file.bytes / MIB, "MiB")),
            *(
                fact(f"table.{name}", _fact(rows, "rows"))
                for name, rows in counts.items()
                if rows <= COUNTED_ROWS
            ),
        ),
        sections=(*close, *sqlite_tables.biggest(counts)),
        unmet=tuple(unmet),
        unknowns=("The age of the last backup is not known: an SQLite file does not say.",),
    )


def _finding(name: str, verdict: Verdict, *, file: _File, now: datetime) -> Finding:
    return Finding(
        key=f"sqlite.{name}",
        severity=verdict.severity,
        resource=file.path.name,
        text=verdict.text,
        value=verdict.value,
        unit=verdict.unit,
        observed_at=now,
        source="SQLite file, opened read-only",
    )


def _fact(value: float, unit: str) -> Verdict:
    return Verdict(
        severity=Severity.INFO, text=f"{value:,.0f} {unit}.", value=round(value, 2), unit=unit
    )


def _verdict(file: _File, name: str, check: Callable[[_File], Verdict]) -> Verdict:
    """Make one check, for at most CHECK_SECONDS; one that cannot be made is UNKNOWN."""
    _stop_after(file.connection)
    title = name.replace("_", " ").capitalize()
    try:
        return check(file)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            reason = f"not done within {CHECK_SECONDS} s"
        else:
            reason = "the file could not be read"
        return Verdict(severity=Severity.UNKNOWN, text=f"{title}: not checked, {reason}.")
    except OSError:
        return Verdict(
            severity=Severity.UNKNOWN, text=f"{title}: not checked, the file is out of reach."
        )


def _stop_after(connection: sqlite3.Connection) -> None:
    until = time.monotonic() + CHECK_SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)


def _integrity(file: _File) -> Verdict:
    rows = file.connection.execute("PRAGMA quick_check(10)").fetchall()
    problems = [text for (text,) in rows if text != "ok"]
    if problems:
        return Verdict(
            severity=Severity.CRITICAL,
            text=f"The file is damaged: quick_check names at least {len(problems)} of its places.",
            value=len(problems),
            unit="problems",
        )
    return Verdict(severity=Severity.OK, text="The file's structure is whole (quick_check).")


def _foreign_keys(file: _File) -> Verdict:
    broken = len(file.connection.execute("PRAGMA foreign_key_check").fetchmany(1000))
    return Verdict(
        severity=Severity.CRITICAL if broken else Severity.OK,
        text=f"Rows that refer to rows that are not there: {broken}."
        if broken
        else "Every reference leads to a row.",
        value=broken,
        unit="rows",
    )


def _journal(file: _File) -> Verdict:
    mode = str(file.connection.execute("PRAGMA journal_mode").fetchone()[0])
    if mode in ("off", "memory"):
        text = f"Journal mode is {mode}: a crash can damage the file."
        return Verdict(severity=Severity.WARNING, text=text)
    return Verdict(severity=Severity.OK, text=f"Journal mode is {mode}: a crash loses no commit.")


def _free_pages(file: _File) -> Verdict:
    pages, free = file.number("page_count"), file.number("freelist_count")
    share = 100 * free / pages if pages else 0.0
    wasted = free * file.number("page_size")
    counts = wasted >= 64 * MIB or "free_pages" in file.limits.named
    severity = limit(share, warn=file.limits.free_pages) if counts else Severity.OK
    text = f"{share:.0f} % of the file is free space ({size(wasted)})."
    return Verdict(severity=severity, text=text, value=round(share, 1), unit="%")


def _write_ahead_log(file: _File) -> Verdict:
    log = file.path.with_name(file.path.name + "-wal")
    bytes_ = log.stat().st_size if log.exists() else 0
    return Verdict(
        severity=limit(bytes_, warn=max(256 * MIB, file.bytes), critical=4096 * MIB),
        text=f"The write-ahead log holds {size(bytes_)}.",
        value=round(bytes_ / MIB, 2),
        unit="MiB",
    )


def _disk_space(file: _File) -> Verdict:
    usage = shutil.disk_usage(file.path.parent)
    share = 100 * usage.free / usage.total
    severity = Severity.OK
    if share < file.limits.disk_free:
        severity = (
            Severity.CRITICAL if usage.free < max(file.bytes, 512 * MIB) else Severity.WARNING
        )
    return Verdict(
        severity=severity,
        text=f"{size(usage.free)} of its disk are free ({share:.0f} %).",
        value=round(share, 1),
        unit="%",
    )


def _permissions(file: _File) -> Verdict:
    if file.path.stat().st_mode & S_IWOTH:
        return Verdict(severity=Severity.CRITICAL, text="Every user of the machine may write it.")
    return Verdict(severity=Severity.OK, text="Other users of the machine cannot write it.")


CHECKS: dict[str, Callable[[_File], Verdict]] = {
    "integrity": _integrity,
    "foreign_keys": _foreign_keys,
    "journal": _journal,
    "free_pages": _free_pages,
    "write_ahead_log": _write_ahead_log,
    "disk_space": _disk_space,
    "permissions": _permissions,
}
