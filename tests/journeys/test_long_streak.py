"""A hundred and five failures in a row, an hour apart on their own clock, in the local Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.outlets.to_slack import SlackOutlet
from bot.playground.server import LocalSlack
from bot.speaker import Speaker
from scheduler.agents import PROFILES
from scheduler.agents.agent import Brief
from scheduler.courier import Courier
from scheduler.dispatcher import Dispatcher
from scheduler.errors import Refused
from scheduler.local_queue import LocalQueue
from scheduler.runner import Runner
from storage.database import Database
from storage.migrate import migrate
from storage.records import RunStatus, Task
from storage.reports import Report
from storage.schedules import Every, Schedule
from storage.store import Store
from tests.fakes import FakeAgent, Hand
from tests.plants import SOME_DAY, make_report, make_task, plant

HOURLY = Schedule(rule=Every(seconds=3600, anchor=SOME_DAY), zone="Europe/Berlin")
FAILURES = 105


@dataclass
class Line:
    """The scheduler's five roles on one clock, before a local Slack."""

    store: Store
    hand: Hand
    client: AsyncWebClient
    outlet: SlackOutlet
    is_sick: bool = True

    def answer(self, _: Brief) -> Report:
        """Fail in a way that no second try mends, or report."""
        if self.is_sick:
            raise Refused("The billing folder has no file newer than Friday.")
        return make_report()

    async def hour(self) -> None:
        """Let the next hour's moment come due, run, and be told."""
        self.hand.move(hours=1)
        runner = Runner(
            self.store,
            {"alex": FakeAgent(does=self.answer)},
            worker="w1",
            retry_delay=timedelta(0),
            now=self.hand,
            wake_courier=lambda: None,
        )
        queue = LocalQueue(self.store, runner.run, workers=1, drain_s=5, now=self.hand)
        await Dispatcher(self.store, queue).claim_due(self.hand())
        async with self.store.read() as work:
            ready = await work.runs.ready(self.hand(), 10)
        for run_id in ready:
            await runner.run(run_id)
        await self.carry()

    async def carry(self) -> None:
        """Send what is owed now."""
        courier = Courier(self.store, {"slack": self.outlet}, now=self.hand)
        await courier.carry()
        await courier.stop()

    async def messages(self, channel: str) -> list[str]:
        """Give what stands in a channel, oldest first."""
        found = await self.client.conversations_history(channel=channel)
        return [str(message["text"]) for message in reversed(found["messages"])]


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    """Give the roles over a fresh database, and a local Slack that takes calls at any rate."""
    slack, hand = LocalSlack(), Hand(SOME_DAY)
    await slack.start()
    async with (
        ClientSession() as session,
        Database(f"sqlite:///{tmp_path / 'chatcron.db'}") as database,
    ):
        pace: dict[str, Any] = {"burst": 10_000, "tiers": False}
        await session.post(f"{slack.url}/control/pace", json=pace)
        await migrate(database)
        client = AsyncWebClient(token="xoxb-local", base_url=slack.api_url, session=session)
        outlet = SlackOutlet(Speaker(client, PROFILES), preview=lambda _: [], now=hand)
        yield Line(Store(database), hand, client, outlet)
    await slack.stop()


async def hourly(store: Store, first: datetime) -> Task:
    """Plant a task of Ravi's that reports to #finops every hour."""
    return await plant(
        store,
        make_task(
            owner="U0RAVI",
            schedule=HOURLY,
            zone=HOURLY.zone,
            retries=0,
            next_run_at=first + timedelta(hours=1),
        ),
    )


async def test_a_hundred_and_five_failures_are_one_line_and_three_messages(line: Line) -> None:
    """The channel keeps one line, the owner hears at 1, 10 and 100; recovery is said in place."""
    task = await hourly(line.store, line.hand())
    for _ in range(FAILURES):
        await line.hour()

    [said] = await line.messages("C0FINOPS")
    told = await line.messages("D0RAVI")
    assert f"{FAILURES} runs in a row failed" in said
    assert "since Thu 5 Mar" in said
    assert [text.partition(" · ")[0] for text in told] == ["Daily cost report failed"] * 3

    line.is_sick = False
    await line.hour()
    line.hand.move(seconds=10)
    await line.carry()

    recovered, result = await line.messages("C0FINOPS")
    assert recovered.startswith("Daily cost report is back: posted")
    assert f"{FAILURES} moments failed." in recovered
    assert result.startswith(make_report().headline)
    assert (await line.messages("D0RAVI"))[3:] == ["Daily cost report is back · R-106"]
    async with line.store.read() as work:
        ended = await work.runs.history(task.id, 200)
    assert [run.status for run in ended].count(RunStatus.FAILED) == FAILURES
