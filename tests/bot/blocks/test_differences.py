"""What an edit is told as: each slot as it was and is, within what Slack takes."""

from __future__ import annotations

from bot.blocks.cards import Message, difference
from bot.blocks.changes import changed_dm
from bot.blocks.limits import check_message
from storage.policies import Missed, Notice, NoticeOn, Overlap
from tests.plants import make_task

BEFORE = make_task(prompt="&" * 400, name="&" * 60, zone="Europe/Berlin")
AFTER = make_task(
    prompt="<" * 400,
    name="<" * 60,
    retries=5,
    timeout_s=5,
    channel="C0X",
    delegate="U0BOB",
    overlap=Overlap.QUEUE,
    missed=Missed.ASK,
    notices=tuple(Notice(target=f"C0CHANNEL{at}", on=NoticeOn.FAILURE) for at in range(20)),
)


def problems(message: Message) -> list[object]:
    """Give what Slack would refuse of a message."""
    return list(check_message(message.arguments()))


def test_the_longest_change_fits_what_slack_takes() -> None:
    """Every slot at once, of characters that grow when they are made harmless."""
    assert problems(difference(BEFORE, AFTER)) == []
    assert problems(changed_dm(BEFORE, AFTER, by="U0BOB", action="edit", now_is=AFTER)) == []
