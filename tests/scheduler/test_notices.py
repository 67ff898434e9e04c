"""The noise a task makes: one line a streak, few messages to its owner, one summary an outage."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from scheduler import notices
from storage.records import (
    Delivery,
    DeliveryId,
    DeliveryKind,
    DeliveryState,
    Run,
    RunId,
    RunStatus,
    TaskId,
    Trigger,
)
from storage.reports import Section
from storage.runs import Moment
from storage.streaks import Streak
from tests.plants import SOME_DAY, make_report, make_task

TASK = make_task(id=TaskId(1))
RUN = Run(
    id=RunId(1),
    task_id=TaskId(1),
    task_version=1,
    trigger=Trigger.SCHEDULE,
    scheduled_for=SOME_DAY,
    status=RunStatus.FAILED,
    ready_at=SOME_DAY,
    created_at=SOME_DAY,
)
LINE = Delivery(
    id=DeliveryId(7),
    kind=DeliveryKind.FAILURE_LINE,
    outlet="slack",
    target=TASK.channel,
    task_id=TASK.id,
    state=DeliveryState.SENT,
    next_try_at=SOME_DAY,
    created_at=SOME_DAY,
)


def streak(length: int, *, line: Delivery | None = None, was_told: bool = False) -> Streak:
    """Give a streak of failures on schedule."""
    return Streak(length=length, moments=length, first_at=SOME_DAY, last_due=SOME_DAY, line=line,
                  was_told=was_told)  # fmt: skip


def kinds(owed: tuple[notices.Notice, ...]) -> list[tuple[DeliveryKind, str]]:
    """Give what is owed to whom."""
    return [(notice.kind, notice.target) for notice in owed]


def test_the_first_failure_owes_a_line_and_a_message() -> None:
    """The channel reads one line, the owner gets one message."""
    owed = notices.on_failure(TASK, RUN, streak=streak(1))

    assert kinds(owed) == [
        (DeliveryKind.FAILURE_LINE, "C0FINOPS"),
        (DeliveryKind.FAILURE_DM, "U0ALICE"),
    ]
    assert owed[0].changes is None


@pytest.mark.parametrize("length", [2, 9, 11, 99, 101, 5000])
def test_each_further_failure_only_changes_the_line(length: int) -> None:
    """Within a streak nothing new is posted: the line that stands there says how long it is."""
    [only] = notices.on_failure(TASK, RUN, streak=streak(length, line=LINE))

    assert (only.kind, only.changes) == (DeliveryKind.FAILURE_LINE, LINE.id)
    assert only.payload is not None
    assert only.payload["length"] == length


@pytest.mark.parametrize("length", [10, 100])
def test_the_owner_is_told_again_at_ten_and_a_hundred(length: int) -> None:
    """A streak that goes on is said again, twice."""
    owed = notices.on_failure(TASK, RUN, streak=streak(length, line=LINE))

    assert (DeliveryKind.FAILURE_DM, "U0ALICE") in kinds(owed)


def test_a_line_that_could_not_be_posted_is_not_tried_at_every_run() -> None:
    """Where the channel took no line, the rest of the streak leaves it alone."""
    refused = replace(LINE, state=DeliveryState.FAILED)

    assert notices.on_failure(TASK, RUN, streak=streak(2, line=refused)) == ()
    assert DeliveryKind.RECOVERY not in [
        kind
        for kind, _ in kinds(
            notices.on_success(TASK, make_report(), streak=streak(2, line=refused))
        )
    ]


def test_a_direct_message_is_told_of_failures_by_message_alone() -> None:
    """A task that reports to its owner owes them no second line beside the message."""
    task = replace(TASK, channel="D0ALICE")

    owed = notices.on_failure(task, RUN, streak=streak(1))

    assert kinds(owed) == [(DeliveryKind.FAILURE_DM, "U0ALICE")]


def test_an_owner_who_asked_is_told_once() -> None:
    """Who asked for the run and owns the task gets one message about it."""
    asked = replace(RUN, trigger=Trigger.MANUAL, asked_by="U0ALICE")

    owed = notices.on_failure(TASK, asked, streak=streak(1))

    assert kinds(owed).count((DeliveryKind.FAILURE_DM, "U0ALICE")) == 1


def test_success_without_a_streak_owes_its_result_alone() -> None:
    """What never failed has nothing to be back from."""
    report = make_report(sections=(Section(title="All", lines=("one",)),))

    owed = notices.on_success(TASK, report, streak=Streak())

    assert kinds(owed) == [
        (DeliveryKind.RESULT, "C0FINOPS"),
        (DeliveryKind.DETAILS, "C0FINOPS"),
    ]


@pytest.mark.parametrize("was_told", [True, False])
def test_success_ends_a_streak_in_place(was_told: bool) -> None:
    """The line becomes the news of the recovery; an owner who was told is told of it."""
    owed = notices.on_success(TASK, make_report(), streak=streak(3, line=LINE, was_told=was_told))

    recovery = owed[1]
    assert (recovery.kind, recovery.changes) == (DeliveryKind.RECOVERY, LINE.id)
    assert [notice.kind for notice in owed[2:]] == [DeliveryKind.RECOVERED_DM] * was_told


@pytest.mark.parametrize(("length", "alone"), [(9, False), (10, True)])
def test_only_a_long_streaks_end_is_worth_a_new_message(length: int, alone: bool) -> None:
    """Where the line is gone, its end is said anew from ten failures on."""
    change = replace(LINE, kind=DeliveryKind.RECOVERY, payload={"length": length})

    assert notices.stands_alone(change) is alone


def test_a_changed_failure_line_is_never_said_anew() -> None:
    """A line somebody deleted stays deleted, however long the streak."""
    assert not notices.stands_alone(replace(LINE, payload={"length": 500}))


def test_missed_moments_of_several_tasks_make_one_summary(now: datetime) -> None:
    """What another batch of the same outage missed is added to what was said before."""
    missed = Moment(scheduled_for=now, status=RunStatus.MISSED)
    started = Moment(scheduled_for=now + timedelta(hours=1), status=RunStatus.QUEUED)
    first = notices.on_missed(None, [(TASK, (missed, started))], now)

    both = notices.on_missed(first, [(replace(TASK, id=TaskId(2)), (missed,))], now)

    assert both is not None
    assert [(task["id"], task["moments"], task["runs_now"]) for task in both["tasks"]] == [
        (1, 1, True),
        (2, 1, False),
    ]


def test_a_long_outage_is_counted_and_not_listed(now: datetime) -> None:
    """Of hundreds of moments a summary names the first and counts all, folded ones too."""
    rows = [
        Moment(scheduled_for=now + timedelta(minutes=n), status=RunStatus.MISSED)
        for n in range(100)
    ]
    folded = Moment(
        scheduled_for=now + timedelta(minutes=100),
        last=now + timedelta(minutes=399),
        moments=300,
        status=RunStatus.MISSED,
    )

    told = notices.on_missed(None, [(TASK, (*rows, folded))], now)

    assert told is not None
    [task] = told["tasks"]
    assert (task["moments"], len(task["named"])) == (400, notices.NAMED)
    assert task["last"] == (now + timedelta(minutes=399)).isoformat()


def test_what_was_only_skipped_makes_no_summary(now: datetime) -> None:
    """A skipped moment has its own reason, and nobody was away."""
    skipped = Moment(scheduled_for=now, status=RunStatus.SKIPPED)

    assert notices.on_missed(None, [(TASK, (skipped,))], now) is None
