"""What no schedule may look like, whatever the moment; `scheduler.recurrence.check` asks here."""

from __future__ import annotations

from datetime import date

from scheduler.errors import BadSchedule
from storage.schedules import (
    Daily,
    Every,
    Monthly,
    NthWeekday,
    NthWorkday,
    Schedule,
    Several,
    Single,
    Weekly,
)

SHORTEST_S = 60
LONGEST_STRIDE = 366
"""Days, or weeks, that a rule may count by."""


def check_shape(schedule: Schedule, today: date) -> None:
    """Raise BadSchedule, with a fix, for bounds or a rule that make no sense."""
    _check_bounds(schedule, today)
    rule = schedule.rule
    if isinstance(rule, Several) and not rule.rules:
        raise BadSchedule("It has no rule.", fix="Say when: every day at 09:00.")
    for single in rule.rules if isinstance(rule, Several) else (rule,):
        _check_rule(single)


def _check_bounds(schedule: Schedule, today: date) -> None:
    if schedule.count is not None and schedule.count < 1:
        raise BadSchedule("It would run less than once.", fix="Give a count of 1 or more.")
    if schedule.ends is None:
        return
    if schedule.starts is not None and schedule.ends < schedule.starts:
        raise BadSchedule("It would end before it starts.", fix="Give an end after the start.")
    if schedule.ends < today:
        raise BadSchedule(
            f"It would have ended on {schedule.ends.isoformat()}.", fix="Give an end to come."
        )


def _check_rule(rule: Single) -> None:
    match rule:
        case Every(seconds=seconds) if seconds < SHORTEST_S:
            unit = "0 minutes" if seconds == 0 else f"{seconds} seconds"
            raise BadSchedule(
                f"Every {unit} is too often; the shortest interval is one minute.",
                fix="Say every 5 minutes, for example.",
            )
        case Daily(every=every) | Weekly(every=every) if not 1 <= every <= LONGEST_STRIDE:
            raise BadSchedule(
                f"It can't count by {every}.", fix=f"Give a number from 1 to {LONGEST_STRIDE}."
            )
        case Daily(every=every, anchor=None) | Weekly(every=every, anchor=None) if every > 1:
            raise BadSchedule(
                "It has no day to count from.", fix="Name one: every other day from 1 June."
            )
        case (
            Daily(times=())
            | Weekly(times=())
            | Monthly(times=())
            | NthWeekday(times=())
            | NthWorkday(times=())
        ):
            raise BadSchedule("It has no time of day.", fix="Say when: at 09:00.")
        case Weekly(weekdays=()) | Monthly(days=()) | NthWeekday(nths=()) | NthWorkday(nths=()):
            raise BadSchedule("It has no day.", fix="Say which: on Mondays, or on the 1st.")
        case Monthly(days=days) if not all(1 <= abs(day) <= 31 for day in days):
            raise BadSchedule("A month has no such day.", fix="Give 1 to 31, or the last day.")
        case NthWeekday(nths=nths) if not all(1 <= abs(nth) <= 5 for nth, _ in nths):
            raise BadSchedule("A month has at most five of a weekday.", fix="Count from 1 to 5.")
        case NthWorkday(nths=nths) if not all(1 <= abs(nth) <= 23 for nth in nths):
            raise BadSchedule("A month has no such business day.", fix="Count from 1 to 23.")
        case Monthly(months=months) | NthWeekday(months=months) | NthWorkday(months=months) if (
            not all(1 <= month <= 12 for month in months)
        ):
            raise BadSchedule("A year has no such month.", fix="Give 1 to 12.")
        case _:
            return
