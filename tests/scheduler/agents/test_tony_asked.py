"""Tony answers what a prompt asks: limits, a table, growth, and what he can't see."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from scheduler.agents import growth
from scheduler.agents.db_asked import OUT_OF_REACH, SQLITE_ONLY, read
from scheduler.agents.reach import not_checked
from scheduler.agents.tony import Tony
from scheduler.agents.tools.checkup import GIB, MIB, Limits
from storage.reports import Finding, Report, Section, Severity
from tests.plants import make_report
from tests.scheduler.agents.briefs import TUESDAY, brief

BAD = (Severity.WARNING, Severity.CRITICAL)


def bad_keys(report: Report) -> set[str]:
    """Give the keys of what needs a look."""
    return {finding.key for finding in report.findings if finding.severity in BAD}


def section(report: Report, title: str) -> Section:
    """Give the section whose title begins so."""
    return next(part for part in report.sections if part.title.startswith(title))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Give a small SQLite file with a table of three orders."""
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT);"
            "CREATE INDEX by_note ON orders (note);"
            "INSERT INTO orders (note) VALUES ('a'), ('b'), ('c');"
        )
    return path


@contextmanager
def lock_queue(url: str) -> Iterator[None]:
    """Hold a lock in an idle transaction, with a query waiting for it."""
    with (
        psycopg.connect(url, autocommit=True) as watcher,
        psycopg.connect(url) as holder,
        psycopg.connect(url, autocommit=True) as waiter,
    ):
        holder.execute("LOCK TABLE held IN EXCLUSIVE MODE")
        pid = waiter.info.backend_pid

        def wait() -> None:
            with suppress(psycopg.errors.QueryCanceled):
                waiter.execute("INSERT INTO held VALUES (1)")

        thread = threading.Thread(target=wait)
        thread.start()
        try:
            waiting = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s"
            while watcher.execute(waiting, (pid,)).fetchone() != (True,):
                pass
            yield
        finally:
            holder.rollback()
            thread.join()


async def test_faults_planted_in_postgres_are_found(postgres_url: str) -> None:
    """Slow, idle, waiting, big, and never vacuumed: each is found under the limits asked for."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE held (id int) WITH (autovacuum_enabled = false)")
        connection.execute("CREATE TABLE big AS SELECT generate_series(1, 60000) AS id")
    prompt = (
        "slow queries over 1 ms, sessions idle over 1 ms, waiting for locks over 1 ms and tables"
        " over 1 MB"
    )

    with lock_queue(postgres_url):
        report = await Tony(url=postgres_url, own=False).work(brief(prompt))

    assert bad_keys(report) == {
        "postgres.long_queries",
        "postgres.idle_in_transaction",
        "postgres.blocked",
        "postgres.big_tables",
        "postgres.autovacuum",
    }
    texts = " ".join(finding.text for finding in report.findings)
    assert "Queries running for over 1 ms: 1" in texts
    assert "Tables over 1.0 MiB: 1, the biggest public.big" in texts
    assert "Autovacuum is off for 1 table, held among them." in texts
    assert section(report, "Limits as you asked").lines == (
        "Idle in a transaction, from: 1 ms.",
        "Slow queries, from: 1 ms.",
        "Tables, over: 1.0 MiB.",
        "Waiting for a lock, from: 1 ms.",
    )


async def test_a_clean_server_finds_nothing(postgres_url: str) -> None:
    """The same question to an empty database has no warning, and says what no record tells."""
    prompt = "slow queries over 5 seconds and tables over 10 GB"

    report = await Tony(url=postgres_url, own=False).work(brief(prompt))

    assert bad_keys(report) == set()
    assert report.unknowns[0] == (
        "I did not check slow queries of the past, only those running as I looked:"
        " pg_stat_statements is not installed."
    )
    assert report.lines[0].startswith("I did not check slow queries of the past")
    assert report.headline.endswith("16 checks passed, 1 could not be made")
    assert "healthy" not in report.headline


async def test_recorded_statements_are_held_against_the_limit(postgres_url: str) -> None:
    """Where pg_stat_statements is there, the past is checked too."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            "CREATE VIEW pg_stat_statements AS SELECT oid AS dbid, 'SELECT 1' AS query,"
            " 3 AS calls, 12000.0::float8 AS total_exec_time, 9000.0::float8 AS max_exec_time"
            " FROM pg_database"
        )
        connection.execute(
            "INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable,"
            " extversion) VALUES (99999, 'pg_stat_statements', 10, 2200, true, '1')"
        )

    report = await Tony(url=postgres_url, own=False).work(brief("slow queries over 5 seconds"))
    quiet = await Tony(url=postgres_url, own=False).work(brief("slow queries over 10 seconds"))

    assert bad_keys(report) == {"postgres.slow_statements"}
    assert report.lines[0] == "Statements that ever took over 5 s: 1, the slowest 9 s."
    assert section(report, "Costliest").rows == (("SELECT 1", "3", "12.0", "9.0"),)
    assert bad_keys(quiet) == set()


