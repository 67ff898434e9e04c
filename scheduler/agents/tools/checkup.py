"""What a look at a database gives back, whichever engine it is; made by the packs, told by Tony."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records import Finding, Section, Severity

MIB = 1024 * 1024


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

    A check that could not be made is a finding of severity UNKNOWN.
    """

    size_bytes: int
    findings: tuple[Finding, ...]
    sections: tuple[Section, ...] = ()
    unknowns: tuple[str, ...] = ()


def limit(value: float, *, warn: float, critical: float | None = None) -> Severity:
    """Say how bad a value is that should stay below its limits."""
    if critical is not None and value >= critical:
        return Severity.CRITICAL
    return Severity.WARNING if value >= warn else Severity.OK


def size(count: float) -> str:
    """Say a number of bytes in the unit a person would use."""
    for unit, step in (("GiB", 1024 * MIB), ("MiB", MIB)):
        if count >= step:
            return f"{count / step:.1f} {unit}"
    return f"{count / 1024:.0f} KiB"
