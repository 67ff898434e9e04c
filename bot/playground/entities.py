"""What the local Slack is made of: people, channels, messages, files, and the one installed app.

Everything here is a value; `workspace` keeps them and is the only place that replaces them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = dict[str, Any]

SLACKBOT = "USLACKBOT"


class ChannelKind(StrEnum):
    """What sort of conversation it is."""

    CHANNEL = "channel"
    IM = "im"
    MPIM = "mpim"


class Family(StrEnum):
    """Which scopes and events a conversation falls under, in the words of both."""

    CHANNELS = "channels"
    GROUPS = "groups"
    IM = "im"
    MPIM = "mpim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A workspace as `team.info` names it."""

    id: str
    name: str
    domain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a name, people and bots alike; `tz` is an IANA zone.

    `team_id` is that of a stranger's own workspace, and `bot_id` and `app_id` are those of another
    app's bot; all three are empty for everybody else.
    """

    id: str
    name: str
    real_name: str
    tz: str
    color: str
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_bot: bool = False
    deleted: bool = False
    team_id: str = ""
    bot_id: str = ""
    app_id: str = ""

    @property
    def is_guest(self) -> bool:
        """Say whether somebody is in the workspace for some of its channels only."""
        return self.is_restricted or self.is_ultra_restricted

    @property
    def is_stranger(self) -> bool:
        """Say whether somebody belongs to another workspace."""
        return bool(self.team_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A conversation and who is in it; a direct message is named for its person."""

    id: str
    name: str
    kind: ChannelKind = ChannelKind.CHANNEL
    members: tuple[str, ...]
    is_private: bool = False
    is_ext_shared: bool = False
    is_archived: bool = False

    @property
    def family(self) -> Family:
        """Say which scopes and events it falls under."""
        if self.kind is ChannelKind.CHANNEL:
            return Family.GROUPS if self.is_private else Family.CHANNELS
        return Family(self.kind.value)

    @property
    def is_open(self) -> bool:
        """Say whether everybody of the workspace may know of it."""
        return self.family is Family.CHANNELS


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A slash command of the app, with its slash."""

    command: str
    usage_hint: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The installed app: who it is here, and what its manifest says of it."""

    id: str
    bot_id: str
    user: str
    name: str
    commands: tuple[Command, ...] = ()
    personas: tuple[str, ...] = ()
    scopes: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    has_home: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A workspace as it stands before anybody has said anything."""

    team: Team
    app: App
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    suggestion: str
    neighbours: tuple[Team, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An uploaded file; `content` is None until its bytes have come, and it is completed once."""

    id: str
    name: str
    title: str
    mimetype: str
    size: int
    user: str
    created: int
    content: bytes | None = None
    completed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message; `ephemeral_to` names the only person who sees it, if there is one.

    `subtype` is that of a line by which Slack says who came or went; `inviter` brought them.
    """

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
    subtype: str | None = None
    inviter: str | None = None

    @property
    def is_reply(self) -> bool:
        """Say whether it stands in somebody else's thread."""
        return self.thread_ts is not None and self.thread_ts != self.ts
