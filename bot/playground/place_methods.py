"""`conversations.*` and `users.conversations`: where the app may look, and who is there.

A private conversation that the app is not in does not exist for it.
"""

from __future__ import annotations

from bot.playground import shapes
from bot.playground.calls import Arguments, Method, SlackError, page_of
from bot.playground.entities import Channel, ChannelKind, Family, Json, Message
from bot.playground.grants import Grants
from bot.playground.places import Places
from bot.playground.workspace import Workspace, new_id

READ = tuple(f"{family}:read" for family in Family)
HISTORY = tuple(f"{family}:history" for family in Family)
MANAGE = ("channels:manage", "groups:write")
MOST_IN_MPIM = 8
TYPES = {
    Family.CHANNELS: "public_channel",
    Family.GROUPS: "private_channel",
    Family.IM: "im",
    Family.MPIM: "mpim",
}


class PlaceMethods:
    """The methods by which the app looks around and moves."""

    def __init__(self, workspace: Workspace, grants: Grants, places: Places) -> None:
        self._workspace = workspace
        self._grants = grants
        self._places = places

    def table(self) -> dict[str, Method]:
        """Name the methods."""
        return {
            "users.conversations": Method(run=self.mine, scope=READ),
            "conversations.open": Method(run=self.open, scope=("im:write", "mpim:write")),
            "conversations.list": Method(run=self.all, scope=READ),
            "conversations.info": Method(run=self.channel, scope=READ),
            "conversations.members": Method(run=self.members, scope=READ),
            "conversations.history": Method(run=self.history, scope=HISTORY),
            "conversations.replies": Method(run=self.replies, scope=HISTORY),
            "conversations.join": Method(run=self.join, scope="channels:join"),
            "conversations.leave": Method(run=self.leave, scope=MANAGE),
            "conversations.invite": Method(run=self.invite, scope=MANAGE),
            "conversations.kick": Method(run=self.kick, scope=MANAGE),
        }

    def open(self, arguments: Arguments) -> Json:
        """Open the direct conversation with one person, or with up to eight."""
        channel = arguments.text("channel")
        if channel:
            return {"channel": {"id": self._seen(channel).id}}
        users = arguments.ids("users")
        if not users:
            raise SlackError("users_list_not_supplied")
        for user in users:
            check_reachable(user, self._workspace)
        self._grants.require("im:write" if len(users) == 1 else "mpim:write")
        opened = self._workspace.open_im(users[0]) if len(users) == 1 else self._mpim(users)
        if arguments.flag("return_im"):
            return {"channel": shapes.channel(opened, self._workspace)}
        return {"channel": {"id": opened.id}}

    def all(self, arguments: Arguments) -> Json:
        """List the conversations of the asked kinds that the app may know of."""
        bot = self._workspace.app.user
        return self._listed(arguments, self._workspace.visible_to(bot))

    def mine(self, arguments: Arguments) -> Json:
        """List the conversations that the app, or a person with it, is in."""
        bot = self._workspace.app.user
        both = {bot, arguments.text("user") or bot}
        channels = self._workspace.channels.values()
        return self._listed(arguments, [each for each in channels if both <= {*each.members}])

    def channel(self, arguments: Arguments) -> Json:
        """Describe a conversation."""
        found = self._readable(arguments.required("channel"), "read")
        return {"channel": shapes.channel(found, self._workspace)}

    def members(self, arguments: Arguments) -> Json:
        """List the ids of who is in a conversation."""
        found = self._readable(arguments.required("channel"), "read")
        members = self._workspace.present(found)
        page, cursor = page_of([{"id": member} for member in members], arguments)
        return {
            "members": [each["id"] for each in page],
            "response_metadata": {"next_cursor": cursor},
        }

    def join(self, arguments: Arguments) -> Json:
        """Bring the app into a public channel."""
        found = self._seen(arguments.required("channel"))
        self._places.join(found.id, self._workspace.app.user)
        return {"channel": shapes.channel(self._seen(found.id), self._workspace)}

    def leave(self, arguments: Arguments) -> Json:
        """Take the app out of a channel; not to be in it is no error."""
        found, bot = self._seen(arguments.required("channel")), self._workspace.app.user
        if bot not in found.members:
            return {"not_in_channel": True}
        self._places.remove(found.id, bot, bot)
        return {}

    def invite(self, arguments: Arguments) -> Json:
        """Bring people into a channel that the app is in."""
        found, bot = self._seen(arguments.required("channel")), self._workspace.app.user
        self._places.check_actor(found.id, bot)
        for user in arguments.ids("users"):
            self._places.invite(found.id, user, bot)
        return {"channel": shapes.channel(self._seen(found.id), self._workspace)}

    def kick(self, arguments: Arguments) -> Json:
        """Take somebody out of a channel that the app is in."""
        found, bot = self._seen(arguments.required("channel")), self._workspace.app.user
        self._places.check_actor(found.id, bot)
        user = arguments.required("user")
        if user == bot:
            raise SlackError("cant_kick_self")
        if found.name == "general":
            raise SlackError("cant_kick_from_general")
        self._places.remove(found.id, user, bot)
        return {}

    def history(self, arguments: Arguments) -> Json:
        """Give a page of what stands in a conversation, the newest first."""
        channel = self._joined(arguments)
        messages = list(reversed(self._workspace.timeline(channel.id)))
        return self._page(messages, arguments)

    def replies(self, arguments: Arguments) -> Json:
        """Give a page of a thread, its first message and then the replies from the oldest."""
        channel = self._joined(arguments)
        found = self._workspace.message(channel.id, arguments.required("ts"))
        if found is None or found.ephemeral_to is not None:
            raise SlackError("thread_not_found")
        root = self._workspace.message(channel.id, found.thread_ts or found.ts) or found
        return self._page([root, *self._workspace.replies(channel.id, root.ts)], arguments)

    def _page(self, messages: list[Message], arguments: Arguments) -> Json:
        metadata = arguments.flag("include_all_metadata")
        wanted = [each for each in messages if _within(each.ts, arguments)]
        shown = [shapes.message(each, self._workspace, metadata=metadata) for each in wanted]
        page, cursor = page_of(shown, arguments)
        answer: Json = {"messages": page, "has_more": bool(cursor), "pin_count": 0}
        return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})

    def _listed(self, arguments: Arguments, channels: list[Channel]) -> Json:
        kinds = (arguments.text("types") or "public_channel").split(",")
        families = [family for family, kind in TYPES.items() if kind in kinds]
        if len(families) < len(kinds):
            raise SlackError("invalid_types")
        for family in families:
            self._grants.require(f"{family}:read")
        wanted = [
            shapes.channel(each, self._workspace)
            for each in channels
            if each.family in families
            and not (each.is_archived and arguments.flag("exclude_archived"))
        ]
        page, cursor = page_of(wanted, arguments)
        return {"channels": page, "response_metadata": {"next_cursor": cursor}}

    def _mpim(self, users: list[str]) -> Channel:
        """Give the group conversation of the app and these people."""
        if len(users) > MOST_IN_MPIM:
            raise SlackError("too_many_users")
        members = {*users, self._workspace.app.user}
        for channel in self._workspace.channels.values():
            if channel.kind is ChannelKind.MPIM and set(channel.members) == members:
                return channel
        names = "--".join(sorted(self._workspace.people[each].name for each in members))
        return self._workspace.put_channel(
            Channel(
                id=new_id("G"),
                name=f"mpdm-{names}-1",
                kind=ChannelKind.MPIM,
                members=(*users, self._workspace.app.user),
            )
        )

    def _seen(self, channel: str) -> Channel:
        """Find a conversation that the app may know of; raises SlackError."""
        found = self._workspace.channels.get(channel)
        if found is None or not (found.is_open or self._workspace.has_bot(channel)):
            raise SlackError("channel_not_found")
        return found

    def _readable(self, channel: str, what: str) -> Channel:
        found = self._seen(channel)
        self._grants.require(f"{found.family}:{what}")
        return found

    def _joined(self, arguments: Arguments) -> Channel:
        channel = self._readable(arguments.required("channel"), "history")
        if not self._workspace.has_bot(channel.id):
            raise SlackError("not_in_channel")
        return channel


def check_reachable(user: str, workspace: Workspace) -> None:
    """Let only people be written to directly who can read it; raises SlackError."""
    person = workspace.people.get(user)
    if person is None:
        raise SlackError("user_not_found")
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    if person.deleted:
        raise SlackError("user_disabled")
    if person.is_stranger:
        raise SlackError("user_not_visible")


def _within(ts: str, arguments: Arguments) -> bool:
    oldest, latest = arguments.text("oldest") or "0", arguments.text("latest")
    at = _moment(ts)
    if arguments.flag("inclusive"):
        return _moment(oldest) <= at and (latest is None or at <= _moment(latest))
    return _moment(oldest) < at and (latest is None or at < _moment(latest))


def _moment(ts: str) -> tuple[int, int]:
    seconds, _, micros = ts.partition(".")
    if not (seconds.isdigit() and (not micros or micros.isdigit())):
        raise SlackError("invalid_ts_oldest")
    return int(seconds), int(micros[:6].ljust(6, "0"))
