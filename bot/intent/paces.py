"""Rules of less than a day: every so many minutes or hours, all day long or in a window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from bot.intent import days, intervals, strides, times
from bot.intent.intents import Unclear
from bot.intent.rulebook import Fact
from bot.intent.rules import Ruled, chosen_days, cron_days, every, merged, only, weekly_rule
from storage.schedules import Cron, Every, Weekday, Weekly

HOUR, DAY = 3600, 86_400


def windowed(seconds: int, facts: Sequence[Fact]) -> Ruled | Unclear:
    """List every moment of the windows, their ends included where a step lands on them."""
    if seconds % 60:
        return Unclear(question="Within those hours I count in whole minutes. How often should "
                       "it run?", choices=("every 5 minutes", "every 15 minutes"),
                       reason="bad_interval")  # fmt: skip
    weekdays = chosen_days(facts)
    windows = _exact(every(facts, times.Window))
    rough = any(window.first.rough or window.last.rough for window in windows)
    rules = []
    for window in windows:
        same_day, next_day = moments(seconds, window)
        if weekdays == days.ALL_DAYS:
            rules.append(weekly_rule(weekdays, tuple(sorted({*same_day, *next_day}))))
            continue
        rules.append(Weekly(weekdays=weekdays, times=same_day))
        if next_day:
            after = tuple(sorted(Weekday((day + 1) % 7) for day in weekdays))
            rules.append(Weekly(weekdays=after, times=next_day))
    return Ruled(rule=merged(rules), assumed=("time",) if rough else ())


def _exact(windows: Sequence[times.Window]) -> Sequence[times.Window]:
    """Let hours that were said stand for the "business hours" said beside them."""
    exact = [window for window in windows if not (window.first.rough or window.last.rough)]
    return exact or windows


def moments(seconds: int, window: times.Window) -> tuple[tuple[time, ...], tuple[time, ...]]:
    """Give the times of a window on the day it begins, and those after midnight."""
    first, last = (end.at.hour * 60 + end.at.minute for end in (window.first, window.last))
    stop = last + 1440 if last <= first else last
    steps = range(first, stop + 1, seconds // 60)
    return (
        tuple(time(minute // 60, minute % 60) for minute in steps if minute < 1440),
        tuple(time((minute - 1440) // 60, minute % 60) for minute in steps if minute >= 1440),
    )


def all_day(seconds: int) -> tuple[time, ...]:
    """Give the times of a whole day in even steps from midnight."""
    return tuple(time(minute // 60, minute % 60) for minute in range(0, 1440, seconds // 60))


def repeated(seconds: int, facts: Sequence[Fact], local: datetime) -> Ruled | Unclear:
    """Build the rule of an interval on some or all days of the week."""
    weekdays = chosen_days(facts)
    if not weekdays:
        return Unclear(question="That leaves no day at all. Which days should it run?",
                       reason="no_days")  # fmt: skip
    begins, counted = only(facts, intervals.StartingAt), only(facts, strides.Counted)
    if begins is None and counted is not None and counted.at is not None:
        begins = intervals.StartingAt(at=times.Clock(at=counted.at), on=counted.on)
    if begins is not None:
        return _from_time(seconds, begins, weekdays, local)
    months = only(facts, days.Months)
    in_months = ",".join(str(number) for number in months.months) if months else "*"
    if seconds % 60 == 0 and HOUR % seconds == 0 and seconds < HOUR:
        minutes = "*" if seconds == 60 else f"*/{seconds // 60}"
        return Ruled(rule=Cron(expression=f"{minutes} * * {in_months} {cron_days(weekdays)}"))
    if seconds % HOUR == 0 and DAY % seconds == 0:
        hours = "*" if seconds == HOUR else "0" if seconds == DAY else f"*/{seconds // HOUR}"
        return Ruled(rule=Cron(expression=f"0 {hours} * {in_months} {cron_days(weekdays)}"))
    if months is not None:
        return Unclear(question="I can't limit that interval to certain months. How often should "
                       "it run?", choices=("every hour", "every 2 hours"),
                       reason="two_schedules")  # fmt: skip
    limited = () if weekdays == days.ALL_DAYS else weekdays
    return Ruled(rule=Every(seconds=seconds, anchor=_anchor(facts, local), weekdays=limited))


def _anchor(facts: Sequence[Fact], local: datetime) -> datetime:
    """Count from the present minute, or from midnight of the day it starts."""
    starting = only(facts, intervals.Starting)
    if starting is None or starting.on <= local.date():
        return local.astimezone(UTC).replace(second=0, microsecond=0)
    return datetime.combine(starting.on, time(), tzinfo=local.tzinfo).astimezone(UTC)


def _from_time(
    seconds: int, begins: intervals.StartingAt, weekdays: tuple[Weekday, ...], local: datetime
) -> Ruled:
    """Count from a time of day, on the day that was said or on the next it comes."""
    at = likely_time(begins.at)
    on = begins.on or next_on(at, local)
    anchor = datetime.combine(on, at, tzinfo=local.tzinfo).astimezone(UTC)
    limited = () if weekdays == days.ALL_DAYS else weekdays
    assumed = ("meridiem",) if begins.at.bare else ("time",) if begins.at.rough else ()
    return Ruled(rule=Every(seconds=seconds, anchor=anchor, weekdays=limited), assumed=assumed)


def likely_time(clock: times.Clock) -> time:
    """Give the likelier reading of a bare hour: 1 to 6 in the afternoon, 7 to 12 as it stands."""
    return times.afternoon(clock).at if clock.bare and 1 <= clock.at.hour <= 6 else clock.at


def next_on(at: time, local: datetime) -> date:
    """Give the next local day on which that time is still to come."""
    return local.date() + timedelta(days=0 if at > local.time() else 1)


def past_the_hour(past: times.Minutes, facts: Sequence[Fact]) -> Ruled | Unclear:
    """Build the rule of minutes past each hour, or past those of a window or a stride of hours."""
    minutes = ",".join(str(minute) for minute in past.past)
    interval, window = only(facts, intervals.Interval), only(facts, times.Window)
    hours = "*"
    if interval is not None and interval.seconds > HOUR:
        if DAY % interval.seconds or interval.seconds % HOUR:
            return _two_schedules()
        hours = f"*/{interval.seconds // HOUR}"
    elif interval is not None and interval.seconds < HOUR:
        return _two_schedules()
    if window is not None:
        return _past_in_window(past, window, facts)
    months = only(facts, days.Months)
    in_months = ",".join(str(number) for number in months.months) if months else "*"
    on_days = cron_days(chosen_days(facts))
    return Ruled(rule=Cron(expression=f"{minutes} {hours} * {in_months} {on_days}"))


def _past_in_window(
    past: times.Minutes, window: times.Window, facts: Sequence[Fact]
) -> Ruled | Unclear:
    first, last = window.first.at, window.last.at
    if last <= first:
        return _two_schedules()
    at = [time(hour, minute) for hour in range(first.hour, last.hour + 1) for minute in past.past]
    within = tuple(one for one in at if first <= one <= last)
    return Ruled(rule=weekly_rule(chosen_days(facts), within)) if within else _two_schedules()


def _two_schedules() -> Unclear:
    return Unclear(
        question="I read two different schedules in that. Which one should it be?",
        reason="two_schedules",
    )
