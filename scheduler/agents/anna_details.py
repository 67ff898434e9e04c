"""How Anna tells a week: the headline and lines for a channel, the details for its thread. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler import sentences
from scheduler.agents.anna_agents import Colleague, behind, in_short, roll_call
from scheduler.agents.anna_findings import (
    ENDS,
    SAMPLE,
    Wall,
    carried,
    newest_first,
    shown,
    troubles_in,
    unknowns_in,
)
from scheduler.agents.week import Strand, Week, new_findings, passed
from storage.records import OPEN_RUNS, RunStatus, TaskState
from storage.reports import Finding, Report, Section, Severity

HEADLINE = 60
SHOWN = 20
KEPT_FINDINGS = 400
"""Whoever compares two reports must not take for resolved what was only cut off."""


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
    wall = Wall(zone=zone, now=week.until)
    found = carried(week, wall)
    troubles = troubles_in(week, wall)
    unknowns = (*asked, *unknowns_in(week), *behind(week, colleagues), *week.doubts)
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
        findings=(*found[:KEPT_FINDINGS], *troubles[:KEPT_FINDINGS]),
        unknowns=(*unknowns, *_left_out(found), *_left_out(troubles)),
    )


def _headline(week: Week, found: Sequence[Finding], unknowns: int, wall: Wall) -> str:
    unknowns += _count(found, Severity.UNKNOWN)
    parts = [_runs_in_short(week, wall)]
    for severity, word in ((Severity.CRITICAL, "critical"), (Severity.WARNING, "to look at")):
        if count := _count(found, severity):
            own = [it for it in found if it.severity is severity]
            sample = " (SAMPLE)" if all(it.text.startswith(SAMPLE) for it in own) else ""
            parts.append(f"{count} {word}{sample}")
            break
    if unknowns:
        parts.append(f"{unknowns} not checked")
    said = f"{parts[0]}; {', '.join(parts[1:])}" if parts[1:] else parts[0]
    return said if len(said) <= HEADLINE or len(parts) < 3 else f"{parts[0]}; {parts[1]}"


def _count(findings: Sequence[Finding], severity: Severity) -> int:
    return sum(finding.severity is severity for finding in findings)


def _runs_in_short(week: Week, wall: Wall) -> str:
    counts = week.counts()
    unfinished = sum(counts[status] for status in OPEN_RUNS)
    total = counts.total() - unfinished + week.silent
    if not total:
        still = f", {unfinished} still running" if unfinished else ""
        return f"Nothing ran to its end since {wall.at(week.since)}{still}"
    fine = counts[RunStatus.SUCCEEDED]
    bad = [f"{counts[status]} {word}" for status, word in ENDS.items() if counts[status]]
    bad += [f"{week.silent} silent"] if week.silent else []
    rest = ", ".join(bad) if len(bad) < 3 else f"{total - fine} not"
    whole = f"{fine} of {total} {'run' if total == 1 else 'runs'} fine"
    return f"{whole}, {rest}" if bad else whole


def _span(week: Week, wall: Wall) -> str:
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


def _left_out(found: Sequence[Finding]) -> tuple[str, ...]:
    rest = len(found) - KEPT_FINDINGS
    return (f"{rest} more findings, none worse than those told.",) if rest > 0 else ()


def _by_task(week: Week) -> Section:
    ran = [strand for strand in week.strands if strand.runs or strand.silent]
    ran.sort(key=lambda strand: strand.is_fine)
    rows = [
        (f"T-{it.task.id} {it.task.name} ({shown(it)})", _strand_in_short(it)) for it in ran[:SHOWN]
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
        *(f"{counts[status]} {word}" for status, word in ENDS.items() if counts[status]),
        f"{len(strand.silent)} silent" if strand.silent else "",
        f"{unfinished} still running" if unfinished else "",
    ]
    return ", ".join(part for part in parts if part)


def _said(week: Week, wall: Wall) -> Section:
    """Give the newest headline of each task that reported in the window."""
    lines = []
    for strand in newest_first(week):
        if strand.reported and strand.last is not None and strand.report is not None:
            sample = " · SAMPLE" if strand.report.is_sample else ""
            when = wall.at(strand.last.finished_at or strand.last.created_at)
            lines.append(f"{shown(strand)}, {when}: {strand.report.headline}{sample}")
    more = [f"{len(lines) - SHOWN} more."] if len(lines) > SHOWN else []
    return Section(title="What they said last", lines=(*lines[:SHOWN], *more))


def _news(week: Week, wall: Wall, *, continues: bool) -> Section:
    lines = []
    for strand in week.strands:
        task = strand.task
        if week.is_new(task) and task.state is not TaskState.REMOVED:
            when = "when asked to"
            if task.schedule is not None:
                zone = sentences.zone_name(task.schedule.zone)
                when = f"{sentences.sentence(task.schedule)}, {zone}"
            lines.append(f"New task: T-{task.id} {task.name} ({shown(strand)}), {when}.")
        fresh = () if continues else new_findings(strand)
        label = SAMPLE if strand.report and strand.report.is_sample else ""
        about = f"({shown(strand)}, T-{task.id})"
        lines += [f"New finding: {label}{it.text} {about}" for it in fresh]
        lines += [f"Came and went: {label}{it.text} {about}" for it in passed(strand)]
    more = [f"{len(lines) - SHOWN} more."] if len(lines) > SHOWN else []
    return Section(title=f"New since {wall.at(week.since)}", lines=(*lines[:SHOWN], *more))


def _waiting(week: Week, wall: Wall) -> Section:
    """Name the tasks that nothing is to be expected of, and those that never reported."""
    lines = []
    for strand in week.strands:
        task, named = strand.task, f"T-{strand.task.id} {strand.task.name}"
        if task.state is TaskState.PAUSED:
            why = f": {task.hold_reason.rstrip('.')}" if task.hold_reason else ""
            lines.append(f"{named} is paused{why}.")
        elif task.state is TaskState.ACTIVE and strand.last is None and strand.is_fine:
            at = task.next_run_at
            due = f"is due {wall.at(at)}" if at else "runs when asked to"
            lines.append(f"{named} has not reported yet; it {due}.")
    more = [f"{len(lines) - SHOWN} more."] if len(lines) > SHOWN else []
    return Section(title="Paused, or without a report so far", lines=(*lines[:SHOWN], *more))
