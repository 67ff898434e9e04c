"""Who comes into a channel and who leaves, what is archived, renamed and made, and who changes.

The one place for it: the composer's commands, the Web API and the tests' orders all end here, so
that each leaves the same line in the channel and the same events.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.playground.calls import SlackError
from bot.playground.entities import Channel, ChannelKind, Message, Person
from bot.playground.events import Events
from bot.playground.workspace import Workspace


class Places:
    """Changes channels and people; what Slack forbids raises SlackError in its words."""

    def __init__(self, workspace: Workspace, events: Events) -> None:
        self._workspace = workspace
        self._events = events

    def check_actor(self, channel: str, actor: str) -> Channel:
        """Let only a member who is no guest act on a live channel; raises SlackError."""
        found = self._channel(channel)
        if actor not in found.members:
            raise SlackError("not_in_channel" if found.is_open else "channel_not_found")
        person = self._workspace.people[actor]
        if person.is_guest or person.is_stranger:
            raise SlackError("user_is_restricted")
        return found

    def invite(self, channel: str, person: str, by: str) -> None:
        """Bring somebody into a channel."""
        found = self._live(channel)
        self._check_invited(found, person, by)
        self._enter(found, person, inviter=by)

    def join(self, channel: str, person: str) -> None:
        """Let somebody walk into a public channel; to be there already is no error."""
        found = self._live(channel)
        if not found.is_open:
            raise SlackError("method_not_supported_for_channel_type")
        if person not in found.members:
            self._enter(found, person, inviter=None)

    def remove(self, channel: str, person: str, by: str) -> None:
        """Take somebody out of a channel, or let them leave where it is by themselves."""
        found = self._channel(channel)
        if person not in found.members:
            raise SlackError("not_in_channel")
        left = self._workspace.set_member(channel, person, joined=False)
        self._say(channel, "channel_leave", person, f"<@{person}> has left the channel")
        self._events.left(left, person, by)

    def archive(self, channel: str, by: str) -> None:
        """Close a channel for good, until it is brought back."""
        found = self._channel(channel)
        if found.is_archived:
            raise SlackError("already_archived")
        if found.name == "general":
            raise SlackError("cant_archive_general")
        self._say(channel, "channel_archive", by, f"<@{by}> archived the channel")
        self._set_archived(found, by, archived=True)

    def unarchive(self, channel: str, by: str) -> None:
        """Bring an archived channel back."""
        found = self._channel(channel)
        if not found.is_archived:
            raise SlackError("not_archived")
        self._set_archived(found, by, archived=False)
        self._say(channel, "channel_unarchive", by, f"<@{by}> un-archived the channel")

    def rename(self, channel: str, name: str, by: str) -> None:
        """Give a channel another name."""
        found = self._live(channel)
        if any(each.name == name for each in self._workspace.channels.values()):
            raise SlackError("name_taken")
        renamed = self._workspace.put_channel(replace(found, name=name))
        words = f'<@{by}> renamed the channel from "{found.name}" to "{name}"'
        self._say(channel, "channel_name", by, words)
        self._events.renamed(renamed)

    def create(self, channel: Channel) -> None:
        """Make a channel with its members; the app hears of it where it is one of them."""
        if channel.id in self._workspace.channels:
            raise SlackError("name_taken")
        self._workspace.put_channel(channel)
        if self._workspace.has_bot(channel.id):
            self._events.joined(channel, self._workspace.app.user)

    def change_person(self, person: str, **fields: Any) -> Person:
        """Change what is known of a person, or make a new one, and tell the app."""
        known = self._workspace.people.get(person)
        if known is None:
            fresh = {"name": person.lower(), "tz": "Etc/UTC", "color": "4a5568"} | fields
            changed = Person(id=person, **({"real_name": fresh["name"].title()} | fresh))
        else:
            changed = replace(known, **fields)
        self._workspace.put_person(changed)
        if changed != known:
            self._events.changed_person(changed)
        return changed

    def admin(self) -> str:
        """Name the first admin, by whom a test's orders are carried out."""
        return next(each.id for each in self._workspace.people.values() if each.is_admin)

    def _enter(self, channel: Channel, person: str, *, inviter: str | None) -> None:
        entered = self._workspace.set_member(channel.id, person, joined=True)
        text = f"<@{person}> has joined the channel"
        self._say(channel.id, "channel_join", person, text, inviter=inviter)
        self._events.joined(entered, person, inviter)

    def _check_invited(self, channel: Channel, person: str, by: str) -> None:
        invited = self._workspace.people.get(person)
        if invited is None or invited.deleted:
            raise SlackError("user_not_found")
        if person == by:
            raise SlackError("cant_invite_self")
        if person in channel.members:
            raise SlackError("already_in_channel")
        if invited.is_stranger and not channel.is_ext_shared:
            raise SlackError("cant_invite")
        if invited.is_ultra_restricted and self._is_somewhere(person):
            raise SlackError("ura_max_channels")

    def _is_somewhere(self, person: str) -> bool:
        return any(
            person in channel.members and channel.kind is ChannelKind.CHANNEL
            for channel in self._workspace.channels.values()
        )

    def _set_archived(self, channel: Channel, by: str, *, archived: bool) -> None:
        changed = self._workspace.put_channel(replace(channel, is_archived=archived))
        self._events.archived(changed, by)

    def _say(
        self, channel: str, subtype: str, person: str, text: str, *, inviter: str | None = None
    ) -> None:
        self._workspace.post(
            Message(
                ts=self._workspace.next_ts(),
                channel=channel,
                user=person,
                text=text,
                subtype=subtype,
                inviter=inviter,
            )
        )

    def _live(self, channel: str) -> Channel:
        found = self._channel(channel)
        if found.is_archived:
            raise SlackError("is_archived")
        return found

    def _channel(self, channel: str) -> Channel:
        found = self._workspace.channels.get(channel)
        if found is None:
            raise SlackError("channel_not_found")
        if found.kind is not ChannelKind.CHANNEL:
            raise SlackError("method_not_supported_for_channel_type")
        return found
