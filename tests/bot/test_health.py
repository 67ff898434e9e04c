"""Health over HTTP: alive, ready with reasons, and figures that name nobody."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

import bot.metrics
from bot.http.routes import build_routes
from bot.http.server import HttpServer
from bot.metrics import Metrics
from bot.readiness import TICK_AGE_LIMIT_S, Readiness, of_pump, of_schema, of_slack
from scheduler.dispatcher import Dispatcher
from scheduler.tally import Tally
from storage.migrate import REVISIONS
from storage.policies import Missed
from storage.records import DeliveryKind, ModelCall
from storage.store import Store
from tests.fakes import Hand
from tests.plants import SOME_DAY, make_task, plant
from tests.scheduler.test_dispatcher import EVERY_MINUTE, Basket

CALL = ModelCall(
    at=SOME_DAY,
    purpose="intent",
    model="m",
    tokens_in=70,
    tokens_out=9,
    took_ms=5,
    outcome="ok",
)
WANTED = {
    "chatcron_runs_open|queued": 2,
    "chatcron_queue_oldest_age_seconds": 40,
    "chatcron_outbox_overdue_seconds": 40,
    "chatcron_outbox_oldest_age_seconds": 40,
    "chatcron_outbox_deliveries|owed": 2,
    "chatcron_tasks|active": 2,
    "chatcron_model_calls_today": 1,
    "chatcron_model_tokens_today|in": 70,
    "chatcron_moments_missed_total|passed_unrun_skip": 61,
    "chatcron_runs_ended_total|missed": 61,
    "chatcron_runs_ended_total|lost": 0,
    "chatcron_start_delay_seconds_bucket|0.25": 0,
    "chatcron_start_delay_seconds_bucket|0.5": 1,
    "chatcron_start_delay_seconds_bucket|+Inf": 1,
    "chatcron_start_delay_seconds_count": 1,
    "chatcron_attempts_taken_over_total": 0,
    "chatcron_clock_jumps_total|backward": 0,
}


class Watched:
    """A process as its watcher sees it: its pump and its socket do as the test says."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.tick_age_s = 0.5
        self.is_open: bool | None = True
        self.hand, self.tally = Hand(now), Tally()
        self.readiness = Readiness(store, last_tick=self.last_tick, is_connected=self.is_connected)
        self.metrics = Metrics(
            store, self.tally, self.readiness, last_tick=self.last_tick, zone="UTC", now=self.hand
        )

    def last_tick(self) -> float | None:
        """Give a moment so long ago."""
        return asyncio.get_running_loop().time() - self.tick_age_s

    async def is_connected(self) -> bool | None:
        """Say whether the socket is open."""
        return self.is_open

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[str]:
        """Serve the routes on a port of their own, and give the address."""
        web = build_routes(None, self.readiness.look, self.metrics.sheet)
        server = HttpServer(web, host="127.0.0.1", port=0)
        await server.start()
        try:
            yield f"http://127.0.0.1:{server.port}"
        finally:
            await server.stop()


@pytest.fixture
def watched(store: Store, now: datetime) -> Watched:
    """Give a process where all is well."""
    return Watched(store, now)


