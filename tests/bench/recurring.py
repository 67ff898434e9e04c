"""How long it takes to find the runs of each kind of rule, beside two libraries' like ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice
from time import perf_counter
from zoneinfo import ZoneInfo

from croniter import croniter
from dateutil import rrule

from scheduler.recurrence import between, next_after
from storage.schedules import (
    NO_EXCEPTIONS,
    Cron,
    Daily,
    Every,
    Exceptions,
    Monthly,
    NthWeekday,
    NthWorkday,
    Rule,
    Schedule,
    Several,
    Weekday,
    Weekly,
)
from tests.bench.table import Row, quantile

NEXT_LIMIT_US = 150
MANY_LIMIT_S = 1.0
_MANY = 5_000
_ZONE = "America/New_York"
_NOW = datetime(2026, 3, 5, 15, 17, tzinfo=UTC)
_FAR = datetime(8000, 1, 1, tzinfo=UTC)
_START = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo(_ZONE))
_NINE = (time(9),)
_MONTH_ENDS = NthWorkday(nths=(-1,), times=_NINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A schedule, and what others need to name the same days."""

    what: str
    rule: Rule
    exceptions: Exceptions = NO_EXCEPTIONS
    dateutils: dict[str, object] | None = None
    cron: str | None = None


_HOLIDAYS = tuple(date(year, 12, day) for year in range(2026, 2036) for day in (24, 25, 26, 31))
_CASES = (
    _Case(what="at 02:30, by cron", rule=Cron(expression="30 2 * * *"), cron="30 2 * * *"),
    _Case(what="every minute, by cron", rule=Cron(expression="* * * * *"), cron="* * * * *"),
    _Case(
        what="every quarter of an hour in office hours, by cron",
        rule=Cron(expression="*/15 8-18 * * 1-5"),
        cron="*/15 8-18 * * 1-5",
    ),
    _Case(
        what="every day except holidays",
        rule=Daily(times=_NINE),
        exceptions=Exceptions(holidays=_HOLIDAYS),
    ),
    _Case(
        what="every other day",
        rule=Daily(times=_NINE, every=2, anchor=date(2026, 3, 2)),
        dateutils={"freq": rrule.DAILY, "interval": 2},
    ),
    _Case(
        what="every other Monday",
        rule=Weekly(weekdays=(Weekday.MONDAY,), times=_NINE, every=2, anchor=date(2026, 3, 2)),
        dateutils={"freq": rrule.WEEKLY, "interval": 2, "byweekday": rrule.MO},
    ),
    _Case(
        what="on the 29th of February",
        rule=Monthly(days=(29,), times=_NINE, months=(2,)),
        dateutils={"freq": rrule.YEARLY, "bymonth": 2, "bymonthday": 29},
        cron="0 9 29 2 *",
    ),
    _Case(
        what="on the last Friday",
        rule=NthWeekday(nths=((-1, Weekday.FRIDAY),), times=_NINE),
        dateutils={"freq": rrule.MONTHLY, "byweekday": rrule.FR(-1)},
        cron="0 9 * * L5",
    ),
    _Case(
        what="on the last business day",
        rule=_MONTH_ENDS,
        dateutils={"freq": rrule.MONTHLY, "byweekday": (0, 1, 2, 3, 4), "bysetpos": -1},
    ),
    _Case(
        what="every 90 minutes, Monday to Friday",
        rule=Every(seconds=5_400, anchor=_NOW, weekdays=tuple(Weekday)[:5]),
    ),
    _Case(
        what="every day except Fridays, the 1st and August",
        rule=Daily(times=_NINE),
        exceptions=Exceptions(weekdays=(Weekday.FRIDAY,), monthdays=(1,), months=(8,)),
    ),
    _Case(
        what="three rules in one",
        rule=Several(
            rules=(
                Weekly(weekdays=(Weekday.MONDAY,), times=_NINE),
                _MONTH_ENDS,
                Monthly(days=(1,), times=(time(6),), months=(1,)),
            )
        ),
    ),
)


def shape_rows(times: int) -> Iterator[Row]:
    """Time the next run of each kind of rule, and then its next 5,000."""
    for case in _CASES:
        schedule = Schedule(rule=case.rule, zone=_ZONE, exceptions=case.exceptions)
        ours = _microseconds(lambda: next_after(schedule, _NOW), times)  # noqa: B023  called at once
        yield Row(
            what=f"next run, {case.what}",
            ours=f"{ours:,.0f}",
            unit="µs",
            beside=_others(case, times),
            n=times,
            how=f"p50; limit {NEXT_LIMIT_US}; theirs read the rule anew each time",
            holds=ours <= NEXT_LIMIT_US,
        )
        began = perf_counter()
        found = sum(1 for _ in islice(between(schedule, _NOW, _FAR), _MANY))
        spent = perf_counter() - began
        yield Row(
            what=f"5,000 runs, {case.what}",
            ours=f"{spent:.2f}",
            unit="s",
            beside=f"limit {MANY_LIMIT_S:g}",
            n=found,
            how="one walk, or all there are before the year 8000",
            holds=spent <= MANY_LIMIT_S,
        )


def _others(case: _Case, times: int) -> str:
    """Time dateutil and croniter where they can say the same days."""
    said = []
    if case.dateutils is not None:
        given = case.dateutils
        spent = _microseconds(lambda: _by_dateutil(given), times)
        said.append(f"dateutil {spent:,.0f}")
    if case.cron is not None:
        cron, local = case.cron, _NOW.astimezone(ZoneInfo(_ZONE))
        spent = _microseconds(lambda: croniter(cron, local).get_next(datetime), times)
        said.append(f"croniter {spent:,.0f}")
    return ", ".join(said) or "neither can say it"


def _by_dateutil(given: dict[str, object]) -> datetime | None:
    local = _NOW.astimezone(ZoneInfo(_ZONE))
    found: datetime | None = rrule.rrule(dtstart=_START, **given).after(local)
    return found


def _microseconds(work: Callable[[], object], times: int) -> float:
    spent = []
    for _ in range(times):
        began = perf_counter()
        work()
        spent.append((perf_counter() - began) * 1e6)
    return quantile(spent, 0.5)
