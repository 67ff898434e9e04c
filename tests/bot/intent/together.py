"""Several rules in one schedule, drawn at random as the grammar would join them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from bot.intent.rules import merged
from storage.schedules import Monthly, Rule, Several, Single


def together(*rules: st.SearchStrategy[Single]) -> st.SearchStrategy[Rule]:
    """Draw two or three rules of which none could be said within another."""
    lists = st.lists(st.one_of(*rules), min_size=2, max_size=3)
    return lists.map(_joined).filter(lambda rule: isinstance(rule, Several))


def _joined(rules: list[Single]) -> Rule:
    rule = merged(rules)
    while isinstance(rule, Several):
        again = merged(rule.rules)
        if again == rule:
            return Several(rules=tuple(_in_order(one) for one in rule.rules))
        rule = again
    return rule


def _in_order(rule: Single) -> Single:
    if not isinstance(rule, Monthly):
        return rule
    return replace(rule, days=tuple(sorted(rule.days, key=lambda day: (day < 0, day))))
