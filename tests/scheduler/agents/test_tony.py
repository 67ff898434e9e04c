"""Tony looks at real databases, changes nothing, and calls nothing healthy that he did not see."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from scheduler.agents.tony import Tony
from scheduler.agents.tools import postgres
from scheduler.errors import NotConnected, Temporary
from storage.reports import Report, Severity
from tests.scheduler.agents.briefs import brief

ANY_DISK = "free disk space below 0 %"
"""Keeps the machine's own disk, which may be full, out of what is asserted."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give an SQLite file with two tables in WAL mode."""
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "PRAGMA journal_mode = WAL;"
            "CREATE TABLE people (id INTEGER PRIMARY KEY);"
            'CREATE TABLE "odd ""name" (person INTEGER REFERENCES people);'
            "INSERT INTO people VALUES (1), (2), (3);"
            'INSERT INTO "odd ""name" VALUES (1);'
        )
    return path


def contents(file: Path) -> bytes:
    """Read the whole file."""
    return file.read_bytes()


def damage(file: Path) -> None:
    """Overwrite all pages but the first."""
    content = bytearray(file.read_bytes())
    content[4196:] = b"\xff" * (len(content) - 4196)
    file.write_bytes(content)


def severity(report: Report, key: str) -> Severity:
    """Give the severity of the finding with this key."""
    return {finding.key: finding.severity for finding in report.findings}[key]


async def test_a_sound_file_is_healthy(file: Path) -> None:
    """Each check passes, the tables are listed by rows, and the backup's age is not known."""
    report = await Tony(url=f"sqlite:///{file}", own=True).work(brief(ANY_DISK))

    assert report.headline.startswith("Chatcron's database is healthy: ")
    assert report.headline.endswith("7 checks passed")
    assert report.sections[1].rows == (("people", "3"), ('odd "name', "1"))
    assert "backup" in report.unknowns[0]
    assert "backup" in report.lines[0]
    checks = report.findings[:7]
    assert {finding.severity for finding in checks} == {Severity.OK}
    assert {it.key: it.value for it in report.findings[8:]} == {
        "sqlite.table.people": 3,
        'sqlite.table.odd "name': 1,
    }


