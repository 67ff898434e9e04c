"""Slack's limits hold at their figures and break one beyond, and other people's checks agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import slackblocks
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import ButtonElement, HeaderBlock, SectionBlock
from slackblocks.errors import InvalidUsageError

from bot.blocks import limits
from bot.blocks.limits import Json, check_message, check_view


def plain(length: int) -> Json:
    """Give a plain text of a length."""
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int) -> Json:
    """Give a mrkdwn text of a length."""
    return {"type": "mrkdwn", "text": "x" * length}


def button(**fields: Any) -> Json:
    """Give a button."""
    return {"type": "button", "action_id": "a", "text": plain(3), **fields}


def actions(*elements: Json) -> Json:
    """Give a row of elements."""
    return {"type": "actions", "elements": list(elements)}


def options(count: int, **fields: Any) -> list[Json]:
    """Give options to choose from."""
    return [{"text": plain(3), "value": str(at), **fields} for at in range(count)]


def chooser(kind: str, given: list[Json], **fields: Any) -> Json:
    """Give a row with one element that has options."""
    return actions({"type": kind, "action_id": "a", "options": given, **fields})


def confirm(**fields: Json) -> Json:
    """Give a row with one button that asks first."""
    dialog = {"title": plain(3), "text": plain(3), "confirm": plain(3), "deny": plain(3)}
    return actions(button(confirm=dialog | fields))


AT_THE_LIMIT: dict[str, tuple[int, Callable[[int], Json], str]] = {
    "section text": (3_000, lambda n: {"type": "section", "text": mrkdwn(n)}, "/text/text"),
    "section fields": (10, lambda n: {"type": "section", "fields": [mrkdwn(3)] * n}, "/fields"),
    "field text": (
        2_000,
        lambda n: {"type": "section", "fields": [mrkdwn(n)]},
        "/fields/0/text",
    ),
    "header text": (150, lambda n: {"type": "header", "text": plain(n)}, "/text/text"),
    "context elements": (
        10,
        lambda n: {"type": "context", "elements": [mrkdwn(3)] * n},
        "/elements",
    ),
    "actions elements": (
        25,
        lambda n: actions(*[button(action_id=str(at)) for at in range(n)]),
        "/elements",
    ),
    "block id": (255, lambda n: {"type": "divider", "block_id": "x" * n}, "/block_id"),
    "action id": (255, lambda n: actions(button(action_id="x" * n)), "/elements/0/action_id"),
    "button text": (75, lambda n: actions(button(text=plain(n))), "/elements/0/text/text"),
    "button value": (2_000, lambda n: actions(button(value="x" * n)), "/elements/0/value"),
    "button url": (3_000, lambda n: actions(button(url="x" * n)), "/elements/0/url"),
    "select options": (
        100,
        lambda n: chooser("static_select", options(n)),
        "/elements/0/options",
    ),
    "overflow options": (5, lambda n: chooser("overflow", options(n)), "/elements/0/options"),
    "checkboxes": (10, lambda n: chooser("checkboxes", options(n)), "/elements/0/options"),
    "option text": (
        75,
        lambda n: chooser("static_select", options(1, text=plain(n))),
        "/elements/0/options/0/text/text",
    ),
    "option value": (
        150,
        lambda n: chooser("static_select", options(1, value="x" * n)),
        "/elements/0/options/0/value",
    ),
    "placeholder": (
        150,
        lambda n: chooser("static_select", options(1), placeholder=plain(n)),
        "/elements/0/placeholder/text",
    ),
    "confirm title": (
        100,
        lambda n: confirm(title=plain(n)),
        "/elements/0/confirm/title/text",
    ),
    "confirm text": (300, lambda n: confirm(text=plain(n)), "/elements/0/confirm/text/text"),
    "confirm button": (30, lambda n: confirm(deny=plain(n)), "/elements/0/confirm/deny/text"),
    "markdown": (12_000, lambda n: {"type": "markdown", "text": "x" * n}, "/text"),
    "table rows": (
        100,
        lambda n: {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * n},
        "/rows",
    ),
    "table cells": (
        20,
        lambda n: {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * n]},
        "/rows/0",
    ),
}


@pytest.mark.parametrize("name", AT_THE_LIMIT)
def test_a_block_holds_at_its_limit_and_breaks_beyond(name: str) -> None:
    """The figure itself is allowed, one more is a problem that points at the place."""
    most, build, pointer = AT_THE_LIMIT[name]

    within = check_message({"blocks": [build(most)]})
    [problem] = check_message({"blocks": [build(most + 1)]})

    assert within == []
    assert problem.pointer == f"/blocks/0{pointer}"
    assert problem.constraint == most


def test_a_message_takes_fifty_blocks() -> None:
    """The fifty-first block is one too many."""
    assert check_message({"blocks": [{"type": "divider"}] * 50}) == []
    [problem] = check_message({"blocks": [{"type": "divider"}] * 51})
    assert (problem.pointer, problem.constraint) == ("/blocks", 50)


def test_the_text_of_all_blocks_is_limited_too() -> None:
    """Legal blocks may be too much together."""
    block = {"type": "section", "text": mrkdwn(2_600)}

    assert check_message({"blocks": [block] * 5}) == []
    [problem] = check_message({"blocks": [block] * 5 + [{"type": "header", "text": plain(1)}]})
    assert (problem.code, problem.pointer) == ("too_long", "/blocks")


@pytest.mark.parametrize(
    ("block", "pointer"),
    [
        ({"type": "banner"}, "/type"),
        ("divider", "/type"),
        ({"type": "section"}, "/text"),
        ({"type": "section", "text": mrkdwn(0)}, "/text/text"),
        ({"type": "section", "text": {"type": "html", "text": "x"}}, "/text/type"),
        ({"type": "header", "text": mrkdwn(3)}, "/text/type"),
        ({"type": "context", "elements": []}, "/elements"),
        (actions(button(style="loud")), "/elements/0/style"),
        (actions(button(), button()), "/elements/1/action_id"),
        (actions({"type": "plain_text_input", "action_id": "a"}), "/elements/0/type"),
        ({"type": "image", "image_url": "https://x"}, "/alt_text"),
    ],
)
def test_what_slack_does_not_know_is_a_problem(block: Any, pointer: str) -> None:
    """Unknown types, missing fields, wrong texts and repeated ids are each found."""
    [problem] = check_message({"blocks": [block]})

    assert problem.pointer == f"/blocks/0{pointer}"


def test_a_block_id_stands_once() -> None:
    """Two blocks with one id are a problem at the second."""
    [problem] = check_message({"blocks": [{"type": "divider", "block_id": "a"}] * 2})

    assert (problem.code, problem.pointer) == ("duplicate", "/blocks/1/block_id")


def test_a_problem_reads_as_slacks() -> None:
    """The JSON of a problem has the five keys of `blocks.validate`."""
    [problem] = check_message({"blocks": [{"type": "header", "text": plain(151)}]})

    assert problem.to_json() == {
        "code": "too_long",
        "message": "must be less than 151 characters",
        "field": "text",
        "pointer": "/blocks/0/text/text",
        "constraint": 150,
    }


MODAL: Json = {"type": "modal", "title": plain(24), "blocks": [{"type": "divider"}] * 100}


def test_a_view_at_its_limits_is_fine() -> None:
    """A title of 24 characters over a hundred blocks is allowed."""
    assert check_view(MODAL) == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"type": "window"}, "/type"),
        ({"title": plain(25)}, "/title/text"),
        ({"submit": plain(25)}, "/submit/text"),
        ({"private_metadata": "x" * 3_001}, "/private_metadata"),
        ({"callback_id": "x" * 256}, "/callback_id"),
        ({"blocks": None}, "/blocks"),
        ({"blocks": [{"type": "divider"}] * 101}, "/blocks"),
        ({"blocks": [{"type": "markdown", "text": "x"}]}, "/blocks/0/type"),
        (
            {
                "blocks": [
                    {
                        "type": "input",
                        "label": plain(3),
                        "element": {"type": "plain_text_input", "action_id": "a"},
                    }
                ]
            },
            "/submit",
        ),
    ],
)
def test_a_view_beyond_a_limit_is_a_problem(change: Json, pointer: str) -> None:
    """Each limit of a view is found where it is broken."""
    [problem] = check_view(MODAL | change)

    assert problem.pointer == pointer


FIELDS = [
    "type",
    "text",
    "fields",
    "elements",
    "element",
    "accessory",
    "options",
    "option_groups",
    "confirm",
    "rows",
    "block_id",
    "action_id",
    "label",
    "max_length",
]
WORDS = ["actions", "button", "context", "input", "overflow", "plain_text", "section", "table"]
WORDS += ["mrkdwn", "plain_text_input", "static_select"]
JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3) | st.sampled_from(WORDS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4)
    ),
    max_leaves=25,
)


@given(blocks=JSON)
def test_any_json_is_judged(blocks: Any) -> None:
    """Whatever comes is accepted or refused with a pointer, never an exception."""
    for problem in [*check_message({"blocks": blocks}), *check_view({**MODAL, "blocks": blocks})]:
        assert problem.pointer.startswith(("/blocks", "/submit"))


@given(elements=st.lists(JSON, min_size=1, max_size=3), kind=st.sampled_from(WORDS))
def test_any_elements_are_judged(elements: list[Any], kind: str) -> None:
    """The same holds one level down, in a block that is known."""
    block = {"type": kind, "elements": elements, "accessory": elements[0], "rows": elements}
    for problem in check_message({"blocks": [block]}):
        assert problem.pointer.startswith("/blocks")


@pytest.mark.parametrize(
    ("most", "build"),
    [
        (limits.SECTION_TEXT, lambda n: SectionBlock(text="x" * n).to_dict()),
        (limits.HEADER_TEXT, lambda n: HeaderBlock(text="x" * n).to_dict()),
        (limits.BUTTON_TEXT, lambda n: ButtonElement(text="x" * n, action_id="a").to_dict()),
        (
            limits.BUTTON_VALUE,
            lambda n: ButtonElement(text="x", action_id="a", value="x" * n).to_dict(),
        ),
    ],
)
def test_slacks_own_models_agree(most: int, build: Callable[[int], Json]) -> None:
    """slack_sdk accepts the figure and refuses one more."""
    build(most)
    with pytest.raises(SlackObjectFormationError):
        build(most + 1)


@pytest.mark.parametrize(
    ("most", "build"),
    [
        (
            limits.MESSAGE_BLOCKS,
            lambda n: slackblocks.Message("C0", blocks=[slackblocks.DividerBlock()] * n),
        ),
        (limits.SECTION_TEXT, lambda n: slackblocks.SectionBlock("x" * n)),
        (limits.HEADER_TEXT, lambda n: slackblocks.HeaderBlock("x" * n)),
        (limits.BUTTON_TEXT, lambda n: slackblocks.Button("x" * n, "a")),
        (limits.VIEW_TITLE, lambda n: slackblocks.ModalView("x" * n, [slackblocks.DividerBlock()])),
    ],
)
def test_slackblocks_agrees(most: int, build: Callable[[int], Any]) -> None:
    """An independent library accepts the figure and refuses one more."""
    build(most)
    with pytest.raises(InvalidUsageError):
        build(most + 1)
