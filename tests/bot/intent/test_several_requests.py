"""Several requests in one message are read in their order; one request is never cut."""

from __future__ import annotations

from itertools import permutations

import pytest

from bot.intent.intents import CreateTask, DeleteTask, EditTask, PauseTask, ResumeTask, RunTask
from tests.bot.intent.said import read_here

REQUESTS = {
    "pause the cost report": "pause",
    "resume the backup check": "resume",
    "create a disk check every day at 9am": "create",
    "list my tasks": "list",
}
JOINTS = (". ", "; ", "\n", "\n- ", " and ", ", and then ", ". Also ", " and also ", ", then ")


@pytest.mark.parametrize("joint", JOINTS, ids=repr)
@pytest.mark.parametrize("pair", list(permutations(REQUESTS, 2)), ids=lambda pair: pair[0][:9])
def test_two_requests_are_both_read(pair: tuple[str, str], joint: str) -> None:
    """Each half is read as it is alone, the first one first."""
    reading = read_here(joint.join(pair))

    kinds = [one.intent.kind for one in (reading, *reading.further)]
    assert kinds == [REQUESTS[said] for said in pair]


@pytest.mark.parametrize(
    "text",
    ["- pause T-3\n- resume T-4\n- delete T-5", "1. pause T-3\n2. resume T-4\n3. delete T-5",
     "pause T-3, resume T-4 and delete T-5", "please:\n• pause T-3\n• resume T-4\n• delete T-5"],
)  # fmt: skip
def test_a_list_is_read_whole(text: str) -> None:
    """Every line or member of a list is a request."""
    reading = read_here(text)

    read = [one.intent for one in (reading, *reading.further)]
    assert [type(intent) for intent in read] == [PauseTask, ResumeTask, DeleteTask]
    numbers = [
        one.ref.number for one in read if isinstance(one, PauseTask | ResumeTask | DeleteTask)
    ]
    assert numbers == [3, 4, 5]


def test_one_verb_counts_for_several_numbers() -> None:
    """Whoever pauses two numbers pauses both."""
    reading = read_here("pause T-3 and T-4")

    read = [one.intent for one in (reading, *reading.further)]
    assert [intent.ref.number for intent in read if isinstance(intent, PauseTask)] == [3, 4]


def test_it_is_the_task_just_named() -> None:
    """The second request's "it" is the first one's task."""
    reading = read_here("create a daily cost report at 8am and run it now")

    [second] = [one.intent for one in reading.further]
    assert isinstance(second, RunTask)
    assert second.ref.text == "Daily cost report"


def test_a_new_name_and_a_new_time_are_one_change() -> None:
    """The name ends where the next change begins, and both are of one task."""
    reading = read_here("rename T-3 to Night watch and move it to 9am")

    assert reading.further == ()
    assert isinstance(reading.intent, EditTask)
    changes = reading.intent.changes
    assert (reading.intent.ref.number, changes.name) == (3, "Night watch")
    assert changes.schedule is not None


def test_each_agent_gets_its_own() -> None:
    """Two agents called in one message get a task each."""
    reading = read_here(
        "@alex schedule a cost report daily at 8am. @oliver run an access audit Mondays at 9am."
    )

    made = [one.intent for one in (reading, *reading.further)]
    assert [task.agent for task in made if isinstance(task, CreateTask)] == ["alex", "oliver"]


@pytest.mark.parametrize(
    "text",
    [
        "check the disks and list the largest files every day at 9am",
        "create a task to list pods and delete the failed ones daily at 9am",
        "schedule a task to check disks and show usage every day at 9am",
        "cost and usage report every day at 8am",
        "every Monday at 9am check disks, list pods and show usage",
        "create a daily cost report at 8am. It should cover EC2.",
        "check costs every day at 8am. Notify #ops if it fails.",
        "daily cost report at 8am in #finops and tell #ops if it fails, retry twice",
        "first alex checks cost, then oliver audits, every Monday at 9am",
        "pause the cost report for now",
        "run the cost report and the audit",
        "hi! can you pause T-3? thanks!",
    ],
)
def test_one_request_stays_whole(text: str) -> None:
    """An "and" inside the work, a detail or a courtesy begins no request."""
    reading = read_here(text)

    assert reading.further == ()
    assert reading.intent.kind not in ("nothing", "unclear")
