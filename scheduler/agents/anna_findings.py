"""What Anna hands on: the others' findings with their sources, and runs that went wrong. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from scheduler import sentences
from scheduler.agents.week import Strand, Week, unknowns_of
from storage.records import OPEN_RUNS, Run, RunStatus
from storage.reports import LOUD, Finding, Severity

SOURCE = "Chatcron's ledger"
SAMPLE = "SAMPLE: "
ENDS = {
    RunStatus.FAILED: "failed",
    RunStatus.TIMED_OUT: "timed out",
    RunStatus.LOST: "cut off",
    RunStatus.MISSED: "missed",
    RunStatus.SKIPPED: "skipped",
    RunStatus.CANCELLED: "cancelled",
}
FAILURES = (RunStatus.FAILED, RunStatus.TIMED_OUT, RunStatus.LOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """Says instants on the wall of the reader's zone."""

    zone: str
    now: datetime

    def at(self, instant: datetime) -> str:
        """Say an instant as "Tue 10 Mar 08:00"."""
        return sentences.moment(instant, self.zone, self.now)


def carried(week: Week, wall: Wall) -> list[Finding]:
    """Give the findings of the newest reports that are not quiet, worst first, each once."""
    found: dict[tuple[str, str, str], Finding] = {}
    for strand in newest_first(week):
        assert strand.report is not None
        for finding in strand.report.findings:
            if finding.severity in LOUD:
                same = (strand.task.agent, finding.key, finding.resource)
                found.setdefault(same, _attributed(finding, strand, wall))
    return sorted(
        found.values(), key=lambda it: (LOUD.index(it.severity), it.text.startswith(SAMPLE))
    )


def newest_first(week: Week) -> list[Strand]:
    """Give the tasks that have a report, the one that reported last first."""
    telling = [strand for strand in week.strands if strand.report is not None]
    return sorted(telling, key=lambda it: it.last.id if it.last else 0, reverse=True)


def _attributed(finding: Finding, strand: Strand, wall: Wall) -> Finding:
    assert strand.last is not None
    label = SAMPLE if strand.last.report and strand.last.report.is_sample else ""
    when = wall.at(strand.last.finished_at or strand.last.created_at)
    return replace(
        finding,
        key=f"T-{strand.task.id}.{finding.key}",
        text=f"{label}{finding.text} ({shown(strand)}, T-{strand.task.id}, {when})",
        source=f"R-{strand.last.id}: {finding.source}",
    )


def shown(strand: Strand) -> str:
    """Give the name of the agent a task is for."""
    return strand.task.agent.capitalize()


def unknowns_in(week: Week) -> tuple[str, ...]:
    """Name what the newest reports could not check, beside the findings that say so."""
    named: dict[tuple[str, str], str] = {}
    for strand in newest_first(week):
        assert strand.report is not None
        unmade = {it.text for it in strand.report.findings if it.severity is Severity.UNKNOWN}
        label = SAMPLE if strand.report.is_sample else ""
        for text in unknowns_of(strand.report):
            if text not in unmade:
                said = f"{label}{text} ({shown(strand)}, T-{strand.task.id})"
                named.setdefault((strand.task.agent, text), said)
    return tuple(named.values())


def troubles_in(week: Week, wall: Wall) -> tuple[Finding, ...]:
    """Give what went wrong with the runs and with their results, what goes on first."""
    found: list[Finding] = []
    strands = sorted(week.strands, key=lambda it: (has_recovered(it), -_badness(it)))
    for strand in strands:
        named = f"T-{strand.task.id} {strand.task.name}"
        told = {
            "runs": _ended_badly(strand, wall),
            "silent": _silence(strand, wall),
            "delivery": _not_arrived(strand),
        }
        found += [
            Finding(
                key=f"T-{strand.task.id}.{what}",
                severity=Severity.WARNING,
                resource=strand.task.name,
                text=f"{named}: {said}",
                observed_at=week.until,
                source=SOURCE,
            )
            for what, said in told.items()
            if said
        ]
    return tuple(found)


def bad_runs(strand: Strand) -> list[Run]:
    """Give the runs of the window that came to nothing, oldest first."""
    bad = {*ENDS} - {RunStatus.CANCELLED}
    return [run for run in strand.runs if run.status in bad]


def has_recovered(strand: Strand) -> bool:
    """Say whether the newest run that ended was fine."""
    ended = [run for run in strand.runs if run.status not in OPEN_RUNS]
    return bool(ended) and ended[-1].status is RunStatus.SUCCEEDED


def _badness(strand: Strand) -> int:
    return sum(run.moments for run in bad_runs(strand)) + len(strand.silent)


def _ended_badly(strand: Strand, wall: Wall) -> str:
    bad = bad_runs(strand)
    if not bad:
        return ""
    last = next((run for run in reversed(bad) if run.status in FAILURES), bad[-1])
    why = f": {last.reason}" if last.reason else ""
    again = " It ran fine since." if has_recovered(strand) else ""
    never = " It has never reported." if strand.last is None else ""
    when = wall.at(last.scheduled_for or last.created_at)
    return f"{_tally(bad)}, last {when}{why.rstrip('.')}.{again}{never}"


def _tally(runs: Sequence[Run]) -> str:
    counts = dict.fromkeys(ENDS.values(), 0)
    for run in runs:
        counts[ENDS[run.status]] += run.moments
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count)


def _silence(strand: Strand, wall: Wall) -> str:
    if not strand.silent:
        return ""
    count = len(strand.silent)
    due = "when it was due" if count == 1 else f"at {count} due moments, the first"
    never = " It has never reported." if strand.last is None else ""
    return f"silent, nothing ran {due} {wall.at(strand.silent[0])}.{never}"


def _not_arrived(strand: Strand) -> str:
    if not strand.undelivered:
        return ""
    last = strand.undelivered[-1]
    count = len(strand.undelivered)
    many = "1 message" if count == 1 else f"{count} messages"
    of_run = f" (R-{last.run_id})" if last.run_id else ""
    why = f": {last.error}" if last.error else ""
    return f"{many} did not arrive{of_run}{why.rstrip('.')}."
