"""The Slack outlet posts each part once, in its thread, and says what can't be delivered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.outlets.to_slack import SlackOutlet
from bot.playground.server import LocalSlack
from bot.speaker import Speaker
from scheduler.courier import Parcel
from scheduler.errors import Busy, PlaceClosed
from storage.records import (
    Delivery,
    DeliveryId,
    DeliveryKind,
    DeliveryState,
    Run,
    RunId,
    RunStatus,
    TaskId,
    Trigger,
)
from storage.reports import Report, Section
from tests.plants import make_report, make_task

NOW = datetime.now(UTC)
LONG = make_report(
    sections=(Section(title="Rows", lines=tuple(f"line {n} {'x' * 90}" for n in range(700))),)
)


@pytest.fixture
def outlet(speaker: Speaker) -> SlackOutlet:
    """Give an outlet to the local Slack."""
    return SlackOutlet(speaker, preview=lambda task: [], now=lambda: NOW)


def parcel(kind: DeliveryKind, *, report: Report | None = None, **named: Any) -> Parcel:
    """Give a parcel for #finops about a run that reported."""
    delivery = Delivery(
        id=DeliveryId(7),
        kind=kind,
        outlet="slack",
        target=named.pop("target", "C0FINOPS"),
        task_id=TaskId(1),
        run_id=RunId(1),
        state=DeliveryState.SENDING,
        next_try_at=NOW,
        created_at=NOW,
    )
    run = Run(
        id=RunId(1),
        task_id=TaskId(1),
        task_version=1,
        trigger=Trigger.MANUAL,
        asked_by="U0MAYA",
        status=RunStatus.SUCCEEDED,
        attempt=1,
        ready_at=NOW,
        finished_at=NOW,
        report=report or make_report(),
        created_at=NOW,
    )
    return Parcel(delivery=delivery, task=make_task(id=TaskId(1)), run=run, **named)


async def history(client: AsyncWebClient, channel: str = "C0FINOPS") -> list[dict[str, Any]]:
    """Give a channel's messages, oldest first."""
    found = await client.conversations_history(channel=channel)
    return list(reversed(found["messages"]))


async def test_a_result_that_may_have_arrived_is_not_posted_again(
    outlet: SlackOutlet, client: AsyncWebClient
) -> None:
    """After a crash the message is found by its metadata, and only referred to."""
    first = await outlet.send(parcel(DeliveryKind.RESULT))
    second = await outlet.send(parcel(DeliveryKind.RESULT, again=True))

    assert second == first
    assert len(await history(client)) == 1


async def test_what_did_not_arrive_is_posted_at_the_second_try(
    outlet: SlackOutlet, client: AsyncWebClient
) -> None:
    """Looking for a message that is not there leads to posting it."""
    await outlet.send(parcel(DeliveryKind.RESULT, again=True))

    assert len(await history(client)) == 1


async def test_a_long_report_is_split_and_the_whole_is_attached(
    outlet: SlackOutlet, client: AsyncWebClient
) -> None:
    """Three messages of the thread hold the beginning, a file holds everything."""
    headline = await outlet.send(parcel(DeliveryKind.RESULT, report=LONG))
    leader = replace(parcel(DeliveryKind.RESULT).delivery, id=DeliveryId(6), ref=headline.ref)
    details = parcel(DeliveryKind.DETAILS, report=LONG, leader=leader)

    await outlet.send(details)
    await outlet.send(replace(details, again=True))

    thread = await client.conversations_replies(channel="C0FINOPS", ts=headline.ref)
    replies = thread["messages"][1:]
    files = [item for message in replies for item in message.get("files") or ()]
    assert len([message for message in replies if message.get("blocks")]) == 3
    assert [item["name"] for item in files] == ["R-1.txt"]


async def test_without_the_scope_for_files_the_beginning_arrives(
    slack: LocalSlack, outlet: SlackOutlet, client: AsyncWebClient
) -> None:
    """A long report whose file may not be added is posted as far as messages go, and says so."""
    slack.grants.scopes.discard("files:write")

    await outlet.send(parcel(DeliveryKind.DETAILS, report=LONG))

    assert "files:write" in (await history(client))[-1]["text"]


async def test_without_a_history_scope_a_result_is_posted_rather_than_lost(
    slack: LocalSlack, outlet: SlackOutlet, client: AsyncWebClient
) -> None:
    """Where nobody may look whether a message arrived, it is sent again."""
    histories = {"channels:history", "groups:history", "im:history", "mpim:history"}
    slack.grants.scopes -= histories
    await outlet.send(parcel(DeliveryKind.RESULT, again=True))
    slack.grants.scopes |= histories

    assert len(await history(client)) == 1


async def test_a_failure_reaches_its_person(outlet: SlackOutlet, client: AsyncWebClient) -> None:
    """A message to a person goes to the direct message with them."""
    sent = await outlet.send(parcel(DeliveryKind.FAILURE_LINE, target="U0MAYA"))

    assert sent.sent_to == "D0MAYA"
    assert len(await history(client, "D0MAYA")) == 1


@pytest.mark.parametrize(
    ("target", "why"), [("C0RANDOM", "invite me"), ("C0NOWHERE", "find that channel")]
)
async def test_a_channel_that_takes_nothing_is_named(
    outlet: SlackOutlet, target: str, why: str
) -> None:
    """A closed channel is told from what can never arrive, and says what is the matter."""
    with pytest.raises(PlaceClosed, match=why):
        await outlet.send(parcel(DeliveryKind.RESULT, target=target))


async def test_a_rate_limit_says_how_long_to_wait(slack: LocalSlack, outlet: SlackOutlet) -> None:
    """Slack's own Retry-After reaches the courier."""
    fault = {"method": "chat.postMessage", "kind": "429", "times": 1, "retry_after": 17}
    async with ClientSession() as session:
        await session.post(f"{slack.url}/control/fail", json=fault)

    with pytest.raises(Busy) as raised:
        await outlet.send(parcel(DeliveryKind.RESULT))

    assert raised.value.wait_s == 17
