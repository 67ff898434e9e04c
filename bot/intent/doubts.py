"""What must be asked before facts can become a schedule: bad values and contradictions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from bot.intent import dates, days, intervals, options, strides, telling, times, zones
from bot.intent.intents import Unclear
from bot.intent.rulebook import Fact
from bot.intent.rules import every, only

USUAL = ("08:00", "09:00", "10:00")
_COUNTED = (days.MonthDays, days.NthDay, days.NthWork, days.YearDay)
_FEW = 2
TWO_SCHEDULES = Unclear(
    question="I read two different schedules in that. Which one should it be?",
    reason="two_schedules",
)
TWO_TIMES = Unclear(
    question="I read two different times. Which ones should it be?", reason="two_times"
)

_DOUBTED = {times.BadTime, dates.BadDay, days.Asked, intervals.TimesADay}
_SIMPLE = {times.Clocks, times.Part, days.Days, zones.Zone, options.Notify, telling.Posting,
           telling.Telling}  # fmt: skip
"""Kinds of which one each agrees with any of the others."""


def two_zones(said: Sequence[zones.Zone]) -> Unclear:
    """Ask in which zone the times of one task are to be."""
    named = {one.iana: one.text if one.text.isupper() else f"{one.text} time" for one in said}
    return Unclear(
        question="All times of a task are in one zone. Which one? For the other, ask for a second "
        "task.",
        choices=tuple(f"in {name}" for name in named.values()),
        reason="two_zones",
    )


def doubt(facts: Sequence[Fact]) -> Unclear | None:
    """Ask about whatever is wrong with a single fact of the message."""
    if _DOUBTED.isdisjoint(map(type, facts)):
        return None
    bad_time, bad_day = only(facts, times.BadTime), only(facts, dates.BadDay)
    if bad_time is not None:
        return Unclear(
            question=f"{bad_time.text} is not a time of day. What time should it be?",
            choices=USUAL,
            reason="bad_time",
        )
    if bad_day is not None and bad_day.choices:
        return Unclear(
            question=f"Which day is {bad_day.text}?", choices=bad_day.choices, reason="date"
        )
    if bad_day is not None:
        return Unclear(question=f"There is no {bad_day.text}. Which day?", reason="bad_day")
    asked = only(facts, days.Asked)
    if asked is not None:
        return Unclear(question=asked.question, choices=asked.choices, reason=asked.reason)
    often = only(facts, intervals.TimesADay)
    return None if often is None else _how_often(often, facts)


def _how_often(often: intervals.TimesADay, facts: Sequence[Fact]) -> Unclear | None:
    """Ask for the times of "twice a day" and the days of "twice a week", unless they are said."""
    if often.per == "hour" and often.times in (2, 3, 4, 5, 6, 10, 12, 15, 20, 30):
        evenly = f"every {60 // often.times} minutes"
        return Unclear(question=f"Should that be {evenly}?", choices=(evenly,),
                       reason="which_times")  # fmt: skip
    if often.per in ("day", "hour"):
        if often.per == "day" and _named_times(facts) == often.times:
            return None
        return Unclear(question=f"At which times should the {often.times} runs be?",
                       choices=("every day at 09:00 and 17:00",), reason="which_times")  # fmt: skip
    if _named_days(often, facts) == often.times:
        return None
    return Unclear(question=f"On which days should the {often.times} runs be, and at what time?",
                   choices=("Mondays and Thursdays at 09:00",) if often.per == "week"
                   else ("on the 1st and 15th of every month at 09:00",),
                   reason="which_days")  # fmt: skip


def _named_times(facts: Sequence[Fact]) -> int:
    clocks = sum(len(one.clocks) for one in every(facts, times.Clocks))
    return clocks or len(every(facts, times.Part))


def _named_days(often: intervals.TimesADay, facts: Sequence[Fact]) -> int:
    """Count the days that were named, which are as many as "twice a week" says, or a doubt."""
    if often.per == "week":
        return len({day for one in every(facts, days.Days) for day in one.weekdays})
    if often.per == "month":
        counted = sum(len(one.nths) for one in every(facts, days.NthDay))
        return counted + sum(len(one.days) for one in every(facts, days.MonthDays))
    dated = sum(len(one.days) for one in every(facts, days.YearDay)) + len(every(facts, dates.Day))
    return dated or sum(len(one.months) for one in every(facts, days.Months))


def contradiction(facts: Sequence[Fact]) -> Unclear | None:
    """Ask where the facts of one part can't all be true of one rule."""
    kinds = set(map(type, facts))
    if len(facts) < _FEW or (len(kinds) == len(facts) and kinds <= _SIMPLE):
        return None
    if len(every(facts, times.Clocks)) > 1:
        return TWO_TIMES
    clocked = only(facts, times.Clocks) is not None
    interval, past = only(facts, intervals.Interval), only(facts, times.Minutes)
    if interval is not None and clocked:
        return _interval_at(interval, facts)
    lone = only(facts, options.CronText) or only(facts, intervals.Delay)
    if lone is not None and (clocked or _has(facts, _SHAPED) or past or interval):
        return TWO_SCHEDULES
    if past is not None and clocked:
        return TWO_SCHEDULES
    parted = only(facts, times.Part) is not None and only(facts, times.Window) is None
    if interval is not None and parted:
        return Unclear(question="Between which hours should it run?",
                       choices=("from 09:00 to 12:00", "from 18:00 to 23:00"),
                       reason="which_times")  # fmt: skip
    return TWO_SCHEDULES if _clash(facts) else None


