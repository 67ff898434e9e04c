"""Who asked to be told of runs is told, where they may know; one who can't be keeps nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import pytest

from scheduler.agents.agent import Brief
from scheduler.courier import Courier
from scheduler.destinations import Destinations
from scheduler.errors import NotAllowed, PlaceClosed, Refused, Temporary
from scheduler.herald import Herald
from scheduler.runner import Runner
from scheduler.wishes import Change
from storage.policies import Notice, NoticeOn
from storage.records import Delivery, DeliveryKind, PlaceKind, RunStatus, Task
from storage.reports import Finding, Report, Severity
from storage.runs import Moment
from tests.fakes import FakeAgent, FakeOutlet
from tests.plants import ALICE, BOB, MALLORY, make_person, make_place, make_report, make_task, plant
from tests.scheduler.town import FINOPS, Town

TEAM = "C0TEAM"
TOLD = (DeliveryKind.NOTICE, DeliveryKind.START_NOTICE)


def notice(target: str, on: NoticeOn = NoticeOn.COMPLETE) -> Notice:
    """Give a notice."""
    return Notice(target=target, on=on)


def finding(severity: Severity, town: Town, *, value: float = 1.0) -> Finding:
    """Give a finding of that severity."""
    return Finding(
        key="cpu",
        severity=severity,
        resource="web",
        text=f"CPU is at {value}.",
        value=value,
        observed_at=town.hand(),
        source="top",
    )


def fail(_: Brief) -> Report:
    """Fail for good."""
    raise Temporary("The disk is busy.")


def _given(report: Report, _: Brief) -> Report:
    return report


async def telling(town: Town, *notices: Notice, **named: object) -> Task:
    """Plant a task that tells these."""
    await town.know(make_place(FINOPS), make_place(TEAM, name="team"))
    return await plant(town.store, make_task(notices=notices, retries=0, **named))


async def run(town: Town, task: Task, *reports: Report | None) -> None:
    """Run the task once for each report, and to a failure for each None."""
    herald = Herald(town.store, Destinations(town.gate))
    for report in reports:
        agent = FakeAgent(does=fail if report is None else partial(_given, report))
        runner = Runner(
            town.store,
            {"alex": agent},
            worker="w1",
            retry_delay=timedelta(0),
            now=town.hand,
            wake_courier=lambda: None,
            herald=herald,
        )
        town.hand.move(minutes=10)
        async with town.store.begin() as work:
            due = Moment(scheduled_for=town.hand(), status=RunStatus.QUEUED)
            run_id = await work.runs.record(task, due, town.hand())
        assert run_id is not None
        await runner.run(run_id)


async def send_all(town: Town, *, but: DeliveryKind | None = None) -> None:
    """Let everything that is owed have arrived, but one kind."""
    async with town.store.begin() as work:
        for kind in DeliveryKind:
            for it in await work.deliveries.due(town.hand(), 99):
                if it.kind is kind and kind is not but:
                    await work.deliveries.sent(it, ref="1.0", sent_to=it.target, now=town.hand())


def said(owed: Sequence[Delivery]) -> list[tuple[str, str]]:
    """Give whom each of these tells, and of what."""
    return [(it.target, it.payload["on"]) for it in owed if it.payload is not None]


async def test_each_hears_what_it_asked_for(town: Town) -> None:
    """A channel hears of the end, a person of the beginning; the task's channel has its result."""
    task = await telling(
        town, notice(TEAM), notice(BOB.id, NoticeOn.START), notice(BOB.id, NoticeOn.FAILURE)
    )

    await run(town, task, make_report())

    assert said(await town.owed(*TOLD)) == [(BOB.id, "start"), (TEAM, "complete")]
    assert len(await town.owed(DeliveryKind.RESULT)) == 1


async def test_failures_are_told_as_often_as_to_the_owner(town: Town) -> None:
    """The first of a streak is, the next is not; the owner, who hears anyway, hears once."""
    task = await telling(
        town, notice(TEAM), notice(BOB.id, NoticeOn.FAILURE), notice(ALICE.id, NoticeOn.FAILURE)
    )

    await run(town, task, None, None)

    assert said(await town.owed(*TOLD)) == [(TEAM, "failure"), (BOB.id, "failure")]
    assert [it.target for it in await town.owed(DeliveryKind.FAILURE_DM)] == [ALICE.id]


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (Severity.OK, Severity.OK, 1),
        (Severity.OK, Severity.WARNING, 2),
        (Severity.WARNING, Severity.OK, 2),
        (Severity.WARNING, Severity.WARNING, 2),
        (Severity.INFO, Severity.INFO, 1),
    ],
)
async def test_output_is_told_where_it_is_news(
    town: Town, first: Severity, second: Severity, told: int
) -> None:
    """The first report is, and each that differs or says what somebody is to look at."""
    task = await telling(town, notice(TEAM, NoticeOn.OUTPUT))
    owed = 0

    for severity in (first, second):
        await run(town, task, make_report(findings=(finding(severity, town),)))
        owed += len(await town.owed(DeliveryKind.NOTICE))
        await send_all(town)

    assert owed == told


