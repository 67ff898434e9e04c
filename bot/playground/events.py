"""Which events the app hears of, and how they read; called for every change of the workspace.

An event goes out where the app is in the conversation, the manifest asks for it, and the scope it
needs is granted.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.playground import shapes
from bot.playground.entities import Channel, Family, Json, Message, Person
from bot.playground.grants import Grants
from bot.playground.workspace import Change, ChangeKind, Workspace

CHANNEL_TYPES = {
    Family.CHANNELS: "channel",
    Family.GROUPS: "group",
    Family.IM: "im",
    Family.MPIM: "mpim",
}


class Events:
    """Turns changes into event callbacks and hands each to `deliver`."""

    def __init__(
        self, workspace: Workspace, grants: Grants, deliver: Callable[[Json], object]
    ) -> None:
        self._workspace = workspace
        self._grants = grants
        self._deliver = deliver

    def on_change(self, change: Change) -> None:
        """Tell the app of a change in a conversation that it is in."""
        message = change.message
        if message.ephemeral_to is not None or not self._workspace.has_bot(message.channel):
            return
        if change.kind is ChangeKind.POSTED:
            self._posted(message)
        elif change.kind is ChangeKind.CHANGED and change.before:
            shown = shapes.message(message, self._workspace)
            before = shapes.message(change.before, self._workspace)
            self._edited(message, "message_changed", {"message": shown, "previous_message": before})
        elif change.kind is ChangeKind.DELETED:
            before = shapes.message(message, self._workspace)
            deleted = {"deleted_ts": message.ts, "previous_message": before}
            self._edited(message, "message_deleted", deleted)

    def joined(self, channel: Channel, person: str, inviter: str | None = None) -> None:
        """Tell the app that somebody, or itself, came into a channel it is in."""
        extra = {"inviter": inviter} if inviter else {}
        self._membership("member_joined_channel", channel, person, extra)

    def left(self, channel: Channel, person: str, actor: str) -> None:
        """Tell the app that somebody left a channel it is in, or that itself was taken out."""
        if person != self._workspace.app.user:
            self._membership("member_left_channel", channel, person, {})
            return
        kind = "group_left" if channel.family is Family.GROUPS else "channel_left"
        self._place(kind, channel, {"channel": channel.id, "actor_id": actor})

    def archived(self, channel: Channel, person: str) -> None:
        """Tell the app that a channel it is in was archived, or brought back."""
        noun = "group" if channel.family is Family.GROUPS else "channel"
        verb = "archive" if channel.is_archived else "unarchive"
        if self._workspace.has_bot(channel.id):
            told = {"channel": channel.id, "user": person, "is_moved": 0}
            self._place(f"{noun}_{verb}", channel, told)

    def renamed(self, channel: Channel) -> None:
        """Tell the app that a channel it is in has another name."""
        noun = "group" if channel.family is Family.GROUPS else "channel"
        if self._workspace.has_bot(channel.id):
            told = {"id": channel.id, "name": channel.name, "created": 0}
            self._place(f"{noun}_rename", channel, {"channel": told})

    def changed_person(self, person: Person) -> None:
        """Tell the app that a person is no longer as they were."""
        shown = shapes.person(person, self._workspace)
        event = {"type": "user_change", "user": shown, "cache_ts": int(self._workspace.clock())}
        if self._grants.hears("user_change", "users:read"):
            self._send(event | {"event_ts": self._workspace.next_ts()})

    def opened_home(self, person: str, tab: str, view: Json | None) -> None:
        """Tell the app that a person looks at one of the tabs of its Home."""
        event = {
            "type": "app_home_opened",
            "user": person,
            "channel": self._workspace.open_im(person).id,
            "tab": tab,
            "event_ts": self._workspace.next_ts(),
        }
        if self._grants.hears("app_home_opened"):
            self._send(event | ({"view": view} if view and tab == "home" else {}))

    def _posted(self, message: Message) -> None:
        channel = self._workspace.channels[message.channel]
        event = shapes.message(message, self._workspace) | {
            "channel": message.channel,
            "event_ts": message.ts,
        }
        self._message(event, channel)
        bot = self._workspace.app.user
        if message.subtype or message.user == bot or f"<@{bot}>" not in message.text:
            return
        if channel.family is not Family.IM and self._grants.hears(
            "app_mention", "app_mentions:read"
        ):
            self._send(event | {"type": "app_mention"}, channel)

    def _edited(self, message: Message, subtype: str, extra: Json) -> None:
        ts = self._workspace.next_ts()
        event = {
            "type": "message",
            "subtype": subtype,
            "hidden": True,
            "channel": message.channel,
            "ts": ts,
            "event_ts": ts,
            **extra,
        }
        self._message(event, self._workspace.channels[message.channel])

    def _message(self, event: Json, channel: Channel) -> None:
        family = channel.family
        if self._grants.hears(f"message.{family}", f"{family}:history"):
            self._send(event | {"channel_type": CHANNEL_TYPES[family]}, channel)

    def _membership(self, kind: str, channel: Channel, person: str, extra: Json) -> None:
        if self._workspace.has_bot(channel.id):
            told = {
                "user": person,
                "channel": channel.id,
                "channel_type": "G" if channel.family is Family.GROUPS else "C",
                "team": self._workspace.team_of(person),
                **extra,
            }
            self._place(kind, channel, told)

    def _place(self, kind: str, channel: Channel, told: Json) -> None:
        if self._grants.hears(kind, f"{channel.family}:read"):
            event_ts = self._workspace.next_ts()
            self._send({"type": kind, **told, "event_ts": event_ts}, channel)

    def _send(self, event: Json, channel: Channel | None = None) -> None:
        shared = channel is not None and channel.is_ext_shared
        self._deliver(shapes.event_callback(event, self._workspace, is_ext_shared=shared))
