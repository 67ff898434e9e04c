"""Alex, for cloud cost: says what the last complete day cost, what moved and what is unusual.

The numbers come from `tools.billing` (in a child process), `costs` and `periods`, as `cost_asked`
reads the prompt; Alex tells them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scheduler.agents import cost_asked, cost_details, cost_findings, cost_lines, periods
from scheduler.agents.agent import Brief, Profile
from scheduler.agents.child import in_child
from scheduler.agents.cost_asked import Asked, Of, Span
from scheduler.agents.cost_lines import CurrencyView
from scheduler.agents.costs import HISTORY_LEAST, newest_complete, usage_days, view
from scheduler.agents.money import day_name
from scheduler.agents.profiles import PROFILES
from scheduler.agents.reach import not_checked
from scheduler.agents.tools import billing, sample_billing
from scheduler.agents.tools.billing import Bill, Charge, Kind
from scheduler.errors import NotConnected, Refused, StaleData
from storage.reports import Report

LIMIT_S = 900
STALE_AFTER = timedelta(days=3)
LACKS = "I have no billing data to read."
FIX = (
    "Set CHATCRON_BILLING to a file, a folder or a pattern of FOCUS billing files, CSV or Parquet, "
    "or set CHATCRON_SAMPLE_DATA=1 to see a labelled sample."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alex:
    """The agent for the billing files at `billing`, or for a generated sample where allowed."""

    billing: str | None
    sample_data: bool
    profile: Profile = PROFILES["alex"]

    def missing(self) -> str | None:
        """Say how to connect billing data, or None where there is some."""
        return None if self.billing or self.sample_data else f"{LACKS} {FIX}"

    async def work(self, brief: Brief) -> Report:
        """Report on the newest complete day; raises StaleData where that is too long ago."""
        if self.billing:
            bill = await in_child(billing.read, self.billing, limit_s=LIMIT_S)
            return report(bill, brief, is_sample=False)
        if self.sample_data:
            bill = await in_child(sample_billing.read, brief.as_of, limit_s=LIMIT_S)
            return report(bill, brief, is_sample=True)
        raise NotConnected(LACKS, fix=FIX)


def report(bill: Bill, brief: Brief, *, is_sample: bool) -> Report:
    """Report on the newest complete day of a bill, or the week or month that ends with it.

    Services that the prompt names narrow it to them; a limit that it names is held against it.
    """
    day = _day(bill, brief.as_of)
    days = usage_days(bill.charges, brief.as_of)
    usage = [charge for charge in bill.charges if charge.kind is Kind.USAGE]
    asked = cost_asked.read(brief.prompt, {it.service for it in usage}, task_name=brief.task_name)
    charges: Sequence[Charge] = bill.charges
    if asked.services:
        charges = [charge for charge in usage if charge.service in asked.services]
    views = _views(charges, asked, day, days)
    in_vain = _asked_in_vain(asked, bill, brief.prompt)
    return Report(
        headline=cost_lines.headline(views, day, asked, brief),
        lines=cost_lines.lines(views, day, asked, brief.as_of, bill.cost_kind, in_vain),
        sections=cost_details.details(views, bill, asked),
        findings=cost_findings.findings(views, bill, asked, brief.as_of),
        unknowns=(*in_vain, *_doubts(bill), *_unknowns(views, asked, day, days)),
        is_sample=is_sample,
    )


def _views(
    charges: Sequence[Charge], asked: Asked, day: date, days: frozenset[date]
) -> list[CurrencyView]:
    looked = {Span.DAY: 1, Span.WEEK: periods.WEEK, Span.MONTH: day.day}[asked.span]
    first = day - max(looked - 1, 1) * periods.DAY
    currencies = sorted({it.currency for it in charges if first <= it.day <= day})
    return [
        CurrencyView(
            day=view(charges, currency, day, days, floors=asked.floors(currency), looked=looked),
            week=periods.last_week(charges, currency, day, days),
            month=periods.month_to_date(charges, currency, day, days),
        )
        for currency in currencies
    ]


def _day(bill: Bill, as_of: datetime) -> date:
    """Give the day to report on; raises where no day is complete or recent enough."""
    day = newest_complete(usage_days(bill.charges, as_of), as_of)
    if day is None:
        raise Refused(
            "The billing data has no complete day yet.",
            fix="Export it by day or by hour; a day counts once a later one has charges.",
        )
    if as_of.date() - day > STALE_AFTER:
        raise StaleData(
            f"The billing folder has no data newer than {day_name(day)}.",
            fix="Most likely the export stopped: check it where the billing files are written.",
        )
    return day


def _doubts(bill: Bill) -> tuple[str, ...]:
    if not bill.repeated:
        return ()
    counted = f"{bill.repeated:,} {'charge stands' if bill.repeated == 1 else 'charges stand'}"
    return (f"{counted} in more than one billing file; the totals may count them twice.",)


def _asked_in_vain(asked: Asked, bill: Bill, prompt: str) -> tuple[str, ...]:
    unused = (cost_asked.UNUSED,) if bill.unused is None else ()
    absent = (
        f"I found no charges of {name} in these files: not used, or not exported."
        for name in asked.absent
    )
    return (*absent, *not_checked(prompt, (*unused, *cost_asked.OUT_OF_REACH)))


def _unknowns(
    views: Sequence[CurrencyView], asked: Asked, day: date, days: frozenset[date]
) -> Iterator[str]:
    for each in views:
        unit, history = each.day.currency, each.day.history
        if history < HISTORY_LEAST:
            yield f"Anomalies in {unit}: {history} days of history, {HISTORY_LEAST} are needed."
        if asked.limit is not None and not asked.limit.fits(unit):
            limit = asked.limit.said(unit)
            yield f"The limit of {limit} was not held against {unit}: I know no rate of exchange."
    first = max(min(days), day - timedelta(days=6))
    gaps = [first + timedelta(days=n) for n in range((day - first).days)]
    if gaps := [it for it in gaps if it not in days]:
        yield f"No data for {', '.join(day_name(it) for it in gaps)}."
    if asked.limit is not None and asked.limit.of is Of.TOTAL and not views:
        yield "The limit was held against nothing: there are no charges."
