"""The tables of an SQLite file: how many rows each has, and one of them closely.

Asked by `tools.sqlite`, within its limits of time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping

from storage.reports import Section

COUNTED_ROWS = 1_000_000
COUNTED_TABLES = 200
SHOWN_TABLES = 5


def count(
    connection: sqlite3.Connection, stop_in_time: Callable[[sqlite3.Connection], None]
) -> dict[str, int]:
    """Count the rows of each table, up to one more than COUNTED_ROWS; nothing if it takes long."""
    named = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    try:
        stop_in_time(connection)
        names = [name for (name,) in connection.execute(named).fetchmany(COUNTED_TABLES)]
        return {name: _rows(connection, name) for name in names}
    except sqlite3.DatabaseError:
        return {}


def biggest(counts: Mapping[str, int]) -> tuple[Section, ...]:
    """List the tables with most rows."""
    ordered = sorted(((rows, name) for name, rows in counts.items()), reverse=True)
    rows = tuple((name, _said(count)) for count, name in ordered[:SHOWN_TABLES])
    return (Section(title="Biggest tables", columns=("Table", "Rows"), rows=rows),) if rows else ()


def closely(
    connection: sqlite3.Connection, table: str | None
) -> tuple[tuple[Section, ...], list[str]]:
    """Give what is known of one table, or say that there is none of that name."""
    if table is None:
        return (), []
    missing = f"I did not check table {table}: there is none of that name that I can see."
    named = "SELECT name FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(?)"
    try:
        found = connection.execute(named, (table.rpartition(".")[2],)).fetchone()
        if found is None:
            return (), [missing]
        name = str(found[0])
        columns = connection.execute("SELECT count(*) FROM pragma_table_info(?)", (name,))
        indexes = connection.execute("SELECT count(*) FROM pragma_index_list(?)", (name,))
        rows = (
            ("Rows", _said(_rows(connection, name))),
            ("Columns", str(columns.fetchone()[0])),
            ("Indexes", str(indexes.fetchone()[0])),
        )
    except sqlite3.DatabaseError:
        return (), [f"I did not check table {table}: it could not be read in time."]
    unknown = f"The size of table {name} is not known: an SQLite file does not tell it."
    return (Section(title=f"Table {name}", rows=rows),), [unknown]


def _said(rows: int) -> str:
    return f"{rows:,}" if rows <= COUNTED_ROWS else f"over {COUNTED_ROWS:,}"


def _rows(connection: sqlite3.Connection, table: str) -> int:
    quoted = table.replace('"', '""')
    counting = f'SELECT count(*) FROM (SELECT 1 FROM "{quoted}" LIMIT {COUNTED_ROWS + 1})'  # noqa: S608  a quoted name
    return int(connection.execute(counting).fetchone()[0])
