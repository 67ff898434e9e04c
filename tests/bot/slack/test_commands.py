"""What `/tasks` understands: a verb and a task, or a whole sentence."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import cast

import pytest

from bot.intent import intents
from bot.intent.intents import Intent, TaskRef
from bot.llm.interpreter import Interpreter
from bot.services import Services
from bot.slack.commands import understood
from scheduler.agents import PROFILES


class Bundle:
    """The part of the services that reading a command uses."""

    def __init__(self, now: datetime) -> None:
        self.interpreter = Interpreter(None, agents=frozenset(PROFILES), now=lambda: now)
        self.profiles = PROFILES


def read(text: str, now: datetime) -> tuple[Intent, str | None]:
    """Read a command where times are in Berlin's zone."""
    services = cast("Services", Bundle(now))
    reading = asyncio.run(understood(text, zone="Europe/Berlin", services=services))
    assert reading is not None
    return reading.intent, reading.agent


@pytest.mark.parametrize("text", ["", "list", " LIST "])
def test_nothing_or_list_lists(now: datetime, text: str) -> None:
    """A bare command shows every task."""
    assert read(text, now) == (intents.ListTasks(), None)


@pytest.mark.parametrize(
    ("verb", "kind"),
    [
        ("show", intents.ShowTask),
        ("pause", intents.PauseTask),
        ("resume", intents.ResumeTask),
        ("run", intents.RunTask),
        ("delete", intents.DeleteTask),
        ("history", intents.ShowHistory),
        ("next", intents.ShowNext),
        ("why", intents.AskWhy),
        ("undo", intents.UndoChange),
    ],
)
@pytest.mark.parametrize("name", ["T-12", "t-12", "12", "#12", "the cost report"])
def test_a_verb_acts_on_the_task_that_is_named(
    now: datetime, verb: str, kind: type[intents.ShowTask], name: str
) -> None:
    """A task is named by its number in any spelling, or by its name."""
    number = None if "cost" in name else 12
    text = name if number is None else None

    assert read(f"{verb} {name}", now)[0] == kind(ref=TaskRef(number=number, text=text))


def test_an_edit_names_a_task_and_a_time(now: datetime) -> None:
    """`edit T-12 9:30` changes that task's time."""
    intent, _ = read("edit T-12 9:30", now)

    assert isinstance(intent, intents.EditTask)
    assert intent.ref.number == 12
    assert intent.changes.schedule is not None


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("zone", None),
        ("zone Berlin", "Europe/Berlin"),
        ("zone America/New_York", "America/New_York"),
        ("zone utc", "UTC"),
    ],
)
def test_the_zone_of_the_channel_is_asked_and_set(
    now: datetime, text: str, zone: str | None
) -> None:
    """`zone` alone asks, with a city or a zone it sets."""
    assert read(text, now)[0] == intents.SetZone(zone=zone)


def test_a_whole_sentence_is_read_like_a_message(now: datetime) -> None:
    """`/tasks alex schedule …` makes the task that the message would make."""
    intent, persona = read("alex schedule daily cost report at 8 AM", now)

    assert isinstance(intent, intents.CreateTask)
    assert intent.schedule is not None
    assert (persona, intent.schedule.zone) == ("alex", "Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("list kai", intents.ListTasks(agent="kai")),
        ("list @kai", intents.ListTasks(agent="kai")),
        ("list #platform", intents.ListTasks(channel="#platform")),
        ("list <#C0FINOPS|finops>", intents.ListTasks(channel="<#C0FINOPS|finops>")),
        ("list mine", intents.ListTasks(mine=True)),
        ("list paused", intents.ListTasks(state="paused")),
        ("list failing", intents.ListTasks(state="failed")),
        ("list templates", intents.ListTemplates()),
        ("list vacuum", intents.ListTasks(words="vacuum")),
    ],
)
def test_a_list_is_narrowed_by_a_word(now: datetime, text: str, wanted: Intent) -> None:
    """An agent, a channel, a state or a word of a name narrows the list."""
    assert read(text, now)[0] == wanted


@pytest.mark.parametrize("text", ["edit T-12", "edit 12", "edit the cost report"])
def test_an_edit_without_a_change_is_for_the_form(now: datetime, text: str) -> None:
    """Where nothing is said of what is to change, the form is."""
    services = cast("Services", Bundle(now))

    assert asyncio.run(understood(text, zone="Europe/Berlin", services=services)) is None


def test_what_a_verb_has_beside_a_task_is_not_lost(now: datetime) -> None:
    """`pause T-12 until Monday` is a pause that ends, `pause all of kai's tasks` is several."""
    until, _ = read("pause T-12 until Monday 9am", now)
    several, _ = read("pause all of kai's tasks", now)

    assert isinstance(until, intents.PauseTask)
    assert until.until is not None
    assert isinstance(several, intents.ChangeMany)
