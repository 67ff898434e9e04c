"""A change to a schedule touches what was named and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from bot.intent.changes import apply_change
from bot.intent.intents import ScheduleChange
from storage.schedules import WORKDAYS, Cron, Daily, Once, Schedule, Weekday, Weekly

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
