"""What people read about a schedule."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from scheduler.recurrence import upcoming
from scheduler.sentences import moment, moments, sentence, zone_name
from storage.schedules import (
    WEEKEND,
    WORKDAYS,
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

NEW_YORK = "America/New_York"
NINE = (time(9),)


def in_new_york(rule: Rule) -> Schedule:
    return Schedule(rule=rule, zone=NEW_YORK)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Daily(times=(time(8),)), "every day at 08:00"),
        (Daily(times=(time(17), time(8))), "every day at 08:00 and 17:00"),
        (Weekly(weekdays=(Weekday.MONDAY,), times=NINE), "Mondays at 09:00"),
        (Weekly(weekdays=WORKDAYS, times=NINE), "Monday to Friday at 09:00"),
        (Weekly(weekdays=WEEKEND, times=NINE), "Saturdays and Sundays at 09:00"),
        (Weekly(weekdays=tuple(Weekday), times=NINE), "every day at 09:00"),
        (Monthly(days=(15, 1), times=NINE), "on the 1st and 15th of every month at 09:00"),
        (Monthly(days=(-1,), times=NINE), "on the last day of every month at 09:00"),
        (Monthly(days=(-2,), times=NINE), "on the second-to-last day of every month at 09:00"),
        (
            Monthly(days=(1, -2), times=NINE),
            "on the 1st and second-to-last day of every month at 09:00",
        ),
        (
            Monthly(days=(2, 3, 11, 22), times=NINE),
            "on the 2nd, 3rd, 11th and 22nd of every month at 09:00",
        ),
        (
            Monthly(days=(-1, 1, 3, 5, 8, 10, 12, 15), times=NINE),
            "on the 1st, 3rd, 5th, 8th, 10th, 12th, 15th and last day of every month at 09:00",
        ),
        (Cron(expression="0 9 1 4 *"), "on the 1st of April every year at 09:00"),
        (Once(on=date(2026, 3, 6), at=time(7)), "once, Fri 6 Mar 2026 at 07:00"),
        (Daily(times=tuple(map(time, range(9, 18, 2)))), "every 2 hours from 09:00 to 17:00"),
        (Daily(times=tuple(map(time, (0, 1, 2, 22, 23)))), "every hour from 22:00 to 02:00"),
        (
            Weekly(weekdays=WORKDAYS, times=tuple(map(time, range(8, 19)))),
            "every hour from 08:00 to 18:00, Monday to Friday",
        ),
        (
            Weekly(weekdays=WORKDAYS, times=tuple(map(time, (0, 1, 2, 22, 23)))),
            "Monday to Friday at 00:00, 01:00, 02:00, 22:00 and 23:00",
        ),
        (
            Daily(times=tuple(map(time, (6, 10, 14, 18)))),
            "every day at 06:00, 10:00, 14:00 and 18:00",
        ),
    ],
)
def test_a_rule_is_said_in_plain_english(rule: Rule, said: str) -> None:
    """Every kind of rule has its sentence."""
    assert sentence(in_new_york(rule)) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (60, "every minute, from Thu 5 Mar 2026 at 10:17"),
        (5_400, "every 90 minutes, from Thu 5 Mar 2026 at 10:17"),
        (25_200, "every 7 hours, from Thu 5 Mar 2026 at 10:17"),
        (90, "every 90 seconds, from Thu 5 Mar 2026 at 10:17"),
        (172_800, "every 48 hours, counted from Thu 5 Mar 2026 at 10:17"),
    ],
)
def test_an_interval_names_its_anchor(now: datetime, seconds: int, said: str) -> None:
    """A true interval is said in its largest whole unit with the local moment it counts from."""
    assert sentence(in_new_york(Every(seconds=seconds, anchor=now))) == said


TUESDAY = date(2026, 3, 10)
OVERNIGHT = Several(
    rules=(
        Weekly(weekdays=WORKDAYS, times=(time(22), time(22, 30), time(23), time(23, 30))),
        Weekly(weekdays=tuple(Weekday)[1:6], times=(time(0), time(0, 30), time(1))),
    )
)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            Daily(times=NINE, every=2, anchor=TUESDAY),
            "every other day at 09:00, counted from Tue 10 Mar 2026",
        ),
        (
            Weekly(weekdays=(Weekday.MONDAY,), times=NINE, every=2, anchor=TUESDAY),
            "every other Monday at 09:00, counted from Tue 10 Mar 2026",
        ),
        (
            Weekly(weekdays=WEEKEND, times=NINE, every=3, anchor=TUESDAY),
            "every 3 weeks on Saturdays and Sundays at 09:00, counted from Tue 10 Mar 2026",
        ),
        (
            Monthly(days=(15,), times=NINE, months=(1, 4, 7, 10)),
            "on the 15th of January, April, July and October at 09:00",
        ),
        (
            Monthly(days=(-2,), times=NINE, months=(2,)),
            "on the second-to-last day of February every year at 09:00",
        ),
        (
            NthWeekday(nths=((-2, Weekday.FRIDAY),), times=NINE),
            "on the second-to-last Friday of every month at 09:00",
        ),
        (
            NthWeekday(nths=((1, Weekday.MONDAY), (3, Weekday.MONDAY)), times=NINE),
            "on the first and third Monday of every month at 09:00",
        ),
        (
            NthWorkday(nths=(1, -1), times=NINE),
            "on the first and last business day of every month at 09:00",
        ),
        (
            Several(
                rules=(
                    Weekly(weekdays=(Weekday.MONDAY,), times=NINE),
                    Weekly(weekdays=(Weekday.FRIDAY,), times=(time(16),)),
                )
            ),
            "Mondays at 09:00 and Fridays at 16:00",
        ),
        (
            Several(
                rules=(
                    Weekly(weekdays=WEEKEND, times=NINE),
                    Monthly(days=(1,), times=(time(6),)),
                )
            ),
            "Saturdays and Sundays at 09:00, and also on the 1st of every month at 06:00",
        ),
        (OVERNIGHT, "every 30 minutes from 22:00 to 01:00 the next day, Monday to Friday"),
        (
            Every(seconds=5_400, anchor=datetime(2026, 3, 5, 13, tzinfo=UTC), weekdays=WORKDAYS),
            "every 90 minutes on Monday to Friday, from Thu 5 Mar 2026 at 08:00",
        ),
    ],
)
def test_a_rarer_rule_is_said_as_people_would(rule: Rule, said: str) -> None:
    """Every other day, counted days, several rules and nights have their sentences too."""
    assert sentence(in_new_york(rule)) == said


def test_days_that_are_left_out_are_named() -> None:
    """The widest exceptions come first, single days last and with their year."""
    out = Exceptions(
        months=(8,),
        weekdays=(Weekday.FRIDAY,),
        monthdays=(-1, 1),
        yearly=((12, 25),),
        dates=(date(2026, 4, 6),),
    )
    schedule = Schedule(
        rule=Daily(times=NINE), zone=NEW_YORK, exceptions=out, ends=TUESDAY, ends_at=time(17)
    )
    assert sentence(schedule) == (
        "every day at 09:00, except August, Fridays, the 1st, the last day of the month, "
        "25 December and 6 April 2026, until Tue 10 Mar 2026 at 17:00"
    )


def test_a_stride_that_starts_on_its_own_day_names_it_once() -> None:
    """The first day is what days and weeks are counted from, unless another one is."""
    rule = Weekly(weekdays=(Weekday.FRIDAY,), times=NINE, every=2, anchor=date(2026, 3, 13))
    schedule = Schedule(rule=rule, zone=NEW_YORK, starts=TUESDAY)

    assert sentence(schedule) == "every other Friday at 09:00, from Tue 10 Mar 2026"


def test_bounds_follow_the_rule() -> None:
    """The first day, the last day and the count are each named."""
    schedule = Schedule(
        rule=Daily(times=NINE),
        zone=NEW_YORK,
        starts=date(2026, 3, 9),
        ends=date(2026, 3, 27),
        count=3,
    )
    assert sentence(schedule) == (
        "every day at 09:00, from Mon 9 Mar 2026, until Fri 27 Mar 2026, 3 times"
    )


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("0 8 * * *", "every day at 08:00"),
        ("0 9,17 * * 1-5", "Monday to Friday at 09:00 and 17:00"),
        ("0 9 * * 6,0", "Saturdays and Sundays at 09:00"),
        ("0 9 * * fri-mon", "Friday to Monday at 09:00"),
        ("@weekly", "Sundays at 00:00"),
        ("* * * * *", "every minute"),
        ("*/15 * * * *", "every 15 minutes"),
        ("0-59/15 * * * *", "every 15 minutes"),
        ("*/45 * * * *", "at :00 and :45 every hour"),
        ("0 * * * *", "every hour"),
        ("15 * * * *", "every hour at :15"),
        ("0 */6 * * *", "every 6 hours"),
        ("30 */2 * * *", "every 2 hours at :30"),
        ("0 8-20/2 * * *", "every 2 hours from 08:00 to 20:00"),
        ("0 9-17 * * 1-5", "every hour from 09:00 to 17:00, Monday to Friday"),
        ("*/20 9-17 * * *", "every 20 minutes from 09:00 to 17:40"),
        ("0 22-6 * * *", "every hour from 22:00 to 06:00"),
        ("0 9 1,15 * *", "on the 1st and 15th of every month at 09:00"),
        ("0 9 1-7 * *", "on the 1st to 7th of every month at 09:00"),
        ("0 9 */2 * *", "on the odd days of every month at 09:00"),
        ("0 9 L * *", "on the last day of every month at 09:00"),
        ("0 9 * * 5L", "on the last Friday of every month at 09:00"),
        ("0 9 * * tue#2", "on the second Tuesday of every month at 09:00"),
        ("0 9 1 */3 *", "on the 1st of January, April, July and October at 09:00"),
        ("0 9 * 6-8 mon", "Mondays in June to August at 09:00"),
        ("0 9 13 * 5", "on the 13th of every month and on Fridays at 09:00"),
        ("*/7 3 * * 1#2,3", "on cron `*/7 3 * * 1#2,3`"),
        ("0 9 1-7 * */7", "on cron `0 9 1-7 * */7`"),
    ],
)
def test_common_cron_is_said_in_words(expression: str, said: str) -> None:
    """Cron shows as words where it can, and as itself where words would mislead."""
    assert sentence(in_new_york(Cron(expression=expression))) == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Berlin", "Berlin time"),
        (NEW_YORK, "New York time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("UTC", "UTC"),
        ("Etc/UTC", "UTC"),
        ("Etc/GMT-2", "UTC+2"),
        ("Etc/GMT+5", "UTC-5"),
    ],
)
def test_a_zone_is_called_by_its_city(zone: str, said: str) -> None:
    """A zone's sentence holds no slash, and fixed offsets have the sign people expect."""
    assert zone_name(zone) == said


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Daily(times=(time(8),)), "Fri 6, Sat 7, Sun 8, Mon 9, Tue 10 Mar"),
        (Weekly(weekdays=(Weekday.MONDAY,), times=NINE), "9, 16, 23, 30 Mar, 6 Apr"),
        (Cron(expression="*/30 * * * *"), "Thu 5 Mar 10:30, 11:00, 11:30, 12:00, 12:30"),
        (
            Cron(expression="0 9,17 * * *"),
            "Thu 5 Mar 17:00 · Fri 6 Mar 09:00, 17:00 · Sat 7 Mar 09:00, 17:00",
        ),
        (Cron(expression="0 9 1 12,1 *"), "Tue 1 Dec, Fri 1 Jan 2027, Wed 1 Dec 2027"),
        (Once(on=date(2026, 3, 6), at=time(7)), "Fri 6 Mar"),
    ],
)
def test_the_next_runs_fit_one_line(now: datetime, rule: Rule, said: str) -> None:
    """Days share their month, times show where they differ, another year is named."""
    due = upcoming(in_new_york(rule), now)
    assert moments(due, NEW_YORK, now).startswith(said)


def test_a_moment_names_weekday_date_and_time(now: datetime) -> None:
    """One instant is said on the zone's wall."""
    assert moment(now, NEW_YORK, now) == "Thu 5 Mar 10:17"


def test_a_moment_of_another_year_names_it(now: datetime) -> None:
    """The year stands where it is not the reader's own."""
    instant = datetime(2027, 1, 1, 3, tzinfo=UTC)
    assert moment(instant, NEW_YORK, now) == "Thu 31 Dec 22:00"
    assert moment(instant + timedelta(hours=2), NEW_YORK, now) == "Fri 1 Jan 2027 00:00"
