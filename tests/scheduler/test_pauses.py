"""A pause with an end is over by itself, once, from that end on, and holds where it must."""

from __future__ import annotations

from asyncio import gather
from datetime import UTC, date, datetime, time, timedelta

import pytest

from scheduler.bulk import Bulk
from scheduler.dispatcher import Dispatcher
from scheduler.errors import NotAllowed, Refused
from storage.records import DeliveryKind, Hold, RunStatus, Task, TaskState
from storage.schedules import Once, Schedule
from storage.store import Store
from tests.plants import ALICE, BOB, NEW_YORK, make_person, make_task, plant
from tests.scheduler.test_dispatcher import Basket, runs_of
from tests.scheduler.town import FINOPS, Town

MONDAY_AT_8 = datetime(2026, 3, 9, 12, tzinfo=UTC)
"""A due moment of the daily task, just after New York's clocks changed."""


@pytest.fixture
async def paused(town: Town) -> Task:
    """Give a daily task that is paused until Monday at 08:00."""
    task = await plant(town.store, make_task())
    return await town.planner.pause(task.id, by=ALICE, until=MONDAY_AT_8)


async def tick(town: Town, at: datetime) -> datetime | None:
    """Let the dispatcher look at a moment."""
    town.hand.at = at
    return await Dispatcher(town.store, Basket()).tick(at)


async def test_a_pause_ends_by_itself_and_the_moment_at_its_end_runs(
    town: Town, paused: Task
) -> None:
    """Nothing is due before, the clock looks at the end, and the moment right there runs."""
    assert await tick(town, MONDAY_AT_8 - timedelta(hours=1)) == MONDAY_AT_8
    assert (await town.found(paused.id)).paused_until == MONDAY_AT_8

    following = await tick(town, MONDAY_AT_8)

    task = await town.found(paused.id)
    [run] = await runs_of(town.store, task)
    assert (task.state, task.paused_until) == (TaskState.ACTIVE, None)
    assert (run.scheduled_for, run.status) == (MONDAY_AT_8, RunStatus.QUEUED)
    assert following == MONDAY_AT_8 + timedelta(days=1)


async def test_a_pause_ends_once_whoever_looks(town: Town, paused: Task) -> None:
    """Two dispatchers write one version and one line of audit, in Chatcron's own name."""
    town.hand.at = MONDAY_AT_8

    await gather(*(tick(town, MONDAY_AT_8) for _ in range(2)))

    async with town.store.read() as work:
        entries = await work.audit.of(f"T-{paused.id}")
    assert [(it.actor, it.action) for it in entries[:2]] == [
        ("chatcron", "resume"),
        (ALICE.id, "pause"),
    ]


async def test_what_passed_while_nobody_looked_is_missed_not_lost(town: Town, paused: Task) -> None:
    """Chatcron was down at the end of the pause: its moments since have rows of their own."""
    await tick(town, MONDAY_AT_8 + timedelta(days=2, minutes=1))

    statuses = [run.status for run in await runs_of(town.store, paused)]
    assert statuses == [RunStatus.MISSED, RunStatus.MISSED, RunStatus.QUEUED]


async def test_a_pause_into_the_past_is_refused(town: Town, paused: Task) -> None:
    """The sentence says what to name instead, and nothing changes."""
    with pytest.raises(Refused, match="has passed") as raised:
        await town.planner.pause(paused.id, by=ALICE, until=town.hand())

    assert "to come" in raised.value.fix
    assert await town.found(paused.id) == paused


async def test_the_end_of_a_pause_can_be_moved_and_taken_away(town: Town, paused: Task) -> None:
    """Another pause says until when, or that somebody has to resume it."""
    later = MONDAY_AT_8 + timedelta(days=7)

    assert (await town.planner.pause(paused.id, by=BOB, until=later)).paused_until == later
    assert (await town.planner.pause(paused.id, by=BOB)).paused_until is None
    await tick(town, later)
    assert (await town.found(paused.id)).state is TaskState.PAUSED


async def test_resuming_early_forgets_the_end(town: Town, paused: Task) -> None:
    """A task that somebody resumed is not resumed again."""
    resumed = await town.planner.resume(paused.id, by=ALICE)
    await tick(town, MONDAY_AT_8 - timedelta(days=1))

    assert resumed.paused_until is None
    assert (await town.found(paused.id)).version == resumed.version


async def test_undo_takes_the_resumption_back(town: Town, paused: Task) -> None:
    """It is paused again, and not resumed at once by the end that has passed."""
    await tick(town, MONDAY_AT_8 - timedelta(minutes=0))

    await town.planner.undo(paused.id, by=ALICE)
    await tick(town, MONDAY_AT_8 + timedelta(minutes=1))

    task = await town.found(paused.id)
    assert (task.state, task.paused_until) == (TaskState.PAUSED, None)


