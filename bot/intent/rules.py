"""The small rules that schedules are put together from, for `bot.intent.schedules`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from typing import NamedTuple, TypeVar

from bot.intent import days
from bot.intent.rulebook import Fact
from storage.schedules import (
    Cron,
    Daily,
    Monthly,
    NthWeekday,
    NthWorkday,
    Rule,
    Several,
    Single,
    Weekday,
    Weekly,
)

F = TypeVar("F")


class Ruled(NamedTuple):
    """A rule on the way to a schedule."""

    rule: Rule
    assumed: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


def only(facts: Sequence[Fact], kind: type[F]) -> F | None:
    """Give the first fact of a kind."""
    for fact in facts:
        if isinstance(fact, kind):
            return fact
    return None


def every(facts: Sequence[Fact], kind: type[F]) -> list[F]:
    """Give all facts of a kind."""
    return [fact for fact in facts if isinstance(fact, kind)]


def crons(at: tuple[time, ...], months: Sequence[int], weekdays: tuple[Weekday, ...]) -> Rule:
    """Write weekdays of certain months as cron, with one expression for each minute of the hour."""
    month, days_of_week = ",".join(str(number) for number in months), cron_days(weekdays)
    rules = []
    for minute in sorted({one.minute for one in at}):
        hours = ",".join(str(one.hour) for one in sorted(at) if one.minute == minute)
        rules.append(Cron(expression=f"{minute} {hours} * {month} {days_of_week}"))
    return merged(rules)


def chosen_days(facts: Sequence[Fact]) -> tuple[Weekday, ...]:
    """Give the days that were said, the narrowest set where two were, less the exceptions."""
    sets = [set(one.weekdays) for one in every(facts, days.Days)] or [set(days.ALL_DAYS)]
    return without(min(sets, key=len), facts)


def without(chosen: set[Weekday], facts: Sequence[Fact]) -> tuple[Weekday, ...]:
    """Leave out the weekdays that are excepted."""
    for one in every(facts, days.Except):
        chosen = chosen - set(one.weekdays)
    return tuple(sorted(chosen))


def weekly_rule(weekdays: tuple[Weekday, ...], at: tuple[time, ...]) -> Daily | Weekly:
    """Give the weekly rule of those days; all seven are every day."""
    if weekdays == days.ALL_DAYS:
        return Daily(times=at)
    return Weekly(weekdays=weekdays, times=at)


def cron_days(weekdays: tuple[Weekday, ...]) -> str:
    """Write weekdays as the last field of a cron."""
    if weekdays == days.ALL_DAYS:
        return "*"
    numbers = sorted((day + 1) % 7 for day in weekdays)
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]}-{numbers[-1]}"
    return ",".join(str(number) for number in numbers)


def merged(rules: Sequence[Single]) -> Rule:
    """Give several rules as one: two that differ in their days or times alone become one."""
    kept: list[Single] = []
    for rule in rules:
        for place, one in enumerate(kept):
            both = _both(one, rule)
            if both is not None:
                kept[place] = both
                break
        else:
            kept.append(rule)
    return kept[0] if len(kept) == 1 else Several(rules=tuple(kept))


def _both(one: Single, other: Single) -> Single | None:
    """Give one rule for two, where there is such a rule."""
    if one == other:
        return one
    match one, other:
        case Daily() | Weekly() | Monthly() | NthWeekday() | NthWorkday(), _ if type(one) is type(
            other
        ) and replace(one, times=()) == replace(other, times=()):
            return replace(one, times=tuple(sorted({*one.times, *_times(other)})))
        case Weekly(times=times, every=1), Weekly(every=1) if times == other.times:
            return weekly_rule(tuple(sorted({*one.weekdays, *other.weekdays})), times)
        case Monthly(times=times, months=months), Monthly() if (times, months) == (
            other.times,
            other.months,
        ):
            return replace(one, days=tuple(dict.fromkeys((*one.days, *other.days))))
        case NthWeekday(times=times, months=months), NthWeekday() if (times, months) == (
            other.times,
            other.months,
        ):
            return replace(one, nths=tuple(dict.fromkeys((*one.nths, *other.nths))))
        case _:
            return None


def _times(rule: Single) -> tuple[time, ...]:
    match rule:
        case Daily() | Weekly() | Monthly() | NthWeekday() | NthWorkday():
            return rule.times
        case _:
            return ()
