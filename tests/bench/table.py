"""The rows of the bench and how they are printed; every measuring module makes such rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

OVER = "OVER"
_HEADS = ("what", "ours", "unit", "beside it", "n", "how")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measurement: what, how much, and a limit or a peer beside it.

    `holds` says whether the limit is kept, and is None where there is none.
    """

    what: str
    ours: str
    unit: str
    beside: str
    n: int
    how: str
    holds: bool | None = None


def quantile(values: Sequence[float], share: float) -> float:
    """Give the smallest value that at least this share of all values does not exceed."""
    ordered = sorted(values)
    place = max(0, -int(-share * len(ordered) // 1) - 1)
    return ordered[place]


def median_and_worst(values: Sequence[float], digits: int = 0) -> str:
    """Show p50 and p99."""
    return f"{quantile(values, 0.5):,.{digits}f} / {quantile(values, 0.99):,.{digits}f}"


def table(rows: Iterable[Row]) -> str:
    """Give the rows as text in columns; one over its limit is marked."""
    lines = [_HEADS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cells(row: Row) -> tuple[str, ...]:
    ours = f"{row.ours} {OVER}" if row.holds is False else row.ours
    return (row.what, ours, row.unit, row.beside, f"{row.n:,}", row.how)
