"""Apply what somebody wants changed to a schedule there is; whatever was not named stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.intent.days import ALL_DAYS
from bot.intent.intents import ScheduleChange, TaskRef
from bot.intent.repaced import on_days, paced
from bot.intent.rules import weekly_rule
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
    Weekday,
    Weekly,
)

_NINE = (time(9),)
_DAYS_ANEW = ("rules",)
"""The slot of a task with several rules, where it is open which of them was meant."""
_Timed = Daily | Weekly | Monthly | NthWeekday | NthWorkday


def about(intent: Any, ref: TaskRef) -> Any:
    """Give a request, which must be of a task, for another task."""
    return replace(intent, ref=ref)


def apply_change(
    schedule: Schedule | None, change: ScheduleChange, now: datetime, zone: str
) -> tuple[Schedule | None, tuple[str, ...]]:
    """Give the changed schedule and the slots that had to be assumed.

    A bare hour is read as the one nearer to the present time, which is no assumption; `zone` is
    used where there was no schedule and none was named.
    """
    change = _left_out(schedule.rule if schedule else None, change)
    iana = change.zone or (schedule.zone if schedule else zone)
    local = now.astimezone(ZoneInfo(iana))
    rule, assumed = _regular_changed(schedule.rule if schedule else None, change, local)
    if rule is None:
        return schedule, assumed
    changed = Schedule(rule=rule, zone=iana) if schedule is None else schedule
    return replace(
        changed,
        rule=rule,
        zone=iana,
        starts=change.starts or changed.starts,
        ends=change.ends or changed.ends,
        ends_at=change.ends_at if change.ends else changed.ends_at,
        count=change.count or changed.count,
        exceptions=_with_exceptions(changed.exceptions, change.exceptions),
    ), assumed


def each_retimed(schedule: Schedule | None, change: ScheduleChange) -> tuple[Schedule, ...]:
    """Give what a new time may mean where there are several rules: of each alone, then of all.

    There is nothing to choose where the change names more than times, or a rule has none.
    """
    rule = None if schedule is None else schedule.rule
    named = change.rule or change.weekdays or change.month_days or change.on
    if schedule is None or not isinstance(rule, Several) or named or not change.times:
        return ()
    changed = [replace(one, times=_times(one.times, change)[0]) for one in rule.rules
               if isinstance(one, _Timed)]  # fmt: skip
    if len(changed) < len(rule.rules):
        return ()
    alone = ((*rule.rules[:at], one, *rule.rules[at + 1 :]) for at, one in enumerate(changed))
    return tuple(replace(schedule, rule=Several(rules=rules)) for rules in (*alone, tuple(changed)))


def once_too(
    schedule: Schedule | None, changed: Schedule | None, now: datetime
) -> tuple[Schedule, Schedule] | tuple[()]:
    """Give what a single moment may mean for a task: one more of them, or the only one.

    Nothing is to choose where no other is to come. Single moments that have passed are left out.
    """
    if schedule is None or changed is None or not isinstance(changed.rule, Once):
        return ()
    present = schedule.rule.rules if isinstance(schedule.rule, Several) else (schedule.rule,)
    ahead = [one for one in present if not isinstance(one, Once) or _is_ahead(one, now, schedule)]
    if not ahead:
        return ()
    return replace(schedule, rule=Several(rules=(*ahead, changed.rule))), changed


def _is_ahead(once: Once, now: datetime, schedule: Schedule) -> bool:
    local = now.astimezone(ZoneInfo(schedule.zone))
    return (once.on, once.at) > (local.date(), local.time())


def _left_out(present: Rule | None, change: ScheduleChange) -> ScheduleChange:
    """Leave days out of a rule that names none: "not on weekends" of "every 30 minutes"."""
    fewer = change.drop_weekdays and not (change.add_weekdays or change.add_times)
    if not fewer or not isinstance(present, Cron | Every | Several | Monthly):
        return change
    had = change.exceptions or Exceptions()
    dropped = tuple(sorted({*had.weekdays, *change.drop_weekdays}))
    return replace(change, drop_weekdays=(), exceptions=replace(had, weekdays=dropped))


def _with_exceptions(had: Exceptions, more: Exceptions | None) -> Exceptions:
    """Leave out the days that were left out and those that are named now."""
    if more is None:
        return had
    return replace(
        had,
        dates=tuple(sorted({*had.dates, *more.dates})),
        yearly=tuple(sorted({*had.yearly, *more.yearly})),
        weekdays=tuple(sorted({*had.weekdays, *more.weekdays})),
        monthdays=tuple(sorted({*had.monthdays, *more.monthdays})),
        months=tuple(sorted({*had.months, *more.months})),
        holidays=had.holidays if more.holidays is None else more.holidays,
    )


def _changed_rule(
    present: Rule | None, change: ScheduleChange, local: datetime
) -> tuple[Rule | None, tuple[str, ...]]:
    if change.rule is not None:
        return _whole(present, change)
    more = _more_or_fewer(present, change)
    if more is not None:
        return more
    had = _times_of(present)
    at, assumed = _times(had, change)
    if isinstance(present, Once) and len(change.weekdays) == 1:
        ahead = (change.weekdays[0] - local.weekday()) % 7 or 7
        return Once(on=local.date() + timedelta(days=ahead), at=(at or _NINE)[0]), assumed
    if change.weekdays and not at and (rule := on_days(present, change.weekdays)) is not None:
        return rule, assumed
    if change.weekdays:
        return _on_weekdays(present, change.weekdays, at or _NINE), (
            assumed if at else (*assumed, "time")
        )
    if change.month_days:
        monthly = Monthly(days=change.month_days, times=at or _NINE)
        if isinstance(present, Monthly):
            monthly = replace(monthly, months=present.months)
        return monthly, assumed if at else (*assumed, "time")
    if change.on is not None:
        once = Once(on=change.on, at=(at or _NINE)[0])
        return once, assumed if at else (*assumed, "time")
    return _retimed(present, at, local, assumed) if change.times else (present, assumed)


def _regular_changed(
    present: Rule | None, change: ScheduleChange, local: datetime
) -> tuple[Rule | None, tuple[str, ...]]:
    """Change the rule, or of one with single moments besides the rule alone."""
    regular = [one for one in _rules_of(present) if not isinstance(one, Once)]
    if isinstance(change.rule, Once) or not isinstance(present, Several) or len(regular) != 1:
        return _changed_rule(present, change, local)
    rule, assumed = _changed_rule(regular[0], change, local)
    besides = _besides(present, local)
    if rule is None or isinstance(rule, Once | Several) or not besides:
        return rule, assumed
    return Several(rules=(rule, *besides)), assumed


def _rules_of(rule: Rule | None) -> tuple[Rule, ...]:
    if isinstance(rule, Several):
        return rule.rules
    return () if rule is None else (rule,)


def _besides(present: Several, local: datetime) -> tuple[Once, ...]:
    """Give the single moments of several rules that are still to come."""
    once = (one for one in present.rules if isinstance(one, Once))
    return tuple(one for one in once if (one.on, one.at) > (local.date(), local.time()))


def _on_weekdays(present: Rule | None, weekdays: tuple[Weekday, ...], at: tuple[time, ...]) -> Rule:
    """Give the rule on those days; every other week stays every other week."""
    if isinstance(present, Weekly) and present.every > 1 and set(weekdays) != set(ALL_DAYS):
        return replace(present, weekdays=weekdays, times=at)
    return (
        Daily(times=at) if set(weekdays) == set(ALL_DAYS) else Weekly(weekdays=weekdays, times=at)
    )


def _more_or_fewer(
    present: Rule | None, change: ScheduleChange
) -> tuple[Rule | None, tuple[str, ...]] | None:
    """Add or take away days and times; None where the change asks for neither."""
    if not (change.add_weekdays or change.drop_weekdays or change.add_times):
        return None
    match present:
        case Daily(every=1) | Weekly():
            return _with_days(present, change)
        case Daily() | Monthly() | NthWeekday() | NthWorkday() if not (
            change.add_weekdays or change.drop_weekdays
        ):
            return _with_times(present, change), ()
        case _:
            return present, _DAYS_ANEW


def _with_days(present: Daily | Weekly, change: ScheduleChange) -> tuple[Rule, tuple[str, ...]]:
    had = set(present.weekdays) if isinstance(present, Weekly) else set(ALL_DAYS)
    kept = tuple(sorted((had | set(change.add_weekdays)) - set(change.drop_weekdays)))
    if not kept:
        return present, ("day",)
    at = _with_times(present, change).times
    if isinstance(present, Weekly) and present.every > 1:
        return replace(present, weekdays=kept, times=at), ()
    return weekly_rule(kept, at), ()


def _with_times(present: _Timed, change: ScheduleChange) -> _Timed:
    near = present.times[0]
    added = [_nearer(at, near) if change.times_bare else at for at in change.add_times]
    return replace(present, times=tuple(sorted({*present.times, *added})))


def _whole(present: Rule | None, change: ScheduleChange) -> tuple[Rule | None, tuple[str, ...]]:
    """Take the new rule, with the present times where it had to assume its own."""
    had = _times_of(present)
    if "time" in change.assumed and had and isinstance(change.rule, _Timed):
        left = tuple(slot for slot in change.assumed if slot != "time")
        return replace(change.rule, times=had), left
    assert change.rule is not None
    return paced(present, change.rule), change.assumed


def _times(
    had: tuple[time, ...], change: ScheduleChange
) -> tuple[tuple[time, ...], tuple[str, ...]]:
    if not change.times:
        return had, ()
    if not change.times_bare:
        return tuple(sorted(change.times)), ()
    if had:
        return tuple(sorted(_nearer(at, had[0]) for at in change.times)), ()
    return change.times, ("meridiem",)


def _nearer(at: time, present: time) -> time:
    """Give the reading of a bare hour that is nearer to the present time."""
    other = at.replace(hour=(at.hour + 12) % 24)

    def apart(one: time) -> int:
        return abs(one.hour * 60 + one.minute - present.hour * 60 - present.minute)

    return min((at, other), key=apart)


def _retimed(
    present: Rule | None, at: tuple[time, ...], local: datetime, assumed: tuple[str, ...]
) -> tuple[Rule, tuple[str, ...]]:
    match present:
        case Daily() | Weekly() | Monthly() | NthWeekday() | NthWorkday():
            return replace(present, times=at), assumed
        case Once():
            return replace(present, at=at[0]), assumed
        case Cron() if (cron := _retimed_cron(present, at)) is not None:
            return cron, assumed
        case Several():
            return present, (*assumed, *_DAYS_ANEW)
        case Every() | Cron():
            return Daily(times=at), (*assumed, "day")
        case None:
            later = at[0] > local.time()
            on = local.date() + timedelta(days=0 if later else 1)
            return Once(on=on, at=at[0]), (*assumed, "day")


def _retimed_cron(present: Cron, at: tuple[time, ...]) -> Cron | None:
    """Change the time of a cron that names one, where one cron can hold the new times."""
    fields = present.expression.split()
    minutes = {one.minute for one in at}
    if len(fields) != 5 or not (fields[0].isdecimal() and len(minutes) == 1):
        return None
    hours = ",".join(str(one.hour) for one in at)
    return Cron(expression=" ".join((str(minutes.pop()), hours, *fields[2:])))


def _times_of(rule: Rule | None) -> tuple[time, ...]:
    match rule:
        case Daily() | Weekly() | Monthly() | NthWeekday() | NthWorkday():
            return rule.times
        case Once():
            return (rule.at,)
        case Several(rules=rules):
            each = {_times_of(one) for one in rules}
            return each.pop() if len(each) == 1 else ()
        case Cron():
            minute, hour, *_ = (*rule.expression.split(), "", "")
            if minute.isdecimal() and hour.isdecimal():
                return (time(int(hour), int(minute)),)
    return ()
