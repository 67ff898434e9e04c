"""What is owed to whom when a run ends or is missed: pure; a task's noise is decided here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scheduler.reports import Changes, compare
from storage.policies import NoticeOn
from storage.records import Delivery, DeliveryId, DeliveryKind, DeliveryState, Run, RunStatus, Task
from storage.reports import LOUD, Report
from storage.runs import Moment
from storage.streaks import Streak

DM_AT = (1, 10, 100)
"""The lengths of a streak of failures at which its owner is told."""

LONG = 10
"""The length of a streak whose end is told even where the line about it is gone."""

NAMED = 12
"""How many missed moments of a task a summary names; it counts the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message that is owed; `follows` means in the thread of the notice before it.

    `changes` names the delivery whose message it changes in place.
    """

    kind: DeliveryKind
    target: str
    follows: bool = False
    changes: DeliveryId | None = None
    payload: dict[str, Any] | None = None


def on_success(task: Task, report: Report, *, streak: Streak) -> tuple[Notice, ...]:
    """Say what a report is owed: a headline in the channel, and its details in the thread.

    Where it ends a `streak`, the channel's line says so in place, and an owner who was told of the
    failures is told of their end.
    """
    headline = Notice(kind=DeliveryKind.RESULT, target=task.channel)
    details = Notice(kind=DeliveryKind.DETAILS, target=task.channel, follows=True)
    has_details = bool(report.sections or report.findings or report.unknowns)
    return (headline, *([details] if has_details else []), *_recovered(task, streak))


def _recovered(task: Task, streak: Streak) -> tuple[Notice, ...]:
    owed = []
    line, told = streak.line, _told(streak)
    if line is not None and line.state is not DeliveryState.FAILED:
        owed.append(
            Notice(kind=DeliveryKind.RECOVERY, target=task.channel, changes=line.id, payload=told)
        )
    if streak.was_told:
        owed.append(Notice(kind=DeliveryKind.RECOVERED_DM, target=task.owner, payload=told))
    return tuple(owed)


def stands_alone(delivery: Delivery) -> bool:
    """Say whether the change of a message that is gone is worth a message of its own."""
    payload = delivery.payload or {}
    is_long = payload.get("length", 0) >= LONG
    return delivery.kind is DeliveryKind.RECOVERY and is_long


def on_failure(task: Task, run: Run, *, streak: Streak) -> tuple[Notice, ...]:
    """Say what a failed run is owed: one line a streak, and a DM to owner and asker.

    `streak` counts this failure. Whoever asked for a run is always told that it failed.
    """
    told = dict.fromkeys(
        [
            *([task.owner] if streak.length in DM_AT else []),
            *([run.asked_by] if run.asked_by else []),
        ]
    )
    dms = (Notice(kind=DeliveryKind.FAILURE_DM, target=person) for person in told)
    return (*_line(task, streak), *dms)


def _line(task: Task, streak: Streak) -> tuple[Notice, ...]:
    """Give the channel's one line: new, or changed in place; none where it could not be posted."""
    if task.channel.startswith("D"):
        return ()
    line = streak.line
    if line is not None and line.state is DeliveryState.FAILED:
        return ()
    return (
        Notice(
            kind=DeliveryKind.FAILURE_LINE,
            target=task.channel,
            changes=None if line is None else line.id,
            payload=_told(streak),
        ),
    )


def _told(streak: Streak) -> dict[str, Any]:
    return {
        "length": streak.length,
        "moments": streak.moments,
        "first_at": None if streak.first_at is None else streak.first_at.isoformat(),
        "last_due": None if streak.last_due is None else streak.last_due.isoformat(),
    }


def heard(task: Task, run: Run, happened: frozenset[NoticeOn]) -> dict[str, NoticeOn]:
    """Say whom a task tells what of that which happened, each target once.

    Left out are the task's own channel, and who gets the message about a failure anyway.
    """
    has_failed = NoticeOn.FAILURE in happened
    knows = {task.channel, *((task.owner, run.asked_by) if has_failed else ())}
    wanted: dict[str, set[NoticeOn]] = {}
    for notice in task.notices:
        if notice.on in happened and notice.target not in knows:
            wanted.setdefault(notice.target, set()).add(notice.on)
    if has_failed:
        return dict.fromkeys(wanted, NoticeOn.FAILURE)
    return {target: max(on, key=_WEIGHT.index) for target, on in wanted.items()}


_WEIGHT = (NoticeOn.START, NoticeOn.OUTPUT, NoticeOn.COMPLETE, NoticeOn.FAILURE)


def of_success(report: Report, before: Report | None) -> frozenset[NoticeOn]:
    """Say what those hear of who are told of a run that came to a report.

    Its output is news where it is the first, says what somebody is to look at, or differs.
    """
    is_loud = any(finding.severity in LOUD for finding in report.findings)
    is_news = before is None or is_loud or compare(before, report) != Changes()
    return frozenset({NoticeOn.COMPLETE, *([NoticeOn.OUTPUT] if is_news else [])})


def of_failure(streak: Streak) -> frozenset[NoticeOn]:
    """Say what those hear of who are told of a failure: as often as its owner, and no more."""
    told = streak.length in DM_AT
    return frozenset({NoticeOn.COMPLETE, NoticeOn.FAILURE}) if told else frozenset()


def on_missed(
    before: dict[str, Any] | None, missed: Iterable[tuple[Task, Iterable[Moment]]], now: datetime
) -> dict[str, Any] | None:
    """Give the one summary of the moments that a channel's tasks missed, as plain JSON.

    It goes on from the summary `before`, if one is owed already; None where nothing was missed.
    """
    told = [] if before is None else list(before["tasks"])
    told += [_missed(task, rows) for task, moments in missed if (rows := list(moments))]
    told = [each for each in told if each["moments"]]
    return {"tasks": told, "noticed_at": now.isoformat()} if told else None


def _missed(task: Task, moments: list[Moment]) -> dict[str, Any]:
    rows = [moment for moment in moments if moment.status is RunStatus.MISSED]
    ends = [moment.last or moment.scheduled_for for moment in rows]
    return {
        "id": task.id,
        "version": task.version,
        "name": task.name,
        "zone": task.zone,
        "moments": sum(moment.moments for moment in rows),
        "named": [moment.scheduled_for.isoformat() for moment in rows[:NAMED]],
        "last": max(ends).isoformat() if ends else None,
        "runs_now": any(moment.status is RunStatus.QUEUED for moment in moments),
    }
