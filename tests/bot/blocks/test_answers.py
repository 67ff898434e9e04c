"""The buttons of a question about time offer what could have been meant."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.blocks import answers, cards
from scheduler.wishes import AGENT, CONFIRM
from storage.records import TaskState
from storage.schedules import Daily, Every, Once, Schedule
from tests.plants import NEW_YORK, SOME_DAY, make_task


@pytest.mark.parametrize(
    ("assumed", "offered"),
    [
        (time(9), ["08:00", "09:00", "10:00"]),
        (time(18), ["18:00", "19:00", "20:00"]),
        (time(23), ["23:00"]),
        (time(11, 30), ["11:30", "12:30", "13:30"]),
    ],
)
def test_a_missing_time_is_offered_around_the_part_of_day(
    assumed: time, offered: list[str]
) -> None:
    """A morning offers the usual hours; an evening the hours from there."""
    schedule = Schedule(rule=Daily(times=(assumed,)), zone=NEW_YORK)

    assert [each.label for each in answers.proposals(schedule, ("time",))] == offered


def test_a_bare_hour_is_offered_morning_and_afternoon() -> None:
    """Both readings are there, the morning's first, on the day that was said."""
    schedule = Schedule(rule=Once(on=date(2026, 3, 6), at=time(17)), zone=NEW_YORK)

    offered = answers.proposals(schedule, ("meridiem",))

    assert [each.schedule and each.schedule.rule for each in offered] == [
        Once(on=date(2026, 3, 6), at=time(5)),
        Once(on=date(2026, 3, 6), at=time(17)),
    ]


def test_what_has_no_time_of_day_is_confirmed_as_read() -> None:
    """An interval can only be taken or changed."""
    schedule = Schedule(rule=Every(seconds=5400, anchor=SOME_DAY), zone=NEW_YORK)

    [only] = answers.proposals(schedule, ("time",))

    assert only.schedule == schedule


def test_work_without_a_time_may_run_now_or_daily() -> None:
    """The first answer runs it once at once; the second makes it a daily task."""
    draft = make_task(schedule=None, next_run_at=None, assumed=(answers.WHETHER,))

    now, daily = answers.answers(draft)

    assert (now.run_now, now.schedule) == (True, None)
    assert daily.schedule == Schedule(rule=Daily(times=(time(9),)), zone=NEW_YORK)


@pytest.mark.parametrize(
    ("assumed", "offered"),
    [
        ((AGENT,), ["Save paused"]),
        ((CONFIRM, AGENT), ["Save paused"]),
        (("time", AGENT), ["08:00", "09:00", "10:00"]),
        ((answers.WHETHER, AGENT), ["Save paused"]),
    ],
)
def test_work_for_an_agent_that_is_cut_off_can_be_saved(
    assumed: tuple[str, ...], offered: list[str]
) -> None:
    """One click saves it paused; where a time was missing, that click is the time."""
    schedule = (
        None
        if answers.WHETHER in assumed
        else Schedule(rule=Daily(times=(time(8),)), zone=NEW_YORK)
    )
    draft = make_task(schedule=schedule, next_run_at=None, assumed=assumed)

    assert [each.label for each in answers.answers(draft)] == offered


def test_a_card_says_what_an_agent_lacks() -> None:
    """The card of such a draft names the lack and offers to save it, or to forget it."""
    lacks = "Kai is not connected: there is no cluster. Set KUBECONFIG."
    draft = make_task(state=TaskState.DRAFT, assumed=(AGENT,), hold_reason=lacks)

    text, buttons = cards.task_card(draft, [], SOME_DAY).blocks

    assert f"{lacks} This would fail at every run." in text["text"]["text"]
    assert [each["text"]["text"] for each in buttons["elements"]] == ["Save paused", "Cancel"]