async def test_a_named_table_is_looked_at_closely(postgres_url: str) -> None:
    """Rows, size and care of the table that the prompt names; an absent one is named as such."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE orders (id int) WITH (autovacuum_enabled = false)")
        connection.execute("INSERT INTO orders SELECT generate_series(1, 20000)")
        connection.execute("CREATE INDEX by_id ON orders (id)")
        connection.execute("SELECT pg_stat_force_next_flush()")
    tony = Tony(url=postgres_url, own=False)

    report = await tony.work(brief("check the orders table"))
    absent = await tony.work(brief("check table nothing.here"))

    rows = section(report, "Table public.orders").rows
    assert ("Last vacuumed", "never, since the statistics began") in rows
    assert bad_keys(report) == {"postgres.table_look.public.orders", "postgres.autovacuum"}
    assert "about 20,000 rows, 0 % dead; it was never analyzed." in " ".join(report.lines)
    assert absent.unknowns[0] == (
        "I did not check table nothing.here: there is none of that name that I can see."
    )


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
async def test_growth_since_the_last_report_is_told(
    engine: str, shop: Path, request: pytest.FixtureRequest
) -> None:
    """What the report before measured is compared, by database and table, in both engines."""
    url = f"sqlite:///{shop}"
    if engine == "postgres":
        url = request.getfixturevalue("postgres_url")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE orders (id int, note text)")
    tony = Tony(url=url, own=False)
    before = await tony.work(brief("growth of the database over 10 %"))
    rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)"
    more = f"{rows} INSERT INTO orders SELECT i + 9, 'a note that takes some room' FROM n"
    if engine == "postgres":
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(more)
    else:
        with closing(sqlite3.connect(shop)) as file:
            file.execute(more)
            file.commit()
    later = brief("growth of the database over 10 %", before=before)

    report = await tony.work(replace(later, as_of=TUESDAY + timedelta(days=7)))

    grown = section(report, "Growth since Tue 10 Mar 08:00, Berlin time")
    names = {row[0] for row in grown.rows}
    assert names == {"Database", "orders" if engine == "sqlite" else "public.orders"}
    assert bad_keys(report) == {f"{engine}.size.growth"}
    assert any("no earlier report" in text for text in before.unknowns)
    assert not any("no earlier report" in text for text in report.unknowns)


@pytest.mark.parametrize(
    ("was", "is_", "prompt", "found"),
    [
        (10_000, 10_100, "", 0),
        (1_000, 2_000, "", 1),
        (10, 20, "", 0),
        (10, 20, "growth over 50%", 1),
        (10_000, 12_000, "growth over 50%", 0),
        (10_000, 12_500, "growth over 2 GB", 1),
        (10_000, 9_000, "growth over 1%", 0),
    ],
)
def test_growth_alarms_by_share_or_by_size(was: float, is_: float, prompt: str, found: int) -> None:
    """A leap of a big database is alarming; a limit of one's own replaces that."""
    size_then, size_now = (
        Finding(
            key="postgres.size",
            severity=Severity.INFO,
            resource="shop",
            text="",
            value=value,
            unit="MiB",
            observed_at=TUESDAY,
            source="a test",
        )
        for value in (was, is_)
    )
    grown = growth.since([size_now], make_report(findings=(size_then,)))

    assert len(list(growth.alarms(grown, read(prompt).scope.limits))) == found


async def test_sqlite_says_what_it_keeps_no_record_of(shop: Path) -> None:
    """A question about slow queries is not answered with a healthy file."""
    report = await Tony(url=f"sqlite:///{shop}", own=False).work(
        brief("slow queries over 5 seconds, free disk space below 0 %")
    )

    assert report.headline == "Database shop.db: 7 checks passed, 1 could not be made"
    assert report.lines[0].startswith("I did not check queries: SQLite keeps no record")


