"""What grew since the report before: sizes that both looks at a database measured. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scheduler import sentences
from scheduler.agents.tools.checkup import MIB, Limits, size
from storage.reports import Finding, Report, Section, Severity

SHOWN = 8
LEAST_MIB = 1.0
LEAST_ROWS = 100.0
ALARMING_MIB = 512.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How one measured thing changed; `is_whole` marks the database itself."""

    name: str
    now: Finding
    before: Finding

    @property
    def is_whole(self) -> bool:
        """Say whether this is the database, not one of its tables."""
        return self.now.key.endswith(".size")

    @property
    def change(self) -> float:
        """Give the change in the unit of both."""
        return (self.now.value or 0) - (self.before.value or 0)

    @property
    def share(self) -> float:
        """Give the change in per cent of what it was."""
        return 100 * self.change / self.before.value if self.before.value else 0.0

    def said(self, value: float, *, signed: bool = False) -> str:
        """Write a value in its unit."""
        sign = ("-" if value < 0 else "+") if signed else ""
        if self.now.unit == "rows":
            return f"{sign}{abs(value):,.0f} rows"
        return f"{sign}{size(abs(value) * MIB)}"


def since(facts: Iterable[Finding], before: Report | None) -> list[Growth]:
    """Give what was measured both times, the database first, then what grew the most."""
    known = {it.key: it for it in before.findings} if before is not None else {}
    both = [
        Growth(name=_name(fact.key), now=fact, before=known[fact.key])
        for fact in facts
        if fact.key in known and known[fact.key].unit == fact.unit
    ]
    return sorted(both, key=lambda it: (not it.is_whole, -abs(it.change)))


def section(grown: list[Growth], zone: str) -> Section | None:
    """Give the growth as a table; None where nothing can be compared."""
    if not grown:
        return None
    was, is_ = grown[0].before.observed_at, grown[0].now.observed_at
    title = f"Growth since {sentences.moment(was, zone, is_)}, {sentences.zone_name(zone)}"
    worth = [it for it in grown if it.is_whole or _is_worth(it)][:SHOWN]
    rows = tuple(
        (
            it.name,
            it.said(it.now.value or 0),
            f"{it.said(it.change, signed=True)} ({it.share:+.0f} %)",
        )
        for it in worth
    )
    return Section(title=title, columns=("What", "Now", "Change"), rows=rows)


def alarms(grown: Iterable[Growth], limits: Limits) -> Iterable[Finding]:
    """Give the growth of the database that is over the limits, as warnings."""
    for it in grown:
        if not it.is_whole:
            continue
        is_named = bool({"growth", "growth_bytes"} & limits.named)
        by_share = it.share >= limits.growth and (is_named or it.change >= ALARMING_MIB)
        least = limits.growth_bytes
        by_size = least is not None and it.change * MIB >= least
        if (by_share and ("growth" in limits.named or not is_named)) or by_size:
            text = (
                f"The database grew by {it.said(it.change)} ({it.share:.0f} %) since the last"
                f" report, to {it.said(it.now.value or 0)}."
            )
            yield Finding(
                key=f"{it.now.key}.growth",
                severity=Severity.WARNING,
                resource=it.now.resource,
                text=text,
                value=round(it.change, 2),
                unit=it.now.unit,
                observed_at=it.now.observed_at,
                source=it.now.source,
            )


def _is_worth(grown: Growth) -> bool:
    least = LEAST_ROWS if grown.now.unit == "rows" else LEAST_MIB
    return abs(grown.change) >= least


def _name(key: str) -> str:
    return key.split(".table.", 1)[1] if ".table." in key else "Database"
