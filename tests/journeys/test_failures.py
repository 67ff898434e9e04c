"""When a run fails: its owner hears why, and each of the three buttons does what it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.records import RunStatus, TaskState
from tests.journeys.books import ledger, tasks_in
from tests.journeys.driver import House
from tests.journeys.persona import PLATFORM, Persona, number_in, saying, words_of


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Give a local Slack with a bot whose Alex is sick."""
    folder: Path = tmp_path_factory.mktemp("moods")
    (folder / "sick").touch()
    with House.open(tmp_path_factory.mktemp("house")) as opened:
        opened.run(("-m", "tests.journeys.moody", str(folder)))
        yield opened


async def test_a_failed_run_reaches_its_owner_and_its_three_buttons_work(
    house: House, maya: Persona, ravi: Persona
) -> None:
    """The billing data stopped: Ravi gets a DM that says what to do, and can act on it."""
    asked = await ravi.say("@Chatcron alex report cost every day at 7:30 AM", PLATFORM)
    card = await ravi.see(saying("is on"), PLATFORM, asked)
    task_id = number_in(card, "T")
    await ravi.click(card, "Run now")

    dm = await ravi.see(saying("failed", f"T-{task_id}", "Put one there"), ravi.dm)
    first = number_in(dm, "R")
    line = await ravi.see(saying("did not run", f"R-{first}"), PLATFORM)
    assert "Traceback" not in words_of(dm) + words_of(line)
    assert await maya.find(saying("failed"), maya.dm) == []

    assert (await ravi.click(dm, "Why"))["ok"]
    await ravi.see(saying("It was asked by", f"R-{first}"), ravi.dm)

    assert (await ravi.click(dm, "Run again"))["ok"]
    again = await ravi.see(saying("failed", "No result was posted"), ravi.dm, count=2)
    second = number_in(again, "R")
    assert second > first

    assert (await ravi.click(dm, "Pause"))["ok"]
    await ravi.see(saying(f"T-{task_id}", "is paused"), ravi.dm)
    [kept] = [each for each in await ravi.read(ravi.dm) if each["ts"] == dm["ts"]]
    assert f"R-{first}" in words_of(kept)
    await ravi.see(saying("is paused"), PLATFORM, asked)

    runs = [run for run in await ledger(house.database_url) if run.task_id == task_id]
    assert [(run.id, run.status) for run in runs] == [
        (first, RunStatus.FAILED),
        (second, RunStatus.FAILED),
    ]
    [task] = [task for task in await tasks_in(house.database_url) if task.id == task_id]
    assert task.state is TaskState.PAUSED
