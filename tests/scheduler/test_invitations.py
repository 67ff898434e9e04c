"""Where a task may begin to speak: it waits for its invitation, and asks before it moves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler.errors import Refused
from scheduler.wishes import Change
from storage.records import DeliveryKind, Hold, Place, PlaceKind, TaskState
from storage.store import Store
from tests.plants import ALICE, BOB, make_place, make_task, plant
from tests.scheduler.test_planner import WISH
from tests.scheduler.town import FINOPS, Town


async def test_a_task_waits_for_the_invitation_and_then_starts(town: Town) -> None:
    """Where the bot is not in, nothing is armed and no card owed; once it is in, both are."""
    await town.know(make_place(has_bot=False, name="random"))
    task = (await town.planner.create(WISH)).task

    assert (task.state, task.hold, task.next_run_at) == (TaskState.DRAFT, Hold.INVITATION, None)
    assert task.hold_reason == (
        "I am not in #random. Invite me there with /invite @Chatcron, then it starts."
    )
    assert await town.owed(DeliveryKind.CARD) == []

    await town.set_place()
    started = await town.found(task.id)
    assert (started.state, started.hold) == (TaskState.ACTIVE, None)
    assert started.next_run_at is not None
    assert [card.target for card in await town.owed(DeliveryKind.CARD)] == [FINOPS]


async def test_nothing_is_armed_where_nothing_is_known(town: Town) -> None:
    """A channel that Slack tells nothing of makes a draft, not a refusal and not a task."""
    town.directory.places[FINOPS] = None

    task = (await town.planner.create(WISH)).task

    assert (task.state, task.hold) == (TaskState.DRAFT, Hold.INVITATION)


async def test_a_draft_with_a_question_keeps_it_when_the_bot_comes(town: Town) -> None:
    """The invitation answers nothing but itself; confirming without it does not arm either."""
    await town.know(make_place(has_bot=False))
    task = (await town.planner.create(replace(WISH, assumed=("time",)))).task
    asks_too = replace(WISH, assumed=("time",), prompt="waste", request_key="2")
    other = (await town.planner.create(asks_too)).task

    waits = await town.planner.activate(other.id, by=ALICE)
    assert (waits.state, waits.hold, waits.assumed) == (TaskState.DRAFT, Hold.INVITATION, ())
    await town.set_place()

    asks = await town.found(task.id)
    assert (asks.state, asks.hold, asks.assumed) == (TaskState.DRAFT, None, ("time",))
    assert (await town.found(other.id)).state is TaskState.ACTIVE


async def test_undoing_the_start_asks_and_does_not_start_again(town: Town) -> None:
    """What somebody takes back after the invitation stays back, however often it is looked at."""
    await town.know(make_place(has_bot=False))
    task = (await town.planner.create(WISH)).task
    await town.set_place()

    undone = (await town.planner.undo(task.id, by=ALICE)).after
    await town.warden.survey(FINOPS)

    assert (undone.state, undone.assumed) == (TaskState.DRAFT, ("confirm",))
    assert await town.found(task.id) == undone


async def test_resuming_where_nobody_can_post_leaves_it_on_hold(town: Town, store: Store) -> None:
    """It says what it waits for, and starts by itself; running it now is refused in words."""
    task = await plant(store, make_task(state=TaskState.PAUSED, next_run_at=None))
    await town.know(make_place(has_bot=False))

    held = await town.planner.resume(task.id, by=ALICE)
    assert (held.state, held.hold) == (TaskState.PAUSED, Hold.PLACE)
    with pytest.raises(Refused, match="Nothing was run"):
        await town.planner.run_now(task.id, by=ALICE, request_key="k")


async def test_a_move_takes_a_new_card_and_leaves_the_old_thread(town: Town) -> None:
    """The new channel gets a card; the old thread is no longer the task's."""
    task = (await town.planner.create(replace(WISH, thread_ts="1.0"))).task

    moved = (await town.planner.edit(task.id, Change(channel="C0PLATFORM"), by=ALICE)).after

    assert (moved.channel, moved.thread_ts, moved.card_ts) == ("C0PLATFORM", None, None)
    cards = await town.owed(DeliveryKind.CARD)
    assert [card.target for card in cards] == [FINOPS, "C0PLATFORM"]


@pytest.mark.parametrize("secret", [None, make_place("G0BOARD", kind=PlaceKind.PRIVATE)])
async def test_a_private_channel_is_refused_like_one_that_is_not_there(
    town: Town, secret: Place | None
) -> None:
    """Who is not in a channel can't learn by moving a task that it exists."""
    task = (await town.planner.create(WISH)).task
    town.directory.places["G0BOARD"] = secret
    town.directory.insiders["G0BOARD"] = frozenset({BOB.id})

    with pytest.raises(Refused) as refused:
        await town.planner.check_move(task.id, "G0BOARD", by=ALICE)

    assert str(refused.value) == "I can't look into that channel. Nothing changed."


async def test_the_same_wish_said_twice_waits_once(town: Town) -> None:
    """Who asks again while the invitation is out gets the one that waits."""
    await town.know(make_place(has_bot=False))
    first = await town.planner.create(WISH)
    again = await town.planner.create(replace(WISH, request_key="again"))

    assert (again.is_twin, again.task.id) == (True, first.task.id)


async def test_what_was_never_started_says_so_when_it_is_steered(town: Town) -> None:
    """Nobody is sent to answer a question that no card asks."""
    await town.know(make_place(has_bot=False))
    task = (await town.planner.create(WISH)).task

    with pytest.raises(Refused, match="was never started") as refused:
        await town.planner.pause(task.id, by=ALICE)
    assert "Invite me there with /invite @Chatcron" in refused.value.fix
