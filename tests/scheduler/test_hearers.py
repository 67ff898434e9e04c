"""Who is told when an owner can't be: the delegate, then admins, and nobody of a private name."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler.agents.agent import Brief
from scheduler.errors import Temporary
from scheduler.hearers import Hearer, hearers, may_hear
from scheduler.runner import Runner
from storage.records import DeliveryKind, Person, PlaceKind, RunStatus, Task
from storage.reports import Report
from storage.runs import Moment
from storage.store import Store
from tests.fakes import FakeAgent, Hand
from tests.plants import ALICE, BOB, SOME_DAY, make_person, make_place, make_task, plant
from tests.scheduler.town import ADMIN, LEFT

IN_PRIVATE = make_place(kind=PlaceKind.PRIVATE)


async def know(store: Store, *people: Person) -> None:
    """Let these people be known, and #finops with the admin and alice in it."""
    async with store.begin() as work:
        for person in people:
            await work.people.put(person)


@pytest.mark.parametrize(
    ("people", "task", "told"),
    [
        ((), make_task(), [Hearer(person=ALICE.id)]),
        ((make_person(), ADMIN), make_task(), [Hearer(person=ALICE.id)]),
        ((LEFT, ADMIN), make_task(delegate=BOB.id), [Hearer(person=BOB.id)]),
        ((LEFT, ADMIN), make_task(), [Hearer(person=ADMIN.id)]),
        ((LEFT,), make_task(), []),
        (
            (LEFT, make_person(BOB.id, is_gone=True), ADMIN),
            make_task(delegate=BOB.id),
            [Hearer(person=ADMIN.id)],
        ),
        ((LEFT, ADMIN), make_task(channel="D0ALICE"), [Hearer(person=ADMIN.id, may_know=False)]),
    ],
)
async def test_the_next_one_is_told(
    store: Store, people: tuple[Person, ...], task: Task, told: list[Hearer]
) -> None:
    """Owner, then delegate, then admins, of whom only those who could read it hear the name."""
    await know(store, *people)
    async with store.begin() as work:
        await work.places.put(make_place())
        assert await hearers(work, task) == told


@pytest.mark.parametrize(("members", "hears"), [((ALICE.id,), True), ((BOB.id,), False)])
async def test_an_owner_who_was_sent_out_hears_no_more_of_a_private_task(
    store: Store, members: tuple[str, ...], hears: bool
) -> None:
    """What others change where somebody can't read any more is kept from them."""
    await know(store, make_person())
    async with store.begin() as work:
        await work.places.put(IN_PRIVATE)
        await work.places.set_members(IN_PRIVATE.id, members, SOME_DAY)
        assert await may_hear(work, ALICE.id, make_task()) is hears


async def test_a_failure_reaches_the_delegate_of_one_who_left(store: Store) -> None:
    """The direct message that the owner can't read goes to the one they named."""
    await know(store, LEFT, ADMIN)
    task = await plant(store, replace(make_task(retries=0), delegate=BOB.id))
    async with store.begin() as work:
        due = Moment(scheduled_for=SOME_DAY, status=RunStatus.QUEUED)
        run_id = await work.runs.record(task, due, SOME_DAY)
    assert run_id is not None

    def fail(_: Brief) -> Report:
        raise Temporary("The disk is busy.")

    runner = Runner(
        store,
        {"alex": FakeAgent(does=fail)},
        worker="w1",
        retry_delay=timedelta(0),
        now=Hand(SOME_DAY),
        wake_courier=lambda: None,
    )
    await runner.run(run_id)

    async with store.read() as work:
        owed = await work.deliveries.of_run(run_id)
    assert [it.target for it in owed if it.kind is DeliveryKind.FAILURE_DM] == [BOB.id]
