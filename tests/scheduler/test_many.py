"""One thing done to several tasks: what may be done is, what may not be is named, all at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scheduler.errors import Refused
from scheduler.many import Deed, Many, Outcome
from storage.records import DeliveryKind, Hold, Task, TaskId, TaskState
from tests.plants import ALICE, BOB, MALLORY, make_person, make_place, make_task, plant
from tests.scheduler.town import Town


@pytest.fixture
def many(town: Town) -> Many:
    """Give what acts on several tasks."""
    return Many(town.store, planner=town.planner, gate=town.gate, now=town.hand)


def versions(tasks: list[Task]) -> dict[TaskId, int]:
    """Give what a click carries: the tasks that were shown, as they were."""
    return {task.id: task.version for task in tasks}


def declined(outcome: Outcome) -> list[str]:
    """Give why nothing was done, for each task that nothing was done to."""
    return [each.why for each in outcome.declined]


async def three(town: Town, **named: object) -> list[Task]:
    """Plant two tasks of alice's and one of bob's."""
    owners = ("U0ALICE", "U0ALICE", "U0BOB")
    return [await plant(town.store, make_task(owner=owner, **named)) for owner in owners]


async def test_all_are_paused_until_then_and_each_owner_hears_once(town: Town, many: Many) -> None:
    """Each task has its version and its line of audit; one message tells the other owner."""
    tasks, until = await three(town), town.hand() + timedelta(days=3)

    done = await many.do(Deed.PAUSE, versions(tasks), by=BOB, request_key="k", until=until)

    assert [(it.state, it.paused_until) for it in done.done] == [(TaskState.PAUSED, until)] * 3
    async with town.store.read() as work:
        audits = [(await work.audit.of(f"T-{task.id}"))[0].action for task in tasks]
    [dm] = await town.owed(DeliveryKind.ALL_CHANGED_DM)
    assert audits == ["pause"] * 3
    assert dm.target == ALICE.id
    assert dm.payload is not None
    assert (dm.payload["action"], dm.payload["by"]) == ("pause", BOB.id)
    assert [it["id"] for it in dm.payload["tasks"]] == [tasks[0].id, tasks[1].id]


async def test_a_look_changes_nothing_and_says_what_would(town: Town, many: Many) -> None:
    """Removing is for owners: bob's own would go, alice's would not, each with the reason."""
    tasks = await three(town)

    outlook = await many.look(Deed.REMOVE, tasks, by=BOB)

    assert [task.id for task in outlook.done] == [tasks[2].id]
    why = "Only its owner and admins may change Daily cost report; nothing changed."
    assert [said.startswith(why) for said in declined(outlook)] == [True, True]
    assert [await town.found(task.id) for task in tasks] == tasks


async def test_a_task_that_changed_meanwhile_is_left_out(town: Town, many: Many) -> None:
    """A click acts on what was shown, and on nothing that looks different now."""
    tasks = await three(town)
    shown = versions(tasks)
    await town.planner.pause(tasks[0].id, by=ALICE)
    await town.planner.remove(tasks[1].id, by=ALICE)

    done = await many.do(Deed.REMOVE, shown, by=ALICE, request_key="k")

    assert done.done == ()
    assert (await town.found(tasks[0].id)).state is TaskState.PAUSED
    assert declined(done)[0] == "It was changed meanwhile."
    assert declined(done)[1] == "It is not there any more."


async def test_what_somebody_may_not_know_of_is_not_named(town: Town, many: Many) -> None:
    """Neither the outlook nor the outcome tells of a task in a place one can't look into."""
    await town.know(make_place("G0SECRET", is_archived=False))
    town.directory.people[MALLORY.id] = make_person(MALLORY.id, is_guest=True)
    tasks = await three(town, channel="G0SECRET")

    outcome = await many.do(Deed.PAUSE, versions(tasks), by=MALLORY, request_key="k")

    assert outcome == Outcome(done=())
    assert [await town.found(task.id) for task in tasks] == tasks


async def test_several_are_run_once_for_one_request(town: Town, many: Many) -> None:
    """The same click twice leaves one run of each task; a draft is named with the reason."""
    tasks = await three(town)
    draft = await plant(
        town.store, make_task(state=TaskState.DRAFT, assumed=("time",), next_run_at=None)
    )
    shown = versions([*tasks, draft])

    for _ in range(2):
        done = await many.do(Deed.RUN, shown, by=BOB, request_key="click:1")

    async with town.store.read() as work:
        runs = await work.runs.recent(since=None, task_id=None)
    assert [run.task_id for run in runs] == [task.id for task in tasks]
    assert len(done.done) == 3
    assert "still waits for an answer" in declined(done)[0]


async def test_resuming_parks_what_can_not_post(town: Town, many: Many) -> None:
    """As for one task: what has lost its place waits for that, the others are on."""
    tasks = [
        await plant(
            town.store, make_task(channel=channel, state=TaskState.PAUSED, next_run_at=None)
        )
        for channel in ("C0FINOPS", "C0OTHER")
    ]
    await town.know(make_place("C0OTHER", name="other", is_archived=True))

    done = await many.do(Deed.RESUME, versions(tasks), by=ALICE, request_key="k")

    assert [(it.state, it.hold) for it in done.done] == [
        (TaskState.ACTIVE, None),
        (TaskState.PAUSED, Hold.PLACE),
    ]


async def test_a_pause_of_several_into_the_past_is_refused(town: Town, many: Many) -> None:
    """The whole request is, before anything is asked or done."""
    tasks = await three(town)

    with pytest.raises(Refused, match="has passed"):
        await many.look(Deed.PAUSE, tasks, by=ALICE, until=town.hand())


async def test_each_of_several_can_be_undone(town: Town, many: Many) -> None:
    """What was removed together is brought back one by one, by undo."""
    tasks = (await three(town))[:2]
    await many.do(Deed.REMOVE, versions(tasks), by=ALICE, request_key="k")

    await town.planner.undo(tasks[0].id, by=ALICE)

    states = [(await town.found(task.id)).state for task in tasks]
    assert states == [TaskState.ACTIVE, TaskState.REMOVED]
