"""What is owed to whom when a run ends: pure, so that the noise a task makes is decided here."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records import DeliveryKind, Report, Run, Task

DM_AT = (1, 10, 100)
"""The lengths of a streak of failures at which its owner is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message that is owed; `follows` means in the thread of the notice before it."""

    kind: DeliveryKind
    target: str
    follows: bool = False


def on_success(task: Task, report: Report) -> tuple[Notice, ...]:
    """Say what a report is owed: a headline in the channel, and its details in the thread."""
    headline = Notice(kind=DeliveryKind.RESULT, target=task.channel)
    if not (report.sections or report.findings or report.unknowns):
        return (headline,)
    return (headline, Notice(kind=DeliveryKind.DETAILS, target=task.channel, follows=True))


def on_failure(task: Task, run: Run, *, streak: int) -> tuple[Notice, ...]:
    """Say what a failed run is owed: one line a streak, and a DM to owner and asker.

    `streak` counts this failure. Whoever asked for a run is always told that it failed.
    """
    is_dm = task.channel.startswith("D")
    speaks = streak == 1 and not is_dm
    line = (Notice(kind=DeliveryKind.FAILURE_LINE, target=task.channel),) if speaks else ()
    told = dict.fromkeys(
        [*([task.owner] if streak in DM_AT else []), *([run.asked_by] if run.asked_by else [])]
    )
    return (*line, *(Notice(kind=DeliveryKind.FAILURE_DM, target=person) for person in told))
