"""What a channel and an owner hear of failures, drafts, outages and the brake: little, and once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.records import Hold, Task, TaskState
from storage.tables import tasks
from tests.journeys.books import tasks_in
from tests.journeys.driver import ROOT, House, environment
from tests.journeys.persona import (
    FINOPS,
    PLATFORM,
    Message,
    Persona,
    labels_of,
    number_in,
    saying,
    words_of,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder that says whether Alex is sick."""
    return tmp_path_factory.mktemp("moods")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[House]:
    """Give a local Slack with a bot whose agents do as the folder says."""
    with House.open(tmp_path_factory.mktemp("house")) as opened:
        opened.run(("-m", "tests.journeys.moody", str(folder)))
        yield opened


async def turn_back(house: House, task: Task, **columns: Any) -> None:
    """Change a task's moments beside the running bot, as if time had passed."""
    async with Database(house.database_url) as database, database.begin() as connection:
        await connection.execute(sa.update(tasks).where(tasks.c.id == task.id).values(**columns))


async def task_of(house: House, message: Message) -> Task:
    """Read the task that a message names."""
    number = number_in(message, "T")
    return next(task for task in await tasks_in(house.database_url) if task.id == number)


async def shown(person: Persona, channel: str, ts: str, thread: str | None = None) -> str:
    """Give what a message says now."""
    return next(words_of(it) for it in await person.read(channel, thread) if it["ts"] == ts)


async def test_a_streak_is_one_line_until_its_recovery(
    house: House, folder: Path, maya: Persona, ravi: Persona
) -> None:
    """Three failures change one line, the recovery too; the owner hears twice, who asks each time.

    The result after it stands as ever, with who asked for it.
    """
    asked = await ravi.say("@Chatcron alex report cost every day at 7:30 AM", PLATFORM)
    card = await ravi.see(saying("is on"), PLATFORM, asked)
    task_id = number_in(card, "T")
    (folder / "sick").touch()

    await maya.click(card, "Run now")
    line = await maya.see(saying("did not run", "no file newer than Friday"), PLATFORM)
    for length in (2, 3):
        await maya.click(card, "Run now")

        async def grown(length: int = length) -> bool | None:
            said = await shown(maya, PLATFORM, line["ts"])
            return True if f"{length} runs in a row failed" in said else None

        await maya.until(grown)
    (folder / "sick").unlink()
    await maya.click(card, "Run now")

    await ravi.see(saying("is back", f"T-{task_id}", "3 runs failed"), ravi.dm)
    await maya.see(saying("Yesterday: $4,212", "run by"), PLATFORM)

    async def ended() -> bool | None:
        return True if "is back: posted" in await shown(maya, PLATFORM, line["ts"]) else None

    await maya.until(ended)
    about_failures = [it for it in await maya.read(PLATFORM) if it["bot"] and "R-" in words_of(it)]
    assert [it["ts"] for it in about_failures[:1]] == [line["ts"]]
    assert len(about_failures) == 2
    assert len(await ravi.find(saying("failed", "No result was posted"), ravi.dm)) == 1
    await maya.see(saying("failed", "No result was posted"), maya.dm, count=3)


async def test_work_for_an_agent_that_is_cut_off_is_saved_and_not_run(
    house: House, ravi: Persona
) -> None:
    """The card says what is missing; one click saves it; to resume it says why not."""
    asked = await ravi.say("@Chatcron kai check the pods every day at 7:30 AM", PLATFORM)
    draft = await ravi.see(saying("Kai is not connected", "Set KUBECONFIG"), PLATFORM, asked)
    assert "This would fail at every run" in words_of(draft)
    assert labels_of(draft) == ["Save paused", "Cancel"]

    await ravi.click(draft, "Save paused")
    card = await ravi.see(saying("is paused"), PLATFORM, asked)
    assert (await task_of(house, card)).next_run_at is None

    await ravi.click(card, "Resume")
    refused = await ravi.see(saying("Kai is not connected", "It stays paused"), PLATFORM, asked)
    assert refused["ephemeral"]


async def test_a_reminder_asks_again_and_its_answer_counts(house: House, sam: Persona) -> None:
    """The author gets one message with the card's buttons; a click there switches the task on."""
    asked = await sam.say("@Chatcron alex report cost every day", FINOPS)
    draft = await sam.see(saying("What time should it run?"), FINOPS, asked)
    task = await task_of(house, draft)
    await turn_back(house, task, remind_at=datetime.now(UTC))

    reminder = await sam.see(saying(f"T-{task.id}", "is not on yet"), sam.dm)
    assert labels_of(reminder)[:3] == ["08:00", "09:00", "10:00"]
    assert (await sam.click(reminder, "09:00"))["ok"]

    await sam.see(saying(f"T-{task.id}", "is on", "09:00"), sam.dm)
    await sam.see(saying(f"T-{task.id}", "is on", "09:00"), FINOPS, asked)
    assert (await task_of(house, draft)).state is TaskState.ACTIVE


