"""The one write path: what is armed, what waits, what is refused, and what can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from scheduler.errors import BadSchedule, Refused, UnknownTask
from scheduler.gate import Gate
from scheduler.planner import Planner
from scheduler.wishes import CONFIRM, Change, Confirm, Wish
from storage.records import (
    DeliveryKind,
    RunStatus,
    Task,
    TaskId,
    TaskState,
)
from storage.schedules import Daily, Once, Schedule, Weekday, Weekly
from storage.store import Store
from tests.fakes import FakeAgent, FakeDirectory, Hand
from tests.plants import ALICE, BOB, DAILY_AT_8, NEW_YORK

WISH = Wish(
    agent="alex",
    name="Daily cost report",
    prompt="daily cost report",
    schedule=DAILY_AT_8,
    zone=NEW_YORK,
    zone_from="your Slack zone",
    channel="C0FINOPS",
    owner="U0ALICE",
    request_key="T1:C0FINOPS:1.0",
)
AT_NINE = replace(DAILY_AT_8, rule=Daily(times=(time(9),)))


@pytest.fixture
def hand(now: datetime) -> Hand:
    """Give a clock to move."""
    return Hand(now)


@pytest.fixture
def planner(store: Store, hand: Hand) -> Planner:
    """Give a planner that knows Alex alone."""
    return Planner(
        store,
        {"alex": FakeAgent()},
        gate=Gate(FakeDirectory()),
        confirm=Confirm.GUESSED,
        now=hand,
        wake=lambda: None,
    )


async def found(store: Store, task_id: TaskId) -> Task:
    """Give the task as it stands."""
    async with store.read() as work:
        task = await work.tasks.get(task_id)
    assert task is not None
    return task


async def test_a_certain_wish_is_armed_and_owes_its_card(planner: Planner, store: Store) -> None:
    """Nothing assumed: the task is on, its next run known, its card owed in the thread."""
    created = await planner.create(replace(WISH, thread_ts="1.0"))

    assert created.task.state is TaskState.ACTIVE
    assert created.task.next_run_at == datetime(2026, 3, 6, 13, 0, tzinfo=UTC)
    async with store.begin() as work:
        [card] = await work.deliveries.due(created.task.created_at, 5)
    assert (card.kind, card.target, card.thread_ts) == (DeliveryKind.CARD, "C0FINOPS", "1.0")


async def test_an_assumed_wish_is_a_draft_that_never_comes_due(
    planner: Planner, store: Store
) -> None:
    """Something assumed: nothing is armed until the answer."""
    created = await planner.create(replace(WISH, assumed=("time",)))

    assert created.task.state is TaskState.DRAFT
    async with store.read() as work:
        assert await work.tasks.next_due() is None


async def test_the_answer_to_a_draft_arms_it(planner: Planner) -> None:
    """The chosen time is the task's time, and nothing is assumed any more."""
    draft = (await planner.create(replace(WISH, assumed=("time",)))).task

    task = await planner.activate(draft.id, by=ALICE, change=Change(schedule=AT_NINE))

    assert (task.state, task.schedule, task.assumed) == (TaskState.ACTIVE, AT_NINE, ())
    assert task.next_run_at == datetime(2026, 3, 6, 14, 0, tzinfo=UTC)


async def test_a_draft_is_armed_once(planner: Planner) -> None:
    """A second click on the answer changes nothing."""
    draft = (await planner.create(replace(WISH, assumed=("time",)))).task
    first = await planner.activate(draft.id, by=ALICE)

    assert await planner.activate(draft.id, by=ALICE, change=Change(schedule=AT_NINE)) == first


async def test_confirming_always_makes_every_wish_a_draft(store: Store, hand: Hand) -> None:
    """Where everything is to be confirmed, a certain wish waits for a yes."""
    planner = Planner(
        store,
        {"alex": FakeAgent()},
        gate=Gate(FakeDirectory()),
        confirm=Confirm.ALWAYS,
        now=hand,
        wake=lambda: None,
    )

    task = (await planner.create(WISH)).task

    assert (task.state, task.assumed) == (TaskState.DRAFT, (CONFIRM,))


async def test_confirming_never_arms_what_was_assumed(store: Store, hand: Hand) -> None:
    """Where nobody wants to be asked, the grammar's assumption is taken as it is."""
    planner = Planner(
        store,
        {"alex": FakeAgent()},
        gate=Gate(FakeDirectory()),
        confirm=Confirm.NEVER,
        now=hand,
        wake=lambda: None,
    )

    task = (await planner.create(replace(WISH, assumed=("time",)))).task

    assert (task.state, task.assumed) == (TaskState.ACTIVE, ())


async def test_an_edit_of_the_zone_says_where_it_comes_from(planner: Planner) -> None:
    """A zone that was said is not called the person's Slack zone any more."""
    task = (await planner.create(WISH)).task
    in_berlin = replace(DAILY_AT_8, zone="Europe/Berlin")

    edited = await planner.edit(task.id, Change(schedule=in_berlin), by=ALICE)

    assert (edited.after.zone, edited.after.zone_from) == ("Europe/Berlin", "as you said")


