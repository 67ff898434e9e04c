"""From the wall-clock slots of a filled form to a schedule, through the grammar's own facts.

What the message gives no ground for is assumed; what cannot be is misread.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.intent import dates, days, intervals, times, zones
from bot.intent.days import ALL_DAYS
from bot.intent.errors import Misread
from bot.intent.grounds import Heard
from bot.intent.intents import ScheduleChange, Unclear
from bot.intent.numbers import UNITS
from bot.intent.rulebook import Fact
from bot.intent.schedules import Planned, plan
from bot.intent.slots import When
from bot.intent.spelling import words
from bot.intent.tokens import tokenise
from scheduler.errors import BadSchedule
from scheduler.recurrence import check, find_zone
from storage.schedules import Weekday

_DAYS = dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), Weekday, strict=True))
_EDGES = words("first last end start beginning middle")
_HOW_OFTEN = words("hourly other second half quarter couple twice nightly daily weekly fortnight")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The moment and the zone a message was read in."""

    now: datetime
    zone: str

    @property
    def today(self) -> date:
        """Give the local day."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()


def schedule_of(when: When, heard: Heard, clock: Clock) -> Planned:
    """Build the schedule that the slots describe; raises Misread for one that can't be."""
    planned = plan(tuple(_facts(when, heard)), clock.now, clock.zone)
    if isinstance(planned, Unclear):
        raise Misread(planned.question)
    if planned.schedule is None:
        raise Misread("The slots of “when” make no schedule: say how it repeats, or its date.")
    try:
        check(planned.schedule, clock.now)
    except BadSchedule as wrong:
        raise Misread(f"{wrong} {wrong.fix}".strip()) from None
    return planned._replace(assumed=_assumed(when, planned.assumed, heard, clock))


def change_of(when: When, heard: Heard, clock: Clock) -> ScheduleChange:
    """Give what the slots change in a schedule; slots that are open stay as they are.

    Raises Misread for a change that the message gives no ground for.
    """
    guessed = _assumed(when, (), heard, clock)
    if guessed:
        raise Misread(f"The message does not say the {guessed[0]} that “when” holds.")
    common = ScheduleChange(
        zone=_zone(when.zone, heard),
        starts=_day(when.starts, "starts"),
        ends=_day(when.ends, "ends"),
        count=when.count,
    )
    at = _times(when)
    match when.repeats:
        case None | "once" if when.date is None and when.in_minutes is None:
            return replace(common, times=at, weekdays=_weekdays(when))
        case "daily":
            return replace(common, times=at, weekdays=ALL_DAYS)
        case "weekly" if when.weekdays and not when.months:
            return replace(common, times=at, weekdays=_weekdays(when))
        case _:
            planned = schedule_of(when, heard, clock)
            assert planned.schedule is not None
            return replace(common, rule=planned.schedule.rule, assumed=planned.assumed)


def _facts(when: When, heard: Heard) -> Iterator[Fact]:
    zone = _zone(when.zone, heard)
    if zone is not None:
        yield zones.Zone(iana=zone, text=str(when.zone))
    yield from _bounds(when)
    if when.in_minutes is not None:
        yield intervals.Delay(seconds=when.in_minutes * 60)
        return
    at = _times(when)
    if at:
        yield times.Clocks(clocks=tuple(times.Clock(at=one) for one in at))
    if when.between_from is not None and when.between_to is not None:
        first, last = _time(when.between_from), _time(when.between_to)
        yield times.Window(first=times.Clock(at=first), last=times.Clock(at=last))
    yield from _days(when, heard)


def _days(when: When, heard: Heard) -> Iterator[Fact]:
    if when.months:
        if not all(1 <= month <= 12 for month in when.months):
            raise Misread("A month is a number from 1 to 12.")
        yield days.Months(months=tuple(sorted(set(when.months))))
    match when.repeats:
        case "interval":
            yield _interval(when)
            if when.weekdays:
                yield days.Days(weekdays=_weekdays(when))
        case "daily":
            yield days.Days(weekdays=ALL_DAYS)
        case "weekly":
            yield days.Days(weekdays=_weekdays(when)) if when.weekdays else days.Period(name="week")
        case "monthly":
            yield _in_month(when)
        case _:
            yield from _single(when, heard)


def _single(when: When, heard: Heard) -> Iterator[Fact]:
    on = _day(when.date, "date")
    if on is not None and heard.names_other_weekday(on):
        raise Misread(f"{on.isoformat()} is a {on:%A}; the message names another weekday.")
    if on is not None:
        yield dates.Day(on=on)
    elif when.weekdays:
        yield days.Days(weekdays=_weekdays(when), sure=False)


