"""How Oliver tells what he saw: the worst first, and what was not checked by name. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from scheduler.agents.summary import BAD, in_numbers, notes, unseen
from scheduler.agents.tools.inspection import Inspection, counted
from storage.reports import WORST_FIRST, Finding, Report, Section, Severity


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

    @property
    def topic(self) -> str:
        """Give what the keys of its findings begin with."""
        return _TOPICS.get(self, self.value)


_TOPICS = {Area.CERTIFICATES: "certificate", Area.OWN: "own"}
_HIDES_ALL, _HIDES_ITS_OWN = ("all", "cut_off"), ("page", "expiry", "folder", "closed", "big")
"""The checks that are UNKNOWN where others could not be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One area and what the look at it came to."""

    area: Area
    inspection: Inspection


def tell(
    subject: str,
    looks: Sequence[Looked],
    refused: Sequence[Finding],
    unknowns: Sequence[str],
    *,
    before: Report | None = None,
) -> Report:
    """Turn what was seen into a report; `refused` is what was asked for and not looked at.

    What the report `before` told of and can't be seen now stays in it.
    """
    made = [finding for it in looks for finding in it.inspection.findings]
    unseen_now = unseen(before, made, lambda it: any(_hides(other, it) for other in made))
    seen = [*refused, *made, *unseen_now]
    once = {(it.severity, it.text): it for it in reversed(seen)}
    kept = [it for it in seen if once[it.severity, it.text] is it]
    findings = tuple(sorted(kept, key=lambda it: WORST_FIRST.index(it.severity)))
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


def _hides(unmade: Finding, finding: Finding) -> bool:
    """Say whether a check that could not be made leaves open what another had found."""
    topic, _, check = unmade.key.partition(":")[0].partition(".")
    if unmade.severity is not Severity.UNKNOWN or not finding.key.startswith(f"{topic}."):
        return False
    is_its_own = finding.resource == unmade.resource or finding.resource in unmade.text
    is_below = finding.resource.startswith(f"{unmade.resource.rstrip('/')}/")
    return check in _HIDES_ALL or (check in _HIDES_ITS_OWN and (is_its_own or is_below))


def _count(findings: Sequence[Finding]) -> str:
    made = [it for it in findings if it.severity is not Severity.UNKNOWN]
    if not made:
        return "nothing could be checked"
    told = in_numbers(findings)
    if any(it.severity in BAD for it in made):
        return told
    every = "" if told or len(made) == 1 else "all "
    passed = f"{every}{counted(len(made), 'check')} passed"
    return f"{passed}, {told}" if told else passed


def _lines(findings: Sequence[Finding], named: Sequence[str]) -> tuple[str, ...]:
    bad = [it.text for it in findings if it.severity in BAD]
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
    return (*sections, *notes(findings))


def _result(it: Looked) -> str:
    told = in_numbers(it.inspection.findings)
    return told or ("in order" if it.inspection.findings else "nothing to judge")
