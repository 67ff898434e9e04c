"""Tasks are kept whole, once a request, with every version they went through."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from storage.errors import StaleTask
from storage.records import TaskState
from storage.rows import task_from_snapshot
from storage.schedule_json import from_json, to_json
from storage.schedules import (
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
from storage.store import Store
from tests.plants import NEW_YORK, make_task, plant

RULES: tuple[Rule, ...] = (
    Daily(times=(time(8), time(17, 45))),
    Weekly(weekdays=WORKDAYS, times=(time(9),)),
    Weekly(weekdays=(Weekday.MONDAY,), times=(time(0),)),
    Monthly(days=(1, -1), times=(time(6, 30),)),
    Cron(expression="*/20 9-17 * * 1-5"),
    Every(seconds=5400, anchor=datetime(2026, 3, 5, 15, 17, tzinfo=UTC)),
    Once(on=date(2026, 3, 6), at=time(7)),
    Daily(times=(time(8),), every=2, anchor=date(2026, 3, 5)),
    Weekly(weekdays=WORKDAYS, times=(time(9),), every=2, anchor=date(2026, 3, 5)),
    Monthly(days=(15, -2), times=(time(9, 15),), months=(1, 4, 7, 10)),
    NthWeekday(nths=((2, Weekday.TUESDAY), (-1, Weekday.FRIDAY)), times=(time(9),)),
    NthWorkday(nths=(1, -1), times=(time(9),), months=(3,)),
    Every(seconds=5400, anchor=datetime(2026, 3, 5, 15, 17, tzinfo=UTC), weekdays=WORKDAYS),
    Several(rules=(Daily(times=(time(9),)), Once(on=date(2026, 3, 6), at=time(7)))),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
def test_a_schedule_comes_back_from_json_as_it_was(rule: Rule) -> None:
    """What `to_json` writes, `from_json` reads as the same schedule."""
    schedule = Schedule(
        rule=rule,
        zone=NEW_YORK,
        starts=date(2026, 3, 1),
        ends=date(2027, 1, 1),
        ends_at=time(17),
        count=3,
        exceptions=Exceptions(
            dates=(date(2026, 4, 1),),
            yearly=((12, 25),),
            weekdays=(Weekday.FRIDAY,),
            monthdays=(-1,),
            months=(8,),
        ),
    )

    assert from_json(to_json(schedule)) == schedule


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
async def test_a_task_comes_back_as_it_was_stored(store: Store, rule: Rule) -> None:
    """Every slot of a task survives the database."""
    task = await plant(
        store,
        make_task(schedule=Schedule(rule=rule, zone=NEW_YORK), assumed=("time",), request_key="k"),
    )

    async with store.read() as work:
        assert await work.tasks.get(task.id) == task


async def test_a_request_makes_one_task(store: Store) -> None:
    """The same request key gives back the task it made before."""
    first = await plant(store, make_task(request_key="T1:C1:1.0"))
    second = await plant(store, make_task(request_key="T1:C1:1.0", name="Other"))

    assert second == first


async def test_a_naive_datetime_is_refused(store: Store) -> None:
    """A moment without a zone never reaches the database."""
    naive = datetime(2026, 3, 5, 10, 17)  # noqa: DTZ001  the point of the test
    with pytest.raises(sa.exc.StatementError, match="has no zone"):
        await plant(store, make_task(next_run_at=naive))


async def test_an_active_scheduled_task_must_have_a_next_run(store: Store) -> None:
    """The database itself refuses an active task that would never come due."""
    with pytest.raises(sa.exc.IntegrityError):
        await plant(store, make_task(next_run_at=None))


async def test_a_change_keeps_what_was_before(store: Store, now: datetime) -> None:
    """Each save adds a version that holds the task as it was."""
    before = await plant(store, make_task())
    async with store.begin() as work:
        after = await work.tasks.save(
            replace(before, name="Costs"), before=before, action="edit", by="U0BOB", at=now
        )
    async with store.read() as work:
        version = await work.tasks.version(before.id, after.version)

    assert after.version == before.version + 1
    assert version is not None
    assert version.before is not None
    assert (version.by, version.action) == ("U0BOB", "edit")
    assert task_from_snapshot(version.before) == before


async def test_a_change_to_a_stale_task_is_refused(store: Store, now: datetime) -> None:
    """Two changes made from the same version do not overwrite each other."""
    before = await plant(store, make_task())
    async with store.begin() as work:
        await work.tasks.save(
            replace(before, name="Costs"), before=before, action="edit", by="U0BOB", at=now
        )

    with pytest.raises(StaleTask):
        async with store.begin() as work:
            await work.tasks.save(
                replace(before, name="Spend"), before=before, action="edit", by="U0ALICE", at=now
            )


async def test_due_gives_active_tasks_whose_time_has_come(store: Store, now: datetime) -> None:
    """Paused tasks and later ones are not due; the longest due comes first."""
    late = await plant(store, make_task(next_run_at=now - timedelta(hours=1)))
    just = await plant(store, make_task(next_run_at=now))
    await plant(store, make_task(next_run_at=now + timedelta(seconds=1)))
    await plant(store, make_task(state=TaskState.PAUSED, next_run_at=now))

    async with store.begin() as work:
        assert await work.tasks.due(now, 10) == [late, just]


async def test_a_moved_task_is_not_moved_again(store: Store, now: datetime) -> None:
    """A second dispatcher that saw the same due moment changes nothing."""
    task = await plant(store, make_task(next_run_at=now))
    following = now + timedelta(days=1)

    async with store.begin() as work:
        first = await work.tasks.advance(
            task, next_run_at=following, fired=1, state=TaskState.ACTIVE
        )
        second = await work.tasks.advance(
            task, next_run_at=following, fired=1, state=TaskState.ACTIVE
        )

    assert (first, second) == (True, False)


async def test_reading_changes_nothing(store: Store, now: datetime) -> None:
    """A write inside `read` fails, so looking can never move a schedule."""
    task = await plant(store, make_task(next_run_at=now))

    with pytest.raises(sa.exc.DBAPIError):
        async with store.read() as work:
            await work.tasks.show_card(task.id, "1.0")


async def test_a_thread_belongs_to_the_task_asked_for_in_it(store: Store) -> None:
    """The thread of a request finds its task; another thread finds none."""
    task = await plant(store, make_task(thread_ts="1772.1"))

    async with store.read() as work:
        assert await work.tasks.of_thread("C0FINOPS", "1772.1") == task
        assert await work.tasks.of_thread("C0FINOPS", "1772.2") is None
