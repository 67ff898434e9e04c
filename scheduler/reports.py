"""How one report differs from the one before it, by the stable keys of their findings."""

from __future__ import annotations

from dataclasses import dataclass, replace

from storage.reports import LOUD, Finding, Report, Section, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is new, what got a new value or severity, and what is gone."""

    new: tuple[Finding, ...] = ()
    changed: tuple[tuple[Finding, Finding], ...] = ()
    resolved: tuple[Finding, ...] = ()


def compare(before: Report, after: Report) -> Changes:
    """Compare two reports by the keys of the findings that matter (quiet ones are left out)."""
    old = {item.key: item for item in before.findings if item.severity in LOUD}
    present = {item.key: item for item in after.findings if item.severity in LOUD}
    both = [(old[key], present[key]) for key in present if key in old]
    return Changes(
        new=tuple(item for key, item in present.items() if key not in old),
        changed=tuple((was, is_) for was, is_ in both if _differs(was, is_)),
        resolved=tuple(item for key, item in old.items() if key not in present),
    )


def _differs(before: Finding, after: Finding) -> bool:
    return (before.value, before.severity) != (after.value, after.severity)


def nothing_checked(report: Report) -> str | None:
    """Say so, and why, where a report holds nothing but what could not be checked.

    Whatever was seen stands in a finding or a section; a finding that only says that something
    was not checked is named among the unknowns, too.
    """
    unmade = all(
        finding.severity is Severity.UNKNOWN and finding.text in report.unknowns
        for finding in report.findings
    )
    saw = bool(report.sections) and not report.findings
    if not report.unknowns or not unmade or saw:
        return None
    more = f" {len(report.unknowns) - 1} more could not be." if len(report.unknowns) > 1 else ""
    return f"Nothing could be checked: {report.unknowns[0]}{more}"


def with_changes(report: Report, before: Report | None) -> Report:
    """Give the report with a section on what changed since the one before, if anything did."""
    if before is None or before.is_sample != report.is_sample:
        return report
    changes = compare(before, report)
    lines = (
        *(f"New: {item.text}" for item in changes.new),
        *(f"Changed: {after.text} (before: {was.text})" for was, after in changes.changed),
        *(f"Resolved: {item.text}" for item in changes.resolved),
    )
    if not lines:
        return report
    section = Section(title="Since the last report", lines=lines)
    return replace(report, sections=(section, *report.sections))
