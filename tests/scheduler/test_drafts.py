"""What nobody confirms is reminded of once and ends with a sentence, whoever keeps house."""

from __future__ import annotations

from asyncio import gather
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from scheduler.drafts import Drafts, with_deadlines
from scheduler.errors import NotConnected
from scheduler.gate import Gate
from scheduler.planner import Planner
from scheduler.wishes import AGENT, Change, Confirm
from storage.records import (
    CHATCRON,
    Delivery,
    DeliveryId,
    DeliveryKind,
    DeliveryState,
    Hold,
    Task,
    TaskId,
    TaskState,
)
from storage.store import Store
from tests.fakes import FakeAgent, FakeDirectory, Hand
from tests.plants import ALICE, SOME_DAY, make_task
from tests.scheduler.test_planner import AT_NINE, WISH

DRAFT = make_task(id=TaskId(1), state=TaskState.DRAFT, assumed=("time",), next_run_at=None)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LACKS = "There is no cluster to look at. Set KUBECONFIG."


class CutOff(FakeAgent):
    """Has nothing to read."""

    def missing(self) -> str | None:
        return LACKS


@pytest.fixture
def hand(now: datetime) -> Hand:
    """Give a clock to move."""
    return Hand(now)


@pytest.fixture
def planner(store: Store, hand: Hand) -> Planner:
    """Give a planner that knows Alex, and Kai, who is not connected."""
    return Planner(
        store,
        {"alex": FakeAgent(), "kai": CutOff(name="kai")},
        gate=Gate(FakeDirectory()),
        confirm=Confirm.GUESSED,
        now=hand,
        wake=lambda: None,
    )


async def found(store: Store, task: Task) -> Task:
    """Give the task as it stands."""
    async with store.read() as work:
        present = await work.tasks.get(task.id)
    assert present is not None
    return present


async def owed(store: Store, *kinds: DeliveryKind) -> list[Delivery]:
    """Give what is owed of these kinds, oldest first, sent or not."""
    async with store.read() as work:
        every = [await work.deliveries.get(DeliveryId(number)) for number in range(1, 20)]
    return [item for item in every if item is not None and item.kind in kinds]


@pytest.mark.parametrize(
    ("first", "remind", "end"),
    [
        (10 * HOUR, 10 * HOUR - 15 * MINUTE, 10 * HOUR + 45 * MINUTE),
        (10 * MINUTE, 5 * MINUTE, HOUR + 5 * MINUTE),
        (20 * HOUR, 20 * HOUR - 15 * MINUTE, 20 * HOUR + 45 * MINUTE),
        (3 * DAY, DAY, 2 * DAY),
        (30 * HOUR, DAY, 30 * HOUR),
        (None, DAY, 2 * DAY),
    ],
)
def test_the_deadlines_follow_the_first_run(
    first: timedelta | None, remind: timedelta, end: timedelta
) -> None:
    """The reminder comes before it, a day on at the latest; an answer has an hour, and a day."""
    due = None if first is None else SOME_DAY + first

    draft = with_deadlines(DRAFT, SOME_DAY, due)

    assert draft.remind_at == SOME_DAY + remind
    assert draft.expires_at == SOME_DAY + end


def test_what_waits_for_an_invitation_waits_a_week() -> None:
    """Others have to act, so the draft lives for seven days, with its reminder as ever."""
    draft = with_deadlines(replace(DRAFT, hold=Hold.INVITATION), SOME_DAY, None)

    assert (draft.remind_at, draft.expires_at) == (SOME_DAY + DAY, SOME_DAY + 7 * DAY)


async def test_a_certain_wish_has_no_deadlines(planner: Planner) -> None:
    """What is on waits for nobody."""
    task = (await planner.create(WISH)).task

    assert (task.remind_at, task.expires_at) == (None, None)


async def test_two_keepers_remind_once(planner: Planner, store: Store, hand: Hand) -> None:
    """The author gets one message, however many look and however often; the buttons stay good."""
    draft = (await planner.create(replace(WISH, assumed=("time",)))).task
    assert draft.remind_at is not None
    hand.at = draft.remind_at

    for _ in range(2):
        await gather(*(Drafts(store, now=hand).round(hand()) for _ in range(2)))
        hand.move(minutes=1)

    [reminder] = await owed(store, DeliveryKind.REMINDER_DM)
    assert (reminder.target, reminder.task_id) == ("U0ALICE", draft.id)
    assert (await found(store, draft)).version == draft.version


async def test_nothing_happens_before_its_time(planner: Planner, store: Store, hand: Hand) -> None:
    """A draft that was just made is left alone."""
    await planner.create(replace(WISH, assumed=("time",)))

    assert await Drafts(store, now=hand).round(hand()) == 0


async def test_two_keepers_end_a_draft_once(planner: Planner, store: Store, hand: Hand) -> None:
    """It is removed by Chatcron, and says so in place of its card and of the reminder."""
    draft = (await planner.create(replace(WISH, assumed=("time",)))).task
    assert draft.remind_at is not None
    hand.at = draft.remind_at
    await Drafts(store, now=hand).round(hand())
    hand.move(days=1)

    await gather(*(Drafts(store, now=hand).round(hand()) for _ in range(2)))

    gone = await found(store, draft)
    card, reminder = await owed(store, DeliveryKind.CARD, DeliveryKind.REMINDER_DM)
    ends = await owed(store, DeliveryKind.EXPIRED)
    assert gone.state is TaskState.REMOVED
    assert [item.after for item in ends] == [card.id, reminder.id]
    async with store.read() as work:
        step = await work.tasks.version(draft.id, gone.version)
        entries = await work.audit.of(f"T-{draft.id}")
    assert step is not None
    assert (step.action, step.by) == ("expire", CHATCRON.id)
    assert {entry.action for entry in entries} == {"create", "expire"}


