"""Modals open with a trigger, carry what people fill in, and close as the app says."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.calls import SlackError
from bot.playground.triggers import TRIGGER_S, Triggers
from tests.playground.conftest import Hands, Link, refused, slashed

MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "edit",
    "title": {"type": "plain_text", "text": "Edit"},
    "submit": {"type": "plain_text", "text": "Save"},
    "private_metadata": "T-1",
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": {"type": "plain_text", "text": "Name"},
            "element": {"type": "plain_text_input", "action_id": "value"},
        }
    ],
}


async def test_a_trigger_opens_one_view(hands: Hands, link: Link, client: AsyncWebClient) -> None:
    """A trigger id is used up by the first view."""
    payload = await slashed(hands, link, "edit")
    view = (await client.views_open(trigger_id=payload["trigger_id"], view=MODAL))["view"]

    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await client.views_open(trigger_id=payload["trigger_id"], view=MODAL)

    assert view["private_metadata"] == "T-1"
    assert view["root_view_id"] == view["id"]


async def test_a_trigger_lasts_three_seconds() -> None:
    """After its time a trigger id opens nothing."""
    now = [100.0]
    triggers = Triggers(clock=lambda: now[0])
    early, late = triggers.issue("U0MAYA"), triggers.issue("U0MAYA")

    now[0] += TRIGGER_S
    assert triggers.take(early) == "U0MAYA"
    now[0] += 0.001
    with pytest.raises(SlackError, match="expired_trigger_id"):
        triggers.take(late)
    with pytest.raises(SlackError, match="invalid_trigger_id"):
        triggers.take("made-up")


async def opened(hands: Hands, link: Link, client: AsyncWebClient) -> dict[str, Any]:
    """Open the modal for Maya and give it."""
    payload = await slashed(hands, link, "edit")
    answer = await client.views_open(trigger_id=payload["trigger_id"], view=MODAL)
    view: dict[str, Any] = answer["view"]
    return view


async def submitted(
    hands: Hands, link: Link, view: dict[str, Any], answer: Any = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Submit a name as Maya and give what the app got and what the page was told."""
    body = {
        "as": "U0MAYA",
        "view_id": view["id"],
        "action": "submit",
        "values": {"name": {"value": {"value": "Cost report"}}},
    }
    envelope, told = await asyncio.gather(
        link.envelope(answer=answer), hands.post("/ui/view", **body)
    )
    return envelope["payload"], told


async def test_a_submission_carries_the_values(
    hands: Hands, link: Link, client: AsyncWebClient
) -> None:
    """The app gets the view with its state, and an empty ack closes it."""
    view = await opened(hands, link, client)

    payload, told = await submitted(hands, link, view)
    again = await hands.post(
        "/ui/view", **{"as": "U0MAYA"}, view_id=view["id"], values={}, action="submit"
    )

    assert payload["type"] == "view_submission"
    assert payload["view"]["callback_id"] == "edit"
    assert payload["view"]["state"]["values"] == {
        "name": {"value": {"type": "plain_text_input", "value": "Cost report"}}
    }
    assert told == {"ok": True}
    assert again["error"] == "view_not_found"


async def test_errors_in_an_ack_keep_the_modal(
    hands: Hands, link: Link, client: AsyncWebClient
) -> None:
    """Field errors reach the page, and the view can be submitted again."""
    view = await opened(hands, link, client)
    errors = {"response_action": "errors", "errors": {"name": "That name is taken."}}

    _, first = await submitted(hands, link, view, answer=errors)
    _, second = await submitted(hands, link, view)

    assert first == {"ok": False, "errors": {"name": "That name is taken."}}
    assert second == {"ok": True}


async def test_an_empty_required_field_stays_in_the_browser(
    hands: Hands, link: Link, client: AsyncWebClient
) -> None:
    """What is required and missing is said without asking the app."""
    view = await opened(hands, link, client)

    told = await hands.post(
        "/ui/view", **{"as": "U0MAYA"}, view_id=view["id"], values={}, action="submit"
    )

    assert set(told["errors"]) == {"name"}


