"""What a look at a database gives back, whichever engine it is; made by the packs, told by Tony."""

from __future__ import annotations

from dataclasses import dataclass

from storage.reports import Finding, Section, Severity

MIB = 1024 * 1024
GIB = 1024 * MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From where on a value needs a look; shares in per cent, spans in seconds.

    `named` holds the slots that the person named; those that default to None are checked only then.
    """

    query_s: float = 300
    idle_s: float = 300
    wait_s: float = 30
    connections: float = 80
    cache: float = 90
    dead: float = 20
    free_pages: float = 25
    disk_free: float = 10
    table_bytes: float | None = None
    database_bytes: float | None = None
    growth: float = 50
    growth_bytes: float | None = None
    named: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a look is about: its limits, and one table to look at closely, if one was named."""

    limits: Limits = Limits()
    table: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one check came to, before it is a finding: `value` is in `unit`."""

    severity: Severity
    text: str
    value: float | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """One finding for each check that was due, and what no check could answer.

    A check that could not be made is a finding of severity UNKNOWN. `facts` are sizes, in MiB or
    rows, to be compared with those of a later look. `unmet` names what the scope asked for in vain.
    """

    size_bytes: int
    findings: tuple[Finding, ...]
    facts: tuple[Finding, ...] = ()
    sections: tuple[Section, ...] = ()
    unmet: tuple[str, ...] = ()
    unknowns: tuple[str, ...] = ()


def limit(value: float, *, warn: float, critical: float | None = None) -> Severity:
    """Say how bad a value is that should stay below its limits."""
    if critical is not None and value >= critical:
        return Severity.CRITICAL
    return Severity.WARNING if value >= warn else Severity.OK


def span(seconds: float) -> str:
    """Say a span of time in the unit a person would use."""
    if seconds >= 7200:
        return f"{seconds / 3600:.0f} h"
    if seconds >= 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds:.0f} s" if seconds >= 1 else f"{1000 * seconds:.0f} ms"


def size(count: float) -> str:
    """Say a number of bytes in the unit a person would use."""
    for unit, step in (("GiB", 1024 * MIB), ("MiB", MIB)):
        if count >= step:
            return f"{count / step:.1f} {unit}"
    return f"{count / 1024:.0f} KiB"
