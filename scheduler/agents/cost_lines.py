"""What Alex says in the channel: a headline and up to three lines. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from scheduler.agents.agent import Brief
from scheduler.agents.cost_asked import Asked, Of, Span
from scheduler.agents.costs import HISTORY_LEAST, DayView
from scheduler.agents.money import change, day_name, money, short
from scheduler.agents.periods import Comparison, is_month_end


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyView:
    """The money of one currency: the day, the week and the month that end with it."""

    day: DayView
    week: Comparison
    month: Comparison

    def of(self, span: Span) -> tuple[Decimal, Decimal | None]:
        """Give what a span cost, and what the one before did (None where that is not known)."""
        if span is Span.DAY:
            return self.day.total, self.day.before
        both = self.week if span is Span.WEEK else self.month
        return both.now.usage, both.before.usage if both.is_whole else None


def headline(views: Sequence[CurrencyView], day: date, asked: Asked, brief: Brief) -> str:
    """Say what the span cost and how that moved, with its subject where there is one."""
    local = brief.as_of.astimezone(ZoneInfo(brief.zone)).date()
    yesterday = day == local - timedelta(days=1)
    when = {
        Span.DAY: "Yesterday" if yesterday else day_name(day),
        Span.WEEK: "Last 7 days",
        Span.MONTH: month_name(day),
    }[asked.span]
    if asked.span is Span.WEEK and not yesterday:
        when = f"7 days to {day_name(day)}"
    if asked.subject:
        named = when if asked.span is Span.MONTH or when == day_name(day) else _lower(when)
        when = f"{asked.subject}, {named}"
    if not views:
        return f"{when}: no charges"
    on = {Span.DAY: "the day before", Span.WEEK: "the 7 before", Span.MONTH: "the month before"}
    amounts = []
    for each in views:
        cost, before = each.of(asked.span)
        moved = change(cost, before, each.day.currency, on=on[asked.span])
        amounts.append(f"{money(cost, each.day.currency)}, {moved}")
    return f"{when}: {'; '.join(amounts)}"


def lines(
    views: Sequence[CurrencyView],
    day: date,
    asked: Asked,
    as_of: datetime,
    cost_kind: str,
    in_vain: Sequence[str],
) -> tuple[str, ...]:
    """Say what moved and what is unusual, how the longer spans stand, and how far the data goes."""
    moved = " ".join(_movement(each, asked) for each in views[:2])
    longer = _longer(views[0], asked.span) if len(views) == 1 else ""
    basis = " ".join([*in_vain[:1], _through(day, as_of, cost_kind)])
    return tuple(line for line in (moved, longer, basis) if line)


def month_name(day: date) -> str:
    """Say a month up to a day: "March so far", or "March" where the day is its last."""
    return f"{day:%B}" if is_month_end(day) else f"{day:%B} so far"


def _lower(when: str) -> str:
    return when[0].lower() + when[1:]


def _movement(each: CurrencyView, asked: Asked) -> str:
    """Say in one sentence what moved most and what is unusual, and what is over a limit."""
    said = (over_limit(each, asked), _mover(each, asked.span), _unusual(each.day, asked))
    sentence = "; ".join(part for part in said if part)
    return f"{sentence[0].upper()}{sentence[1:]}."


def over_limit(each: CurrencyView, asked: Asked) -> str:
    """Say whether the span's total is over the limit that was asked for, if one was."""
    limit, unit = asked.limit, each.day.currency
    if limit is None or limit.of is not Of.TOTAL or not limit.fits(unit):
        return ""
    cost, before = each.of(asked.span)
    if limit.is_share:
        if not before or before <= 0:
            return f"whether it rose by over {limit.said(unit)} is not known"
        is_over = float(cost - before) > limit.amount / 100 * float(before)
        said = "rose by over" if is_over else "did not rise by over"
        return f"the total {said} {limit.said(unit)}"
    is_over = float(cost) > limit.amount
    return f"the total is {'over' if is_over else 'within'} your limit of {limit.said(unit)}"


def is_over_limit(each: CurrencyView, asked: Asked) -> bool:
    """Say whether the span's total is known to be over the limit that was asked for."""
    said = over_limit(each, asked)
    return said.startswith(("the total rose", "the total is over"))


def _mover(each: CurrencyView, span: Span) -> str:
    unit = each.day.currency
    if span is Span.DAY:
        if each.day.before is None or len(each.day.services) < 2:
            return ""
        moves = [(it.service, it.change) for it in each.day.services]
        total = each.day.total - each.day.before
    else:
        both = each.week if span is Span.WEEK else each.month
        if len(both.movers) < 2 or not both.is_whole:
            return ""
        moves = [(it.service, it.change) for it in both.movers]
        total = both.now.usage - both.before.usage
    service, moved = max(moves, key=lambda it: abs(it[1]))
    if not moved:
        return "no service changed"
    said = f"{short(service)} {money(moved, unit, signed=True)}"
    is_most = moved * total > 0 and 2 * abs(moved) >= abs(total)
    return f"{said} is {'most of it' if is_most else 'the biggest change'}"


def _unusual(each: DayView, asked: Asked) -> str:
    if each.history < HISTORY_LEAST:
        return "too little history to tell anomalies"
    limit = asked.limit
    over = ""
    if limit is not None and limit.of is Of.ANOMALY and limit.fits(each.currency):
        over = f" over {limit.said(each.currency)}"
    if not each.anomalies:
        smaller = f" ({each.small} smaller)" if each.small else ""
        return f"no anomaly{over}{smaller}"
    places = [
        f"{short(it.service)} in {it.region}" if it.region else short(it.service)
        for it in each.anomalies
    ]
    count = f"one anomaly{over}" if len(places) == 1 else f"{len(places)} anomalies{over}"
    rest = f" and {len(places) - 2} more" if len(places) > 2 else ""
    return f"{count}, {', '.join(places[:2])}{rest}"


def _longer(each: CurrencyView, span: Span) -> str:
    """Say how the week and the month stand, as far as the headline does not."""
    unit, parts = each.day.currency, []
    if span is not Span.WEEK:
        parts.append(f"Last 7 days {_stand(each.week, unit, 'the 7 before')}")
    if span is not Span.MONTH:
        last = each.month.before.last
        on = f"1-{last.day} {last:%b}"
        parts.append(f"{month_name(each.month.now.last)} {_stand(each.month, unit, on)}")
    return f"{'; '.join(parts)}." if parts else ""


def _stand(both: Comparison, unit: str, on: str) -> str:
    apart = " of usage" if both.now.credits or both.now.longer else ""
    cost = f"{money(both.now.usage, unit)}{apart}"
    if not both.is_whole:
        return f"{cost}, change unknown"
    moved = change(both.now.usage, both.before.usage, unit, on=on)
    return f"{cost}, {moved}" if on in moved else f"{cost}, {moved} on {on}"


def _through(day: date, as_of: datetime, cost_kind: str) -> str:
    behind = (as_of.date() - day).days - 1
    kind = f"{cost_kind.removesuffix('Cost').lower()} cost, UTC days"
    if behind <= 0:
        return f"Complete through {day_name(day)} ({kind})."
    late = "1 day" if behind == 1 else f"{behind} days"
    return f"Data through {day_name(day)}, {late} behind ({kind})."
