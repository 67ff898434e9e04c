"""How bad each answer of a Postgres server is; the questions are in `postgres_checks`. Pure."""

from __future__ import annotations

from typing import Any

from scheduler.agents.tools.checkup import MIB, Limits, Verdict, limit, size, span
from storage.reports import Severity

Row = dict[str, Any]


def connections(row: Row, limits: Limits) -> Verdict:
    """Judge how full the server is."""
    used, most = int(row["used"]), int(row["most"])
    share = 100 * used / most
    return Verdict(
        severity=limit(share, warn=limits.connections, critical=max(95, limits.connections)),
        text=f"{used} of {most} connections are in use ({share:.0f} %).",
        value=used,
        unit="connections",
    )


def cache_hits(row: Row, limits: Limits) -> Verdict:
    """Judge how often a block is found in memory."""
    hits, reads = int(row["hits"]), int(row["reads"])
    if hits + reads < 10_000:
        text = f"Cache hits: only {hits + reads:,} block reads so far, too few to judge."
        return Verdict(severity=Severity.INFO, text=text)
    share = 100 * hits / (hits + reads)
    return Verdict(
        severity=Severity.WARNING if share < limits.cache else Severity.OK,
        text=f"{share:.1f} % of block reads came from the cache.",
        value=round(share, 1),
        unit="%",
    )


def long_queries(row: Row, limits: Limits) -> Verdict:
    """Judge what runs for too long."""
    count, longest, least = int(row["count"]), float(row["longest_s"]), span(limits.query_s)
    return Verdict(
        severity=limit(longest, warn=limits.query_s, critical=max(3600, limits.query_s))
        if count
        else Severity.OK,
        text=f"Queries running for over {least}: {count}, the longest for {span(longest)}."
        if count
        else f"No query runs for over {least}.",
        value=count,
        unit="queries",
    )


def idle_in_transaction(row: Row, limits: Limits) -> Verdict:
    """Judge sessions that hold a transaction open."""
    count, longest = int(row["count"]), float(row["longest_s"])
    return Verdict(
        severity=limit(longest, warn=limits.idle_s, critical=max(3600, limits.idle_s)),
        text=f"Sessions idle in a transaction: {count}, the longest for {span(longest)}."
        if count
        else f"No session sits idle in a transaction for over {span(min(60, limits.idle_s))}.",
        value=count,
        unit="sessions",
    )


def blocked(row: Row, limits: Limits) -> Verdict:
    """Judge who waits for a lock."""
    count, longest = int(row["count"]), float(row["longest_s"])
    worst = max(300, limits.wait_s)
    severity = limit(longest, warn=limits.wait_s, critical=worst) if count else Severity.OK
    return Verdict(
        severity=severity,
        text=f"Sessions waiting for a lock: {count}, the longest for {span(longest)}."
        if count
        else "No session waits for another's lock.",
        value=count,
        unit="sessions",
    )


def dead_rows(row: Row, limits: Limits) -> Verdict:
    """Judge the table with the largest share of dead rows."""
    if row["name"] is None:
        return Verdict(severity=Severity.OK, text="No table carries many dead rows.")
    share = float(row["share"])
    return Verdict(
        severity=limit(share, warn=limits.dead, critical=max(50, limits.dead)),
        text=f"{share:.0f} % of the rows of {row['name']} are dead ({int(row['dead']):,} rows).",
        value=round(share, 1),
        unit="%",
    )


def unused_indexes(row: Row, _: Limits) -> Verdict:
    """Judge indexes that nothing reads."""
    count, wasted = int(row["count"]), int(row["wasted"])
    if not count:
        return Verdict(severity=Severity.OK, text="No index over 1 MiB is unused.")
    return Verdict(
        severity=Severity.INFO,
        text=f"Indexes never used since the statistics began: {count} ({size(wasted)}).",
        value=round(wasted / MIB, 1),
        unit="MiB",
    )


def transaction_age(row: Row, _: Limits) -> Verdict:
    """Judge how near the ids are to running out."""
    age, freeze = int(row["age"]), int(row["freeze"])
    return Verdict(
        severity=limit(age, warn=max(2 * freeze, 500_000_000), critical=1_500_000_000),
        text=f"The oldest transaction id is {age:,} old; the server stops at 2.1 billion.",
        value=age,
        unit="transactions",
    )


