"""The details of Alex's report: tables for a reader, findings for the comparison of runs. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from scheduler.agents.costs import FLOOR_SHARE, HISTORY_DAYS, Anomaly, DayView
from scheduler.agents.money import day_name, money
from scheduler.agents.tools.billing import Bill
from storage.records import Finding, Section, Severity

SHOWN_SERVICES = 15


def details(views: Sequence[DayView], bill: Bill) -> tuple[Section, ...]:
    """Give the tables of each currency, and how the numbers were made."""
    sections: list[Section] = []
    for each in views:
        sections.append(_services(each))
        if each.anomalies:
            lines = tuple(_told(anomaly, each.currency) for anomaly in each.anomalies)
            sections.append(Section(title=f"Anomalies, {day_name(each.day)}", lines=lines))
        sections.append(_week(each))
    return (*sections, _method(bill))


def findings(views: Sequence[DayView], now: datetime, cost_kind: str) -> tuple[Finding, ...]:
    """Give each anomaly as a warning, then the total and every service as facts."""
    source = f"FOCUS billing files, {cost_kind}"
    found: list[Finding] = []
    for each in views:
        unit = each.currency
        found += [
            Finding(
                key=f"cost.anomaly.{unit}.{it.service}",
                severity=Severity.WARNING,
                resource=f"{it.service} in {it.region}" if it.region else it.service,
                text=_told(it, unit),
                value=round(it.cost - it.usual, 2),
                unit=unit,
                observed_at=now,
                source=source,
            )
            for it in each.anomalies
        ]
        amounts = [("total", "All services", each.total)]
        amounts += [(f"service.{it.service}", it.service, it.cost) for it in each.services]
        found += [
            Finding(
                key=f"cost.{key}.{unit}",
                severity=Severity.INFO,
                resource=resource,
                text=f"{resource}: {money(amount, unit)} on {day_name(each.day)}.",
                value=round(float(amount), 2),
                unit=unit,
                observed_at=now,
                source=source,
            )
            for key, resource, amount in amounts
        ]
    return tuple(found)


def _told(anomaly: Anomaly, currency: str) -> str:
    place = f" in {anomaly.region}" if anomaly.region else ""
    usual, moved = anomaly.usual, anomaly.cost - anomaly.usual
    return (
        f"{anomaly.service}{place}: the service cost {money(anomaly.cost, currency)}, usually "
        f"{money(usual, currency)} a day ({money(moved, currency, signed=True)})."
    )


def _services(each: DayView) -> Section:
    unit = each.currency
    rows = [
        (
            it.service,
            money(it.cost, unit),
            "unknown" if it.before is None else money(it.change, unit, signed=True),
        )
        for it in each.services[:SHOWN_SERVICES]
    ]
    if rest := each.services[SHOWN_SERVICES:]:
        cost, moved = sum(it.cost for it in rest), sum(it.change for it in rest)
        known = each.before is not None
        rows.append(
            (
                f"{len(rest)} more services",
                money(cost, unit),
                money(moved, unit, signed=True) if known else "unknown",
            )
        )
    apart = (("Credits and refunds", each.credits), ("Charges for longer periods", each.longer))
    rows += [(name, money(amount, unit), "") for name, amount in apart if amount]
    rows.append(("Total", money(each.total, unit), _total_change(each)))
    return Section(
        title=f"By service, {day_name(each.day)}, in {unit}; the change is from the day before",
        columns=("Service", "Cost", "Change"),
        rows=tuple(rows),
    )


def _total_change(each: DayView) -> str:
    if each.before is None:
        return "unknown"
    return money(each.total - each.before, each.currency, signed=True)


def _week(each: DayView) -> Section:
    def amount(total: Decimal | None) -> str:
        return "no data" if total is None else money(total, each.currency)

    return Section(
        title=f"Last 7 days, in {each.currency}",
        columns=("Day", "Total"),
        rows=tuple((day_name(day), amount(total)) for day, total in each.week),
    )


def _method(bill: Bill) -> Section:
    files = "1 file" if bill.files == 1 else f"{bill.files:,} files"
    return Section(
        title="About these numbers",
        lines=(
            f"{bill.cost_kind} summed over {bill.rows:,} charges of {files}, in UTC days.",
            "A day is complete when a later day has charges, or 24 hours after its end.",
            (
                f"An anomaly is far from the median of up to {HISTORY_DAYS} days "
                f"(robust z over 3.5), by at least 1 unit of money and {100 * FLOOR_SHARE:.0f} %."
            ),
        ),
    )
