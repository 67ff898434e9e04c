"""Weeks and months of daily charges, each against the same stretch before it. Pure.

Used by Alex. Usage is compared; credits and charges for longer periods stand apart, as a single one
of them on a single day says nothing about how spending moves.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from scheduler.agents.tools.billing import Charge, Kind

WEEK = 7
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The charges of some days in a row, `first` to `last`, both included."""

    first: date
    last: date
    usage: Decimal
    credits: Decimal
    longer: Decimal
    gaps: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """What a service cost in the newer stretch and in the one before."""

    service: str
    cost: Decimal
    before: Decimal

    @property
    def change(self) -> Decimal:
        """Give how much more it cost."""
        return self.cost - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A stretch against an earlier one, in sum and by service, the most moved first.

    Where either lacks days (`is_whole` says so), their difference means nothing.
    """

    now: Stretch
    before: Stretch
    movers: tuple[Mover, ...]

    @property
    def is_whole(self) -> bool:
        """Say whether both have data for each of their days, so that they can be compared."""
        return not (self.now.gaps or self.before.gaps)


def last_week(
    charges: Sequence[Charge], currency: str, day: date, days: frozenset[date]
) -> Comparison:
    """Compare the seven days that end with `day` with the seven before them."""
    first = day - (WEEK - 1) * DAY
    return _compare(charges, currency, (first, day), (first - WEEK * DAY, first - DAY), days)


def month_to_date(
    charges: Sequence[Charge], currency: str, day: date, days: frozenset[date]
) -> Comparison:
    """Compare the month up to `day` with the month before up to the same day, or to its end."""
    first = day.replace(day=1)
    last_before = first - DAY
    same = last_before.replace(day=min(day.day, last_before.day))
    if is_month_end(day):
        same = last_before
    return _compare(charges, currency, (first, day), (last_before.replace(day=1), same), days)


def is_month_end(day: date) -> bool:
    """Say whether a day is the last of its month."""
    return day.day == monthrange(day.year, day.month)[1]


def _compare(
    charges: Sequence[Charge],
    currency: str,
    now: tuple[date, date],
    before: tuple[date, date],
    days: frozenset[date],
) -> Comparison:
    mine = [it for it in charges if it.currency == currency and before[0] <= it.day <= now[1]]
    return Comparison(
        now=_stretch(mine, *now, days),
        before=_stretch(mine, *before, days),
        movers=_movers(mine, now, before),
    )


def _stretch(charges: Iterable[Charge], first: date, last: date, days: frozenset[date]) -> Stretch:
    sums: dict[Kind, Decimal] = defaultdict(Decimal)
    for charge in charges:
        if first <= charge.day <= last:
            sums[charge.kind] += charge.cost
    whole = (first + n * DAY for n in range((last - first).days + 1))
    return Stretch(
        first=first,
        last=last,
        usage=sums[Kind.USAGE],
        credits=sums[Kind.CREDIT],
        longer=sums[Kind.LONGER],
        gaps=tuple(day for day in whole if day not in days),
    )


def _movers(
    charges: Iterable[Charge], now: tuple[date, date], before: tuple[date, date]
) -> tuple[Mover, ...]:
    newer: dict[str, Decimal] = defaultdict(Decimal)
    older: dict[str, Decimal] = defaultdict(Decimal)
    for charge in charges:
        if charge.kind is not Kind.USAGE:
            continue
        if now[0] <= charge.day <= now[1]:
            newer[charge.service] += charge.cost
        elif before[0] <= charge.day <= before[1]:
            older[charge.service] += charge.cost
    movers = (
        Mover(service=service, cost=newer[service], before=older[service])
        for service in sorted({*newer, *older})
    )
    return tuple(sorted(movers, key=lambda mover: -abs(mover.change)))
