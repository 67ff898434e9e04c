"""Apply what somebody wants changed to a schedule there is; whatever was not named stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.intent.days import ALL_DAYS
from bot.intent.intents import ScheduleChange
from storage.schedules import (
    Cron,
    Daily,
    Every,
    Monthly,
    NthWeekday,
    NthWorkday,
    Once,
    Rule,
    Schedule,
    Several,
    Weekly,
)

_NINE = (time(9),)


def apply_change(
    schedule: Schedule | None, change: ScheduleChange, now: datetime, zone: str
) -> tuple[Schedule | None, tuple[str, ...]]:
    """Give the changed schedule and the slots that had to be assumed.

    A bare hour is read as the one nearer to the present time, which is no assumption; `zone` is
    used where there was no schedule and none was named.
    """
    iana = change.zone or (schedule.zone if schedule else zone)
    local = now.astimezone(ZoneInfo(iana))
    rule, assumed = _changed_rule(schedule.rule if schedule else None, change, local)
    if rule is None:
        return schedule, assumed
    changed = Schedule(rule=rule, zone=iana) if schedule is None else schedule
    return replace(
        changed,
        rule=rule,
        zone=iana,
        starts=change.starts or changed.starts,
        ends=change.ends or changed.ends,
        count=change.count or changed.count,
    ), assumed


def _changed_rule(
    present: Rule | None, change: ScheduleChange, local: datetime
) -> tuple[Rule | None, tuple[str, ...]]:
    if change.rule is not None:
        return _whole(present, change)
    had = _times_of(present)
    at, assumed = _times(had, change)
    if change.weekdays:
        rule: Rule = Weekly(weekdays=change.weekdays, times=at or _NINE)
        if set(change.weekdays) == set(ALL_DAYS):
            rule = Daily(times=at or _NINE)
        return rule, assumed if at else (*assumed, "time")
    if change.month_days:
        monthly = Monthly(days=change.month_days, times=at or _NINE)
        return monthly, assumed if at else (*assumed, "time")
    if change.on is not None:
        once = Once(on=change.on, at=(at or _NINE)[0])
        return once, assumed if at else (*assumed, "time")
    return _retimed(present, at, local, assumed) if change.times else (present, assumed)


def _whole(present: Rule | None, change: ScheduleChange) -> tuple[Rule | None, tuple[str, ...]]:
    """Take the new rule, with the present times where it had to assume its own."""
    had = _times_of(present)
    if "time" in change.assumed and had and isinstance(change.rule, Daily | Weekly | Monthly):
        left = tuple(slot for slot in change.assumed if slot != "time")
        return replace(change.rule, times=had), left
    return change.rule, change.assumed


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
        case Every() | Cron() | Several():
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
        case Cron():
            minute, hour, *_ = (*rule.expression.split(), "", "")
            if minute.isdecimal() and hour.isdecimal():
                return (time(int(hour), int(minute)),)
    return ()
