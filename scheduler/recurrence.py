"""From a schedule to its due instants: wall time and zone in, UTC out; pure.

The planner checks and previews with it, the dispatcher moves tasks on with it, the command line
simulates with it. Never lost, never doubled: a fixed wall time that the clocks skip runs at the
first minute after the gap, one that they repeat runs at its first occurrence. Intervals, and cron
with a star for minute or hour, follow elapsed time. A local day that never was (30 December 2011
in Apia) has no runs.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby, islice, takewhile
from zoneinfo import ZoneInfo

from scheduler import crontab
from scheduler.daysets import DaySet, days_of, without
from scheduler.errors import BadSchedule
from scheduler.shapes import check_shape
from storage.schedules import (
    NO_EXCEPTIONS,
    Cron,
    Daily,
    Every,
    Exceptions,
    Monthly,
    NthWeekday,
    NthWorkday,
    Once,
    Schedule,
    Several,
    Single,
    Weekday,
    Weekly,
)

_TICK = timedelta(microseconds=1)
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_WEEK_S = 7 * 86_400
_SEARCH_DAYS = 8 * 366  # from 29 February 2096 to the next one, across 2100
_LAST_DAY = date(9000, 1, 1)  # well before the calendar of `datetime` ends
_LAST_INSTANT = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Calendar:
    days: DaySet
    times: tuple[time, ...]
    follows_elapsed_time: bool = False


def next_after(schedule: Schedule, after: datetime) -> datetime | None:
    """Give the first due instant (UTC) strictly after `after`; None when the schedule has ended.

    `count` is the caller's to keep: how often a schedule fired is not in the schedule.
    """
    return next(_due(schedule, after), None)


def upcoming(schedule: Schedule, after: datetime, limit: int = 5, fired: int = 0) -> list[datetime]:
    """Give the next due instants, at most `limit` and no more than `count` less `fired`."""
    if schedule.count is not None:
        limit = min(limit, schedule.count - fired)
    return list(islice(_due(schedule, after), max(limit, 0)))


def between(schedule: Schedule, start: datetime, end: datetime) -> Iterator[datetime]:
    """Give, lazily and in order, all due instants from `start` (included) to `end` (excluded)."""
    return takewhile(lambda due: due < end, _due(schedule, start - _TICK))


def simulate(
    expression: str, zone: str, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Give each due instant of a cron expression as (local wall time, UTC)."""
    local = find_zone(zone)
    schedule = Schedule(rule=Cron(expression=expression), zone=zone)
    return ((due.astimezone(local), due) for due in between(schedule, start, end))


