"""How bad each answer of a Postgres server is."""

from __future__ import annotations

import pytest

from scheduler.agents.tools.checkup import MIB, Limits
from scheduler.agents.tools.postgres_checks import BIG_TABLES, CHECKS, SLOW_STATEMENTS
from scheduler.agents.tools.postgres_verdicts import Row
from storage.reports import Severity

JUDGES = {check.name: check.judge for check in (*CHECKS, BIG_TABLES, SLOW_STATEMENTS)}
STRICT = Limits(query_s=5, idle_s=10, wait_s=2, connections=50, cache=99.5, dead=5, table_bytes=MIB)


@pytest.mark.parametrize(
    ("name", "row", "severity"),
    [
        ("connections", {"used": 79, "most": 100}, Severity.OK),
        ("connections", {"used": 80, "most": 100}, Severity.WARNING),
        ("connections", {"used": 95, "most": 100}, Severity.CRITICAL),
        ("cache_hits", {"hits": 9, "reads": 1}, Severity.INFO),
        ("cache_hits", {"hits": 99_000, "reads": 1_000}, Severity.OK),
        ("cache_hits", {"hits": 80_000, "reads": 20_000}, Severity.WARNING),
        ("long_queries", {"count": 0, "longest_s": 0}, Severity.OK),
        ("long_queries", {"count": 1, "longest_s": 301}, Severity.WARNING),
        ("idle_in_transaction", {"count": 2, "longest_s": 3600}, Severity.CRITICAL),
        ("blocked", {"count": 0, "longest_s": 0}, Severity.OK),
        ("blocked", {"count": 1, "longest_s": 31}, Severity.WARNING),
        ("dead_rows", {"name": None, "share": None, "dead": None}, Severity.OK),
        ("dead_rows", {"name": "public.a", "share": 60.0, "dead": 50_000}, Severity.CRITICAL),
        ("unused_indexes", {"count": 3, "wasted": 9 * MIB}, Severity.INFO),
        ("invalid_indexes", {"count": 1}, Severity.WARNING),
        ("transaction_age", {"age": 1_000, "freeze": 200_000_000}, Severity.OK),
        ("transaction_age", {"age": 1_600_000_000, "freeze": 200_000_000}, Severity.CRITICAL),
        ("replication", {"count": 0, "lag_bytes": None}, Severity.OK),
        ("replication", {"count": 1, "lag_bytes": 300 * MIB}, Severity.WARNING),
        ("replication_slots", {"count": 0, "held_bytes": None}, Severity.OK),
        ("replication_slots", {"count": 1, "held_bytes": 5}, Severity.WARNING),
        ("sequences", {"name": None, "share": None, "hidden": 0}, Severity.OK),
        ("sequences", {"name": None, "share": None, "hidden": 1}, Severity.UNKNOWN),
        ("sequences", {"name": "s", "share": 10.0, "hidden": 2}, Severity.UNKNOWN),
        ("sequences", {"name": "s", "share": 75.0, "hidden": 2}, Severity.WARNING),
        ("autovacuum", {"is_on": True, "count": 0, "name": None}, Severity.OK),
        ("autovacuum", {"is_on": True, "count": 2, "name": "a"}, Severity.WARNING),
        ("autovacuum", {"is_on": False, "count": 0, "name": None}, Severity.CRITICAL),
        ("prepared_transactions", {"count": 0, "longest_s": 0}, Severity.OK),
        ("prepared_transactions", {"count": 1, "longest_s": 7200}, Severity.WARNING),
        ("rights", {"writes": True}, Severity.INFO),
        ("rights", {"writes": False}, Severity.OK),
    ],
)
def test_an_answer_is_judged(name: str, row: Row, severity: Severity) -> None:
    """Each check turns one row into a verdict with a sentence."""
    verdict = JUDGES[name](row, Limits())

    assert verdict.severity is severity
    assert verdict.text.endswith(".")


@pytest.mark.parametrize(
    ("name", "row", "severity"),
    [
        ("connections", {"used": 51, "most": 100}, Severity.WARNING),
        ("connections", {"used": 49, "most": 100}, Severity.OK),
        ("cache_hits", {"hits": 99_000, "reads": 1_000}, Severity.WARNING),
        ("long_queries", {"count": 1, "longest_s": 6}, Severity.WARNING),
        ("long_queries", {"count": 1, "longest_s": 3601}, Severity.CRITICAL),
        ("idle_in_transaction", {"count": 1, "longest_s": 11}, Severity.WARNING),
        ("blocked", {"count": 1, "longest_s": 3}, Severity.WARNING),
        ("dead_rows", {"name": "public.a", "share": 6.0, "dead": 50_000}, Severity.WARNING),
        ("slow_statements", {"count": 2, "longest_s": 9.5}, Severity.WARNING),
        ("slow_statements", {"count": 0, "longest_s": 0}, Severity.OK),
        ("big_tables", {"count": 1, "bytes": 2 * MIB, "name": "public.a"}, Severity.WARNING),
        ("big_tables", {"count": 0, "bytes": None, "name": None}, Severity.OK),
    ],
)
def test_a_limit_of_ones_own_is_used(name: str, row: Row, severity: Severity) -> None:
    """A stricter limit turns a fair answer into one to look at, and is said."""
    verdict = JUDGES[name](row, STRICT)

    assert verdict.severity is severity
    if name == "long_queries":
        assert "for over 5 s: 1" in verdict.text
