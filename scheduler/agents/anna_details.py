"""How Anna tells a week: the headline and lines for a channel, the details for its thread. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from scheduler import sentences
from scheduler.agents.anna_agents import Colleague, behind, in_short, roll_call
from scheduler.agents.week import Strand, Week, new_findings, passed, unknowns_of
from storage.records import (
    OPEN_RUNS,
    Finding,
    Report,
    Run,
    RunStatus,
    Section,
    Severity,
    TaskState,
)

HEADLINE = 60
SHOWN = 20
SHOWN_FINDINGS = 40
SOURCE = "Chatcron's ledger"
_ENDS = {
    RunStatus.FAILED: "failed",
    RunStatus.TIMED_OUT: "timed out",
    RunStatus.LOST: "cut off",
    RunStatus.MISSED: "missed",
    RunStatus.SKIPPED: "skipped",
    RunStatus.CANCELLED: "cancelled",
}
_ORDER = (Severity.CRITICAL, Severity.WARNING, Severity.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wall:
    """Says instants on the wall of the reader's zone."""

    zone: str
    now: datetime

    def at(self, instant: datetime) -> str:
        return sentences.moment(instant, self.zone, self.now)


def tell(
    week: Week,
    colleagues: Sequence[Colleague],
    *,
    zone: str,
    asked: tuple[str, ...] = (),
    continues: bool = False,
) -> Report:
    """Tell a week in the zone's wall time.

    `asked` names what the prompt asked for in vain; `continues` says that the report before this
    one ended where the week begins, so that comparing the two says which findings are new.
    """
    wall = _Wall(zone=zone, now=week.until)
    found = _carried(week, wall)
    troubles = _troubles(week, wall)
    unknowns = (*asked, *_unknowns(week), *behind(week, colleagues), *week.doubts)
    sections = (
        _by_task(week),
        _said(week, wall),
        _news(week, wall, continues=continues),
        Section(title="Who reported", lines=roll_call(week, colleagues)),
        _waiting(week, wall),
    )
    return Report(
        headline=_headline(week, found, len(unknowns), wall),
        lines=(
            _worst(found, len(unknowns)),
            *_trouble_line(troubles),
            " ".join((*asked[:1], in_short(week, colleagues), _span(week, wall))),
        ),
        sections=tuple(section for section in sections if section.lines or section.rows),
        findings=(*found[:SHOWN_FINDINGS], *troubles),
        unknowns=(*unknowns, *_left_out(found)),
    )


def _headline(week: Week, found: Sequence[Finding], unknowns: int, wall: _Wall) -> str:
    critical, warnings = _count(found, Severity.CRITICAL), _count(found, Severity.WARNING)
    unknowns += _count(found, Severity.UNKNOWN)
    parts = [_runs_in_short(week, wall)]
    if critical:
        parts.append(f"{critical} critical")
    elif warnings:
        parts.append(f"{warnings} to look at")
    if unknowns:
        parts.append(f"{unknowns} not checked")
    said = f"{parts[0]}; {', '.join(parts[1:])}" if parts[1:] else parts[0]
    return said if len(said) <= HEADLINE or len(parts) < 3 else f"{parts[0]}; {parts[1]}"


def _count(findings: Sequence[Finding], severity: Severity) -> int:
    return sum(finding.severity is severity for finding in findings)


def _runs_in_short(week: Week, wall: _Wall) -> str:
    counts = week.counts()
    unfinished = sum(counts[status] for status in OPEN_RUNS)
    total = counts.total() - unfinished + week.silent
    if not total:
        still = f", {unfinished} still running" if unfinished else ""
        return f"Nothing ran to its end since {wall.at(week.since)}{still}"
    fine = counts[RunStatus.SUCCEEDED]
    bad = [f"{counts[status]} {word}" for status, word in _ENDS.items() if counts[status]]
    bad += [f"{week.silent} silent"] if week.silent else []
    rest = ", ".join(bad) if len(bad) < 3 else f"{total - fine} not"
    whole = f"{fine} of {total} {'run' if total == 1 else 'runs'} fine"
    return f"{whole}, {rest}" if bad else whole


def _span(week: Week, wall: _Wall) -> str:
    zone = sentences.zone_name(wall.zone)
    return f"From {wall.at(week.since)} to {wall.at(week.until)}, {zone}."


