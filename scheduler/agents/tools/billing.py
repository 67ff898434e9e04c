"""Reads FOCUS billing files (CSV or Parquet) with duckdb and adds them up by day and service.

Called by Alex through a child process. Only the few columns that are needed are loaded; then duckdb
is locked, so that nothing after it can reach a file or the network.
"""

from __future__ import annotations

import glob
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import duckdb

from scheduler.errors import NotConnected, Refused, Temporary

FORMATS = (".csv", ".csv.gz", ".parquet")
COST_KINDS = ("EffectiveCost", "BilledCost")
NEEDED = ("BillingCurrency", "ChargePeriodStart", "ServiceName")
MEMORY = "1GB"
_ABOUT = ("ChargeDescription", "SkuMeter", "x_UsageType", "x_SkuMeterName")
_IDLE = "(^|[^a-z])(idle|unattached|unassociated|unused)"
_REPEATED = """
SELECT count(*) FROM (SELECT digest FROM charges GROUP BY digest HAVING count(DISTINCT file) > 1)
"""


class Kind(StrEnum):
    """What sort of money it is: only usage belongs to one service on one day."""

    USAGE = "usage"
    CREDIT = "credit"
    LONGER = "longer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What one service in one region cost on one UTC day, summed."""

    currency: str
    day: date
    kind: Kind
    service: str
    region: str
    cost: Decimal


class Hint(StrEnum):
    """What the bill itself says was paid for and not used."""

    COMMITMENT = "unused commitments"
    IDLE = "idle or unattached resources"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unused:
    """What a service cost on a UTC day without being used, as the bill says."""

    currency: str
    day: date
    service: str
    hint: Hint
    cost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """Everything that was read, by day; `cost_kind` is the FOCUS column that was summed.

    `repeated` counts the charges that stand, alike in every column, in more than one file.
    `unused` is None where no file has a column that would tell.
    """

    charges: tuple[Charge, ...]
    cost_kind: str
    files: int
    rows: int
    repeated: int
    unused: tuple[Unused, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """A billing file and its columns by their names in lower case."""

    path: Path
    columns: dict[str, str]

    @property
    def reader(self) -> str:
        return _reader(self.path)

    def column(self, *names: str) -> str:
        """Give the first of these columns as SQL, or NULL where the file has none."""
        for name in names:
            if found := self.columns.get(name.lower()):
                return '"' + found.replace('"', '""') + '"'
        return "NULL"


def find(place: str) -> list[Path]:
    """List the billing files of a file, a folder (with its folders) or a glob."""
    path = Path(place).expanduser()
    if path.is_dir():
        found = [it for it in path.rglob("*") if it.name.lower().endswith(FORMATS)]
    else:
        found = [Path(it) for it in glob.glob(str(path), recursive=True)]  # noqa: PTH207  a whole pattern
    return sorted(it for it in found if it.is_file())


def read(place: str) -> Bill:
    """Add up all billing files of a place.

    Raises NotConnected where there is no file, Refused for a file that is no billing data, and
    Temporary for one that cannot be read now.
    """
    files = find(place)
    if not files:
        raise NotConnected(
            "There is no billing file where CHATCRON_BILLING points.",
            fix="Set it to a file, a folder or a pattern of FOCUS files, CSV or Parquet.",
        )
    with tempfile.TemporaryDirectory() as spill, _open(spill) as connection:
        sources = [_source(connection, path) for path in files]
        cost_kind = _cost_kind(sources)
        _load(connection, sources, cost_kind)
        lock(connection)
        rows = _count(connection, "SELECT count(*) FROM charges")
        repeated = _count(connection, _REPEATED)
        return Bill(
            charges=_sums(connection),
            cost_kind=cost_kind,
            files=len(files),
            rows=rows,
            repeated=repeated,
            unused=_unused(connection) if any(map(_tells_unused, sources)) else None,
        )


def _open(spill: str) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "preserve_insertion_order": False,
            "temp_directory": spill,
            "threads": 2,
        }
    )
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def lock(connection: duckdb.DuckDBPyConnection) -> None:
    """Take files, network, extensions and settings away from the connection, for good."""
    connection.execute("SET enable_external_access = false; SET lock_configuration = true")


def _reader(path: Path) -> str:
    if path.name.lower().endswith(".parquet"):
        return "read_parquet(?)"
    return "read_csv(?, all_varchar = true, header = true)"


def _source(connection: duckdb.DuckDBPyConnection, path: Path) -> _Source:
    try:
        described = connection.execute(
            f"DESCRIBE SELECT * FROM {_reader(path)}",  # noqa: S608  one of two constants
            [glob.escape(str(path))],
        ).fetchall()
    except duckdb.Error:
        raise _unreadable(path) from None
    source = _Source(path=path, columns={str(row[0]).lower(): str(row[0]) for row in described})
    for name in NEEDED:
        if source.column(name) == "NULL":
            raise _lacking(path, name)
    return source


