"""A draft that was asked for in private owes no card until it is on; then it owes one."""

from __future__ import annotations

from dataclasses import replace

from scheduler.wishes import CONFIRM, Change, Wish
from storage.records import DeliveryKind, TaskState
from tests.plants import ALICE, DAILY_AT_8, NEW_YORK
from tests.scheduler.town import Town

WISH = Wish(
    agent="alex",
    name="Daily cost report",
    prompt="daily cost report",
    schedule=DAILY_AT_8,
    assumed=(CONFIRM,),
    zone=NEW_YORK,
    zone_from="your Slack zone",
    channel="C0FINOPS",
    owner="U0ALICE",
    alone=True,
)


async def test_the_card_comes_once_the_draft_is_on(town: Town) -> None:
    """Nothing is owed before, one card after, and none again for a later change."""
    task = (await town.planner.create(WISH)).task
    assert (task.state, await town.owed(DeliveryKind.CARD)) == (TaskState.DRAFT, [])

    await town.planner.activate(task.id, by=ALICE)
    await town.planner.edit(task.id, Change(retries=5), by=ALICE)

    [card] = await town.owed(DeliveryKind.CARD)
    assert card.target == "C0FINOPS"


async def test_a_cancelled_draft_leaves_nothing_behind(town: Town) -> None:
    """What nobody saw needs no word of its end."""
    task = (await town.planner.create(WISH)).task

    await town.planner.remove(task.id, by=ALICE)

    assert await town.owed(DeliveryKind.CARD, DeliveryKind.EXPIRED) == []


async def test_what_is_certain_shows_its_card_at_once(town: Town) -> None:
    """Only drafts are for the asker's eyes."""
    await town.planner.create(replace(WISH, assumed=()))

    assert len(await town.owed(DeliveryKind.CARD)) == 1
