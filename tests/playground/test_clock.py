"""What expires and what waits goes by a clock that a test can put forward."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.playground.server import LocalSlack
from bot.playground.signed_http import signature
from tests.playground.conftest import HASTY, Hands, Link, refused, slashed
from tests.playground.test_views import MODAL

HOUR_S = 3600.0


@pytest.fixture
async def slack(ack_limit_s: float) -> AsyncIterator[LocalSlack]:
    """Give a local Slack that sends an unacknowledged event again after an hour."""
    local = LocalSlack(page=False, ack_limit_s=ack_limit_s, retry_delays_s=(HOUR_S,))
    await local.start()
    yield local
    await local.stop()


async def test_a_trigger_is_worth_nothing_after_three_seconds(
    hands: Hands, link: Link, client: AsyncWebClient
) -> None:
    """A view that comes too late is not opened."""
    payload = await slashed(hands, link, "edit")
    await hands.post("/control/clock", forward_s=3.1)

    answer = await refused(client.views_open(trigger_id=payload["trigger_id"], view=MODAL))

    assert answer["error"] == "expired_trigger_id"


async def test_a_response_url_is_worth_nothing_after_half_an_hour(hands: Hands, link: Link) -> None:
    """An answer that comes too late is shown to nobody."""
    payload = await slashed(hands, link, "list")
    url = AsyncWebhookClient(payload["response_url"])
    await hands.post("/control/clock", forward_s=29 * 60)
    early = await url.send(text="in time")
    await hands.post("/control/clock", forward_s=2 * 60)

    late = await url.send(text="too late")

    assert (early.status_code, late.status_code, late.body) == (200, 404, "expired_url")
    assert [each["text"] for each in await hands.messages()] == ["in time"]


@HASTY
async def test_a_retry_comes_when_its_time_has(hands: Hands, link: Link) -> None:
    """An hour put forward brings the event again under its id."""
    await hands.say("hello")
    first = await link.envelope(ack=False)
    deliveries: list[dict[str, object]] = []
    while not deliveries or not deliveries[0]["reasons"]:
        deliveries = (await hands.get("/control/deliveries"))["deliveries"]
    await hands.post("/control/clock", forward_s=HOUR_S)

    again = await link.envelope()

    assert again["payload"]["event_id"] == first["payload"]["event_id"]
    assert again["retry_attempt"] == 1


def test_a_signature_of_another_time_is_refused() -> None:
    """Slack's verifier takes what was signed now, and not what was signed six minutes ago."""
    verdicts = []
    for age_s in (0, 360):
        stamp = str(int(time.time()) - age_s)
        headers = {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature("secret", stamp, b"{}"),
        }
        verdicts.append(SignatureVerifier("secret").is_valid_request(b"{}", headers))

    assert verdicts == [True, False]
