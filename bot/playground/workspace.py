"""What is true in the local Slack: who is where, what was said, which files came.

Every change goes through here and is told to the watchers (the browser's live feed, the events for
the bot, the state file), so that none of them can see what another does not.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from secrets import choice
from string import ascii_uppercase, digits
from typing import Any

from bot.playground.entities import App, Channel, ChannelKind, File, Message, Person, Seed, Team
from bot.playground.seed import ACME


class ChangeKind(StrEnum):
    """What happened to a message."""

    POSTED = "posted"
    CHANGED = "changed"
    DELETED = "deleted"
    REACTED = "reacted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One message that is new, different or gone; `before` is how it stood when it changed."""

    kind: ChangeKind
    message: Message
    before: Message | None = None


class Workspace:
    """One team's people, channels, messages and files, in memory."""

    def __init__(self, seed: Seed = ACME, *, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.team: Team = seed.team
        self.teams: dict[str, Team] = {each.id: each for each in (seed.team, *seed.neighbours)}
        self.app: App = seed.app
        self.suggestion = seed.suggestion
        self.people: dict[str, Person] = {person.id: person for person in seed.people}
        self.channels: dict[str, Channel] = {channel.id: channel for channel in seed.channels}
        self.files: dict[str, File] = {}
        self.watchers: list[Callable[[Change], None]] = []
        self.place_watchers: list[Callable[[], None]] = []
        self._messages: dict[str, dict[str, Message]] = {}
        self._replies: dict[tuple[str, str], list[str]] = {}
        self._read: dict[tuple[str, str], str] = {}
        self._last_us = 0

    def next_ts(self) -> str:
        """Give a message timestamp that is later than every one before it."""
        self._last_us = max(int(self.clock() * 1_000_000), self._last_us + 1)
        return f"{self._last_us // 1_000_000}.{self._last_us % 1_000_000:06d}"

    def post(self, message: Message) -> Message:
        """Add a message and tell the watchers."""
        self.restore(message)
        self._tell(Change(kind=ChangeKind.POSTED, message=message))
        return message

    def restore(self, message: Message) -> None:
        """Put a message in its place without telling anybody, as when a saved state is read."""
        self._messages.setdefault(message.channel, {})[message.ts] = message
        if message.is_reply and message.thread_ts and message.ephemeral_to is None:
            self._replies.setdefault((message.channel, message.thread_ts), []).append(message.ts)
        seconds, _, micros = message.ts.partition(".")
        self._last_us = max(self._last_us, int(seconds) * 1_000_000 + int(micros or 0))

    def change(self, message: Message, **fields: Any) -> Message:
        """Replace fields of a message and tell the watchers what it was before."""
        changed = replace(message, **fields)
        self._messages[message.channel][message.ts] = changed
        self._tell(Change(kind=ChangeKind.CHANGED, message=changed, before=message))
        return changed

    def react(self, message: Message, name: str, users: tuple[str, ...]) -> None:
        """Set who reacted with one emoji."""
        others = {key: value for key, value in message.reactions.items() if key != name}
        changed = replace(message, reactions=others | ({name: users} if users else {}))
        self._messages[message.channel][message.ts] = changed
        self._tell(Change(kind=ChangeKind.REACTED, message=changed, before=message))

    def remove(self, message: Message) -> None:
        """Take a message away and tell the watchers."""
        del self._messages[message.channel][message.ts]
        if message.is_reply and message.thread_ts and message.ephemeral_to is None:
            self._replies[message.channel, message.thread_ts].remove(message.ts)
        self._tell(Change(kind=ChangeKind.DELETED, message=message))

    def message(self, channel: str, ts: str) -> Message | None:
        """Find one message, ephemeral ones too."""
        return self._messages.get(channel, {}).get(ts)

    def messages(self, channel: str) -> list[Message]:
        """List all messages of a channel from the oldest, replies and ephemeral ones too."""
        return sorted(self._messages.get(channel, {}).values(), key=lambda each: each.ts)

    def timeline(self, channel: str) -> list[Message]:
        """List what stands in the channel: no replies unless broadcast, nothing ephemeral."""
        return [
            message
            for message in self.messages(channel)
            if message.ephemeral_to is None and (not message.is_reply or message.reply_broadcast)
        ]

    def replies(self, channel: str, thread_ts: str) -> list[Message]:
        """List the replies in a thread from the oldest, without its first message."""
        stored = self._messages.get(channel, {})
        return [stored[ts] for ts in self._replies.get((channel, thread_ts), [])]

    def open_im(self, person: str) -> Channel:
        """Give the direct conversation between a person and the app's bot."""
        both = {person, self.app.user}
        for channel in self.channels.values():
            if channel.kind is ChannelKind.IM and set(channel.members) == both:
                return channel
        name = self.people[person].name
        return self.put_channel(
            Channel(id=new_id("D"), name=name, kind=ChannelKind.IM, members=(person, self.app.user))
        )

    def has_bot(self, channel: str) -> bool:
        """Say whether the app's bot is in a channel."""
        return self.app.user in self.channels[channel].members

    def present(self, channel: Channel) -> tuple[str, ...]:
        """Name who is in a channel and was not deactivated."""
        return tuple(each for each in channel.members if not self.people[each].deleted)

    def visible_to(self, person: str) -> list[Channel]:
        """List the channels whose names a person may know."""
        is_outside = self.people[person].is_guest or self.people[person].is_stranger
        return [
            channel
            for channel in self.channels.values()
            if person in channel.members or (channel.is_open and not is_outside)
        ]

    def team_of(self, person: str) -> str:
        """Give the id of the workspace a person belongs to."""
        return self.people[person].team_id or self.team.id

    def set_member(self, channel: str, person: str, *, joined: bool) -> Channel:
        """Put a person into a channel, or take them out."""
        found = self.channels[channel]
        others = tuple(member for member in found.members if member != person)
        return self.put_channel(replace(found, members=(*others, person) if joined else others))

    def put_channel(self, channel: Channel) -> Channel:
        """Add a channel or put it in place of how it was, and tell who watches the places."""
        self.channels[channel.id] = channel
        self._tell_places()
        return channel

    def put_person(self, person: Person) -> Person:
        """Add a person or put them in place of how they were, and tell who watches the places."""
        self.people[person.id] = person
        self._tell_places()
        return person

    def mark_read(self, person: str, channel: str) -> None:
        """Note that a person has seen everything in a channel."""
        self._read[person, channel] = self.next_ts()

    def unread(self, person: str, channel: str) -> int:
        """Count the messages by others that a person has not seen in a channel."""
        since = self._read.get((person, channel), "")
        return sum(
            1
            for each in self.timeline(channel)
            if each.ts > since and each.user != person and each.subtype is None
        )

    def _tell_places(self) -> None:
        for watcher in self.place_watchers:
            watcher()

    def _tell(self, change: Change) -> None:
        for watcher in self.watchers:
            watcher(change)


def new_id(prefix: str, length: int = 10) -> str:
    """Make an id that looks like Slack's: what it is, then capitals and digits."""
    return prefix + "".join(choice(ascii_uppercase + digits) for _ in range(length))
