"""The forecast: what it names is what fires, to the minute, over changes of the clocks."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler import recurrence
from scheduler.dispatcher import Dispatcher
from scheduler.forecast import Load, Shift, forecast, moments_of
from scheduler.pump import Pump
from storage.database import Database
from storage.migrate import migrate
from storage.policies import Missed, Overlap
from storage.records import Hold, Task, TaskId, TaskState
from storage.schedules import (
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
from storage.store import Store
from tests.fakes import Hand
from tests.plants import make_task, plant
from tests.scheduler.test_dispatcher import Basket

BERLIN, NEW_YORK, SYDNEY = "Europe/Berlin", "America/New_York", "Australia/Sydney"
MARCH = datetime(2026, 3, 4, 11, 30, tzinfo=UTC)
"""New York's clocks go forward on 8 March, Berlin's on the 29th; Sydney's go back on 5 April."""
OCTOBER = datetime(2026, 10, 1, 11, 30, tzinfo=UTC)
"""Sydney's clocks go forward on 4 October, Berlin's go back on the 25th, New York's a week on."""
AFTER = timedelta(days=33)
AT_HALF_PAST_TWO = Daily(times=(time(2, 30),))


def task(rule: Rule, zone: str = BERLIN, number: int = 1, **named: Any) -> Task:
    """Give a task that is on, its next moment the first after `since`."""
    since = named.pop("since", MARCH)
    bounds = {name: named.pop(name) for name in _BOUNDS if name in named}
    schedule = Schedule(rule=rule, zone=zone, **bounds)
    first = recurrence.next_after(schedule, since)
    given = {"id": TaskId(number), "schedule": schedule, "zone": zone, "next_run_at": first}
    return make_task(**given | named)


_BOUNDS = ("starts", "ends", "ends_at", "count", "exceptions")


def of_all_kinds(since: datetime) -> list[Task]:
    """Give a task of each kind of rule, bound and policy, in zones whose clocks change."""
    weekend = (Weekday.SATURDAY, Weekday.SUNDAY)
    noon = (time(12),)
    tasks = [
        task(AT_HALF_PAST_TWO, zone, since=since) for zone in (BERLIN, NEW_YORK, SYDNEY, "UTC")
    ]
    tasks += [
        task(Weekly(weekdays=weekend, times=(time(1, 30), time(2, 15))), SYDNEY, since=since),
        task(
            Weekly(weekdays=(Weekday.FRIDAY,), times=noon, every=2, anchor=since.date()),
            since=since,
        ),
        task(Monthly(days=(1, -1), times=noon), NEW_YORK, since=since),
        task(
            NthWeekday(nths=((2, Weekday.TUESDAY), (-1, Weekday.FRIDAY)), times=noon), since=since
        ),
        task(NthWorkday(nths=(1, -1), times=noon), since=since),
        task(Cron(expression="0 * * * 0"), since=since, overlap=Overlap.CANCEL),
        task(Cron(expression="15 2 * * 0,6"), NEW_YORK, since=since, overlap=Overlap.QUEUE),
        task(Every(seconds=7 * 3600, anchor=since - AFTER), NEW_YORK, since=since),
        task(Once(on=(since + timedelta(days=9)).date(), at=time(9, 5)), since=since),
        task(Several(rules=(AT_HALF_PAST_TWO, Daily(times=noon))), since=since, missed=Missed.ALL),
        task(AT_HALF_PAST_TWO, since=since, count=5),
        task(AT_HALF_PAST_TWO, since=since, ends=(since + timedelta(days=20)).date()),
        task(Daily(times=noon), since=since, exceptions=Exceptions(weekdays=weekend)),
    ]
    resting: dict[str, Any] = {
        "state": TaskState.PAUSED,
        "next_run_at": None,
        "since": since,
        "updated_at": since,
    }
    until = since + timedelta(days=12)
    return [
        *tasks,
        task(Daily(times=noon), **resting, paused_until=until),
        task(Daily(times=noon), **resting, paused_until=until, count=4, fired=1),
        task(Daily(times=noon), **resting),
    ]


@pytest.mark.parametrize("since", [MARCH, OCTOBER], ids=["spring", "autumn"])
async def test_a_month_of_the_real_thing_leaves_the_ledger_that_was_foretold(
    since: datetime, tmp_path: Path
) -> None:
    """Pump and dispatcher, under a clock that is moved on, fire what was forecast, and no more."""
    hand, end = Hand(since), since + AFTER
    async with Database(f"sqlite:///{tmp_path / 'chatcron.db'}") as database:
        await migrate(database)
        store = Store(database)
        tasks = [await plant(store, each) for each in of_all_kinds(since)]
        foretold = [(fire.task.id, fire.at) for fire in forecast(tasks, since, end)]
        await _live(Dispatcher(store, Basket()), hand, end)
        async with store.read() as work:
            runs = await work.runs.recent(since=None, task_id=None)

    assert sorted((run.task_id, run.scheduled_for) for run in runs) == sorted(foretold)
    assert [at for _, at in foretold] == sorted(at for _, at in foretold)
    assert {task_id for task_id, _ in foretold} == {each.id for each in tasks[:-1]}