def _interval(when: When) -> Fact:
    if when.every is None or when.unit is None or when.every < 1:
        raise Misread("An interval needs “every” (1 or more) and “unit”.")
    if when.unit == "days" and when.every == 1:
        return days.Days(weekdays=ALL_DAYS)
    return intervals.Interval(seconds=when.every * UNITS[when.unit.removesuffix("s")])


def _in_month(when: When) -> Fact:
    if when.weeks_of_month:
        if len(_weekdays(when)) != 1 or not set(when.weeks_of_month) <= {1, 2, 3, 4, 5, -1}:
            raise Misread("“weeks_of_month” holds 1 to 5, or -1 for the last, with one weekday.")
        nths = tuple(sorted(set(when.weeks_of_month)))
        return days.NthDay(nths=nths, weekday=_weekdays(when)[0])
    if not when.month_days:
        return days.Period(name="month")
    if not all(day == -1 or 1 <= day <= 31 for day in when.month_days):
        raise Misread("“month_days” holds 1 to 31, or -1 for the last day.")
    return days.MonthDays(days=tuple(sorted(set(when.month_days))))


def _bounds(when: When) -> Iterator[Fact]:
    starts, ends = _day(when.starts, "starts"), _day(when.ends, "ends")
    if starts is not None:
        yield intervals.Starting(on=starts)
    if ends is not None:
        yield intervals.Until(on=ends)
    if when.count is not None:
        yield intervals.Count(times=when.count)


def _assumed(when: When, assumed: tuple[str, ...], heard: Heard, clock: Clock) -> tuple[str, ...]:
    """Name the slots for which the message gives no ground, after those the rules assumed."""
    slots = list(assumed)
    windowed = [_time(text) for text in (when.between_from, when.between_to) if text is not None]
    if not all(heard.says_time(at) for at in (*_times(when), *windowed)):
        slots.append("time")
    if not _days_are_said(when, heard):
        slots.append("day")
    named = [_day(text, "date") for text in (when.date, when.starts, when.ends)]
    if not all(on is None or heard.says_date(on, clock.today) for on in named):
        slots.append("date")
    if when.in_minutes is not None and not _is_said_as(when.in_minutes, heard):
        slots.append("time")
    return tuple(dict.fromkeys(slots))


def _days_are_said(when: When, heard: Heard) -> bool:
    match when.repeats:
        case "daily":
            return heard.says_weekdays(ALL_DAYS)
        case "weekly":
            return heard.says_weekdays(_weekdays(when))
        case "monthly":
            on = (*(when.month_days or ()), *(when.weeks_of_month or ()))
            return all(day in heard.numbers or bool(heard.words & _EDGES) for day in on)
        case "interval":
            return when.every == 1 or when.every in heard.numbers or bool(heard.words & _HOW_OFTEN)
        case _:
            return True


def _is_said_as(minutes: int, heard: Heard) -> bool:
    units = (1, 60, 1440, 10_080)
    said = any(minutes % unit == 0 and minutes // unit in heard.numbers for unit in units)
    return said or (minutes in units and bool(heard.words & {"a", "an"}))


def _zone(said: str | None, heard: Heard) -> str | None:
    """Give the IANA name of a zone that was said; raises Misread for one that nobody said."""
    if said is None or not said.strip():
        return None
    if not heard.names_it(said.replace("/", " ").replace("_", " ").rpartition(" ")[2]):
        raise Misread(f"The message names no zone “{said[:40]}”; leave zone null.")
    found = zones.zone(tokenise(f"09:00 {said} time"), 1)
    if found is not None:
        return found.value.iana
    try:
        return find_zone(said).key
    except BadSchedule:
        raise Misread(f"There is no zone “{said[:40]}”.") from None


def _times(when: When) -> tuple[time, ...]:
    return tuple(sorted({_time(text) for text in when.times or ()}))


def _time(text: str) -> time:
    try:
        at = time.fromisoformat(text)
    except ValueError:
        raise Misread(f"“{text[:20]}” is not a time; write it as HH:MM.") from None
    if at.tzinfo is not None or at.second or at.microsecond:
        raise Misread("A time is HH:MM on the wall clock, without seconds or zone.")
    return at


def _day(text: str | None, name: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Misread(f"“{name}” is not a date; write it as YYYY-MM-DD.") from None


def _weekdays(when: When) -> tuple[Weekday, ...]:
    return tuple(sorted({_DAYS[day] for day in when.weekdays or ()}))
