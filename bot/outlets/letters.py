"""What is said for each kind of delivery: a parcel in, messages out, in the order they stand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.blocks import cards, results
from bot.blocks.cards import Message
from bot.blocks.changes import changed_dm
from scheduler.courier import Parcel
from storage.records import DeliveryKind, Report, Run, Task
from storage.rows import task_from_snapshot

Preview = Callable[[Task], list[datetime]]


def write(parcel: Parcel, preview: Preview, now: datetime) -> tuple[Message, ...]:
    """Give the messages of a parcel, the first of which stands for the whole."""
    task, run = parcel.task, parcel.run
    match parcel.delivery.kind:
        case DeliveryKind.CARD:
            return (cards.task_card(task, preview(task), now),)
        case DeliveryKind.RESULT:
            return (results.result(task, known(run), report_of(run)),)
        case DeliveryKind.DETAILS:
            return results.details(report_of(run))
        case DeliveryKind.FAILURE_LINE:
            return (results.failure_line(task, known(run)),)
        case DeliveryKind.FAILURE_DM:
            return (results.failure_dm(task, known(run), now),)
        case DeliveryKind.UNDELIVERED_DM:
            return (results.undelivered_dm(task, run, "Slack refused it"),)
        case DeliveryKind.CHANGED_DM:
            return (_changed(task, parcel.delivery.payload),)
        case kind:
            raise AssertionError(f"nothing is written for {kind}")


def _changed(task: Task, payload: dict[str, Any] | None) -> Message:
    assert payload is not None
    before, after = (task_from_snapshot(payload[slot]) for slot in ("before", "after"))
    return changed_dm(before, after, by=payload["by"], action=payload["action"], now_is=task)


def known(run: Run | None) -> Run:
    """Give the run that a parcel of this kind always has."""
    assert run is not None
    return run


def report_of(run: Run | None) -> Report:
    """Give the report that a parcel of this kind always has."""
    report = known(run).report
    assert report is not None
    return report
