"""What nobody asked for: tasks that can't post are parked, kept, told of once, and go on again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from scheduler.courier import KEPT_FOR, Courier
from scheduler.errors import NotAllowed, PlaceClosed, Refused
from scheduler.runner import Runner
from scheduler.speaking import KEPT
from storage.records import (
    DeliveryKind,
    DeliveryState,
    Hold,
    PlaceKind,
    RunStatus,
    TaskState,
)
from storage.runs import Moment
from storage.store import Store
from tests.fakes import FakeAgent, FakeOutlet
from tests.plants import ALICE, BOB, DAILY_AT_8, MALLORY, make_person, make_place, make_task, plant
from tests.scheduler.town import ADMIN, FINOPS, LEFT, Town


@pytest.mark.parametrize("lost", [{"has_bot": False}, {"is_archived": True}])
async def test_a_lost_channel_parks_its_tasks_and_tells_each_owner_once(
    town: Town, store: Store, lost: dict[str, Any]
) -> None:
    """Two tasks of alice's and one of bob's: three parked, two messages, however often looked."""
    mine = [await plant(store, make_task(name=name)) for name in ("Costs", "Waste")]
    others = await plant(store, make_task(owner=BOB.id))
    elsewhere = await plant(store, make_task(channel="C0PLATFORM"))

    await town.set_place(**lost)
    await town.warden.survey(FINOPS)

    for task in (*mine, others):
        parked = await town.found(task.id)
        assert (parked.state, parked.hold, parked.next_run_at) == (
            TaskState.PAUSED,
            Hold.PLACE,
            None,
        )
    assert (await town.found(elsewhere.id)).state is TaskState.ACTIVE
    told = await town.owed(DeliveryKind.PARKED_DM)
    assert [dm.target for dm in told] == [ALICE.id, BOB.id]
    assert told[0].payload is not None
    assert [each["name"] for each in told[0].payload["tasks"]] == ["Costs", "Waste"]


async def test_what_was_parked_goes_on_and_its_owner_hears_of_it_in_the_same_thread(
    town: Town, store: Store
) -> None:
    """The channel opens: tasks are on, and the second message follows the first."""
    task = await plant(store, make_task())
    by_hand = await plant(store, make_task(state=TaskState.PAUSED, next_run_at=None))
    await town.set_place(is_archived=True)
    [first] = await town.owed(DeliveryKind.PARKED_DM)
    async with store.begin() as work:
        await work.deliveries.sent(first, ref="1.0", sent_to="D0ALICE", now=town.hand())

    await town.set_place()

    assert (await town.found(task.id)).state is TaskState.ACTIVE
    assert (await town.found(by_hand.id)).state is TaskState.PAUSED
    [second] = await town.owed(DeliveryKind.PARKED_DM)
    assert (second.target, second.after) == (ALICE.id, first.id)


async def test_a_task_whose_time_passed_meanwhile_says_so(town: Town, store: Store) -> None:
    """There is nothing left to come due, so it does not pretend."""
    done = replace(DAILY_AT_8, count=1)
    task = await plant(store, make_task(schedule=done, fired=1))
    await town.set_place(is_archived=True)
    await town.set_place()

    late = await town.found(task.id)
    assert (late.state, late.hold) == (TaskState.PAUSED, Hold.SCHEDULE)


async def test_a_result_is_kept_for_a_closed_channel_and_hastened_when_it_opens(
    town: Town, store: Store
) -> None:
    """Refused for its place, it stays owed for hours and days; the opening makes it due at once."""
    task = await plant(store, make_task())
    closed: list[str] = []
    outlet = FakeOutlet(fails=[PlaceClosed("that channel is archived")])
    async with store.begin() as work:
        result = await work.deliveries.owe(
            DeliveryKind.RESULT, target=FINOPS, task_id=task.id, now=town.hand()
        )
    assert result is not None
    courier = Courier(store, {"slack": outlet}, now=town.hand, is_closed=closed.append)
    await courier.carry()
    await courier.stop()

    async with store.read() as work:
        kept = await work.deliveries.get(result)
    assert kept is not None
    assert (kept.state, kept.error, closed) == (DeliveryState.OWED, KEPT, [FINOPS])
    assert await town.owed(DeliveryKind.RESULT) == []
    town.hand.move(seconds=2)  # past the channel's pace
    await town.set_place()
    assert [it.id for it in await town.owed(DeliveryKind.RESULT)] == [result]


async def test_what_was_kept_too_long_is_given_up_with_a_word(town: Town, store: Store) -> None:
    """After thirty days the owner is told that a result never arrived."""
    task = await plant(store, make_task())
    outlet = FakeOutlet(fails=[PlaceClosed("that channel is archived")])
    async with store.begin() as work:
        await work.deliveries.owe(
            DeliveryKind.RESULT, target=FINOPS, task_id=task.id, now=town.hand()
        )
    town.hand.at += KEPT_FOR + timedelta(hours=1)
    courier = Courier(store, {"slack": outlet}, now=town.hand)
    await courier.carry()
    await courier.stop()

    [told] = await town.owed(DeliveryKind.UNDELIVERED_DM)
    assert told.target == ALICE.id


async def test_a_leaver_s_tasks_wait_and_each_channel_is_asked_once(
    town: Town, store: Store
) -> None:
    """One question a channel for all its tasks; nothing is said to the one who left."""
    for channel in (FINOPS, FINOPS, "C0PLATFORM"):
        await plant(store, make_task(channel=channel))
    await town.leave()
    await town.warden.survey_owner(ALICE.id)

    asked = await town.owed(DeliveryKind.TAKE_OVER)
    assert [it.target for it in asked] == [FINOPS, "C0PLATFORM"]
    assert [len(it.payload["tasks"]) for it in asked if it.payload] == [2, 1]
    assert await town.owed(DeliveryKind.PARKED_DM) == []


async def test_a_leaver_s_direct_tasks_are_told_to_admins_without_a_name(
    town: Town, store: Store
) -> None:
    """Nobody else may know what they were; that they stopped, an admin may."""
    direct = make_place("D0ALICE", kind=PlaceKind.DIRECT, name="")
    await town.know(direct)
    await plant(store, make_task(channel="D0ALICE"))
    await town.leave()

    [told] = await town.owed(DeliveryKind.PARKED_DM)
    assert told.payload is not None
    assert (told.target, told.payload["is_hidden"]) == (ADMIN.id, True)
    assert await town.owed(DeliveryKind.TAKE_OVER) == []


async def test_whoever_takes_over_is_the_owner_from_then_on(town: Town, store: Store) -> None:
    """Bob takes both of alice's tasks: they are on, his, and the audit says so; once only."""
    tasks = [await plant(store, make_task(name=name)) for name in ("Costs", "Waste")]
    await town.leave()

    taken = await town.warden.take_over([task.id for task in tasks], by=BOB)

    assert [(task.owner, task.state, task.hold) for task in taken] == [
        (BOB.id, TaskState.ACTIVE, None)
    ] * 2
    async with store.read() as work:
        [entry, *_] = await work.audit.of(f"T-{tasks[0].id}")
    assert (entry.action, entry.actor) == ("take_over", BOB.id)
    with pytest.raises(Refused, match="nothing to take over"):
        await town.warden.take_over([tasks[0].id], by=BOB)


