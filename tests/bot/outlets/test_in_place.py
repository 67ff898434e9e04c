"""What changes a message changes that one, and is said anew only where that is worth it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.outlets.to_slack import SlackOutlet
from bot.speaker import Speaker
from scheduler.courier import Parcel
from storage.records import DeliveryId, DeliveryKind, RunStatus
from tests.bot.outlets.test_to_slack import NOW, history, parcel

STREAK = {
    "length": 9,
    "moments": 8,
    "first_at": NOW.isoformat(),
    "last_due": NOW.isoformat(),
}


@pytest.fixture
def outlet(speaker: Speaker) -> SlackOutlet:
    """Give an outlet to the local Slack."""
    return SlackOutlet(speaker, preview=lambda task: [], now=lambda: NOW)


def change(leader: Parcel, kind: DeliveryKind, *, ref: str, number: int = 8, **told: Any) -> Parcel:
    """Give a parcel that changes the message an earlier one left in #finops."""
    stands = replace(leader.delivery, ref=ref, sent_to="C0FINOPS")
    again = parcel(kind, leader=stands)
    delivery = replace(
        again.delivery, id=DeliveryId(number), after=stands.id, payload=STREAK | told
    )
    return replace(again, delivery=delivery)


def line() -> Parcel:
    """Give the first line of a streak."""
    first = parcel(DeliveryKind.FAILURE_LINE)
    assert first.run is not None
    failed = replace(first.run, status=RunStatus.FAILED, reason="The disk is full.")
    return replace(first, run=failed)


async def test_a_streak_stands_in_one_message_until_its_end(
    outlet: SlackOutlet, client: AsyncWebClient
) -> None:
    """The line grows with the streak and becomes the news of the recovery."""
    first = await outlet.send(line())
    began = [message["text"] for message in await history(client)]

    await outlet.send(change(line(), DeliveryKind.FAILURE_LINE, ref=first.ref))
    [grown] = await history(client)
    sent = await outlet.send(change(line(), DeliveryKind.RECOVERY, ref=first.ref))
    [ended] = await history(client)

    assert sent == first
    assert began == ["No Daily cost report this time: The disk is full. <@U0ALICE> knows. R-1"]
    assert "9 runs in a row failed" in grown["text"]
    assert "Daily cost report is back: posted" in ended["text"]
    assert "8 moments failed." in ended["text"]


@pytest.mark.parametrize(("length", "said"), [(9, 0), (10, 1)])
async def test_a_line_that_was_deleted_is_said_anew_after_a_long_streak_only(
    outlet: SlackOutlet, client: AsyncWebClient, length: int, said: int
) -> None:
    """The end of a long streak is news even where its line is gone; a short one's is not."""
    first = await outlet.send(line())
    await client.chat_delete(channel="C0FINOPS", ts=first.ref)

    await outlet.send(change(line(), DeliveryKind.FAILURE_LINE, ref=first.ref, length=length))
    assert await history(client) == []
    recovery = change(line(), DeliveryKind.RECOVERY, ref=first.ref, length=length)
    await outlet.send(recovery)
    await outlet.send(replace(recovery, again=True))

    assert len(await history(client)) == said
