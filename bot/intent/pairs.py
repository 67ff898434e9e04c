"""Two and more rules in one sentence: "Mondays at 9 and Fridays at 16", "Tue 9am + Fri 4pm"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.intent import dates, days, times
from bot.intent.facts import Fact
from bot.intent.rules import weekly_rule
from bot.intent.strides import Stride
from storage.schedules import Daily, Rule, Several, Single, Weekday, Weekly

_DAYS = (days.Days, days.MonthDays, days.NthDay, days.YearDay, dates.Day, Stride)


def paired(facts: Sequence[Fact]) -> list[tuple[Fact, ...]]:
    """Give the facts of each rule, where days and times take turns; empty for a single rule.

    What is neither a day nor a time counts for all of them.
    """
    turns = [fact for fact in facts if isinstance(fact, (*_DAYS, times.Clocks))]
    kinds = [isinstance(fact, times.Clocks) for fact in turns]
    alternate = all(one != after for one, after in pairwise(kinds))
    if len(turns) < 4 or len(turns) % 2 or not alternate:
        return []
    shared = tuple(fact for fact in facts if fact not in turns)
    return [
        (*(_sure(fact) for fact in turns[at : at + 2]), *shared) for at in range(0, len(turns), 2)
    ]


def _sure(fact: Fact) -> Fact:
    """Take a weekday beside another with its own time for one that comes back."""
    return replace(fact, sure=True) if isinstance(fact, days.Days) else fact


def joined(rules: Sequence[Single]) -> Rule:
    """Give several rules as one, and as a plain one where they are the same days or times."""
    distinct = tuple(dict.fromkeys(rules))
    weekly = [_weekly(rule) for rule in distinct]
    whole = [rule for rule in weekly if rule is not None]
    if len(whole) == len(distinct):
        on = {rule.weekdays for rule in whole}
        at = {rule.times for rule in whole}
        if len(on) == 1 or len(at) == 1:
            weekdays = tuple(sorted({day for one in on for day in one}))
            return weekly_rule(weekdays, tuple(sorted({time for one in at for time in one})))
    return distinct[0] if len(distinct) == 1 else Several(rules=distinct)


def _weekly(rule: Single) -> Weekly | None:
    """Give a rule as days of every week, where it is one."""
    match rule:
        case Daily(every=1, times=times):
            return Weekly(weekdays=tuple(Weekday), times=times)
        case Weekly(every=1):
            return rule
        case _:
            return None
