"""What the reports of agents have in common: words for severities, notes, what is hidden. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from scheduler.agents.tools.inspection import counted
from storage.reports import Finding, Report, Section, Severity

NOTES = 20
BAD = (Severity.CRITICAL, Severity.WARNING)
WORDS = {
    Severity.CRITICAL: "critical",
    Severity.WARNING: "to look at",
    Severity.UNKNOWN: "not checked",
}
_UNSEEN = "Not seen again, as not all could be checked: "


def in_numbers(findings: Sequence[Finding]) -> str:
    """Count the findings that somebody is to look at ("1 critical, 2 not checked")."""
    severities = [it.severity for it in findings]
    counts = ((severities.count(severity), word) for severity, word in WORDS.items())
    return ", ".join(f"{count:,} {word}" for count, word in counts if count)


def notes(findings: Sequence[Finding]) -> tuple[Section, ...]:
    """List what is worth knowing and no more."""
    told = [it.text for it in findings if it.severity is Severity.INFO]
    if not told:
        return ()
    rest = len(told) - NOTES
    more = (f"{counted(rest, 'more note')}.",) if rest > 0 else ()
    return (Section(title="Notes", lines=(*told[:NOTES], *more)),)


def unseen(
    before: Report | None, found: Sequence[Finding], is_hidden: Callable[[Finding], bool]
) -> Iterator[Finding]:
    """Keep what was wrong and can't be seen now, so that nobody takes it for resolved."""
    present = {it.key for it in found}
    for finding in before.findings if before is not None else ():
        was_bad = finding.severity in BAD or finding.text.startswith(_UNSEEN)
        if was_bad and finding.key not in present and is_hidden(finding):
            text = _UNSEEN + finding.text.removeprefix(_UNSEEN)
            yield replace(finding, severity=Severity.UNKNOWN, text=text)
