"""One table of a Postgres server, looked at closely; asked by `tools.postgres`, told by Tony."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from scheduler.agents.tools.checkup import Verdict, size
from storage.reports import Section, Severity

MANY_ROWS = 10_000
SQL = """
SELECT schemaname || '.' || relname AS name, n_live_tup AS live, n_dead_tup AS dead,
       n_mod_since_analyze AS changed, seq_scan AS scans, coalesce(idx_scan, 0) AS index_scans,
       pg_total_relation_size(relid) AS bytes, pg_indexes_size(relid) AS index_bytes,
       greatest(last_vacuum, last_autovacuum) AS vacuumed,
       greatest(last_analyze, last_autoanalyze) AS analyzed
FROM pg_stat_user_tables
WHERE lower(relname) = lower(%s) OR lower(schemaname || '.' || relname) = lower(%s)
ORDER BY name LIMIT 3
"""


def absent(table: str) -> str:
    """Say that a table that was asked for is not there to be seen."""
    return f"I did not check table {table}: there is none of that name that I can see."


def judge(row: dict[str, Any]) -> Verdict:
    """Say what stands out about the table: dead rows, or statistics that were never made."""
    live, dead = int(row["live"]), int(row["dead"])
    share = 100 * dead / (live + dead) if live + dead else 0.0
    told = f"{row['name']}: {size(row['bytes'])}, about {live:,} rows, {share:.0f} % dead"
    severity = Severity.OK
    if live + dead >= MANY_ROWS and share >= 20:
        severity = Severity.WARNING
    elif live >= MANY_ROWS and row["analyzed"] is None:
        severity, told = Severity.WARNING, f"{told}; it was never analyzed"
    return Verdict(severity=severity, text=f"{told}.", value=live, unit="rows")


def section(row: dict[str, Any], now: datetime) -> Section:
    """Give everything that is known of the table."""
    return Section(
        title=f"Table {row['name']}",
        rows=(
            ("Size", f"{size(row['bytes'])}, {size(row['index_bytes'])} of it indexes"),
            ("Rows", f"about {int(row['live']):,}, {int(row['dead']):,} dead"),
            ("Changed since analyzed", f"{int(row['changed']):,} rows"),
            ("Read whole", f"{int(row['scans'] or 0):,} times"),
            ("Read by index", f"{int(row['index_scans']):,} times"),
            ("Last vacuumed", _when(row["vacuumed"], now)),
            ("Last analyzed", _when(row["analyzed"], now)),
        ),
    )


def _when(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "never, since the statistics began"
    said = moment.astimezone(UTC)
    year = f" {said.year}" if said.year != now.year else ""
    return f"{said:%a} {said.day} {said:%b}{year} {said:%H:%M} UTC"
