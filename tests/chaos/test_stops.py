"""Stops, hung tools and second starts: nothing is left running, nothing is left undone."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from storage.records import RunStatus
from tests.chaos.test_killed import due_now
from tests.journeys.books import ledger, plant_all
from tests.journeys.driver import House
from tests.journeys.persona import FINOPS, GENERAL, PLATFORM, Persona, saying, words_of
from tests.plants import make_task

AT_ONCE = 10


def odd(folder: Path) -> tuple[str, ...]:
    """Give the program whose agents are odd."""
    return ("-m", "tests.chaos.odd_run", str(folder))


async def once(maya: Persona, holds: Callable[[], bool]) -> None:
    """Wait until something holds."""

    async def look() -> bool | None:
        return holds() or None

    await maya.until(look)


def pid_of_hung(folder: Path) -> int:
    """Give the number of the child process that hangs, or 0."""
    return next((int(file.stem) for file in folder.glob("*.hung")), 0)


def is_alive(pid: int) -> bool:
    """Say whether a process is there and is not a zombie that waits to be reaped."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


async def test_a_tool_that_never_returns_is_killed_at_its_limit_while_others_are_answered(
    house: House, maya: Persona, tmp_path: Path
) -> None:
    """The hung child ends with its run, and every message meanwhile is acked at first delivery."""
    hung = make_task(
        name="Hung check", agent="tony", timeout_s=8, retries=0, schedule=None, next_run_at=None,
        channel=PLATFORM, owner="U0MAYA",
    )  # fmt: skip
    await plant_all(house.database_url, [hung])
    house.run(odd(tmp_path))
    await maya.slash("run T-1", PLATFORM)
    await once(maya, lambda: pid_of_hung(tmp_path) > 0)
    child = pid_of_hung(tmp_path)

    async def ask(number: int) -> str:
        where = (GENERAL, FINOPS)[number % 2]
        text = f"@Chatcron tony check index {number} every day at 3 AM"
        asked = await maya.say(text, where)
        await maya.see(saying("is on"), where, asked)
        return asked

    async with asyncio.TaskGroup() as group:
        asking = [group.create_task(ask(number)) for number in range(AT_ONCE)]
    assert is_alive(child), "the messages were not answered while the tool hung"
    told = [each for task in asking for each in house.events(task.result())]
    assert {(each["acked"], each["attempts"]) for each in told} == {(True, 1)}

    dm = await maya.see(saying("Hung check", "took too long"), maya.dm)
    assert "longer than 8 s" in words_of(dm)
    await once(maya, lambda: not is_alive(child))
    [run] = await ledger(house.database_url)
    assert run.status is RunStatus.TIMED_OUT


async def test_the_child_of_a_killed_bot_ends_too(
    house: House, maya: Persona, tmp_path: Path
) -> None:
    """Kill -9 of the bot leaves no orphan at work."""
    await plant_all(house.database_url, [due_now()])
    bot = house.run(odd(tmp_path))
    await once(maya, lambda: pid_of_hung(tmp_path) > 0)
    child = pid_of_hung(tmp_path)
    assert is_alive(child)

    assert bot.end(signal.SIGKILL) == -signal.SIGKILL

    await once(maya, lambda: not is_alive(child))


async def test_sigterm_lets_a_run_in_progress_finish(
    house: House, maya: Persona, tmp_path: Path
) -> None:
    """A stop waits for the run at work, whose result arrives, and the code is 0."""
    await plant_all(house.database_url, [due_now("alex")])
    bot = house.run(odd(tmp_path))
    await once(maya, (tmp_path / "began").exists)

    os.kill(bot.pid, signal.SIGTERM)
    (tmp_path / "go").touch()

    assert bot.wait() == 0
    [run] = await ledger(house.database_url)
    assert run.status is RunStatus.SUCCEEDED
    house.run()
    await maya.see(saying("It was let go"))
    assert len(await maya.find(saying("It was let go"))) == 1


async def test_a_run_that_outlasts_the_stop_is_done_after_the_next_start(
    house: House, maya: Persona, tmp_path: Path
) -> None:
    """A run that is cut off by an impatient stop, and those queued behind it, go on later."""
    house.settings |= {"CHATCRON_DRAIN_S": "0", "CHATCRON_WORKERS": "1"}
    await plant_all(house.database_url, [due_now("alex"), due_now()])
    bot = house.run(odd(tmp_path))
    await once(maya, (tmp_path / "began").exists)
    assert bot.end() == 0

    house.run()
    await maya.see(saying("T-1 · R-"))
    await maya.see(saying("T-2 · R-"))

    runs = await ledger(house.database_url)
    assert [run.status for run in runs] == [RunStatus.SUCCEEDED] * 2
    assert [run.attempt for run in runs] == [2, 1]


async def test_a_second_bot_on_the_same_file_is_refused_with_a_sentence(house: House) -> None:
    """The second one ends with code 1 and says why; the first one goes on."""
    first = house.run()

    second = house.run(is_up=False)

    assert second.wait() == 1
    assert "Another chatcron already runs on this database file" in second.output
    assert "Traceback" not in second.output
    assert first.end() == 0


async def test_a_very_long_report_is_attached_as_a_file(
    house: House, maya: Persona, tmp_path: Path
) -> None:
    """A report that would need too many messages stands whole in one file in the thread."""
    await plant_all(house.database_url, [due_now("anna")])
    house.run(odd(tmp_path))

    headline = await maya.see(saying("A long story"))
    await maya.see(saying("holds the whole report"), FINOPS, headline["ts"])

    thread = await maya.read(FINOPS, headline["ts"])
    [file] = [file for each in thread for file in each["files"]]
    text = await maya.file(file["url"])
    assert file["name"] == "R-1.txt"
    assert [f"Line {number} of many" in text for number in (0, 3_999)] == [True, True]


async def test_every_message_is_answered_though_the_bot_was_away_when_it_was_said(
    house: House, maya: Persona
) -> None:
    """What is said while the bot is down is delivered and answered when it is up again."""
    house.run().end()
    asked = await maya.say("@Chatcron tony check the database every day at 3 AM")
    began = datetime.now(UTC)

    house.run()

    card = await maya.see(saying("is on", "T-1"), thread_ts=asked)
    assert float(card["ts"]) >= began.timestamp()
