"""From when and until when a schedule counts, how often, and on which days not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.intent import dates, days, intervals, options, strides, times
from bot.intent.exceptions import NO_COUNTED, merged
from bot.intent.intents import Unclear
from bot.intent.paces import DAY, likely_time, next_on
from bot.intent.rulebook import Fact
from bot.intent.rules import every, only
from scheduler.recurrence import upcoming
from storage.schedules import (
    NO_EXCEPTIONS,
    Daily,
    Exceptions,
    Monthly,
    NthWeekday,
    NthWorkday,
    Rule,
    Schedule,
    Several,
    Weekday,
)

_DATED = (intervals.Until, intervals.Starting)
_MAY_BE_MEANT_OTHERWISE = (
    *_DATED, intervals.StartingAt, intervals.UntilTime, intervals.Endless, intervals.Interval,
    dates.Day,
)  # fmt: skip
_BOUNDS = (
    *_DATED, intervals.StartingAt, intervals.UntilTime, intervals.Count, intervals.Lasting,
    intervals.Brief, days.Except,
)  # fmt: skip


def without_counted(facts: Sequence[Fact]) -> Sequence[Fact] | Unclear:
    """Take "Saturdays except the 2nd and 4th" for the other ones of each month, or ask."""
    named, out = every(facts, days.Days), every(facts, days.ExceptNth)
    weekday = named[0].weekdays[0] if len(named) == 1 and len(named[0].weekdays) == 1 else None
    if weekday is not None and not out:
        bare = [_counted(one, weekday) for one in every(facts, days.Except)]
        out = [one for one in bare if one is not None]
    if not out:
        return facts
    left = tuple(nth for nth in range(1, 6) if nth not in out[0].nths)
    is_countable = left and all(1 <= nth <= 5 for nth in out[0].nths)
    if len(out) > 1 or out[0].weekday != weekday or not is_countable:
        return Unclear(question=NO_COUNTED, reason="which_days")
    said = (days.ExceptNth, days.Days, days.Except)
    kept = [fact for fact in facts if not isinstance(fact, said)]
    return (*kept, days.NthDay(nths=left, weekday=out[0].weekday))


def _counted(out: days.Except, weekday: Weekday) -> days.ExceptNth | None:
    """Take "every Saturday except the 2nd and 4th" for those Saturdays, not for days of a month."""
    if out != days.Except(monthdays=out.monthdays) or not 0 < max(out.monthdays, default=0) <= 5:
        return None
    return days.ExceptNth(nths=out.monthdays, weekday=weekday)


def tidied(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """Give each time beside a bound its meaning: an end, a start, or the time of day itself."""
    facts = _daily_from(facts)
    if not any(isinstance(fact, _MAY_BE_MEANT_OTHERWISE) for fact in facts):
        return tuple(facts)
    often = _is_often(facts)
    found: list[Fact] = []
    for fact in _in_days(facts):
        before = found[-1] if found else None
        if isinstance(fact, times.Clocks) and isinstance(before, _DATED):
            bound = _timed_bound(before, fact, facts, often=often)
            found[-1:] = [before, fact] if bound is None else [bound]
        elif isinstance(fact, intervals.StartingAt) and not often:
            found += [] if fact.on is None else [intervals.Starting(on=fact.on)]
            found.append(times.Clocks(clocks=(fact.at,)))
        elif isinstance(fact, dates.Day) and often and not _monthly(facts):
            found.append(intervals.Starting(on=fact.on, until=fact.on))
        elif not isinstance(fact, intervals.Endless):
            found.append(fact)
    return _with_window(found)


def _daily_from(facts: Sequence[Fact]) -> Sequence[Fact]:
    """Take "tomorrow at 6 and then daily" for every day from tomorrow on."""
    first, joint = only(facts, dates.Day), only(facts, days.Also)
    daily = days.Days(weekdays=days.ALL_DAYS)
    if first is None or joint is None or daily not in facts or len(every(facts, times.Clocks)) > 1:
        return facts
    kept = [fact for fact in facts if fact not in (first, joint)]
    return (*kept, intervals.Starting(on=first.on))


def _in_days(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Take an interval of whole days or weeks with a time or a weekday for days of the calendar."""
    fixed = only(facts, times.Clocks) is not None or only(facts, days.Days) is not None
    fixed = fixed and not _counts_exactly(facts)
    for fact in facts:
        seconds = fact.seconds if isinstance(fact, intervals.Interval) else 0
        if fixed and seconds > DAY and seconds % (7 * DAY) == 0:
            yield strides.Stride(every=seconds // (7 * DAY), unit="week")
        elif fixed and seconds > DAY and seconds % DAY == 0:
            yield strides.Stride(every=seconds // DAY, unit="day")
        else:
            yield fact


def _is_often(facts: Sequence[Fact]) -> bool:
    interval, past = only(facts, intervals.Interval), only(facts, times.Minutes)
    if past is not None or _counts_exactly(facts):
        return True
    return interval is not None and 0 < interval.seconds < DAY


def _counts_exactly(facts: Sequence[Fact]) -> bool:
    """Whether an interval is counted from a moment, which makes it elapsed time however long."""
    return any(one.at is not None for one in every(facts, strides.Counted))


def _monthly(facts: Sequence[Fact]) -> bool:
    return any(isinstance(fact, days.Period | days.Months) for fact in facts)


def _timed_bound(
    before: intervals.Until | intervals.Starting,
    clocks: times.Clocks,
    facts: Sequence[Fact],
    *,
    often: bool,
) -> Fact | None:
    """Take the 5pm of "until Friday 5pm" for the end, where the rule has no use for it."""
    if len(clocks.clocks) > 1:
        return None
    others = len(every(facts, times.Clocks)) > 1 or only(facts, options.CronText) is not None
    if isinstance(before, intervals.Until) and (often or others):
        return intervals.UntilTime(at=clocks.clocks[0], on=before.on)
    if isinstance(before, intervals.Starting) and often and before.until is None:
        return intervals.StartingAt(at=clocks.clocks[0], on=before.on)
    return None


def _with_window(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """Take "starting at 9am until 5pm on weekdays" for the hours of each of those days."""
    first, last = only(facts, intervals.StartingAt), only(facts, intervals.UntilTime)
    weekly = any(one.sure for one in every(facts, days.Days))
    if first is None or last is None or first.on or last.on or not weekly:
        return tuple(facts)
    kept = [fact for fact in facts if fact is not first and fact is not last]
    ends = times.Window(
        first=first.at._replace(at=likely_time(first.at), bare=False),
        last=last.at._replace(at=likely_time(last.at), bare=False),
    )
    return (*kept, ends)


def bounded(schedule: Schedule, facts: Sequence[Fact], local: datetime) -> Schedule | Unclear:
    """Give the schedule with its exceptions and bounds, or ask where they make no sense."""
    if not any(isinstance(fact, _BOUNDS) for fact in facts):
        return schedule
    starting, until = only(facts, intervals.Starting), only(facts, intervals.Until)
    count, lasting = only(facts, intervals.Count), only(facts, intervals.Lasting)
    limited = replace(
        schedule,
        starts=starting.on if starting else None,
        ends=until.on if until else starting.until if starting else None,
        count=count.times if count else None,
        exceptions=_exceptions(schedule.rule, facts),
    )
    timed = _ending_at(limited, facts, local)
    if isinstance(timed, Unclear) or lasting is None:
        return timed
    due = upcoming(timed, local.astimezone(), 1)
    first = due[0].astimezone(local.tzinfo).date() if due else local.date()
    return replace(timed, ends=first + timedelta(days=lasting.days - 1))


def _ending_at(schedule: Schedule, facts: Sequence[Fact], local: datetime) -> Schedule | Unclear:
    """End at a time of day: "until 5pm", "for the next 3 hours"."""
    brief, until = only(facts, intervals.Brief), only(facts, intervals.UntilTime)
    if brief is None and until is None:
        return schedule
    if until is not None and until.on is not None:
        return replace(schedule, ends=until.on, ends_at=likely_time(until.at))
    if not _is_often(facts) or any(one.sure for one in every(facts, days.Days)):
        return Unclear(
            question="Between which times of each day should it run, and how often?",
            choices=("every 15 minutes from 09:00 to 17:00",),
            reason="no_interval",
        )
    if brief is not None:
        end = (_begin(facts, local) or local) + timedelta(seconds=brief.seconds)
        return replace(schedule, ends=end.date(), ends_at=end.time().replace(microsecond=0))
    assert until is not None
    at = likely_time(until.at)
    begin = _begin(facts, local)
    on = begin.date() if begin is not None else local.date()
    if datetime.combine(on, at, tzinfo=local.tzinfo) <= (begin or local):
        return Unclear(question=f"{at:%H:%M} has passed. Until when should it run?",
                       choices=(f"until tomorrow at {at:%H:%M}",), reason="past")  # fmt: skip
    return replace(schedule, ends=on, ends_at=at)


def _begin(facts: Sequence[Fact], local: datetime) -> datetime | None:
    """Give the local moment an interval was said to begin at."""
    begins, starting = only(facts, intervals.StartingAt), only(facts, intervals.Starting)
    if begins is not None:
        at = likely_time(begins.at)
        return datetime.combine(begins.on or next_on(at, local), at, tzinfo=local.tzinfo)
    if starting is not None and starting.on > local.date():
        return datetime.combine(starting.on, time(), tzinfo=local.tzinfo)
    return None


def _exceptions(rule: Rule, facts: Sequence[Fact]) -> Exceptions:
    """Give the days to leave out; weekdays are already out of the rules that name weekdays."""
    said = every(facts, days.Except)
    if not said:
        return NO_EXCEPTIONS
    out = merged(said)
    rules = rule.rules if isinstance(rule, Several) else (rule,)
    counted = any(
        isinstance(one, Monthly | NthWeekday | NthWorkday)
        or (isinstance(one, Daily) and one.every > 1)
        for one in rules
    )
    return Exceptions(
        dates=out.dates,
        yearly=out.yearly,
        weekdays=out.weekdays if counted else (),
        monthdays=out.monthdays,
        months=out.months,
        holidays=() if out.holidays else None,
    )
