"""The rules of days: weekly, monthly, counted, every so manieth, for `bot.intent.schedules`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.intent import dates, days, intervals, times
from bot.intent.facts import Fact
from bot.intent.intents import Unclear
from bot.intent.rules import (
    Ruled,
    chosen_days,
    cron_days,
    cron_rule,
    every,
    only,
    weekly_rule,
)
from bot.intent.strides import Stride
from scheduler.recurrence import next_after
from storage.schedules import (
    Daily,
    Monthly,
    NthWeekday,
    NthWorkday,
    Rule,
    Schedule,
    Weekday,
    Weekly,
)

_NINE = (time(9),)
_QUARTER_BEGINS, _QUARTER_ENDS = (1, 4, 7, 10), (3, 6, 9, 12)


def calendar_rule(
    facts: Sequence[Fact], at: tuple[time, ...], local: datetime
) -> Ruled | Unclear | None:
    """Build the rule of days; without a time it is at 09:00, which the caller names."""
    hours = at or _NINE
    stride = only(facts, Stride)
    if stride is not None:
        return _strided(stride, facts, hours, local)
    yearly, nth = only(facts, days.YearDay), only(facts, days.NthDay)
    if yearly is not None:
        return Ruled(rule=Monthly(days=(yearly.day,), months=(yearly.month,), times=hours))
    if nth is not None:
        return Ruled(rule=_counted(nth, _months(facts, ends=nth.nths[0] < 0), hours))
    period, dated = only(facts, days.Period), only(facts, days.MonthDays)
    if dated is not None or (period is not None and period.name in ("month", "quarter", "year")):
        return _monthly(facts, hours)
    return _weekly(facts, hours)


def _weekly(facts: Sequence[Fact], hours: tuple[time, ...]) -> Ruled | Unclear | None:
    period, months = only(facts, days.Period), only(facts, days.Months)
    nightly = any(part.name == "nightly" for part in every(facts, times.Part))
    often = only(facts, intervals.TimesADay)
    if not (every(facts, days.Days) or period or nightly or often):
        return None
    weekdays = chosen_days(facts)
    if not weekdays:
        return Unclear(question="That leaves no day at all. Which days should it run?",
                       reason="no_days")  # fmt: skip
    if period is not None and period.name == "week" and not every(facts, days.Days):
        return Ruled(rule=weekly_rule((Weekday.MONDAY,), hours), assumed=("day",))
    if months is not None:
        return cron_rule(hours, months, cron_days(weekdays))
    return Ruled(rule=weekly_rule(weekdays, hours))


def _monthly(facts: Sequence[Fact], at: tuple[time, ...]) -> Ruled | Unclear:
    period = only(facts, days.Period)
    dated, day = only(facts, days.MonthDays), only(facts, dates.Day)
    on = dated.days if dated is not None else (day.on.day,) if day is not None else (1,)
    if any(abs(number) > 31 or number == 0 for number in on):
        return Unclear(question=f"No month has a day {max(on)}. Which day should it be?",
                       reason="bad_day")  # fmt: skip
    assumed: tuple[str, ...] = () if dated or day else ("day",)
    months = _months(facts, ends=on[0] < 0)
    if period is not None and period.name == "year" and not months:
        months = (day.on.month if day else 1,)
    rare = any(number > 28 for number in on) and not months
    rule = Monthly(days=on, times=at, months=months)
    return Ruled(rule=rule, assumed=(*assumed, "day") if rare and not assumed else assumed)


def _months(facts: Sequence[Fact], *, ends: bool) -> tuple[int, ...]:
    """Give the months that were named, or those in which a quarter begins or `ends`."""
    named, period = only(facts, days.Months), only(facts, days.Period)
    if named is not None:
        return named.months
    if period is not None and period.name == "quarter":
        return _QUARTER_ENDS if ends else _QUARTER_BEGINS
    return ()


def _counted(
    nth: days.NthDay, months: tuple[int, ...], hours: tuple[time, ...]
) -> NthWeekday | NthWorkday:
    if nth.weekday is None:
        return NthWorkday(nths=nth.nths, times=hours, months=months)
    nths = tuple((one, nth.weekday) for one in nth.nths)
    return NthWeekday(nths=nths, times=hours, months=months)


def _strided(
    stride: Stride, facts: Sequence[Fact], hours: tuple[time, ...], local: datetime
) -> Ruled | Unclear:
    starting = only(facts, intervals.Starting)
    first = starting.on if starting and starting.on else None
    is_past = first is None and max(hours) <= local.time()
    from_day = (first or local.date()) + timedelta(days=is_past)
    if stride.unit == "day":
        return Ruled(rule=Daily(times=hours, every=stride.every, anchor=from_day))
    if stride.unit == "week":
        named = stride.weekdays or (chosen_days(facts) if every(facts, days.Days) else ())
        on = named or (Weekday.MONDAY,)
        ahead = min((day - from_day.weekday()) % 7 for day in on)
        anchor = from_day + timedelta(days=ahead)
        rule = Weekly(weekdays=on, times=hours, every=stride.every, anchor=anchor)
        return Ruled(rule=rule, assumed=() if named else ("day",))
    months = stride.every * {"month": 1, "quarter": 3}.get(stride.unit, 12)
    if 12 % months or months == 12:
        return Unclear(
            question=f"I can't count by {stride.every} {stride.unit}s; nothing changed. "
            "In which months should it run?",
            choices=("in January and July",),
            reason="no_shape",
        )
    return _in_some_months(months, facts, hours, local)


def _in_some_months(
    step: int, facts: Sequence[Fact], hours: tuple[time, ...], local: datetime
) -> Ruled | Unclear:
    """Take the month of the first moment, and every so manieth one after it."""
    nth = only(facts, days.NthDay)
    ruled = Ruled(rule=_counted(nth, (), hours)) if nth is not None else _monthly(facts, hours)
    if isinstance(ruled, Unclear):
        return ruled
    rule: Rule = ruled.rule
    assert isinstance(rule, Monthly | NthWeekday | NthWorkday)
    starting = only(facts, intervals.Starting)
    whole = Schedule(rule=rule, zone=str(local.tzinfo), starts=starting.on if starting else None)
    due = next_after(whole, local)
    first = (due or local).astimezone(local.tzinfo).month
    months = tuple(sorted({(first - 1 + at) % 12 + 1 for at in range(0, 12, step)}))
    match rule:
        case Monthly():
            return Ruled(
                rule=Monthly(days=rule.days, times=hours, months=months), assumed=ruled.assumed
            )
        case NthWeekday():
            return Ruled(rule=NthWeekday(nths=rule.nths, times=hours, months=months))
        case NthWorkday():
            return Ruled(rule=NthWorkday(nths=rule.nths, times=hours, months=months))
