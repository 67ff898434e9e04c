"""A copy of the database, taken while it is written to, and what comes of restoring it."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import storage
from bot.backup_command import back_up
from bot.errors import StartError
from bot.looks import migrate_database
from storage.backup import copy_sqlite, dump_command
from storage.database import Database, parse_url
from storage.errors import BackupFailed
from storage.migrate import REVISIONS, check, migrate
from storage.store import Store
from tests.plants import make_task, plant

WRITES = 60


def _url(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a migrated, empty database to copy."""
    file = tmp_path_factory.mktemp("fresh") / "fresh.db"

    async def make() -> None:
        async with Database(_url(file)) as database:
            await migrate(database)

    asyncio.run(make())
    return file


@pytest.fixture
def file(fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a migrated database, which the settings name."""
    file = Path(shutil.copy(fresh, tmp_path / "chatcron.db"))
    monkeypatch.setenv("CHATCRON_DATABASE_URL", _url(file))
    return file


async def test_a_copy_taken_while_writes_go_on_holds_all_that_was_committed(
    file: Path, tmp_path: Path
) -> None:
    """What was committed before the copy began is in it, and it is a database of ours."""
    copies: list[tuple[int, Path]] = []
    async with Database(_url(file)) as database:
        store = Store(database)
        done = 0

        async def write() -> None:
            nonlocal done
            for number in range(WRITES):
                await plant(store, make_task(name=f"task {number}"))
                done += 1

        writing = asyncio.ensure_future(write())
        while not writing.done():
            before, target = done, tmp_path / f"copy-{len(copies)}.db"
            await asyncio.to_thread(copy_sqlite, file, target)
            copies.append((before, target))
        await writing
    copies.append((done, tmp_path / "last.db"))
    copy_sqlite(file, copies[-1][1])

    assert len(copies) > 2
    for before, target in (copies[0], copies[len(copies) // 2], copies[-1]):
        async with Database(_url(target)) as restored:
            await check(restored)
            async with Store(restored).read() as work:
                names = [task.name for task in await work.tasks.all()]
        assert names == [f"task {number}" for number in range(len(names))]
        assert len(names) >= before
    assert len(names) == WRITES


async def test_a_restored_copy_can_be_written_to(file: Path, tmp_path: Path) -> None:
    """A copy is not only to be looked at: work goes on in it, in the journal of the original."""
    copy_sqlite(file, tmp_path / "copy.db")
    async with Database(_url(tmp_path / "copy.db")) as restored:
        await plant(Store(restored), make_task())

        async with Store(restored).read() as work:
            assert len(await work.tasks.all()) == 1


def test_only_its_owner_may_read_a_copy(file: Path, tmp_path: Path) -> None:
    """Whatever the umask says, the copy is 0600, and nothing else is left beside it."""
    before = set(tmp_path.iterdir())
    umask = os.umask(0)
    try:
        said = back_up(tmp_path / "copy.db", force=False)
    finally:
        os.umask(umask)

    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert {it for it in tmp_path.iterdir() if "chatcron.db" not in it.name} - before == {
        tmp_path / "copy.db"
    }
    assert "whole and checked" in said


def test_a_file_that_is_there_is_replaced_only_by_force(file: Path, tmp_path: Path) -> None:
    """Without --force the older copy stays as it is; with it, the new one takes its place."""
    target = tmp_path / "copy.db"
    target.write_text("an older copy")

    with pytest.raises(StartError, match="--force"):
        back_up(target, force=False)
    assert target.read_text() == "an older copy"

    back_up(target, force=True)
    assert target.read_bytes().startswith(b"SQLite format 3")


@pytest.mark.parametrize("force", [False, True])
def test_the_database_is_never_replaced_by_itself(file: Path, force: bool) -> None:
    """Naming the database itself is refused, with and without --force."""
    held = file.read_bytes()

    with pytest.raises((StartError, BackupFailed)):
        back_up(file, force=force)
    assert file.read_bytes() == held


def test_a_copy_that_fails_leaves_the_older_one(file: Path, tmp_path: Path) -> None:
    """Of a file that is no database no copy is made, and the one that was there stays."""
    target = tmp_path / "copy.db"
    target.write_text("an older copy")
    file.write_bytes(b"no database at all, whatever its name says" * 100)

    with pytest.raises(BackupFailed, match="could not be made"):
        back_up(target, force=True)
    assert target.read_text() == "an older copy"
    assert not list(tmp_path.glob(".copy.db*"))


def test_a_missing_folder_or_database_is_named(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong place ends in a sentence that names it."""
    with pytest.raises(BackupFailed, match="no folder"):
        back_up(tmp_path / "nowhere" / "copy.db", force=False)

    monkeypatch.setenv("CHATCRON_DATABASE_URL", _url(tmp_path / "none.db"))
    with pytest.raises(BackupFailed, match=r"none\.db"):
        back_up(tmp_path / "copy.db", force=False)
    assert not (tmp_path / "none.db").exists()


def test_postgres_is_left_to_its_own_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is given whole, without the password, and the exit says that nothing was done."""
    url = "postgresql://bot:hunter2@db.example:5433/chatcron"
    monkeypatch.setenv("CHATCRON_DATABASE_URL", url)

    with pytest.raises(StartError) as caught:
        back_up(tmp_path / "x y.dump", force=False)

    said = str(caught.value)
    assert "--host=db.example --port=5433 --username=bot --dbname=chatcron" in said
    assert f"'--file={tmp_path}/x y.dump'" in said
    assert "hunter2" not in said


def test_a_socket_of_postgres_is_named_as_its_host() -> None:
    """A host that stands in the query of the address is the one pg_dump is given."""
    url = parse_url("postgresql://postgres@/chatcron?host=/run/postgresql")

    assert "--host=/run/postgresql" in dump_command(url, Path("out.dump"))


def _back_to_the_first_schema(file: Path) -> None:
    """Make the database what the first release left."""
    config = Config()
    config.set_main_option("script_location", str(Path(storage.__file__).parent / "migrations"))
    file.unlink()
    engine = sa.create_engine(_url(file))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, REVISIONS[0])
    engine.dispose()


def test_migrate_copies_an_older_database_first(file: Path) -> None:
    """The copy holds the schema from before; a second migration that fails keeps the first copy."""
    _back_to_the_first_schema(file)

    said = asyncio.run(migrate_database())

    copy = file.with_name(f"{file.name}.before-{REVISIONS[-1]}")
    assert str(copy) in said
    assert _version(copy) == REVISIONS[0]
    assert _version(file) == REVISIONS[-1]

    _back_to_the_first_schema(file)
    assert f"{copy}.2" in asyncio.run(migrate_database())


def test_a_fresh_or_present_database_is_migrated_without_a_copy(file: Path) -> None:
    """Where nothing changes, or nothing was there, no copy is made."""
    asyncio.run(migrate_database())
    file.unlink()
    asyncio.run(migrate_database())

    assert not list(file.parent.glob("*.before-*"))


def _version(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
