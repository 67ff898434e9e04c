"""Messages that hold more than one request, or one request and its reason."""

from __future__ import annotations

from datetime import time

import pytest

from bot.intent.courtesies import Courtesy
from bot.intent.intents import (
    CreateTask,
    DeleteTask,
    Nothing,
    PauseTask,
    ResumeTask,
    RunTask,
    Unclear,
)
from bot.intent.reader import read
from bot.intent.reading import Reading
from storage.schedules import Daily, Schedule, Weekday, Weekly
from tests.bot.intent.runs import NOW, ZONE

AGENTS = frozenset({"alex", "anna", "kai", "oliver", "tony"})


def heard(text: str) -> Reading:
    """Read a message as the bot does in a channel."""
    return read(text, now=NOW, zone=ZONE, agents=AGENTS)


def made(text: str) -> list[tuple[str | None, str, Schedule | None]]:
    """Give the tasks that a message asks for: whose, which work, and when."""
    first = heard(text)
    intents = [reading.intent for reading in (first, *first.further)]
    tasks = [intent for intent in intents if isinstance(intent, CreateTask)]
    assert len(tasks) == len(intents), intents
    return [(task.agent, task.prompt, task.schedule) for task in tasks]


@pytest.mark.parametrize(
    "said",
    [
        "kai checks the pods and tony checks the lag every day at 9:00",
        "every day at 9:00 kai checks the pods and tony checks the lag",
        "@kai check the pods and @tony check the lag every day at 9:00",
        "kai check the pods, tony check the lag, daily at 9:00",
        "kai checks the pods every day at 9:00 and tony checks the lag",
    ],
)
def test_two_agents_share_a_schedule(said: str) -> None:
    """What only one of them was given is when both work."""
    daily = Schedule(rule=Daily(times=(time(9),)), zone=ZONE)

    assert made(said) == [("kai", "check the pods", daily), ("tony", "check the lag", daily)]


def test_two_agents_with_schedules_of_their_own() -> None:
    """Each one's schedule is its own."""
    daily = Schedule(rule=Daily(times=(time(9),)), zone=ZONE)
    fridays = Schedule(rule=Weekly(weekdays=(Weekday.FRIDAY,), times=(time(10),)), zone=ZONE)
    said = "kai check the pods at 9:00 every day and tony check the lag on Fridays at 10:00"

    assert made(said) == [("kai", "check the pods", daily), ("tony", "check the lag", fridays)]


def test_the_same_work_for_two() -> None:
    """Two who are to do the same are two tasks."""
    tasks = made("kai and oliver check the ports every day at 9:00")

    assert [(agent, work) for agent, work, _ in tasks] == [
        ("kai", "check the ports"),
        ("oliver", "check the ports"),
    ]


@pytest.mark.parametrize(
    "said",
    [
        "kai checks the pods, then tony checks the lag, every day at 9:00",
        "kai collects the numbers and anna sums them up every day at 9:00",
    ],
)
def test_work_that_hangs_together_is_not_cut(said: str) -> None:
    """What one does with the other's findings is no task of its own."""
    assert not heard(said).further


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("park T-4 till Monday, storage is working on it", PauseTask),
        ("the audit is over, switch T-4 back on", ResumeTask),
        ("audit is over, switch the open ports mail back on", ResumeTask),
        ("fire T-4 once, don't wait for its slot", RunTask),
        ("pause the disk scan until Friday because the array is being moved", PauseTask),
        ("the migration is done - delete T-4", DeleteTask),
        ("rerun T-4 - the export was late", RunTask),
    ],
)
def test_a_reason_stands_beside_a_request(said: str, kind: type) -> None:
    """People say why; the request is read all the same."""
    assert isinstance(heard(said).intent, kind)


def test_a_reason_stands_beside_it_in_a_thread() -> None:
    """In a task's thread, "it" is enough."""
    said = "park it till Monday, storage is working on it"

    reading = read(said, now=NOW, zone=ZONE, agents=AGENTS, in_thread=True, addressed=False)

    assert isinstance(reading.intent, PauseTask)
    assert reading.intent.ref.it


@pytest.mark.parametrize(
    "said",
    [
        "no need to pause T-4, the array is fine",
        "pause T-4 if the audit is over",
        "every day at 9:00 the disk is full, pause T-4",
        "storage is working on it, no worries",
    ],
)
def test_what_is_no_reason_is_not_left_out(said: str) -> None:
    """A condition, a refusal or a schedule is never dropped to make a request of the rest."""
    assert not isinstance(heard(said).intent, PauseTask)


@pytest.mark.parametrize("act", ["pause", "resume", "delete", "run"])
@pytest.mark.parametrize("condition", ["if the audit is over", "once storage is ready"])
def test_nothing_is_done_before_a_condition_holds(act: str, condition: str) -> None:
    """What hangs on something that happens elsewhere is asked about, not done at once."""
    intent = heard(f"{act} T-4 {condition}").intent

    assert isinstance(intent, Unclear)
    assert intent.reason == "condition"


@pytest.mark.parametrize(
    ("said", "courtesy"),
    [
        ("thanks a lot!", "thanks"),
        ("great, thx 🙏", "thanks"),
        ("hello chatcron", "greeting"),
        ("Good morning!", "greeting"),
        ("nice weather today", None),
    ],
)
def test_courtesies(said: str, courtesy: Courtesy | None) -> None:
    """Thanks and greetings are known as such, and ask for nothing."""
    assert heard(said).intent == Nothing(courtesy=courtesy)
