"""Whether a file was written to is known without a look into it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.changes import Changes
from storage.database import Database
from storage.migrate import migrate
from storage.store import Store
from tests.plants import make_task, plant


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a name with signs that an address would have to escape."""
    return tmp_path / "50 % of a #database.db"


@pytest.fixture
def changes(file: Path) -> Iterator[Changes]:
    """Watch that file as long as the test lasts."""
    watching = Changes(str(file))
    yield watching
    watching.close()


async def test_each_commit_is_seen_and_nothing_else(file: Path, changes: Changes) -> None:
    """What another connection commits changes the mark; looks, and what is undone, do not."""
    async with Database(f"sqlite:///{file}") as database:
        await migrate(database)
        store = Store(database)
        at_first = changes.mark()
        async with store.read() as work:
            await work.tasks.all()
        with pytest.raises(LookupError):
            async with store.begin() as work:
                await work.tasks.add(make_task())
                raise LookupError
        after_looks = changes.mark()
        await plant(store, make_task())
        after_write = changes.mark()

    assert at_first == after_looks != after_write


def test_a_file_that_is_not_there_is_not_made(file: Path, changes: Changes) -> None:
    """Nothing is known of it, and it is not there afterwards either."""
    assert changes.mark() is None
    assert not file.exists()


async def test_a_database_elsewhere_is_not_known(postgres_url: str) -> None:
    """On Postgres the mark is None, so that every look is taken."""
    async with Database(postgres_url) as database:
        assert database.changes.mark() is None
