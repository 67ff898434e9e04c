"""What is counted: how late runs start, how moments end, and when the clock jumps."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from scheduler.dispatcher import Dispatcher
from scheduler.policy import CAUSES
from scheduler.runner import Runner
from scheduler.tally import DELAYS_S, JumpWatch, Tally
from storage.policies import Missed, Overlap
from storage.records import RunStatus
from storage.store import Store
from tests.fakes import FakeAgent, Hand
from tests.plants import make_task, plant
from tests.scheduler.test_dispatcher import EVERY_MINUTE, Basket


def make_runner(store: Store, hand: Hand, tally: Tally, agent: FakeAgent | None = None) -> Runner:
    """Give a runner; its agent reports at once unless it is another."""
    return Runner(
        store,
        {"alex": agent or FakeAgent()},
        worker="one",
        retry_delay=timedelta(seconds=60),
        now=hand,
        wake_courier=lambda: None,
        tally=tally,
    )


async def test_a_run_counts_by_its_delay_and_its_end(store: Store, now: datetime) -> None:
    """What starts three seconds late stands between two and five seconds."""
    tally, hand, basket = Tally(), Hand(now), Basket()
    await plant(store, make_task(next_run_at=now))
    await Dispatcher(store, basket, tally=tally).claim_due(now)
    hand.move(seconds=3)

    await make_runner(store, hand, tally).run(basket.put_in[0])

    assert tally.delays[DELAYS_S.index(5)] == sum(tally.delays) == 1
    assert tally.delay_sum_s == 3
    assert tally.ended == {RunStatus.SUCCEEDED: 1}


async def test_missed_moments_count_each_by_their_cause(store: Store, now: datetime) -> None:
    """Moments that share a row are counted one by one, and the one that was too late by its own."""
    tally = Tally()
    for policy, hours in ((Missed.LATEST, 3), (Missed.SKIP, 1)):
        due = now - timedelta(hours=hours)
        await plant(store, make_task(missed=policy, schedule=EVERY_MINUTE, next_run_at=due))
    await plant(store, make_task(missed=Missed.ASK, next_run_at=now - timedelta(hours=9)))

    await Dispatcher(store, Basket(), tally=tally).claim_due(now)

    assert tally.missed == {
        "passed_unrun_latest": 180,
        "passed_unrun_skip": 60,
        "passed_unrun_ask": 1,
        "noticed_too_late": 1,
    }
    assert tally.ended == {RunStatus.MISSED: 242}
    assert set(tally.missed) < set(CAUSES)


async def test_what_gives_way_counts_as_cancelled_and_what_waits_not_at_all(
    store: Store, now: datetime
) -> None:
    """Each end is counted where it is decided; a skipped moment once, a queued one not yet."""
    tally = Tally()
    for overlap in (Overlap.SKIP, Overlap.CANCEL, Overlap.QUEUE):
        await plant(store, make_task(overlap=overlap, schedule=EVERY_MINUTE, next_run_at=now))
    await Dispatcher(store, Basket(), tally=tally).claim_due(now)
    before = dict(tally.ended)

    await Dispatcher(store, Basket(), tally=tally).claim_due(now + timedelta(minutes=1))

    assert before == {}
    assert tally.ended == {RunStatus.SKIPPED: 1, RunStatus.CANCELLED: 1}


async def test_an_attempt_left_behind_counts_as_taken_over(store: Store, now: datetime) -> None:
    """Who closes the attempt of a process that died counts it."""
    tally, hand, basket = Tally(), Hand(now), Basket()
    await plant(store, make_task(next_run_at=now))
    await Dispatcher(store, basket).claim_due(now)
    async with store.begin() as work:
        await work.runs.claim(
            basket.put_in[0], worker="dead", now=now, lease_until=now + timedelta(minutes=1)
        )
    hand.move(minutes=2)

    await make_runner(store, hand, tally).recover(every=False)

    assert tally.taken_over == 1


@pytest.mark.parametrize(
    ("moved", "elapsed_s", "wanted"),
    [
        (timedelta(seconds=1), 1.0, None),
        (timedelta(seconds=31), 30.0, None),
        (timedelta(hours=1, seconds=1), 1.0, timedelta(hours=1)),
        (timedelta(hours=-2, seconds=1), 1.0, timedelta(hours=-2)),
        (timedelta(seconds=1), 600.0, timedelta(seconds=-599)),
    ],
)
def test_a_jump_of_the_clock_is_told_from_time_that_passed(
    now: datetime, moved: timedelta, elapsed_s: float, wanted: timedelta | None
) -> None:
    """Only what the wall clock moved beyond elapsed time counts, from two seconds on."""
    tally = Tally()
    watch = JumpWatch(tally)

    assert watch.look(now, 100.0) is None
    assert watch.look(now + moved, 100.0 + elapsed_s) == wanted
    assert watch.look(now + moved, 100.0 + elapsed_s) is None
    assert sum(tally.jumps.values()) == (wanted is not None)
