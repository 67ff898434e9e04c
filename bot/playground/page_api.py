"""What the browser page reads and does, as the person it shows; only pages of this host may ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from urllib.parse import quote, urlsplit

from aiohttp import web

from bot.playground.actions import BadAction
from bot.playground.calls import read_body
from bot.playground.delivery import NotAcked
from bot.playground.entities import Channel, ChannelKind, Json, Message
from bot.playground.interactions import Interactions
from bot.playground.live import Live, page_message
from bot.playground.sayings import Sayings
from bot.playground.workspace import Workspace

PAGE = Path(__file__).parent / "page"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
GUARDED = ("/ui/", "/control/")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def same_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a page of another host, and set the policy that keeps ours to itself."""
    if request.path.startswith(GUARDED) and not _is_ours(request):
        raise web.HTTPForbidden(text="only the page of this host may ask")
    response = await handler(request)
    if not response.prepared:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _is_ours(request: web.Request) -> bool:
    """Say whether a request is by our page or by no page, to loopback by name and by address."""
    host = request.headers.get("Host", "")
    origin = request.headers.get("Origin")
    by_us = origin is None or urlsplit(origin).netloc == host
    return by_us and urlsplit(f"//{host}").hostname in LOOPBACK


class PageApi:
    """Answers the browser."""

    def __init__(
        self,
        workspace: Workspace,
        interactions: Interactions,
        live: Live,
        *,
        connected: Callable[[], bool],
        sayings: Sayings,
    ) -> None:
        self._workspace = workspace
        self._interactions = interactions
        self._live = live
        self._connected = connected
        self._sayings = sayings

    def routes(self, *, page: bool) -> list[web.AbstractRouteDef]:
        """Name the routes; without the page only its API."""
        api: list[web.AbstractRouteDef] = [
            web.get("/ui/state", self.state),
            web.get("/ui/messages", self.messages),
            web.get("/ui/live", self.live),
            web.get("/ui/file/{file}", self.file),
            web.post("/ui/say", self.say),
            web.post("/ui/click", self.click),
            web.post("/ui/slash", self.slash),
        ]
        if page:
            api += [web.get("/", _index), web.static("/page", PAGE)]
        return api

    async def state(self, request: web.Request) -> web.Response:
        """Show the workspace to a person."""
        workspace = self._workspace
        me = self._person(request.query.get("as"))
        app = workspace.app
        return web.json_response(
            {
                "team": {"id": workspace.team.id, "name": workspace.team.name},
                "teams": {each.id: each.name for each in workspace.teams.values()},
                "me": me,
                "people": [asdict(each) for each in workspace.people.values()],
                "channels": self._channels(me),
                "apps": [
                    {
                        "bot_user": app.user,
                        "name": app.name,
                        "connected": self._connected(),
                        "home": app.has_home,
                    }
                ],
                "commands": [
                    asdict(each) for each in app.commands if self._sayings.knows(each.command, me)
                ],
                "personas": list(app.personas),
                "suggestion": workspace.suggestion,
            }
        )

    async def messages(self, request: web.Request) -> web.Response:
        """Show what a person sees in a channel, or in one of its threads, from the oldest."""
        person = self._person(request.query.get("as"))
        channel = self._channel(request.query.get("channel"), person)
        thread_ts = request.query.get("thread_ts")
        self._workspace.mark_read(person, channel)
        shown = [
            page_message(each, self._workspace)
            for each in self._workspace.messages(channel)
            if each.ephemeral_to in (None, person) and _stands_in(each, thread_ts)
        ]
        return web.json_response({"messages": shown})

    async def live(self, request: web.Request) -> web.StreamResponse:
        """Push what happens to a browser."""
        return await self._live.serve(request, self._person(request.query.get("as")))

    async def file(self, request: web.Request) -> web.Response:
        """Give the bytes of a file, always as plain text to be saved."""
        found = self._workspace.files.get(request.match_info["file"])
        if found is None or found.content is None:
            raise web.HTTPNotFound(text="no such file")
        response = web.Response(body=found.content, content_type="text/plain", charset="utf-8")
        name = quote(found.name, safe="")
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        return response

    async def say(self, request: web.Request) -> web.Response:
        """Say something as a person; a text that begins with a known command runs it."""
        body = await read_body(request)
        person = self._person(body.get("as"))
        channel = self._channel(body.get("channel"), person)
        answer = await self._sayings.say(
            person, channel, str(body.get("text", "")), thread_ts=body.get("thread_ts")
        )
        return web.json_response(answer)

    async def slash(self, request: web.Request) -> web.Response:
        """Run a slash command as a person."""
        body = await read_body(request)
        person = self._person(body.get("as"))
        channel = self._channel(body.get("channel"), person)
        if not self._sayings.knows(str(body.get("command")), person):
            return web.json_response({"ok": False, "error": "unknown_command"}, status=400)
        done = await self._interactions.slash(
            person,
            channel,
            str(body.get("command")),
            str(body.get("text", "")),
            thread_ts=body.get("thread_ts"),
        )
        return web.json_response({"ok": done})

    async def click(self, request: web.Request) -> web.Response:
        """Act on an element of a message as a person."""
        body = await read_body(request)
        person = self._person(body.get("as"))
        channel = self._channel(body.get("channel"), person)
        message = self._workspace.message(channel, str(body.get("message_ts")))
        if message is None or message.ephemeral_to not in (None, person):
            return web.json_response({"ok": False, "error": "message_not_found"}, status=404)
        try:
            await self._interactions.click(person, message, body, body.get("state"))
        except BadAction as failure:
            return web.json_response({"ok": False, "error": str(failure)}, status=400)
        except NotAcked:
            return web.json_response({"ok": False, "error": "timeout"})
        return web.json_response({"ok": True})

    def _channels(self, me: str) -> list[Json]:
        return [
            self._shown(channel, me)
            for channel in self._workspace.channels.values()
            if me in channel.members
        ]

    def _shown(self, channel: Channel, me: str) -> Json:
        entry: Json = {
            "id": channel.id,
            "name": channel.name,
            "kind": channel.kind.value,
            "is_private": channel.is_private,
            "is_ext_shared": channel.is_ext_shared,
            "is_archived": channel.is_archived,
            "members": list(self._workspace.present(channel)),
            "unread": self._workspace.unread(me, channel.id),
        }
        if channel.kind is ChannelKind.CHANNEL:
            return entry
        others = [each for each in channel.members if each != me]
        names = [self._workspace.people[each].real_name for each in others]
        return entry | {"with": others[0], "title": ", ".join(names)}

    def _person(self, person: str | None) -> str:
        return person_of(self._workspace, person)

    def _channel(self, channel: str | None, person: str) -> str:
        found = self._workspace.channels.get(channel or "")
        if found is None or person not in found.members:
            raise web.HTTPNotFound(text="no such channel")
        return found.id


def person_of(workspace: Workspace, person: object) -> str:
    """Give the id of somebody who may use the page: a person, and no deactivated one."""
    found = workspace.people.get(str(person or ""))
    if found is None or found.is_bot or found.deleted:
        raise web.HTTPNotFound(text="no such person")
    return found.id


def _stands_in(message: Message, thread_ts: str | None) -> bool:
    if thread_ts is None:
        return not message.is_reply or message.reply_broadcast
    return thread_ts in (message.ts, message.thread_ts)


async def _index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html")
