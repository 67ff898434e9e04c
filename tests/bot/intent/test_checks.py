"""A filled form against its message: what becomes of each slot."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from typing import Any

import pytest

from bot.intent import intents
from bot.intent.checks import checked
from bot.intent.errors import Misread
from bot.intent.grounds import Heard
from bot.intent.intents import CreateTask, Intent
from bot.intent.slots import parse, schema
from bot.intent.whens import Clock
from scheduler.agents import ROSTER
from storage.schedules import Cron, Daily, Every, Monthly, NthWeekday, Once, Rule, Weekday, Weekly

AGENTS = frozenset(ROSTER)
NEW_YORK = "America/New_York"
TUESDAY, FRIDAY = Weekday.TUESDAY, Weekday.FRIDAY


def read(text: str, now: datetime, *, in_thread: bool = False, **slots: Any) -> Intent:
    """Check a form about a message said in New York."""
    heard = Heard.of(text, AGENTS, in_thread=in_thread)
    return checked(parse(json.dumps(slots)), heard, Clock(now=now, zone=NEW_YORK), AGENTS)


def created(text: str, now: datetime, **when: Any) -> CreateTask:
    """Check a form that makes "peek at the spend" a task."""
    intent = read(text, now, request="create", work="peek at the spend", when=when)
    assert isinstance(intent, CreateTask)
    return intent


@pytest.mark.parametrize(
    ("said", "when", "rule"),
    [
        ("daily at 0800", {"repeats": "daily", "times": ["08:00"]}, Daily(times=(time(8),))),
        (
            "tuesdays and fridays at half past four",
            {"repeats": "weekly", "weekdays": ["tue", "fri"], "times": ["16:30"]},
            Weekly(weekdays=(TUESDAY, FRIDAY), times=(time(16, 30),)),
        ),
        (
            "on the 15th and the last day of each month at noon",
            {"repeats": "monthly", "month_days": [15, -1], "times": ["12:00"]},
            Monthly(days=(-1, 15), times=(time(12),)),
        ),
        (
            "second tuesday of the month 4pm",
            {"repeats": "monthly", "weeks_of_month": [2], "weekdays": ["tue"], "times": ["16:00"]},
            NthWeekday(nths=((2, Weekday.TUESDAY),), times=(time(16),)),
        ),
        (
            "every 20 minutes",
            {"repeats": "interval", "every": 20, "unit": "minutes"},
            Cron(expression="*/20 * * * *"),
        ),
        (
            "on friday at 17h",
            {"repeats": "once", "date": "2026-03-06", "times": ["17:00"]},
            Once(on=date(2026, 3, 6), at=time(17)),
        ),
        ("in two hours", {"repeats": "once", "in_minutes": 120},
         Once(on=date(2026, 3, 5), at=time(12, 17))),
    ],
)  # fmt: skip
def test_what_was_said_needs_a_yes_and_nothing_else(
    now: datetime, said: str, when: dict[str, Any], rule: Rule
) -> None:
    """Slots that the message names become the grammar's own rules."""
    task = created(f"peek at the spend {said}", now, **when)

    assert task.schedule is not None
    assert (task.schedule.rule, task.assumed) == (rule, ("confirm",))


@pytest.mark.parametrize(
    ("said", "when", "assumed"),
    [
        ("mondays", {"repeats": "weekly", "weekdays": ["mon"], "times": ["07:00"]}, "time"),
        ("at 3pm", {"repeats": "daily", "times": ["03:00"]}, "time"),
        ("at 9", {"repeats": "weekly", "weekdays": ["thu"], "times": ["09:00"]}, "day"),
        ("soon at 9", {"repeats": "once", "date": "2026-03-19", "times": ["09:00"]}, "date"),
        ("often", {"repeats": "interval", "every": 5, "unit": "minutes"}, "day"),
        ("in a bit", {"repeats": "once", "in_minutes": 45}, "time"),
    ],
)
def test_what_was_not_said_is_assumed(
    now: datetime, said: str, when: dict[str, Any], assumed: str
) -> None:
    """A slot without ground in the message is asked for."""
    assert assumed in created(f"peek at the spend {said}", now, **when).assumed


