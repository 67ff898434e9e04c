"""Schedules and instants in plain English, for cards, answers and the command line; pure.

The zone is not part of a sentence: whoever shows one adds `zone_name`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from itertools import groupby

from scheduler import crontab
from scheduler.crontab import EVERY_WEEK, LAST, Days, Fields
from scheduler.recurrence import find_zone
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

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", LAST: "last"}
_UTC = {"UTC", "GMT", "Etc/UTC", "Etc/GMT", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu", "Universal"}
_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_ALTERNATE = (list(range(1, 32, 2)), list(range(2, 32, 2)))
_STEPS = 5  # fewer times are said one by one
_LISTED = 6  # longer lists are a frequency or a range, or stay an expression


def sentence(schedule: Schedule) -> str:
    """Say when the schedule runs, as in "every day at 08:00, until Fri 27 Mar 2026"."""
    rule = schedule.rule
    rules = rule.rules if isinstance(rule, Several) else (rule,)
    said = [" and ".join(_rule(single, schedule.zone) for single in rules)]
    if schedule.exceptions != NO_EXCEPTIONS:
        said.append(f"except {_exceptions(schedule.exceptions)}")
    if schedule.starts is not None:
        said.append(f"from {_dated(schedule.starts)}")
    if schedule.ends is not None:
        at = "" if schedule.ends_at is None else f" at {schedule.ends_at:%H:%M}"
        said.append(f"until {_dated(schedule.ends)}{at}")
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


def _rule(rule: Single, zone: str) -> str:
    match rule:
        case Cron(expression=expression):
            return _cron(crontab.parse(expression)) or f"on cron `{expression}`"
        case Every(seconds=seconds, anchor=anchor):
            start = anchor.astimezone(find_zone(zone))
            since = f"{start:%H:%M}"
            if seconds % 86_400 == 0:
                since = f"{_dated(start.date())} at {since}"
            days = f" {_on_weekdays(rule.weekdays)}" if rule.weekdays else ""
            return f"{_interval(seconds)}{days}, from {since}"
        case Once(on=on, at=at):
            return f"once, {_dated(on)} at {at:%H:%M}"
        case _:
            return _on_days(rule)


def _on_days(rule: Daily | Weekly | Monthly | NthWeekday | NthWorkday) -> str:
    times = rule.times
    match rule:
        case Daily(every=1):
            return _stepped(times, "", wraps=True) or f"every day {_at(times)}"
        case Daily(every=every, anchor=anchor):
            return f"every {every} days {_at(times)}{_counted_from(anchor)}"
        case Weekly(weekdays=weekdays, every=1):
            said = _on_weekdays(weekdays)
            return _stepped(times, said, wraps=False) or f"{said} {_at(times)}"
        case Weekly(weekdays=weekdays, every=every, anchor=anchor):
            said = f"every {every} weeks {_on_weekdays(weekdays)} {_at(times)}"
            return said + _counted_from(anchor)
        case Monthly(days=monthdays, months=months):
            dates = _days(Days(monthdays=frozenset(monthdays))) or _each_date(monthdays)
            return f"{_in_months(dates, months)} {_at(times)}"
        case NthWeekday(nths=nths, months=months):
            said = _listed([f"{_which(nth)} {_WEEKDAYS[day]}" for nth, day in nths])
            return f"{_in_months(f'on the {said} of every month', months)} {_at(times)}"
        case NthWorkday(nths=nths, months=months):
            said = f"on the {_listed([_which(nth) for nth in nths])} workday of every month"
            return f"{_in_months(said, months)} {_at(times)}"


def _on_weekdays(weekdays: Iterable[Weekday]) -> str:
    return _days(Days(weekdays=frozenset((int(day), EVERY_WEEK) for day in weekdays)))


def _counted_from(anchor: date | None) -> str:
    return "" if anchor is None else f", counted from {_dated(anchor)}"


def _in_months(said: str, months: Sequence[int]) -> str:
    """Say the months instead of "every month", where there are some."""
    named = _listed([_MONTHS[month - 1] for month in months]) if months else "every month"
    return said.replace("every month", named)


def _which(nth: int) -> str:
    """Say which one from the start or the end of a month: "second", "last", "second-to-last"."""
    if nth == -1:
        return "last"
    said = _NTH.get(abs(nth)) or _ordinal(abs(nth))
    return said if nth > 0 else f"{said}-to-last"


def _exceptions(out: Exceptions) -> str:
    """Say what is left out, the widest first."""
    said = [_MONTHS[month - 1] for month in out.months]
    said += [f"{_WEEKDAYS[day]}s" for day in out.weekdays]
    said += [f"the {_ordinal(day) if day > 0 else _which(day) + ' day'}" for day in out.monthdays]
    said += [f"{day} {_MONTHS[month - 1]}" for month, day in out.yearly]
    return _listed(said + [_dated(day) for day in out.dates])


def _stepped(times: Iterable[time], days: str, *, wraps: bool) -> str:
    """Say five and more times in even steps as a window; empty where the steps are not even.

    A window of every day may go past midnight (`wraps`), as "from 22:00 to 06:00" does.
    """
    minutes = sorted({at.hour * 60 + at.minute for at in times})
    if len(minutes) < _STEPS:
        return ""
    ahead = [
        (after - one) % 1440 for one, after in zip(minutes, [*minutes[1:], minutes[0]], strict=True)
    ]
    step = min(ahead)
    breaks = [place for place, gap in enumerate(ahead) if gap != step]
    last = breaks[0] if breaks else len(minutes) - 1
    if len(breaks) > 1 or (last != len(minutes) - 1 and not wraps):
        return ""
    first = minutes[(last + 1) % len(minutes)]
    window = f"from {_clock(first)} to {_clock(minutes[last])}"
    return ", ".join(filter(None, (f"{_interval(60 * step)} {window}", days)))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _interval(seconds: int) -> str:
    size, unit = next((size, unit) for size, unit in _UNITS if seconds % size == 0)
    number = seconds // size
    return f"every {unit}" if number == 1 else f"every {number} {unit}s"


def _cron(fields: Fields) -> str:
    """Say a cron expression in words; empty where words would be longer than the expression."""
    days = _days(fields.days)
    if not days:
        return ""
    if len(fields.times) <= _LISTED and not _is_frequent(fields):
        return f"{days} {_at(fields.times)}"
    pace = _pace(fields)
    if not pace:
        return ""
    return pace if fields.days == Days() else f"{pace}, {days}"


def _is_frequent(fields: Fields) -> bool:
    """Say whether the hours are a full day in even steps, as "every 6 hours" has them."""
    step = _step(fields.hours, 24)
    return bool(step) and len(fields.hours) > 2 and len(fields.minutes) == 1


def _pace(fields: Fields) -> str:
    minutes = fields.minutes
    if len(minutes) == 1:
        return _hourly(fields)
    step = _step(minutes, 60)
    if step and not minutes[0]:
        return _within(_interval(60 * step), fields)
    return _within(f"{_past(minutes)} every hour", fields) if len(minutes) <= _LISTED else ""


def _hourly(fields: Fields) -> str:
    hours, first, last = fields.hours, fields.times[0], fields.times[-1]
    step = _step(hours, 24)
    if step == 1:
        return f"every hour {_past(fields.minutes)}" if first.minute else "every hour"
    if step:
        return _interval(3600 * step) + (f", from {first:%H:%M}" if first != time() else "")
    step = hours[1] - hours[0]
    if hours == tuple(range(hours[0], hours[-1] + 1, step)):
        return f"{_interval(3600 * step)} from {first:%H:%M} to {last:%H:%M}"
    return _within("every hour", fields)


def _within(often: str, fields: Fields) -> str:
    ends = _run(fields.hours, 24)
    if ends is None or len(fields.hours) == 24:
        return often if ends else ""
    first, last = time(ends[0], fields.minutes[0]), time(ends[1], fields.minutes[-1])
    return f"{often} from {first:%H:%M} to {last:%H:%M}"


def _past(minutes: Sequence[int]) -> str:
    return "at " + _listed([f":{minute:02d}" for minute in minutes])


def _step(numbers: Sequence[int], span: int) -> int:
    """Give the even distance that carries the numbers round the whole clock; 0 if there is none."""
    step = span // len(numbers)
    even = list(range(numbers[0], span, step)) == list(numbers)
    return step if even and span % step == 0 else 0


def _run(numbers: Sequence[int], span: int) -> tuple[int, int] | None:
    """Give the ends of an unbroken run round a clock of `span`; None if it is broken."""
    starts = [n for n in numbers if (n - 1) % span not in numbers]
    if len(starts) > 1:
        return None
    first = starts[0] if starts else numbers[0]
    return first, (first + len(numbers) - 1) % span


def _days(days: Days) -> str:
    """Say which days; empty where words would be longer than the expression."""
    if days == Days():
        return "every day"
    dates = "" if days.monthdays is None else _dates(days.monthdays)
    weekdays = "" if days.weekdays is None else _weekdays(days.weekdays)
    if (days.monthdays is not None and not dates) or (days.weekdays is not None and not weekdays):
        return ""
    months = "" if days.months is None else _spans(sorted(days.months), lambda n: _MONTHS[n - 1])
    if not dates:
        return f"{weekdays or 'every day'} in {months}" if months else _weekly(days, weekdays)
    if weekdays:
        if not days.either or months:
            return ""
        return f"{dates} of every month and {_weekly(days, weekdays, 'on ')}"
    yearly = "every year " if days.months is not None and len(days.months) == 1 else ""
    return f"{yearly}{dates} of {months or 'every month'}"


def _weekly(days: Days, said: str, on: str = "") -> str:
    nth = any(which != EVERY_WEEK for _, which in days.weekdays or ())
    if nth:
        return f"{said} of every month"
    return said if " to " in said else f"{on}{said}"


def _each_date(monthdays: Iterable[int]) -> str:
    """List the days of a month, however many; those counted from its end stand last."""
    numbers = sorted(monthdays, key=lambda day: (day < 0, day))
    said = [_ordinal(day) if day > 0 else f"{_which(day)} day" for day in numbers]
    return f"on the {_listed(said)} of every month"


def _dates(monthdays: frozenset[int]) -> str:
    numbers = sorted(day for day in monthdays if day > 0)
    said = []
    if numbers in _ALTERNATE:
        said.append("odd days" if numbers[0] == 1 else "even days")
    elif numbers:
        said.append(_spans(numbers, _ordinal))
    if LAST in monthdays:
        said.append("last day")
    if not all(said) or any(day < LAST for day in monthdays):
        return ""
    return "on the " + " and ".join(said)


def _weekdays(weekdays: frozenset[tuple[int, int]]) -> str:
    plain = sorted(day for day, which in weekdays if which == EVERY_WEEK)
    if len(plain) == len(weekdays):
        if len(plain) == 7:
            return "every day"
        ends = _run(plain, 7)
        if ends and len(plain) > 2:
            return f"{_WEEKDAYS[ends[0]]} to {_WEEKDAYS[ends[1]]}"
        return _listed([f"{_WEEKDAYS[day]}s" for day in plain])
    if plain:
        return ""
    nths = sorted(weekdays, key=lambda pair: (pair[1] if pair[1] > 0 else 6, pair[0]))
    if len(nths) > _LISTED:
        return ""
    return "on the " + _listed([f"{_NTH[which]} {_WEEKDAYS[day]}" for day, which in nths])


def _spans(numbers: Sequence[int], name: Callable[[int], str]) -> str:
    """Say numbers as a span ("1st to 7th") or as a list; empty if the list would be long."""
    if len(numbers) > 2 and numbers[-1] - numbers[0] + 1 == len(numbers):
        return f"{name(numbers[0])} to {name(numbers[-1])}"
    return "" if len(numbers) > _LISTED else _listed([name(number) for number in numbers])


def _at(times: Iterable[time]) -> str:
    return "at " + _listed([f"{at:%H:%M}" for at in sorted(set(times))])


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(0 if number in (11, 12, 13) else number % 10, "th")
    return f"{number}{ending}"


def _dated(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def _month(day: date, today: date) -> str:
    return f"{day:%b}" if day.year == today.year else f"{day:%b} {day.year}"


def _today(zone: str, now: datetime) -> date:
    return now.astimezone(find_zone(zone)).date()