async def test_who_can_not_be_reached_parks_that_notice_alone(town: Town) -> None:
    """The owner hears of it once, the others are told, and the run is as it is."""
    task = await telling(town, notice("C0AWAY"), notice(TEAM))
    await town.know(make_place("C0AWAY", name="away", has_bot=False))

    await run(town, task, make_report(), make_report())

    [note] = await town.owed(DeliveryKind.NOTE_DM)
    assert said(await town.owed(*TOLD)) == [(TEAM, "complete")] * 2
    assert note.target == ALICE.id
    assert note.payload == {
        "target": "C0AWAY",
        "what": "I am not in #away.",
        "wanted": "Invite me there with /invite @Chatcron",
    }


async def test_what_is_lost_again_is_told_again(town: Town) -> None:
    """Between two losses of a place it was told, so the second is news to the owner."""
    task = await telling(town, notice(TEAM))
    for has_bot in (False, True, False):
        await town.know(make_place(TEAM, name="team", has_bot=has_bot))
        await run(town, task, make_report())

    assert len(await town.owed(DeliveryKind.NOTE_DM)) == 2
    assert len(await town.owed(DeliveryKind.NOTICE)) == 1


async def test_who_may_no_longer_read_the_task_hears_nothing_of_it(town: Town) -> None:
    """Its channel went private without bob in it: not a word of it reaches him."""
    task = await telling(town, notice(BOB.id))
    await town.know(make_place(FINOPS, kind=PlaceKind.PRIVATE))
    town.directory.insiders[FINOPS] = frozenset({ALICE.id})

    await run(town, task, make_report())

    assert await town.owed(*TOLD) == []
    [note] = await town.owed(DeliveryKind.NOTE_DM)
    assert note.payload is not None
    assert (note.target, note.payload["target"]) == (ALICE.id, BOB.id)


async def test_a_notice_that_is_refused_at_the_door_is_told_once(town: Town) -> None:
    """A channel that closes between the run and the post costs one sentence to the owner."""
    task = await telling(town, notice(TEAM))
    await run(town, task, make_report())
    outlet = FakeOutlet()
    courier = Courier(town.store, {"slack": outlet}, now=town.hand)

    await send_all(town, but=DeliveryKind.NOTICE)
    outlet.fails = [PlaceClosed("that channel is archived")]
    await courier.start()
    await asyncio.wait_for(outlet.arrived.wait(), timeout=30)
    await courier.stop()

    assert [it.delivery.kind for it in outlet.sent] == [DeliveryKind.NOTE_DM]


async def test_owners_set_who_is_told_and_anybody_may_ask_for_themselves(town: Town) -> None:
    """Bob is in the channel: he may be told, and stop it; he may not let others be told."""
    task = await telling(town)

    added = await town.planner.notify(task.id, (notice(BOB.id),), stop=False, by=BOB)
    with pytest.raises(NotAllowed, match="Only its owner"):
        await town.planner.notify(task.id, (notice(TEAM),), stop=False, by=BOB)
    both = await town.planner.notify(task.id, (notice(TEAM),), stop=False, by=ALICE)
    stopped = await town.planner.notify(task.id, (notice(BOB.id),), stop=True, by=BOB)
    none = await town.planner.notify(task.id, (), stop=True, by=ALICE)

    assert added.after.notices == (notice(BOB.id),)
    assert both.after.notices == (notice(BOB.id), notice(TEAM))
    assert stopped.after.notices == (notice(TEAM),)
    assert none.after.notices == ()


async def test_nobody_is_told_who_may_not_know(town: Town) -> None:
    """A place without the bot, the task's own, a bot and an outsider are each refused in words."""
    task = await telling(town)
    await town.know(make_place("C0AWAY", name="away", has_bot=False))
    town.directory.people["U0ROBOT"] = make_person("U0ROBOT", is_bot=True)
    town.directory.insiders[FINOPS] = frozenset({ALICE.id, "U0ROBOT"})
    town.directory.people[MALLORY.id] = make_person(MALLORY.id, is_guest=True)

    for target, why in [
        ("C0AWAY", "I am not in #away"),
        (FINOPS, "posts there already"),
        ("U0ROBOT", "A bot is not told"),
        (MALLORY.id, "can't read what Daily cost report posts"),
    ]:
        with pytest.raises(Refused, match=why):
            await town.planner.notify(task.id, (notice(target),), stop=False, by=ALICE)
    assert (await town.found(task.id)).notices == ()


async def test_a_task_that_moves_to_a_private_place_tells_no_channel_any_more(town: Town) -> None:
    """What was public news is private from then on; a person who may still read it is told."""
    task = await telling(town, notice(TEAM), notice(BOB.id))
    await town.know(make_place("G0INNER", name="inner", kind=PlaceKind.PRIVATE))

    moved = await town.planner.edit(task.id, Change(channel="G0INNER"), by=ALICE)

    assert moved.after.notices == (notice(BOB.id),)
