"""Put the facts of a message together into one schedule, naming whatever had to be assumed.

What no schedule can hold, or what contradicts itself, is a question and never an approximation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.intent import dates, days, intervals, options, times, zones
from bot.intent.calendars import calendar_rule
from bot.intent.exceptions import Except, Holidays
from bot.intent.facts import Fact
from bot.intent.intents import Unclear
from bot.intent.pairs import joined, paired
from bot.intent.rules import (
    Ruled,
    chosen_days,
    cron_days,
    every,
    only,
    windowed,
)
from bot.intent.strides import Stride
from bot.intent.timesofday import Settled, likely, settle
from scheduler.wishes import CONFIRM
from storage.schedules import (
    Cron,
    Daily,
    Every,
    Exceptions,
    Monthly,
    NthWeekday,
    NthWorkday,
    Once,
    Rule,
    Schedule,
    Several,
    Single,
    Weekday,
    Weekly,
)

_HOUR, _DAY = 3600, 86_400
_USUAL = ("08:00", "09:00", "10:00")


_UNUSED_ONCE = (days.Months, Except, intervals.Starting, intervals.Until, intervals.Lasting)
_UNUSED = (*_UNUSED_ONCE, intervals.Count)
"""Facts that say nothing without a rule that comes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A schedule and what was assumed in it; `choices` answer the first assumed slot."""

    schedule: Schedule | None
    zone_in_text: str | None = None
    assumed: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


def plan(facts: Sequence[Fact], now: datetime, zone: str) -> Planned | Unclear:
    """Build the schedule that the facts describe as of `now`, in their own zone or else `zone`."""
    doubt = _doubt(facts)
    if doubt is not None:
        return doubt
    named = only(facts, zones.Zone)
    iana = named.iana if named else zone
    local = now.astimezone(ZoneInfo(iana))
    groups = paired(facts)
    ruled = _several(groups, local) if groups else _ruled(facts, local)
    if isinstance(ruled, Unclear):
        return ruled
    text = named.text if named else None
    unused = _UNUSED if ruled is None else _UNUSED_ONCE if isinstance(ruled.rule, Once) else ()
    if any(isinstance(fact, unused) for fact in facts):
        return Unclear(question="On which days and at what time should it run?", reason="left_over")
    if ruled is None:
        return Planned(schedule=None, zone_in_text=text)
    schedule = _bounded(Schedule(rule=ruled.rule, zone=iana), facts, local)
    return Planned(
        schedule=schedule, zone_in_text=text, assumed=ruled.assumed, choices=ruled.choices
    )


def _doubt(facts: Sequence[Fact]) -> Unclear | None:
    bad_time, bad_day = only(facts, times.BadTime), only(facts, dates.BadDay)
    if bad_time is not None:
        return Unclear(
            question=f"{bad_time.text} is not a time of day. What time should it be?",
            choices=_USUAL,
            reason="bad_time",
        )
    if bad_day is not None and bad_day.choices:
        return Unclear(
            question=f"Which day is {bad_day.text}?", choices=bad_day.choices, reason="date"
        )
    if bad_day is not None:
        return Unclear(question=f"There is no {bad_day.text}. Which day?", reason="bad_day")
    if only(facts, Holidays) is not None:
        return Unclear(
            question="I keep no list of holidays. Which dates should it leave out?",
            choices=("except 25 December and 1 January",),
            reason="holidays",
        )
    often = only(facts, intervals.TimesADay)
    return _contradiction(facts) if often is None else _how_often(often, facts)


def _how_often(often: intervals.TimesADay, facts: Sequence[Fact]) -> Unclear | None:
    """Ask for the times of "twice a day" and the days of "twice a week", unless they are said."""
    named = sum(len(one.clocks) for one in every(facts, times.Clocks))
    if often.per == "day" and named == often.times:
        return _contradiction(facts)
    if often.per == "hour" and often.times in (2, 3, 4, 5, 6, 10, 12, 15, 20, 30):
        evenly = f"every {60 // often.times} minutes"
        return Unclear(question=f"Should that be {evenly}?", choices=(evenly,),
                       reason="which_times")  # fmt: skip
    if often.per in ("day", "hour"):
        return Unclear(question=f"At which times should the {often.times} runs be?",
                       choices=("every day at 09:00 and 17:00",), reason="which_times")  # fmt: skip
    if any(isinstance(fact, days.Days | days.MonthDays) for fact in facts):
        return _contradiction(facts)
    return Unclear(question=f"On which days should the {often.times} runs be, and at what time?",
                   choices=("Mondays and Thursdays at 09:00",) if often.per == "week"
                   else ("on the 1st and 15th of every month at 09:00",),
                   reason="which_days")  # fmt: skip


def _contradiction(facts: Sequence[Fact]) -> Unclear | None:
    kinds = (
        intervals.Interval, options.CronText, times.Minutes, intervals.Delay, days.NthDay, Stride
    )  # fmt: skip
    if paired(facts):
        return None
    rules = [fact for fact in facts if isinstance(fact, kinds)]
    if len(every(facts, times.Clocks)) > 1:
        return Unclear(
            question="I read two different times. One task holds one set of days and times: "
            "which ones should it be?",
            reason="two_times",
        )
    fixed = only(facts, times.Clocks) and any(
        isinstance(rule, intervals.Delay | options.CronText | times.Minutes) for rule in rules
    )
    if len(rules) > 1 or len(every(facts, times.Window)) > 1 or fixed:
        return Unclear(
            question="I read two different schedules in that. Which one should it be?",
            reason="two_schedules",
        )
    return None


def _ruled(facts: Sequence[Fact], local: datetime) -> Ruled | Unclear | None:
    cron = only(facts, options.CronText)
    if cron is not None:
        return Ruled(rule=Cron(expression=cron.expression))
    delay = only(facts, intervals.Delay)
    if delay is not None:
        return _delayed(delay.seconds, local)
    past = only(facts, times.Minutes)
    if past is not None:
        minutes = ",".join(str(minute) for minute in past.past)
        return Ruled(rule=Cron(expression=f"{minutes} * * * {cron_days(chosen_days(facts))}"))
    interval = only(facts, intervals.Interval)
    if interval is not None:
        return _repeated(interval.seconds, facts, local)
    return _on_days(facts, local)


def _several(groups: Sequence[tuple[Fact, ...]], local: datetime) -> Ruled | Unclear:
    """Build a rule from each group of facts; what had to be assumed in any waits for a yes."""
    rules: list[Single] = []
    assumed = False
    for facts in groups:
        ruled = _ruled(facts, local)
        if isinstance(ruled, Unclear):
            return ruled
        if ruled is None:
            return Unclear(question="On which days and at what time should it run?",
                           reason="left_over")  # fmt: skip
        rules += ruled.rule.rules if isinstance(ruled.rule, Several) else (ruled.rule,)
        assumed = assumed or bool(ruled.assumed)
    return Ruled(rule=joined(rules), assumed=(CONFIRM,) if assumed else ())


def _delayed(seconds: int, local: datetime) -> Ruled | Unclear:
    if seconds < 0:
        return Unclear(question="That moment has passed. When should it run?",
                       choices=("now", "tomorrow at 09:00"), reason="past")  # fmt: skip
    if seconds < 60:
        return Unclear(question="The soonest is one minute from now. When should it run?",
                       choices=("in 1 minute",), reason="bad_interval")  # fmt: skip
    moment = local.astimezone(UTC) + timedelta(seconds=seconds)
    if moment.second or moment.microsecond:
        moment = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    wall = moment.astimezone(local.tzinfo)
    return Ruled(rule=Once(on=wall.date(), at=wall.time()))


def _repeated(seconds: int, facts: Sequence[Fact], local: datetime) -> Ruled | Unclear:
    if seconds < 60:
        return Unclear(
            question="The shortest interval is one minute. How often should it run?",
            choices=("every 1 minute", "every 5 minutes", "every hour"),
            reason="bad_interval",
        )
    window = only(facts, times.Window)
    if window is not None:
        return windowed(seconds, window, chosen_days(facts))
    if seconds == _DAY:
        daily = _on_days((*facts, days.Days(weekdays=days.ALL_DAYS)), local)
        assert daily is not None
        return daily
    clocks, weekdays = only(facts, times.Clocks), chosen_days(facts)
    starting = only(facts, intervals.Starting)
    if starting is not None and starting.at is not None and clocks is None:
        return _anchored(seconds, starting, weekdays, local)
    on_days = cron_days(weekdays)
    if clocks is None and seconds % 60 == 0 and _HOUR % seconds == 0 and seconds < _HOUR:
        minutes = "*" if seconds == 60 else f"*/{seconds // 60}"
        return Ruled(rule=Cron(expression=f"{minutes} * * * {on_days}"))
    if clocks is None and seconds % _HOUR == 0 and _DAY % seconds == 0:
        hours = "*" if seconds == _HOUR else f"*/{seconds // _HOUR}"
        return Ruled(rule=Cron(expression=f"0 {hours} * * {on_days}"))
    if clocks is not None:
        return Unclear(
            question="I read an interval and a time of day. Which one should it be?",
            reason="two_schedules",
        )
    on = () if weekdays == days.ALL_DAYS else weekdays
    return Ruled(rule=Every(seconds=seconds, anchor=local.astimezone(UTC), weekdays=on))


def _anchored(
    seconds: int, starting: intervals.Starting, weekdays: tuple[Weekday, ...], local: datetime
) -> Ruled:
    """Count an interval from the wall time that was named as its start."""
    assert starting.at is not None
    at = likely(starting.at)
    on = starting.on or local.date()
    anchor = datetime.combine(on, at, tzinfo=local.tzinfo).astimezone(UTC)
    chosen = () if weekdays == days.ALL_DAYS else weekdays
    assumed = ("meridiem",) if starting.at.bare and at.hour not in range(7, 12) else ()
    return Ruled(rule=Every(seconds=seconds, anchor=anchor, weekdays=chosen),
                 assumed=(CONFIRM,) if assumed else ())  # fmt: skip


def _on_days(facts: Sequence[Fact], local: datetime) -> Ruled | Unclear | None:
    if only(facts, times.Window) is not None:
        return Unclear(question="How often should it run between those times?",
                       choices=("every hour", "every 30 minutes"), reason="how_often")  # fmt: skip
    settled = settle(facts)
    single = _single_day(facts, local, settled)
    if single is not None:
        return single
    rule = calendar_rule(facts, settled.at, local)
    if rule is None:
        return None
    if isinstance(rule, Unclear):
        return rule
    assumed, choices = settled.assumed, settled.choices
    if not settled.at:
        assumed, choices = (*assumed, "time"), _USUAL
    return Ruled(rule=rule.rule, assumed=(*rule.assumed, *assumed), choices=choices)


def _single_day(facts: Sequence[Fact], local: datetime, settled: Settled) -> Ruled | Unclear | None:
    """Read one moment: a date, a plain weekday, or a time with no day at all."""
    if _comes_back(facts):
        return None
    plain, day = only(facts, days.Days), only(facts, dates.Day)
    if day is None and plain is not None:
        ahead = (plain.weekdays[0] - local.weekday()) % 7
        on = local.date() + timedelta(days=ahead or 7)
        day = dates.Day(on=on, sure=ahead > 0)
    if day is None and (settled.said or settled.tonight):
        later = bool(settled.at) and settled.at[0] > local.time()
        on = local.date() + timedelta(days=0 if later or settled.tonight else 1)
        day = dates.Day(on=on)
    if day is None:
        return None
    return _once(day, settled, local)


def _once(day: dates.Day, settled: Settled, local: datetime) -> Ruled | Unclear:
    if len(settled.at) > 1:
        return Unclear(question="One task on one day has one time. Which one should it be?",
                       choices=tuple(f"{at:%H:%M}" for at in settled.at),
                       reason="two_times")  # fmt: skip
    assumed, choices = settled.assumed, settled.choices
    if not settled.at:
        assumed, choices = ("time",), _ahead(day.on, local)
    if not day.sure:
        later = day.on + timedelta(days=7)
        choices = choices if assumed else (day.on.isoformat(), later.isoformat())
        assumed = (*assumed, "date")
    at = settled.at[0] if settled.at else time.fromisoformat((choices or _USUAL)[0])
    if datetime.combine(day.on, at, tzinfo=local.tzinfo) <= local:
        return Unclear(
            question=f"{day.on:%a} {day.on.day} {day.on:%b %Y} {at:%H:%M} has passed. "
            "When should it run?",
            reason="past",
        )
    return Ruled(rule=Once(on=day.on, at=at), assumed=assumed, choices=choices)


def _ahead(on: date, local: datetime) -> tuple[str, ...]:
    """Offer times that are still to come on that day."""
    if on != local.date():
        return ("09:00", "08:00", "10:00")
    hours = [local.hour + step for step in (1, 2, 3) if local.hour + step < 24]
    return tuple(f"{hour:02d}:00" for hour in hours) or ("23:59",)


def _comes_back(facts: Sequence[Fact]) -> bool:
    kinds = (
        days.MonthDays
        | days.NthDay
        | days.YearDay
        | days.Period
        | Stride
        | times.Window
        | intervals.Interval
    )
    often = only(facts, intervals.TimesADay)
    sure = bool(often) or any(day.sure for day in every(facts, days.Days))
    nightly = any(part.name == "nightly" for part in every(facts, times.Part))
    monthly = only(facts, days.Months) is not None
    unsure_days = [one for one in every(facts, days.MonthDays) if not (one.sure or monthly)]
    return (
        sure
        or nightly
        or any(isinstance(fact, kinds) and fact not in unsure_days for fact in facts)
    )


def _bounded(schedule: Schedule, facts: Sequence[Fact], local: datetime) -> Schedule:
    starting, until = only(facts, intervals.Starting), only(facts, intervals.Until)
    count, lasting = only(facts, intervals.Count), only(facts, intervals.Lasting)
    bounded = replace(
        schedule,
        starts=starting.on if starting else None,
        ends=until.on if until else starting.until if starting else None,
        count=count.times if count else None,
        exceptions=_exceptions(schedule.rule, facts),
    )
    if until is not None and until.at is not None:
        at = likely(until.at)
        tomorrow = timedelta(days=at <= local.time())
        return replace(bounded, ends=until.on or local.date() + tomorrow, ends_at=at)
    if lasting is not None and lasting.seconds:
        last = (local.astimezone(UTC) + timedelta(seconds=lasting.seconds)).astimezone(local.tzinfo)
        return replace(bounded, ends=last.date(), ends_at=time(last.hour, last.minute))
    if lasting is None:
        return bounded
    first = starting.on if starting and starting.on else _first_day(schedule.rule, local)
    return replace(bounded, ends=first + timedelta(days=lasting.days - 1))


def _exceptions(rule: Rule, facts: Sequence[Fact]) -> Exceptions:
    """Give the days to leave out, but for weekdays that the rule itself leaves out already."""
    found = every(facts, Except)
    has_weekdays = (isinstance(rule, Daily | Weekly) and rule.every == 1) or isinstance(
        rule, Cron | Every
    )
    return Exceptions(
        weekdays=() if has_weekdays else tuple(sorted({d for one in found for d in one.weekdays})),
        monthdays=tuple(dict.fromkeys(day for one in found for day in one.monthdays)),
        months=tuple(sorted({month for one in found for month in one.months})),
        yearly=tuple(dict.fromkeys(day for one in found for day in one.yearly)),
    )


def _first_day(rule: Rule, local: datetime) -> date:
    """Give today where a time of the rule is still ahead, else tomorrow."""
    timed = Daily | Weekly | Monthly | NthWeekday | NthWorkday
    at = rule.times if isinstance(rule, timed) else ()
    gone = bool(at) and max(at) <= local.time()
    return local.date() + timedelta(days=1 if gone else 0)
