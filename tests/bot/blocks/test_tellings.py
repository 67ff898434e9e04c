"""What is said of who is told, and what those who are told read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.blocks import cards, many, policies, tellings
from bot.blocks.cards import Message
from bot.blocks.limits import check_message
from scheduler.many import Declined, Deed, Outcome
from storage.policies import Missed, Notice, NoticeOn, Overlap
from storage.records import Run, RunId, RunStatus, TaskId, TaskState, Trigger
from tests.plants import SOME_DAY, make_report, make_task

TASK = make_task(id=TaskId(12), version=3)
TO_OPS = Notice(target="C0OPS", on=NoticeOn.FAILURE)
TO_BOB = Notice(target="U0BOB", on=NoticeOn.FAILURE)
RUN = Run(
    id=RunId(345),
    task_id=TaskId(12),
    task_version=1,
    trigger=Trigger.SCHEDULE,
    status=RunStatus.SUCCEEDED,
    report=make_report(),
    ready_at=SOME_DAY,
    created_at=SOME_DAY,
)


def text_of(message: Message) -> str:
    """Give a message's first paragraph, which Slack must take."""
    assert check_message(message.arguments()) == []
    said: str = message.blocks[0]["text"]["text"]
    return said


def labels(message: Message) -> list[str]:
    """Give what stands on the buttons."""
    rows = [block for block in message.blocks if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row["elements"]]


def test_who_is_told_is_said_by_moment() -> None:
    """Channels and people of one moment stand together."""
    completes = Notice(target="C0OPS", on=NoticeOn.COMPLETE)

    said = policies.hearers((TO_OPS, TO_BOB, completes))

    assert said == "<#C0OPS> and <@U0BOB> when it fails, <#C0OPS> when it completes"


def test_a_new_notice_is_said_back_with_a_way_back() -> None:
    """Who, when, and Undo."""
    after = replace(TASK, notices=(TO_OPS,), version=4)
    message = tellings.told(TASK, after, [TO_OPS], stop=False)

    assert text_of(message) == "<#C0OPS> is told when *Daily cost report* fails. · T-12"
    assert labels(message) == ["Undo"]


def test_who_is_told_no_longer_is_named_with_who_still_is() -> None:
    """Stopping says who is gone from the list, and who is left on it."""
    before = replace(TASK, notices=(TO_OPS, TO_BOB))
    after = replace(TASK, notices=(TO_BOB,))

    assert text_of(tellings.told(before, after, [TO_OPS], stop=True)) == (
        "<#C0OPS> is no longer told of *Daily cost report*; it still tells <@U0BOB> when it fails."
        " · T-12"
    )


@pytest.mark.parametrize("stop", [True, False])
def test_what_is_so_already_changes_nothing_and_offers_no_way_back(stop: bool) -> None:
    """There is nothing to undo."""
    message = tellings.told(TASK, TASK, [TO_OPS], stop=stop)

    assert "nothing changed" in text_of(message)
    assert labels(message) == []


def test_the_notices_that_a_question_carries_read_back() -> None:
    """The click sets exactly what was asked about."""
    message = tellings.question(TASK, [TO_OPS, TO_BOB])
    value = message.blocks[1]["elements"][0]["value"]

    assert tellings.unpacked(value.split(":", 2)[2]) == (TO_OPS, TO_BOB)


def test_another_place_reads_the_headline_and_where_the_result_stands() -> None:
    """A notice of a success is the result's own headline."""
    message = tellings.notice(TASK, RUN, "C0OPS")

    assert "All is well" in text_of(message)
    assert "<#C0FINOPS>" in str(message.blocks[-1])


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (RunStatus.FAILED, "did not run: The disk is full."),
        (RunStatus.TIMED_OUT, "took too long and was stopped: The disk is full."),
        (RunStatus.CANCELLED, "was cancelled: The disk is full."),
    ],
)
def test_a_notice_of_a_failure_says_its_cause(status: RunStatus, said: str) -> None:
    """One line, without a table."""
    failed = replace(RUN, status=status, report=None, reason="The disk is full.")

    assert text_of(tellings.notice(TASK, failed, "U0BOB")) == (
        f"*Daily cost report* {said} · T-12 · R-345"
    )


def test_an_owner_who_wants_to_be_asked_of_missed_moments_can_run_it_once() -> None:
    """One question with how many there were, and one click."""
    named = [(SOME_DAY + timedelta(hours=hour)).isoformat() for hour in range(12)]
    missed: dict[str, Any] = {"zone": TASK.zone, "moments": 14, "named": named}
    message = tellings.missed_question(TASK, {"tasks": [missed]}, SOME_DAY)

    assert "14 moments of *Daily cost report* did not run" in text_of(message)
    assert "and 2 more, New York time" in text_of(message)
    assert labels(message) == ["Run now", "Leave it"]


def test_a_card_says_what_its_task_does_that_others_do_not() -> None:
    """Whom it tells and its policies, in a small line; nothing where all is as usual."""
    unusual = replace(TASK, notices=(TO_OPS,), overlap=Overlap.QUEUE, missed=Missed.ALL)
    usual = cards.task_card(TASK, [], SOME_DAY)

    card = cards.task_card(unusual, [], SOME_DAY)

    assert [block["type"] for block in usual.blocks] == ["section", "actions"]
    assert card.blocks[1]["elements"][0]["text"] == (
        "Tells <#C0OPS> when it fails · A run due during another waits for its turn · Of missed"
        " moments all of them run"
    )


def test_a_pause_that_ends_is_said_with_its_zone() -> None:
    """When it goes on by itself."""
    paused = replace(
        TASK, state=TaskState.PAUSED, paused_until=SOME_DAY + timedelta(days=4), next_run_at=None
    )

    said = text_of(cards.task_card(paused, [], SOME_DAY))

    assert "Paused until Mon 9 Mar 11:17, New York time; then it goes on by itself." in said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (TASK, replace(TASK, retries=5), "Undone: retries 2 → 5."),
        (replace(TASK, state=TaskState.PAUSED), TASK, "Undone: it is on."),
        (TASK, replace(TASK, state=TaskState.REMOVED), "Undone: it is gone."),
    ],
)
def test_what_was_undone_is_said(before: Any, after: Any, said: str) -> None:
    """The difference, or how the task stands again."""
    assert cards.undone(before, after) == said


def test_what_several_tasks_wait_for_is_named_with_who_refuses() -> None:
    """Each task with its channel; those left out with the reason; the count on the button."""
    other = replace(TASK, id=TaskId(13), name="Index check", channel="C0OPS")
    outlook = Outcome(done=(TASK, other), declined=(Declined(task=TASK, why="Only its owner."),))

    message = many.question(Deed.PAUSE, outlook, zone=TASK.zone, now=SOME_DAY)

    text = text_of(message)
    assert "*Index check* · T-13 · <#C0OPS>" in text
    assert "Only its owner." in text
    assert labels(message) == ["Pause 2 tasks", "Cancel"]


@pytest.mark.parametrize(
    ("deed", "back"), [(Deed.PAUSE, ["Resume 1 task"]), (Deed.RESUME, ["Pause 1 task"]),
                       (Deed.REMOVE, ["Undo that for 1 task"]), (Deed.RUN, [])]
)  # fmt: skip
def test_what_was_done_to_several_offers_its_way_back_where_there_is_one(
    deed: Deed, back: list[str]
) -> None:
    """A pause can be resumed and a delete undone by one click, a run can't be unrun."""
    done = many.done(deed, Outcome(done=(TASK,)), zone=TASK.zone, now=SOME_DAY)

    assert labels(done) == back
