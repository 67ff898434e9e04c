"""The books of a journey: the bot's database, planted or read beside it, and billing files."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import sqlalchemy as sa

from scheduler import shared_queue
from storage.database import Database
from storage.migrate import migrate
from storage.records import Attempt, Delivery, Run, Task
from storage.store import Store
from storage.tables import attempts, deliveries, talks
from tests.plants import plant

_SERVICES = {"Amazon EC2": 900, "Amazon RDS": 310, "Amazon S3": 42}
_DAYS = 12


async def plant_all(url: str, tasks: Iterable[Task]) -> list[Task]:
    """Migrate an empty database and store tasks in it as they are."""
    async with Database(url) as database:
        await migrate(database)
        store = Store(database)
        if not database.is_sqlite:
            await shared_queue.set_up(store, datetime.now(UTC))
        return [await plant(store, task) for task in tasks]


async def ledger(url: str) -> list[Run]:
    """Give every run there is, the oldest first."""
    async with Database(url) as database, Store(database).read() as work:
        return sorted(await work.runs.recent(since=None, task_id=None), key=lambda run: run.id)


async def tasks_in(url: str) -> list[Task]:
    """Give every task there is, the removed ones too."""
    async with Database(url) as database, Store(database).read() as work:
        return await work.tasks.all(removed=True)


async def deliveries_of(url: str, run: Run) -> list[Delivery]:
    """Give what is or was owed for a run."""
    async with Database(url) as database, Store(database).read() as work:
        owed: list[Delivery] = (await work.deliveries.of_runs([run.id])).get(run.id, [])
        return owed


async def attempts_of(url: str, run: Run) -> list[Attempt]:
    """Give every try of a run, the first one first."""
    async with Database(url) as database, Store(database).read() as work:
        return await work.runs.attempts(run.id)


async def outlast_leases(url: str) -> None:
    """Make every claim an hour old, as if that hour had been waited for."""
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    async with Database(url) as database, database.begin() as connection:
        await connection.execute(sa.update(attempts).values(lease_until=an_hour_ago))
        await connection.execute(sa.update(deliveries).values(claimed_at=an_hour_ago))


async def talks_in(url: str) -> list[dict[str, object]]:
    """Give what was spoken of and asked, everywhere."""
    async with Database(url) as database, database.read() as connection:
        rows = (await connection.execute(sa.select(talks.c.body))).all()
    return [row.body for row in rows]


async def age_talks(url: str, by: timedelta) -> None:
    """Let what people spoke of and were asked lie so long in the past."""
    async with Database(url) as database, database.begin() as connection:
        for row in (await connection.execute(sa.select(talks))).all():
            here = [talks.c[key.name] == getattr(row, key.name) for key in talks.primary_key]
            await connection.execute(sa.update(talks).where(*here).values(at=row.at - by))


def write_bill(path: Path, today: date) -> None:
    """Write FOCUS charges of the last days, through this morning; the same day gives the same."""
    chance = Random(today.toordinal())
    head = ("BilledCost", "EffectiveCost", "BillingCurrency", "ChargePeriodStart",
            "ChargePeriodEnd", "ChargeCategory", "ServiceName", "RegionId")  # fmt: skip
    with path.open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file)
        sheet.writerow(head)
        for back in range(_DAYS, -1, -1):
            day = datetime(today.year, today.month, today.day, tzinfo=UTC) - timedelta(days=back)
            period = (f"{day:%Y-%m-%d}T00:00:00Z", f"{day + timedelta(days=1):%Y-%m-%d}T00:00:00Z")
            for service, usual in _SERVICES.items():
                cost = f"{usual * chance.uniform(0.9, 1.1):.4f}"
                sheet.writerow((cost, cost, "USD", *period, "Usage", service, "eu-west-1"))


def day_total(path: Path, day: date) -> Decimal:
    """Add up one day's charges, line by line."""
    with path.open(newline="", encoding="utf-8") as file:
        return sum(
            (
                Decimal(charge["EffectiveCost"])
                for charge in csv.DictReader(file)
                if charge["ChargePeriodStart"].startswith(day.isoformat())
            ),
            Decimal(0),
        )
