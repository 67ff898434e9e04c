"""The details of Alex's report: tables for a reader, and how the numbers were made. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from scheduler.agents.cost_asked import Asked, Of, Span
from scheduler.agents.cost_findings import told
from scheduler.agents.cost_lines import CurrencyView
from scheduler.agents.costs import FLOOR, FLOOR_SHARE, HISTORY_DAYS, DayView
from scheduler.agents.money import day_name, days_name, money
from scheduler.agents.periods import Comparison, Stretch
from scheduler.agents.tools.billing import Bill
from storage.reports import Section

SHOWN_SERVICES = 15
SHOWN_MOVERS = 3


def details(views: Sequence[CurrencyView], bill: Bill, asked: Asked) -> tuple[Section, ...]:
    """Give the tables of each currency, and how the numbers were made."""
    sections: list[Section] = []
    for each in views:
        unit = each.day.currency
        if asked.span is Span.DAY:
            sections.append(_services(each.day))
        elif len(asked.services) != 1:  # of a single one the comparison says the same
            both = each.week if asked.span is Span.WEEK else each.month
            sections.append(_services_of(both, unit))
        if each.day.anomalies:
            lines = tuple(told(anomaly, unit) for anomaly in each.day.anomalies)
            sections.append(Section(title="Anomalies", lines=lines))
        sections.append(_compared(each))
        if asked.span is Span.DAY and each.week.is_whole:
            sections.append(_movers(each.week, unit))
        sections.append(_week(each.day))
    return (*(it for it in sections if it.lines or it.rows), _method(bill, asked))


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


def _days(stretch: Stretch) -> str:
    return days_name(stretch.first, stretch.last)


def _moved(now: Decimal, before: Decimal, unit: str) -> str:
    share = f" ({100 * (now - before) / before:+.0f} %)" if before > 0 else ""
    return f"{money(now - before, unit, signed=True)}{share}"


def _services_of(both: Comparison, unit: str) -> Section:
    """Give what each service cost over a stretch, and in the one before."""
    known = both.is_whole
    rows = [
        (
            it.service,
            money(it.cost, unit),
            _moved(it.cost, it.before, unit) if known else "unknown",
        )
        for it in sorted(both.movers, key=lambda mover: -mover.cost)[:SHOWN_SERVICES]
    ]
    title = f"By service, {_days(both.now)}, in {unit}; the change is from {_days(both.before)}"
    return Section(title=title, columns=("Service", "Cost", "Change"), rows=tuple(rows))


def _compared(each: CurrencyView) -> Section:
    """Set the week and the month against those before, with credits and longer charges apart."""
    unit, rows = each.day.currency, []
    for both in (each.week, each.month):
        now, before = both.now, both.before
        kinds = (
            (_days(now), now.usage, before.usage),
            ("  credits", now.credits, before.credits),
            ("  longer periods", now.longer, before.longer),
        )
        for number, (name, cost, earlier) in enumerate(kinds):
            if number == 0 or cost or (earlier and both.is_whole):
                was = money(earlier, unit) if both.is_whole else "unknown"
                moved = _moved(cost, earlier, unit) if both.is_whole else "unknown"
                rows.append((name, money(cost, unit), was, moved if number == 0 else ""))
    lines = tuple(
        f"{_days(both.before)} can't be compared: {_lacking(both)}."
        for both in (each.week, each.month)
        if not both.is_whole
    )
    title = f"Usage of the last 7 days and of the month, against the same days before, in {unit}"
    columns = ("Days", "Now", "Before", "Change")
    return Section(title=title, lines=lines, columns=columns, rows=tuple(rows))


def _lacking(both: Comparison) -> str:
    gaps = [*both.before.gaps, *both.now.gaps]
    if len(gaps) == 1:
        return f"there is no data for {day_name(gaps[0])}"
    return f"there is no data for {len(gaps)} of the days, the first {day_name(gaps[0])}"


def _movers(both: Comparison, unit: str) -> Section:
    """Give the services whose week rose or fell the most."""
    worth = [it for it in both.movers if abs(it.change) >= FLOOR]
    rises = [it for it in worth if it.change > 0][:SHOWN_MOVERS]
    falls = [it for it in worth if it.change < 0][:SHOWN_MOVERS]
    rows = tuple(
        (
            it.service,
            money(it.cost, unit),
            _moved(it.cost, it.before, unit) if it.before else "new",
        )
        for it in (*rises, *falls)
    )
    title = f"Biggest risers and fallers, {_days(both.now)} against {_days(both.before)}"
    return Section(title=title, columns=("Service", "Cost", "Change"), rows=rows)


def _week(each: DayView) -> Section:
    def amount(total: Decimal | None) -> str:
        return "no data" if total is None else money(total, each.currency)

    return Section(
        title=f"Last 7 days, in {each.currency}",
        columns=("Day", "Total"),
        rows=tuple((day_name(day), amount(total)) for day, total in each.week),
    )


def _method(bill: Bill, asked: Asked) -> Section:
    files = "1 file" if bill.files == 1 else f"{bill.files:,} files"
    limit = asked.limit
    used = () if limit is None else (f"Limit used: {_LIMITS[limit.of]} over {limit.said('')}.",)
    unused = (
        "These files have no column that tells idle or unused resources; I did not look for them."
        if bill.unused is None
        else "Unused commitments and idle resources are those that the files themselves name."
    )
    return Section(
        title="About these numbers",
        lines=(
            *used,
            f"{bill.cost_kind} summed over {bill.rows:,} charges of {files}, in UTC days.",
            "A day is complete when a later day has charges, or 24 hours after its end.",
            (
                f"An anomaly is far from the median of up to {HISTORY_DAYS} days "
                f"(robust z over 3.5), by at least 1 unit of money and {100 * FLOOR_SHARE:.0f} %."
            ),
            unused,
        ),
    )


_LIMITS = {Of.ANOMALY: "anomalies", Of.TOTAL: "a total", Of.SERVICE: "a service"}
