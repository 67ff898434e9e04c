"""The health pack for a Postgres server: read-only transactions, each with its own time limit.

Called by Tony through a child process. No address, password or server message leaves this file.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

import psycopg
from psycopg.rows import dict_row

from scheduler.agents.tools import table_look
from scheduler.agents.tools.checkup import MIB, Checkup, Limits, Scope, Verdict, size
from scheduler.agents.tools.postgres_checks import BIG_TABLES, CHECKS, SLOW_STATEMENTS, Check
from scheduler.agents.tools.postgres_verdicts import Row
from scheduler.errors import NotConnected, Temporary
from storage.reports import Finding, Section, Severity

CONNECT_SECONDS = 10
STATEMENT_MS = 10_000
LOCK_MS = 2_000
SHOWN = 5
MEASURED = 50
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
SELECT left(query, 80) AS query, calls, total_exec_time / 1000 AS seconds,
       max_exec_time / 1000 AS slowest
FROM pg_stat_statements JOIN pg_database d ON d.oid = dbid
WHERE d.datname = current_database() ORDER BY total_exec_time DESC LIMIT %s
"""


def look(dsn: str, now: datetime, scope: Scope) -> Checkup:
    """Check the server within a scope.

    Raises NotConnected where it refuses us, Temporary where it is away.
    """
    try:
        with open_read_only(dsn) as connection:
            return _checkup(connection, now, scope)
    except psycopg.OperationalError as error:
        raise _unreachable(error) from None  # its message may hold the address


def open_read_only(dsn: str) -> Connection:
    """Connect so that every transaction of the session is READ ONLY.

    Raises NotConnected for an address that no server could be asked by.
    """
    try:
        connection = psycopg.connect(
            dsn,
            connect_timeout=CONNECT_SECONDS,
            application_name="chatcron-tony",
            row_factory=dict_row,
        )
    except psycopg.ProgrammingError:
        raise NotConnected(
            "The address of the database can't be used: Postgres does not know an option in it.",
            fix="Check it in CHATCRON_TONY_DATABASE_URL, or in CHATCRON_DATABASE_URL without one.",
        ) from None
    connection.read_only = True
    return connection


def _unreachable(error: psycopg.OperationalError) -> NotConnected | Temporary:
    words = str(error)
    if "authentication failed" in words or "does not exist" in words:
        return NotConnected(
            "The database server refused my user, password or database name.",
            fix="Check the address in CHATCRON_TONY_DATABASE_URL.",
        )
    return Temporary(
        "The database server does not answer. Look whether it is up, and whether"
        " CHATCRON_TONY_DATABASE_URL names it."
    )


def _checkup(connection: Connection, now: datetime, scope: Scope) -> Checkup:
    who = ask(connection, _WHO)[0]
    fact = partial(_finding, who=who, now=now)
    findings = tuple(
        fact(check.name, _verdict(connection, check, scope.limits, sees_all=who["sees_all"]))
        for check in _checks(who, scope.limits)
    )
    sections, unknowns, sizes = _details(connection, who)
    close = [] if scope.table is None else _closely(connection, scope.table)
    return Checkup(
        size_bytes=int(who["bytes"]),
        findings=(
            *findings,
            *(fact(f"table_look.{row['name']}", table_look.judge(row)) for row in close),
        ),
        facts=tuple(
            fact(name, _measure(bytes_)) for name, bytes_ in {"size": who["bytes"], **sizes}.items()
        ),
        sections=(*(table_look.section(row, now) for row in close), *sections),
        unmet=tuple(_unmet(scope, who, close)),
        unknowns=unknowns,
    )


def _unmet(scope: Scope, who: Row, close: list[Row]) -> Iterator[str]:
    if scope.table is not None and not close:
        yield table_look.absent(scope.table)
    if "query_s" in scope.limits.named and not who["statements"]:
        yield (
            "I did not check slow queries of the past, only those running as I looked:"
            " pg_stat_statements is not installed."
        )