async def test_a_view_is_replaced_by_an_ack_and_by_its_hash(
    hands: Hands, link: Link, client: AsyncWebClient
) -> None:
    """An update in the ack keeps the view's id, and a stale hash changes nothing."""
    view = await opened(hands, link, client)
    renamed = MODAL | {"title": {"type": "plain_text", "text": "Edited"}}

    _, told = await submitted(
        hands, link, view, answer={"response_action": "update", "view": renamed}
    )
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=view["id"], hash=view["hash"], view=MODAL)
    updated = await client.views_update(view_id=view["id"], view=MODAL)

    assert told == {"ok": True}
    assert updated["view"]["id"] == view["id"]


async def test_views_are_stacked_three_deep(
    hands: Hands, link: Link, client: AsyncWebClient
) -> None:
    """A fourth view is refused, and closing shows the app the views that asked for it."""
    await opened(hands, link, client)
    for _ in range(2):
        payload = await slashed(hands, link, "more")
        top = await client.views_push(
            trigger_id=payload["trigger_id"], view=MODAL | {"notify_on_close": True}
        )
    payload = await slashed(hands, link, "more")

    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await client.views_push(trigger_id=payload["trigger_id"], view=MODAL)
    body = {"as": "U0MAYA", "view_id": top["view"]["id"], "action": "close"}
    closed, told = await asyncio.gather(link.envelope(), hands.post("/ui/view", **body))

    assert told == {"ok": True}
    assert closed["payload"]["type"] == "view_closed"
    assert closed["payload"]["view"]["id"] == top["view"]["id"]


async def test_a_view_goes_by_the_apps_own_name_too(
    hands: Hands, link: Link, client: AsyncWebClient
) -> None:
    """An external id finds its view, and belongs to one view at a time."""
    named = MODAL | {"external_id": "task-1"}
    payload = await slashed(hands, link, "edit")
    view = (await client.views_open(trigger_id=payload["trigger_id"], view=named))["view"]
    payload = await slashed(hands, link, "edit")

    twice = await refused(client.views_push(trigger_id=payload["trigger_id"], view=named))
    found = await client.views_update(external_id="task-1", view=named, hash=view["hash"])
    lost = await refused(client.views_update(external_id="task-2", view=named))

    assert found["view"]["id"] == view["id"]
    assert (twice["error"], lost["error"]) == ("duplicate_external_id", "not_found")


async def test_a_view_of_more_than_250_kilobytes_is_refused(
    hands: Hands, link: Link, client: AsyncWebClient
) -> None:
    """Blocks that are each within their limits may still be too much for one view."""
    payload = await slashed(hands, link, "edit")
    text = {"type": "mrkdwn", "text": "ü" * 2_900}
    heavy = MODAL | {"blocks": [{"type": "section", "text": text}] * 50}

    answer = await refused(client.views_open(trigger_id=payload["trigger_id"], view=heavy))

    assert answer["error"] == "view_too_large"


async def test_a_click_in_a_modal_comes_from_its_view(
    hands: Hands, link: Link, client: AsyncWebClient
) -> None:
    """What stands beside the inputs acts at once, and brings what was typed so far."""
    button = {"type": "button", "action_id": "more", "text": {"type": "plain_text", "text": "+"}}
    row = {"type": "actions", "block_id": "row", "elements": [button]}
    payload = await slashed(hands, link, "edit")
    answer = await client.views_open(
        trigger_id=payload["trigger_id"], view=MODAL | {"blocks": [*MODAL["blocks"], row]}
    )
    click = {"view_id": answer["view"]["id"], "block_id": "row", "action_id": "more"}
    typed = {"state": {"name": {"value": {"value": "Cost"}}}}

    envelope, told = await asyncio.gather(
        link.envelope(),
        hands.post("/ui/view", **{"as": "U0MAYA"}, action="act", **click, **typed),
    )

    clicked = envelope["payload"]
    assert told == {"ok": True}
    assert clicked["container"] == {"type": "view", "view_id": answer["view"]["id"]}
    assert clicked["view"]["state"]["values"]["name"]["value"]["value"] == "Cost"


async def test_a_view_beyond_the_limits_is_refused(
    hands: Hands, link: Link, client: AsyncWebClient
) -> None:
    """A title of 25 characters opens nothing, and leaves the trigger unused."""
    payload = await slashed(hands, link, "edit")
    long = MODAL | {"title": {"type": "plain_text", "text": "x" * 25}}

    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_open(trigger_id=payload["trigger_id"], view=long)

    assert (await client.views_open(trigger_id=payload["trigger_id"], view=MODAL))["ok"]
