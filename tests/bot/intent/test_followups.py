"""What goes on from the last request, without its being named again."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from bot.intent import reader
from bot.intent.followups import followed
from bot.intent.intents import Changes, EditTask, PauseTask, TaskRef, UndoChange
from bot.intent.reading import Reading
from bot.intent.talk import UNDO_MANY, Known, Meant, Settled, ShallI, answered

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