def _worst(found: Sequence[Finding], unknowns: int) -> str:
    bad = [it for it in found if it.severity in (Severity.CRITICAL, Severity.WARNING)]
    if bad:
        more = f" {len(bad) - 1} more in the details." if len(bad) > 1 else ""
        return f"Worst: {bad[0].text}{more}"
    unsure = unknowns + _count(found, Severity.UNKNOWN)
    if not unsure:
        return "No finding of the last reports needs a look."
    things = "1 thing was" if unsure == 1 else f"{unsure} things were"
    return f"No finding of the last reports needs a look, but {things} not checked."


def _trouble_line(troubles: Sequence[Finding]) -> tuple[str, ...]:
    if not troubles:
        return ()
    more = f" {len(troubles) - 1} more in the details." if len(troubles) > 1 else ""
    return (f"{troubles[0].text}{more}",)


def _carried(week: Week, wall: _Wall) -> list[Finding]:
    """Give the findings of the newest reports that are not quiet, worst first, each once."""
    found: dict[tuple[str, str, str], Finding] = {}
    for strand in _newest_first(week):
        assert strand.report is not None
        for finding in strand.report.findings:
            if finding.severity in _ORDER:
                same = (strand.task.agent, finding.key, finding.resource)
                found.setdefault(same, _attributed(finding, strand, wall))
    return sorted(found.values(), key=lambda finding: _ORDER.index(finding.severity))


def _newest_first(week: Week) -> list[Strand]:
    telling = [strand for strand in week.strands if strand.report is not None]
    return sorted(telling, key=lambda it: it.last.id if it.last else 0, reverse=True)


def _attributed(finding: Finding, strand: Strand, wall: _Wall) -> Finding:
    assert strand.last is not None
    label = "SAMPLE: " if strand.last.report and strand.last.report.is_sample else ""
    when = wall.at(strand.last.finished_at or strand.last.created_at)
    return replace(
        finding,
        key=f"T-{strand.task.id}.{finding.key}",
        text=f"{label}{finding.text} ({_shown(strand)}, T-{strand.task.id}, {when})",
        source=f"R-{strand.last.id}: {finding.source}",
    )


def _shown(strand: Strand) -> str:
    return strand.task.agent.capitalize()


def _unknowns(week: Week) -> tuple[str, ...]:
    """Name what the newest reports could not check, beside the findings that say so."""
    named: dict[tuple[str, str], str] = {}
    for strand in _newest_first(week):
        assert strand.report is not None
        unmade = {it.text for it in strand.report.findings if it.severity is Severity.UNKNOWN}
        label = "SAMPLE: " if strand.report.is_sample else ""
        for text in unknowns_of(strand.report):
            if text not in unmade:
                said = f"{label}{text} ({_shown(strand)}, T-{strand.task.id})"
                named.setdefault((strand.task.agent, text), said)
    return tuple(named.values())


def _left_out(found: Sequence[Finding]) -> tuple[str, ...]:
    rest = len(found) - SHOWN_FINDINGS
    return (f"{rest} more findings, none worse than those shown.",) if rest > 0 else ()


def _troubles(week: Week, wall: _Wall) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for strand in week.strands:
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


def _ended_badly(strand: Strand, wall: _Wall) -> str:
    bad = [run for run in strand.runs if run.status in _ENDS]
    bad = [run for run in bad if run.status is not RunStatus.CANCELLED]
    if not bad:
        return ""
    last = bad[-1]
    why = f": {last.reason}" if last.reason else ""
    ended = strand.runs[-1]
    again = " It ran fine since." if ended.status is RunStatus.SUCCEEDED else ""
    never = " It has never reported." if strand.last is None else ""
    when = wall.at(last.scheduled_for or last.created_at)
    return f"{_tally(bad)}, last {when}{why.rstrip('.')}.{again}{never}"


def _tally(runs: Sequence[Run]) -> str:
    counts = dict.fromkeys(_ENDS.values(), 0)
    for run in runs:
        counts[_ENDS[run.status]] += run.moments
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count)


def _silence(strand: Strand, wall: _Wall) -> str:
    if not strand.silent:
        return ""
    count = len(strand.silent)
    moments = "1 due moment" if count == 1 else f"{count} due moments, the first"
    never = " It has never reported." if strand.last is None else ""
    return f"silent, no run for {moments} {wall.at(strand.silent[0])}.{never}"