async def test_who_may_not_create_may_not_take_over(town: Town, store: Store) -> None:
    """A guest in the channel is told so, and the task waits on."""
    guest = make_person(MALLORY.id, is_guest=True)
    town.directory.people[MALLORY.id] = guest
    town.directory.insiders[FINOPS] = frozenset({ALICE.id, MALLORY.id})
    task = await plant(store, make_task())
    await town.leave()

    with pytest.raises(NotAllowed):
        await town.warden.take_over([task.id], by=MALLORY)
    assert (await town.found(task.id)).owner == ALICE.id


async def test_a_task_that_fires_for_a_leaver_is_skipped_with_its_reason(
    town: Town, store: Store
) -> None:
    """The event was lost: the run itself finds out, ends skipped, and somebody is asked."""
    task = await plant(store, make_task())
    async with store.begin() as work:
        due = Moment(scheduled_for=town.hand(), status=RunStatus.QUEUED)
        run_id = await work.runs.record(task, due, town.hand())
    assert run_id is not None
    town.directory.people[ALICE.id] = LEFT
    agent = FakeAgent()
    runner = Runner(
        store,
        {"alex": agent},
        worker="w1",
        retry_delay=timedelta(0),
        now=town.hand,
        wake_courier=lambda: None,
        refusal=town.warden.refusal,
    )

    await runner.run(run_id)

    async with store.read() as work:
        run = await work.runs.get(run_id)
    assert run is not None
    assert (run.status, run.reason) == (RunStatus.SKIPPED, "Its owner has left this workspace.")
    assert agent.briefs == []
    assert (await town.found(task.id)).hold is Hold.OWNER
    assert len(await town.owed(DeliveryKind.TAKE_OVER)) == 1


