"""How Oliver tells what he saw: the worst first, and what was not checked by name. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from scheduler.agents.tools.inspection import Inspection, counted
from storage.records import Finding, Report, Section, Severity

NOTES = 20
_ORDER = (Severity.CRITICAL, Severity.WARNING, Severity.UNKNOWN, Severity.INFO, Severity.OK)


class Area(StrEnum):
    """What Oliver looks at."""

    CERTIFICATES = "certificates"
    HEADERS = "headers"
    SECRETS = "secrets"
    PERMISSIONS = "permissions"
    UPDATES = "updates"
    OWN = "chatcron"

    @property
    def shown(self) -> str:
        """Give the area as it stands in a headline or a table."""
        return "Chatcron itself" if self is Area.OWN else self.value.capitalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One area and what the look at it came to."""

    area: Area
    inspection: Inspection


def tell(
    subject: str, looks: Sequence[Looked], refused: Sequence[Finding], unknowns: Sequence[str]
) -> Report:
    """Turn what was seen into a report; `refused` is what was asked for and not looked at."""
    seen = [*refused, *(finding for it in looks for finding in it.inspection.findings)]
    once = {(it.severity, it.text): it for it in reversed(seen)}
    kept = [it for it in seen if once[it.severity, it.text] is it]
    findings = tuple(sorted(kept, key=lambda it: _ORDER.index(it.severity)))
    unmade = [it for it in findings if it.severity is Severity.UNKNOWN]
    limits = [text for it in looks for text in it.inspection.unknowns]
    named = (*(it.text for it in unmade), *dict.fromkeys([*unknowns, *limits]))
    return Report(
        headline=f"{subject}: {_count(findings)}",
        lines=_lines(findings, named),
        sections=_sections(looks, findings),
        findings=findings,
        unknowns=named,
    )


def _count(findings: Sequence[Finding]) -> str:
    number = {severity: _number(findings, severity) for severity in Severity}
    critical, look = number[Severity.CRITICAL], number[Severity.WARNING]
    unmade = number[Severity.UNKNOWN]
    made = len(findings) - unmade
    parts = [f"{critical:,} critical"] if critical else []
    parts += [f"{look:,} to look at"] if look else []
    if not made:
        return "nothing could be checked"
    if not parts:
        passed = "1 check passed" if made == 1 else f"all {made:,} checks passed"
        parts = [passed.removeprefix("all ") if unmade else passed]
    return ", ".join([*parts, *([f"{unmade:,} not checked"] if unmade else [])])


def _number(findings: Sequence[Finding], severity: Severity) -> int:
    return sum(it.severity is severity for it in findings)


def _lines(findings: Sequence[Finding], named: Sequence[str]) -> tuple[str, ...]:
    bad = [it.text for it in findings if it.severity in (Severity.CRITICAL, Severity.WARNING)]
    told, rest = bad[:2], len(bad) - 2
    if rest > 0:
        return *told, f"{rest:,} more in the details."
    if not named:
        return tuple(told)
    more = f" {len(named) - 1:,} more in the details." if len(named) > 1 else ""
    return *told, f"Not checked: {named[0]}{more}"


def _sections(looks: Sequence[Looked], findings: Sequence[Finding]) -> tuple[Section, ...]:
    lines = tuple(f"{it.area.shown}: {it.inspection.looked_at}, {_result(it)}." for it in looks)
    sections = [Section(title="What was checked", lines=lines)] if lines else []
    sections += [section for it in looks for section in it.inspection.sections]
    notes = [it.text for it in findings if it.severity is Severity.INFO]
    if notes:
        rest = len(notes) - NOTES
        more = (f"{counted(rest, 'more note')}.",) if rest > 0 else ()
        sections.append(Section(title="Notes", lines=(*notes[:NOTES], *more)))
    return tuple(sections)


def _result(it: Looked) -> str:
    words = {
        Severity.CRITICAL: "critical",
        Severity.WARNING: "to look at",
        Severity.UNKNOWN: "not checked",
    }
    counts = ((_number(it.inspection.findings, severity), word) for severity, word in words.items())
    told = ", ".join(f"{count:,} {word}" for count, word in counts if count)
    return told or ("in order" if it.inspection.findings else "nothing to judge")