async def _live(dispatcher: Dispatcher, hand: Hand, end: datetime) -> None:
    """Let the pump tick, at each moment that the dispatcher wants to be woken, until `end`."""
    is_over = asyncio.Event()

    async def tick() -> None:
        following = await dispatcher.tick(hand())
        if following is None or following >= end:
            is_over.set()
            return
        hand.at = following
        pump.wake()

    pump = Pump("tick", tick)
    pump.start()
    await is_over.wait()
    await pump.stop()


@pytest.mark.parametrize(
    ("rule", "zone", "day", "wanted"),
    [
        (AT_HALF_PAST_TWO, BERLIN, date(2026, 3, 29), [("03:00", Shift.GAP, time(2, 30))]),
        (AT_HALF_PAST_TWO, BERLIN, date(2026, 10, 25), [("02:30", Shift.FOLD, None)]),
        (AT_HALF_PAST_TWO, BERLIN, date(2026, 3, 30), [("02:30", None, None)]),
        (Daily(times=(time(3),)), BERLIN, date(2026, 3, 29), [("03:00", None, None)]),
        (Daily(times=(time(2, 5), time(3))), BERLIN, date(2026, 3, 29), [("03:00", None, None)]),
        (Cron(expression="30 0 * * *"), "Asia/Beirut", date(2026, 3, 29), [
            ("01:00", Shift.GAP, time(0, 30))
        ]),
        (Cron(expression="30 * * * *"), BERLIN, date(2026, 3, 29), [("03:30", None, None)]),
        (Cron(expression="30 * * * *"), BERLIN, date(2026, 10, 25), [
            ("02:30", None, None), ("02:30", Shift.AGAIN, None), ("03:30", None, None)
        ]),
        (Daily(times=(time(2, 15),)), "Australia/Lord_Howe", date(2026, 10, 4), [
            ("02:30", Shift.GAP, time(2, 15))
        ]),
    ],
)  # fmt: skip
def test_a_change_of_the_clocks_is_told_where_it_touches_a_moment(
    rule: Rule, zone: str, day: date, wanted: list[tuple[str, Shift | None, time | None]]
) -> None:
    """Moved by a gap, once in a fold, or again in it; a moment beside it has no note."""
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    known = task(rule, zone, since=noon - timedelta(days=3))

    fires = list(forecast([known], noon - timedelta(days=1), noon + timedelta(days=1)))

    near = [
        (f"{fire.local:%H:%M}", fire.shift, fire.named)
        for fire in fires
        if fire.local.date() == day and fire.local.hour < 4 and fire.local.hour > 0
    ]
    assert [it for it in near if it[0] >= wanted[0][0]] == wanted


@pytest.mark.parametrize(
    "named",
    [
        {"state": TaskState.PAUSED, "next_run_at": None},
        {"state": TaskState.DRAFT},
        {"state": TaskState.COMPLETED, "next_run_at": None},
        {"state": TaskState.PAUSED, "hold": Hold.EVERYTHING, "paused_until": MARCH},
        {"schedule": None, "next_run_at": None},
    ],
)
def test_what_is_not_on_is_not_due(named: dict[str, Any]) -> None:
    """Only an active task, or one whose own pause has an end, has moments."""
    assert list(forecast([make_task(**named)], MARCH, MARCH + AFTER)) == []


def test_what_counts_as_settled_is_left_out_and_uses_up_no_count() -> None:
    """A stored moment that is past already is for the dispatcher; what is to come is told."""
    late = task(Daily(times=(time(12),)), count=3, since=MARCH - timedelta(days=9))

    stored = list(moments_of(late, MARCH, MARCH + AFTER))
    to_come = list(moments_of(late, MARCH, MARCH + AFTER, settled=MARCH))

    assert stored == []
    assert [at.day for at in to_come] == [5, 6, 7]


def test_the_busiest_minutes_are_named_with_their_tasks() -> None:
    """Three tasks at noon share a minute each day; the earliest of such minutes comes first."""
    tasks = [task(Daily(times=(time(12),)), number=number) for number in (1, 2, 3)]
    load = Load()
    for fire in forecast(tasks, MARCH, MARCH + timedelta(days=2)):
        load.add(fire)

    assert load.shared() == len(load.minutes) == 2
    assert load.busiest(1) == [(datetime(2026, 3, 5, 11, tzinfo=UTC), [1, 2, 3])]