async def test_the_same_message_makes_one_task(planner: Planner, store: Store) -> None:
    """A message that comes twice gives the task it made, and owes no second card."""
    first = await planner.create(WISH)
    second = await planner.create(WISH)

    assert second == first
    async with store.begin() as work:
        assert len(await work.deliveries.due(first.task.created_at, 5)) == 1


async def test_a_twin_is_named_and_not_made(planner: Planner) -> None:
    """Another message that asks for the same work at the same time finds the task there is."""
    first = await planner.create(WISH)
    twin = await planner.create(replace(WISH, request_key="other", prompt=" Daily  COST report "))

    assert (twin.is_twin, twin.task.id) == (True, first.task.id)


async def test_an_unknown_agent_is_refused_with_those_there_are(planner: Planner) -> None:
    """Nobody is invented: the refusal names who can be asked."""
    with pytest.raises(Refused) as raised:
        await planner.create(replace(WISH, agent="bob"))

    assert "Alex" in raised.value.fix


async def test_a_moment_in_the_past_is_refused(planner: Planner, store: Store) -> None:
    """Nothing is stored for a schedule that can never come due."""
    gone = Schedule(rule=Once(on=date(2026, 3, 1), at=time(9)), zone=NEW_YORK)

    with pytest.raises(BadSchedule):
        await planner.create(replace(WISH, schedule=gone))

    async with store.read() as work:
        assert await work.tasks.all() == []


async def test_an_edit_changes_only_what_it_names(planner: Planner) -> None:
    """All other slots stay equal, and the next run follows the new time."""
    task = (await planner.create(WISH)).task

    edited = await planner.edit(task.id, Change(schedule=AT_NINE), by=ALICE)

    same = replace(
        edited.after,
        schedule=task.schedule,
        next_run_at=task.next_run_at,
        version=task.version,
        updated_at=task.updated_at,
    )
    assert same == edited.before
    assert edited.after.next_run_at == datetime(2026, 3, 6, 14, 0, tzinfo=UTC)


async def test_an_edit_without_effect_makes_no_version(planner: Planner) -> None:
    """Saying what is so already changes nothing, and leaves undo to the change before."""
    task = (await planner.create(WISH)).task

    edited = await planner.edit(task.id, Change(schedule=DAILY_AT_8), by=ALICE)

    assert edited.after.version == task.version


async def test_an_edit_that_answers_a_draft_arms_it(planner: Planner) -> None:
    """Saying the missing time in words is as good as the button."""
    draft = (await planner.create(replace(WISH, assumed=("time",)))).task

    edited = await planner.edit(draft.id, Change(schedule=AT_NINE, settles=("time",)), by=ALICE)

    assert edited.after.state is TaskState.ACTIVE
    assert edited.after.next_run_at is not None


async def test_a_paused_task_never_comes_due_until_resumed(planner: Planner, hand: Hand) -> None:
    """Pausing takes the next run away; resuming counts from then."""
    task = (await planner.create(WISH)).task
    paused = await planner.pause(task.id, by=ALICE)
    hand.move(days=3)

    resumed = await planner.resume(task.id, by=ALICE)

    assert (paused.state, paused.next_run_at) == (TaskState.PAUSED, None)
    assert resumed.next_run_at == datetime(2026, 3, 9, 12, 0, tzinfo=UTC)


async def test_a_removed_task_is_unknown(planner: Planner) -> None:
    """After removal every other change is refused as unknown."""
    task = (await planner.create(WISH)).task
    await planner.remove(task.id, by=ALICE)

    with pytest.raises(UnknownTask):
        await planner.pause(task.id, by=ALICE)


async def test_undo_brings_a_removed_task_back(planner: Planner) -> None:
    """What was removed comes due again, with everything it had."""
    task = (await planner.create(WISH)).task
    await planner.remove(task.id, by=ALICE)

    undone = await planner.undo(task.id, by=ALICE)

    assert replace(undone.after, version=1, updated_at=task.updated_at) == task


async def test_undo_of_an_edit_gives_the_former_slots(planner: Planner) -> None:
    """The schedule before the edit is the schedule again."""
    task = (await planner.create(WISH)).task
    await planner.edit(task.id, Change(schedule=AT_NINE, name="Costs"), by=ALICE)

    undone = await planner.undo(task.id, by=ALICE)

    assert (undone.after.schedule, undone.after.name) == (DAILY_AT_8, "Daily cost report")
    assert undone.after.next_run_at == task.next_run_at


async def test_undo_of_a_creation_removes_the_task(planner: Planner) -> None:
    """A task made by mistake is gone with one click."""
    task = (await planner.create(WISH)).task

    assert (await planner.undo(task.id, by=ALICE)).after.state is TaskState.REMOVED


