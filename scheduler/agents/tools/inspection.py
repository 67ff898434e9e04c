"""What one of Oliver's looks gives back, and how his tools make findings of what they see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from storage.reports import Finding, Section, Severity

NAMED = 4
_CLIPPED, _LONG = 80, 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """One topic's findings; `looked_at` says what was looked at, as it stands in a table.

    What could not be checked, though it was due, is a finding of severity UNKNOWN; `unknowns` are
    the limits that every look has.
    """

    looked_at: str
    findings: tuple[Finding, ...]
    sections: tuple[Section, ...] = ()
    unknowns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Observer:
    """Makes the findings of one topic: each with the moment and the source of the look."""

    topic: str
    now: datetime
    source: str

    def finding(
        self,
        name: str,
        resource: str,
        severity: Severity,
        text: str,
        *,
        value: float | None = None,
        unit: str | None = None,
    ) -> Finding:
        """Give a finding whose key is made of the topic, the check's name and the resource."""
        return Finding(
            key=f"{self.topic}.{name}:{printable(resource, limit=_LONG)}",
            severity=severity,
            resource=printable(resource, limit=_LONG),
            text=printable(text, limit=_LONG),
            value=value,
            unit=unit,
            observed_at=self.now,
            source=self.source,
        )


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """Say how many there are of something."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def listed(names: Iterable[str]) -> str:
    """Name the first few and count the others."""
    all_ = [printable(name, limit=200) for name in names]
    rest = len(all_) - NAMED
    return ", ".join(all_[:NAMED]) + (f" and {rest:,} more" if rest > 0 else "")


def printable(text: str, *, limit: int = _CLIPPED) -> str:
    """Make a stranger's text fit for one line: no control characters, and not too long."""
    line = "".join(char if char.isprintable() else "?" for char in text)
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def day(moment: datetime) -> str:
    """Write the day of a moment, in UTC, as "Fri 27 Nov 2026"."""
    return f"{moment:%a} {moment.day} {moment:%b %Y}"
