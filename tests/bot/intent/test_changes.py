"""A change to a schedule touches what was named and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bot.intent.changes import apply_change, each_retimed
from bot.intent.intents import ScheduleChange
from storage.schedules import (
    WORKDAYS,
    Cron,
    Daily,
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

NOW = datetime(2026, 3, 9, 11, 0, tzinfo=UTC)
ZONE = "Europe/Berlin"
DAILY = Schedule(rule=Daily(times=(time(8),)), zone=ZONE, ends=date(2026, 6, 1), count=9)


def test_a_bare_hour_is_the_one_nearer_to_the_present_time() -> None:
    """Nine, for a task at 08:00, is 09:00 without doubt, and all else stays."""
    change = ScheduleChange(times=(time(9),), times_bare=True)

    changed, assumed = apply_change(DAILY, change, NOW, ZONE)

    assert assumed == ()
    assert changed == Schedule(
        rule=Daily(times=(time(9),)), zone=ZONE, ends=date(2026, 6, 1), count=9
    )


def test_a_bare_hour_follows_an_evening_task() -> None:
    """Seven, for a task at 18:00, is 19:00."""
    evening = Schedule(rule=Daily(times=(time(18),)), zone=ZONE)

    changed, _ = apply_change(evening, ScheduleChange(times=(time(7),), times_bare=True), NOW, ZONE)

    assert changed is not None
    assert changed.rule == Daily(times=(time(19),))


def test_new_days_keep_the_times() -> None:
    """Weekdays only, for a daily task, keeps its time."""
    changed, assumed = apply_change(DAILY, ScheduleChange(weekdays=WORKDAYS), NOW, ZONE)

    assert assumed == ()
    assert changed is not None
    assert changed.rule == Weekly(weekdays=WORKDAYS, times=(time(8),))


def test_all_seven_days_are_daily() -> None:
    """Every day of the week is the daily rule."""
    weekly = Schedule(rule=Weekly(weekdays=(Weekday.MONDAY,), times=(time(8),)), zone=ZONE)

    changed, _ = apply_change(weekly, ScheduleChange(weekdays=tuple(Weekday)), NOW, ZONE)

    assert changed is not None
    assert changed.rule == Daily(times=(time(8),))


def test_a_zone_changes_nothing_but_the_zone() -> None:
    """Another zone keeps the wall time."""
    changed, _ = apply_change(DAILY, ScheduleChange(zone="UTC"), NOW, ZONE)

    assert changed is not None
    assert (changed.zone, changed.rule) == ("UTC", DAILY.rule)


def test_the_time_of_a_cron_changes_in_place() -> None:
    """A cron with one time keeps its days."""
    cron = Schedule(rule=Cron(expression="0 9 * * 2#2"), zone=ZONE)

    changed, assumed = apply_change(cron, ScheduleChange(times=(time(10, 30),)), NOW, ZONE)

    assert assumed == ()
    assert changed is not None
    assert changed.rule == Cron(expression="30 10 * * 2#2")


def test_a_time_for_a_task_without_schedule_asks_for_the_day() -> None:
    """A lone time makes one run of an on-demand task, and the day is an assumption."""
    changed, assumed = apply_change(None, ScheduleChange(times=(time(10),)), NOW, ZONE)

    assert assumed == ("day",)
    assert changed is not None
    assert changed.rule == Once(on=date(2026, 3, 10), at=time(10))


FRIDAYS = Weekly(weekdays=(Weekday.FRIDAY,), times=(time(9),), every=2, anchor=date(2026, 3, 13))


def changed_rule(rule: Rule, change: ScheduleChange) -> tuple[Rule, tuple[str, ...]]:
    changed, assumed = apply_change(Schedule(rule=rule, zone=ZONE), change, NOW, ZONE)

    assert changed is not None
    return changed.rule, assumed


@pytest.mark.parametrize(
    "rule",
    [
        NthWeekday(nths=((2, Weekday.TUESDAY),), times=(time(8),), months=(3, 6)),
        NthWorkday(nths=(-1,), times=(time(8),)),
        Monthly(days=(-2,), times=(time(8),), months=(1, 7)),
        Daily(times=(time(8),), every=3, anchor=date(2026, 3, 10)),
        FRIDAYS,
    ],
)
def test_a_new_time_keeps_every_kind_of_day(
    rule: Daily | Weekly | Monthly | NthWeekday | NthWorkday,
) -> None:
    """Counted days, months, strides and their anchors stay when the time changes."""
    new = changed_rule(rule, ScheduleChange(times=(time(10, 15),)))

    assert new == (replace(rule, times=(time(10, 15),)), ())


def test_new_days_keep_every_other_week() -> None:
    """Another weekday, every other week, is counted from the same week."""
    new, assumed = changed_rule(FRIDAYS, ScheduleChange(weekdays=(Weekday.MONDAY,)))

    assert (new, assumed) == (replace(FRIDAYS, weekdays=(Weekday.MONDAY,)), ())


def test_a_day_is_added_to_those_there_are() -> None:
    """Mondays too means Mondays and Fridays, at the same time."""
    new, assumed = changed_rule(FRIDAYS, ScheduleChange(add_weekdays=(Weekday.MONDAY,)))

    assert (new, assumed) == (replace(FRIDAYS, weekdays=(Weekday.MONDAY, Weekday.FRIDAY)), ())


def test_a_day_is_taken_from_every_day() -> None:
    """A daily task without Sundays runs on the other six days."""
    new, assumed = changed_rule(DAILY.rule, ScheduleChange(drop_weekdays=(Weekday.SUNDAY,)))

    assert (new, assumed) == (Weekly(weekdays=tuple(Weekday)[:6], times=(time(8),)), ())


def test_a_time_is_added_to_those_there_are() -> None:
    """Five in the afternoon too means both times."""
    new, _ = changed_rule(DAILY.rule, ScheduleChange(add_times=(time(17),)))

    assert new == Daily(times=(time(8), time(17)))


def test_several_rules_ask_which_of_them_changes() -> None:
    """One new time for two rules with their own changes neither, and says that it is open."""
    both = Several(rules=(Weekly(weekdays=(Weekday.MONDAY,), times=(time(8),)), FRIDAYS))

    assert changed_rule(both, ScheduleChange(times=(time(10),))) == (both, ("rules",))
    assert changed_rule(both, ScheduleChange(add_times=(time(10),))) == (both, ("rules",))


def test_days_left_out_come_on_top_of_those_before() -> None:
    """A second exception keeps the first."""
    had = replace(DAILY, exceptions=Exceptions(months=(12,)))
    change = ScheduleChange(exceptions=Exceptions(monthdays=(1,)))

    changed, _ = apply_change(had, change, NOW, ZONE)

    assert changed == replace(had, exceptions=Exceptions(months=(12,), monthdays=(1,)))


def test_days_are_left_out_of_a_rule_that_names_none() -> None:
    """“Not on weekends” of every half hour leaves the weekends out and keeps the pace."""
    often = Schedule(rule=Cron(expression="*/30 * * * *"), zone=ZONE)
    weekend = (Weekday.SATURDAY, Weekday.SUNDAY)

    changed, assumed = apply_change(often, ScheduleChange(drop_weekdays=weekend), NOW, ZONE)

    assert assumed == ()
    assert changed == replace(often, exceptions=Exceptions(weekdays=weekend))


def test_a_time_for_two_rules_may_be_of_each_or_of_both() -> None:
    """Each rule alone is offered with the new time, then both; days said are no choice."""
    rules = (Daily(times=(time(6),)), Weekly(weekdays=(Weekday.FRIDAY,), times=(time(17),)))
    both = Schedule(rule=Several(rules=rules), zone=ZONE)
    sooner = tuple(replace(one, times=(time(7),)) for one in rules)

    found = each_retimed(both, ScheduleChange(times=(time(7),)))

    assert [one.rule for one in found] == [
        Several(rules=(sooner[0], rules[1])),
        Several(rules=(rules[0], sooner[1])),
        Several(rules=sooner),
    ]
    assert each_retimed(both, ScheduleChange(times=(time(7),), weekdays=(Weekday.MONDAY,))) == ()
    assert each_retimed(DAILY, ScheduleChange(times=(time(7),))) == ()
