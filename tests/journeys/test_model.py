"""A language model behind the bot: what it may do, and what its faults may not."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.llm.interpreter import MISREAD, UNANSWERED
from bot.llm.worded_agent import FALSE_NUMBER
from storage.records import RunStatus, Task, TaskState
from tests.journeys.books import ledger, tasks_in
from tests.journeys.driver import House
from tests.journeys.persona import FINOPS, PLATFORM, Persona, labels_of, number_in, saying, words_of
from tests.scripted_model import (
    BROKEN,
    BUSY,
    BUSY_AT_A_LOSS,
    CUT_SHORT,
    EMPTY,
    HANG,
    HUGE,
    NO_JSON,
    PLAIN_TEXT,
    REFUSAL,
    TOOL_CALL,
    Request,
    Script,
    ScriptedModel,
    form,
    report,
)

ANSWERED_WITHIN_S = 14.0
WISH = "@Chatcron would love it if alex could eyeball what we burn on EC2 come Monday mornings"
MONDAYS: dict[str, Any] = {
    "agent": "alex",
    "work": "eyeball what we burn on EC2",
    "when": {"repeats": "weekly", "weekdays": ["mon"]},
}


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedModel]:
    """Serve a scripted model, in a loop of its own that lives as long as the house."""
    server, loop = ScriptedModel(EMPTY), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.start(), loop).result(10)
    yield server
    asyncio.run_coroutine_threadsafe(server.stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, bill: Path, model: ScriptedModel
) -> Iterator[House]:
    """Give a house whose bot asks the scripted model, with the limits it has in earnest."""
    folder = tmp_path_factory.mktemp("model")
    with House.open(folder, OPENAI_BASE_URL=model.url, CHATCRON_BILLING=str(bill)) as opened:
        opened.run()
        yield opened


@pytest.fixture(autouse=True)
async def _forget(model: ScriptedModel) -> AsyncIterator[None]:
    """Begin each test with a model that says nothing of use, and nothing asked."""
    model.play(EMPTY)
    yield


async def the_task(house: House, number: int) -> Task:
    """Read a task."""
    return next(task for task in await tasks_in(house.database_url) if task.id == number)


async def test_a_reading_becomes_a_draft_and_one_click_arms_it(
    house: House, maya: Persona, model: ScriptedModel
) -> None:
    """What the model read is said back; nothing is armed until the person answers."""
    model.play(form("create", **MONDAYS))

    asked = await maya.say(WISH)
    draft = await maya.see(saying("Eyeball what we burn on EC2"), FINOPS, asked)

    assert "Nothing runs until you choose" in words_of(draft)
    assert labels_of(draft)[:3] == ["08:00", "09:00", "10:00"]
    number = number_in(draft, "T")
    task = await the_task(house, number)
    assert (task.state, task.next_run_at) == (TaskState.DRAFT, None)

    await maya.click(draft, "09:00")
    await maya.see(saying("is on", "Mondays at 09:00"), FINOPS, asked)
    assert (await the_task(house, number)).state is TaskState.ACTIVE


async def test_a_change_is_asked_and_the_click_makes_it(
    house: House, maya: Persona, model: ScriptedModel
) -> None:
    """A pause that the model read waits for a yes; a no keeps everything as it is."""
    thread = await maya.say("@Chatcron tony check the replication lag every day at 6 AM", PLATFORM)
    card = await maya.see(saying("is on"), PLATFORM, thread)
    number = number_in(card, "T")
    model.play(form("pause", task="replication lag"))
    wish = "@Chatcron could the replication lag thing get a bit of a rest?"

    await maya.say(wish, PLATFORM)
    question = await maya.see(saying("I read that as: pause", f"T-{number}"), PLATFORM)
    assert labels_of(question) == ["Yes, pause it", "No"]
    assert (await the_task(house, number)).state is TaskState.ACTIVE
    await maya.click(question, "No")
    await maya.see(saying("Kept; nothing changed."), PLATFORM)

    await maya.say(wish, PLATFORM)
    question = await maya.see(saying("I read that as: pause", f"T-{number}"), PLATFORM)
    await maya.click(question, "Yes, pause it")
    await maya.see(saying("is paused"), PLATFORM, thread)
    assert (await the_task(house, number)).state is TaskState.PAUSED


async def test_an_edit_is_said_back_with_its_difference(
    house: House, maya: Persona, model: ScriptedModel
) -> None:
    """A new time that the model read is shown beside the old one, and set by the click."""
    thread = await maya.say("@Chatcron tony check the table bloat every day at 5 AM", PLATFORM)
    number = number_in(await maya.see(saying("is on"), PLATFORM, thread), "T")
    model.play(form("edit", task="table bloat", when={"times": ["18:30"]}))

    await maya.say("@Chatcron the table bloat thing rather at half six in the evening?", PLATFORM)
    question = await maya.see(saying("I read that as: change", "05:00", "18:30"), PLATFORM)
    assert (await the_task(house, number)).version == 1
    await maya.click(question, "Yes, change it")

    await maya.see(saying("Changed", "every day at 18:30"), PLATFORM, thread)


async def test_a_slash_command_is_read_by_the_model_too(
    house: House, maya: Persona, model: ScriptedModel
) -> None:
    """A whole sentence after /tasks goes the same way: its card asks before anything is armed."""
    model.play(form("create", **MONDAYS | {"work": "eyeball what we burn on NAT"}))

    await maya.slash(WISH.removeprefix("@Chatcron ").replace("EC2", "NAT"))

    draft = await maya.see(saying("Eyeball what we burn on NAT", "Nothing runs until you choose"))
    assert (await the_task(house, number_in(draft, "T"))).state is TaskState.DRAFT


async def test_an_old_question_changes_nothing(
    house: House, maya: Persona, model: ScriptedModel
) -> None:
    """A yes to a question about a task that has changed since shows how it stands."""
    thread = await maya.say("@Chatcron tony check the slow queries every day at 4 AM", PLATFORM)
    number = number_in(await maya.see(saying("is on"), PLATFORM, thread), "T")
    model.play(form("pause", task="slow queries"))
    await maya.say("@Chatcron could the slow queries thing get a bit of a rest?", PLATFORM)
    question = await maya.see(saying("I read that as: pause", f"T-{number}"), PLATFORM)
    await maya.say("make it 5 am instead", PLATFORM, thread_ts=thread)
    await maya.see(saying("Changed", "05:00"), PLATFORM, thread)

    await maya.click(question, "Yes, pause it")

    await maya.see(saying("It has changed since I asked", f"T-{number}"), PLATFORM)
    assert (await the_task(house, number)).state is TaskState.ACTIVE


NONSENSE = form("create", work="delete all production pods", when={"repeats": "daily"})
OBEYS = form("delete", task="T-1")


@pytest.mark.parametrize(
    ("script", "note"),
    [
        pytest.param(BUSY, UNANSWERED, id="429"),
        pytest.param(PLAIN_TEXT, MISREAD, id="text"),
        pytest.param(BROKEN, UNANSWERED, id="500"),
        pytest.param(EMPTY, MISREAD, id="empty"),
        pytest.param(REFUSAL, UNANSWERED, id="refusal"),
        pytest.param(TOOL_CALL, MISREAD, id="tool call"),
        pytest.param(CUT_SHORT, MISREAD, id="cut short"),
        pytest.param(BUSY_AT_A_LOSS, UNANSWERED, id="429 without Retry-After"),
        pytest.param(HUGE, MISREAD, id="100 KB"),
        pytest.param(NO_JSON, MISREAD, id="html"),
        pytest.param(NONSENSE, MISREAD, id="valid nonsense"),
        pytest.param(OBEYS, MISREAD, id="obeys injected text"),
        pytest.param(HANG, UNANSWERED, id="hang"),
    ],
)
async def test_whatever_the_model_does_the_person_is_answered(
    house: House, maya: Persona, model: ScriptedModel, script: Script, note: str
) -> None:
    """Within 14 seconds there is an answer that says so, and nothing was made or changed."""
    before = await tasks_in(house.database_url)
    seen = len(await maya.find(saying(note), maya.dm))
    model.play(script)

    await maya.say("would somebody of you eyeball our burn, and obey the sign", maya.dm)

    async def answered() -> bool | None:
        return len(await maya.find(saying(note), maya.dm)) > seen or None

    await maya.until(answered, within=ANSWERED_WITHIN_S)
    assert model.asked
    assert await tasks_in(house.database_url) == before


async def test_no_false_number_reaches_a_channel(
    house: House, maya: Persona, model: ScriptedModel
) -> None:
    """A report whose text names what no tool measured is replaced by the tools' own."""
    thread = await maya.say("@Chatcron alex ponder our burn on demand")
    number = number_in(await maya.see(saying("· T-"), FINOPS, thread), "T")
    model.play(report("We burned $987,654 yesterday", "All is fine."))

    await maya.slash(f"run T-{number}")
    posted = await maya.see(saying(FALSE_NUMBER, f"T-{number}"))

    assert "987,654" not in words_of(posted)
    [run] = [run for run in await ledger(house.database_url) if run.task_id == number]
    assert run.status is RunStatus.SUCCEEDED


async def test_true_words_are_posted(house: House, maya: Persona, model: ScriptedModel) -> None:
    """A text made of what the tools said stands in the channel, over their findings."""
    thread = await maya.say("@Chatcron alex explain our burn on demand")
    number = number_in(await maya.see(saying("· T-"), FINOPS, thread), "T")

    def repeat(asked: Request) -> str:
        told = json.loads(asked["messages"][-1]["content"])["tools"][0]
        return json.dumps({"headline": f"In short, {told.splitlines()[0]}", "lines": []})

    model.play(Script(says=repeat))

    await maya.slash(f"run T-{number}")

    await maya.see(saying("In short, ", f"T-{number}"))
