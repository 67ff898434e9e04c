"""What the Postgres health pack asks, and how bad each answer is; run by `tools.postgres`.

Every query reads the server's own statistics, gives one row, and works from Postgres 13 on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scheduler.agents.tools.checkup import MIB, Verdict, limit, size
from storage.records import Severity

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question to the server; `sees_all` marks those that need the right to see everybody."""

    name: str
    sql: str
    judge: Callable[[Row], Verdict]
    sees_all: bool = False


def _connections(row: Row) -> Verdict:
    used, most = int(row["used"]), int(row["most"])
    share = 100 * used / most
    return Verdict(
        severity=limit(share, warn=80, critical=95),
        text=f"{used} of {most} connections are in use ({share:.0f} %).",
        value=used,
        unit="connections",
    )


def _cache_hits(row: Row) -> Verdict:
    hits, reads = int(row["hits"]), int(row["reads"])
    if hits + reads < 10_000:
        text = f"Cache hits: only {hits + reads:,} block reads so far, too few to judge."
        return Verdict(severity=Severity.INFO, text=text)
    share = 100 * hits / (hits + reads)
    return Verdict(
        severity=Severity.WARNING if share < 90 else Severity.OK,
        text=f"{share:.1f} % of block reads came from the cache.",
        value=round(share, 1),
        unit="%",
    )


def _long_queries(row: Row) -> Verdict:
    count, longest = int(row["count"]), float(row["longest_s"])
    return Verdict(
        severity=limit(longest, warn=300, critical=3600),
        text=f"Queries running for over 5 minutes: {count}, the longest for {longest / 60:.0f} min."
        if count
        else "No query runs for over 5 minutes.",
        value=count,
        unit="queries",
    )


def _idle_in_transaction(row: Row) -> Verdict:
    count, longest = int(row["count"]), float(row["longest_s"])
    return Verdict(
        severity=limit(longest, warn=300, critical=3600),
        text=f"Sessions idle in a transaction: {count}, the longest for {longest / 60:.0f} min."
        if count
        else "No session sits idle in a transaction for over a minute.",
        value=count,
        unit="sessions",
    )


def _blocked(row: Row) -> Verdict:
    count, longest = int(row["count"]), float(row["longest_s"])
    severity = limit(longest, warn=30, critical=300) if count else Severity.OK
    return Verdict(
        severity=severity,
        text=f"Sessions waiting for a lock: {count}, the longest for {longest:.0f} s."
        if count
        else "No session waits for another's lock.",
        value=count,
        unit="sessions",
    )


def _dead_rows(row: Row) -> Verdict:
    if row["name"] is None:
        return Verdict(severity=Severity.OK, text="No table carries many dead rows.")
    share = float(row["share"])
    return Verdict(
        severity=limit(share, warn=20, critical=50),
        text=f"{share:.0f} % of the rows of {row['name']} are dead ({int(row['dead']):,} rows).",
        value=round(share, 1),
        unit="%",
    )


def _unused_indexes(row: Row) -> Verdict:
    count, wasted = int(row["count"]), int(row["wasted"])
    if not count:
        return Verdict(severity=Severity.OK, text="No index over 1 MiB is unused.")
    return Verdict(
        severity=Severity.INFO,
        text=f"Indexes never used since the statistics began: {count} ({size(wasted)}).",
        value=round(wasted / MIB, 1),
        unit="MiB",
    )


def _transaction_age(row: Row) -> Verdict:
    age, freeze = int(row["age"]), int(row["freeze"])
    return Verdict(
        severity=limit(age, warn=max(2 * freeze, 500_000_000), critical=1_500_000_000),
        text=f"The oldest transaction id is {age:,} old; the server stops at 2.1 billion.",
        value=age,
        unit="transactions",
    )


def _replication(row: Row) -> Verdict:
    count, lag = int(row["count"]), float(row["lag_bytes"] or 0)
    if not count:
        return Verdict(severity=Severity.OK, text="No replica is attached.")
    return Verdict(
        severity=limit(lag, warn=256 * MIB, critical=4096 * MIB),
        text=f"Replicas attached: {count}, the last one {size(lag)} behind.",
        value=round(lag / MIB, 1),
        unit="MiB",
    )


def _slots(row: Row) -> Verdict:
    count, held = int(row["count"]), float(row["held_bytes"] or 0)
    if not count:
        return Verdict(severity=Severity.OK, text="No replication slot is left inactive.")
    return Verdict(
        severity=limit(held, warn=0, critical=4096 * MIB),
        text=f"Inactive replication slots: {count}, holding back up to {size(held)} of log.",
        value=count,
        unit="slots",
    )


def _sequences(row: Row) -> Verdict:
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
    text = f"Sequences: my user may not read {row['hidden']} of them; grant it SELECT there."
    return Verdict(severity=Severity.UNKNOWN, text=text)


