"""Which messages concern us, and what is left of their text."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.mentions import Concern, concern, message_key, said
from scheduler.agents import ROSTER

BOT = "U0BOT"


def _event(text: str, **named: Any) -> dict[str, Any]:
    event = {"type": "message", "user": "U0ALICE", "channel": "C0FINOPS", "ts": "1.0", "text": text}
    return event | named


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (_event("<@U0BOT> list tasks", type="app_mention"), Concern.MENTION),
        (_event("hello <@U0BOT>"), Concern.MENTION),
        (_event("list tasks", channel_type="im"), Concern.DIRECT),
        (_event("@alex list tasks"), Concern.PERSONA),
        (_event("@Alex: list tasks"), Concern.PERSONA),
        (_event("make it 9", thread_ts="0.5"), Concern.THREAD),
        (_event("alex list tasks"), Concern.NONE),
        (_event("thanks @alex"), Concern.NONE),
        (_event("<@U0ALEX> list tasks"), Concern.NONE),
        (_event("@alex list", bot_id="B0"), Concern.NONE),
        (_event("@alex list", subtype="message_changed"), Concern.NONE),
        (_event(""), Concern.NONE),
    ],
)
def test_a_message_concerns_us_for_a_reason(event: dict[str, Any], why: Concern) -> None:
    """Mentions, direct messages, agents' names and threads do; chatter, bots and edits do not."""
    assert concern(event, bot_user=BOT, personas=ROSTER) is why


@pytest.mark.parametrize("text", ["<@U0BOT> alex run T-1", "<@U0BOT>: alex run T-1"])
def test_our_mention_is_taken_out(text: str) -> None:
    """What is read is what was asked, without our name."""
    heard = said(_event(text), team="T0", bot_user=BOT, personas=ROSTER)

    assert heard.text == "alex run T-1"


def test_twin_events_have_one_key() -> None:
    """A mention in a joined channel comes as two events with the same key."""
    text = "<@U0BOT> list tasks"

    assert message_key(_event(text), "T0") == message_key(_event(text, type="app_mention"), "T0")


def test_an_answer_goes_into_the_thread() -> None:
    """A message at the top begins the thread of its answer; a reply has one."""
    top = said(_event("@alex help"), team="T0", bot_user=BOT, personas=ROSTER)
    reply = said(_event("@alex help", thread_ts="0.5"), team="T0", bot_user=BOT, personas=ROSTER)

    assert (top.answer_in, reply.answer_in) == ("1.0", "0.5")
