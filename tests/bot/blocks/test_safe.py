"""Whatever the texts are, what is shown keeps Slack's limits and pings nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.blocks import (
    bulk,
    cards,
    details,
    drafts,
    forms,
    lists,
    many,
    missed,
    parking,
    results,
    stories,
    streaks,
    tellings,
    words,
)
from bot.blocks.cards import Message
from bot.blocks.changes import changed_dm
from bot.blocks.home import home
from bot.blocks.limits import check_message, check_view
from bot.blocks.text import clip, literal, split
from scheduler.agents import PROFILES
from scheduler.errors import Refused
from scheduler.many import Deed, Outcome
from storage.policies import Notice, NoticeOn
from storage.records import Run, RunId, RunStatus, Task, TaskState, Trigger
from storage.reports import Report
from storage.schedules import Daily
from tests.bot.blocks.hostile import long_texts, names, reports, tasks, texts
from tests.plants import SOME_DAY, make_task

OURS = re.compile(r"<@U0ALICE>|<#C0FINOPS>|<!date\^\d+\^[a-z_ {}]+\|[^<>]+>")
STREAK = {
    "length": 12,
    "moments": 11,
    "first_at": SOME_DAY.isoformat(),
    "last_due": SOME_DAY.isoformat(),
}
TOLD = Notice(target="U0ALICE", on=NoticeOn.FAILURE)
quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)


def _run(task: Task, *, status: RunStatus = RunStatus.FAILED, reason: str | None = None) -> Run:
    return Run(
        id=RunId(345),
        task_id=task.id,
        task_version=1,
        trigger=Trigger.MANUAL,
        asked_by="U0ALICE",
        status=status,
        reason=reason,
        attempt=3,
        ready_at=SOME_DAY,
        started_at=SOME_DAY,
        finished_at=SOME_DAY + timedelta(seconds=4),
        created_at=SOME_DAY,
    )


def _weary(task: Task) -> dict[str, object]:
    """Give what an owner is told of a task that failures paused."""
    return {"tasks": [{"id": task.id, "name": task.name}], "failures": "5 times in a row"}


def _assert_safe(messages: Iterable[Message]) -> None:
    for message in messages:
        assert check_message(message.arguments()) == []
        assert len(message.text) <= 4_000
        shown = [message.text, *(_mrkdwn(message.blocks))]
        assert [text for text in shown if "<" in OURS.sub("", text)] == []


def _mrkdwn(blocks: object) -> list[str]:
    """Give every text that Slack would read marks in."""
    match blocks:
        case list() | tuple():
            return [text for each in blocks for text in _mrkdwn(each)]
        case {"type": "mrkdwn", "text": str(text)}:
            return [text]
        case dict():
            return [text for each in blocks.values() for text in _mrkdwn(each)]
        case _:
            return []


def _due() -> Sequence[timedelta]:
    return [timedelta(days=day) for day in range(1, 6)]


@quick
@given(tasks())
def test_cards_are_safe(task: Task) -> None:
    """No name and no state makes a card that Slack refuses or that pings somebody."""
    due = [SOME_DAY + span for span in _due()]

    _assert_safe(
        (
            cards.task_card(task, due, SOME_DAY),
            cards.delete_question(task),
            details.details(task),
            parking.parked_dm(_weary(task)),
            cards.started(task, _run(task)),
            cards.which_one([task] * 7, "pause"),
            many.question(Deed.PAUSE, Outcome(done=(task,) * 40), zone="UTC", now=SOME_DAY),
            many.done(Deed.REMOVE, Outcome(done=(task,) * 40), zone="UTC", now=SOME_DAY),
            tellings.question(task, [TOLD]),
            tellings.told(task, replace(task, notices=(TOLD,)), [TOLD], stop=False),
            tellings.hush_question([TOLD], [task] * 40),
            tellings.began(task, _run(task)),
            tellings.note(task, {"what": task.prompt[:200], "wanted": task.name}),
            lists.due_tasks([task] * 30, {task.id: due * 3}, "UTC", SOME_DAY),
            lists.task_page([task] * 35, {}, SOME_DAY, page=1),
            lists.found_tasks([task] * 35, {}, SOME_DAY),
        )
    )


@quick
@given(tasks(), names, texts)
def test_differences_are_safe(task: Task, name: str, prompt: str) -> None:
    """An edit of hostile texts is told without harm."""
    after = make_task(name=name, prompt=prompt, schedule=task.schedule)

    _assert_safe(
        [
            cards.difference(task, after),
            changed_dm(task, after, by="U0ALICE", action="edit", now_is=after),
        ]
    )


@quick
@given(tasks())
def test_the_home_tab_is_safe(task: Task) -> None:
    """However many tasks there are and whatever they are called, Slack takes the tab."""
    many = [task] * 30
    tab = home(many, {task.id: _run(task, reason="<!channel>")}, reader=task.owner, now=SOME_DAY)

    assert check_view(tab) == []
    assert [text for text in _mrkdwn(tab["blocks"]) if "<" in OURS.sub("", text)] == []


@quick
@given(tasks(), reports(), long_texts)
def test_results_and_failures_are_safe(task: Task, report: Report, reason: str) -> None:
    """No report and no reason makes a message that Slack refuses or that pings somebody."""
    failed = _run(task, reason=reason)

    _assert_safe(
        (
            results.result(task, _run(task, status=RunStatus.SUCCEEDED), report),
            *results.details(report),
            streaks.failure_line(task, failed, None, SOME_DAY),
            streaks.failure_line(task, failed, STREAK, SOME_DAY),
            streaks.recovery(task, failed, STREAK, SOME_DAY),
            streaks.recovered_dm(task, failed, STREAK, SOME_DAY),
            drafts.reminder(task, [], SOME_DAY),
            drafts.expired(task),
            results.failure_dm(task, failed, SOME_DAY),
            results.undelivered_dm(task, failed, reason[:200]),
        )
    )


@quick
@given(tasks())
def test_what_tells_of_many_tasks_is_safe(task: Task) -> None:
    """However many tasks missed something or were paused, one message that Slack takes tells it."""
    missed_once = {
        "id": 1,
        "version": 1,
        "name": task.name,
        "zone": task.zone,
        "moments": 40,
        "named": [SOME_DAY.isoformat()] * 12,
        "last": SOME_DAY.isoformat(),
        "runs_now": False,
    }
    summary = {"tasks": [missed_once] * 80, "noticed_at": SOME_DAY.isoformat()}
    named = {"id": 1, "name": task.name}
    change = {"by": "U0ALICE", "action": "pause all", "tasks": [named] * 80}

    _assert_safe((missed.missed_summary(summary, SOME_DAY), bulk.all_changed_dm(change)))


@quick
@given(tasks(), long_texts, st.sampled_from(RunStatus))
def test_stories_are_safe(task: Task, reason: str, status: RunStatus) -> None:
    """The ledger tells of hostile reasons without harm."""
    run = _run(task, status=status, reason=reason)

    _assert_safe(
        (
            stories.history(task, [run] * 30, SOME_DAY),
            stories.why(task, run, [], [], SOME_DAY),
            stories.why(task, None, [], [], SOME_DAY),
        )
    )


@quick
@given(long_texts, texts)
def test_words_are_safe(sentence: str, choice: str) -> None:
    """What a person wrote comes back in a refusal or a question without harm."""
    _assert_safe(
        (
            words.refusal(Refused(f"No task “{sentence}”.", fix=choice)),
            words.unclear(sentence, "What time?", [choice]),
            words.help_text(PROFILES.values()),
            words.no_request(),
        )
    )


@quick
@given(tasks())
def test_the_form_fits(task: Task) -> None:
    """The form keeps Slack's limits, whatever the task is called."""
    assert check_view(forms.edit_form(task)) == []


