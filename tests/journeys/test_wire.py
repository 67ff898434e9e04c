"""A wire that repeats, refuses, loses and reconnects: all is done once and arrives once."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from aiohttp import ClientSession

from tests.journeys.books import ledger, tasks_in
from tests.journeys.driver import House, free_port
from tests.journeys.persona import (
    FINOPS,
    GENERAL,
    PLATFORM,
    Message,
    Persona,
    number_in,
    saying,
    words_of,
)

SECRET = "a-secret-of-this-test"


async def card_of(who: Persona, text: str, channel: str) -> tuple[str, Message]:
    """Ask for a task and give its thread and its card."""
    asked = await who.say(f"@Chatcron {text}", channel)
    return asked, await who.see(saying("is on"), channel, asked)


async def attempts(who: Persona, house: House, event_id: str, count: int) -> None:
    """Wait until an event was sent that many times and acknowledged."""

    async def look() -> dict[str, Any] | None:
        told = next(each for each in house.events() if each["event_id"] == event_id)
        return told if told["attempts"] >= count and told["acked"] else None

    await who.until(look)


async def test_twin_and_redelivered_events_are_acted_on_once(house: House, maya: Persona) -> None:
    """A mention comes as two events, and each comes twice: one task, one card."""
    asked, card = await card_of(maya, "tony check twins every day at 3 AM", GENERAL)
    twins = house.events(asked)
    assert {each["event_type"] for each in twins} == {"app_mention", "message"}

    for each in twins:
        assert house.order("redeliver", event_id=each["event_id"])["ok"]
    for each in twins:
        await attempts(maya, house, each["event_id"], 2)
    await maya.slash("show twins", GENERAL)
    await maya.see(saying("is on", f"T-{number_in(card, 'T')}"), GENERAL)

    assert len(await maya.find(saying("is on"), GENERAL, asked)) == 1
    assert len([each for each in await tasks_in(house.database_url) if "twins" in each.name]) == 1


async def test_two_clicks_at_once_on_an_answer_arm_a_draft_once(
    house: House, maya: Persona
) -> None:
    """A double click on a draft's button changes the task once and never shows an error."""
    asked = await maya.say("@Chatcron anna create weekly disk review task for Mondays", GENERAL)
    draft = await maya.see(saying("What time"), GENERAL, asked)

    done = await asyncio.gather(*(maya.click(draft, "09:00") for _ in range(2)))

    assert [each["ok"] for each in done] == [True, True]
    await maya.see(saying("is on", "09:00"), GENERAL, asked)
    [task] = [each for each in await tasks_in(house.database_url) if "disk" in each.name]
    assert task.version == 2
    assert await maya.find(saying("fault"), GENERAL) == []


@pytest.mark.parametrize(
    ("kind", "error"),
    [("429", "ratelimited"), ("500", "internal_error"), ("drop", "dropped"), ("lost", None)],
)
async def test_a_result_that_slack_does_not_take_at_first_arrives_once(
    house: House, maya: Persona, kind: str, error: str | None
) -> None:
    """Slack asks to wait, breaks, hangs up before or after it took it: it stands there once."""
    asked, card = await card_of(maya, f"tony check weather {kind} every day at 3 AM", PLATFORM)
    name = f"T-{number_in(card, 'T')}"
    await maya.click(card, "Run now")
    await maya.see(saying("Running"), PLATFORM, asked)
    before = len(house.calls("chat.postMessage"))
    house.order("fail", method="chat.postMessage", kind=kind, times=1, retry_after=1)

    headline = await maya.see(saying(f"{name} · R-"), PLATFORM)

    async def has_details() -> bool | None:
        return len(await maya.read(PLATFORM, headline["ts"])) == 2 or None

    await maya.until(has_details)
    assert house.calls("chat.postMessage")[before]["error"] == error
    assert len(await maya.find(saying(f"{name} · R-"), PLATFORM)) == 1
    [run] = [each for each in await ledger(house.database_url) if f"T-{each.task_id}" == name]
    assert run.attempt == 1


async def test_a_refreshed_socket_loses_nothing(house: House, maya: Persona) -> None:
    """Slack asks the socket to reconnect: what is said meanwhile is answered."""
    assert house.order("refresh")["sockets"] >= 1

    await card_of(maya, "tony check sockets every day at 3 AM", GENERAL)


async def test_without_the_scope_for_names_the_name_stands_before_the_text(
    house: House, maya: Persona
) -> None:
    """chat:write.customize is missing: the card begins with *Tony:*."""
    house.order("scopes", remove=["chat:write.customize"])
    try:
        _, card = await card_of(maya, "tony check scopes every day at 3 AM", FINOPS)
    finally:
        house.order("scopes", add=["chat:write.customize"])

    assert card["username"] in (None, "Chatcron")
    assert card["text"].startswith("*Tony:*")
    assert "\n*Tony:*" in words_of(card)


def post(port: int, body: bytes, **headers: str) -> int:
    """Post to the bot as if from Slack, and give the status."""
    request = Request(f"http://127.0.0.1:{port}/slack/events", data=body, headers=headers)
    try:
        with urlopen(request, timeout=10) as response:
            return int(response.status)
    except HTTPError as refused:
        with refused:
            return refused.code


async def test_by_signed_http_the_main_job_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, session: ClientSession
) -> None:
    """With a signing secret and no app token all is the same; a wrong signature gets 401."""
    port = free_port()
    options = ("--request-url", f"http://127.0.0.1:{port}/slack/events", "--signing-secret", SECRET)
    with House.open(
        tmp_path_factory.mktemp("http"),
        *options,
        CHATCRON_SAMPLE_DATA="1",
        CHATCRON_HTTP_PORT=str(port),
        SLACK_APP_TOKEN="",
        SLACK_SIGNING_SECRET=SECRET,
    ) as house:
        house.run()
        maya = Persona(session, house.url, "U0MAYA")
        asked, card = await card_of(maya, "alex schedule daily cost report at 8 AM", FINOPS)
        await maya.slash("list")
        await maya.see(saying("T-1*", "never ran"))
        await maya.click(card, "Run now")
        result = await maya.see(saying("T-1 · R-1"))
        assert "SAMPLE" in words_of(result)
        assert {each["attempts"] for each in house.events(asked)} == {1}

        signed = {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=wrong"}
        assert house.order("verify")["ok"]
        assert post(port, b'{"type": "url_verification", "challenge": "x"}', **signed) == 401
        assert post(port, b"{}") == 401
