"""Rights and their traces in the one write path: who is refused, what is audited, who hears."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scheduler.errors import NotAllowed, Refused, UnknownTask
from scheduler.gate import Gate
from scheduler.planner import Planner
from scheduler.wishes import Change, Confirm
from storage.records import DeliveryKind, Origin, PlaceKind, TaskId, TaskState
from storage.rows import task_from_snapshot
from storage.store import Store
from tests.fakes import FakeAgent, FakeDirectory, Hand
from tests.plants import ALICE, BOB, MALLORY, make_person, make_place
from tests.scheduler.test_planner import WISH, hand, planner

__all__ = ["hand", "planner"]


async def test_a_team_mate_may_run_and_pause_but_not_change(planner: Planner) -> None:
    """Whoever is in the channel steers a task; only its owner changes what it is."""
    task = (await planner.create(WISH)).task

    await planner.run_now(task.id, by=BOB, request_key="click:1")
    assert (await planner.pause(task.id, by=BOB)).state is TaskState.PAUSED
    assert (await planner.resume(task.id, by=BOB)).state is TaskState.ACTIVE
    for refused in (
        planner.edit(task.id, Change(name="Mine"), by=BOB),
        planner.remove(task.id, by=BOB),
    ):
        with pytest.raises(NotAllowed, match="Only its owner and admins"):
            await refused


async def test_what_a_team_mate_paused_they_may_take_back(planner: Planner) -> None:
    """One's own step can be undone with the right it took to make it; nobody else's."""
    task = (await planner.create(WISH)).task
    with pytest.raises(NotAllowed):
        await planner.undo(task.id, by=BOB)
    await planner.pause(task.id, by=BOB)

    assert (await planner.undo(task.id, by=BOB)).after.state is TaskState.ACTIVE


async def test_a_task_in_a_private_channel_is_not_there_for_others(
    store: Store, hand: Hand
) -> None:
    """The answer to a stranger is the very one for a task that was never made."""
    secret = make_place(kind=PlaceKind.PRIVATE)
    planner = Planner(
        store,
        {"alex": FakeAgent()},
        gate=Gate(FakeDirectory(places={"C0FINOPS": secret})),
        confirm=Confirm.GUESSED,
        now=hand,
        wake=lambda: None,
    )
    task = (await planner.create(WISH)).task

    with pytest.raises(UnknownTask) as hidden:
        await planner.pause(task.id, by=MALLORY)
    with pytest.raises(UnknownTask) as missing:
        await planner.pause(TaskId(99), by=MALLORY)

    assert str(hidden.value).replace(f"T-{task.id}", "T-99") == str(missing.value)
    assert hidden.value.fix == missing.value.fix


@pytest.mark.parametrize("slot", ["is_guest", "is_stranger", "is_bot"])
async def test_guests_strangers_and_bots_create_nothing(
    store: Store, hand: Hand, slot: str
) -> None:
    """Who only looks is told so, and nothing is stored."""
    named: dict[str, Any] = {slot: True}
    guest = make_person(**named)
    planner = Planner(
        store,
        {"alex": FakeAgent()},
        gate=Gate(FakeDirectory(people={"U0ALICE": guest})),
        confirm=Confirm.GUESSED,
        now=hand,
        wake=lambda: None,
    )

    with pytest.raises(NotAllowed, match="can't create"):
        await planner.create(WISH)
    async with store.read() as work:
        assert await work.tasks.all() == []


async def test_every_change_leaves_an_audit_entry(planner: Planner, store: Store) -> None:
    """Who changed what, from what to what, from where: one entry a change, with it."""
    task = (await planner.create(WISH)).task
    await planner.edit(task.id, Change(name="Costs"), by=ALICE)
    await planner.pause(task.id, by=replace(BOB, origin=Origin.CLICK))

    async with store.read() as work:
        paused, edited, created = await work.audit.of(f"T-{task.id}")

    assert (created.action, created.actor, created.before) == ("create", "U0ALICE", None)
    assert (edited.before, edited.after) == ({"name": "Daily cost report"}, {"name": "Costs"})
    assert (paused.actor, paused.origin) == ("U0BOB", Origin.CLICK)
    assert (paused.before, paused.after) == ({"state": "active"}, {"state": "paused"})


async def test_the_owner_hears_of_what_others_changed(planner: Planner, store: Store) -> None:
    """A step by somebody else owes the owner a message; their own does not."""
    task = (await planner.create(WISH)).task
    await planner.pause(task.id, by=ALICE)
    await planner.resume(task.id, by=BOB)

    async with store.begin() as work:
        owed = await work.deliveries.due(task.created_at, 9)
    [told] = [it for it in owed if it.kind is DeliveryKind.CHANGED_DM]

    assert told.payload is not None
    before, after = (task_from_snapshot(told.payload[slot]) for slot in ("before", "after"))
    assert (told.target, told.payload["by"], told.payload["action"]) == (
        "U0ALICE",
        "U0BOB",
        "resume",
    )
    assert (before.state, after.state, after.version) == (TaskState.PAUSED, TaskState.ACTIVE, 3)


async def test_nobody_is_told_of_failures_who_may_not_read_the_task(
    store: Store, hand: Hand
) -> None:
    """A stand-in hears names and reasons, so it is somebody of the channel."""
    secret = make_place(kind=PlaceKind.PRIVATE)
    planner = planner_in(store, hand, FakeDirectory(places={"C0FINOPS": secret}))
    task = (await planner.create(WISH)).task

    with pytest.raises(Refused, match="They can't read what"):
        await planner.edit(task.id, Change(delegate=MALLORY.id), by=ALICE)

    assert (await planner.edit(task.id, Change(delegate=BOB.id), by=ALICE)).after.delegate == BOB.id


async def test_no_bot_stands_in(store: Store, hand: Hand) -> None:
    """A bot reads no direct message, so a failure told to it is told to nobody."""
    people = {BOB.id: make_person(BOB.id, is_bot=True)}
    planner = planner_in(store, hand, FakeDirectory(people=people))
    task = (await planner.create(WISH)).task

    with pytest.raises(Refused, match="A bot can't stand in"):
        await planner.edit(task.id, Change(delegate=BOB.id), by=ALICE)


async def test_undo_takes_no_task_to_where_one_may_not_look(store: Store, hand: Hand) -> None:
    """A task that left a private channel is not sent back there by an admin who is not in it."""
    directory = FakeDirectory(
        people={MALLORY.id: make_person(MALLORY.id, is_admin=True)},
        places={"C0FINOPS": make_place(kind=PlaceKind.PRIVATE)},
    )
    planner = planner_in(store, hand, directory)
    task = (await planner.create(WISH)).task
    await planner.edit(task.id, Change(channel="C0OPEN"), by=ALICE)

    with pytest.raises(Refused, match="where it was before"):
        await planner.undo(task.id, by=MALLORY)

    assert (await planner.undo(task.id, by=ALICE)).after.channel == "C0FINOPS"


async def test_a_channel_s_zone_is_set_by_who_is_in_it_and_written_down(
    store: Store, hand: Hand
) -> None:
    """A colleague from outside is refused; a member's choice is kept and audited."""
    planner = planner_in(store, hand, FakeDirectory())
    async with store.begin() as work:
        await work.places.put(make_place())
    with pytest.raises(NotAllowed, match="Only people in the channel"):
        await planner.set_zone("C0FINOPS", "Asia/Tokyo", by=MALLORY)

    await planner.set_zone("C0FINOPS", "Europe/Berlin", by=BOB)

    async with store.read() as work:
        place, [entry] = await work.places.get("C0FINOPS"), await work.audit.of("C0FINOPS")
    assert place is not None
    assert place.zone == "Europe/Berlin"
    assert (entry.actor, entry.before, entry.after) == (
        BOB.id, {"zone": None}, {"zone": "Europe/Berlin"}
    )  # fmt: skip


async def test_an_edit_of_what_has_changed_since_is_refused(planner: Planner) -> None:
    """What was filled in beside an older task overwrites nothing of the newer one."""
    task = (await planner.create(WISH)).task
    await planner.edit(task.id, Change(name="Costs"), by=ALICE)

    with pytest.raises(Refused, match="meanwhile"):
        await planner.edit(task.id, Change(name="Bills"), by=ALICE, version=task.version)


def planner_in(store: Store, hand: Hand, directory: FakeDirectory) -> Planner:
    """Give a planner in a workspace of one's own."""
    return Planner(
        store,
        {"alex": FakeAgent()},
        gate=Gate(directory),
        confirm=Confirm.GUESSED,
        now=hand,
        wake=lambda: None,
    )
