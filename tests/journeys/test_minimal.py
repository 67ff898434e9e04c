"""The least an admin may grant: Chatcron works by mention and direct message alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.records import TaskState
from tests.journeys.books import tasks_in
from tests.journeys.driver import ROOT, House
from tests.journeys.persona import Persona, number_in, saying

MINIMAL = ROOT / "docs" / "manifest-minimal.yml"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, bill: Path) -> Iterator[House]:
    """Give a house whose app was installed from the minimal manifest."""
    folder = tmp_path_factory.mktemp("minimal")
    manifest = ("--manifest", str(MINIMAL))
    with House.open(folder, *manifest, CHATCRON_BILLING=str(bill)) as opened:
        opened.run()
        yield opened


async def test_a_mention_makes_a_task_and_its_thread_changes_it(
    house: House, maya: Persona
) -> None:
    """Mention, card, edit by mention in the thread, run, result: no scope is missed."""
    await maya.say("@alex schedule weekly cost report at 8 AM")
    asked = await maya.say("@Chatcron alex schedule daily cost report at 8 AM")
    card = await maya.see(saying("is on", "Alex"), thread_ts=asked)
    await maya.say("@Chatcron weekdays only", thread_ts=asked)
    await maya.see(saying("Monday to Friday"), thread_ts=asked)
    task_id = number_in(card, "T")

    assert (await maya.click(card, "Run now"))["ok"]
    await maya.see(saying(f"T-{task_id} · R-"))

    [task] = await tasks_in(house.database_url)
    assert task.state is TaskState.ACTIVE
    assert {event["event"]["type"] for event in house.events()} <= {"app_mention", "user_change"}


async def test_a_direct_message_is_answered(house: House, ravi: Persona) -> None:
    """In a direct message no mention is needed, and the task lives there."""
    asked = await ravi.say("tony check the database every day at 3 AM", ravi.dm)
    card = await ravi.see(saying("is on"), ravi.dm, asked)

    assert number_in(card, "T")