@lru_cache(maxsize=1024)
def find_zone(name: str) -> ZoneInfo:
    """Give the IANA zone of that name; raises BadSchedule if there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise BadSchedule(
            f"I don't know the time zone “{name}”.", fix="Name a city, such as Europe/Berlin."
        ) from None


_ALWAYS = (Daily, Weekly)
"""Rules whose days come again and again, whatever the calendar."""


def check(schedule: Schedule, now: datetime) -> None:
    """Raise BadSchedule, with a fix, for a schedule that can never be or is not allowed."""
    check_shape(schedule, now.astimezone(find_zone(schedule.zone)).date())
    unbounded = schedule.starts is None and schedule.ends is None
    if unbounded and schedule.exceptions is NO_EXCEPTIONS and isinstance(schedule.rule, _ALWAYS):
        return
    if next_after(schedule, now) is not None:
        return
    rule, bounds = schedule.rule, (schedule.starts, schedule.ends)
    if isinstance(rule, Once) and bounds == (None, None):
        raise BadSchedule(
            f"{rule.on.isoformat()} at {rule.at:%H:%M} has passed.", fix="Name a time to come."
        )
    endless = replace(schedule, starts=None, ends=None, ends_at=None)
    if next_after(replace(endless, exceptions=NO_EXCEPTIONS), now) is None:
        raise BadSchedule("That date never comes.", fix="Check the day and the month.")
    if next_after(endless, now) is None:
        raise BadSchedule("The exceptions leave no day.", fix="Take one of them away.")
    raise BadSchedule(
        "It would end before its first run.", fix="Move the end, or choose an earlier time."
    )


def _due(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    zone, rule = find_zone(schedule.zone), schedule.rule
    if not isinstance(rule, Several):
        return _due_of(rule, schedule, zone, after)
    merged = heapq.merge(*(_due_of(single, schedule, zone, after) for single in rule.rules))
    return (due for due, _ in groupby(merged))


def _due_of(
    rule: Single, schedule: Schedule, zone: ZoneInfo, after: datetime
) -> Iterator[datetime]:
    if not isinstance(rule, Once | Every):
        calendar = _calendar(rule, schedule.exceptions)
        if not calendar.follows_elapsed_time:
            return _fixed(calendar, zone, schedule, after)
    floor = _not_before(schedule, zone, after)
    if isinstance(rule, Once):
        due = _instant(rule.on, rule.at, zone)
        instants = iter([due] if due is not None and due > floor else [])
    elif isinstance(rule, Every):
        instants = _interval(rule, schedule.exceptions, zone, floor)
    else:
        instants = _elapsed(calendar, zone, floor)
    if schedule.ends is None:
        return instants
    last = datetime.combine(schedule.ends, schedule.ends_at or time.max)
    return takewhile(lambda due: due.astimezone(zone).replace(tzinfo=None) <= last, instants)


def _not_before(schedule: Schedule, zone: ZoneInfo, after: datetime) -> datetime:
    if schedule.starts is None:
        return after
    return max(after, _opening(schedule.starts, zone) - _TICK)


def _opening(day: date, zone: ZoneInfo) -> datetime:
    """Give the instant a local day begins."""
    midnight = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
    return _instant(day, time(), zone) or midnight


@lru_cache(maxsize=4096)
def _calendar(
    rule: Daily | Weekly | Monthly | NthWeekday | NthWorkday | Cron, exceptions: Exceptions
) -> _Calendar:
    if isinstance(rule, Cron):
        fields = crontab.parse(rule.expression)
        return _Calendar(
            days=without(fields.days, exceptions),
            times=fields.times,
            follows_elapsed_time=fields.follows_elapsed_time,
        )
    times = tuple(sorted(set(rule.times)))
    return _Calendar(days=without(days_of(rule), exceptions), times=times)


def _fixed(
    calendar: _Calendar, zone: ZoneInfo, schedule: Schedule, after: datetime
) -> Iterator[datetime]:
    today = after.astimezone(zone).date()
    first = max(today, schedule.starts) if schedule.starts else today
    for day in _matching(calendar.days, first, schedule.ends or _LAST_DAY):
        for at in calendar.times:
            if day == schedule.ends and schedule.ends_at is not None and at > schedule.ends_at:
                return
            due = _instant(day, at, zone)
            if due is not None and due > after:
                yield due
                after = due


def _matching(days: DaySet, first: date, last: date) -> Iterator[date]:
    day, found = first, first.toordinal()
    while day <= last and day.toordinal() - found <= _SEARCH_DAYS:
        if days.include(day):
            yield day
            found = day.toordinal()
        day = days.later(day)


def _elapsed(calendar: _Calendar, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    start = after.astimezone(UTC).replace(second=0, microsecond=0) + _MINUTE
    while True:
        local = start.astimezone(zone).date()
        day = next(_matching(calendar.days, local, _LAST_DAY), None)
        if day is None:
            return
        start = start if day == local else max(start, _opening(day, zone))
        offset = start.astimezone(zone).utcoffset() or timedelta()
        end = _next_change(zone, start, _WEEK_S)
        for wall in _walls(calendar, start + offset, end + offset):
            yield wall - offset
        start = end


def _walls(calendar: _Calendar, start: datetime, end: datetime) -> Iterator[datetime]:
    """Give the matching wall times from `start` to before `end`, all three worn as if UTC."""
    times, day = calendar.times, start.date()
    while day <= end.date():
        if calendar.days.include(day):
            low = bisect_left(times, start.time()) if day == start.date() else 0
            high = bisect_left(times, end.time()) if day == end.date() else len(times)
            for at in times[low:high]:
                yield datetime.combine(day, at, tzinfo=UTC)
        day += _DAY


def _interval(
    rule: Every, exceptions: Exceptions, zone: ZoneInfo, after: datetime
) -> Iterator[datetime]:
    step, anchor = timedelta(seconds=rule.seconds), rule.anchor.astimezone(UTC)
    days = _allowed(rule, exceptions)
    if days is None:
        due = anchor + max(0, (after - anchor) // step + 1) * step
        while due < _LAST_INSTANT:
            yield due
            due += step
        return
    quiet = timedelta(days=_SEARCH_DAYS) + 8 * step
    quiet_until = max(after, anchor) + quiet
    while True:
        due = anchor + max(0, (after - anchor) // step + 1) * step
        if due.date() >= _LAST_DAY or due > quiet_until:
            return
        if not days.include(local := due.astimezone(zone).date()):
            day = next(_matching(days, local + _DAY, _LAST_DAY), None)
            if day is None:
                return
            after = max(due, _opening(day, zone) - _TICK)
            continue
        yield due
        after, quiet_until = due, due + quiet


def _allowed(rule: Every, exceptions: Exceptions) -> DaySet | None:
    """Give the local days an interval is limited to; None where all of them count."""
    if not rule.weekdays and exceptions == NO_EXCEPTIONS:
        return None
    weekdays = rule.weekdays or tuple(Weekday)
    return without(days_of(Weekly(weekdays=weekdays, times=())), exceptions)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """Give the one instant a fixed wall time runs at; None if its whole day never was."""
    wall = datetime.combine(day, at, tzinfo=zone)
    due = wall.astimezone(UTC)
    if due.astimezone(zone) == wall:
        return due
    before_gap = wall.replace(fold=1).astimezone(UTC)
    gap = due - before_gap
    if gap >= _DAY:
        return None
    opened = _next_change(zone, before_gap, int(gap.total_seconds()))
    return opened if opened.second == 0 else opened.replace(second=0) + _MINUTE


def _next_change(zone: ZoneInfo, start: datetime, seconds: int) -> datetime:
    """Give the first instant with another offset than `start`, at most `seconds` later."""
    offset = start.astimezone(zone).utcoffset()

    def changed(later: int) -> bool:
        moment = start + timedelta(seconds=later)
        return moment.astimezone(zone).utcoffset() != offset

    if not changed(seconds):
        return start + timedelta(seconds=seconds)
    return start + timedelta(seconds=bisect_left(range(seconds), True, key=changed))