def _rights(row: Row) -> Verdict:
    if row["writes"]:
        text = "My user could write, though I only read: one with pg_monitor alone is safer."
        return Verdict(severity=Severity.INFO, text=text)
    return Verdict(severity=Severity.OK, text="My user has no right to write to a table.")


def _invalid_indexes(row: Row) -> Verdict:
    count = int(row["count"])
    return Verdict(
        severity=Severity.WARNING if count else Severity.OK,
        text=f"Invalid indexes: {count}, as their building was cut short."
        if count
        else "Every index is valid.",
        value=count,
        unit="indexes",
    )


_ACTIVITY = (
    "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
_AGE = "coalesce(max(extract(epoch FROM clock_timestamp() - {0})), 0) AS longest_s"

CHECKS = (
    Check(
        name="connections",
        sql="SELECT count(*) AS used, current_setting('max_connections')::int AS most"
        " FROM pg_stat_activity WHERE backend_type = 'client backend'",
        judge=_connections,
        sees_all=True,
    ),
    Check(
        name="cache_hits",
        sql="SELECT blks_hit AS hits, blks_read AS reads FROM pg_stat_database"
        " WHERE datname = current_database()",
        judge=_cache_hits,
    ),
    Check(
        name="long_queries",
        sql=f"SELECT count(*), {_AGE.format('query_start')} {_ACTIVITY}"
        " AND state = 'active' AND query_start < clock_timestamp() - interval '5 minutes'",
        judge=_long_queries,
        sees_all=True,
    ),
    Check(
        name="idle_in_transaction",
        sql=f"SELECT count(*), {_AGE.format('state_change')} {_ACTIVITY}"
        " AND state LIKE 'idle in transaction%%'"
        " AND state_change < clock_timestamp() - interval '1 minute'",
        judge=_idle_in_transaction,
        sees_all=True,
    ),
    Check(
        name="blocked",
        sql=f"SELECT count(*), {_AGE.format('state_change')} {_ACTIVITY}"
        " AND cardinality(pg_blocking_pids(pid)) > 0",
        judge=_blocked,
        sees_all=True,
    ),
    Check(
        name="dead_rows",
        sql="SELECT max(name) AS name, max(share) AS share, max(dead) AS dead FROM ("
        " SELECT schemaname || '.' || relname AS name, n_dead_tup AS dead,"
        " 100.0 * n_dead_tup / (n_live_tup + n_dead_tup) AS share FROM pg_stat_user_tables"
        " WHERE n_dead_tup >= 10000 ORDER BY share DESC LIMIT 1) AS worst",
        judge=_dead_rows,
    ),
    Check(
        name="unused_indexes",
        sql="SELECT count(*), coalesce(sum(pg_relation_size(s.indexrelid)), 0) AS wasted"
        " FROM pg_stat_user_indexes s JOIN pg_index i USING (indexrelid)"
        " WHERE s.idx_scan = 0 AND NOT i.indisunique"
        " AND pg_relation_size(s.indexrelid) > 1048576",
        judge=_unused_indexes,
    ),
    Check(
        name="invalid_indexes",
        sql="SELECT count(*) FROM pg_index WHERE NOT indisvalid",
        judge=_invalid_indexes,
    ),
    Check(
        name="transaction_age",
        sql="SELECT max(age(datfrozenxid)) AS age,"
        " current_setting('autovacuum_freeze_max_age')::bigint AS freeze FROM pg_database",
        judge=_transaction_age,
    ),
    Check(
        name="replication",
        sql="SELECT count(*), max(pg_wal_lsn_diff(sent_lsn, replay_lsn)) AS lag_bytes"
        " FROM pg_stat_replication",
        judge=_replication,
        sees_all=True,
    ),
    Check(
        name="replication_slots",
        sql="SELECT count(*), max(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery()"
        " THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, restart_lsn))"
        " AS held_bytes FROM pg_replication_slots WHERE NOT active",
        judge=_slots,
    ),
    Check(
        name="sequences",
        sql="SELECT fullest.name, fullest.share, (SELECT count(*) FROM pg_sequences"
        " WHERE NOT has_sequence_privilege(format('%%I.%%I', schemaname, sequencename),"
        " 'SELECT, USAGE')) AS hidden FROM (SELECT 1) AS one LEFT JOIN LATERAL ("
        " SELECT schemaname || '.' || sequencename AS name,"
        " 100.0 * (last_value - min_value) / nullif(max_value - min_value, 0) AS share"
        " FROM pg_sequences WHERE last_value IS NOT NULL AND increment_by > 0 AND NOT cycle"
        " ORDER BY share DESC NULLS LAST LIMIT 1) AS fullest ON true",
        judge=_sequences,
    ),
    Check(
        name="rights",
        sql="SELECT rolsuper OR EXISTS (SELECT FROM information_schema.table_privileges"
        " WHERE grantee = current_user AND privilege_type IN ('INSERT', 'UPDATE', 'DELETE'))"
        " AS writes FROM pg_roles WHERE rolname = current_user",
        judge=_rights,
    ),
)
