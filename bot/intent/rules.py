"""The small rules that schedules are put together from, for `bot.intent.schedules`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import TypeVar

from bot.intent import days, times
from bot.intent.facts import Fact
from bot.intent.intents import Unclear
from storage.schedules import Cron, Daily, Rule, Weekday, Weekly

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


def windowed(seconds: int, window: times.Window, weekdays: tuple[Weekday, ...]) -> Ruled | Unclear:
    """List every moment of the window, its end included where a step lands on it."""
    first, last = (end.at.hour * 60 + end.at.minute for end in (window.first, window.last))
    overnight = last <= first
    if overnight and weekdays != days.ALL_DAYS:
        return Unclear(
            question="I can't do a night that begins on certain days only; nothing changed. "
            "Should it be every night?",
            understood="a window past midnight on certain days",
            reason="no_shape",
        )
    stop = last + 1440 if overnight else last
    minutes = [minute % 1440 for minute in range(first, stop + 1, seconds // 60)]
    at = tuple(time(minute // 60, minute % 60) for minute in sorted(set(minutes)))
    rough = window.first.rough or window.last.rough
    return Ruled(rule=weekly_rule(weekdays, at), assumed=("time",) if rough else ())


def cron_rule(
    at: tuple[time, ...],
    day: str,
    months: days.Months | None,
    weekday: str,
    assumed: tuple[str, ...] = (),
) -> Ruled | Unclear:
    """Build the cron of some days at some times, where one cron can hold them."""
    minutes = {one.minute for one in at}
    if len(minutes) > 1:
        return Unclear(
            question="Those times have different minutes, which I can't do on such days yet. "
            "Which one time should it be?",
            choices=tuple(f"{one:%H:%M}" for one in at),
            reason="no_shape",
        )
    hours = ",".join(str(one.hour) for one in sorted(at))
    month = ",".join(str(number) for number in months.months) if months else "*"
    expression = f"{minutes.pop()} {hours} {day} {month} {weekday}"
    return Ruled(rule=Cron(expression=expression), assumed=assumed)


def chosen_days(facts: Sequence[Fact]) -> tuple[Weekday, ...]:
    """Give the days that were said, the narrowest set where two were, less the exceptions."""
    sets = [set(one.weekdays) for one in every(facts, days.Days)] or [set(days.ALL_DAYS)]
    chosen = min(sets, key=len)
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
