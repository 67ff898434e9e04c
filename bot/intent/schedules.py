"""Put the facts of a message together into one schedule, naming whatever had to be assumed.

What no schedule can hold, or what contradicts itself, is a question and never an approximation.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.intent import dates, days, intervals, options, strides, times, zones
from bot.intent.bounded import bounded, tidied, without_counted
from bot.intent.calendars import Start, calendar_rule
from bot.intent.doubts import TWO_SCHEDULES, TWO_TIMES, USUAL, contradiction, doubt, two_zones
from bot.intent.intents import Unclear
from bot.intent.paces import DAY, all_day, moments, past_the_hour, repeated, windowed
from bot.intent.parts import Parts, shapes, split
from bot.intent.rulebook import Fact
from bot.intent.rules import Ruled, every, merged, only
from bot.intent.timesofday import Settled, settle
from storage.schedules import Cron, Once, Schedule, Several, Single

_UNUSED_ONCE = (
    days.Months, days.Except, intervals.Starting, intervals.Until, intervals.Lasting,
    intervals.StartingAt, intervals.UntilTime, intervals.Brief,
)  # fmt: skip
_UNUSED = (*_UNUSED_ONCE, intervals.Count)
"""Facts that say nothing without a rule that comes back."""
_DAWN = 5
"""The hour before which "tonight" is of the next day."""
_COUNTED = (days.MonthDays, days.NthDay, days.NthWork, days.YearDay, strides.Stride)


class Planned(NamedTuple):
    """A schedule and what was assumed in it; `choices` answer the first assumed slot."""

    schedule: Schedule | None
    zone_in_text: str | None = None
    assumed: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


def plan(facts: Sequence[Fact], now: datetime, zone: str) -> Planned | Unclear:
    """Build the schedule that the facts describe as of `now`, in their own zone or else `zone`."""
    wrong = doubt(facts)
    if wrong is not None:
        return wrong
    counted = without_counted(facts)
    if isinstance(counted, Unclear):
        return counted
    named = only(facts, zones.Zone)
    others = {one.iana for one in every(facts, zones.Zone)}
    if named is not None and len(others) > 1:
        return two_zones(every(facts, zones.Zone))
    iana = named.iana if named else zone
    local = now.astimezone(ZoneInfo(iana))
    facts = _daily_while_it_lasts(tidied(counted))
    ruled = _ruled(split(facts), local)
    if isinstance(ruled, Unclear):
        return ruled
    text = named.text if named else None
    unused = _UNUSED if ruled is None else _UNUSED_ONCE if isinstance(ruled.rule, Once) else ()
    if any(isinstance(fact, unused) for fact in facts):
        return Unclear(question="On which days and at what time should it run?", reason="left_over")
    if ruled is None:
        return Planned(schedule=None, zone_in_text=text)
    schedule = bounded(Schedule(rule=ruled.rule, zone=iana), facts, local)
    if isinstance(schedule, Unclear):
        return schedule
    return Planned(
        schedule=schedule, zone_in_text=text, assumed=ruled.assumed, choices=ruled.choices
    )


def _daily_while_it_lasts(facts: Sequence[Fact]) -> Sequence[Fact]:
    """Take "at 8am for the next five days" for each of those days."""
    lasting, clocks = only(facts, intervals.Lasting), only(facts, times.Clocks)
    named = bool(shapes(facts)) or only(facts, days.Period) is not None
    if lasting is None or clocks is None or named:
        return facts
    return (*facts, days.Days(weekdays=days.ALL_DAYS))


def _ruled(parts: Parts, local: datetime) -> Ruled | Unclear | None:
    """Build the rule of each part, and one of them all."""
    if parts.loose:
        return TWO_TIMES
    if len(parts.parts) > 1 and any(_is_endless(facts) for facts in parts.parts):
        return TWO_SCHEDULES
    rules: list[Single] = []
    assumed: list[str] = ["time"] if parts.borrowed else []
    choices: tuple[str, ...] = ()
    for facts in parts.parts:
        ruled = contradiction(facts) or _rule_of(facts, local)
        if isinstance(ruled, Unclear):
            return ruled
        if ruled is None:
            continue
        rules += ruled.rule.rules if isinstance(ruled.rule, Several) else (ruled.rule,)
        assumed += ruled.assumed
        choices = choices or ruled.choices
    if not rules:
        return None
    return Ruled(rule=merged(rules), assumed=tuple(dict.fromkeys(assumed)), choices=choices)


def _is_endless(facts: Sequence[Fact]) -> bool:
    """Whether a part is an interval around the clock, beside which no other part makes sense."""
    paced = only(facts, intervals.Interval) or only(facts, times.Minutes)
    bounds = (times.Window, days.Days, days.MonthDays, days.NthDay, days.NthWork, days.YearDay)
    return paced is not None and not any(isinstance(fact, bounds) for fact in facts)


def _rule_of(facts: Sequence[Fact], local: datetime) -> Ruled | Unclear | None:
    cron = only(facts, options.CronText)
    if cron is not None:
        return Ruled(rule=Cron(expression=cron.expression))
    delay = only(facts, intervals.Delay)
    if delay is not None:
        return _delayed(delay.seconds, local)
    past, interval = only(facts, times.Minutes), only(facts, intervals.Interval)
    if past is not None:
        return past_the_hour(past, facts)
    if interval is not None:
        return _repeated(interval.seconds, facts, local)
    return _on_days(facts, local)


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


def _repeated(seconds: int, facts: Sequence[Fact], local: datetime) -> Ruled | Unclear | None:
    if seconds < 60:
        return Unclear(
            question="The shortest interval is one minute. How often should it run?",
            choices=("every 1 minute", "every 5 minutes", "every hour"),
            reason="bad_interval",
        )
    window = only(facts, times.Window)
    if any(isinstance(fact, (*_COUNTED, days.Months)) for fact in facts) and (
        window is not None or any(isinstance(fact, _COUNTED) for fact in facts)
    ):
        return _on_counted_days(seconds, window, facts, local)
    if window is not None:
        return windowed(seconds, facts)
    if seconds == DAY:
        return _on_days((*facts, days.Days(weekdays=days.ALL_DAYS)), local)
    return repeated(seconds, facts, local)


def _on_counted_days(
    seconds: int, window: times.Window | None, facts: Sequence[Fact], local: datetime
) -> Ruled | Unclear | None:
    """List the moments of "every hour from 9 to 17 on the last day of the month"."""
    even = seconds % 60 == 0 and DAY % seconds == 0
    at, after = ((), ()) if window is None else moments(seconds, window)
    if after or not (even or (at and seconds % 60 == 0)):
        return Unclear(
            question="I can't count that interval on such days. Which times of day would do?",
            choices=("at 09:00, 13:00 and 17:00",),
            reason="which_times",
        )
    return calendar_rule(facts, at or all_day(seconds), _start(facts, local))


def _on_days(facts: Sequence[Fact], local: datetime) -> Ruled | Unclear | None:
    if only(facts, times.Window) is not None:
        return Unclear(question="How often should it run between those times?",
                       choices=("every 15 minutes", "every 30 minutes", "every hour"),
                       reason="no_interval")  # fmt: skip
    settled = settle(facts)
    single = _single_day(facts, local, settled)
    if single is not None:
        return single
    rule = calendar_rule(facts, settled.at, _start(facts, local))
    if rule is None or isinstance(rule, Unclear):
        return rule
    assumed, choices = settled.assumed, settled.choices
    if not settled.at:
        assumed, choices = (*assumed, "time"), USUAL
    return Ruled(rule=rule.rule, assumed=(*rule.assumed, *assumed),
                 choices=rule.choices or choices)  # fmt: skip


def _start(facts: Sequence[Fact], local: datetime) -> Start:
    starting, counted = only(facts, intervals.Starting), only(facts, strides.Counted)
    return Start(
        local=local,
        on=starting.on if starting else None,
        counted=counted.on if counted else None,
    )


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
        if settled.tonight and settled.at and settled.at[0].hour < _DAWN <= local.hour:
            on += timedelta(days=1)
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
    at = settled.at[0] if settled.at else time.fromisoformat((choices or USUAL)[0])
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


_COMING_BACK = (
    days.MonthDays, days.NthDay, days.NthWork, days.YearDay, days.Period, strides.Stride,
    times.Window, intervals.Interval, intervals.TimesADay,
)  # fmt: skip


def _comes_back(facts: Sequence[Fact]) -> bool:
    if any(day.sure for day in every(facts, days.Days)):
        return True
    nightly = any(part.name == "nightly" for part in every(facts, times.Part))
    nightly = nightly and only(facts, dates.Day) is None
    named = only(facts, days.Months)
    monthly = named is not None
    dated = only(facts, dates.Day) is not None and named is not None and named.sure
    unsure_days = [one for one in every(facts, days.MonthDays) if not (one.sure or monthly)]
    return (
        dated
        or nightly
        or any(isinstance(fact, _COMING_BACK) and fact not in unsure_days for fact in facts)
    )