_SHAPED = (days.Days, *_COUNTED, days.Period, strides.Stride, times.Window, dates.Day)


def _has(facts: Sequence[Fact], kinds: tuple[type, ...]) -> bool:
    return any(isinstance(fact, kinds) for fact in facts)


def _interval_at(interval: intervals.Interval, facts: Sequence[Fact]) -> Unclear | None:
    """Ask what "every 2 hours at 9" is to mean; "every 24 hours at 9" is every day."""
    if interval.seconds == 86_400:
        return None
    at = every(facts, times.Clocks)[0].clocks[0].at
    return Unclear(
        question=f"Should it start at {at:%H:%M} and go on from there, or run once a day then?",
        choices=(f"every day at {at:%H:%M}",),
        reason="two_schedules",
    )


def _clash(facts: Sequence[Fact]) -> bool:
    """Whether two facts name days that are not the same."""
    kinds: set[type] = {
        type(fact) for fact in facts if isinstance(fact, (*_COUNTED, strides.Stride))
    }
    stride = only(facts, strides.Stride)
    if stride is not None and stride.unit == "month":
        kinds.discard(strides.Stride)
    weekly = every(facts, days.Days)
    return (
        len(kinds) > 1
        or any(seen > 1 and kind in _ONLY_ONE for kind, seen in Counter(map(type, facts)).items())
        or _weekdays_clash(weekly)
        or (bool(weekly) and _days_clash(facts, kinds, stride))
        or _period_clash(facts, kinds)
        or _date_clash(facts)
    )


_ONLY_ONE = (
    intervals.Interval, intervals.Delay, options.CronText, times.Minutes, days.NthDay,
    days.NthWork, strides.Stride, intervals.Starting, intervals.StartingAt, intervals.Until,
    intervals.UntilTime, intervals.Count, intervals.Brief, intervals.Lasting,
)  # fmt: skip


def _weekdays_clash(weekly: Sequence[days.Days]) -> bool:
    sets = sorted((set(one.weekdays) for one in weekly), key=len)
    return any(not small <= big for small, big in pairwise(sets))


def _days_clash(facts: Sequence[Fact], kinds: set[type], stride: strides.Stride | None) -> bool:
    """Whether weekdays stand beside days that are counted otherwise."""
    period = only(facts, days.Period)
    if period is not None and period.name != "week":
        return True
    if stride is not None and stride.unit != "week":
        whole = set(only_days(facts)) == set(days.ALL_DAYS)
        return not (whole and stride.unit == "day")
    return bool(kinds - {strides.Stride}) and not _only_part_of_day(facts)


def only_days(facts: Sequence[Fact]) -> tuple[int, ...]:
    """Give all weekdays that were named."""
    return tuple(day for one in every(facts, days.Days) for day in one.weekdays)


def _only_part_of_day(facts: Sequence[Fact]) -> bool:
    """Whether "every morning" alone made the days."""
    return set(only_days(facts)) == set(days.ALL_DAYS) and only(facts, times.Part) is not None


def _period_clash(facts: Sequence[Fact], kinds: set[type]) -> bool:
    periods = {period.name for period in every(facts, days.Period)}
    if len(periods) > 1:
        return True
    paced = only(facts, intervals.Interval) is not None
    if paced and periods == {"week"} and every(facts, days.Days):
        return False
    return bool(periods) and (("week" in periods and bool(kinds - {strides.Stride})) or paced)


def _date_clash(facts: Sequence[Fact]) -> bool:
    """Whether one day stands beside days that come back; "the 15th" may be a day of each month."""
    if only(facts, dates.Day) is None:
        return False
    period, stride = only(facts, days.Period), only(facts, strides.Stride)
    monthly = period is not None and period.name != "week"
    monthly = monthly or only(facts, days.Months) is not None
    if monthly or (stride is not None and stride.unit == "month"):
        return _has(facts, _COUNTED)
    often = only(facts, intervals.TimesADay)
    if often is not None and often.per in ("month", "year"):
        return False
    sure = any(one.sure for one in every(facts, days.Days))
    return sure or period is not None or stride is not None or _has(facts, _COUNTED)
