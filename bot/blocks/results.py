"""Results and failures: what a channel, a thread and an owner read about a run."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from bot.blocks import kit
from bot.blocks.cards import Message, asked_by, value_of
from bot.blocks.text import clip, escape, literal, person_link, split
from scheduler.policy import LATE, lasting, planned
from scheduler.sentences import moment, zone_name
from storage.records import Run, RunStatus, Task, Trigger
from storage.reports import LOUD, WORST_FIRST, Finding, Report, Section, Severity

HEADLINE_LIMIT = 60
_WORD_END = re.compile(r"\s+")
_PAUSES = ",;:·"
SECTION_LIMIT = 2_900
SECTIONS_A_MESSAGE = 4
FRAME = "```"
_MARKS = {
    Severity.CRITICAL: "🔴",
    Severity.WARNING: "🟠",
    Severity.UNKNOWN: "⚪ not checked:",
    Severity.INFO: "•",
    Severity.OK: "✓",
}


def result(task: Task, run: Run, report: Report) -> Message:
    """Give the one headline a result puts in its channel, on one line of a phone."""
    sample = " · SAMPLE" if report.is_sample else ""
    headline, rest = on_one_line(" ".join(report.headline.split()))
    below = [*([rest] if rest else []), *report.lines[:3]]
    lines = [f"*{literal(headline)}*{sample}", *(escape(clip(line, 500)) for line in below)]
    foot = f"{literal(task.name)} · T-{task.id} · R-{run.id}{_origin(task, run)}"
    blocks = (kit.section("\n".join(lines)), kit.context(foot))
    return Message(text=f"{literal(headline)}{sample}", blocks=blocks)


def on_one_line(headline: str) -> tuple[str, str]:
    """Cut a headline that is too long for a phone's line, and give what is left of it.

    The cut is after a comma or the like where one stands late enough, else between words; a number
    keeps what it counts.
    """
    if len(headline) <= HEADLINE_LIMIT:
        return headline, ""
    room = HEADLINE_LIMIT - 1
    ends = [found.end() for found in _WORD_END.finditer(headline) if found.start() <= room]
    breaks = [at for at in ends if headline[:at].rstrip()[-1] in _PAUSES and at > room // 3]
    whole = [at for at in ends if not _splits_number(headline, at)]
    cut = (breaks or whole or ends or [room])[-1]
    head, rest = headline[:cut].rstrip().rstrip(_PAUSES), headline[cut:].lstrip()
    return f"{head}…", f"…{rest}"


def _splits_number(text: str, at: int) -> bool:
    return text[:at].rstrip()[-1].isdigit()


def _origin(task: Task, run: Run) -> str:
    if run.trigger is Trigger.MANUAL:
        return f" · run by {person_link(run.asked_by)}" if run.asked_by else ""
    came = run.finished_at if run.attempt > 1 else run.started_at or run.finished_at
    if run.scheduled_for is None or came is None:
        return ""
    late = came - planned(task, run.scheduled_for)
    return f" · {lasting(late)} late" if late > LATE else ""


def details(report: Report) -> tuple[Message, ...]:
    """Give the whole of a report as messages within Slack's limits, in order."""
    pieces = _framed(list(split("\n\n".join(_parts(report)), SECTION_LIMIT)))
    return tuple(
        Message(
            text=clip(pieces[at], 300),
            blocks=tuple(kit.section(piece) for piece in pieces[at : at + SECTIONS_A_MESSAGE]),
        )
        for at in range(0, len(pieces), SECTIONS_A_MESSAGE)
    )


def _framed(pieces: list[str]) -> list[str]:
    """Close a monospaced frame that was cut in two, and open it again after the cut."""
    framed, is_open = [], False
    for piece in pieces:
        begin = f"{FRAME}\n" if is_open else ""
        is_open ^= piece.count(FRAME) % 2 == 1
        framed.append(f"{begin}{piece}\n{FRAME}" if is_open else f"{begin}{piece}")
    return framed


def as_file(report: Report) -> str:
    """Give the whole of a report as plain text, for a file: the worst finding first."""
    parts = [report.headline, *report.lines]
    parts += ["", *(f"{item.severity}: {item.text}" for item in _worst_first(report.findings))]
    for part in report.sections:
        parts += ["", part.title, *part.lines, *_table(part)]
    parts += ["", *(f"not checked: {item}" for item in _limits(report))]
    label = ["SAMPLE DATA"] if report.is_sample else []
    return "\n".join([*label, *parts]) + "\n"