def replication(row: Row, _: Limits) -> Verdict:
    """Judge how far replicas are behind."""
    count, lag = int(row["count"]), float(row["lag_bytes"] or 0)
    if not count:
        return Verdict(severity=Severity.OK, text="No replica is attached.")
    return Verdict(
        severity=limit(lag, warn=256 * MIB, critical=4096 * MIB),
        text=f"Replicas attached: {count}, the last one {size(lag)} behind.",
        value=round(lag / MIB, 1),
        unit="MiB",
    )


def slots(row: Row, _: Limits) -> Verdict:
    """Judge slots that hold the log back."""
    count, held = int(row["count"]), float(row["held_bytes"] or 0)
    if not count:
        return Verdict(severity=Severity.OK, text="No replication slot is left inactive.")
    return Verdict(
        severity=limit(held, warn=0, critical=4096 * MIB),
        text=f"Inactive replication slots: {count}, holding back up to {size(held)} of log.",
        value=count,
        unit="slots",
    )


def sequences(row: Row, _: Limits) -> Verdict:
    """Judge the fullest sequence, and those that can't be seen."""
    if row["name"] is None:
        nothing = Verdict(severity=Severity.OK, text="No sequence has been used yet.")
        return _hidden(row) if row["hidden"] else nothing
    share = float(row["share"])
    severity = limit(share, warn=70, critical=90)
    if severity is Severity.OK and row["hidden"]:
        return _hidden(row)
    return Verdict(
        severity=severity,
        text=f"The fullest sequence, {row['name']}, has used {share:.1f} % of its numbers.",
        value=round(share, 1),
        unit="%",
    )


def _hidden(row: Row) -> Verdict:
    """Say that sequences are hidden from us."""
    text = f"Sequences: my user may not read {row['hidden']} of them; grant it SELECT there."
    return Verdict(severity=Severity.UNKNOWN, text=text)


def rights(row: Row, _: Limits) -> Verdict:
    """Judge whether our own user could write."""
    if row["writes"]:
        text = "My user could write, though I only read: one with pg_monitor alone is safer."
        return Verdict(severity=Severity.INFO, text=text)
    return Verdict(severity=Severity.OK, text="My user has no right to write to a table.")


def invalid_indexes(row: Row, _: Limits) -> Verdict:
    """Judge indexes that were never finished."""
    count = int(row["count"])
    return Verdict(
        severity=Severity.WARNING if count else Severity.OK,
        text=f"Invalid indexes: {count}, as their building was cut short."
        if count
        else "Every index is valid.",
        value=count,
        unit="indexes",
    )


def autovacuum(row: Row, _: Limits) -> Verdict:
    """Judge whether dead rows are cleaned up."""
    if not row["is_on"]:
        text = "Autovacuum is off: dead rows pile up and transaction ids run out."
        return Verdict(severity=Severity.CRITICAL, text=text)
    count = int(row["count"])
    return Verdict(
        severity=Severity.WARNING if count else Severity.OK,
        text=f"Autovacuum is off for {count} {'table' if count == 1 else 'tables'},"
        f" {row['name']} among them."
        if count
        else "Autovacuum is on for every table.",
        value=count,
        unit="tables",
    )


def prepared(row: Row, _: Limits) -> Verdict:
    """Judge transactions left half done."""
    count, longest = int(row["count"]), float(row["longest_s"])
    return Verdict(
        severity=limit(longest, warn=3600, critical=86_400) if count else Severity.OK,
        text=f"Prepared transactions left open: {count}, the oldest for {span(longest)}."
        if count
        else "No prepared transaction is left open.",
        value=count,
        unit="transactions",
    )


def slow_statements(row: Row, limits: Limits) -> Verdict:
    """Judge recorded statements by the slowest of their calls."""
    count, least = int(row["count"]), span(limits.query_s)
    return Verdict(
        severity=Severity.WARNING if count else Severity.OK,
        text=f"Statements that ever took over {least}: {count}, the slowest"
        f" {span(float(row['longest_s']))}."
        if count
        else f"No recorded statement ever took over {least}.",
        value=count,
        unit="statements",
    )


def big_tables(row: Row, limits: Limits) -> Verdict:
    """Judge tables by their size."""
    count, least = int(row["count"]), size(limits.table_bytes or 0)
    return Verdict(
        severity=Severity.WARNING if count else Severity.OK,
        text=f"Tables over {least}: {count}, the biggest {row['name']} ({size(row['bytes'])})."
        if count
        else f"No table is over {least}.",
        value=count,
        unit="tables",
    )
