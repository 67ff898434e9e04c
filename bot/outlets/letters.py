"""What is said for each kind of delivery: a parcel in, messages out, in the order they stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import bulk, cards, drafts, missed, parking, results, streaks, tellings
from bot.blocks.cards import Message
from bot.blocks.changes import changed_dm
from scheduler.courier import Parcel
from storage.records import DeliveryKind, Run, Task
from storage.reports import Report
from storage.rows import task_from_snapshot

Preview = Callable[[Task], list[datetime]]
Letter = Callable[[Parcel, "Writing"], Message | tuple[Message, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What writing takes beside the parcel: the runs a task has before it, and the moment."""

    due: Preview
    now: datetime


def write(parcel: Parcel, preview: Preview, now: datetime) -> tuple[Message, ...]:
    """Give the messages of a parcel, the first of which stands for the whole."""
    said = _LETTERS[parcel.delivery.kind](parcel, Writing(due=preview, now=now))
    return said if isinstance(said, tuple) else (said,)


def _card(parcel: Parcel, at: Writing) -> Message:
    return cards.task_card(parcel.task, at.due(parcel.task), at.now)


def _result(parcel: Parcel, at: Writing) -> Message:
    said = results.result(parcel.task, known(parcel.run), report_of(parcel.run))
    return parking.posted_late(said, parcel.task, known(parcel.run), at.now)


def _parked(parcel: Parcel, _: Writing) -> Message:
    assert parcel.delivery.payload is not None
    return parking.parked_dm(parcel.delivery.payload)


def _take_over(parcel: Parcel, _: Writing) -> Message:
    assert parcel.delivery.payload is not None
    return parking.take_over(parcel.task, parcel.delivery.payload)


def _details(parcel: Parcel, _: Writing) -> tuple[Message, ...]:
    return results.details(report_of(parcel.run))


def _failure_dm(parcel: Parcel, at: Writing) -> Message:
    return results.failure_dm(parcel.task, known(parcel.run), at.now)


def _of_streak(said: Callable[[Task, Run, streaks.Told | None, datetime], Message]) -> Letter:
    def letter(parcel: Parcel, at: Writing) -> Message:
        return said(parcel.task, known(parcel.run), parcel.delivery.payload, at.now)

    return letter


def _notice(parcel: Parcel, _: Writing) -> Message:
    return tellings.notice(parcel.task, known(parcel.run), parcel.delivery.target)


def _began(parcel: Parcel, _: Writing) -> Message:
    return tellings.began(parcel.task, known(parcel.run))


def _note(parcel: Parcel, _: Writing) -> Message:
    assert parcel.delivery.payload is not None
    return tellings.note(parcel.task, parcel.delivery.payload)


def _missed(parcel: Parcel, at: Writing) -> Message:
    assert parcel.delivery.payload is not None
    return missed.missed_summary(parcel.delivery.payload, at.now)


def _missed_ask(parcel: Parcel, at: Writing) -> Message:
    assert parcel.delivery.payload is not None
    return tellings.missed_question(parcel.task, parcel.delivery.payload, at.now)


def _reminder(parcel: Parcel, at: Writing) -> Message:
    return drafts.reminder(parcel.task, at.due(parcel.task), at.now)


def _expired(parcel: Parcel, _: Writing) -> Message:
    return drafts.expired(parcel.task)


def _undelivered(parcel: Parcel, _: Writing) -> Message:
    return results.undelivered_dm(parcel.task, parcel.run, "Slack refused it")


def _changed(parcel: Parcel, _: Writing) -> Message:
    task, payload = parcel.task, parcel.delivery.payload
    assert payload is not None
    before, after = (task_from_snapshot(payload[slot]) for slot in ("before", "after"))
    return changed_dm(before, after, by=payload["by"], action=payload["action"], now_is=task)


def _all_changed(parcel: Parcel, _: Writing) -> Message:
    assert parcel.delivery.payload is not None
    return bulk.all_changed_dm(parcel.delivery.payload)


_LETTERS: dict[DeliveryKind, Letter] = {
    DeliveryKind.CARD: _card,
    DeliveryKind.RESULT: _result,
    DeliveryKind.DETAILS: _details,
    DeliveryKind.FAILURE_LINE: _of_streak(streaks.failure_line),
    DeliveryKind.FAILURE_DM: _failure_dm,
    DeliveryKind.RECOVERY: _of_streak(streaks.recovery),
    DeliveryKind.RECOVERED_DM: _of_streak(streaks.recovered_dm),
    DeliveryKind.MISSED_SUMMARY: _missed,
    DeliveryKind.REMINDER_DM: _reminder,
    DeliveryKind.EXPIRED: _expired,
    DeliveryKind.UNDELIVERED_DM: _undelivered,
    DeliveryKind.CHANGED_DM: _changed,
    DeliveryKind.ALL_CHANGED_DM: _all_changed,
    DeliveryKind.PARKED_DM: _parked,
    DeliveryKind.TAKE_OVER: _take_over,
    DeliveryKind.NOTICE: _notice,
    DeliveryKind.START_NOTICE: _began,
    DeliveryKind.MISSED_ASK: _missed_ask,
    DeliveryKind.NOTE_DM: _note,
}


def known(run: Run | None) -> Run:
    """Give the run that a parcel of this kind always has."""
    assert run is not None
    return run


def report_of(run: Run | None) -> Report:
    """Give the report that a parcel of this kind always has."""
    report = known(run).report
    assert report is not None
    return report
