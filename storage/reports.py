"""What an agent reports: findings, sections and a headline, as frozen values of plain text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters; UNKNOWN is never green."""

    OK = "ok"
    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


LOUD = (Severity.CRITICAL, Severity.WARNING, Severity.UNKNOWN)
"""What somebody is to look at, the worst first."""
WORST_FIRST = (*LOUD, Severity.INFO, Severity.OK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing an agent saw. `key` is stable from run to run, so that runs can be compared.

    `value` is in `unit` ("USD", "%", "MiB", "connections", …); `source` says where it was read.
    """

    key: str
    severity: Severity
    resource: str
    text: str
    value: float | None = None
    unit: str | None = None
    observed_at: datetime
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A titled part of a report's details: plain lines, or a table of text cells."""

    title: str
    lines: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an agent found: plain text only, no markup; whoever shows it escapes it.

    `headline` fits one phone line; `lines` are the one to three sentences below it; `sections` are
    the details; `unknowns` names what could not be checked; `is_sample` labels sample data.
    """

    headline: str
    lines: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    findings: tuple[Finding, ...] = ()
    unknowns: tuple[str, ...] = ()
    is_sample: bool = False
