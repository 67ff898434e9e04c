"""Which events the app hears of, and how they read; called for every change of the workspace."""

from __future__ import annotations

from collections.abc import Callable

from bot.playground import shapes
from bot.playground.entities import Channel, ChannelKind, Json, Message
from bot.playground.workspace import Change, ChangeKind, Workspace


class Events:
    """Turns changes into event callbacks and hands each to `deliver`."""

    def __init__(self, workspace: Workspace, deliver: Callable[[Json], object]) -> None:
        self._workspace = workspace
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

    def joined(self, channel: Channel, person: str, inviter: str) -> None:
        """Tell the app that somebody, or itself, came into a channel."""
        self._send(
            {
                "type": "member_joined_channel",
                "user": person,
                "channel": channel.id,
                "channel_type": "C",
                "team": self._workspace.team.id,
                "inviter": inviter,
                "event_ts": self._workspace.next_ts(),
            }
        )

    def _posted(self, message: Message) -> None:
        where = {
            "channel": message.channel,
            "event_ts": message.ts,
        }
        event = shapes.message(message, self._workspace) | where
        channel_type = self._channel_type(message)
        self._send(event | {"channel_type": channel_type})
        bot = self._workspace.app.user
        if channel_type != "im" and message.user != bot and f"<@{bot}>" in message.text:
            self._send(event | {"type": "app_mention"})

    def _edited(self, message: Message, subtype: str, extra: Json) -> None:
        ts = self._workspace.next_ts()
        self._send(
            {
                "type": "message",
                "subtype": subtype,
                "hidden": True,
                "channel": message.channel,
                "channel_type": self._channel_type(message),
                "ts": ts,
                "event_ts": ts,
                **extra,
            }
        )

    def _channel_type(self, message: Message) -> str:
        kind = self._workspace.channels[message.channel].kind
        return "im" if kind is ChannelKind.IM else "channel"

    def _send(self, event: Json) -> None:
        if event["type"] in self._workspace.app.events:
            self._deliver(shapes.event_callback(event, self._workspace))