def _checks(who: Row, limits: Limits) -> tuple[Check, ...]:
    """Give the checks that are due: those that only a limit makes are added where one is named."""
    slow = (SLOW_STATEMENTS,) if "query_s" in limits.named and who["statements"] else ()
    big = (BIG_TABLES,) if limits.table_bytes is not None else ()
    return (*CHECKS, *slow, *big)


def _finding(name: str, verdict: Verdict, *, who: Row, now: datetime) -> Finding:
    return Finding(
        key=f"postgres.{name}",
        severity=verdict.severity,
        resource=str(who["name"]),
        text=verdict.text,
        value=verdict.value,
        unit=verdict.unit,
        observed_at=now,
        source=f"Postgres {who['version']} statistics, read-only",
    )


def _measure(bytes_: int) -> Verdict:
    return Verdict(
        severity=Severity.INFO, text=f"{size(bytes_)}.", value=round(bytes_ / MIB, 2), unit="MiB"
    )


def _closely(connection: Connection, table: str) -> list[Row]:
    try:
        return ask(connection, table_look.SQL, table, table)
    except psycopg.OperationalError:
        raise
    except psycopg.Error:
        return []


def ask(connection: Connection, sql: str, *values: object) -> list[Row]:
    """Run one query in a read-only transaction of its own, within its limits.

    The limits are set for the transaction alone, so they cannot stick to a pooled connection.
    """
    with connection.transaction():
        connection.execute(_LIMITS, (str(STATEMENT_MS), str(LOCK_MS)))
        return connection.execute(sql, values).fetchall()


def _verdict(connection: Connection, check: Check, limits: Limits, *, sees_all: bool) -> Verdict:
    """Make one check; one that cannot be made, or sees only a part, is UNKNOWN."""
    title = check.name.replace("_", " ").capitalize()
    if check.sees_all and not sees_all:
        text = f"{title}: not checked, my user sees only its own sessions; grant it pg_monitor."
        return Verdict(severity=Severity.UNKNOWN, text=text)
    try:
        return check.judge(ask(connection, check.sql, *check.values(limits))[0], limits)
    except (psycopg.errors.QueryCanceled, psycopg.errors.LockNotAvailable):
        text = f"{title}: not checked, no answer in time (at most {STATEMENT_MS // 1000} s)."
    except psycopg.errors.InsufficientPrivilege:
        text = f"{title}: not checked, my user may not read it; grant it pg_monitor."
    except psycopg.OperationalError:
        raise
    except psycopg.Error:
        text = f"{title}: not checked, this server does not answer the question."
    return Verdict(severity=Severity.UNKNOWN, text=text)


def _details(
    connection: Connection, who: Row
) -> tuple[tuple[Section, ...], tuple[str, ...], dict[str, int]]:
    """Give the biggest tables and the costliest statements, what is not to be had, and sizes."""
    sections: list[Section] = []
    sizes: dict[str, int] = {}
    unknowns = ["The age of the last backup is not known: the server does not say."]
    try:
        tables = ask(connection, _TABLES, MEASURED)
        sizes = {f"table.{row['name']}": int(row["bytes"]) for row in tables}
        rows = tuple((str(row["name"]), size(int(row["bytes"]))) for row in tables[:SHOWN])
        if rows:
            sections.append(Section(title="Biggest tables", columns=("Table", "Size"), rows=rows))
    except psycopg.Error:
        unknowns.append("The biggest tables are not known: the server did not give their sizes.")
    if not who["statements"]:
        unknowns.append(
            "The costliest statements are not known: pg_stat_statements is not installed."
        )
        return tuple(sections), tuple(unknowns), sizes
    try:
        sections.append(_statements(ask(connection, _STATEMENTS, SHOWN)))
    except psycopg.Error:
        unknowns.append(
            "The costliest statements are not known: pg_stat_statements could not be read."
        )
    return tuple(sections), tuple(unknowns), sizes


def _statements(rows: list[Row]) -> Section:
    return Section(
        title="Costliest statements",
        columns=("Statement", "Calls", "Seconds", "Slowest"),
        rows=tuple(
            (
                " ".join(str(row["query"]).split()),
                f"{row['calls']:,}",
                f"{row['seconds']:.1f}",
                f"{row['slowest']:.1f}",
            )
            for row in rows
        ),
    )
