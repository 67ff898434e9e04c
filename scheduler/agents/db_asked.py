"""What a prompt asks of Tony: from which limits on, about which table, and what he can't see. Pure.

The packs in `tools` are given the `Scope`; what could not be read from the prompt is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from scheduler.agents.reach import Topic
from scheduler.agents.tools.checkup import GIB, MIB, Limits, Scope

_LIMIT = re.compile(
    r"(?:\b(?:over|above|(?:more|longer|larger|bigger|greater) than|exceed(?:s|ing)?|"
    r"at least|below|under|less than)|[<>]=?)\s*(?P<number>\d[\d,]*(?:\.\d+)?)\s*"
    r"(?P<unit>%|percent\b|per cent\b|ms\b|milliseconds?\b|s\b|secs?\b|seconds?\b|"
    r"min\b|minutes?\b|h\b|hours?\b|[kmgt]i?b\b)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;.](?!\d)|\band\b|\bor\b")
_UNITS = {
    "ms": 0.001, "milliseconds": 0.001, "s": 1, "secs": 1, "seconds": 1,
    "min": 60, "minutes": 60, "h": 3600, "hours": 3600,
    "kb": 1024, "kib": 1024, "mb": MIB, "mib": MIB, "gb": GIB, "gib": GIB,
    "tb": 1024 * GIB, "tib": 1024 * GIB,
}  # fmt: skip
_SHARES = (
    (r"connections?", "connections"),
    (r"cache|hits?", "cache"),
    (r"dead|bloat\w*", "dead"),
    (r"grow\w*|grew|bigger", "growth"),
    (r"disk", "disk_free"),
    (r"free", "free_pages"),
)
_SPANS = (
    (r"idle", "idle_s"),
    (r"locks?|locked|blocked|blocking|waits?|waiting", "wait_s"),
    (r"quer(?:y|ies)|statements?|transactions?|sql|slow|running", "query_s"),
)
_SIZES = (
    (r"grow\w*|grew", "growth_bytes"),
    (r"tables?|relations?", "table_bytes"),
    (r"database|databases|db|size|file", "database_bytes"),
)
_NAME = r"([a-z_][\w$]*(?:\.[\w$]+)?)"
_TABLES = (
    re.compile(rf"""["'`“]{_NAME}["'`”]""", re.IGNORECASE),
    re.compile(rf"\btable\s+{_NAME}", re.IGNORECASE),
    re.compile(rf"\b{_NAME}\s+table\b", re.IGNORECASE),
)
_NO_NAMES = frozenset(
    (
        *("a", "an", "the", "any", "each", "every", "all", "which", "that", "this", "our"),
        *("big", "biggest", "large", "largest", "size", "sizes", "growth", "bloat", "per", "by"),
        *("over", "above", "with", "one", "single", "database", "scans", "rows", "is", "are"),
        *("and", "or", "for", "of", "in", "on", "to"),
    )
)

OUT_OF_REACH = (
    Topic(
        said=r"backups?|restores?|pitr|point.in.time",
        name="backups",
        why="neither a server nor a file says when it was last backed up",
    ),
    Topic(
        said=r"mysql|mariadb|mongo(?:db)?|redis|oracle|sql server|dynamodb|cassandra|elasticsearch",
        name="other engines",
        why="I read PostgreSQL and SQLite",
    ),
    Topic(
        said=r"cpu|memory|ram|iops|load average|rds|aurora|failovers?",
        name="the server's machine",
        why="I see what the database says of itself, not its host",
    ),
    Topic(
        said=r"query plans?|explain|missing index\w*|index recommendations?|tun(?:e|ing)",
        name="query plans and missing indexes",
        why="I read statistics and run no query of yours",
    ),
    Topic(
        said=r"passwords?|encryption|tls|ssl|compliance|gdpr|pii",
        name="security",
        why="that is Oliver's work",
    ),
    Topic(said=r"costs?|spend|spending|bills?", name="cost", why="that is Alex's work"),
)
SQLITE_ONLY = (
    Topic(
        said=r"slow|quer(?:y|ies)|statements?",
        name="queries",
        why="SQLite keeps no record of those that ran",
    ),
    Topic(
        said=r"connections?|locks?|blocked|blocking|sessions?",
        name="connections and locks",
        why="SQLite does not say who has the file open",
    ),
    Topic(
        said=r"replicas?|replication|slots?|dead rows?|bloat|vacuum|autovacuum|sequences?|cache",
        name="replication, dead rows and caches",
        why="an SQLite file has none of them to read",
    ),
    Topic(
        said=r"index(?:es)? (?:usage|use)|unused index\w*",
        name="index use",
        why="SQLite does not count it",
    ),
)
POSTGRES_ONLY = (
    Topic(
        said=r"disk|disk space|volume",
        name="the free disk space",
        why="the server does not say how much is left",
    ),
    Topic(said=r"bloat", name="bloat", why="I count dead rows, not the space they left"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a prompt comes to: the scope of the look, and the limits that fit no check."""

    scope: Scope
    unread: tuple[str, ...]


def read(prompt: str) -> Asked:
    """Read limits and a table's name; everything else is the usual."""
    named: dict[str, float] = {}
    unread = []
    for said, clause in _limits(prompt):
        slot = _slot(said["unit"].lower(), clause)
        if slot is None:
            unread.append(f"I did not use “{said[0].strip()}”: I don't know which check it is for.")
        else:
            named[slot] = _amount(said)
    limits = replace(Limits(), **named, named=frozenset(named))
    return Asked(scope=Scope(limits=limits, table=_table(prompt)), unread=tuple(unread))


def _limits(prompt: str) -> Iterator[tuple[re.Match[str], str]]:
    """Give each limit with the part of the sentence that it stands in."""
    cuts = [0, *(found.end() for found in _CLAUSE.finditer(prompt)), len(prompt)]
    for said in _LIMIT.finditer(prompt):
        start = max(cut for cut in cuts if cut <= said.start())
        end = min(cut for cut in cuts if cut >= said.end())
        yield said, prompt[start:end].lower()


def _slot(unit: str, clause: str) -> str | None:
    known: tuple[tuple[str, str], ...] = _SIZES if unit.endswith("b") else _SPANS
    if unit in ("%", "percent", "per cent"):
        known = _SHARES
    for words, slot in known:
        if re.search(rf"\b(?:{words})\b", clause):
            return slot
    return None


def _amount(said: re.Match[str]) -> float:
    unit = said["unit"].lower()
    factor = _UNITS.get(unit) or _UNITS.get(f"{unit}s") or 1
    return float(said["number"].replace(",", "")) * factor


def _table(prompt: str) -> str | None:
    names = (name for pattern in _TABLES for name in pattern.findall(prompt))
    return next((name for name in names if name.lower() not in _NO_NAMES), None)