def _unreadable(path: Path) -> Temporary:
    kind = "Parquet" if path.name.lower().endswith(".parquet") else "CSV"
    return Temporary(
        f"The billing file {path.name} could not be read as {kind}.",
        fix="It may still be written, or be damaged: export it again, or move it away.",
    )


def _lacking(path: Path, column: str) -> Refused:
    return Refused(
        f"The billing file {path.name} has no column {column}.",
        fix="Export the billing data in the FOCUS format, or move other files away.",
    )


def _cost_kind(sources: Sequence[_Source]) -> str:
    """Choose the first cost column that every file has, so that one kind is summed."""
    for kind in COST_KINDS:
        if all(source.column(kind) != "NULL" for source in sources):
            return kind
    last = COST_KINDS[-1]
    raise _lacking(next(it.path for it in sources if it.column(last) == "NULL"), last)


def _load(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[_Source], cost_kind: str
) -> None:
    connection.execute(
        "CREATE TABLE charges (cost DECIMAL(38, 12), currency VARCHAR, starts TIMESTAMPTZ,"
        " ends TIMESTAMPTZ, service VARCHAR, region VARCHAR, hint VARCHAR, digest UBIGINT,"
        " file INTEGER)"
    )
    for number, source in enumerate(sources):
        try:
            connection.execute(
                "INSERT INTO charges SELECT"  # noqa: S608  column names of the file, quoted
                f" TRY_CAST({source.column(cost_kind)} AS DECIMAL(38, 12)),"
                f" upper({source.column('BillingCurrency')}),"
                f" TRY_CAST({source.column('ChargePeriodStart')} AS TIMESTAMPTZ),"
                f" TRY_CAST({source.column('ChargePeriodEnd')} AS TIMESTAMPTZ),"
                f" {source.column('ServiceName')}, {source.column('RegionId', 'Region')},"
                f" {_hint(source)}, hash(whole), {number} FROM {source.reader} AS whole",
                [glob.escape(str(source.path))],
            )
        except duckdb.Error:
            raise _unreadable(source.path) from None
    _refuse_broken(connection, sources, cost_kind)


def _tells_unused(source: _Source) -> bool:
    return any(source.column(name) != "NULL" for name in (*_ABOUT, "CommitmentDiscountStatus"))


def _hint(source: _Source) -> str:
    """Give SQL that says what a row was not used for: a FOCUS status, or the vendor's own words."""
    about = ", ".join(source.column(name) for name in _ABOUT)
    status = source.column("CommitmentDiscountStatus")
    return (
        f"CASE WHEN lower(CAST({status} AS VARCHAR)) = 'unused' THEN '{Hint.COMMITMENT}'"
        f" WHEN regexp_matches(lower(concat_ws(' ', {about})), '{_IDLE}') THEN '{Hint.IDLE}' END"
    )


def _count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _refuse_broken(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[_Source], cost_kind: str
) -> None:
    """Refuse rows without a cost, a day or a currency: a sum without them would be wrong."""
    columns = {"cost": cost_kind, "starts": "ChargePeriodStart", "currency": "BillingCurrency"}
    for column, name in columns.items():
        broken = connection.execute(
            f"SELECT file, count(*) FROM charges WHERE {column} IS NULL"  # noqa: S608  a constant
            " GROUP BY file ORDER BY file LIMIT 1"
        ).fetchone()
        if broken:
            file, count = broken
            raise Refused(
                f"The {name} of the billing file {sources[file].path.name} cannot be read in "
                f"{count:,} of its rows.",
                fix="Export it again, or move it away.",
            )


def _sums(connection: duckdb.DuckDBPyConnection) -> tuple[Charge, ...]:
    rows = connection.execute(
        "SELECT currency, starts::DATE AS day, CASE WHEN cost < 0 THEN 'credit'"
        " WHEN ends - starts > INTERVAL 25 HOURS THEN 'longer' ELSE 'usage' END AS kind,"
        " coalesce(nullif(trim(service), ''), 'Unnamed service') AS name,"
        " coalesce(nullif(trim(region), ''), '') AS place, sum(cost)"
        " FROM charges GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return tuple(
        Charge(
            currency=currency, day=day, kind=Kind(kind), service=service, region=region, cost=cost
        )
        for currency, day, kind, service, region, cost in rows
    )


def _unused(connection: duckdb.DuckDBPyConnection) -> tuple[Unused, ...]:
    rows = connection.execute(
        "SELECT currency, starts::DATE AS day,"
        " coalesce(nullif(trim(service), ''), 'Unnamed service') AS name, hint, sum(cost)"
        " FROM charges WHERE hint IS NOT NULL AND cost > 0 GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return tuple(
        Unused(currency=currency, day=day, service=service, hint=Hint(hint), cost=cost)
        for currency, day, service, hint, cost in rows
    )
