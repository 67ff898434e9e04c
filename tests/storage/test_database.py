"""The database: its addresses, its schema versions, and one writer at a time on SQLite."""

from __future__ import annotations

import json
from asyncio import gather
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

import storage
from storage.database import Database, FileLock, parse_url
from storage.errors import AlreadyRunning, BadUrl, SchemaMissing, SchemaNewer, SchemaOlder
from storage.migrate import REVISIONS, check, migrate
from storage.records import TaskId
from storage.rows import task_from_snapshot, task_snapshot
from storage.store import Store
from storage.tables import metadata
from tests.plants import make_task, plant

MIGRATIONS = Path(storage.__file__).parent / "migrations"


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:///data/x.db", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:///data/x.db", "sqlite+aiosqlite"),
        ("postgres://u:p@h/d", "postgresql+psycopg"),
        ("postgresql://u:p@h/d", "postgresql+psycopg"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg"),
    ],
)
def test_every_spelling_of_an_address_is_taken(given: str, driver: str) -> None:
    """Each accepted form ends in the one driver we use for it."""
    assert parse_url(given).drivername == driver


@pytest.mark.parametrize(
    "given", ["", "mysql://h/d", "chatcron.db", "sqlite://", "sqlite:///:memory:"]
)
def test_an_address_of_another_kind_is_refused(given: str) -> None:
    """Anything else is refused with what is accepted."""
    with pytest.raises(BadUrl, match="address"):
        parse_url(given)


async def test_an_empty_database_asks_to_be_migrated(database_url: str) -> None:
    """A database without a schema is told apart from one with an old one."""
    async with Database(database_url) as database:
        with pytest.raises(SchemaMissing):
            await check(database)


async def test_a_migrated_database_is_what_the_code_needs(database_url: str) -> None:
    """After migrating, twice even, the check passes and every table has its columns."""
    async with Database(database_url) as database:
        await migrate(database)
        await migrate(database)
        await check(database)
        async with database.begin() as connection:
            there = await connection.run_sync(_columns)

    assert there == {name: set(table.columns.keys()) for name, table in metadata.tables.items()}


def _columns(connection: sa.Connection) -> dict[str, set[str]]:
    inspector = sa.inspect(connection)
    return {
        name: {column["name"] for column in inspector.get_columns(name)}
        for name in inspector.get_table_names()
        if name != "alembic_version"
    }


async def test_a_newer_schema_is_refused(database_url: str) -> None:
    """A database of a newer Chatcron is neither used nor migrated."""
    async with Database(database_url) as database:
        await migrate(database)
        async with database.begin() as connection:
            await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(SchemaNewer):
            await check(database)
        with pytest.raises(SchemaNewer):
            await migrate(database)


async def test_an_older_schema_is_refused(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that waits for a migration is not used before it."""
    async with Database(database_url) as database:
        await migrate(database)
        monkeypatch.setattr("storage.migrate.REVISIONS", (*REVISIONS, "9999"))
        with pytest.raises(SchemaOlder):
            await check(database)


def test_the_known_revisions_are_the_ones_on_disk() -> None:
    """The list that starts check against is the list that alembic walks."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    walked = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]

    assert tuple(reversed(walked)) == REVISIONS


async def test_concurrent_writes_are_all_kept(store: Store, now: datetime) -> None:
    """Fifty transactions that each read and add one lose none."""
    task = await plant(store, make_task(fired=0))

    async def add_one() -> None:
        async with store.begin() as work:
            found = await work.tasks.lock(task.id)
            assert found is not None
            await work.tasks.advance(
                found, next_run_at=found.next_run_at, fired=found.fired + 1, state=found.state
            )

    await gather(*(add_one() for _ in range(50)))

    async with store.read() as work:
        found = await work.tasks.get(task.id)
    assert found is not None
    assert found.fired == 50


def test_a_second_process_on_one_file_is_refused(tmp_path: Path) -> None:
    """While one holds the lock, another is told so; after it lets go, the lock can be had."""
    first, second = FileLock(tmp_path / "x.db"), FileLock(tmp_path / "x.db")
    first.hold()
    with pytest.raises(AlreadyRunning, match="already runs"):
        second.hold()
    first.release()
    second.hold()
    second.release()


async def test_sqlite_keeps_what_it_committed(tmp_path: Path) -> None:
    """The writer uses WAL, full synchronisation and foreign keys."""
    address = f"sqlite:///{tmp_path / 'x.db'}"
    async with Database(address) as database, database.begin() as connection:
        found = [
            (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]

    assert found == ["wal", 2, 1]


async def test_a_database_of_the_first_schema_is_brought_up_to_date(database_url: str) -> None:
    """Tasks, and the versions that undo reads, outlive the way to the newest schema."""
    async with Database(database_url) as database:
        async with database.begin() as connection:
            await connection.run_sync(lambda plain: _upgrade_to(plain, "0001"))
            await connection.execute(sa.text(OLD_TASK))
            await connection.execute(sa.text(OLD_VERSION), {"body": _old_snapshot()})
        await migrate(database)
        async with Store(database).read() as work:
            task = await work.tasks.get(TaskId(7))
            version = await work.tasks.version(TaskId(7), 1)

    assert task is not None
    assert (task.name, task.hold, task.expires_at) == ("Old", None, None)
    assert version is not None
    assert version.before is not None
    assert task_from_snapshot(version.before).name == "Older"


def _upgrade_to(connection: sa.Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


OLD_TASK = (
    "INSERT INTO tasks (id, workspace_id, name, agent, prompt, zone, zone_from, state, assumed,"
    " channel, owner, timeout_s, retries, fired, version, created_at, updated_at) VALUES"
    " (7, 'default', 'Old', 'alex', 'p', 'UTC', 'z', 'active', '[]', 'C', 'U', 60, 0, 0, 1,"
    " '2026-03-05 15:17:00.000000', '2026-03-05 15:17:00.000000')"
)
OLD_VERSION = (
    'INSERT INTO task_versions (task_id, version, workspace_id, action, "by", at, before) VALUES'
    " (7, 1, 'default', 'edit', 'U', '2026-03-05 15:17:00.000000', :body)"
)
OLD_SLOTS = ("delegate", "hold", "hold_reason", "remind_at", "expires_at")


def _old_snapshot() -> str:
    """Give a snapshot as the first schema's code wrote it."""
    snapshot = task_snapshot(make_task(name="Older"))
    return json.dumps({slot: value for slot, value in snapshot.items() if slot not in OLD_SLOTS})
