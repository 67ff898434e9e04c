"""A database that does not answer is told of once, and once more when it answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from storage import database as databases
from storage.database import Database
from storage.outage import REMINDED_EVERY_S, Outage, is_outage


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give where a database file will be."""
    return tmp_path / "chatcron.db"


@pytest.fixture
def holder(file: Path) -> Iterator[sqlite3.Connection]:
    """Give another program's connection to the file."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        yield connection


async def test_a_file_that_is_held_is_told_once_with_its_reminder_and_its_end(
    file: Path, holder: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failures in between add no line before a minute is over; the end says how long it was."""
    monkeypatch.setattr(databases, "BUSY_TIMEOUT_MS", 0)
    elapsed = [0.0]
    async with Database(f"sqlite:///{file}") as database:
        database.outage = Outage(lambda: elapsed[0])
        async with database.begin():
            pass
        holder.execute("BEGIN EXCLUSIVE")
        with capture_logs() as told:
            for elapsed[0] in (1, 2, 3, REMINDED_EVERY_S + 1):
                with pytest.raises(sa.exc.OperationalError) as held:
                    async with database.begin():
                        pass
                assert is_outage(held.value)
            async with database.read():
                assert database.outage.lasts_s == elapsed[0] - 1
            holder.rollback()
            elapsed[0] += 4
            async with database.begin():
                assert database.outage.lasts_s is not None

    assert database.outage.lasts_s is None
    assert [(line["action"], line.get("seconds")) for line in told] == [
        ("database_away", None),
        ("database_away", REMINDED_EVERY_S),
        ("database_back", REMINDED_EVERY_S + 4),
    ]


async def test_a_fault_of_ours_is_no_outage(file: Path) -> None:
    """A table that is missing is told by whoever asked for it."""
    async with Database(f"sqlite:///{file}") as database:
        with capture_logs() as told, pytest.raises(sa.exc.OperationalError) as missing:
            async with database.begin() as connection:
                await connection.execute(sa.text("SELECT * FROM nowhere"))

    assert not is_outage(missing.value)
    assert told == []


async def test_a_server_that_is_not_there_is_an_outage() -> None:
    """No connection is, whatever was raised because of it."""
    async with Database("postgresql://nobody@127.0.0.1:1/none") as database:
        with pytest.raises(sa.exc.OperationalError) as away:
            async with database.read():
                pass

    wrapped = RuntimeError("the queue broke off")
    wrapped.__cause__ = away.value.orig
    assert is_outage(away.value)
    assert is_outage(wrapped)
    assert database.outage.lasts_s is not None
