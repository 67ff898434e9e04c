"""What happened to the tasks of a workspace in a span of time, and what it comes to; pure.

Whoever keeps the ledger gives Anna a `Week`; she tells it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from scheduler import recurrence, reports
from storage.records import OPEN_RUNS, Delivery, DeliveryKind, Run, RunStatus, Task, TaskState
from storage.reports import LOUD, Finding, Report, Severity

DAY = timedelta(days=1)
LONGEST = timedelta(days=35)
GRACE = timedelta(minutes=5)
MOMENTS_A_TASK = 2_000
_SPANS = (
    (r"(?:last|past)\s+(\d{1,3})\s+hours?", timedelta(hours=1)),
    (r"(?:last|past)\s+(\d{1,2})\s+days?", DAY),
    (r"(?:last|past)\s+(\d)\s+weeks?", 7 * DAY),
    (r"weekly|week|week's|seven days|7 days", 7 * DAY),
    (r"monthly|month|month's|30 days", 30 * DAY),
    (r"daily|day|day's|today|today's|yesterday|yesterday's|24 hours|24 h|overnight", DAY),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strand:
    """One task through the window.

    `runs` are those that ended in it or are open at its end, oldest first and without reports;
    `silent` the due moments that left no row. `last` is the newest run with a report, `before` the
    newest such run from before the window; `passing` are findings of reports in between.
    """

    task: Task
    runs: tuple[Run, ...] = ()
    silent: tuple[datetime, ...] = ()
    last: Run | None = None
    before: Run | None = None
    passing: tuple[Finding, ...] = ()
    undelivered: tuple[Delivery, ...] = ()

    @property
    def report(self) -> Report | None:
        """Give the newest report, as long as somebody still keeps the task."""
        is_kept = self.task.state in (TaskState.ACTIVE, TaskState.PAUSED) or bool(self.runs)
        is_gone = self.task.state is TaskState.REMOVED
        return self.last.report if self.last is not None and is_kept and not is_gone else None

    def counts(self) -> Counter[RunStatus]:
        """Count the moments of the window by how they ended, or that they did not."""
        found: Counter[RunStatus] = Counter()
        for run in self.runs:
            found[run.status] += run.moments
        return found

    @property
    def is_fine(self) -> bool:
        """Say whether everything that was due came to a report."""
        bad = set(self.counts()) - {RunStatus.SUCCEEDED, RunStatus.CANCELLED, *OPEN_RUNS}
        return not (bad or self.silent or self.undelivered)

    @property
    def reported(self) -> bool:
        """Say whether a run of the window came to a report."""
        return any(run.status is RunStatus.SUCCEEDED for run in self.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A span of time, `since` excluded and `until` included (UTC), and the tasks in it.

    Only what the reader may know of is in it. `doubts` are sentences on what was not looked into.
    """

    since: datetime
    until: datetime
    strands: tuple[Strand, ...] = ()
    doubts: tuple[str, ...] = ()

    def counts(self) -> Counter[RunStatus]:
        """Count the moments of all tasks by how they ended."""
        return sum((strand.counts() for strand in self.strands), Counter())

    @property
    def silent(self) -> int:
        """Count the due moments that left no row."""
        return sum(len(strand.silent) for strand in self.strands)

    def is_new(self, task: Task) -> bool:
        """Say whether a task was made in the window."""
        return self.since < task.created_at <= self.until


def span_of(words: str) -> timedelta | None:
    """Give the span that words ask for ("weekly", "last 3 days"), at most LONGEST."""
    for pattern, unit in _SPANS:
        if found := re.search(rf"\b(?:{pattern})\b", words.lower().replace("\u2019", "'")):
            count = int(next(iter(found.groups()), 1) or 1)
            return min(max(count, 1) * unit, LONGEST)
    return None


def silent_moments(
    task: Task, runs: Sequence[Run], since: datetime, until: datetime
) -> tuple[tuple[datetime, ...], bool]:
    """Give the due moments of an active task that left no row, and whether all were looked at.

    Only moments since the task's last change count: before it, another schedule may have been due.
    """
    if task.state is not TaskState.ACTIVE or task.schedule is None:
        return (), True
    start = max(since, task.created_at, task.updated_at) + timedelta(microseconds=1)
    due = recurrence.between(task.schedule, start, until - GRACE)
    moments = list(islice(due, MOMENTS_A_TASK + 1))
    kept = {run.scheduled_for for run in runs}
    folded = [
        (run.scheduled_for, run.last_scheduled_for)
        for run in runs
        if run.scheduled_for and run.last_scheduled_for
    ]
    silent = (
        moment
        for moment in moments[:MOMENTS_A_TASK]
        if moment not in kept and not any(first <= moment <= last for first, last in folded)
    )
    return tuple(silent), len(moments) <= MOMENTS_A_TASK


def undelivered(owed: Sequence[Delivery]) -> tuple[Delivery, ...]:
    """Leave out what only followed another message that did not arrive."""
    return tuple(it for it in owed if it.kind is not DeliveryKind.DETAILS)


def new_findings(strand: Strand) -> tuple[Finding, ...]:
    """Give the findings that matter and were not in the last report before the window."""
    if strand.report is None or strand.before is None or strand.before.report is None:
        return ()
    return reports.compare(strand.before.report, strand.report).new


def passed(strand: Strand) -> tuple[Finding, ...]:
    """Give what a report of the window found and the newest one no longer does."""
    if strand.report is None:
        return ()
    present = {finding.key for finding in strand.report.findings if finding.severity in LOUD}
    gone = {
        finding.key: finding
        for finding in strand.passing
        if finding.severity in (Severity.CRITICAL, Severity.WARNING) and finding.key not in present
    }
    return tuple(gone.values())


def unknowns_of(report: Report) -> tuple[str, ...]:
    """Give everything a report could not check, each named once."""
    unmade = [it.text for it in report.findings if it.severity is Severity.UNKNOWN]
    return tuple(dict.fromkeys([*unmade, *report.unknowns]))
