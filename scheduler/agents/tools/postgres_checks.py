"""What the Postgres health pack asks; run by `tools.postgres`, judged by `postgres_verdicts`.

Every query reads the server's own statistics, gives one row, and works from Postgres 13 on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scheduler.agents.tools import postgres_verdicts as verdicts
from scheduler.agents.tools.checkup import Limits, Verdict
from scheduler.agents.tools.postgres_verdicts import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question to the server, with the values it takes, and how bad an answer is.

    `sees_all` marks those that need the right to see everybody.
    """

    name: str
    sql: str
    judge: Callable[[Row, Limits], Verdict]
    values: Callable[[Limits], tuple[float, ...]] = lambda _: ()
    sees_all: bool = False


SLOW_STATEMENTS = Check(
    name="slow_statements",
    sql="SELECT count(*), coalesce(max(max_exec_time) / 1000, 0) AS longest_s"
    " FROM pg_stat_statements JOIN pg_database d ON d.oid = dbid"
    " WHERE d.datname = current_database() AND max_exec_time > 1000 * %s::double precision",
    judge=verdicts.slow_statements,
    values=lambda limits: (limits.query_s,),
)
BIG_TABLES = Check(
    name="big_tables",
    sql="SELECT count(*), max(bytes) AS bytes, (array_agg(name ORDER BY bytes DESC))[1] AS name"
    " FROM (SELECT schemaname || '.' || relname AS name, pg_total_relation_size(relid) AS bytes"
    " FROM pg_stat_user_tables) AS sized WHERE bytes > %s::double precision",
    judge=verdicts.big_tables,
    values=lambda limits: (limits.table_bytes or 0,),
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
        judge=verdicts.connections,
        sees_all=True,
    ),
    Check(
        name="cache_hits",
        sql="SELECT blks_hit AS hits, blks_read AS reads FROM pg_stat_database"
        " WHERE datname = current_database()",
        judge=verdicts.cache_hits,
    ),
    Check(
        name="long_queries",
        sql=f"SELECT count(*), {_AGE.format('query_start')} {_ACTIVITY}"
        " AND state = 'active' AND query_start <"
        " clock_timestamp() - make_interval(secs => %s::double precision)",
        judge=verdicts.long_queries,
        values=lambda limits: (limits.query_s,),
        sees_all=True,
    ),
    Check(
        name="idle_in_transaction",
        sql=f"SELECT count(*), {_AGE.format('state_change')} {_ACTIVITY}"
        " AND state LIKE 'idle in transaction%%'"
        " AND state_change < clock_timestamp() - make_interval(secs => %s::double precision)",
        judge=verdicts.idle_in_transaction,
        values=lambda limits: (min(60, limits.idle_s),),
        sees_all=True,
    ),
    Check(
        name="blocked",
        sql=f"SELECT count(*), {_AGE.format('state_change')} {_ACTIVITY}"
        " AND cardinality(pg_blocking_pids(pid)) > 0",
        judge=verdicts.blocked,
        sees_all=True,
    ),
    Check(
        name="dead_rows",
        sql="SELECT max(name) AS name, max(share) AS share, max(dead) AS dead FROM ("
        " SELECT schemaname || '.' || relname AS name, n_dead_tup AS dead,"
        " 100.0 * n_dead_tup / (n_live_tup + n_dead_tup) AS share FROM pg_stat_user_tables"
        " WHERE n_dead_tup >= 10000 ORDER BY share DESC LIMIT 1) AS worst",
        judge=verdicts.dead_rows,
    ),
    Check(
        name="unused_indexes",
        sql="SELECT count(*), coalesce(sum(pg_relation_size(s.indexrelid)), 0) AS wasted"
        " FROM pg_stat_user_indexes s JOIN pg_index i USING (indexrelid)"
        " WHERE s.idx_scan = 0 AND NOT i.indisunique"
        " AND pg_relation_size(s.indexrelid) > 1048576",
        judge=verdicts.unused_indexes,
    ),
    Check(
        name="invalid_indexes",
        sql="SELECT count(*) FROM pg_index WHERE NOT indisvalid",
        judge=verdicts.invalid_indexes,
    ),
    Check(
        name="autovacuum",
        sql="SELECT current_setting('autovacuum')::boolean AS is_on, count(c.oid),"
        " min(c.oid::regclass::text) AS name FROM (SELECT 1) AS one LEFT JOIN pg_class c"
        " ON c.relkind = 'r' AND 'autovacuum_enabled=false' = ANY (c.reloptions)",
        judge=verdicts.autovacuum,
    ),
    Check(
        name="prepared_transactions",
        sql="SELECT count(*), coalesce(max(extract(epoch FROM clock_timestamp() - prepared)), 0)"
        " AS longest_s FROM pg_prepared_xacts",
        judge=verdicts.prepared,
    ),
    Check(
        name="transaction_age",
        sql="SELECT max(age(datfrozenxid)) AS age,"
        " current_setting('autovacuum_freeze_max_age')::bigint AS freeze FROM pg_database",
        judge=verdicts.transaction_age,
    ),
    Check(
        name="replication",
        sql="SELECT count(*), max(pg_wal_lsn_diff(sent_lsn, replay_lsn)) AS lag_bytes"
        " FROM pg_stat_replication",
        judge=verdicts.replication,
        sees_all=True,
    ),
    Check(
        name="replication_slots",
        sql="SELECT count(*), max(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery()"
        " THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, restart_lsn))"
        " AS held_bytes FROM pg_replication_slots WHERE NOT active",
        judge=verdicts.slots,
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
        judge=verdicts.sequences,
    ),
    Check(
        name="rights",
        sql="SELECT rolsuper OR EXISTS (SELECT FROM information_schema.table_privileges"
        " WHERE grantee = current_user AND privilege_type IN ('INSERT', 'UPDATE', 'DELETE'))"
        " AS writes FROM pg_roles WHERE rolname = current_user",
        judge=verdicts.rights,
    ),
)
