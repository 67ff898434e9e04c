"""A local Slack on loopback, put together for `chatcron demo`, tests and `-m bot.playground`."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from aiohttp import web

from bot.playground.calls import Method
from bot.playground.chat_methods import ChatMethods
from bot.playground.clock import Clock
from bot.playground.control import Control
from bot.playground.control_places import ControlPlaces
from bot.playground.delivery import Delivery
from bot.playground.entities import Seed
from bot.playground.events import Events
from bot.playground.faults import Faults
from bot.playground.file_methods import FileMethods
from bot.playground.grants import Grants
from bot.playground.homes import Homes
from bot.playground.interactions import Interactions
from bot.playground.live import Live
from bot.playground.manifest import OF_THE_BOT, installed
from bot.playground.pace import Pace
from bot.playground.page_api import PageApi, same_origin
from bot.playground.page_views import PageViews
from bot.playground.people_methods import PeopleMethods
from bot.playground.place_methods import PlaceMethods
from bot.playground.places import Places
from bot.playground.sayings import Sayings
from bot.playground.seed import ACME
from bot.playground.signed_http import SignedHttp
from bot.playground.socket_mode import SocketMode
from bot.playground.state_file import StateFile
from bot.playground.triggers import Triggers
from bot.playground.views import Views
from bot.playground.web_api import WebApi
from bot.playground.workspace import Workspace

HOST = "127.0.0.1"
LARGEST_BODY = 64 * 1024 * 1024
CLOSE_WITHIN_S = 1.0


class LocalSlack:
    """One workspace with one app, reachable from `start` to `stop`.

    The app is reached by Socket Mode, or by signed HTTP when `request_url` is given; its scopes,
    events and commands are those of `manifest`. Delays and limits are in seconds. Port 0 takes any
    free one.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        state_file: Path | None = None,
        page: bool = True,
        request_url: str | None = None,
        signing_secret: str = "local-signing-secret",  # noqa: S107 - a public default for loopback
        bot_token: str = "xoxb-local",  # noqa: S107 - likewise
        app_token: str = "xapp-local",  # noqa: S107 - likewise
        ack_limit_s: float = 3.0,
        retry_delays_s: Sequence[float] = (0, 60, 300),
        burst: int = 10,
        seed: Seed = ACME,
        manifest: Path = OF_THE_BOT,
        clock: Callable[[], float] = time.time,
    ) -> None:
        seed = replace(seed, app=installed(seed.app, manifest))
        self.workspace = Workspace(seed, clock=clock)
        self.grants = Grants(seed.app)
        self.clock = Clock()
        self._port = port
        self._page = page
        self._request_url = request_url
        self._signing_secret = signing_secret
        self._tokens = {"xoxb": bot_token, "xapp": app_token}
        self._ack_limit_s = ack_limit_s
        self._pace = Pace(clock=self.clock, burst=burst)
        self._state = StateFile(state_file, self.workspace) if state_file else None
        self._live = Live(self.workspace)
        self._sockets = SocketMode(
            app_id=seed.app.id, ack_limit_s=ack_limit_s, on_change=self._app_changed
        )
        self._http = self._front_door()
        self._delivery = Delivery(
            self._http or self._sockets, retry_delays_s=retry_delays_s, clock=self.clock
        )
        self._events = Events(self.workspace, self.grants, self._delivery.event)
        self._places = Places(self.workspace, self._events)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The address of the page, without a slash at the end."""
        return f"http://{HOST}:{self._port}"

    @property
    def api_url(self) -> str:
        """The base address of the Web API, as SLACK_API_URL wants it."""
        return f"{self.url}/api/"

    async def start(self) -> None:
        """Read the saved state and listen."""
        if self._state:
            self._state.load()
            self.workspace.watchers.append(self._state.on_change)
            self.workspace.place_watchers.append(self._state.on_change)
        self.workspace.watchers += [self._live.on_change, self._events.on_change]
        self.workspace.place_watchers.append(self._live.on_places)
        app = web.Application(middlewares=[same_origin], client_max_size=LARGEST_BODY)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSE_WITHIN_S)
        app.add_routes(self._routes())
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port)
        await site.start()
        self._port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Close every connection and write the state."""
        await self._delivery.stop()
        self._live.stop()
        await self._sockets.stop()
        if self._http:
            await self._http.stop()
        if self._runner:
            await self._runner.cleanup()
        if self._state:
            self._state.write()

    def _routes(self) -> list[web.AbstractRouteDef]:
        workspace = self.workspace
        triggers = Triggers(clock=self.clock)
        interactions = Interactions(
            workspace, self._delivery, triggers, base_url=lambda: self.url, clock=self.clock
        )
        homes = Homes(workspace, self._events, show=self._live.push_to)
        views = Views(workspace, self._delivery, triggers, homes, show=self._live.push_to)
        page = PageApi(
            workspace,
            interactions,
            self._live,
            connected=lambda: self._delivery.transport.connected,
            sayings=Sayings(workspace, interactions, self._places, self.grants),
        )
        return [
            web.get("/link", self._sockets.serve),
            web.post("/response/{key}", interactions.respond),
            *self._api_routes(views.table() | homes.table()),
            *PageViews(workspace, views, homes).routes(),
            *page.routes(page=self._page),
        ]

    def _api_routes(self, of_views: dict[str, Method]) -> list[web.AbstractRouteDef]:
        workspace, grants = self.workspace, self.grants
        faults = Faults()
        chat = ChatMethods(workspace, grants)
        files = FileMethods(workspace, chat, lambda: self.url)
        people = PeopleMethods(workspace, self._socket_url)
        places = PlaceMethods(workspace, grants, self._places)
        methods = chat.table() | people.table() | places.table() | files.table() | of_views
        api = WebApi(
            workspace, methods, tokens=self._tokens, pace=self._pace, faults=faults, grants=grants
        )
        control = Control(
            api,
            self._delivery,
            self._sockets,
            faults=faults,
            grants=grants,
            pace=self._pace,
            clock=self.clock,
            verify=self._http.verify if self._http else None,
        )
        return [
            web.route("*", "/api/{method}", api.handle),
            web.post("/upload/{file}", files.receive),
            *control.routes(),
            *ControlPlaces(workspace, self._places).routes(),
        ]

    def _front_door(self) -> SignedHttp | None:
        if self._request_url is None:
            return None
        return SignedHttp(
            self._request_url,
            secret=self._signing_secret,
            ack_limit_s=self._ack_limit_s,
            clock=self.workspace.clock,
        )

    def _socket_url(self) -> str:
        return f"ws://{HOST}:{self._port}/link?ticket={self._sockets.ticket()}"

    def _app_changed(self, connected: bool) -> None:
        self._live.push_to_all({"type": "app", "connected": connected})
        if connected:
            self._delivery.arrived()
