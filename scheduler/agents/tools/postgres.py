"""The health pack for a Postgres server: read-only transactions, each with its own time limit.

Called by Tony through a child process. No address, password or server message leaves this file.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

from scheduler.agents.tools.checkup import Checkup, Verdict, size
from scheduler.agents.tools.postgres_checks import CHECKS, Check, Row
from scheduler.errors import NotConnected, Temporary
from storage.records import Finding, Section, Severity

CONNECT_SECONDS = 10
STATEMENT_MS = 10_000
LOCK_MS = 2_000
SHOWN = 5
Connection = psycopg.Connection[dict[str, Any]]

_LIMITS = """
SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true)
"""
_WHO = """
SELECT current_database() AS name, pg_database_size(current_database()) AS bytes,
       current_setting('server_version') AS version,
       pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS sees_all,
       EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_stat_statements') AS statements
"""
_TABLES = """
SELECT schemaname || '.' || relname AS name, pg_total_relation_size(relid) AS bytes
FROM pg_stat_user_tables ORDER BY bytes DESC LIMIT %s
"""
_STATEMENTS = """
SELECT left(query, 80) AS query, calls, total_exec_time / 1000 AS seconds
FROM pg_stat_statements JOIN pg_database d ON d.oid = dbid
WHERE d.datname = current_database() ORDER BY total_exec_time DESC LIMIT %s
"""


def look(dsn: str, now: datetime) -> Checkup:
    """Check the server; raises NotConnected where it refuses us, Temporary where it is away."""
    try:
        with open_read_only(dsn) as connection:
            return _checkup(connection, now)
    except psycopg.OperationalError as error:
        raise _unreachable(error) from None  # its message may hold the address


def open_read_only(dsn: str) -> Connection:
    """Connect so that every transaction of the session is READ ONLY."""
    connection = psycopg.connect(
        dsn,
        connect_timeout=CONNECT_SECONDS,
        application_name="chatcron-tony",
        row_factory=dict_row,
    )
    connection.read_only = True
    return connection


def _unreachable(error: psycopg.OperationalError) -> NotConnected | Temporary:
    words = str(error)
    if "authentication failed" in words or "does not exist" in words:
        return NotConnected(
            "The database server refused my user, password or database name.",
            fix="Check the address in CHATCRON_TONY_DATABASE_URL.",
        )
    return Temporary("The database server does not answer.")


def _checkup(connection: Connection, now: datetime) -> Checkup:
    who = ask(connection, _WHO)[0]
    verdicts = [(check, _verdict(connection, check, sees_all=who["sees_all"])) for check in CHECKS]
    findings = tuple(
        Finding(
            key=f"postgres.{check.name}",
            severity=verdict.severity,
            resource=str(who["name"]),
            text=verdict.text,
            value=verdict.value,
            unit=verdict.unit,
            observed_at=now,
            source=f"Postgres {who['version']} statistics, read-only",
        )
        for check, verdict in verdicts
    )
    sections, unknowns = _details(connection, who)
    return Checkup(
        size_bytes=int(who["bytes"]), findings=findings, sections=sections, unknowns=unknowns
    )


def ask(connection: Connection, sql: str, *values: object) -> list[Row]:
    """Run one query in a read-only transaction of its own, within its limits.

    The limits are set for the transaction alone, so they cannot stick to a pooled connection.
    """
    with connection.transaction():
        connection.execute(_LIMITS, (str(STATEMENT_MS), str(LOCK_MS)))
        return connection.execute(sql, values).fetchall()


def _verdict(connection: Connection, check: Check, *, sees_all: bool) -> Verdict:
    """Make one check; one that cannot be made, or sees only a part, is UNKNOWN."""
    title = check.name.replace("_", " ").capitalize()
    if check.sees_all and not sees_all:
        text = f"{title}: not checked, my user sees only its own sessions; grant it pg_monitor."
        return Verdict(severity=Severity.UNKNOWN, text=text)
    try:
        return check.judge(ask(connection, check.sql)[0])
    except (psycopg.errors.QueryCanceled, psycopg.errors.LockNotAvailable):
        text = f"{title}: not checked, no answer in time (at most {STATEMENT_MS // 1000} s)."
    except psycopg.errors.InsufficientPrivilege:
        text = f"{title}: not checked, my user may not read it; grant it pg_monitor."
    except psycopg.OperationalError:
        raise
    except psycopg.Error:
        text = f"{title}: not checked, this server does not answer the question."
    return Verdict(severity=Severity.UNKNOWN, text=text)


def _details(connection: Connection, who: Row) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """Give the biggest tables and the costliest statements, and name what is not to be had."""
    sections: list[Section] = []
    unknowns = ["The age of the last backup is not known: the server does not say."]
    try:
        tables = ask(connection, _TABLES, SHOWN)
        rows = tuple((str(row["name"]), size(int(row["bytes"]))) for row in tables)
        if rows:
            sections.append(Section(title="Biggest tables", columns=("Table", "Size"), rows=rows))
    except psycopg.Error:
        unknowns.append("The biggest tables are not known: the server did not give their sizes.")
    if not who["statements"]:
        unknowns.append(
            "The costliest statements are not known: pg_stat_statements is not installed."
        )
        return tuple(sections), tuple(unknowns)
    try:
        sections.append(_statements(ask(connection, _STATEMENTS, SHOWN)))
    except psycopg.Error:
        unknowns.append(
            "The costliest statements are not known: pg_stat_statements could not be read."
        )
    return tuple(sections), tuple(unknowns)


def _statements(rows: list[Row]) -> Section:
    return Section(
        title="Costliest statements",
        columns=("Statement", "Calls", "Seconds"),
        rows=tuple(
            (" ".join(str(row["query"]).split()), f"{row['calls']:,}", f"{row['seconds']:.1f}")
            for row in rows
        ),
    )
