"""Days in words, from the start and the end of a month and a week, for `scheduler.sentences`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby

from scheduler.crontab import EVERY_WEEK, LAST, Days
from storage.schedules import Exceptions, Weekday

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", LAST: "last"}
_ALTERNATE = (list(range(1, 32, 2)), list(range(2, 32, 2)))
_LISTED = 6  # longer lists of a cron are a range, or stay an expression


def listed(words: Sequence[str]) -> str:
    """Say words one after the other, as in "this, that and another"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def ordinal(number: int) -> str:
    """Say a number as a place, as in "22nd"."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(0 if number in (11, 12, 13) else number % 10, "th")
    return f"{number}{ending}"


def which(nth: int) -> str:
    """Say which one of a month, from its start or its end: "second", "second-to-last", "last"."""
    if nth == LAST:
        return "last"
    said = _NTH.get(abs(nth)) or ordinal(abs(nth))
    return said if nth > 0 else f"{said}-to-last"


def dated(day: date) -> str:
    """Say a day with its weekday and year, as in "Thu 5 Mar 2026"."""
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def of_months(months: Sequence[int]) -> str:
    """Say of which months a day is: all, some, or one of each year."""
    if not months:
        return "of every month"
    return f"of {listed(_named(months))}{' every year' if len(months) == 1 else ''}"


def month_days(days: Iterable[int]) -> str:
    """Say days of a month, however many; those counted from its end stand last."""
    numbers = sorted(set(days), key=lambda day: (day < 0, day))
    if numbers in _ALTERNATE:
        return "on the odd days" if numbers[0] == 1 else "on the even days"
    ahead = [day for day in numbers if day > 0]
    spans = len(ahead) == len(numbers) and len(ahead) > 2
    if spans and ahead[-1] - ahead[0] + 1 == len(ahead):
        return f"on the {ordinal(ahead[0])} to {ordinal(ahead[-1])}"
    return f"on the {listed([_month_day(day) for day in numbers])}"


def counted_weekdays(nths: Iterable[tuple[int, Weekday]]) -> str:
    """Say weekdays by which of the month they are: "first and third Monday and last Friday"."""
    return listed(
        [
            f"{listed([which(nth) for nth, _ in some])} {WEEKDAYS[day]}"
            for day, some in groupby(nths, key=lambda pair: pair[1])
        ]
    )


def plain_weekdays(weekdays: Iterable[int]) -> str:
    """Say days of every week: "every day", "Monday to Friday", "Mondays and Fridays"."""
    plain = sorted({int(day) for day in weekdays})
    if len(plain) == 7:
        return "every day"
    ends = run_of(plain, 7)
    if ends and len(plain) > 2:
        return f"{WEEKDAYS[ends[0]]} to {WEEKDAYS[ends[1]]}"
    return listed([f"{WEEKDAYS[day]}s" for day in plain])


def left_out(out: Exceptions) -> str:
    """Say the days of exceptions, the widest first: "Fridays, the 1st of the month and 25 May"."""
    said = _named(out.months)
    said += [f"{WEEKDAYS[day]}s" for day in out.weekdays]
    ahead_first = sorted(out.monthdays, key=lambda day: (day < 0, day))
    dates = [f"the {_month_day(day)}" for day in ahead_first]
    said += [*dates[:-1], f"{dates[-1]} of the month"] if dates else []
    said += [f"{day} {MONTHS[month - 1]}" for month, day in out.yearly]
    said += [f"{day.day} {MONTHS[day.month - 1]} {day.year}" for day in out.dates]
    return listed(said if out.holidays is None else [*said, "holidays"])


def cron_days(days: Days) -> str:
    """Say the days of a cron; empty where words would be longer than the expression."""
    if days == Days():
        return "every day"
    dates = "" if days.monthdays is None else _dates(days.monthdays)
    weekdays = "" if days.weekdays is None else _weekdays(days.weekdays)
    if (days.monthdays is not None and not dates) or (days.weekdays is not None and not weekdays):
        return ""
    months = "" if days.months is None else _spans(sorted(days.months), lambda n: MONTHS[n - 1])
    if not dates:
        return f"{weekdays or 'every day'} in {months}" if months else _weekly(days, weekdays)
    if weekdays:
        if not days.either or months:
            return ""
        return f"{dates} of every month and {_weekly(days, weekdays, 'on ')}"
    yearly = " every year" if days.months is not None and len(days.months) == 1 else ""
    return f"{dates} of {months or 'every month'}{yearly}"


def run_of(numbers: Sequence[int], span: int) -> tuple[int, int] | None:
    """Give the ends of an unbroken run round a clock of `span`; None if it is broken."""
    starts = [n for n in numbers if (n - 1) % span not in numbers]
    if len(starts) > 1:
        return None
    first = starts[0] if starts else numbers[0]
    return first, (first + len(numbers) - 1) % span


def _named(months: Iterable[int]) -> list[str]:
    return [MONTHS[month - 1] for month in months]


def _month_day(day: int) -> str:
    return ordinal(day) if day > 0 else f"{which(day)} day"


def _weekly(days: Days, said: str, on: str = "") -> str:
    nth = any(which != EVERY_WEEK for _, which in days.weekdays or ())
    if nth:
        return f"{said} of every month"
    return said if " to " in said else f"{on}{said}"


def _dates(monthdays: frozenset[int]) -> str:
    numbers = sorted(day for day in monthdays if day > 0)
    said = []
    if numbers in _ALTERNATE:
        said.append("odd days" if numbers[0] == 1 else "even days")
    elif numbers:
        said.append(_spans(numbers, ordinal))
    if LAST in monthdays:
        said.append("last day")
    return "on the " + " and ".join(said) if all(said) else ""


def _weekdays(weekdays: frozenset[tuple[int, int]]) -> str:
    plain = [day for day, nth in weekdays if nth == EVERY_WEEK]
    if len(plain) == len(weekdays):
        return plain_weekdays(plain)
    nths = sorted(weekdays, key=lambda pair: (pair[1] if pair[1] > 0 else 6, pair[0]))
    if plain or len(nths) > _LISTED:
        return ""
    return "on the " + listed([f"{_NTH[nth]} {WEEKDAYS[day]}" for day, nth in nths])


def _spans(numbers: Sequence[int], name: Callable[[int], str]) -> str:
    """Say numbers as a span ("1st to 7th") or as a list; empty if the list would be long."""
    if len(numbers) > 2 and numbers[-1] - numbers[0] + 1 == len(numbers):
        return f"{name(numbers[0])} to {name(numbers[-1])}"
    return "" if len(numbers) > _LISTED else listed([name(number) for number in numbers])
