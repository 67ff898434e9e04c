"""Tony, for databases: checks the one he is given, by default Chatcron's own, and changes nothing.

The looking is done by `tools.sqlite` and `tools.postgres` in a child process, within what
`db_asked` reads from the prompt; Tony tells it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from scheduler.agents import db_asked, growth
from scheduler.agents.agent import Brief, Profile
from scheduler.agents.child import in_child
from scheduler.agents.db_asked import Asked
from scheduler.agents.profiles import PROFILES
from scheduler.agents.reach import Topic, not_checked
from scheduler.agents.tools import postgres, sqlite
from scheduler.agents.tools.checkup import MIB, Checkup, Limits, size, span
from storage.database import parse_url
from storage.reports import WORST_FIRST, Finding, Report, Section, Severity

LIMIT_S = 600
_STANDING = ("backup", "pg_stat_statements")
_GOOD = (Severity.OK, Severity.INFO)
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
        asked = db_asked.read(brief.prompt)
        subject = "Chatcron's database" if self.own else f"Database {url.database}"
        look_at = (brief.as_of, asked.scope)
        topics: tuple[Topic, ...] = db_asked.OUT_OF_REACH
        if url.get_backend_name() == "sqlite":
            path = str(url.database)
            if not self.own:
                subject = f"Database {path.rsplit('/', 1)[-1]}"
            checkup = await in_child(sqlite.look, path, *look_at, limit_s=LIMIT_S)
            topics = (*db_asked.SQLITE_ONLY, *topics)
        else:
            dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
            checkup = await in_child(postgres.look, dsn, *look_at, limit_s=LIMIT_S)
            topics = (*db_asked.POSTGRES_ONLY, *topics)
        in_vain = (*checkup.unmet, *asked.unread, *not_checked(brief.prompt, topics))
        return tell(subject, checkup, brief, asked, in_vain)


def tell(
    subject: str, checkup: Checkup, brief: Brief, asked: Asked, in_vain: tuple[str, ...] = ()
) -> Report:
    """Turn a checkup into a report, worst first; `in_vain` is what the prompt asked for besides."""
    limits = asked.scope.limits
    grown = growth.since(checkup.facts, brief.before)
    checks = (*checkup.findings, *_too_big(checkup, limits), *growth.alarms(grown, limits))
    findings = tuple(sorted(checks, key=lambda finding: WORST_FIRST.index(finding.severity)))
    bad = [it for it in findings if it.severity in (Severity.CRITICAL, Severity.WARNING)]
    unmade = [it for it in findings if it.severity is Severity.UNKNOWN]
    if not grown and _asks_growth(brief.prompt):
        in_vain = (*in_vain, "I did not check growth: I have no earlier report here to compare.")
    standing = (text for text in checkup.unknowns if not _is_said(text, in_vain))
    unknowns = (*in_vain, *(finding.text for finding in unmade), *standing)
    grew = growth.section(grown, brief.zone)
    return Report(
        headline=_headline(subject, checkup.size_bytes, findings, bad, [*unmade, *in_vain]),
        lines=_lines(bad, unknowns, in_vain),
        sections=(
            _checks(findings),
            *(() if grew is None else (grew,)),
            *checkup.sections,
            *_limits_used(limits),
        ),
        findings=(*findings, *checkup.facts),
        unknowns=unknowns,
    )


def _is_said(text: str, in_vain: Iterable[str]) -> bool:
    """Say whether what is never known was named already, as the prompt asked for it."""
    return any(word in text and word in said for word in _STANDING for said in in_vain)


def _asks_growth(prompt: str) -> bool:
    return any(word in prompt.lower() for word in ("growth", "grow", "grew", "trend"))


def _too_big(checkup: Checkup, limits: Limits) -> Iterator[Finding]:
    """Give the database's size where the prompt names a limit for it."""
    if limits.database_bytes is None or not checkup.facts:
        return
    fact = checkup.facts[0]
    is_over = checkup.size_bytes > limits.database_bytes
    said = "over" if is_over else "within"
    yield Finding(
        key=f"{fact.key}.limit",
        severity=Severity.WARNING if is_over else Severity.OK,
        resource=fact.resource,
        text=f"The database has {size(checkup.size_bytes)}, {said} your"
        f" {size(limits.database_bytes)}.",
        value=round(checkup.size_bytes / MIB, 2),
        unit="MiB",
        observed_at=fact.observed_at,
        source=fact.source,
    )


def _headline(
    subject: str,
    size_bytes: int,
    findings: tuple[Finding, ...],
    bad: list[Finding],
    unmade: Sequence[Finding | str],
) -> str:
    total, good = len(findings), sum(it.severity in _GOOD for it in findings)
    unsure = f", {len(unmade)} could not be made" if unmade else ""
    if bad:
        verb = "needs" if len(bad) == 1 else "need"
        return f"{subject}: {len(bad)} of {total} checks {verb} a look{unsure}"
    if unmade:
        return f"{subject}: {good} checks passed{unsure}"
    return f"{subject} is healthy: {size(size_bytes)}, {good} checks passed"


def _lines(
    bad: list[Finding], unknowns: Iterable[str], in_vain: tuple[str, ...]
) -> tuple[str, ...]:
    lines = [finding.text for finding in bad[:2]]
    if len(bad) > len(lines):
        lines[-1] += f" {len(bad) - len(lines)} more in the details."
    if in_vain or not bad:
        named = list(unknowns)
        rest = f" {len(named) - 1} more in the details." if len(named) > 1 else ""
        lines += [f"{named[0]}{rest}"] if named else []
    return tuple(lines)


def _checks(findings: tuple[Finding, ...]) -> Section:
    rows = tuple((_MARKS[finding.severity], finding.text) for finding in findings)
    return Section(title="Checks", columns=("Result", "What was seen"), rows=rows)


def _limits_used(limits: Limits) -> tuple[Section, ...]:
    """Say which limits were the prompt's and not the usual ones."""
    lines = []
    for slot in sorted(limits.named):
        value = float(getattr(limits, slot))
        unit = f"{value:g} %"
        if slot.endswith("_s"):
            unit = span(value)
        elif slot.endswith("_bytes"):
            unit = size(value)
        lines.append(f"{_SLOTS[slot]}: {unit}.")
    return (Section(title="Limits as you asked", lines=tuple(lines)),) if lines else ()


_SLOTS = {
    "query_s": "Slow queries, from",
    "idle_s": "Idle in a transaction, from",
    "wait_s": "Waiting for a lock, from",
    "connections": "Connections in use, from",
    "cache": "Cache hits, below",
    "dead": "Dead rows, from",
    "free_pages": "Free space in the file, from",
    "disk_free": "Free disk space, below",
    "table_bytes": "Tables, over",
    "database_bytes": "The database, over",
    "growth": "Growth since the last report, from",
    "growth_bytes": "Growth since the last report, from",
}
