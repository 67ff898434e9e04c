"""`auth.*`, `team.*`, `bots.*`, `users.*`, `conversations.*`: where and who."""

from __future__ import annotations

from collections.abc import Callable

from bot.playground import shapes
from bot.playground.calls import Arguments, Method, SlackError, page_of
from bot.playground.entities import Channel, ChannelKind, Json, Message
from bot.playground.workspace import Workspace


class PlaceMethods:
    """The methods by which the app looks around; `socket_url` gives the address of a new socket."""

    def __init__(self, workspace: Workspace, socket_url: Callable[[], str]) -> None:
        self._workspace = workspace
        self._socket_url = socket_url

    def table(self) -> dict[str, Method]:
        """Name the methods."""
        return {
            "api.test": Method(run=lambda _: {}, token=None),
            "auth.test": Method(run=self.whoami),
            "apps.connections.open": Method(run=self.connect, token="xapp"),  # noqa: S106 - a kind
            "team.info": Method(run=self.team, scope="team:read"),
            "bots.info": Method(run=self.bot, scope="users:read"),
            "users.info": Method(run=self.person, scope="users:read"),
            "users.list": Method(run=self.people, scope="users:read"),
            "users.conversations": Method(run=self.mine, scope="channels:read"),
            "conversations.open": Method(run=self.open, scope="im:write"),
            "conversations.list": Method(run=self.all, scope="channels:read"),
            "conversations.info": Method(run=self.channel, scope="channels:read"),
            "conversations.members": Method(run=self.members, scope="channels:read"),
            "conversations.history": Method(run=self.history, scope="channels:history"),
            "conversations.replies": Method(run=self.replies, scope="channels:history"),
        }

    def whoami(self, _: Arguments) -> Json:
        """Say whose token it is."""
        team, app = self._workspace.team, self._workspace.app
        return {
            "url": f"https://{team.domain}.slack.com/",
            "team": team.name,
            "user": self._workspace.people[app.user].name,
            "team_id": team.id,
            "user_id": app.user,
            "bot_id": app.bot_id,
            "app_id": app.id,
            "app_name": app.name,
            "is_enterprise_install": False,
        }

    def connect(self, _: Arguments) -> Json:
        """Give the address of one new socket."""
        return {"url": self._socket_url()}

    def team(self, _: Arguments) -> Json:
        """Describe the workspace."""
        return {"team": shapes.team(self._workspace.team)}

    def bot(self, arguments: Arguments) -> Json:
        """Describe the app's bot."""
        app = self._workspace.app
        if arguments.text("bot") not in (None, app.bot_id):
            raise SlackError("bot_not_found")
        return {"bot": shapes.bot_profile(app, self._workspace.team.id)}

    def person(self, arguments: Arguments) -> Json:
        """Describe a person, their zone too."""
        found = self._workspace.people.get(arguments.required("user"))
        if found is None:
            raise SlackError("user_not_found")
        return {"user": shapes.person(found, self._workspace)}

    def people(self, arguments: Arguments) -> Json:
        """List everybody."""
        listed = [shapes.person(each, self._workspace) for each in self._workspace.people.values()]
        page, cursor = page_of(listed, arguments)
        return {
            "members": page,
            "cache_ts": int(self._workspace.clock()),
            "response_metadata": {"next_cursor": cursor},
        }

    def open(self, arguments: Arguments) -> Json:
        """Open the direct conversation with one person."""
        channel = arguments.text("channel")
        if channel:
            return {"channel": {"id": self._seen(channel).id}}
        users = arguments.ids("users")
        if len(users) != 1:
            raise SlackError("invalid_user_combination" if users else "users_list_not_supplied")
        person = self._workspace.people.get(users[0])
        if person is None:
            raise SlackError("user_not_found")
        if person.is_bot:
            raise SlackError("cannot_dm_bot")
        opened = self._workspace.open_im(person.id)
        if arguments.flag("return_im"):
            return {"channel": shapes.channel(opened, self._workspace)}
        return {"channel": {"id": opened.id}}

    def all(self, arguments: Arguments) -> Json:
        """List the conversations of the asked kinds."""
        return self._listed(arguments, list(self._workspace.channels.values()))

    def mine(self, arguments: Arguments) -> Json:
        """List the conversations a person, or the bot, is in."""
        person = arguments.text("user") or self._workspace.app.user
        return self._listed(
            arguments,
            [each for each in self._workspace.channels.values() if person in each.members],
        )

    def channel(self, arguments: Arguments) -> Json:
        """Describe a conversation."""
        return {
            "channel": shapes.channel(self._seen(arguments.required("channel")), self._workspace)
        }

    def members(self, arguments: Arguments) -> Json:
        """List the ids of who is in a conversation."""
        members = self._seen(arguments.required("channel")).members
        page, cursor = page_of([{"id": member} for member in members], arguments)
        return {
            "members": [each["id"] for each in page],
            "response_metadata": {"next_cursor": cursor},
        }

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
        wanted = [
            shapes.channel(each, self._workspace)
            for each in channels
            if ("im" if each.kind is ChannelKind.IM else "public_channel") in kinds
            and not (each.is_archived and arguments.flag("exclude_archived"))
        ]
        page, cursor = page_of(wanted, arguments)
        return {"channels": page, "response_metadata": {"next_cursor": cursor}}

    def _seen(self, channel: str) -> Channel:
        found = self._workspace.channels.get(channel)
        if found is None:
            raise SlackError("channel_not_found")
        return found

    def _joined(self, arguments: Arguments) -> Channel:
        channel = self._seen(arguments.required("channel"))
        if not self._workspace.has_bot(channel.id):
            raise SlackError("not_in_channel")
        return channel


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