async def test_a_broken_reference_is_critical(file: Path) -> None:
    """A row that refers to nothing needs a look, and is told first."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute('INSERT INTO "odd ""name" VALUES (99)')
        connection.commit()

    report = await Tony(url=f"sqlite:///{file}", own=False).work(brief(ANY_DISK))

    assert report.headline == "Database shop.db: 1 of 7 checks needs a look"
    assert report.findings[0].key == "sqlite.foreign_keys"
    assert report.lines[0] == "Rows that refer to rows that are not there: 1."


async def test_a_damaged_file_is_not_called_healthy(file: Path) -> None:
    """Overwritten pages are seen by the integrity check."""
    damage(file)

    report = await Tony(url=f"sqlite:///{file}", own=False).work(brief())

    assert severity(report, "sqlite.integrity") in (Severity.CRITICAL, Severity.UNKNOWN)
    assert "healthy" not in report.headline


async def test_looking_leaves_the_file_as_it_was(file: Path) -> None:
    """Not one byte of the file changes."""
    before = contents(file)
    await Tony(url=f"sqlite:///{file}", own=False).work(brief())
    assert contents(file) == before


async def test_no_file_is_not_connected(tmp_path: Path) -> None:
    """A file that is not there is refused, and not made."""
    path = tmp_path / "none.db"
    with pytest.raises(NotConnected, match=r"no SQLite file none\.db"):
        await Tony(url=f"sqlite:///{path}", own=False).work(brief())
    assert not path.exists()


async def test_a_file_in_a_closed_folder_is_not_connected(tmp_path: Path) -> None:
    """A file that our user may not even see is refused in words."""
    path = tmp_path / ("x" * 300) / "shop.db"  # a name too long fails as a closed folder does
    with pytest.raises(NotConnected, match=r"no SQLite file shop\.db"):
        await Tony(url=f"sqlite:///{path}", own=False).work(brief())


async def test_an_address_with_a_mistake_is_not_connected() -> None:
    """An option that Postgres does not know is refused in words, without the address."""
    url = "postgresql://bob:canary@127.0.0.1:1/shop?nonsense=1"
    with pytest.raises(NotConnected, match="address of the database") as refused:
        await Tony(url=url, own=False).work(brief())
    assert "canary" not in f"{refused.value} {refused.value.fix}"


async def test_another_kind_of_file_is_not_connected(tmp_path: Path) -> None:
    """A file that is no database is refused by name."""
    path = tmp_path / "notes.txt"
    path.write_text("not a database, " * 100)
    with pytest.raises(NotConnected, match="is not an SQLite database"):
        await Tony(url=f"sqlite:///{path}", own=False).work(brief())


async def test_a_postgres_server_is_checked(postgres_url: str) -> None:
    """Every check of the pack is answered by a real server."""
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE people (id serial PRIMARY KEY)")
        connection.execute("INSERT INTO people DEFAULT VALUES")

    report = await Tony(url=postgres_url, own=True).work(brief())

    unmade = [finding.text for finding in report.findings if finding.severity is Severity.UNKNOWN]
    assert unmade == []
    assert report.headline.startswith("Chatcron's database is healthy: ")
    assert report.headline.endswith("15 checks passed")
    assert severity(report, "postgres.rights") is Severity.INFO
    assert report.sections[1].rows[0][0] == "public.people"
    assert any("pg_stat_statements" in unknown for unknown in report.unknowns)


async def test_what_a_small_role_cannot_see_is_unknown(postgres_url: str) -> None:
    """A role without pg_monitor gets UNKNOWN for other people's sessions, not a green tick."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS ops_small")
        connection.execute("CREATE ROLE ops_small LOGIN PASSWORD 'canary-secret'")
        connection.execute("CREATE TABLE hidden (id serial)")
        connection.execute("INSERT INTO hidden DEFAULT VALUES")
    small = postgres_url.replace("postgres:@", "ops_small:canary-secret@")
    assert "ops_small" in small

    report = await Tony(url=small, own=False).work(brief())

    assert severity(report, "postgres.long_queries") is Severity.UNKNOWN
    assert severity(report, "postgres.sequences") is Severity.UNKNOWN
    assert severity(report, "postgres.rights") is Severity.OK
    assert "could not be made" in report.headline
    assert "canary-secret" not in repr(report)


async def test_a_sequence_that_is_nearly_full_is_critical(postgres_url: str) -> None:
    """A sequence with less than a tenth of its numbers left needs a look."""
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE SEQUENCE tickets AS smallint")
        connection.execute("SELECT setval('tickets', 32000)")

    report = await Tony(url=postgres_url, own=False).work(brief())

    assert severity(report, "postgres.sequences") is Severity.CRITICAL
    assert report.headline.endswith("1 of 15 checks needs a look")


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE made (id int)", "DROP TABLE kept", "DELETE FROM kept", "SELECT nextval('s')"],
)
def test_the_session_refuses_to_write(postgres_url: str, statement: str) -> None:
    """Whatever is asked in the pack's way of asking cannot change the database."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("CREATE SEQUENCE s")

    with (
        postgres.open_read_only(postgres_url) as reading,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        postgres.ask(reading, statement)


def test_a_slow_query_is_stopped(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query is cancelled by the server at its limit."""
    monkeypatch.setattr(postgres, "STATEMENT_MS", 50)
    with (
        postgres.open_read_only(postgres_url) as reading,
        pytest.raises(psycopg.errors.QueryCanceled),
    ):
        postgres.ask(reading, "SELECT pg_sleep(30)")


async def test_a_server_that_is_away_is_temporary() -> None:
    """No server at the address: try again later, and the password is not told."""
    with pytest.raises(Temporary) as failure:
        await Tony(url="postgresql://bob:canary@127.0.0.1:1/shop", own=False).work(brief())
    assert "canary" not in str(failure.value)


def test_the_address_is_not_in_the_repr() -> None:
    """Logging Tony does not log a password."""
    assert "canary" not in repr(Tony(url="postgresql://bob:canary@localhost/shop", own=False))
