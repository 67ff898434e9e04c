"""What the ledger forgets, and what it keeps however old it is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from scheduler.drafts import Drafts
from scheduler.forgetting import RUNS_AT_ONCE, Forgetting
from scheduler.housekeeper import Housekeeper
from scheduler.watch import Watch
from storage.records import DeliveryKind, Run, RunId, RunStatus, Task
from storage.runs import Moment
from storage.store import Store
from tests.plants import make_report, make_task, plant
from tests.scheduler.town import Town

DAY = timedelta(days=1)
KEPT = timedelta(days=400)


async def past(store: Store, task: Task, due: datetime, status: RunStatus) -> RunId:
    """Let a task have come due, and let that have ended so, at that moment."""
    async with store.begin() as work:
        moment = Moment(scheduled_for=due, status=status, reason="as it was")
        run_id = await work.runs.record(task, moment, due)
    assert run_id is not None
    return run_id


async def worked(store: Store, task: Task, due: datetime) -> RunId:
    """Let a task have run and reported, and have that delivered."""
    run_id = await past(store, task, due, RunStatus.QUEUED)
    async with store.begin() as work:
        run = await work.runs.claim(run_id, worker="w", now=due, lease_until=due + DAY)
        assert run is not None
        await work.runs.end(
            run, status=RunStatus.SUCCEEDED, reason=None, report=make_report(), now=due
        )
    return run_id


async def owed(store: Store, task: Task, run_id: RunId, now: datetime, *, sent: bool) -> None:
    """Owe a result of a run, or have it sent."""
    async with store.begin() as work:
        await work.deliveries.owe(
            DeliveryKind.RESULT, target=task.channel, task_id=task.id, run_id=run_id, now=now
        )
        if sent:
            [delivery] = await work.deliveries.of_run(run_id)
            await work.deliveries.claim(delivery, now)
            await work.deliveries.sent(delivery, ref="1.2", sent_to=task.channel, now=now)


async def left(store: Store, task: Task) -> list[RunId]:
    """Give the runs that are still there, oldest first."""
    async with store.read() as work:
        found: list[Run] = await work.runs.history(task.id, 1000)
    return [run.id for run in reversed(found)]


async def swept(store: Store, now: datetime, limit: int = 100) -> int:
    """Forget what is older than 400 days."""
    async with store.begin() as work:
        return await work.retention.sweep(before=now - KEPT, limit=limit)


async def test_what_is_old_is_forgotten_and_what_is_not_stays(store: Store, now: datetime) -> None:
    """The line is when a run ended; a few go at a time, the oldest first."""
    task = await plant(store, make_task())
    ids = [
        await past(store, task, now - KEPT - n * DAY, RunStatus.SKIPPED) for n in range(3, -2, -1)
    ]

    counts = [await swept(store, now, limit=2), await swept(store, now, limit=2)]

    assert counts == [2, 1]
    assert await left(store, task) == ids[3:]


async def test_the_newest_run_and_the_newest_success_stay(store: Store, now: datetime) -> None:
    """A task that is done for years still says how it last went, and what it last found."""
    task, other = await plant(store, make_task()), await plant(store, make_task())
    old = now - KEPT - 9 * DAY
    first = await worked(store, task, old)
    success = await worked(store, task, old + DAY)
    missed = await past(store, task, old + 2 * DAY, RunStatus.MISSED)
    newest = await past(store, task, old + 3 * DAY, RunStatus.SKIPPED)
    only = await past(store, other, old, RunStatus.MISSED)

    assert await swept(store, now) == 2
    assert await left(store, task) == [success, newest]
    assert await left(store, other) == [only]
    async with store.read() as work:
        assert await work.runs.attempts(first) == []
        assert await work.runs.get(missed) is None


async def test_what_is_not_over_stays(store: Store, now: datetime) -> None:
    """A run that waits, and one whose result is still owed, are no history yet."""
    task = await plant(store, make_task())
    old = now - KEPT - 9 * DAY
    waits = await past(store, task, old, RunStatus.QUEUED)
    is_owed = await worked(store, task, old + DAY)
    await owed(store, task, is_owed, old, sent=False)
    newest = await worked(store, task, now)

    assert await swept(store, now) == 0
    assert await left(store, task) == [waits, is_owed, newest]


async def test_a_message_that_a_later_one_goes_on_from_stays(store: Store, now: datetime) -> None:
    """The line about a streak is kept as long as what changes it is."""
    task = await plant(store, make_task())
    old = now - KEPT - 9 * DAY
    began = await past(store, task, old, RunStatus.FAILED)
    goes_on = await past(store, task, old + DAY, RunStatus.FAILED)
    newest = await past(store, task, now, RunStatus.SKIPPED)
    async with store.begin() as work:
        line = await work.deliveries.owe(
            DeliveryKind.FAILURE_LINE, target="C", task_id=task.id, run_id=began, now=old
        )
        await work.deliveries.owe(
            DeliveryKind.FAILURE_LINE,
            target="C",
            task_id=task.id,
            run_id=goes_on,
            after=line,
            now=old,
        )
        for delivery in await work.deliveries.of_run(began) + await work.deliveries.of_run(goes_on):
            await work.deliveries.claim(delivery, now)
            await work.deliveries.sent(delivery, ref="1.2", sent_to="C", now=now)

    assert await swept(store, now) == 1
    assert await left(store, task) == [began, newest]
    assert await swept(store, now) == 1
    assert await left(store, task) == [newest]


async def plant_many(store: Store, task: Task, first: datetime) -> None:
    """Plant more old runs than go in one transaction."""
    moments = [
        Moment(scheduled_for=first + timedelta(minutes=n), status=RunStatus.SKIPPED, reason="x")
        for n in range(RUNS_AT_ONCE + 5)
    ]
    async with store.begin() as work:
        await work.runs.record_all([(task, moment) for moment in moments], first)


async def test_what_will_be_forgotten_is_said_a_day_before(store: Store, now: datetime) -> None:
    """It is said once, and again when runs are to be kept for fewer days; then all of it goes."""
    task = await plant(store, make_task())
    await plant_many(store, task, now - KEPT - 9 * DAY)
    keeper, stricter = Forgetting(store, days=400), Forgetting(store, days=300)

    with capture_logs() as told:
        await keeper.round(now)
        await keeper.round(now + timedelta(hours=23))
        first = await left(store, task)
        await stricter.round(now + 2 * DAY)
        kept = await left(store, task)
        await stricter.round(now + 3 * DAY)
        end = await left(store, task)
        await stricter.round(now + 4 * DAY)

    assert len(first) == len(kept) == RUNS_AT_ONCE + 5
    assert len(end) == 1
    said = [(line["action"], line["count"]) for line in told]
    assert said == [
        ("runs_outdated", RUNS_AT_ONCE + 4),
        ("runs_outdated", RUNS_AT_ONCE + 4),
        ("runs_forgotten", RUNS_AT_ONCE + 4),
    ]
    assert told[0]["oldest"] == (now - KEPT - 9 * DAY).isoformat()


@pytest.mark.parametrize("more", [0, 1000])
async def test_days_that_were_more_for_a_while_are_said_anew(
    store: Store, now: datetime, more: int
) -> None:
    """Whoever heard it and set more days, or all, loses nothing at once when that is taken back."""
    task = await plant(store, make_task())
    await plant_many(store, task, now - KEPT - 9 * DAY)

    with capture_logs() as told:
        await Forgetting(store, days=400).round(now)
        await Forgetting(store, days=more).round(now + timedelta(hours=2))
        await Forgetting(store, days=400).round(now + 90 * DAY)
        kept = await left(store, task)
        await Forgetting(store, days=400).round(now + 91 * DAY)

    assert [line["action"] for line in told] == ["runs_outdated", "runs_outdated", "runs_forgotten"]
    assert len(kept) == RUNS_AT_ONCE + 5
    assert len(await left(store, task)) == 1


async def test_cleaning_goes_on_without_asking_again(store: Store, now: datetime) -> None:
    """Once it was said and the day is over, what grows old later goes without a word before."""
    task = await plant(store, make_task())
    await plant_many(store, task, now - KEPT - DAY)
    await Forgetting(store, days=400).round(now)
    await Forgetting(store, days=400).round(now + DAY)
    await past(store, task, now - DAY, RunStatus.SKIPPED)
    newest = await past(store, task, now, RunStatus.SKIPPED)

    with capture_logs() as told:
        await Forgetting(store, days=400).round(now + KEPT)

    assert [line["action"] for line in told] == ["runs_forgotten"]
    assert await left(store, task) == [newest]


async def test_nothing_is_forgotten_where_all_is_kept(store: Store, now: datetime) -> None:
    """Without a limit nothing is said either."""
    task = await plant(store, make_task())
    await plant_many(store, task, now - KEPT - 9 * DAY)

    with capture_logs() as told:
        await Forgetting(store, days=0).round(now)

    assert told == []
    assert len(await left(store, task)) == RUNS_AT_ONCE + 5


async def test_the_housekeeper_forgets(store: Store, now: datetime) -> None:
    """Its rounds say it, and a day later do it."""
    task = await plant(store, make_task())
    await plant_many(store, task, now - KEPT - 9 * DAY)
    town = Town(store, now)
    watch = Watch(store, town.directory, town.warden)
    keeper = Housekeeper(store, watch, Drafts(store, now=town.hand), runs_kept_days=400)

    await keeper.round(now)
    before = await left(store, task)
    await keeper.round(now + DAY)
    await watch.stop()

    assert len(before) == RUNS_AT_ONCE + 5
    assert len(await left(store, task)) == 1
