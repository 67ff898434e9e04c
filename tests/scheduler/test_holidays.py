"""Holidays: read from a file, kept for the workspace, left out by the tasks that want it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bot.intent import fields
from bot.intent.changes import apply_change
from bot.intent.intents import CreateTask, Unclear
from bot.llm.path import interpreter
from scheduler.errors import Refused
from scheduler.holiday_files import Holiday, read_holidays
from scheduler.holidays import Holidays
from scheduler.sentences import sentence
from scheduler.wishes import Change, Wish
from storage.records import Task, TaskState
from storage.schedule_json import from_json, to_json
from storage.schedules import WORKDAYS, Daily, Exceptions, Schedule, Weekly, leaving_out
from storage.store import Store
from tests.plants import ALICE, NEW_YORK, make_task, plant
from tests.scheduler.town import Town

TODAY = date(2026, 3, 5)
EASTER, MAY_DAY = Holiday(day=date(2026, 4, 6), name="Easter"), Holiday(day=date(2026, 5, 1))
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
SUMMARY:Easter Monday\\, a long
  name
DTSTART;VALUE=DATE:20260406
DTEND;VALUE=DATE:20260407
BEGIN:VALARM
DTSTART;VALUE=DATE:20260101
END:VALARM
END:VEVENT
BEGIN:VEVENT
SUMMARY:Company days
DTSTART;VALUE=DATE:20261224
DTEND;VALUE=DATE:20261227
END:VEVENT
BEGIN:VEVENT
SUMMARY:Lunch
DTSTART:20260310T120000Z
END:VEVENT
BEGIN:VEVENT
SUMMARY:Not this year
STATUS:CANCELLED
DTSTART;VALUE=DATE:20260311
END:VEVENT
BEGIN:VEVENT
SUMMARY:May Day
DTSTART;VALUE=DATE:20250501
RRULE:FREQ=YEARLY;COUNT=3
END:VEVENT
END:VCALENDAR
"""


async def test_a_message_may_leave_out_what_is_kept(store: Store, now: datetime) -> None:
    """To leave out holidays is asked about while there is no list, and read once there is one."""
    agents = frozenset({"alex"})
    kept = Holidays(store)
    reads = interpreter(None, agents=agents, now=lambda: now, keeps_holidays=kept.are_kept)
    said = "alex check the costs daily at 9:00 except weekends and public holidays"

    asked = (await reads.read(said, zone=NEW_YORK)).intent
    await kept.put((MAY_DAY,), by=ALICE, now=now)
    read = (await reads.read(said, zone=NEW_YORK)).intent

    assert isinstance(asked, Unclear)
    assert asked.reason == "holidays"
    assert isinstance(read, CreateTask)
    assert read.schedule is not None
    assert read.schedule.rule == Weekly(weekdays=WORKDAYS, times=(time(9),))
    assert read.schedule.exceptions == Exceptions(holidays=())


def test_a_calendar_gives_its_whole_days() -> None:
    """Spans give each of their days, yearly ones each year; appointments are no holidays."""
    found = read_holidays(CALENDAR.replace("\n", "\r\n"), TODAY)
    assert [f"{each.day} {each.name}" for each in found] == [
        "2025-05-01 May Day",
        "2026-04-06 Easter Monday, a long name",
        "2026-05-01 May Day",
        "2026-12-24 Company days",
        "2026-12-25 Company days",
        "2026-12-26 Company days",
        "2027-05-01 May Day",
    ]


def test_a_text_gives_a_day_a_line() -> None:
    """Order, blank lines, comments and repeats do not matter."""
    text = "\ufeff# ours\n2026-05-01\n\n2026-04-06, Easter  # and so on\n2026-05-01 again\n"
    found = read_holidays(text, TODAY)
    assert found == (EASTER, Holiday(day=date(2026, 5, 1), name="again"))


