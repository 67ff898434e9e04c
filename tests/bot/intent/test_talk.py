"""Answers to a question, and words that point back at the request before."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from bot.intent import reader
from bot.intent.followups import followed
from bot.intent.intents import (
    CreateTask,
    DeleteTask,
    EditTask,
    Intent,
    ListTasks,
    PauseTask,
    TaskRef,
)
from bot.intent.packing import packed, unpacked
from bot.intent.reading import Reading
from bot.intent.talk import (
    Known,
    ShallI,
    WhatElse,
    WhatTime,
    WhichTask,
    answered,
    asked_of,
)

NOW = datetime(2026, 3, 5, 15, 17, tzinfo=UTC)
AGENTS = frozenset({"alex", "oliver", "tony", "kai", "anna"})
DAILY, WEEKLY = Known(number=12, name="Daily cost report"), Known(number=31, name="Weekly report")
PAUSE = PauseTask(ref=TaskRef(text="report"))
WHICH = WhichTask(intent=packed(PAUSE), choices=(12, 31))
TIME = WhatTime(task=12, choices=("09:00", "21:00"))


def read(text: str) -> Reading:
    """Read words by themselves, in a task's thread."""
    return reader.read(text, now=NOW, zone="America/New_York", agents=AGENTS, in_thread=True)


def refs(*intents: Intent) -> list[TaskRef]:
    """Give the tasks that requests are about."""
    return [intent.ref for intent in intents if isinstance(intent, PauseTask)]


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("T-12", [12]),
        ("t-31", [31]),
        ("12", [12]),
        ("31 please", [31]),
        ("the first one", [12]),
        ("first", [12]),
        ("the 2nd", [31]),
        ("the second one please", [31]),
        ("the last one", [31]),
        ("the weekly one", [31]),
        ("weekly", [31]),
        ("the daily", [12]),
        ("cost", [12]),
        ("both", [12, 31]),
        ("all of them", [12, 31]),
    ],
)
def test_which_one_is_answered_in_words(said: str, numbers: list[int]) -> None:
    """A task is picked by number, by place, or by a word that only its name has."""
    meant = answered(WHICH, said, (DAILY, WEEKLY), read)

    assert meant is not None
    assert refs(*meant.intents) == [TaskRef(number=number) for number in numbers]


@pytest.mark.parametrize("said", ["report", "the monthly one", "T-99", "third", "lunch?", "thanks"])
def test_what_picks_none_or_several_is_no_answer(said: str) -> None:
    """Words that fit both tasks, or neither, leave the question open."""
    assert answered(WHICH, said, (DAILY, WEEKLY), read) is None


@pytest.mark.parametrize("said", ["no", "cancel", "never mind", "Forget it!", "none of them"])
def test_a_question_is_withdrawn(said: str) -> None:
    """Whoever does not want it any more says so, and nothing follows."""
    for asked in (WHICH, TIME, ShallI(intent=packed(PAUSE))):
        meant = answered(asked, said, (DAILY, WEEKLY), read)
        assert meant is not None
        assert meant.intents == ()


@pytest.mark.parametrize("said", ["yes", "Yes please", "ok do it", "go ahead!", "yep"])
def test_yes_does_what_was_shown(said: str) -> None:
    """A yes is for the request that the question showed, and no other."""
    delete = DeleteTask(ref=TaskRef(number=12))
    meant = answered(ShallI(intent=packed(delete)), said, (), read)

    assert meant is not None
    assert meant.confirmed
    assert meant.intents == (delete,)


@pytest.mark.parametrize("said", ["maybe", "why?", "what would it delete", "yes but later maybe"])
def test_anything_else_is_no_yes(said: str) -> None:
    """Doubt is no consent."""
    assert answered(ShallI(intent=packed(PAUSE)), said, (), read) is None


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("09:00", time(9)),
        ("at 9:30", time(9, 30)),
        ("9am", time(9)),
        ("9 pm please", time(21)),
        ("half past nine in the morning", time(9, 30)),
        ("the first one", time(9)),
        ("the second", time(21)),
        ("21:00", time(21)),
    ],
)
def test_a_time_is_answered_in_words(said: str, at: time) -> None:
    """What time it should be may be typed, or picked by its place."""
    meant = answered(TIME, said, (), read)

    assert meant is not None
    (edit,) = meant.intents
    assert isinstance(edit, EditTask)
    assert edit.ref == TaskRef(number=12)
    assert edit.changes.schedule is not None
    assert edit.changes.schedule.times == (at,)


