"""Schedules and instants in plain English, for cards, answers and the command line; pure.

The sentence of a schedule is language that `bot.intent` reads: it gives the same schedule back.
The zone is not part of a sentence: whoever shows one adds `zone_name`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby

from scheduler import crontab
from scheduler.day_words import (
    WEEKDAYS,
    counted_weekdays,
    dated,
    left_out,
    listed,
    month_days,
    of_months,
    plain_weekdays,
    which,
)
from scheduler.recurrence import find_zone
from scheduler.time_words import at_times, cron_words, interval, overnight, window
from storage.schedules import (
    NO_EXCEPTIONS,
    Cron,
    Daily,
    Every,
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

_UTC = {"UTC", "GMT", "Etc/UTC", "Etc/GMT", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu", "Universal"}
_DAY_S = 86_400
_COUNTED = 4


def sentence(schedule: Schedule) -> str:
    """Say when the schedule runs, as in "every day at 08:00, until Fri 27 Mar 2026"."""
    said = [_joined(_parts(schedule))]
    if schedule.exceptions != NO_EXCEPTIONS:
        said.append(f"except {left_out(schedule.exceptions)}")
    if schedule.starts is not None:
        said.append(f"from {dated(schedule.starts)}")
    if schedule.ends is not None:
        at = "" if schedule.ends_at is None else f" at {schedule.ends_at:%H:%M}"
        said.append(f"until {dated(schedule.ends)}{at}")
    if schedule.count is not None:
        said.append("1 time" if schedule.count == 1 else f"{schedule.count} times")
    return ", ".join(said)


def zone_name(zone: str) -> str:
    """Say a zone by its city, as in "New York time"."""
    if zone in _UTC:
        return "UTC"
    if zone.startswith("Etc/GMT"):
        hours = int(zone.removeprefix("Etc/GMT"))
        return f"UTC{-hours:+d}" if hours else "UTC"  # these names count westwards
    return f"{zone.rpartition('/')[2].replace('_', ' ')} time"


def moment(instant: datetime, zone: str, now: datetime) -> str:
    """Say one instant on the zone's wall, as in "Tue 10 Mar 08:00"; another year is named."""
    local = instant.astimezone(find_zone(zone))
    return f"{local:%a} {local.day} {_month(local, _today(zone, now))} {local:%H:%M}"


def moments(instants: Iterable[datetime], zone: str, now: datetime) -> str:
    """Say several rising instants in one line, as in "Tue 10, Wed 11, Thu 12 Mar".

    The time is left out where it is always the same, the weekday where a list has but one.
    """
    local, today = [instant.astimezone(find_zone(zone)) for instant in instants], _today(zone, now)
    days = [(day, list(group)) for day, group in groupby(local, key=datetime.date)]
    if len({at.time() for at in local}) > 1 or len(days) < len(local):
        return " · ".join(
            f"{day:%a} {day.day} {_month(day, today)} " + ", ".join(f"{at:%H:%M}" for at in group)
            for day, group in days
        )
    one_weekday = len(days) > 1 and len({day.weekday() for day, _ in days}) == 1
    said = []
    for _, group in groupby((day for day, _ in days), key=lambda day: (day.year, day.month)):
        month = list(group)
        names = [f"{day.day}" if one_weekday else f"{day:%a} {day.day}" for day in month]
        said.append(f"{', '.join(names)} {_month(month[0], today)}")
    return ", ".join(said)


def _parts(schedule: Schedule) -> list[str]:
    """Say each rule; a window past midnight, which is two rules, is said as one."""
    rule = schedule.rule
    rules = list(_pieces(rule.rules if isinstance(rule, Several) else (rule,)))
    said, place = [], 0
    while place < len(rules):
        night = _night(rules[place], rules[place + 1]) if place + 1 < len(rules) else ""
        said.append(night or _rule(rules[place], schedule))
        place += 2 if night else 1
    return said


def _pieces(rules: Iterable[Single]) -> Iterator[Single]:
    """Cut rules of more counted weekdays than one can take in at once."""
    for rule in rules:
        if not isinstance(rule, NthWeekday):
            yield rule
            continue
        for place in range(0, len(rule.nths), _COUNTED):
            yield replace(rule, nths=rule.nths[place : place + _COUNTED])