@quick
@given(tasks())
def test_a_card_is_short(task: Task) -> None:
    """A card has at most four lines, three buttons and the menu; a draft its answers."""
    card = cards.task_card(task, [SOME_DAY], SOME_DAY)
    text = card.blocks[0]["text"]["text"]
    elements = card.blocks[1]["elements"]
    buttons = [element for element in elements if element["type"] == "button"]

    assert len(text.split("\n")) <= 4
    assert len(buttons) <= (5 if task.state is TaskState.DRAFT else 3)


@quick
@given(reports())
def test_frames_are_closed(report: Report) -> None:
    """A table that is cut in two stands in a frame in each of its messages."""
    pieces = [text for message in results.details(report) for text in _mrkdwn(message.blocks)]
    ours = [piece.count(results.FRAME) % 2 for piece in pieces]

    assert sum(ours) == 0


@quick
@given(st.lists(st.text(alphabet="ab é\n", max_size=60), max_size=30), st.integers(5, 80))
def test_splitting_loses_nothing(lines: list[str], limit: int) -> None:
    """The pieces hold every character of the text in order, none longer than asked."""
    text = "\n".join(lines)
    pieces = list(split(text, limit))

    assert all(len(piece) <= limit for piece in pieces)
    assert "".join(pieces).replace("\n", "") == text.replace("\n", "")


@given(st.text(), st.integers(1, 50))
def test_clipping_keeps_the_limit(text: str, limit: int) -> None:
    """A clipped text is as long as allowed at most."""
    assert len(clip(text, limit)) <= limit


def test_marks_in_a_name_stand_as_they_are() -> None:
    """Stars and mentions in a name are shown, not obeyed."""
    shown = literal("*x* <!channel>")

    assert shown.replace("\u2060", "") == "*x* &lt;!channel&gt;"
    assert "*\u2060x*\u2060" in shown


def test_a_draft_without_a_time_offers_three() -> None:
    """The buttons of a draft are the answers, and a way out."""
    draft = make_task(state=TaskState.DRAFT, assumed=("time",))
    card = cards.task_card(draft, [], SOME_DAY)
    labels = [element["text"]["text"] for element in card.blocks[1]["elements"]]

    assert isinstance(draft.schedule and draft.schedule.rule, Daily)
    assert labels == ["08:00", "09:00", "10:00", "Other…", "Cancel"]
