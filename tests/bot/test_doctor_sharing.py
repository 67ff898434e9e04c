"""What the doctor says of several processes on one Postgres."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.doctor import sharing
from bot.doctor.check import Check, Grade
from bot.doctor.sharing import look_at_sharing
from bot.settings import Settings
from scheduler import shared_queue
from scheduler.now import utc_now
from storage.database import Database
from storage.migrate import migrate
from storage.store import Store


def _settings(url: str) -> Settings:
    return Settings.read({"CHATCRON_DATABASE_URL": url})


def _grades(checks: list[Check]) -> dict[str, Grade]:
    return {check.name: check.grade for check in checks}


async def _execute(url: str, *statements: str) -> None:
    async with Database(url) as database, database.begin() as connection:
        for statement in statements:
            await connection.execute(sa.text(statement))


async def _set_up(url: str) -> None:
    async with Database(url) as database:
        await migrate(database)
        await shared_queue.set_up(Store(database), utc_now())


async def test_a_migrated_database_is_ready_to_be_shared(postgres_url: str) -> None:
    """The queue's tables are there, and Postgres has counted what each table holds."""
    await _set_up(postgres_url)

    checks = await look_at_sharing(_settings(postgres_url))

    assert _grades(checks) == {"queue": Grade.OK, "statistics": Grade.OK}
    assert "0 workers gave a sign of life" in checks[0].text


async def test_a_file_is_not_shared() -> None:
    """On SQLite nothing is said of several processes."""
    assert await look_at_sharing(_settings("sqlite:///data/chatcron.db")) == []


async def test_what_a_migration_would_mend_is_named(postgres_url: str) -> None:
    """Without the queue's tables, and without statistics, the same command is the cure."""
    async with Database(postgres_url) as database:
        await migrate(database)
    await _execute(
        postgres_url,
        "CREATE TABLE never_looked_into WITH (autovacuum_enabled = false)"
        " AS SELECT repeat('x', 1000) AS line FROM generate_series(1, 2000)",
    )

    queue, tables = await look_at_sharing(_settings(postgres_url))

    assert (queue.grade, tables.grade) == (Grade.PROBLEM, Grade.WARNING)
    assert "chatcron migrate" in queue.fix
    assert "never_looked_into" in tables.text


async def test_jobs_of_dead_workers_are_counted(postgres_url: str) -> None:
    """One job in the hands of a worker that went silent is named, with who would clear it."""
    await _set_up(postgres_url)
    await _execute(
        postgres_url,
        "INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now()), (now() - interval '1 hour')",
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id)"
        " VALUES ('chatcron', 'run', 'doing', 1), ('chatcron', 'run', 'doing', 2)",
    )

    [queue, _] = await look_at_sharing(_settings(postgres_url))

    assert queue.grade is Grade.WARNING
    assert "1 job is in the hands of dead workers; 1 worker gave" in queue.text
    assert "--role scheduler" in queue.fix


async def test_a_part_that_is_not_installed_is_named(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the optional part the doctor says how to install it."""
    await _set_up(postgres_url)
    monkeypatch.setattr(sharing, "is_installed", lambda: False)

    [queue, _] = await look_at_sharing(_settings(postgres_url))

    assert queue.grade is Grade.WARNING
    assert 'EXTRAS="postgres"' in queue.fix
