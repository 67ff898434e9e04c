"""Alex, for cloud cost: says what the last complete day cost, what moved and what is unusual.

The numbers come from `tools.billing` (in a child process) and `costs`; Alex tells them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.agents.agent import Brief, Profile, Tool, about
from scheduler.agents.child import in_child
from scheduler.agents.cost_details import details, findings
from scheduler.agents.costs import (
    HISTORY_LEAST,
    DayView,
    newest_complete,
    usage_days,
    view,
)
from scheduler.agents.money import change, day_name, money, named_service, short
from scheduler.agents.profiles import PROFILES
from scheduler.agents.tools import billing, sample_billing
from scheduler.agents.tools.billing import Bill, Kind
from scheduler.errors import NotConnected, Refused, StaleData
from storage.records import Report

LIMIT_S = 900
STALE_AFTER = timedelta(days=3)
LACKS = "I have no billing data to read."
FIX = (
    "Set CHATCRON_BILLING to a file, a folder or a pattern of FOCUS billing files, CSV or Parquet, "
    "or set CHATCRON_SAMPLE_DATA=1 to see a labelled sample."
)
_LOAD_WORDS = frozenset({"utilization", "utilisation", "idle", "cpu", "memory", "rightsizing"})


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

    def tools(self, brief: Brief) -> tuple[Tool, ...]:
        """Let a model look at the cost of one service."""
        return (
            Tool(
                name="cost_of_service",
                description="The cost of one cloud service on the last complete day, with change.",
                parameters={
                    "type": "object",
                    "properties": {"service": {"type": "string"}},
                    "required": ["service"],
                    "additionalProperties": False,
                },
                call=lambda given: about(self, brief, given.get("service", "")),
            ),
        )


def report(bill: Bill, brief: Brief, *, is_sample: bool) -> Report:
    """Report on the newest complete day of a bill; on one service alone if the prompt names it."""
    day = _day(bill, brief.as_of)
    days = usage_days(bill.charges, brief.as_of)
    charges = bill.charges
    usage = [charge for charge in charges if charge.kind is Kind.USAGE]
    focus = named_service(brief.prompt, {charge.service for charge in usage})
    if focus:
        charges = tuple(charge for charge in usage if charge.service == focus)
    currencies = sorted({it.currency for it in charges if it.day in (day, day - timedelta(days=1))})
    views = [view(charges, currency, day, days) for currency in currencies]
    return Report(
        headline=_headline(views, day, focus, brief),
        lines=(
            *(_movement(each) for each in views[:2]),
            _through(day, brief.as_of, bill.cost_kind),
        ),
        sections=details(views, bill),
        findings=findings(views, brief.as_of, bill.cost_kind),
        unknowns=(*_doubts(bill), *_unknowns(views, day, days, brief.prompt)),
        is_sample=is_sample,
    )


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


def _headline(views: Sequence[DayView], day: date, focus: str | None, brief: Brief) -> str:
    local = brief.as_of.astimezone(ZoneInfo(brief.zone)).date()
    when = "Yesterday" if day == local - timedelta(days=1) else day_name(day)
    subject = f"{short(focus)}, {when.lower() if when == 'Yesterday' else when}" if focus else when
    if not views:
        return f"{subject}: no charges"
    amounts = (
        f"{money(each.total, each.currency)}, {change(each.total, each.before, each.currency)}"
        for each in views
    )
    return f"{subject}: {'; '.join(amounts)}"


def _movement(each: DayView) -> str:
    """Say in one sentence what moved most and what is unusual."""
    sentence = "; ".join(part for part in (_mover(each), _unusual(each)) if part)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _mover(each: DayView) -> str:
    if each.before is None or len(each.services) < 2:
        return ""
    most = max(each.services, key=lambda it: abs(it.change))
    if not most.change:
        return "no service changed"
    moved = f"{short(most.service)} {money(most.change, each.currency, signed=True)}"
    total = each.total - each.before
    is_most = most.change * total > 0 and 2 * abs(most.change) >= abs(total)
    return f"{moved} is {'most of it' if is_most else 'the biggest change'}"


def _unusual(each: DayView) -> str:
    if each.history < HISTORY_LEAST:
        return "too little history to tell anomalies"
    if not each.anomalies:
        return "no anomaly"
    places = [
        f"{short(it.service)} in {it.region}" if it.region else short(it.service)
        for it in each.anomalies
    ]
    count = "one anomaly" if len(places) == 1 else f"{len(places)} anomalies"
    rest = f" and {len(places) - 2} more" if len(places) > 2 else ""
    return f"{count}, {', '.join(places[:2])}{rest}"


def _through(day: date, as_of: datetime, cost_kind: str) -> str:
    behind = (as_of.date() - day).days - 1
    kind = f"{cost_kind.removesuffix('Cost').lower()} cost, UTC days"
    if behind <= 0:
        return f"Complete through {day_name(day)} ({kind})."
    late = "1 day" if behind == 1 else f"{behind} days"
    return f"Data through {day_name(day)}, {late} behind ({kind})."


def _doubts(bill: Bill) -> tuple[str, ...]:
    if not bill.repeated:
        return ()
    counted = f"{bill.repeated:,} {'charge stands' if bill.repeated == 1 else 'charges stand'}"
    return (f"{counted} in more than one billing file; the totals may count them twice.",)


def _unknowns(
    views: Sequence[DayView], day: date, days: frozenset[date], prompt: str
) -> tuple[str, ...]:
    unknowns = [
        f"Anomalies in {each.currency}: {each.history} days of history, {HISTORY_LEAST} are needed."
        for each in views
        if each.history < HISTORY_LEAST
    ]
    first = max(min(days), day - timedelta(days=6))
    gaps = [first + timedelta(days=n) for n in range((day - first).days)]
    if gaps := [it for it in gaps if it not in days]:
        unknowns.append(f"No data for {', '.join(day_name(it) for it in gaps)}.")
    if _LOAD_WORDS & set(prompt.lower().split()):
        unknowns.append("Utilization: billing data says what was paid, not how busy it was.")
    return tuple(unknowns)