def _not_arrived(strand: Strand) -> str:
    if not strand.undelivered:
        return ""
    last = strand.undelivered[-1]
    count = len(strand.undelivered)
    many = "1 message" if count == 1 else f"{count} messages"
    of_run = f" (R-{last.run_id})" if last.run_id else ""
    why = f": {last.error}" if last.error else ""
    return f"{many} did not arrive{of_run}{why.rstrip('.')}."


def _by_task(week: Week) -> Section:
    ran = [strand for strand in week.strands if strand.runs or strand.silent]
    ran.sort(key=lambda strand: strand.is_fine)
    rows = [
        (f"T-{it.task.id} {it.task.name} ({_shown(it)})", _strand_in_short(it))
        for it in ran[:SHOWN]
    ]
    if rest := ran[SHOWN:]:
        bad = sum(not strand.is_fine for strand in rest)
        rows.append((f"{len(rest)} more tasks", f"{bad} with trouble" if bad else "all fine"))
    return Section(title="Runs by task", columns=("Task", "Runs"), rows=tuple(rows))


def _strand_in_short(strand: Strand) -> str:
    counts = strand.counts()
    unfinished = sum(counts[status] for status in OPEN_RUNS)
    parts = [
        f"{counts[RunStatus.SUCCEEDED]} fine" if counts[RunStatus.SUCCEEDED] else "",
        *(f"{counts[status]} {word}" for status, word in _ENDS.items() if counts[status]),
        f"{len(strand.silent)} silent" if strand.silent else "",
        f"{unfinished} still running" if unfinished else "",
    ]
    return ", ".join(part for part in parts if part)


def _said(week: Week, wall: _Wall) -> Section:
    """Give the newest headline of each task that reported in the window."""
    lines = []
    for strand in _newest_first(week):
        if strand.reported and strand.last is not None and strand.report is not None:
            sample = " · SAMPLE" if strand.report.is_sample else ""
            when = wall.at(strand.last.finished_at or strand.last.created_at)
            lines.append(f"{_shown(strand)}, {when}: {strand.report.headline}{sample}")
    more = [f"{len(lines) - SHOWN} more."] if len(lines) > SHOWN else []
    return Section(title="What they said last", lines=(*lines[:SHOWN], *more))


def _news(week: Week, wall: _Wall, *, continues: bool) -> Section:
    lines = []
    for strand in week.strands:
        task = strand.task
        if week.is_new(task) and task.state is not TaskState.REMOVED:
            when = sentences.sentence(task.schedule) if task.schedule else "when asked to"
            lines.append(f"New task: T-{task.id} {task.name} ({_shown(strand)}), {when}.")
        fresh = () if continues else new_findings(strand)
        label = "SAMPLE: " if strand.report and strand.report.is_sample else ""
        about = f"({_shown(strand)}, T-{task.id})"
        lines += [f"New finding: {label}{it.text} {about}" for it in fresh]
        lines += [f"Came and went: {label}{it.text} {about}" for it in passed(strand)]
    more = [f"{len(lines) - SHOWN} more."] if len(lines) > SHOWN else []
    return Section(title=f"New since {wall.at(week.since)}", lines=(*lines[:SHOWN], *more))


def _waiting(week: Week, wall: _Wall) -> Section:
    """Name the tasks that nothing is to be expected of, and those that never reported."""
    lines = []
    for strand in week.strands:
        task, named = strand.task, f"T-{strand.task.id} {strand.task.name}"
        if task.state is TaskState.PAUSED:
            why = f": {task.hold_reason.rstrip('.')}" if task.hold_reason else ""
            lines.append(f"{named} is paused{why}.")
        elif task.state is TaskState.ACTIVE and strand.last is None and strand.is_fine:
            due = f"due {wall.at(task.next_run_at)}" if task.next_run_at else "runs when asked to"
            lines.append(f"{named} has not reported yet; it {due}.".replace("it due", "it is due"))
    more = [f"{len(lines) - SHOWN} more."] if len(lines) > SHOWN else []
    return Section(title="Paused, or without a report so far", lines=(*lines[:SHOWN], *more))
