"""What a month without Chatcron costs when it is back: a task of each minute, both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from scheduler.dispatcher import Dispatcher
from storage.database import Database
from storage.migrate import migrate
from storage.policies import Missed
from storage.records import TaskId
from storage.schedules import Cron, Every, Rule, Schedule
from storage.store import Store
from tests.bench.ledger import NoQueue, a_postgres
from tests.bench.table import Row, quantile
from tests.plants import make_task

LIMIT_MS = 100
DOWN = timedelta(days=30)
_BACK = datetime(2026, 5, 5, 15, 17, tzinfo=UTC)  # the clocks changed meanwhile
_RULES: dict[str, Rule] = {
    "by cron": Cron(expression="* * * * *"),
    "by interval": Every(seconds=60, anchor=datetime(2026, 1, 1, tzinfo=UTC)),
}


async def outage_rows(times: int) -> list[Row]:
    """Measure the claim of a task that was due each minute of 30 days."""
    with TemporaryDirectory() as folder, a_postgres() as postgres:
        sqlite = f"sqlite:///{Path(folder) / 'outage.db'}"
        return [
            await _row(kind, url, said, rule, times)
            for kind, url in (("SQLite", sqlite), ("Postgres", postgres))
            for said, rule in _RULES.items()
        ]


async def _row(kind: str, url: str, said: str, rule: Rule, times: int) -> Row:
    async with Database(url) as database:
        await migrate(database)
        store = Store(database)
        spent, rows, moments = [], 0, 0
        for _ in range(times):
            task_id = await _down(store, rule)
            began = perf_counter()
            await Dispatcher(store, NoQueue()).claim_due(_BACK)
            spent.append((perf_counter() - began) * 1000)
            async with store.read() as work:
                runs = await work.runs.history(task_id, 1000)
            rows, moments = len(runs), sum(run.moments for run in runs)
    worst = quantile(spent, 1)
    return Row(
        what=f"30 days down, every minute {said}, {kind}",
        ours=f"{quantile(spent, 0.5):,.0f} / {worst:,.0f}",
        unit="ms p50/max",
        beside=f"limit {LIMIT_MS}",
        n=times,
        how=f"one claim: {moments:,} moments in {rows} rows, the latest runs or is missed",
        holds=worst <= LIMIT_MS,
    )


async def _down(store: Store, rule: Rule) -> TaskId:
    task = make_task(
        schedule=Schedule(rule=rule, zone="Europe/Berlin"),
        missed=Missed.LATEST,
        next_run_at=_BACK - DOWN,
    )
    async with store.begin() as work:
        return (await work.tasks.add(task)).id
