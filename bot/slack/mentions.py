"""Which messages concern us, and to whom they are addressed: pure, over Slack's own payloads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Event = dict[str, Any]
_KEPT_SUBTYPES = (None, "file_share", "thread_broadcast")


class Concern(StrEnum):
    """Why a message might concern us."""

    MENTION = "mention"
    DIRECT = "direct"
    PERSONA = "persona"
    THREAD = "thread"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message somebody said to us. `key` is the same for its twin events.

    `thread_ts` is the thread it stands in, None at the top level of a conversation.
    """

    text: str
    user: str
    channel: str
    ts: str
    thread_ts: str | None
    concern: Concern
    key: str

    @property
    def answer_in(self) -> str:
        """Give the thread that an answer belongs in."""
        return self.thread_ts or self.ts


def concern(event: Event, *, bot_user: str, personas: Collection[str]) -> Concern:
    """Say why an event might concern us; THREAD only does where the thread is ours."""
    if event.get("bot_id") or event.get("subtype") not in _KEPT_SUBTYPES or not event.get("user"):
        return Concern.NONE
    text = str(event.get("text") or "")
    if event.get("channel_type") == "im":
        return Concern.DIRECT
    if event.get("type") == "app_mention" or f"<@{bot_user}>" in text:
        return Concern.MENTION
    if _calls_persona(text, personas):
        return Concern.PERSONA
    return Concern.THREAD if event.get("thread_ts") else Concern.NONE


def said(event: Event, *, team: str, bot_user: str, personas: Collection[str]) -> Said:
    """Read a message that concerns us; our own mention is taken out of its text."""
    text = str(event.get("text") or "")
    for mention in (f"<@{bot_user}>:", f"<@{bot_user}>,", f"<@{bot_user}>"):
        text = text.replace(mention, " ", 1) if text.lstrip().startswith(mention) else text
    text = text.replace(f"<@{bot_user}>", " ")
    return Said(
        text=text.strip(),
        user=event["user"],
        channel=event["channel"],
        ts=event["ts"],
        thread_ts=event.get("thread_ts"),
        concern=concern(event, bot_user=bot_user, personas=personas),
        key=message_key(event, team),
    )


def message_key(event: Event, team: str) -> str:
    """Name a message, the same in each event that brings it."""
    return f"{team}:{event['channel']}:{event['ts']}"


def root_key(key: str, channel: str, thread_ts: str) -> str:
    """Name the message that began the thread in which the message of a key stands."""
    team = key.partition(":")[0]
    return f"{team}:{channel}:{thread_ts}"


def _calls_persona(text: str, personas: Collection[str]) -> bool:
    words = text.split(maxsplit=1)
    if not words or not words[0].startswith("@"):
        return False
    return words[0][1:].rstrip(":,").casefold() in personas
