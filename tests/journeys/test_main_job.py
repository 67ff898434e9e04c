"""The main job, end to end: a message becomes a task, runs, and posts its result."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.agents.money import money
from storage.records import RunStatus, Trigger
from tests.journeys.books import day_total, ledger, tasks_in
from tests.journeys.driver import House
from tests.journeys.persona import (
    FINOPS,
    GENERAL,
    PLATFORM,
    Persona,
    number_in,
    saying,
    words_of,
)

IN_FLIGHT = 50


async def test_a_message_becomes_a_task_runs_and_posts_its_result(
    house: House, maya: Persona, bill: Path
) -> None:
    """Mention, card, list, Run now, and a result whose total is the sum of the billing file."""
    asked = await maya.say("@Chatcron alex schedule daily cost report at 8 AM")
    card = await maya.see(saying("is on", "every day at 08:00"[1:]), thread_ts=asked)
    task_id = number_in(card, "T")
    assert card["username"] == "Alex"
    assert "Berlin time" in words_of(card)

    await maya.slash("list")
    listed = await maya.see(saying(f"T-{task_id}*", "never ran"))
    assert listed["ephemeral"]

    assert (await maya.click(card, "Run now"))["ok"]
    await maya.see(saying("Running", "<@U0MAYA>"), thread_ts=asked)
    posted = await maya.see(saying(f"T-{task_id} · R-"))
    run = next(each for each in await ledger(house.database_url) if each.task_id == task_id)
    yesterday = run.created_at.date() - timedelta(days=1)
    assert money(day_total(bill, yesterday), "USD") in posted["text"]
    details = await maya.see(saying("Amazon EC2"), thread_ts=posted["ts"])
    assert "SAMPLE" not in words_of(posted) + words_of(details)
    assert run.trigger is Trigger.MANUAL


async def test_each_of_fifty_messages_in_flight_is_acknowledged_at_once_and_gets_one_card(
    house: House, maya: Persona, ravi: Persona, sam: Persona
) -> None:
    """Of fifty requests at once, each is acked at its first delivery and has one card."""
    places = [(who, where) for where in (FINOPS, PLATFORM, GENERAL) for who in (maya, ravi, sam)]
    places += [(who, who.dm) for who in (maya, ravi, sam)]

    async def ask(number: int) -> None:
        who, where = places[number % len(places)]
        text = f"@Chatcron tony check database number {number} every day at 3 AM"
        asked = await who.say(text, where)
        await who.see(saying("is on", f"number {number}*"), where, asked)
        assert len(await who.find(saying("is on"), where, asked)) == 1

    async with asyncio.TaskGroup() as group:
        for number in range(IN_FLIGHT):
            group.create_task(ask(number))

    delivered = [
        each for each in house.events() if "check database number" in each["event"]["text"]
    ]
    assert len({each["event"]["ts"] for each in delivered}) == IN_FLIGHT
    assert {(each["acked"], each["attempts"]) for each in delivered} == {(True, 1)}
    named = [task.name for task in await tasks_in(house.database_url) if "number" in task.name]
    assert len(named) == len(set(named)) == IN_FLIGHT


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_a_task_due_in_one_minute_fires_by_itself(house: House, ravi: Persona) -> None:
    """Nobody presses anything: the moment comes, and the result stands in the channel."""
    asked = await ravi.say("@tony in 1 minute check the database", PLATFORM)
    card = await ravi.see(saying("is on"), PLATFORM, asked)
    task_id = number_in(card, "T")

    async def ended() -> bool | None:
        runs = [each for each in await ledger(house.database_url) if each.task_id == task_id]
        return True if runs and runs[0].status is RunStatus.SUCCEEDED else None

    await ravi.until(ended, within=180)
    await ravi.see(saying(f"T-{task_id} · R-"), PLATFORM)
    [run] = [each for each in await ledger(house.database_url) if each.task_id == task_id]
    assert run.trigger is Trigger.SCHEDULE
    assert run.scheduled_for is not None
    assert run.started_at is not None
    assert timedelta(0) <= run.started_at - run.scheduled_for < timedelta(seconds=30)