async def test_a_table_of_a_file_is_looked_at(shop: Path) -> None:
    """Rows, columns and indexes of the named table; its size is not to be had."""
    tony = Tony(url=f"sqlite:///{shop}", own=False)

    report = await tony.work(brief("how big is the orders table"))
    absent = await tony.work(brief("how big is the `nowhere` table"))

    assert section(report, "Table orders").rows == (
        ("Rows", "3"),
        ("Columns", "2"),
        ("Indexes", "1"),
    )
    assert report.unknowns[0].startswith("The size of table orders is not known")
    assert absent.unknowns[0].startswith("I did not check table nowhere")


@pytest.mark.parametrize(("limit", "severity"), [("1 KB", Severity.WARNING), ("1 GB", Severity.OK)])
async def test_a_limit_for_the_whole_database_is_held(
    shop: Path, limit: str, severity: Severity
) -> None:
    """The file is over a kilobyte and within a gigabyte."""
    report = await Tony(url=f"sqlite:///{shop}", own=False).work(
        brief(f"tell me when the database is over {limit}")
    )
    assert {it.key: it.severity for it in report.findings}["sqlite.size.limit"] is severity


@pytest.mark.parametrize(
    ("prompt", "named"),
    [
        ("slow queries over 5 seconds", {"query_s": 5}),
        ("queries longer than 2 minutes", {"query_s": 120}),
        (
            "idle transactions over 10 min, connections above 70%",
            {"idle_s": 600, "connections": 70},
        ),
        ("cache hits below 95 % and dead rows over 10 %", {"cache": 95, "dead": 10}),
        ("tables larger than 1.5 GB", {"table_bytes": 1.5 * GIB}),
        ("database over 500 MB", {"database_bytes": 500 * MIB}),
        ("disk below 20%", {"disk_free": 20}),
        ("check the database health", {}),
        ("over 100 connections", {}),
    ],
)
def test_limits_are_read(prompt: str, named: dict[str, float]) -> None:
    """Each limit goes to the check that its part of the sentence is about."""
    asked = read(prompt)
    assert asked.scope.limits == replace(Limits(), **named, named=frozenset(named))
    assert asked.unread == ()


def test_a_limit_for_nothing_known_is_named() -> None:
    """A limit that fits no check is not dropped in silence."""
    assert read("alert when happiness is below 7 %").unread == (
        "I did not use “below 7 %”: I don't know which check it is for.",
    )


@pytest.mark.parametrize(
    ("prompt", "table"),
    [
        ("check the orders table", "orders"),
        ("check table public.orders", "public.orders"),
        ("rows of `tasks`", "tasks"),
        ("the biggest table", None),
        ("table sizes and growth", None),
        ("which tables grew", None),
    ],
)
def test_a_table_is_read(prompt: str, table: str | None) -> None:
    """A name beside the word table, or in quotes, is a table's."""
    assert read(prompt).scope.table == table


@pytest.mark.parametrize(
    ("prompt", "topic"),
    [
        ("are the backups fine", "backups"),
        ("check the MySQL databases", "other engines"),
        ("RDS CPU and memory", "the server's machine"),
        ("find missing indexes", "query plans and missing indexes"),
        ("is replication healthy", "replication, dead rows and caches"),
    ],
)
def test_what_tony_cannot_see_is_known(prompt: str, topic: str) -> None:
    """Each topic is read from the words that people have for it."""
    [said] = not_checked(prompt, (*SQLITE_ONLY, *OUT_OF_REACH))

    assert said.startswith(f"I did not check {topic}: ")


@pytest.mark.parametrize(
    ("prompt", "topic"),
    [
        ("are the backups fine", "backups"),
        ("is replication healthy", "replication, dead rows and caches"),
    ],
)
async def test_what_tony_cannot_see_is_said(shop: Path, prompt: str, topic: str) -> None:
    """The topic is named in the channel, and the file is not called healthy."""
    report = await Tony(url=f"sqlite:///{shop}", own=False).work(brief(prompt))

    assert any(text.startswith(f"I did not check {topic}: ") for text in report.unknowns)
    assert "healthy" not in report.headline
    assert sum("backup" in text for text in report.unknowns) == 1
