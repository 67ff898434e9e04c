"""What tests order of people and places; the orders are listed in `control`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import fields, replace

from aiohttp import web

from bot.playground.calls import SlackError, read_body
from bot.playground.entities import Channel, Json, Message, Person
from bot.playground.places import Places
from bot.playground.workspace import Workspace, new_id

PERSON_FIELDS = frozenset(each.name for each in fields(Person)) - {"id"}

Order = Callable[[Json], Json]


class ControlPlaces:
    """Answers `/control/*` where people and places are concerned."""

    def __init__(self, workspace: Workspace, places: Places) -> None:
        self._workspace = workspace
        self._places = places

    def routes(self) -> list[web.AbstractRouteDef]:
        """Name the routes."""
        orders: dict[str, Order] = {
            "invite": self.invite,
            "remove": self.remove,
            "archive": self.archive,
            "unarchive": self.unarchive,
            "rename": self.rename,
            "channel": self.channel,
            "person": self.person,
            "say": self.say,
        }
        return [web.post(f"/control/{name}", _answering(run)) for name, run in orders.items()]

    def invite(self, body: Json) -> Json:
        """Bring somebody into a channel."""
        self._places.invite(_text(body, "channel"), _text(body, "user"), self._by(body))
        return {}

    def remove(self, body: Json) -> Json:
        """Take somebody out of a channel."""
        self._places.remove(_text(body, "channel"), _text(body, "user"), self._by(body))
        return {}

    def archive(self, body: Json) -> Json:
        """Archive a channel."""
        self._places.archive(_text(body, "channel"), self._by(body))
        return {}

    def unarchive(self, body: Json) -> Json:
        """Bring an archived channel back."""
        self._places.unarchive(_text(body, "channel"), self._by(body))
        return {}

    def rename(self, body: Json) -> Json:
        """Give a channel another name."""
        self._places.rename(_text(body, "channel"), _text(body, "name"), self._by(body))
        return {}

    def channel(self, body: Json) -> Json:
        """Make a channel; or set a known one, which nobody is told of."""
        if "channel" in body:
            return self._set(body)
        channel = Channel(
            id=str(body.get("id") or new_id("C")),
            name=_text(body, "name"),
            members=tuple(body.get("members", ())),
            is_private=bool(body.get("is_private")),
            is_ext_shared=bool(body.get("is_ext_shared")),
        )
        if strangers := set(channel.members) - set(self._workspace.people):
            raise web.HTTPBadRequest(text=f"nobody is called {', '.join(sorted(strangers))}")
        self._places.create(channel)
        return {"channel": channel.id}

    def person(self, body: Json) -> Json:
        """Create somebody, or change what is known of them."""
        given = {name: value for name, value in body.items() if name in PERSON_FIELDS}
        if unknown := set(body) - set(given) - {"id"}:
            raise web.HTTPBadRequest(text=f"a person has no {', '.join(sorted(unknown))}")
        self._places.change_person(_text(body, "id"), **given)
        return {}

    def say(self, body: Json) -> Json:
        """Let anybody of a channel speak."""
        channel, user = self._workspace.channels.get(_text(body, "channel")), _text(body, "user")
        if channel is None or user not in channel.members:
            raise SlackError("not_in_channel")
        message = Message(
            ts=self._workspace.next_ts(),
            channel=channel.id,
            user=user,
            text=_text(body, "text"),
            thread_ts=body.get("thread_ts"),
        )
        return {"ts": self._workspace.post(message).ts}

    def _set(self, body: Json) -> Json:
        found = self._workspace.channels.get(body["channel"])
        if found is None:
            raise web.HTTPNotFound(text="no such channel")
        if "archived" in body:
            self._workspace.put_channel(replace(found, is_archived=bool(body["archived"])))
        if "bot" in body:
            bot = self._workspace.app.user
            self._workspace.set_member(found.id, bot, joined=body["bot"] == "in")
        return {}

    def _by(self, body: Json) -> str:
        return str(body.get("by") or self._places.admin())


def _answering(run: Order) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        try:
            done = run(await read_body(request))
        except SlackError as failure:
            return web.json_response({"ok": False, "error": failure.error})
        return web.json_response({"ok": True} | done)

    return answer


def _text(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise web.HTTPBadRequest(text=f"{name} is missing")
    return value