def _parts(report: Report) -> list[str]:
    parts = ["*SAMPLE data*, made up to try this out."] if report.is_sample else []
    told = [item for item in report.findings if item.severity in LOUD or not report.sections]
    if told:  # what is in order stands in the sections
        lines = [f"{_MARKS[item.severity]} {escape(item.text)}" for item in _worst_first(told)]
        parts.append("\n".join(["*Findings*", *lines]))
    for part in report.sections:
        lines = [f"*{literal(part.title)}*", *(escape(line) for line in part.lines)]
        table = _table(part)
        if table:
            lines.append("\n".join([FRAME, *(escape(row) for row in table), FRAME]))
        parts.append("\n".join(lines))
    if limits := _limits(report):
        lines = [f"⚪ {escape(item)}" for item in limits]
        parts.append("\n".join(["*Not checked*", *lines]))
    return parts


def _worst_first(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda item: WORST_FIRST.index(item.severity))


def _limits(report: Report) -> list[str]:
    """Give what was not checked and does not stand among the findings already."""
    said = {item.text for item in report.findings if item.severity is Severity.UNKNOWN}
    return [item for item in report.unknowns if item not in said]


def _table(part: Section) -> list[str]:
    """Lay a table out in columns: words flush left, numbers flush right."""
    if not part.rows:
        return []
    rows = [part.columns, *part.rows] if part.columns else list(part.rows)
    columns = [
        [cell.replace(FRAME, "'''") for cell in column] for column in zip(*rows, strict=True)
    ]
    laid_out = [_column(column, has_head=bool(part.columns)) for column in columns]
    return ["  ".join(row).rstrip() for row in zip(*laid_out, strict=True)]


def _column(cells: list[str], *, has_head: bool) -> list[str]:
    """Pad a column: flush right where it holds numbers and nothing that begins like a word."""
    width = max(len(cell) for cell in cells)
    body = [cell for cell in cells[has_head:] if cell not in _NO_NUMBER]
    holds_numbers = bool(body) and not any(cell[0].isalpha() for cell in body)
    return [cell.rjust(width) if holds_numbers else cell.ljust(width) for cell in cells]


_NO_NUMBER = ("", "unknown", "no data")


def failure_dm(task: Task, run: Run, now: datetime) -> Message:
    """Tell somebody that a run failed, why, and what one click does about it."""
    tries = f" I tried {_times(run.attempt)}." if run.attempt > 1 else ""
    when = moment(run.scheduled_for or run.created_at, task.zone, now)
    came = asked_by(run) if run.asked_by else "due"
    lines = [
        f"*{literal(task.name)} {_FAILED[run.status]}* · T-{task.id} · R-{run.id}",
        f"{escape(clip(run.reason or 'No reason was recorded.', 1000))}{tries}",
        f"It was {came} {when}, {zone_name(task.zone)}. No result was posted.",
    ]
    buttons = kit.actions(
        kit.button("Run again", "run", value_of(task), style="primary"),
        kit.button("Pause", "pause", value_of(task)),
        kit.button("Why", "why", value_of(task)),
    )
    text = f"{literal(task.name)} {_FAILED[run.status]} · R-{run.id}"
    return Message(text=text, blocks=(kit.section("\n".join(lines)), buttons))


def undelivered_dm(task: Task, run: Run | None, reason: str) -> Message:
    """Tell the owner that something could not be posted where it was owed."""
    about = f"The result of R-{run.id}" if run is not None else "Its card"
    lines = [
        f"*{literal(task.name)}* · T-{task.id}",
        f"{about} could not be posted in <#{task.channel}>: {escape(reason)}",
    ]
    text = f"{literal(task.name)}: {about.lower()} could not be posted"
    return Message(text=text, blocks=(kit.section("\n".join(lines)),))


_FAILED = {
    RunStatus.FAILED: "failed",
    RunStatus.TIMED_OUT: "took too long and was stopped",
    RunStatus.LOST: "was cut off and did not finish",
}


def _times(count: int) -> str:
    return {2: "twice", 3: "three times"}.get(count, f"{count} times")
