"""What the ledger promises, whatever happens: each moment once, each end with its reason."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot import looks, simulate_command
from scheduler import recurrence
from scheduler.agents.agent import Brief
from scheduler.dispatcher import Dispatcher
from scheduler.errors import Refused, Temporary
from scheduler.runner import Runner
from storage.database import Database
from storage.migrate import migrate
from storage.policies import Leeway, Missed, Overlap
from storage.records import OPEN_RUNS, Run, RunStatus, Task, Trigger
from storage.reports import Report
from storage.schedules import Cron, Every, Rule, Schedule
from storage.store import Store
from storage.tables import metadata
from tests.fakes import FakeAgent, Hand
from tests.plants import ALICE, make_report, make_task, plant
from tests.scheduler.test_dispatcher import Basket, found, runs_of
from tests.scheduler.town import Town

MINUTE = timedelta(minutes=1)
RULES: tuple[Rule, ...] = (
    Cron(expression="*/15 * * * *"),
    Cron(expression="7 1-5 * * *"),
    Cron(expression="@hourly"),
    Every(seconds=5_400, anchor=datetime(2026, 3, 1, tzinfo=UTC)),
)
ZONES = ("America/New_York", "Europe/Berlin", "UTC")


def may_fail(dice: random.Random) -> Callable[[Brief], Report]:
    """Give work that succeeds, fails for good, or fails for now."""

    def work(_: Brief) -> Report:
        lot = dice.random()
        if lot < 0.2:
            raise Refused("The bill is not there.")
        if lot < 0.4:
            raise Temporary("The bill is late.")
        return make_report()

    return work


def drawn(dice: random.Random, start: datetime) -> Task:
    """Draw a task with any schedule and any policies."""
    schedule = Schedule(rule=dice.choice(RULES), zone=dice.choice(ZONES))
    leeway = Leeway(
        catch_up=dice.randint(1, 5),
        jitter_s=dice.choice((0, 300)),
        spread_s=dice.choice((0, 900)),
        fresh_s=dice.choice((None, 3600)),
    )
    return make_task(
        schedule=schedule,
        overlap=dice.choice(list(Overlap)),
        missed=dice.choice(list(Missed)),
        leeway=leeway,
        retries=1,
        next_run_at=recurrence.next_after(schedule, start),
    )


def runner_of(store: Store, agent: FakeAgent, hand: Hand) -> Runner:
    """Give a runner that tries again after a minute."""
    return Runner(
        store,
        {"alex": agent},
        worker="w",
        retry_delay=MINUTE,
        now=hand,
        wake_courier=lambda: None,
    )


@pytest.mark.parametrize("seed", range(8))
async def test_every_moment_is_accounted_for_once(store: Store, seed: int) -> None:
    """Through outages, clock changes, failures and any policy: one row a moment, each with why."""
    dice = random.Random(seed)
    start = datetime(2026, 3, 7, 20, tzinfo=UTC)  # New York's clocks change that night
    task = await plant(store, drawn(dice, start))
    assert task.schedule is not None
    hand, basket = Hand(start), Basket()
    runner = runner_of(store, FakeAgent(does=may_fail(dice)), hand)
    for _ in range(30):
        hand.at += dice.choice((MINUTE, 10 * MINUTE, 40 * MINUTE, timedelta(hours=5)))
        await Dispatcher(store, basket).claim_due(hand())
        async with store.read() as work:
            ready = await work.runs.ready(hand(), 100)
        for run_id in ready[: dice.randint(0, 3)]:
            await runner.run(run_id)

    rows = await runs_of(store, task)
    expected = list(recurrence.between(task.schedule, start + MINUTE / 60, hand() + MINUTE / 60))
    assert spelled_out(rows, expected) == expected
    assert sum(run.moments for run in rows) == len(expected)
    assert [run.id for run in rows if run.status not in SAYS_NOTHING and not run.reason] == []
    assert all((run.finished_at is None) == (run.status in OPEN_RUNS) for run in rows)


SAYS_NOTHING = (RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.SUCCEEDED)


def spelled_out(rows: list[Run], expected: list[datetime]) -> list[datetime]:
    """Give each moment that rows stand for, those of a folded row by what was expected."""
    moments = []
    for run in rows:
        assert run.scheduled_for is not None
        last = run.last_scheduled_for or run.scheduled_for
        moments += [moment for moment in expected if run.scheduled_for <= moment <= last]
    return sorted(moments)


@pytest.mark.parametrize("overlap", list(Overlap))
@pytest.mark.parametrize("missed", [Missed.LATEST, Missed.ALL])
async def test_what_is_asked_for_runs_whatever_the_policy(
    store: Store, now: datetime, overlap: Overlap, missed: Missed
) -> None:
    """Beside a run that goes on, or after it; a moment that comes due does not end it unbegun."""
    hourly = Schedule(rule=Cron(expression="17 * * * *"), zone="UTC")
    task = await plant(
        store, make_task(schedule=hourly, overlap=overlap, missed=missed, next_run_at=now)
    )
    town, basket = Town(store, now), Basket()
    hand = town.hand
    await Dispatcher(store, basket).claim_due(now)
    [due] = await runs_of(store, task)
    async with store.begin() as work:
        first = await work.runs.claim(due.id, worker="other", now=now, lease_until=now + MINUTE)
    assert first is not None

    asked = await town.planner.run_now(task.id, by=ALICE, request_key="k")
    hand.at += timedelta(hours=1)
    await Dispatcher(store, basket).claim_due(hand())
    async with store.begin() as work:
        await work.runs.cancel_open(task.id, reason="called off", now=hand())
    await runner_of(store, FakeAgent(), hand).run(asked.id)

    async with store.read() as work:
        ended = await work.runs.get(asked.id)
    assert ended is not None
    assert (ended.trigger, ended.status) == (Trigger.MANUAL, RunStatus.SUCCEEDED)


async def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Give every row of every table."""
    async with store.read() as work:
        return {
            table.name: [tuple(row) for row in await work.connection.execute(sa.select(table))]
            for table in metadata.sorted_tables
        }


async def test_who_looks_changes_nothing(
    database_url: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists, histories, previews and simulations leave each row as it is, even of what is due."""
    monkeypatch.setenv("CHATCRON_DATABASE_URL", database_url)
    async with Database(database_url) as database:
        await migrate(database)
        store = Store(database)
        town = Town(store, now)
        task = await plant(store, make_task(next_run_at=now - timedelta(days=3)))
        await town.planner.run_now(task.id, by=ALICE, request_key="k")
        before = await everything(store)

        town.planner.preview(task, 50)
        await looks.list_tasks(as_json=True)
        await looks.list_runs(as_json=False, task=None, since=None)
        await simulate_command.simulate_tasks("UTC", "2026-03-01", "2026-04-01", as_json=False)
        await Dispatcher(store, Basket()).next_due()
        async with store.read() as work:
            await work.runs.ready(now, 10)
            await work.runs.history(task.id, 10)
            await work.streaks.of(task.id, channel=task.channel, owner=task.owner)

        assert await everything(store) == before
        assert (await found(store, task)).next_run_at == now - timedelta(days=3)


async def test_a_look_cannot_write(store: Store, now: datetime) -> None:
    """The database itself refuses what a view would change."""
    task = await plant(store, make_task(next_run_at=now))
    with pytest.raises(sa.exc.DBAPIError):
        async with store.read() as work:
            await work.tasks.advance(task, next_run_at=None, fired=1, state=task.state)
    assert await found(store, task) == task