async def test_after_a_day_nothing_is_undone(planner: Planner, hand: Hand) -> None:
    """An old change is refused, with what can be done instead."""
    task = (await planner.create(WISH)).task
    hand.move(hours=24, seconds=1)

    with pytest.raises(Refused, match="24 hours"):
        await planner.undo(task.id, by=ALICE)


async def test_the_same_click_runs_a_task_once(planner: Planner, store: Store) -> None:
    """One trigger makes one run, however often it arrives; who asked stands in it."""
    task = (await planner.create(WISH)).task

    first = await planner.run_now(task.id, by=BOB, request_key="click:1")
    second = await planner.run_now(task.id, by=BOB, request_key="click:1")

    assert first == second
    assert (first.status, first.asked_by) == (RunStatus.QUEUED, "U0BOB")


async def test_a_draft_does_not_run(planner: Planner) -> None:
    """Nothing of a draft runs before its answer, not even by hand."""
    draft = (await planner.create(replace(WISH, assumed=("time",)))).task

    with pytest.raises(Refused, match="waits for an answer"):
        await planner.run_now(draft.id, by=ALICE, request_key="k")


async def test_a_task_without_a_schedule_is_on_and_never_due(
    planner: Planner, store: Store
) -> None:
    """An on-demand task is active, has no next run, and runs when asked."""
    task = (await planner.create(replace(WISH, schedule=None))).task

    assert (task.state, task.next_run_at) == (TaskState.ACTIVE, None)
    assert planner.preview(task) == []
    run = await planner.run_now(task.id, by=ALICE, request_key="k")
    assert run.task_id == task.id


async def test_monday_is_monday(planner: Planner) -> None:
    """The next five runs of a Monday task are Mondays where its people live, at its time."""
    mondays = Schedule(
        rule=Weekly(weekdays=(Weekday.MONDAY,), times=(time(9),)), zone="Europe/Berlin"
    )
    task = (await planner.create(replace(WISH, schedule=mondays, zone="Europe/Berlin"))).task

    due = planner.preview(task)

    assert [(moment.weekday(), moment.hour) for moment in due] == [(0, 8)] * 3 + [(0, 7)] * 2


async def test_a_task_that_was_over_begins_again_with_a_new_time(
    planner: Planner, store: Store, hand: Hand
) -> None:
    """An edit of a finished task arms it, and counts from nothing."""
    once = Schedule(rule=Once(on=date(2026, 3, 6), at=time(9)), zone=NEW_YORK)
    task = (await planner.create(replace(WISH, schedule=once))).task
    async with store.begin() as work:
        await work.tasks.advance(task, next_run_at=None, fired=1, state=TaskState.COMPLETED)
    hand.move(days=2)

    edited = await planner.edit(task.id, Change(schedule=AT_NINE), by=ALICE)

    assert (edited.after.state, edited.after.fired) == (TaskState.ACTIVE, 0)
    assert edited.after.next_run_at is not None


async def test_removing_a_task_cancels_what_waits_to_run(planner: Planner, store: Store) -> None:
    """A run that was asked for and has not begun never runs, and its row says why."""
    task = (await planner.create(WISH)).task
    asked = await planner.run_now(task.id, by=ALICE, request_key="k")

    await planner.remove(task.id, by=ALICE)

    async with store.read() as work:
        run = await work.runs.get(asked.id)
    assert run is not None
    assert (run.status, run.reason) == (RunStatus.CANCELLED, "The task was removed before it ran.")


async def test_two_clicks_on_undo_take_back_one_change(planner: Planner) -> None:
    """The second click names a version that is gone, and does nothing."""
    task = (await planner.create(WISH)).task
    edited = (await planner.edit(task.id, Change(schedule=AT_NINE), by=ALICE)).after
    await planner.undo(task.id, by=ALICE, version=edited.version)

    with pytest.raises(Refused, match="meanwhile"):
        await planner.undo(task.id, by=ALICE, version=edited.version)


@pytest.mark.parametrize("named", [{"retries": 11}, {"timeout_s": 0}, {"timeout_s": 86_401}])
async def test_limits_without_sense_are_refused(planner: Planner, named: dict[str, Any]) -> None:
    """Retries and time limits stay within what anybody could want."""
    with pytest.raises(Refused):
        await planner.create(replace(WISH, **named))


async def test_a_task_whose_time_is_over_can_still_be_renamed(planner: Planner, hand: Hand) -> None:
    """Only a new time has to lie ahead."""
    once = Schedule(rule=Once(on=date(2026, 3, 6), at=time(8)), zone=NEW_YORK)
    task = (await planner.create(replace(WISH, schedule=once))).task
    await planner.pause(task.id, by=ALICE)
    hand.move(days=3)

    renamed = (await planner.edit(task.id, Change(name="Costs"), by=ALICE)).after

    assert (renamed.name, renamed.state) == ("Costs", TaskState.PAUSED)