def test_a_leap_day_comes_back_in_leap_years_alone() -> None:
    """29 February is no holiday in a year that has none."""
    event = "BEGIN:VEVENT\nSUMMARY:Leap\nDTSTART:20240229\nRRULE:FREQ=YEARLY\nEND:VEVENT\n"
    found = read_holidays(f"BEGIN:VCALENDAR\n{event}END:VCALENDAR\n", TODAY)
    assert [each.day.year for each in found] == [2024, 2028, 2032, 2036]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "It names no holiday."),
        ("2026-04-06\n6 April\n", "I can't read line 2: “6 April”."),
        ("2026-02-30 x\n", "I can't read line 1: “2026-02-30 x”."),
        (CALENDAR.replace("FREQ=YEARLY", "FREQ=MONTHLY"), "“May Day” comes back by a rule"),
        (CALENDAR.replace("COUNT=3", "BYDAY=1MO"), "“May Day” comes back by a rule"),
        (CALENDAR.replace("20261227", "20271227"), "“Company days” lasts 368 days."),
        (CALENDAR.replace("DATE:20250501", "DATE:soon"), "The event “May Day” has no day"),
        ("\n".join(f"{1000 + n:04d}-01-01" for n in range(2_001)), "more than 2,000 days"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_fix(text: str, said: str) -> None:
    """No holiday is left out of the list in silence."""
    with pytest.raises(Refused) as refused:
        read_holidays(text, TODAY)
    assert said in str(refused.value)
    assert refused.value.fix


def test_a_schedule_keeps_the_days_it_leaves_out() -> None:
    """As JSON it is the same again, and its sentence says holidays, not each of them."""
    daily = Schedule(rule=Daily(times=(time(8),)), zone="UTC")
    for days in ((), (date(2026, 4, 6),)):
        schedule = leaving_out(daily, days)
        assert from_json(to_json(schedule)) == schedule
        assert sentence(schedule) == "every day at 08:00, except holidays"
    assert to_json(leaving_out(daily, None)) == to_json(daily)


WISH = Wish(
    agent="alex",
    name="Costs",
    prompt="costs",
    schedule=Schedule(
        rule=Daily(times=(time(8),)), zone=NEW_YORK, exceptions=Exceptions(holidays=())
    ),
    zone=NEW_YORK,
    zone_from="as you said",
    channel="C0FINOPS",
    owner=ALICE.id,
)


async def test_a_task_leaves_out_the_days_of_the_list(store: Store, now: datetime) -> None:
    """What is made or edited takes the list as it is, and says how to give one where it is not."""
    town = Town(store, now)
    with pytest.raises(Refused, match="I keep no list of holidays"):
        await town.planner.create(WISH)
    tomorrow = Holiday(day=date(2026, 3, 6))
    await Holidays(store).put((tomorrow, EASTER), by=ALICE, now=now)

    made = (await town.planner.create(WISH)).task
    worked = await town.planner.edit(made.id, Change(skip_holidays=False), by=ALICE)
    again = await town.planner.edit(made.id, Change(skip_holidays=True), by=ALICE)
    undone = await town.planner.undo(made.id, by=ALICE)

    stood = [made, worked.after, again.after, undone.after]
    assert [day_of(task) for task in stood] == [7, 6, 7, 6]


async def test_another_list_changes_what_is_due_next(store: Store, now: datetime) -> None:
    """Each task that leaves holidays out follows at once; a moment that is due stays due."""
    off = Schedule(rule=Daily(times=(time(8),)), zone=NEW_YORK, exceptions=Exceptions(holidays=()))
    ahead = datetime(2026, 3, 6, 13, tzinfo=UTC)
    follows = await plant(store, make_task(schedule=off, next_run_at=ahead))
    due = await plant(store, make_task(schedule=off, next_run_at=now))
    paused = await plant(store, make_task(schedule=off, next_run_at=None, state=TaskState.PAUSED))
    other = await plant(store, make_task(next_run_at=ahead))
    last = await plant(
        store, make_task(schedule=replace(off, ends=date(2026, 3, 6)), next_run_at=ahead)
    )

    holidays = (Holiday(day=date(2026, 3, 6), name="Bridge"),)
    found = await Holidays(store).put(holidays, by=ALICE, now=now)

    async with store.read() as work:
        follows, due, paused, other, last = await work.tasks.all()
    assert found.tasks == 4
    assert (day_of(follows), day_of(due), day_of(other)) == (7, 5, 6)
    assert (last.state, last.next_run_at) == (TaskState.COMPLETED, None)
    assert paused.schedule is not None
    assert paused.schedule.exceptions.holidays == (date(2026, 3, 6),)
    assert (await Holidays(store).look()).holidays == holidays


def day_of(task: Task) -> int:
    """Give the day of March that a task runs next."""
    assert task.next_run_at is not None
    return task.next_run_at.day


@pytest.mark.parametrize("said", ["at 9:30", "except Fridays", "weekdays at 9", "not in December"])
def test_an_edit_of_the_time_goes_on_leaving_holidays_out(now: datetime, said: str) -> None:
    """Other days and times, and more exceptions, take no holiday in again."""
    off = leaving_out(Schedule(rule=Daily(times=(time(8),)), zone="UTC"), (date(2026, 4, 6),))
    change = fields.read_when(said, now=now, zone="UTC")
    changed, _ = apply_change(off, change, now, "UTC")
    assert changed is not None
    assert changed != off
    assert changed.exceptions.holidays == (date(2026, 4, 6),)