def test_a_zone_that_was_said_is_kept(now: datetime) -> None:
    """A zone in the message's words becomes its IANA name."""
    task = created("peek at the spend daily 9am over in Tokyo", now,
                   repeats="daily", times=["09:00"], zone="Tokyo")  # fmt: skip

    assert task.schedule is not None
    assert (task.schedule.zone, task.zone_in_text) == ("Asia/Tokyo", "Tokyo")


def test_two_weeks_count_from_now(now: datetime) -> None:
    """An interval of weeks is of true weeks, from the moment it was said."""
    task = created("peek at the spend every 2 weeks", now, repeats="interval", every=2,
                   unit="weeks")  # fmt: skip

    assert task.schedule is not None
    assert task.schedule.rule == Every(seconds=1_209_600, anchor=now)


def test_work_without_a_time_asks_whether_it_comes_back(now: datetime) -> None:
    """Work said without any time is neither run nor scheduled before an answer."""
    task = read("peek at the spend", now, request="create", work="peek at the spend", run_now=True)

    assert isinstance(task, CreateTask)
    assert (task.schedule, task.run_now, task.assumed) == (None, False, ("schedule", "confirm"))


def test_links_come_back_into_the_work(now: datetime) -> None:
    """The model is shown that there is a link; the task holds the person's own."""
    text = "could somebody peek at <https://status.example/x> daily at 9am"
    task = read(text, now, request="create", work="peek at [link]",
                when={"repeats": "daily", "times": ["09:00"]})  # fmt: skip

    assert isinstance(task, CreateTask)
    assert task.prompt == "peek at <https://status.example/x>"


def test_an_edit_names_only_what_changes(now: datetime) -> None:
    """Slots that are open stay out of the change."""
    intent = read("the drift check rather at 18:30", now, request="edit", task="drift check",
                  when={"times": ["18:30"]})  # fmt: skip

    assert intent == intents.EditTask(
        ref=intents.TaskRef(text="drift check"),
        changes=intents.Changes(schedule=intents.ScheduleChange(times=(time(18, 30),))),
    )


def test_a_quoted_name_names_a_task(now: datetime) -> None:
    """A name in quotation marks is a name, though no request."""
    intent = read('give "Night watch" a rest', now, request="pause", task="Night watch")

    assert intent == intents.PauseTask(ref=intents.TaskRef(text="Night watch"))


def test_it_is_the_threads_task(now: datetime) -> None:
    """In a task's thread nothing needs to be named."""
    intent = read("give this one a rest", now, in_thread=True, request="pause")

    assert intent == intents.PauseTask(ref=intents.TaskRef(it=True))


@pytest.mark.parametrize(
    "slots",
    [
        {"request": "edit", "task": "cost"},
        {"request": "edit", "task": "cost", "when": {"times": ["11:11"]}},
        {"request": "edit", "task": "cost", "name": "Pwned"},
        {"request": "pause"},
        {"request": "pause", "task": "T-99"},
        {"request": "pause", "task": "payroll"},
        {"request": "create", "work": ""},
        {"request": "create", "work": "peek at [link]"},
        {"request": "create", "work": "cost", "time_limit_minutes": 90},
        {"request": "create", "work": "cost", "when": {"repeats": "daily", "times": ["9:00:30"]}},
        {"request": "create", "work": "cost", "when": {"repeats": "monthly", "months": [13]}},
    ],
)
def test_a_form_without_ground_is_misread(now: datetime, slots: dict[str, Any]) -> None:
    """What the message does not say makes the form void."""
    with pytest.raises(Misread):
        read("could the cost thing be different", now, **slots)


@pytest.mark.parametrize(
    "answer", ["", "no", "{", "[1]", "{}", '{"request": "sudo"}', "{" * 20_000]
)
def test_an_answer_that_is_no_form_is_misread(answer: str) -> None:
    """Whatever is not a form is refused with a sentence, never with another error."""
    with pytest.raises(Misread):
        parse(answer)


def test_the_schema_is_one_that_servers_hold_models_to() -> None:
    """Every field is required and none is added, as strict servers demand."""
    whole = schema()

    for form in (whole, whole["$defs"]["When"]):
        assert form["additionalProperties"] is False
        assert set(form["required"]) == set(form["properties"])
