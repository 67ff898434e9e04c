"""The findings of Alex's report: what needs a look, then the facts a later run is compared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from scheduler.agents.cost_asked import Asked, Of, Span
from scheduler.agents.cost_lines import CurrencyView, is_over_limit, over_limit
from scheduler.agents.costs import FLOOR, Anomaly
from scheduler.agents.money import day_name, days_name, money
from scheduler.agents.periods import WEEK
from scheduler.agents.tools.billing import Bill
from storage.reports import Finding, Severity

LEAST_UNUSED = 1.0  # in the currency's own unit, over seven days


def findings(
    views: Sequence[CurrencyView], bill: Bill, asked: Asked, now: datetime
) -> tuple[Finding, ...]:
    """Give what needs a look as warnings, then the totals and every service as facts."""
    found: list[Finding] = []
    for each in views:
        unit, day = each.day.currency, each.day.day
        fact = partial(
            _finding, unit=unit, now=now, source=f"FOCUS billing files, {bill.cost_kind}"
        )
        found += [
            fact(f"anomaly.{unit}.{it.service}", told(it, unit), it.change, resource=_place(it))
            for it in each.day.anomalies
        ]
        found += [fact(*it) for it in _over(each, asked)]
        found += [fact(*it) for it in _paid_for_nothing(bill, asked, unit, day)]
        quiet = partial(fact, severity=Severity.INFO)
        total = f"All services: {money(each.day.total, unit)} on {day_name(day)}."
        found.append(quiet(f"total.{unit}", total, float(each.day.total)))
        for it in each.day.services:
            text = f"{it.service}: {money(it.cost, unit)} on {day_name(day)}."
            found.append(
                quiet(f"service.{it.service}.{unit}", text, float(it.cost), resource=it.service)
            )
        for name, both in (("week", each.week), ("month", each.month)):
            text = (
                f"Usage {days_name(both.now.first, both.now.last)}: {money(both.now.usage, unit)}."
            )
            found.append(quiet(f"{name}.{unit}", text, float(both.now.usage)))
    return tuple(found)


def _finding(
    key: str,
    text: str,
    value: float,
    *,
    unit: str,
    now: datetime,
    source: str,
    resource: str = "All services",
    severity: Severity = Severity.WARNING,
) -> Finding:
    return Finding(
        key=f"cost.{key}",
        severity=severity,
        resource=resource,
        text=text,
        value=round(value, 2),
        unit=unit,
        observed_at=now,
        source=source,
    )


def _over(each: CurrencyView, asked: Asked) -> Iterator[tuple[str, str, float]]:
    """Give what is over the limit that the prompt names, the total or a single service."""
    limit, unit = asked.limit, each.day.currency
    if limit is None or not limit.fits(unit):
        return
    if is_over_limit(each, asked):
        cost, before = each.of(asked.span)
        said = over_limit(each, asked)
        was = f", before {money(before, unit)}" if before is not None else ""
        yield (
            f"limit.{unit}",
            f"{said[0].upper()}{said[1:]}: {money(cost, unit)}{was}.",
            float(cost),
        )
    if limit.of is not Of.SERVICE:
        return
    for service, cost, before in _by_service(each, asked.span):
        if limit.is_share:
            if before is None or before <= 0 or cost - before < FLOOR:
                continue
            is_over = float(cost - before) > limit.amount / 100 * float(before)
            text = f"{service} rose from {money(before, unit)} to {money(cost, unit)}"
        else:
            is_over = float(cost) > limit.amount
            text = f"{service} cost {money(cost, unit)}"
        if is_over:
            yield f"limit.{unit}.{service}", f"{text}, over your {limit.said(unit)}.", float(cost)


def _by_service(each: CurrencyView, span: Span) -> list[tuple[str, Decimal, Decimal | None]]:
    if span is Span.DAY:
        return [(it.service, it.cost, it.before) for it in each.day.services]
    both = each.week if span is Span.WEEK else each.month
    return [
        (it.service, it.cost, it.before if both.is_whole else None)
        for it in sorted(both.movers, key=lambda mover: -mover.cost)
    ]


def _paid_for_nothing(
    bill: Bill, asked: Asked, unit: str, day: date
) -> Iterator[tuple[str, str, float]]:
    """Give what the bill itself says was paid for and not used, in the last seven days."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for it in bill.unused or ():
        is_asked = not asked.services or it.service in asked.services
        if it.currency == unit and 0 <= (day - it.day).days < WEEK and is_asked:
            sums[(it.service, str(it.hint))] += it.cost
    for (service, hint), cost in sums.items():
        if cost >= LEAST_UNUSED:
            text = f"{service}: {money(cost, unit)} for {hint} in the 7 days to {day_name(day)}."
            yield f"unused.{unit}.{service}.{hint}", text, float(cost)


def _place(anomaly: Anomaly) -> str:
    return f"{anomaly.service} in {anomaly.region}" if anomaly.region else anomaly.service


def told(anomaly: Anomaly, currency: str) -> str:
    """Say in one sentence what is unusual."""
    return (
        f"{_place(anomaly)}: the service cost {money(anomaly.cost, currency)} on "
        f"{day_name(anomaly.day)}, usually {money(anomaly.usual, currency)} a day "
        f"({money(anomaly.change, currency, signed=True)})."
    )
