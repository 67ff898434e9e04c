"""What goes on from the last request, without its being named again."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from bot.intent import reader
from bot.intent.followups import followed
from bot.intent.intents import (
    Changes,
    CreateTask,
    EditTask,
    PauseTask,
    RunTask,
    TaskRef,
    UndoChange,
)
from bot.intent.packing import packed
from bot.intent.reading import Reading
from bot.intent.talk import (
    UNDO_MANY,
    Known,
    Meant,
    Settled,
    ShallI,
    WhatElse,
    WhichTask,
    answered,
)

AGENTS = frozenset({"alex", "tony", "kai"})
DAILY = Known(number=12, name="Daily quay report")
WEEKLY = Known(number=31, name="Weekly quay report")
EDIT = EditTask(ref=TaskRef(number=12), changes=Changes(retries=1))
PAUSE = PauseTask(ref=TaskRef(number=12))


def read(text: str) -> Reading:
    """Read words said in a task's thread."""
    now = datetime(2026, 3, 9, 8, tzinfo=UTC)
    return reader.read(text, now=now, zone="UTC", agents=AGENTS, in_thread=True)


@pytest.mark.parametrize("said", ["no, 10", "actually 10", "no wait, make that 10", "sorry, 10"])
def test_a_correction_is_another_time_and_no_number_of_a_task(said: str) -> None:
    """A bare hour after "no" is the time that was meant."""
    meant = followed(EDIT, said, (DAILY,), AGENTS, read)

    assert meant is not None
    (edit,) = meant.intents
    assert isinstance(edit, EditTask)
    assert edit.ref.it
    assert edit.changes.schedule is not None
    assert edit.changes.schedule.times == (time(10),)


@pytest.mark.parametrize("said", ["no, weekdays", "actually, fridays", "that one on fridays"])
def test_a_correction_is_other_days(said: str) -> None:
    """Days after "no" are when the task is to run, and no name of a task."""
    meant = followed(EDIT, said, (DAILY,), AGENTS, read)

    assert meant is not None
    (edit,) = meant.intents
    assert isinstance(edit, EditTask)
    assert edit.changes.schedule is not None
    assert edit.changes.schedule.weekdays


@pytest.mark.parametrize("said", ["no the daily one", "sorry, the daily", "no, the daily one too"])
def test_a_correction_is_another_of_those_spoken_of(said: str) -> None:
    """Words that fit one task spoken of mean that one."""
    meant = followed(PAUSE, said, (WEEKLY, DAILY), AGENTS, read)

    assert meant == Meant(intents=(PauseTask(ref=TaskRef(number=12)),))


def test_a_correction_is_another_request() -> None:
    """After "no" the whole request may be another one about the same task."""
    meant = followed(EDIT, "actually no, undo that", (DAILY,), AGENTS, read)

    assert meant == Meant(intents=(UndoChange(ref=TaskRef(it=True)),))


def test_the_same_is_done_to_an_agents_task() -> None:
    """The words "same for kai's" mean the task of that agent."""
    meant = followed(PAUSE, "same for kai's", (DAILY,), AGENTS, read)

    assert meant == Meant(intents=(PauseTask(ref=TaskRef(text="kai")),))


def test_undo_after_something_done_to_several_means_all_of_them() -> None:
    """Once a question about several was answered with yes, "undo" is about its tasks."""
    meant = answered(Settled(done="pause||UTC|1:1,2:1"), "undo that", (), read)

    assert meant is not None
    assert meant.press is not None
    assert meant.press.action == UNDO_MANY
    assert answered(Settled(done="pause||UTC|1:1,2:1"), "undo T-3", (), read) is None


def test_undo_withdraws_a_question() -> None:
    """While nothing was done yet, "undo" leaves it at that."""
    asked = ShallI(intent={"kind": "delete", "ref": {"number": 12}})

    assert answered(asked, "undo that", (), read) == Meant(answers=asked)


@pytest.mark.parametrize("said", ["actually don't", "no, leave it as it was", "wait, don't"])
def test_a_second_thought_takes_back_what_was_just_done(said: str) -> None:
    """After a change "actually don't" undoes it; after a run there is nothing to undo."""
    meant = followed(PAUSE, said, (DAILY,), AGENTS, read)

    assert meant == Meant(intents=(UndoChange(ref=TaskRef(it=True)),))
    assert followed(RunTask(ref=TaskRef(number=12)), said, (DAILY,), AGENTS, read) is None


@pytest.mark.parametrize(
    "said", ["no worries", "sorry about the noise", "wait for me", "hm, make it later"]
)
def test_talk_after_an_answer_names_no_task(said: str) -> None:
    """What people say to each other is not searched for among the tasks."""
    assert followed(PAUSE, said, (DAILY,), AGENTS, read) is None


@pytest.mark.parametrize("said", ["and the weekly one", "and the weekly one too please"])
def test_and_the_other_is_the_same_for_it(said: str) -> None:
    """The words "and the weekly one" repeat the request for another task spoken of."""
    meant = followed(PAUSE, said, (DAILY, WEEKLY), AGENTS, read)

    assert meant == Meant(intents=(PauseTask(ref=TaskRef(number=31)),))


def test_the_verb_may_be_said_again_with_the_choice() -> None:
    """The words "pause both" answer which one to pause."""
    asked = WhichTask(intent=packed(PAUSE), choices=(12, 31))
    meant = answered(asked, "pause both", (DAILY, WEEKLY), read)

    assert meant is not None
    assert [intent.ref.number for intent in meant.intents if isinstance(intent, PauseTask)] == [
        12,
        31,
    ]


def test_a_time_for_what_was_not_read_whole_waits_for_a_yes() -> None:
    """An answer completes what was understood, but what was left over may have said more."""
    asked = WhatElse(understood="Sum up the costs", reason="left_over")
    meant = answered(asked, "make it 15:00", (), read)

    assert meant is not None
    (made,) = meant.intents
    assert isinstance(made, CreateTask)
    assert made.prompt.casefold() == "sum up the costs"
    assert made.assumed
