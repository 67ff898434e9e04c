"""Rules of the calendar: on which days of a week, a month or a year, at which times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from bot.intent import dates, days, intervals, options, strides, telling, times, zones
from bot.intent.intents import Unclear
from bot.intent.rulebook import Fact
from bot.intent.rules import Ruled, chosen_days, crons, every, merged, only, weekly_rule, without
from scheduler.daysets import days_of
from storage.schedules import Daily, Monthly, NthWeekday, NthWorkday, Single, Weekday, Weekly

_QUARTERS = {1: (1, 4, 7, 10), 2: (2, 5, 8, 11), 3: (3, 6, 9, 12)}
_TOO_RARE = Unclear(
    question="I count months by 1, 2, 3, 4, 6 or 12. Which months should it run in?",
    choices=("every year", "every 6 months"),
    reason="which_months",
)


class Start(NamedTuple):
    """The moment of the message, the first day that counts, and a day to count from."""

    local: datetime
    on: date | None = None
    counted: date | None = None

    def first_day(self, at: tuple[time, ...]) -> date:
        """Give the first day that counts with a time of it still to come."""
        today = self.local.date()
        if self.on is not None and self.on > today:
            return self.on
        return today if max(at) > self.local.time() else today + timedelta(days=1)


_SIMPLE = {days.Days, times.Clocks, times.Part, zones.Zone, options.Notify, telling.Telling,
           telling.Posting}  # fmt: skip
"""Facts beside which weekdays are all there is to a rule."""


def calendar_rule(
    facts: Sequence[Fact], at: tuple[time, ...], start: Start
) -> Ruled | Unclear | None:
    """Build the rule of days; without a time it is at 09:00, which the caller names."""
    hours = at or (time(9),)
    if _SIMPLE.issuperset(map(type, facts)):
        said = every(facts, days.Days)
        return (
            Ruled(weekly_rule(said[0].weekdays, hours)) if len(said) == 1 else _weekly(facts, hours)
        )
    yearly = _yearly(facts, hours)
    if yearly is not None:
        return yearly
    counted = _counted(facts, hours, start)
    if counted is not None:
        return counted
    stride = only(facts, strides.Stride)
    if stride is not None and stride.unit in ("day", "week"):
        return _strided(stride, facts, hours, start)
    if _is_monthly(facts):
        return _monthly(facts, hours, start)
    return _weekly(facts, hours)


def _yearly(facts: Sequence[Fact], at: tuple[time, ...]) -> Ruled | None:
    """Read days of the year: "every March 3", "on March 3 every year"."""
    pairs = [pair for one in every(facts, days.YearDay) for pair in one.days]
    period = only(facts, days.Period)
    if period is not None and period.name == "year":
        pairs += [(one.on.month, one.on.day) for one in every(facts, dates.Day)]
    if not pairs:
        return None
    by_day: dict[int, list[int]] = {}
    for month, day in pairs:
        by_day.setdefault(day, []).append(month)
    rules = [
        Monthly(days=(day,), times=at, months=tuple(sorted(set(months))))
        for day, months in by_day.items()
    ]
    return Ruled(rule=merged(rules))


def _counted(facts: Sequence[Fact], at: tuple[time, ...], start: Start) -> Ruled | Unclear | None:
    """Read counted weekdays and working days of months, quarters or years."""
    rules: list[Single] = []
    assumed: tuple[str, ...] = ()
    for one in facts:
        if not isinstance(one, days.NthDay | days.NthWork):
            continue
        backwards = one.nths[-1] < 0
        months = _months(facts, one.within, start, backwards=backwards)
        if months is None:
            return _TOO_RARE
        if isinstance(one, days.NthWork):
            rules.append(NthWorkday(nths=one.nths, times=at, months=months))
        else:
            nths = tuple((nth, one.weekday) for nth in one.nths)
            rules.append(NthWeekday(nths=nths, times=at, months=months))
            assumed = assumed if one.sure else ("date",)
    return Ruled(rule=merged(rules), assumed=assumed) if rules else None


def _months(
    facts: Sequence[Fact], within: days.Within | None, start: Start, *, backwards: bool
) -> tuple[int, ...] | None:
    """Give the months a counted day is of, () for all of them; None where no rule can say it."""
    named, period = only(facts, days.Months), only(facts, days.Period)
    stride = only(facts, strides.Stride)
    if within is not None and within.months:
        return within.months
    if within is not None and within.unit in ("quarter", "year"):
        return _of_unit(within.unit, within.place, backwards=backwards)
    if named is not None:
        return named.months
    if period is not None and period.name in ("quarter", "year"):
        return _of_unit(period.name, None, backwards=backwards)
    step = within.every if within is not None and within.every > 1 else 1
    if stride is not None and stride.unit == "month":
        step = stride.every
    if step == 1:
        return ()
    return _every_so_many(step, start)


def _of_unit(unit: str, place: int | None, *, backwards: bool) -> tuple[int, ...]:
    if unit == "quarter":
        return _QUARTERS[place or (3 if backwards else 1)]
    return (12,) if backwards else (1,)


def _every_so_many(step: int, start: Start, first: int | None = None) -> tuple[int, ...] | None:
    if 12 % step:
        return None
    begins = first or (start.counted or start.on or start.local.date()).month
    return tuple(sorted((begins - 1 + ahead) % 12 + 1 for ahead in range(0, 12, step)))


def _strided(
    stride: strides.Stride, facts: Sequence[Fact], at: tuple[time, ...], start: Start
) -> Ruled | Unclear:
    """Build every so manieth day or week, counted from the day of the first run."""
    assumed = () if stride.sure else ("pace",)
    choices = () if stride.sure else (f"every {stride.every} weeks",)
    first = start.first_day(at)
    if stride.unit == "day":
        weekdays = chosen_days(facts)
        if every(facts, days.Days) and weekdays != days.ALL_DAYS:
            return Unclear(question="I can't count days and keep to certain weekdays. Which of the "
                           "two should it be?", choices=(f"every {stride.every} days",),
                           reason="two_schedules")  # fmt: skip
        rule = Daily(times=at, every=stride.every, anchor=start.counted or start.on or first)
        return Ruled(rule=rule, assumed=assumed, choices=choices)
    weekdays, named = _days_of_stride(stride, facts)
    if not weekdays:
        return Unclear(question="That leaves no day at all. Which days should it run?",
                       reason="no_days")  # fmt: skip
    if not named:
        assumed = (*assumed, "day")
    plain = Weekly(weekdays=weekdays, times=at)
    anchor = start.counted or _first_of(plain, start)
    if stride.every == 1:
        return Ruled(rule=plain, assumed=assumed, choices=choices)
    rule_of_weeks = Weekly(weekdays=weekdays, times=at, every=stride.every, anchor=anchor)
    return Ruled(rule=rule_of_weeks, assumed=assumed, choices=choices)


def _days_of_stride(
    stride: strides.Stride, facts: Sequence[Fact]
) -> tuple[tuple[Weekday, ...], bool]:
    """Give the weekdays of every so manieth week, and whether they were said."""
    if stride.weekdays:
        return without(set(stride.weekdays), facts), True
    if every(facts, days.Days):
        return chosen_days(facts), True
    return (Weekday.MONDAY,), False


def _first_of(rule: Weekly, start: Start) -> date:
    """Give the day of the rule's first run, or of the first one since a start that was named."""
    included, day = days_of(rule), start.on or start.local.date()
    while True:
        ahead = start.on is not None or day > start.local.date()
        ahead = ahead or max(rule.times) > start.local.time()
        if ahead and included.include(day):
            return day
        day += timedelta(days=1)