def _joined(parts: Sequence[str]) -> str:
    """Join the rules of a schedule so that none runs into the next."""
    if len(parts) == 1:
        return parts[0]
    plain = len(parts) == 2 and not any("," in part or " and " in part for part in parts)
    if plain:
        return " and ".join(parts)
    return ", and also ".join(parts)


def _night(rule: Single, following: Single) -> str:
    """Say two rules that are one window past midnight; empty where they aren't."""
    match rule, following:
        case Weekly(every=1), Weekly(every=1):
            days_after = {Weekday((day + 1) % 7) for day in rule.weekdays}
            if days_after != set(following.weekdays):
                return ""
            hours = overnight(rule.times, following.times)
            return hours and f"{hours}, {plain_weekdays(rule.weekdays)}"
        case _:
            return ""


def _rule(rule: Single, schedule: Schedule) -> str:
    match rule:
        case Cron(expression=expression):
            return cron_words(crontab.parse(expression)) or f"on cron `{expression}`"
        case Every(seconds=seconds, anchor=anchor, weekdays=weekdays):
            begin = anchor.astimezone(find_zone(schedule.zone))
            days = f" on {plain_weekdays(weekdays)}" if weekdays else ""
            alone = schedule.starts is None and not isinstance(schedule.rule, Several)
            plain = alone and seconds < _DAY_S
            since = "from" if plain else "counted from"
            return f"{interval(seconds)}{days}, {since} {dated(begin.date())} at {begin:%H:%M}"
        case Once(on=on, at=at):
            return f"once, {dated(on)} at {at:%H:%M}"
        case _:
            return f"{_on_days(rule)}{_counted_from(rule, schedule.starts)}"


def _on_days(rule: Daily | Weekly | Monthly | NthWeekday | NthWorkday) -> str:
    times = rule.times
    match rule:
        case Daily(every=1):
            return window(times, wraps=True) or f"every day {at_times(times)}"
        case Daily(every=every):
            return f"{_stride(every, 'day')} {at_times(times)}"
        case Weekly(weekdays=weekdays, every=1):
            days, hours = plain_weekdays(weekdays), window(times, wraps=False)
            return f"{hours}, {days}" if hours else f"{days} {at_times(times)}"
        case Weekly(weekdays=(weekday,), every=2):
            return f"every other {WEEKDAYS[weekday]} {at_times(times)}"
        case Weekly(weekdays=weekdays, every=every):
            days = "Monday to Sunday" if len(weekdays) == 7 else plain_weekdays(weekdays)
            return f"{_stride(every, 'week')} on {days} {at_times(times)}"
        case Monthly(days=days, months=months):
            return f"{month_days(days)} {of_months(months)} {at_times(times)}"
        case NthWeekday(nths=nths, months=months):
            return f"on the {counted_weekdays(nths)} {of_months(months)} {at_times(times)}"
        case NthWorkday(nths=nths, months=months):
            counted = listed([which(nth) for nth in nths])
            return f"on the {counted} business day {of_months(months)} {at_times(times)}"


def _stride(every: int, unit: str) -> str:
    return f"every other {unit}" if every == 2 else f"every {every} {unit}s"


def _counted_from(
    rule: Daily | Weekly | Monthly | NthWeekday | NthWorkday, starts: date | None
) -> str:
    """Name the day that days or weeks are counted from, where the start of it all isn't that."""
    match rule:
        case Daily(every=every, anchor=anchor) if every > 1 and anchor != starts:
            return "" if anchor is None else f", counted from {dated(anchor)}"
        case Weekly(every=every, anchor=anchor) if every > 1:
            first = None if starts is None else _first_on(rule, starts)
            return "" if anchor in (None, first) else f", counted from {dated(anchor)}"
        case _:
            return ""


def _first_on(rule: Weekly, day: date) -> date:
    """Give the first of the rule's weekdays from a day on."""
    return day + timedelta(days=min((weekday - day.weekday()) % 7 for weekday in rule.weekdays))


def _month(day: date, today: date) -> str:
    return f"{day:%b}" if day.year == today.year else f"{day:%b} {day.year}"


def _today(zone: str, now: datetime) -> date:
    return now.astimezone(find_zone(zone)).date()