@pytest.mark.parametrize(
    "said",
    [
        "pause the cost report until Monday",
        "move the vacuum check to 9",
        "delete the Friday check",
        "alex check rds cost at 9",
        "what runs on Mondays?",
        "stop it until Monday",
    ],
)
def test_a_request_of_its_own_is_no_time(said: str) -> None:
    """A day or a time in another request does not answer which time was meant."""
    assert answered(TIME, said, (), read) is None


def test_what_lacks_its_time_is_made_whole() -> None:
    """The words of the request and of the answer together are one request."""
    asked = WhatElse(understood="daily cost report", reason="bad_time", choices=("08:00",))
    meant = answered(asked, "at 8:30", (), read)

    assert meant is not None
    (made,) = meant.intents
    assert isinstance(made, CreateTask)
    assert made.schedule is not None


def test_what_lacks_its_work_is_made_whole() -> None:
    """A schedule that was said first takes the work that is said next."""
    asked = WhatElse(understood="every day at 9:00", reason="no_work")
    meant = answered(asked, "check the backups", (), read)

    assert meant is not None
    (made,) = meant.intents
    assert isinstance(made, CreateTask)
    assert made.prompt == "check the backups"


def test_a_new_request_is_no_answer() -> None:
    """Whoever asks for something else is heard for that."""
    asked = WhatElse(understood="daily cost report", reason="bad_time")
    assert answered(asked, "list my tasks", (), read) is None


@pytest.mark.parametrize(
    "said",
    [
        "no, the weekly one",
        "not that one, the weekly one",
        "I meant the weekly one",
        "sorry, the weekly one",
    ],
)
def test_the_last_request_is_redirected(said: str) -> None:
    """Who meant another task says so, and need not say the rest again."""
    meant = followed(PauseTask(ref=TaskRef(number=12)), said, (DAILY,), AGENTS, read)

    assert meant is not None
    (pause,) = meant.intents
    assert isinstance(pause, PauseTask)
    assert pause.ref.text is not None
    assert "weekly" in pause.ref.text


@pytest.mark.parametrize(
    "said", ["the same for the weekly report", "do the same for T-31", "and also the weekly report"]
)
def test_the_last_request_is_repeated_for_another(said: str) -> None:
    """The words "the same" are the last request, all but its task."""
    last = read("make it 9:30")
    assert isinstance(last.intent, EditTask)
    meant = followed(last.intent, said, (DAILY,), AGENTS, read)

    assert meant is not None
    (edit,) = meant.intents
    assert isinstance(edit, EditTask)
    assert edit.changes == last.intent.changes
    assert edit.ref != last.intent.ref


def test_the_other_one_is_the_other_of_two() -> None:
    """Of two tasks spoken of, the other is the one before."""
    meant = followed(PAUSE, "the other one", (DAILY, WEEKLY), AGENTS, read)
    assert meant is not None
    assert refs(*meant.intents) == [TaskRef(number=31)]
    assert followed(PAUSE, "the other one", (DAILY,), AGENTS, read) is None


def test_a_list_is_asked_again_for_another_agent() -> None:
    """After a list, "and kai's?" asks for the same list, of Kai."""
    meant = followed(ListTasks(state="failed"), "and for kai?", (), AGENTS, read)
    assert meant is not None
    assert meant.intents == (ListTasks(state="failed", agent="kai"),)


@pytest.mark.parametrize("said", ["no", "the same", "thanks", "no idea what it does, sorry to say"])
def test_what_points_nowhere_is_left_alone(said: str) -> None:
    """Words that name no other task are not taken for one."""
    meant = followed(PAUSE, said, (DAILY,), AGENTS, read)
    assert meant is None or all(ref.text for ref in refs(*meant.intents))


def test_a_request_comes_back_as_it_was() -> None:
    """What is packed reads back the same, and what nobody can read is nothing."""
    assert unpacked(packed(PAUSE)) == PAUSE
    assert unpacked({"kind": "of old"}) is None
    assert asked_of({"kind": "of old"}) is None
    assert asked_of(packed(WHICH)) == WHICH


def test_what_is_asked_besides_is_no_other_task() -> None:
    """“And also tell #general if it fails” is a request of its own, not the name of a task."""
    said = "and also tell #general if it fails"

    assert followed(PAUSE, said, (DAILY,), AGENTS, read) is None
