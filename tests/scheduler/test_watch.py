"""Places are looked at again, so that an event that was lost costs minutes and not a task."""

from __future__ import annotations

import asyncio

import pytest

from scheduler.watch import AT_A_TIME, Watch
from storage.records import Place, TaskState
from storage.store import Store
from tests.fakes import FakeDirectory
from tests.plants import make_place, make_task, plant
from tests.scheduler.test_planner import WISH
from tests.scheduler.town import FINOPS, Town


class Slow(FakeDirectory):
    """Counts how often it is asked, and answers when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.go_on = asyncio.Event()

    async def look_at(self, place_id: str) -> Place | None:
        self.asked.append(place_id)
        await self.go_on.wait()
        return await self.place(place_id)


@pytest.fixture
def slow() -> Slow:
    """Give a workspace that takes its time."""
    return Slow()


async def test_an_invitation_nobody_told_of_is_found(town: Town, store: Store) -> None:
    """The bot is in and no event came: the next round starts the task."""
    await town.know(make_place(has_bot=False))
    task = (await town.planner.create(WISH)).task
    await town.know(make_place())
    watch = Watch(store, town.directory, town.warden)

    await watch.round()

    assert (await town.found(task.id)).state is TaskState.ACTIVE


async def test_a_place_is_looked_at_once_at_a_time(town: Town, store: Store, slow: Slow) -> None:
    """Ten refused deliveries to one channel lead to one look; another may follow later."""
    watch = Watch(store, slow, town.warden)
    for _ in range(10):
        watch.look_soon(FINOPS)
    watch.look_soon("C0PLATFORM")
    await asyncio.sleep(0)
    assert slow.asked == [FINOPS, "C0PLATFORM"]
    slow.go_on.set()
    await watch.stop()

    watch.look_soon(FINOPS)
    await asyncio.sleep(0)
    assert len(slow.asked) == 3
    await watch.stop()


async def test_a_round_leaves_room_for_others_and_the_next_goes_on(
    town: Town, store: Store, slow: Slow
) -> None:
    """More places than one round may ask about are looked at in turn, and then from the first."""
    slow.go_on.set()
    names = [f"C0{number:03}" for number in range(AT_A_TIME + 5)]
    for name in names:
        town.directory.places[name] = make_place(name, has_bot=False)
        await plant(store, make_task(channel=name))
        await town.warden.survey(name)
    watch = Watch(store, slow, town.warden)

    for _ in range(3):
        await watch.round()

    assert slow.asked == [*names, *names[:AT_A_TIME]]
