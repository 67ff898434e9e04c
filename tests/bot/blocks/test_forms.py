"""The edit form: it shows the task as it stands, and only what was touched comes back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.blocks import cards, policies
from bot.blocks.forms import INPUT, Given, edit_form, given, task_of
from bot.blocks.limits import check_view
from storage.policies import Leeway, Missed
from storage.records import TaskId
from tests.plants import make_task

TASK = make_task(id=TaskId(12), version=3)
UNTOUCHED = Given(
    version=3,
    when=None,
    zone=None,
    name=None,
    prompt=None,
    channel=None,
    timeout=None,
    retries=None,
    delegate=None,
    overlap=None,
    missed=None,
)


def filled_in(view: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """Give the form as Slack hands it back, with these fields changed."""
    values = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        state = {
            "plain_text_input": {"value": element.get("initial_value")},
            "users_select": {"selected_user": element.get("initial_user")},
            "conversations_select": {"selected_conversation": element.get("initial_conversation")},
            "static_select": {"selected_option": element.get("initial_option")},
        }[element["type"]]
        if block["block_id"] in changed:
            state = dict.fromkeys(state, changed[block["block_id"]])
            if element["type"] == "static_select":
                state = {"selected_option": {"value": changed[block["block_id"]]}}
        values[block["block_id"]] = {INPUT: {"type": element["type"], **state}}
    return {**view, "state": {"values": values}}


@pytest.mark.parametrize("task", [TASK, replace(TASK, schedule=None, delegate="U0BOB")])
def test_slack_takes_the_form(task) -> None:  # type: ignore[no-untyped-def]
    """The form keeps Slack's limits, with or without a schedule."""
    assert check_view(edit_form(task)) == []


def test_what_was_not_touched_is_left() -> None:
    """A form sent as it was opened changes nothing."""
    view = filled_in(edit_form(TASK))

    assert (task_of(view), given(view, TASK)) == (12, UNTOUCHED)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("when", "weekdays at 9"),
        ("zone", "Berlin"),
        ("name", "Costs"),
        ("prompt", "look at costs"),
        ("channel", "C0OTHER"),
        ("timeout", "5 min"),
        ("retries", "0"),
        ("delegate", "U0BOB"),
        ("overlap", "queue"),
        ("missed", "ask"),
        ("holidays", "skip"),
        ("fresh_s", "4 h"),
        ("jitter_s", "5 min"),
        ("pause_after", "5"),
    ],
)
def test_only_the_field_that_was_touched_comes_back(field: str, value: str) -> None:
    """Each field is read on its own."""
    view = filled_in(edit_form(TASK), **{field: value})

    named: dict[str, Any] = {field: value}
    assert given(view, TASK) == replace(UNTOUCHED, **named)


def test_an_emptied_time_is_told_from_one_that_was_left() -> None:
    """No time at all means: only when asked."""
    assert given(filled_in(edit_form(TASK), when=None), TASK).when == ""


def test_a_direct_message_offers_no_other_channel() -> None:
    """What belongs to one person is not sent elsewhere by a form, nor told to somebody else."""
    fields = {block["block_id"] for block in edit_form(replace(TASK, channel="D0ALICE"))["blocks"]}

    assert not fields & {"channel", "delegate"}


def test_work_too_long_for_the_form_is_not_lost_to_it() -> None:
    """It has no field there, so that saving anything else keeps it whole; the form says so."""
    task = replace(TASK, prompt="check it all " * 400)
    view = edit_form(task)

    assert check_view(view) == []
    assert "5,200 characters" in str(view["blocks"][-1])
    assert given(filled_in(view, name="Costs"), task) == replace(UNTOUCHED, name="Costs")


def test_a_long_name_of_before_is_left() -> None:
    """A name that is longer than the field is no change when the form comes back."""
    task = replace(TASK, name="n" * 80)

    assert given(filled_in(edit_form(task)), task) == UNTOUCHED


@pytest.mark.parametrize(
    ("missed", "asked"),
    [
        (Missed.LATEST, {"fresh_s"}),
        (Missed.ALL, {"fresh_s", "catch_up", "spread_s"}),
        (Missed.SKIP, set()),
        (Missed.ASK, set()),
    ],
)
def test_the_form_asks_what_matters_for_what_was_missed(missed: Missed, asked: set[str]) -> None:
    """What changes nothing under a policy has no field; what is usual stands in those there are."""
    task = replace(TASK, missed=missed)
    view = edit_form(task)
    fields = {block["block_id"]: block for block in view["blocks"]}

    assert check_view(view) == []
    assert {"fresh_s", "catch_up", "spread_s"} & fields.keys() == asked
    assert given(filled_in(view), task) == UNTOUCHED


def test_a_task_says_how_exact_it_is() -> None:
    """Its small line tells what is not usual, in the words that the form takes."""
    leeway = Leeway(fresh_s=14_400, jitter_s=300, spread_s=1_800, pause_after=5, catch_up=3)
    task = replace(TASK, leeway=leeway, missed=Missed.ALL)

    assert policies.unusual(task).split(" · ") == [
        "Of missed moments the latest 3 run",
        "Starts at most 4 h late",
        "Starts within 5 min of its time",
        "Spreads what it missed over 30 min",
        "Pauses after 5 failures in a row",
    ]
    said = cards.difference(TASK, task).text
    assert "the latest start of a missed moment 2 h → 4 h" in said
    assert "a pause after failures in a row none → 5" in said
    assert policies.unusual(TASK) == ""
