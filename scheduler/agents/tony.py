"""Tony, for databases: checks the one he is given, by default Chatcron's own, and changes nothing.

The looking is done by `tools.sqlite` and `tools.postgres` in a child process; Tony tells it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from scheduler.agents.agent import Brief, Profile
from scheduler.agents.child import in_child
from scheduler.agents.profiles import PROFILES
from scheduler.agents.tools import postgres, sqlite
from scheduler.agents.tools.checkup import Checkup, size
from storage.database import parse_url
from storage.records import Finding, Report, Section, Severity

LIMIT_S = 600
_ORDER = (Severity.CRITICAL, Severity.WARNING, Severity.UNKNOWN, Severity.INFO, Severity.OK)
_MARKS = {
    Severity.CRITICAL: "Critical",
    Severity.WARNING: "Look",
    Severity.UNKNOWN: "Unknown",
    Severity.INFO: "Note",
    Severity.OK: "OK",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tony:
    """The agent for the database at `url`; `own` says that it is Chatcron's."""

    url: str = field(repr=False)
    own: bool
    profile: Profile = PROFILES["tony"]

    def missing(self) -> str | None:
        """Say that nothing is missing: there is always a database to check."""
        return None

    async def work(self, brief: Brief) -> Report:
        """Check the database and report on every check, those that could not be made included."""
        url = parse_url(self.url)
        subject = "Chatcron's database" if self.own else f"Database {url.database}"
        if url.get_backend_name() == "sqlite":
            path = str(url.database)
            if not self.own:
                subject = f"Database {path.rsplit('/', 1)[-1]}"
            return tell(subject, await in_child(sqlite.look, path, brief.as_of, limit_s=LIMIT_S))
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return tell(subject, await in_child(postgres.look, dsn, brief.as_of, limit_s=LIMIT_S))


def tell(subject: str, checkup: Checkup) -> Report:
    """Turn a checkup into a report, worst first."""
    findings = tuple(sorted(checkup.findings, key=lambda finding: _ORDER.index(finding.severity)))
    bad = [it for it in findings if it.severity in (Severity.CRITICAL, Severity.WARNING)]
    unmade = [it for it in findings if it.severity is Severity.UNKNOWN]
    unknowns = (*(finding.text for finding in unmade), *checkup.unknowns)
    return Report(
        headline=_headline(subject, checkup, bad, unmade),
        lines=_lines(bad, unknowns),
        sections=(_checks(findings), *checkup.sections),
        findings=findings,
        unknowns=unknowns,
    )


def _headline(subject: str, checkup: Checkup, bad: list[Finding], unmade: list[Finding]) -> str:
    total, good = len(checkup.findings), len(checkup.findings) - len(bad) - len(unmade)
    if bad:
        verb = "needs" if len(bad) == 1 else "need"
        unsure = f", {len(unmade)} could not be made" if unmade else ""
        return f"{subject}: {len(bad)} of {total} checks {verb} a look{unsure}"
    if unmade:
        return f"{subject}: {good} of {total} checks passed, {len(unmade)} could not be made"
    return f"{subject} is healthy: {size(checkup.size_bytes)}, {good} checks passed"


def _lines(bad: list[Finding], unknowns: Iterable[str]) -> tuple[str, ...]:
    lines = [finding.text for finding in bad[:2]]
    if len(bad) > len(lines):
        lines.append(f"{len(bad) - len(lines)} more in the details.")
    elif named := list(unknowns):
        rest = f" {len(named) - 1} more in the details." if len(named) > 1 else ""
        lines.append(f"{named[0]}{rest}")
    return tuple(lines)


def _checks(findings: tuple[Finding, ...]) -> Section:
    rows = tuple((_MARKS[finding.severity], finding.text) for finding in findings)
    return Section(title="Checks", columns=("Result", "What was seen"), rows=rows)