async def test_what_nobody_confirms_ends_in_place(house: House, sam: Persona) -> None:
    """The card says that it was never switched on; the channel hears nothing new."""
    asked = await sam.say("@Chatcron alex report cost every week", FINOPS)
    draft = await sam.see(saying("Nothing runs until you choose"), FINOPS, asked)
    task = await task_of(house, draft)
    before = len(await sam.read(FINOPS, asked))

    await turn_back(house, task, remind_at=None, expires_at=datetime.now(UTC))

    ended = await sam.see(saying("was not confirmed", "Ask again"), FINOPS, asked)
    assert (ended["ts"], labels_of(ended)) == (draft["ts"], [])
    assert len(await sam.read(FINOPS, asked)) == before
    assert (await task_of(house, draft)).state is TaskState.REMOVED


async def test_an_admin_holds_everything_and_lets_it_go(
    house: House, maya: Persona, ravi: Persona
) -> None:
    """`/tasks pause all` asks once with numbers; the owner of what it held hears of it once."""
    asked = await ravi.say("@Chatcron alex report cost every day at 6 AM", FINOPS)
    card = await ravi.see(saying("is on"), FINOPS, asked)
    task_id = number_in(card, "T")
    await ravi.slash("pause all", FINOPS)
    refused = await ravi.see(saying("Only admins"), FINOPS)
    assert refused["ephemeral"]

    await maya.slash("pause all", FINOPS)
    question = await maya.see(saying("Pause all", "runs on schedule until"), FINOPS)
    assert question["ephemeral"]
    assert (await task_of(house, card)).state is TaskState.ACTIVE
    await maya.click(question, next(it for it in labels_of(question) if "Pause all" in it))

    await ravi.see(saying("paused all tasks", f"T-{task_id}"), ravi.dm)
    held = await task_of(house, card)
    assert (held.state, held.hold) == (TaskState.PAUSED, Hold.EVERYTHING)
    why = await ravi.say(f"@Chatcron why didn't T-{task_id} run?", FINOPS)
    await ravi.see(saying("All tasks were paused by Maya"), FINOPS, why)

    await maya.slash("resume all", FINOPS)
    question = await maya.see(saying("Resume all", "stays paused"), FINOPS)
    await maya.click(question, next(it for it in labels_of(question) if "Resume all" in it))
    await ravi.see(saying("resumed all tasks", f"T-{task_id}"), ravi.dm)
    assert (await task_of(house, card)).state is TaskState.ACTIVE


async def test_the_shell_holds_everything_beside_a_running_bot(house: House, maya: Persona) -> None:
    """`chatcron pause --all` stops what the bot would run, `resume --all` brings it back."""
    asked = await maya.say("@Chatcron alex report cost every day at 5 AM", FINOPS)
    card = await maya.see(saying("is on"), FINOPS, asked)

    paused = chatcron(house, "pause", "--all", "--yes")
    held = await task_of(house, card)
    due = datetime.now(UTC) - timedelta(minutes=1)
    await turn_back(house, held, next_run_at=due)
    resumed = chatcron(house, "resume", "--all", answer="y\n")

    assert paused.startswith("Paused ")
    assert (held.state, held.hold) == (TaskState.PAUSED, Hold.EVERYTHING)
    assert "Resumed " in resumed
    free = await task_of(house, card)
    assert free.state is TaskState.ACTIVE
    assert free.next_run_at is not None
    assert free.next_run_at > datetime.now(UTC)


def chatcron(house: House, *arguments: str, answer: str = "") -> str:
    """Run a command with the bot's settings and give what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=environment(house.settings),
        input=answer,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


async def test_after_an_outage_a_channel_reads_one_summary(
    house: House, folder: Path, maya: Persona
) -> None:
    """Two tasks missed their moments: one message names both, and its button runs one."""
    cards = []
    in_berlin = datetime.now(ZoneInfo("Europe/Berlin"))
    for ahead, service in ((4, "EC2"), (5, "S3")):  # far from now, or a late run would be made up
        at = f"{(in_berlin + timedelta(hours=ahead)).hour:02}:00"
        asked = await maya.say(f"@Chatcron alex report {service} cost every day at {at}", PLATFORM)
        cards.append(await maya.see(saying("is on"), PLATFORM, asked))
    assert house.bot.end() == 0
    long_ago = datetime.now(UTC) - timedelta(hours=5)
    for card in cards:
        await turn_back(house, await task_of(house, card), next_run_at=long_ago)

    house.run(("-m", "tests.journeys.moody", str(folder)))

    names = [f"T-{number_in(card, 'T')}" for card in cards]
    summary = await maya.see(saying("While I was away", *names), PLATFORM)
    assert len(await maya.find(saying("While I was away"), PLATFORM)) == 1
    await maya.click(summary, f"Run {names[0]} now")
    await maya.see(saying("Yesterday: $4,212", names[0]), PLATFORM)
