"""Holidays out of a file: whole-day events of a calendar (.ics), or one date a line; pure.

Of iCalendar only what lists of holidays hold is read: single days, spans of days, and days that
come back every year. An event with a time of day is no holiday. What can't be read is refused, so
that no holiday is missed in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.errors import Refused

MOST_DAYS = 2_000
YEARS_AHEAD = 10
"""How long a day that comes back every year is written down."""
LONGEST_SPAN = 60
_NAME_LIMIT = 80
_DAY = timedelta(days=1)
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})")
_LINE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[\s,;:]+(.*))?")
_ESCAPED = re.compile(r"\\(.)")
_EXAMPLE = "Write a date and a name on each line: 2026-12-25 Christmas Day."


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """A day and what it is called."""

    day: date
    name: str = ""


def read_holidays(text: str, today: date) -> tuple[Holiday, ...]:
    """Give the holidays of a file in order, each day once; raises Refused for what is no list."""
    is_calendar = "BEGIN:VCALENDAR" in text[:1_000].upper()
    named: dict[date, str] = {}
    for holiday in _of_calendar(text, today) if is_calendar else _of_lines(text):
        named[holiday.day] = named.get(holiday.day) or holiday.name
        if len(named) > MOST_DAYS:
            raise Refused(
                f"It names more than {MOST_DAYS:,} days.", fix="Take a list of holidays alone."
            )
    if not named:
        raise Refused("It names no holiday.", fix=_EXAMPLE)
    return tuple(Holiday(day=day, name=named[day]) for day in sorted(named))


def _of_lines(text: str) -> Iterator[Holiday]:
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        said = line.partition("#")[0].strip()
        if not said:
            continue
        found = _LINE.fullmatch(said)
        try:
            day = date.fromisoformat(found[1]) if found else None
        except ValueError:
            day = None
        if found is None or day is None:
            raise Refused(f"I can't read line {number}: “{said[:60]}”.", fix=_EXAMPLE)
        yield Holiday(day=day, name=_named(found[2] or ""))


def _of_calendar(text: str, today: date) -> Iterator[Holiday]:
    for event in _events(text):
        if event.get("STATUS", "").upper() == "CANCELLED" or "T" in event.get("DTSTART", ""):
            continue
        yield from _days_of(event, today)


def _events(text: str) -> Iterator[Mapping[str, str]]:
    """Give the properties of each event; of what an event holds in turn, such as alarms, none."""
    inside: dict[str, str] | None = None
    depth = 0
    for line in _unfolded(text.splitlines()):
        head, colon, value = line.partition(":")
        name, word = head.partition(";")[0].upper(), value.strip().upper()
        if not colon:
            continue
        if name == "BEGIN" and inside is None and word == "VEVENT":
            inside, depth = {}, 0
        elif inside is not None and name == "BEGIN":
            depth += 1
        elif inside is not None and name == "END" and depth:
            depth -= 1
        elif inside is not None and name == "END":
            yield inside
            inside = None
        elif inside is not None and not depth:
            inside.setdefault(name, value.strip())


def _unfolded(lines: Iterable[str]) -> Iterator[str]:
    """Put lines that go on in the next, which then begins with a space, back together."""
    whole = ""
    for line in lines:
        if line[:1] in (" ", "\t"):
            whole += line[1:]
            continue
        yield whole
        whole = line
    yield whole


def _days_of(event: Mapping[str, str], today: date) -> Iterator[Holiday]:
    name = _named(_ESCAPED.sub(r"\1", event.get("SUMMARY", "")))
    first = _stamp(event.get("DTSTART", ""), name)
    end = _stamp(event["DTEND"], name) if event.get("DTEND") else first + _DAY
    length = max((end - first).days, 1)
    if length > LONGEST_SPAN:
        raise Refused(f"“{name}” lasts {length} days.", fix="Take a list of holidays alone.")
    for begins in _repeated(first, event.get("RRULE", ""), name, today):
        yield from (Holiday(day=begins + n * _DAY, name=name) for n in range(length))


def _repeated(first: date, rule: str, name: str, today: date) -> Iterator[date]:
    """Give a day, and the same day of the years after it where it comes back every year."""
    if not rule:
        yield first
        return
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    of_day = {"BYMONTH": str(first.month), "BYMONTHDAY": str(first.day), "INTERVAL": "1"}
    plain = all(
        of_day.get(key) == value
        for key, value in parts.items()
        if key not in ("FREQ", "UNTIL", "COUNT", "WKST")
    )
    if parts.get("FREQ") != "YEARLY" or not plain:
        raise Refused(
            f"“{name}” comes back by a rule that I can't read.",
            fix="Export it as single days, one event for each year.",
        )
    until = parts.get("UNTIL")
    last = date(today.year + YEARS_AHEAD, 12, 31) if until is None else _stamp(until, name)
    count = int(parts["COUNT"]) if parts.get("COUNT", "").isdecimal() else None
    years = range(first.year, min(last.year, today.year + YEARS_AHEAD) + 1)
    leap_day = (first.month, first.day) == (2, 29)
    days = (first.replace(year=y) for y in years if not leap_day or _is_leap(y))
    for number, day in enumerate(days):
        if day > last or number == count:
            return
        yield day


def _stamp(value: str, name: str) -> date:
    found = _STAMP.match(value)
    try:
        return date(*map(int, found.groups())) if found else date.fromisoformat("")
    except ValueError:
        raise Refused(
            f"The event “{name}” has no day that I can read.", fix="Mend or remove it."
        ) from None


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _named(text: str) -> str:
    return " ".join(text.split())[:_NAME_LIMIT]
