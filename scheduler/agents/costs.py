"""What daily charges mean: which days are complete, what changed, what is unusual. Pure.

Used by Alex on what `tools.billing` has added up. Days are UTC days; money is in the bill's own
currency, and several currencies are never added together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import inf
from statistics import fmean, median

from scheduler.agents.tools.billing import Charge, Kind

Z_LIMIT = 3.5
FLOOR = 1.0  # in the currency's own unit
FLOOR_SHARE = 0.10
HISTORY_DAYS = 30
HISTORY_LEAST = 7
LATE_DATA = timedelta(hours=24)
DAY = timedelta(days=1)
Series = Mapping[date, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """How far from the usual a cost must be at least: `amount` in money, `share` of the usual."""

    amount: float = FLOOR
    share: float = FLOOR_SHARE

    def reached_by(self, change: float, usual: float) -> bool:
        """Say whether a departure from the usual is far enough in both."""
        return abs(change) >= self.amount and abs(change) >= self.share * abs(usual)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCost:
    """What a service cost on the day, and the day before (None where that day has no data)."""

    service: str
    cost: Decimal
    before: Decimal | None

    @property
    def change(self) -> Decimal:
        """Give the change from the day before, zero where that is not known."""
        return Decimal(0) if self.before is None else self.cost - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomaly:
    """A service far from its usual (median) daily cost; `region` is where most of it happened."""

    service: str
    region: str
    day: date
    cost: float
    usual: float

    @property
    def change(self) -> float:
        """Give how much more it cost than it usually does."""
        return self.cost - self.usual


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """One day's money in one currency; the services, `credits` and `longer` add up to `total`.

    `small` counts the anomalies that are left out, as the floors asked for are not reached.
    """

    currency: str
    day: date
    total: Decimal
    before: Decimal | None
    services: tuple[ServiceCost, ...]
    credits: Decimal
    longer: Decimal
    week: tuple[tuple[date, Decimal | None], ...]
    anomalies: tuple[Anomaly, ...]
    small: int
    history: int


def usage_days(charges: Iterable[Charge], as_of: datetime) -> frozenset[date]:
    """Give the days that have usage, up to today."""
    today = as_of.date()
    return frozenset(it.day for it in charges if it.kind is Kind.USAGE and it.day <= today)


def newest_complete(days: Iterable[date], as_of: datetime) -> date | None:
    """Give the newest day that a later day follows, or that has been over for a day."""
    ordered = sorted(days)
    if not ordered:
        return None
    last = ordered[-1]
    over_at = datetime.combine(last + DAY, time.min, tzinfo=UTC)
    if as_of - over_at >= LATE_DATA:
        return last
    return ordered[-2] if len(ordered) > 1 else None


def view(
    charges: Sequence[Charge],
    currency: str,
    day: date,
    days: frozenset[date],
    *,
    floors: Floors = Floors(),
    looked: int = 1,
) -> DayView:
    """Look at one complete day; `days` are all days with data, so that a gap is not a zero.

    Anomalies are looked for on the `looked` days that end with it.
    """
    mine = [it for it in charges if it.currency == currency]
    totals = _by_day(mine)
    earlier = [it for it in days if day - timedelta(days=HISTORY_DAYS) <= it < day]
    has_before = day - DAY in days
    week = [day - timedelta(days=back) for back in range(6, -1, -1)]
    unusual = _unusual_days(mine, day, days, looked)
    worth = [it for it in unusual if floors.reached_by(it.change, it.usual)]
    return DayView(
        currency=currency,
        day=day,
        total=totals[day],
        before=totals[day - DAY] if has_before else None,
        services=_services(mine, day, has_before=has_before),
        credits=_sum(it.cost for it in mine if it.day == day and it.kind is Kind.CREDIT),
        longer=_sum(it.cost for it in mine if it.day == day and it.kind is Kind.LONGER),
        week=tuple((it, totals[it] if it in days else None) for it in week),
        anomalies=tuple(worth),
        small=len(unusual) - len(worth),
        history=len(earlier),
    )


def robust_z(value: float, history: Sequence[float]) -> float:
    """Say how many robust standard deviations a value is from the median of its history.

    Where more than half of the history is one number, the mean deviation stands in for the MAD; a
    departure from a history that never moved is infinite.
    """
    middle = median(history)
    if value == middle:
        return 0.0
    deviations = [abs(it - middle) for it in history]
    if mad := median(deviations):
        return 0.6745 * (value - middle) / mad
    if mean := fmean(deviations):
        return (value - middle) / (1.2533 * mean)
    return inf if value > middle else -inf


def is_unusual(value: float, history: Sequence[float]) -> bool:
    """Say whether a value is far out, and by enough money to matter."""
    if len(history) < HISTORY_LEAST:
        return False
    usual = median(history)
    return Floors().reached_by(value - usual, usual) and abs(robust_z(value, history)) > Z_LIMIT


def _unusual_days(
    charges: Sequence[Charge], last: date, days: frozenset[date], looked: int
) -> list[Anomaly]:
    """Give the anomalies of some days, each service once, the furthest from usual first."""
    worst: dict[str, Anomaly] = {}
    for back in range(looked):
        day = last - back * DAY
        if day not in days:
            continue
        earlier = sorted(it for it in days if day - timedelta(days=HISTORY_DAYS) <= it < day)
        for found in _anomalies(charges, day, earlier):
            known = worst.setdefault(found.service, found)
            if abs(found.change) > abs(known.change):
                worst[found.service] = found
    return sorted(worst.values(), key=lambda it: -abs(it.change))


def _anomalies(charges: Sequence[Charge], day: date, earlier: Sequence[date]) -> list[Anomaly]:
    usage = [it for it in charges if it.kind is Kind.USAGE]
    by_service = _series((it.service, it) for it in usage)
    found: list[Anomaly] = []
    for service, series in by_service.items():
        history = [series.get(it, 0.0) for it in earlier]
        if not is_unusual(series.get(day, 0.0), history):
            continue
        regions = _series((it.region, it) for it in usage if it.service == service)
        found.append(
            Anomaly(
                service=service,
                region=max(regions, key=lambda it: _departure(regions[it], day, earlier)),
                day=day,
                cost=series.get(day, 0.0),
                usual=median(history),
            )
        )
    return found


def _departure(series: Series, day: date, earlier: Sequence[date]) -> float:
    return abs(series.get(day, 0.0) - median(series.get(it, 0.0) for it in earlier))


def _series(charges: Iterable[tuple[str, Charge]]) -> dict[str, dict[date, float]]:
    series: dict[str, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for name, charge in charges:
        series[name][charge.day] += float(charge.cost)
    return {name: dict(days) for name, days in series.items()}


def _services(charges: Sequence[Charge], day: date, *, has_before: bool) -> tuple[ServiceCost, ...]:
    usage = [it for it in charges if it.kind is Kind.USAGE]
    now = _by_service(it for it in usage if it.day == day)
    before = _by_service(it for it in usage if it.day == day - DAY)
    costs = (
        ServiceCost(
            service=service, cost=now[service], before=before[service] if has_before else None
        )
        for service in sorted({*now, *before})
    )
    return tuple(sorted(costs, key=lambda it: -it.cost))


def _by_day(charges: Iterable[Charge]) -> dict[date, Decimal]:
    sums: dict[date, Decimal] = defaultdict(Decimal)
    for charge in charges:
        sums[charge.day] += charge.cost
    return sums


def _by_service(charges: Iterable[Charge]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for charge in charges:
        sums[charge.service] += charge.cost
    return sums


def _sum(costs: Iterable[Decimal]) -> Decimal:
    return sum(costs, Decimal(0))