@pytest.mark.parametrize(
    ("person", "insiders", "says"),
    [
        (make_person(), (BOB.id,), "Its owner is not in #finops."),
        (make_person(is_guest=True), (ALICE.id, BOB.id), "Its owner is a guest now."),
        (make_person(), (ALICE.id, BOB.id), None),
    ],
)
async def test_rights_are_looked_at_again_at_fire(
    town: Town, store: Store, person: Any, insiders: tuple[str, ...], says: str | None
) -> None:
    """In a private channel its owner must still be a member, and no guest."""
    await town.know(make_place(kind=PlaceKind.PRIVATE))
    town.directory.people[ALICE.id] = person
    town.directory.insiders[FINOPS] = frozenset(insiders)
    task = await plant(store, make_task())

    assert await town.warden.refusal(task) == says


async def test_a_workspace_that_does_not_answer_stops_no_run(town: Town, store: Store) -> None:
    """What can't be looked up is no reason not to run."""
    task = await plant(store, make_task())
    town.directory.places[FINOPS] = None
    assert await town.warden.refusal(task) is None

    town.directory.is_down = True
    assert await town.warden.refusal(task) is None


async def test_an_owner_who_comes_back_has_their_tasks_again(town: Town, store: Store) -> None:
    """Thrown out of a private channel and let in again: parked, told, asked, and on again."""
    await town.know(make_place(kind=PlaceKind.PRIVATE))
    task = await plant(store, make_task())
    town.directory.insiders[FINOPS] = frozenset({BOB.id})
    await town.warden.survey(FINOPS)
    assert (await town.found(task.id)).hold is Hold.OWNER
    assert len(await town.owed(DeliveryKind.TAKE_OVER, DeliveryKind.PARKED_DM)) == 2

    town.directory.insiders[FINOPS] = frozenset({ALICE.id, BOB.id})
    await town.warden.survey(FINOPS)

    assert (await town.found(task.id)).state is TaskState.ACTIVE


async def test_an_opened_channel_without_the_bot_says_what_is_missing_now(
    town: Town, store: Store
) -> None:
    """Archived, then brought back without us: the owner hears of the second thing, too."""
    task = await plant(store, make_task())
    await town.set_place(is_archived=True)
    await town.set_place(has_bot=False)

    assert "I am not in #finops." in str((await town.found(task.id)).hold_reason)
    assert len(await town.owed(DeliveryKind.PARKED_DM)) == 2


async def test_what_nobody_did_by_hand_is_not_undone(town: Town, store: Store) -> None:
    """Undo of a hold says what it waits for, and changes nothing."""
    task = await plant(store, make_task())
    await town.set_place(is_archived=True)

    with pytest.raises(Refused, match="nobody put it there by hand") as refused:
        await town.planner.undo(task.id, by=ALICE)
    assert "#finops is archived." in refused.value.fix
