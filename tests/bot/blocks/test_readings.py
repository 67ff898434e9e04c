"""What a person is asked about a model's reading."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta

import pytest

from bot.blocks.readings import (
    VALUE_LIMIT,
    only_said,
    question,
    which_one,
    with_note,
)
from bot.blocks.words import plain
from bot.intent import intents
from bot.intent.intents import (
    Changes,
    EditTask,
    Intent,
    Notice,
    PauseTask,
    SaveTemplate,
    ScheduleChange,
    SetChannel,
    SetNotices,
    SetZone,
    TaskRef,
)
from bot.intent.packing import unpacked, written
from storage.records import TaskId
from storage.schedules import Cron, Daily, Every, Monthly, Once, Rule, Weekday, Weekly
from tests.plants import SOME_DAY, make_task

TASK = make_task(id=TaskId(12))
AT_NINE = (time(9),)
IT = TaskRef(it=True)
RULES: tuple[Rule, ...] = (
    Daily(times=AT_NINE),
    Weekly(weekdays=(Weekday.MONDAY,), times=AT_NINE),
    Monthly(days=(1, -1), times=AT_NINE),
    Cron(expression="0 7 * * 1-5"),
    Every(seconds=5400, anchor=SOME_DAY),
    Once(on=date(2026, 3, 9), at=time(9)),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
def test_what_a_button_holds_reads_back(rule: Rule) -> None:
    """An edit survives the way to Slack and back, whatever schedule it holds."""
    edit = EditTask(
        ref=TaskRef(text="cost"), changes=Changes(schedule=ScheduleChange(rule=rule), retries=3)
    )

    assert unpacked(json.loads(written(edit))) == edit


@pytest.mark.parametrize(
    ("intent", "said", "label"),
    [
        (PauseTask(ref=IT), "pause *Daily cost report* (T-12)", "Yes, pause it"),
        (intents.ResumeTask(ref=IT), "resume *Daily", "Yes, resume it"),
        (intents.RunTask(ref=IT), "run *Daily", "Yes, run it"),
        (intents.UndoChange(ref=IT), "take back the last change of *Daily", "Yes, take it back"),
        (
            EditTask(ref=IT, changes=Changes(schedule=ScheduleChange(times=AT_NINE))),
            "every day at 08:00 → every day at 09:00",
            "Yes, change it",
        ),
    ],
)
def test_a_reading_is_said_back_and_asked(intent: Intent, said: str, label: str) -> None:
    """The question names the task and the change, and its button says what it does."""
    message = question(intent, TASK, SOME_DAY)

    assert said in message.text
    assert [each["text"]["text"] for each in message.blocks[1]["elements"]] == [label, "No"]


def test_a_change_too_long_for_a_button_is_not_asked() -> None:
    """What no button can hold is refused with what to do, instead of being cut."""
    changes = Changes(prompt="check " * VALUE_LIMIT)

    message = question(EditTask(ref=IT, changes=changes), TASK, SOME_DAY)

    assert "nothing changed" in message.text
    assert len(message.blocks) == 1


def test_several_tasks_are_offered_with_the_verb() -> None:
    """Where a name fits several, the question says what would be done to the one chosen."""
    others = [TASK, make_task(id=TaskId(31), name="Weekly cost report")]

    message = which_one(PauseTask(ref=TaskRef(text="cost")), others)

    assert "pause one of these" in message.text
    assert len(message.blocks[1]["elements"]) == 2


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        (
            SetNotices(ref=IT, notices=(Notice(target="<#C0OPS|ops>", on="failure"),)),
            "tell <#C0OPS> when one of these fails",
        ),
        (SaveTemplate(ref=IT, name="kit"), "keep the work of one of these as the template “kit”"),
    ],
)
def test_what_fits_several_tasks_is_said_in_full(intent: Intent, said: str) -> None:
    """Before a click chooses the task, all that it would do stands there."""
    others = [make_task(id=TaskId(number)) for number in (1, 2)]

    assert f"I read that as: {said}. Which one?" in which_one(intent, others).text


@pytest.mark.parametrize(
    ("intent", "said", "label"),
    [
        (
            SetNotices(ref=IT, notices=(Notice(target="#ops", on="failure"),)),
            "tell #ops when *Daily cost report* (T-12) fails",
            "Yes, tell them",
        ),
        (
            SetNotices(ref=IT, notices=(Notice(target="#ops"),), stop=True),
            "tell #ops no longer of *Daily cost report* (T-12)",
            "Yes, stop it",
        ),
        (
            SaveTemplate(ref=IT, name="eu costs"),
            "keep the work of *Daily cost report* (T-12) as the template “eu costs”",
            "Yes, keep it",
        ),
    ],
)
def test_who_is_told_and_what_is_kept_is_only_proposed(
    intent: Intent, said: str, label: str
) -> None:
    """A model's reading of these is said back, and waits for a click."""
    message = question(intent, TASK, SOME_DAY)

    assert said in message.text
    assert message.blocks[1]["elements"][0]["text"]["text"] == label


@pytest.mark.parametrize("intent", [SetZone(zone="Europe/Berlin"), SetZone(off=True), SetChannel()])
def test_a_model_sets_nothing_for_a_channel(intent: Intent) -> None:
    """What it read of a setting is answered with how to say it."""
    assert "nothing changed" in only_said(intent).text


def test_a_note_stands_under_the_answer() -> None:
    """The answer stays as it is, with one small line below."""
    answer = with_note(plain("I read no request in that."), "My model <did> not answer.")

    assert answer.text == "I read no request in that."
    assert answer.blocks[-1]["elements"][0]["text"] == "My model &lt;did&gt; not answer."


def test_a_schedule_of_another_day_is_shown_whole(now: datetime) -> None:
    """A new rule is shown as people read schedules, next to the old one."""
    rule = Once(on=(now + timedelta(days=3)).date(), at=time(9))
    edit = EditTask(ref=IT, changes=Changes(schedule=ScheduleChange(rule=rule)))

    assert "once" in question(edit, TASK, now).text.casefold()
