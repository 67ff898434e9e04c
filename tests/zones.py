"""`make zones`: every time zone there is, two years, the common crons, beside an oracle's runs.

For fixed daily schedules it also counts: each local day has exactly one run. The test of the same
matrix takes one zone of each kind of clock; this takes them all and prints what differs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import product, takewhile
from time import perf_counter
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim

from scheduler.crontab import parse
from scheduler.recurrence import between
from storage.schedules import Cron, Schedule

START, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
ZONES = sorted(available_timezones() - {"localtime"})
DAILY = ("0 8 * * *", "0 0 * * *", "30 1 * * *", "30 2 * * *", "59 23 * * *")
COMMON = (*DAILY, "0 9 * * 1", "0 18 * * 1-5", "0 0 1 * *", "0 */6 * * *", "@daily")
KNOWN: dict[tuple[str, str], str] = {
    (zone, "0 */6 * * *"): "cronsim loses the wildcard run after clocks moved by half an hour"
    for zone in ("Australia/LHI", "Australia/Lord_Howe")
}
"""Where the oracle is known to err, by zone and expression, and how."""
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Instants that only one of the two gives."""

    zone: str
    expression: str
    ours: tuple[datetime, ...]
    theirs: tuple[datetime, ...]


@cache
def kinds() -> list[str]:
    """Give one zone of each kind of clock: the first of those that show the same all through."""
    found: dict[tuple[timedelta | None, ...], str] = {}
    hours = [START - 24 * _HOUR + n * _HOUR for n in range((END - START) // _HOUR + 48)]
    for name in ZONES:
        zone = ZoneInfo(name)
        found.setdefault(_clock(zone, hours), name)
    return list(found.values())


def runs_of(expression: str, zone: str) -> list[datetime]:
    """Give our runs in the two years."""
    schedule = Schedule(rule=Cron(expression=expression), zone=zone)
    return list(between(schedule, START, END))


def oracles_runs_of(expression: str, zone: str) -> list[datetime]:
    """Give the oracle's runs in the two years."""
    since = START.astimezone(ZoneInfo(zone)) - timedelta(seconds=1)
    said = "0 0 * * *" if expression == "@daily" else expression
    runs = (run.astimezone(UTC) for run in CronSim(said, since))
    return list(takewhile(lambda run: run < END, runs))


def differences(pairs: Iterable[tuple[str, str]]) -> Iterator[Difference]:
    """Give each pair of zone and expression where our runs and the oracle's are not the same."""
    for zone, expression in pairs:
        ours, theirs = runs_of(expression, zone), oracles_runs_of(expression, zone)
        if ours != theirs:
            yield Difference(
                zone=zone,
                expression=expression,
                ours=tuple(sorted(set(ours) - set(theirs))),
                theirs=tuple(sorted(set(theirs) - set(ours))),
            )


def wrong_days(expression: str, zone: str) -> list[date]:
    """Give the local days of the two years that have no run of a daily cron, or more than one.

    A run that a gap moved, past midnight even, counts for the day whose time it keeps.
    """
    local, [at] = ZoneInfo(zone), parse(expression).times
    first, last = START.astimezone(local).date(), END.astimezone(local).date()
    counted = dict.fromkeys((first + timedelta(days=n) for n in range((last - first).days + 1)), 0)
    for run in runs_of(expression, zone):
        counted[_day_kept(run, local, at)] += 1
    inner = [day for day in counted if first < day < last]  # the window cuts the two at its ends
    return [day for day in inner if counted[day] != 1]


def _day_kept(run: datetime, zone: ZoneInfo, at: time) -> date:
    """Give the day whose wall time lies where the clocks were just before a run, or at it."""
    before = (run - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
    after = run.astimezone(zone).replace(tzinfo=None)
    is_of_before = before < datetime.combine(before.date(), at) <= after
    return before.date() if is_of_before else after.date()


def _clock(zone: ZoneInfo, hours: list[datetime]) -> tuple[timedelta | None, ...]:
    """Give what tells a clock from others: its offset at the start, then each change and where."""
    seen: list[timedelta | None] = []
    offset = None
    for number, hour in enumerate(hours[::24]):
        now = hour.astimezone(zone).utcoffset()
        if now != offset:
            seen += [timedelta(days=number), now, _moved_at(zone, hour, offset)]
            offset = now
    return tuple(seen)


def _moved_at(zone: ZoneInfo, by: datetime, offset: timedelta | None) -> timedelta | None:
    """Say how long before `by` the clocks moved from an offset, in steps of a quarter hour."""
    steps = (timedelta(minutes=15 * n) for n in range(97))
    return next((it for it in steps if (by - it).astimezone(zone).utcoffset() == offset), None)


def main() -> int:
    """Compare everything, print what differs and the reason, and fail on what has none."""
    began, unknown = perf_counter(), 0
    for each in differences(product(ZONES, COMMON)):
        reason = KNOWN.get((each.zone, each.expression))
        unknown += reason is None
        sys.stdout.write(
            f"{each.zone}  {each.expression}  only ours {len(each.ours)}, only the oracle's"
            f" {len(each.theirs)}: {reason or 'NOT KNOWN'}\n"
        )
    wrong = [(name, cron, wrong_days(cron, name)) for name in ZONES for cron in DAILY]
    for name, cron, days in wrong:
        if days:
            sys.stdout.write(f"{name}  {cron}  not once: {', '.join(map(str, days))}\n")
    failed = unknown + sum(bool(days) for _, _, days in wrong)
    sys.stdout.write(
        f"{len(ZONES)} zones, {len(COMMON)} crons each, 2 years, in {perf_counter() - began:.0f} s;"
        f" {failed} unexplained\n"
    )
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
