"""The small rules that schedules are put together from, for `bot.intent.schedules`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from typing import TypeVar

from bot.intent import days, times
from bot.intent.exceptions import Except
from bot.intent.facts import Fact
from bot.intent.intents import Unclear
from storage.schedules import Cron, Daily, Rule, Several, Weekday, Weekly

F = TypeVar("F")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """A rule on the way to a schedule."""

    rule: Rule
    assumed: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


def only(facts: Sequence[Fact], kind: type[F]) -> F | None:
    """Give the first fact of a kind."""
    return next((fact for fact in facts if isinstance(fact, kind)), None)


def every(facts: Sequence[Fact], kind: type[F]) -> list[F]:
    """Give all facts of a kind."""
    return [fact for fact in facts if isinstance(fact, kind)]


def windowed(seconds: int, window: times.Window, weekdays: tuple[Weekday, ...]) -> Ruled:
    """List every moment of the window, its end included where a step lands on it.

    A window past midnight belongs to the days on which it begins.
    """
    first, last = (end.at.hour * 60 + end.at.minute for end in (window.first, window.last))
    overnight = last <= first
    stop = last + 1440 if overnight else last
    minutes = range(first, stop + 1, max(seconds // 60, 1))
    assumed = ("time",) if window.first.rough or window.last.rough else ()
    if not overnight or weekdays == days.ALL_DAYS:
        rule: Rule = weekly_rule(weekdays, _clocks(minutes))
        return Ruled(rule=rule, assumed=assumed)
    after = tuple(sorted(Weekday((day + 1) % 7) for day in weekdays))
    parts = (
        (weekdays, [minute for minute in minutes if minute < 1440]),
        (after, [minute - 1440 for minute in minutes if minute >= 1440]),
    )
    rules = tuple(Weekly(weekdays=on, times=_clocks(at)) for on, at in parts if at)
    return Ruled(rule=rules[0] if len(rules) == 1 else Several(rules=rules), assumed=assumed)


def _clocks(minutes: Iterable[int]) -> tuple[time, ...]:
    wrapped = sorted({minute % 1440 for minute in minutes})
    return tuple(time(minute // 60, minute % 60) for minute in wrapped)


def cron_rule(at: tuple[time, ...], months: days.Months, weekday: str) -> Ruled | Unclear:
    """Build the cron of some weekdays of some months, where one cron can hold their times."""
    minutes = {one.minute for one in at}
    if len(minutes) > 1:
        return Unclear(
            question="Those times have different minutes, which I can't do on such days yet. "
            "Which one time should it be?",
            choices=tuple(f"{one:%H:%M}" for one in at),
            reason="no_shape",
        )
    hours = ",".join(str(one.hour) for one in sorted(at))
    month = ",".join(str(number) for number in months.months)
    return Ruled(rule=Cron(expression=f"{minutes.pop()} {hours} * {month} {weekday}"))


def chosen_days(facts: Sequence[Fact]) -> tuple[Weekday, ...]:
    """Give the days that were said, the narrowest set where two were, less the exceptions."""
    sets = [set(one.weekdays) for one in every(facts, days.Days)] or [set(days.ALL_DAYS)]
    chosen = min(sets, key=len)
    for one in every(facts, Except):
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