async def test_undo_of_a_pause_switches_on(town: Town, paused: Task) -> None:
    """The end goes with the pause it belonged to."""
    undone = (await town.planner.undo(paused.id, by=ALICE)).after

    assert (undone.state, undone.paused_until) == (TaskState.ACTIVE, None)


async def test_a_task_that_is_over_by_then_is_done_and_its_owner_told(town: Town) -> None:
    """What would have run once, during the pause, is not brought back in silence."""
    once = Schedule(rule=Once(on=date(2026, 3, 6), at=time(9)), zone=NEW_YORK)
    task = await plant(town.store, make_task(schedule=once))
    await town.planner.pause(task.id, by=ALICE, until=MONDAY_AT_8)

    assert await tick(town, MONDAY_AT_8) is None

    [note] = await town.owed(DeliveryKind.NOTE_DM)
    assert (await town.found(task.id)).state is TaskState.COMPLETED
    assert note.target == ALICE.id
    assert note.payload is not None
    assert note.payload["what"] == "Its schedule was over when its pause ended."


async def test_a_task_whose_place_is_gone_by_then_is_parked(town: Town, paused: Task) -> None:
    """Its channel is looked at as the pause ends; what can't post there waits, and says so."""
    await town.set_place(is_archived=True)
    asked: list[str] = []
    town.hand.at = MONDAY_AT_8
    await Dispatcher(town.store, Basket(), goes_on=asked.append).tick(MONDAY_AT_8)
    await town.warden.survey(*asked)

    assert asked == [FINOPS]
    assert (await town.found(paused.id)).hold is Hold.PLACE
    assert [it.target for it in await town.owed(DeliveryKind.PARKED_DM)] == [ALICE.id]


class Brake:
    """An admin with "pause all" at hand."""

    def __init__(self, town: Town) -> None:
        town.directory.people[BOB.id] = make_person(BOB.id, is_admin=True)
        self._bulk = Bulk(town.store, gate=town.gate, now=town.hand)

    async def pull(self) -> None:
        """Hold everything."""
        await self._bulk.pause(channel=FINOPS, by=BOB)

    async def release(self) -> object:
        """Let everything go."""
        return await self._bulk.resume(channel=FINOPS, by=BOB)


async def test_the_brake_holds_what_its_pause_lets_go(town: Town, paused: Task) -> None:
    """While everything is held the end of a pause is no way around it; the release is."""
    await plant(town.store, make_task(name="Other"))
    brake = Brake(town)
    await brake.pull()

    await tick(town, MONDAY_AT_8)
    under = await town.found(paused.id)
    await brake.release()

    assert (under.state, under.hold, under.paused_until) == (
        TaskState.PAUSED, Hold.EVERYTHING, None,
    )  # fmt: skip
    assert (await town.found(paused.id)).state is TaskState.ACTIVE


async def test_under_the_brake_only_admins_resume_what_was_paused_before(
    town: Town, paused: Task
) -> None:
    """A task that its owner had paused by name is no way around the brake either."""
    await plant(town.store, make_task(name="Other"))
    await Brake(town).pull()

    with pytest.raises(NotAllowed, match="All tasks were paused"):
        await town.planner.resume(paused.id, by=ALICE)
    assert (await town.planner.resume(paused.id, by=BOB)).state is TaskState.ACTIVE


async def test_a_place_that_comes_back_frees_nothing_under_the_brake(town: Town) -> None:
    """What was parked for its place before "pause all" is held by that as soon as it could go."""
    parked = await plant(town.store, make_task())
    await town.set_place(is_archived=True)
    await plant(town.store, make_task(name="Other", channel="C0OTHER"))
    brake = Brake(town)
    await brake.pull()

    await town.set_place()
    under = await town.found(parked.id)
    await brake.release()

    assert (under.state, under.hold) == (TaskState.PAUSED, Hold.EVERYTHING)
    assert (await town.found(parked.id)).state is TaskState.ACTIVE


async def test_the_release_parks_what_can_not_post_and_tells(town: Town, store: Store) -> None:
    """A channel that was archived under the brake gets no task back; its owner hears why."""
    task = await plant(store, make_task())
    other = await plant(store, make_task(channel="C0OTHER"))
    brake = Brake(town)
    await brake.pull()
    await town.set_place(is_archived=True)

    done = await brake.release()

    assert (await town.found(task.id)).hold is Hold.PLACE
    assert (await town.found(other.id)).state is TaskState.ACTIVE
    assert [it.target for it in await town.owed(DeliveryKind.PARKED_DM)] == [ALICE.id]
    assert repr(done) == "Extent(tasks=1, channels=1, over=0, waiting=1)"
