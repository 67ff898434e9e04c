"""What the local Slack is made of: people, channels, messages, files, and the one installed app.

Everything here is a value; `workspace` keeps them and is the only place that replaces them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = dict[str, Any]

SLACKBOT = "USLACKBOT"

SCOPES = frozenset(
    {
        "app_mentions:read",
        "assistant:write",
        "channels:history",
        "channels:read",
        "chat:write",
        "chat:write.customize",
        "commands",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "mpim:history",
        "mpim:read",
        "reactions:write",
        "team:read",
        "usergroups:read",
        "users:read",
    }
)

BOT_EVENTS = frozenset({"app_home_opened", "app_mention", "member_joined_channel", "message"})


class ChannelKind(StrEnum):
    """What sort of conversation it is."""

    CHANNEL = "channel"
    IM = "im"


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """The workspace as `team.info` names it."""

    id: str
    name: str
    domain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a name, people and bots alike; `tz` is an IANA zone."""

    id: str
    name: str
    real_name: str
    tz: str
    color: str
    is_admin: bool = False
    is_bot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A conversation and who is in it; a direct message is named for its person."""

    id: str
    name: str
    kind: ChannelKind = ChannelKind.CHANNEL
    members: tuple[str, ...]
    is_archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A slash command of the app, with its slash."""

    command: str
    usage_hint: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The installed app: who it is here and what it may do."""

    id: str
    bot_id: str
    user: str
    name: str
    commands: tuple[Command, ...]
    personas: tuple[str, ...] = ()
    scopes: frozenset[str] = SCOPES
    events: frozenset[str] = BOT_EVENTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A workspace as it stands before anybody has said anything."""

    team: Team
    app: App
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    suggestion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An uploaded file; `content` is None until its bytes have come."""

    id: str
    name: str
    title: str
    mimetype: str
    size: int
    user: str
    created: int
    content: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message; `ephemeral_to` names the only person who sees it, if there is one."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    reply_broadcast: bool = False
    username: str | None = None
    icon_emoji: str | None = None
    icon_url: str | None = None
    metadata: Json | None = None
    edited_ts: str | None = None
    files: tuple[str, ...] = ()
    reactions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ephemeral_to: str | None = None

    @property
    def is_reply(self) -> bool:
        """Say whether it stands in somebody else's thread."""
        return self.thread_ts is not None and self.thread_ts != self.ts