async def figures(watched: Watched) -> dict[str, float]:
    """Give the figures by name and labels, as a reader of the format reads them."""
    sheet = await watched.metrics.sheet()
    return {
        sample.name + "".join(f"|{label}" for label in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(sheet.body.decode())
        for sample in family.samples
    }


async def test_all_that_works_is_named_with_its_reason(watched: Watched) -> None:
    """The page answers 200 with each check; it is alive, and its figures are Prometheus's."""
    async with watched.serve() as address, ClientSession() as session:
        async with session.get(f"{address}/livez") as response:
            assert response.status == 200
        async with session.get(f"{address}/readyz") as response:
            ready, body = response.status, await response.json()
        async with session.get(f"{address}/metrics") as response:
            assert response.content_type == "text/plain"
            assert "# TYPE chatcron_start_delay_seconds histogram" in await response.text()

    assert (ready, body["ready"]) == (200, True)
    assert list(body["checks"]) == ["database", "schema", "pump", "slack"]
    assert all(check["ok"] and check["reason"] for check in body["checks"].values())


async def test_a_part_that_does_not_work_makes_503_and_says_why(watched: Watched) -> None:
    """A pump that hangs and a socket that is shut stand there beside what works."""
    watched.tick_age_s, watched.is_open = 34.2, False
    async with (
        watched.serve() as address,
        ClientSession() as session,
        session.get(f"{address}/readyz") as response,
    ):
        body = await response.json()
        assert response.status == 503

    assert not body["ready"]
    assert "34 s ago" in body["checks"]["pump"]["reason"]
    assert not body["checks"]["slack"]["ok"]
    assert body["checks"]["database"]["ok"]


async def test_a_database_without_our_tables_is_said_and_counted(
    watched: Watched, store: Store
) -> None:
    """The reason holds nothing of the error's text; figures of the process are still given."""
    async with store.database.begin() as connection:
        await connection.execute(sa.text("DROP TABLE alembic_version"))

    found = await watched.readiness.look()
    seen = await figures(watched)

    assert not found["database"].ok
    assert "alembic" not in str(found)
    assert "Not known" in found["schema"].reason
    assert seen["chatcron_check_ok|database"] == 0
    assert seen["chatcron_check_ok|pump"] == 1


async def test_the_figures_are_those_of_ledger_outbox_and_model(
    watched: Watched, store: Store, now: datetime
) -> None:
    """Queue, outbox, model and what was missed are counted, with how long the oldest waits."""
    task = await plant(store, make_task(next_run_at=now))
    late = now - timedelta(minutes=61)
    await plant(store, make_task(missed=Missed.SKIP, schedule=EVERY_MINUTE, next_run_at=late))
    await Dispatcher(store, Basket(), tally=watched.tally).claim_due(now)
    async with store.begin() as work:
        for day in (0, 1):
            await work.model_calls.record(replace(CALL, at=now - timedelta(days=day)))
        await work.deliveries.owe(DeliveryKind.CARD, target="C0", task_id=task.id, now=now)
    watched.tally.started(timedelta(seconds=0.3))
    watched.hand.move(seconds=40)

    seen = await figures(watched)

    assert {name: seen[name] for name in WANTED} == WANTED


async def test_the_database_is_not_asked_at_each_look(
    watched: Watched, store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many look within seconds, they get the same figures."""
    monkeypatch.setattr(bot.metrics, "KEPT_S", 3600.0)
    before = await figures(watched)
    await plant(store, make_task(next_run_at=now))

    assert (await figures(watched))["chatcron_tasks|active"] == before["chatcron_tasks|active"] == 0


async def test_the_page_of_metrics_names_each_and_no_other(watched: Watched) -> None:
    """What docs/operations.md lists and alerts on is what is given, to the letter."""
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    told = (await watched.metrics.sheet()).body.decode()

    listed = {name.removesuffix("_bucket") for name in re.findall(r"\bchatcron_[a-z_]+\b", page)}
    given = set(re.findall(r"^# TYPE (chatcron_[a-z_]+) ", told, re.MULTILINE))
    assert listed == given


async def test_no_label_says_whose_work_it_is(
    watched: Watched, store: Store, now: datetime
) -> None:
    """Names of tasks, people and channels are in no line of the figures."""
    task = make_task(name="Payroll leak", owner="U0ALICE", channel="C0SECRET", next_run_at=now)
    await plant(store, task)
    await Dispatcher(store, Basket(), tally=watched.tally).claim_due(now)

    told = (await watched.metrics.sheet()).body.decode()

    assert {name for name in ("Payroll", "U0ALICE", "C0SECRET", "alex") if name in told} == set()


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, "run chatcron migrate"),
        (REVISIONS[0], "run chatcron migrate"),
        ("9999", "update Chatcron"),
    ],
)
def test_a_schema_that_is_not_ours_says_what_to_do(found: str | None, said: str) -> None:
    """An older one is migrated, for a newer one Chatcron is updated."""
    sign = of_schema(found)

    assert not sign.ok
    assert said in sign.reason


def test_a_pump_is_well_up_to_its_limit() -> None:
    """Before the first tick, and from ten seconds without one, it is not."""
    assert not of_pump(None, 5.0).ok
    assert of_pump(100.0, 100.0 + TICK_AGE_LIMIT_S - 1).ok
    assert not of_pump(100.0, 100.0 + TICK_AGE_LIMIT_S).ok


def test_where_slack_posts_to_us_there_is_no_socket_to_lose() -> None:
    """Only a socket that is closed is not well."""
    assert [of_slack(each).ok for each in (None, True, False)] == [True, True, False]
