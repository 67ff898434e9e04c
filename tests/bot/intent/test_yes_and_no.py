"""Every kind of question takes a yes or a no in words, or leaves them alone for a stated reason."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest

from bot.intent import reader
from bot.intent.intents import DeleteTask, EditTask, PauseTask, TaskRef
from bot.intent.packing import packed
from bot.intent.reading import Reading
from bot.intent.talk import (
    Asked,
    Known,
    Meant,
    Settled,
    ShallCreate,
    ShallI,
    ShallPress,
    ShallTake,
    WhatElse,
    WhatTime,
    WhichTask,
    answered,
)

DELETE = DeleteTask(ref=TaskRef(number=12))
TASKS = (Known(number=12, name="Daily report"), Known(number=31, name="Weekly report"))
PRESS = ShallPress(action="redirect", value="12:3:C0FINOPS")
SHALL = ShallI(intent=packed(DELETE))
WHICH = WhichTask(intent=packed(PauseTask(ref=TaskRef(text="report"))), choices=(12, 31))
TIME = WhatTime(task=12)
ELSE = WhatElse(understood="daily cost report", reason="bad_time")
SETTLED = Settled(task=12)
DRAFT = ShallCreate(task=12, version=3, labels=("Yes, every day at 09:00",))
TIMES = ShallCreate(task=12, version=3, labels=("08:00", "09:00", "10:00"))
BESIDES = ShallTake(task=12, choices=("12:3:{}", "12:3:[]"))
WITHDRAWN: dict[type, Meant] = {
    type(each): Meant(answers=each) for each in (PRESS, SHALL, WHICH, TIME, ELSE, SETTLED, BESIDES)
} | {ShallCreate: Meant(press=ShallPress(action="cancel", value="12:3:"), answers=DRAFT)}
"""What a no comes to: the question is taken back, or was answered before."""
CONFIRMED: dict[type, Meant | None] = {
    ShallPress: Meant(confirmed=True, press=PRESS, answers=PRESS),
    ShallI: Meant(confirmed=True, intents=(DELETE,), answers=SHALL),
    WhichTask: None,  # a yes says nothing of which
    WhatTime: None,
    WhatElse: None,
    ShallCreate: Meant(
        confirmed=True, press=ShallPress(action="answer_0", value="12:3:0"), answers=DRAFT
    ),
    ShallTake: None,  # a yes says nothing of which
    Settled: Meant(answers=SETTLED),
}
KINDS = {type(each): each for each in (PRESS, SHALL, WHICH, TIME, ELSE, DRAFT, SETTLED, BESIDES)}


def read(text: str) -> Reading:
    """Read words by themselves, in a task's thread."""
    now = datetime(2026, 3, 5, 15, 17, tzinfo=UTC)
    return reader.read(text, now=now, zone="UTC", agents=frozenset({"alex"}), in_thread=True)


def test_every_kind_has_a_row() -> None:
    """A new kind of question must say here what a yes and a no come to."""
    union, *_ = get_args(Asked)

    assert set(get_args(union)) == set(KINDS) == set(CONFIRMED) == set(WITHDRAWN)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("said", ["yes", "ok do it", "Yes please!"])
def test_a_yes(kind: type, said: str) -> None:
    """A yes does what was shown, and where nothing was shown it is no answer."""
    assert answered(KINDS[kind], said, TASKS, read) == CONFIRMED[kind]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("said", ["no", "never mind", "Cancel that."])
def test_a_no(kind: type, said: str) -> None:
    """A no takes back every kind of question, and brings about nothing."""
    assert answered(KINDS[kind], said, TASKS, read) == WITHDRAWN[kind]


@pytest.mark.parametrize("said", ["ok", "thanks", "sure", "lgtm", "right"])
def test_a_nod_is_no_second_answer(said: str) -> None:
    """What people say to each other afterwards gets no answer from us."""
    assert answered(SETTLED, said, TASKS, read) is None


@pytest.mark.parametrize("said", ["the second", "the second one", "09:00", "ok 9:00"])
def test_one_of_the_times_of_a_draft(said: str) -> None:
    """A place or a time picks of what was offered; a mere yes, or "keep it", picks nothing."""
    meant = answered(TIMES, said, (), read)

    assert meant is not None
    if meant.press is not None:
        assert meant.press.value == "12:3:1"
    else:
        [edit] = meant.intents
        assert isinstance(edit, EditTask)
        assert edit.ref.number == 12
    assert answered(TIMES, "yes", (), read) is None
    assert answered(DRAFT, "keep it", (), read) is None


@pytest.mark.parametrize(
    ("said", "value"),
    [("besides", "12:3:{}"), ("both", "12:3:{}"), ("the first", "12:3:{}"),
     ("only then", "12:3:[]"), ("just once", "12:3:[]"), ("the second one", "12:3:[]")],
)  # fmt: skip
def test_besides_or_only_then(said: str, value: str) -> None:
    """Words pick whether a single time is one more, or the only one."""
    press = ShallPress(action="take", value=value)

    assert answered(BESIDES, said, (), read) == Meant(confirmed=True, press=press, answers=BESIDES)


def test_a_yes_to_the_only_reading_of_a_time() -> None:
    """Where a time has one button, a yes presses it."""
    asked = WhatTime(task=12, yes="12:3:{}")
    press = ShallPress(action="take", value="12:3:{}")

    assert answered(asked, "yes", (), read) == Meant(confirmed=True, press=press, answers=asked)