def _is_monthly(facts: Sequence[Fact]) -> bool:
    period, stride = only(facts, days.Period), only(facts, strides.Stride)
    of_months = only(facts, days.Months) is not None and only(facts, dates.Day) is not None
    return (
        of_months
        or only(facts, days.MonthDays) is not None
        or (period is not None and period.name != "week")
        or (stride is not None and stride.unit in ("month", "year"))
    )


def _monthly(facts: Sequence[Fact], at: tuple[time, ...], start: Start) -> Ruled | Unclear:
    on, said, within = _month_days(facts)
    if any(number > 31 or number == 0 for number in on):
        return Unclear(question=f"No month has a day {max(on)}. Which day should it be?",
                       reason="bad_day")  # fmt: skip
    period, stride = only(facts, days.Period), only(facts, strides.Stride)
    sure: tuple[str, ...] = () if said else ("day",)
    if stride is not None and stride.unit == "year":
        return _TOO_RARE
    if stride is not None or (within is not None and within.every > 1):
        step = stride.every if stride is not None else within.every if within is not None else 1
        months = _every_so_many(step, start, _first_month(on, at, start))
        sure = sure if stride is None or stride.sure else (*sure, "pace")
    else:
        months = _months(facts, within, start, backwards=on[0] < 0)
        if period is not None and period.name == "year" and not said:
            months = months or (1,)
    if months is None:
        return _TOO_RARE
    rare = ("day",) if any(number > 28 for number in on) and not months and said else ()
    return Ruled(rule=Monthly(days=on, times=at, months=months), assumed=(*sure, *rare))


def _month_days(facts: Sequence[Fact]) -> tuple[tuple[int, ...], bool, days.Within | None]:
    """Give the days of a month, whether they were said, and of which months they are."""
    dated, day = every(facts, days.MonthDays), every(facts, dates.Day)
    if dated:
        numbers = tuple(dict.fromkeys(number for one in dated for number in one.days))
        return numbers, True, next((one.within for one in dated if one.within), None)
    if day:
        return tuple(sorted({one.on.day for one in day})), True, None
    period = only(facts, days.Period)
    if period is not None and period.name == "half month":
        return (1, 15), False, None
    return (1,), False, None


def _first_month(on: tuple[int, ...], at: tuple[time, ...], start: Start) -> int | None:
    """Give the month of the first run of days that are in every month."""
    if start.counted is not None:
        return start.counted.month
    included, day = days_of(Monthly(days=on, times=at)), start.first_day(at)
    for _ in range(62):
        if included.include(day):
            return day.month
        day += timedelta(days=1)
    return None


def _weekly(facts: Sequence[Fact], at: tuple[time, ...]) -> Ruled | Unclear | None:
    nightly = any(part.name == "nightly" for part in every(facts, times.Part))
    often, period = only(facts, intervals.TimesADay), only(facts, days.Period)
    months = only(facts, days.Months)
    if not (every(facts, days.Days) or period or nightly or often):
        return None
    weekdays = chosen_days(facts)
    if not weekdays:
        return Unclear(question="That leaves no day at all. Which days should it run?",
                       reason="no_days")  # fmt: skip
    assumed: tuple[str, ...] = ()
    if period is not None and period.name == "week" and not every(facts, days.Days):
        weekdays, assumed = (Weekday.MONDAY,), ("day",)
    if months is not None:
        return Ruled(rule=crons(at, months.months, weekdays), assumed=assumed)
    return Ruled(rule=weekly_rule(weekdays, at), assumed=assumed)