async def test_after_a_long_break_the_reminder_still_comes_first(
    planner: Planner, store: Store, hand: Hand
) -> None:
    """Where both moments passed while nothing ran, the author gets an hour to answer."""
    draft = (await planner.create(replace(WISH, assumed=("time",)))).task
    hand.move(days=30)
    keeper = Drafts(store, now=hand)

    await keeper.round(hand())
    await keeper.round(hand())
    reminded = await found(store, draft)
    hand.move(hours=1)
    await keeper.round(hand())

    assert reminded.state is TaskState.DRAFT
    assert (await found(store, draft)).state is TaskState.REMOVED


async def test_an_answer_ends_the_waiting(planner: Planner, store: Store, hand: Hand) -> None:
    """A confirmed draft is never reminded of, nor ended."""
    draft = (await planner.create(replace(WISH, assumed=("time",)))).task
    await planner.activate(draft.id, by=ALICE, change=Change(schedule=AT_NINE))
    hand.move(days=30)

    assert await Drafts(store, now=hand).round(hand()) == 0
    assert (await found(store, draft)).state is TaskState.ACTIVE


async def test_undo_of_an_end_gives_the_draft_time_again(
    planner: Planner, store: Store, hand: Hand
) -> None:
    """Who takes the end back has a draft that waits as if it were new."""
    draft = (await planner.create(replace(WISH, assumed=("time",)))).task
    keeper = Drafts(store, now=hand)
    hand.move(days=2)
    await keeper.round(hand())
    hand.move(days=2)
    await keeper.round(hand())

    back = (await planner.undo(draft.id, by=ALICE)).after

    assert back.state is TaskState.DRAFT
    assert back.remind_at is not None
    assert back.remind_at > hand()


async def test_a_card_that_never_stood_is_not_changed(
    planner: Planner, store: Store, hand: Hand
) -> None:
    """Where the card could not be posted, the end is said in the reminder alone."""
    await planner.create(replace(WISH, assumed=("time",)))
    async with store.begin() as work:
        [card] = await work.deliveries.due(hand(), 5)
        await work.deliveries.fail(card, error="archived")
    for _ in range(2):
        hand.move(days=2)
        await Drafts(store, now=hand).round(hand())

    [reminder] = await owed(store, DeliveryKind.REMINDER_DM)
    [end] = await owed(store, DeliveryKind.EXPIRED)
    assert (end.after, end.state) == (reminder.id, DeliveryState.OWED)


async def test_work_for_an_agent_that_is_cut_off_waits(planner: Planner) -> None:
    """A wish that would fail at every run arms nothing and says what is missing."""
    task = (await planner.create(replace(WISH, agent="kai"))).task

    assert (task.state, task.assumed) == (TaskState.DRAFT, (AGENT,))
    assert task.hold_reason == f"Kai is not connected: {LACKS}"
    assert task.remind_at is not None


async def test_the_answer_saves_it_paused(planner: Planner) -> None:
    """Save paused keeps it, also where the time was asked for in the same breath."""
    plain = (await planner.create(replace(WISH, agent="kai"))).task
    timed = (
        await planner.create(replace(WISH, agent="kai", assumed=("time",), request_key="2"))
    ).task

    saved = await planner.activate(plain.id, by=ALICE)
    at_nine = await planner.activate(timed.id, by=ALICE, change=Change(schedule=AT_NINE))

    for task in (saved, at_nine):
        assert (task.state, task.next_run_at, task.assumed) == (TaskState.PAUSED, None, ())
    assert at_nine.schedule == AT_NINE


async def test_an_edit_does_not_arm_what_is_cut_off(planner: Planner) -> None:
    """A time that is said saves it paused; another agent, who is connected, switches it on."""
    draft = (await planner.create(replace(WISH, agent="kai"))).task
    other = (await planner.create(replace(WISH, agent="kai", request_key="2", name="B"))).task

    said = await planner.edit(draft.id, Change(schedule=AT_NINE, settles=draft.assumed), by=ALICE)
    moved = await planner.edit(other.id, Change(agent="alex"), by=ALICE)

    assert said.after.state is TaskState.PAUSED
    assert moved.after.state is TaskState.ACTIVE


@pytest.mark.parametrize("what", ["run", "resume"])
async def test_what_is_cut_off_is_neither_run_nor_resumed(planner: Planner, what: str) -> None:
    """Run now and resume say what is missing instead of failing later."""
    draft = (await planner.create(replace(WISH, agent="kai"))).task
    task = await planner.activate(draft.id, by=ALICE)

    with pytest.raises(NotConnected, match="Kai is not connected: There is no cluster"):
        if what == "run":
            await planner.run_now(task.id, by=ALICE, request_key="k")
        else:
            await planner.resume(task.id, by=ALICE)
