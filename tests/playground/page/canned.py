"""A server with canned answers behind the page, so that its tests choose each word and delay.

It speaks the page's side of the local Slack (`/ui/*`) and remembers what the page asked of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

PAGE = Path(str(files("bot.playground") / "page"))
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
)
BASE_TS = 1_773_126_000  # Tuesday, 10 March 2026, 07:00 UTC: 08:00 in Berlin, 02:00 in Chicago

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PEOPLE: list[Json] = [
    {"id": "U0MAYA", "name": "maya", "real_name": "Maya", "tz": "Europe/Berlin"},
    {"id": "U0RAVI", "name": "ravi", "real_name": "Ravi", "tz": "America/Chicago"},
    {"id": "U0SAM", "name": "sam", "real_name": "Sam", "tz": "Europe/London"},
    {"id": "U0BOT", "name": "chatcron", "real_name": "Chatcron", "tz": "Etc/UTC", "is_bot": True},
]
COLORS = {"U0MAYA": "7d3c98", "U0RAVI": "1f7a5c", "U0SAM": "b9770e", "U0BOT": "2e4a8b"}
CHANNELS = {"C0FINOPS": "finops", "C0GENERAL": "general", "C0RANDOM": "random"}
STAFF = ["U0MAYA", "U0RAVI", "U0SAM"]
MEMBERS = {"finops": [*STAFF, "U0BOT"], "general": [*STAFF, "U0BOT"], "random": STAFF}


def stamp(seconds: float = 0) -> str:
    """Give the `ts` of a moment after the canned morning's beginning."""
    return f"{BASE_TS + seconds:.6f}"


def message(text: str = "", *, at: float = 0, channel: str = "C0FINOPS", **fields: Any) -> Json:
    """Make a message as the page API shows it; Maya says it unless told otherwise."""
    return {
        "ts": stamp(at),
        "channel": channel,
        "user": "U0MAYA",
        "bot": False,
        "username": None,
        "icon_emoji": None,
        "text": text,
        "blocks": [],
        "thread_ts": None,
        "reply_count": 0,
        "latest_reply": None,
        "reply_users": [],
        "edited": False,
        "ephemeral": False,
        "files": [],
        "reactions": [],
        "metadata": None,
    } | fields


def from_alex(text: str = "", *, at: float = 0, **fields: Any) -> Json:
    """Make a message that the bot sends under a persona's name."""
    persona = {"user": "U0BOT", "bot": True, "username": "Alex", "icon_emoji": ":moneybag:"}
    return message(text, at=at) | persona | fields


class CannedSlack:
    """Answers the page from memory; `asked` has every POST, `answers` what each path is told."""

    def __init__(self) -> None:
        self.messages: list[Json] = []
        self.asked: list[tuple[str, Json]] = []
        self.answers: dict[str, Json] = {}
        self.heard = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.url = ""
        self._sockets: set[web.WebSocketResponse] = set()
        self._runner = web.AppRunner(self._app(), handle_signals=False)

    async def start(self) -> None:
        """Listen on a free port of the loopback."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close the sockets and the port."""
        await self.drop_sockets()
        await self._runner.cleanup()

    async def push(self, **event: Any) -> None:
        """Tell every open page one piece of news."""
        for socket in list(self._sockets):
            await socket.send_json(event)

    async def post(self, said: Json) -> None:
        """Add a message to the history and tell it."""
        self.messages.append(said)
        await self.push(type="message", message=said)

    async def drop_sockets(self) -> None:
        """Lose every live connection, as a restart does."""
        for socket in list(self._sockets):
            await socket.close()

    def asks(self, path: str) -> list[Json]:
        """List the bodies that were posted to a path."""
        return [body for asked, body in self.asked if asked == path]

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[_with_policy])
        app.router.add_get("/", _index)
        app.router.add_static("/page", PAGE)
        app.router.add_get("/ui/state", self._state)
        app.router.add_get("/ui/messages", self._messages)
        app.router.add_get("/ui/live", self._live)
        for name in ("say", "click", "slash", "view"):
            app.router.add_post(f"/ui/{name}", self._take)
        return app

    async def _state(self, request: web.Request) -> web.Response:
        me = request.query["as"]
        common = {"is_bot": False, "is_admin": False}
        bot_dm = {
            "id": "D0DM",
            "name": "dm",
            "kind": "im",
            "with": "U0BOT",
            "members": [me, "U0BOT"],
        }
        channels = [
            {"id": id_, "name": name, "kind": "channel", "members": MEMBERS[name], "unread": 0}
            for id_, name in CHANNELS.items()
        ]
        return web.json_response(
            {
                "team": {"id": "T0ACME", "name": "Acme"},
                "me": me,
                "people": [common | {"color": COLORS[each["id"]]} | each for each in PEOPLE],
                "channels": [*channels, bot_dm | {"unread": 0}],
                "apps": [{"bot_user": "U0BOT", "name": "Chatcron", "connected": True}],
                "commands": [
                    {"command": "/tasks", "usage_hint": "[list|show]", "description": "See tasks"}
                ],
                "personas": ["alex", "anna", "kai", "oliver", "tony"],
                "suggestion": "@Chatcron alex schedule daily cost report at 8 AM",
            }
        )

    async def _messages(self, request: web.Request) -> web.Response:
        channel, thread = request.query["channel"], request.query.get("thread_ts")
        here = [each for each in self.messages if each["channel"] == channel]
        shown = [
            each for each in here if thread is None or thread in (each["ts"], each["thread_ts"])
        ]
        return web.json_response({"messages": shown})

    async def _take(self, request: web.Request) -> web.Response:
        self.asked.append((request.path, await request.json()))
        self.heard.set()
        await self.may_answer.wait()
        return web.json_response({"ok": True} | self.answers.get(request.path, {}))

    async def _live(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.add(socket)
        try:
            while (await socket.receive()).type not in _ENDINGS:
                pass
        finally:
            self._sockets.discard(socket)
        return socket


_ENDINGS = {WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR}


async def _index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html")


@web.middleware
async def _with_policy(request: web.Request, handler: Handler) -> web.StreamResponse:
    answer = await handler(request)
    if not isinstance(answer, web.WebSocketResponse):
        answer.headers["Content-Security-Policy"] = POLICY
    return answer


def actions(*elements: Mapping[str, Any], block_id: str = "acts") -> Json:
    """Make an actions block."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def button(text: str, action_id: str, **fields: Any) -> Json:
    """Make a button."""
    label = {"type": "plain_text", "text": text}
    return {"type": "button", "action_id": action_id, "text": label, "value": "T-12"} | fields


def mrkdwn(text: str) -> Json:
    """Make a mrkdwn text object."""
    return {"type": "mrkdwn", "text": text}


def plain(text: str) -> Json:
    """Make a plain text object."""
    return {"type": "plain_text", "text": text}
