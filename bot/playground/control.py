"""What tests order and read: failures, scopes, membership, refreshes, and the logs of the wire."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.playground.calls import read_body
from bot.playground.delivery import Delivery
from bot.playground.faults import Fault, FaultKind, Faults
from bot.playground.pace import Pace
from bot.playground.web_api import WebApi
from bot.playground.workspace import Workspace


class Control:
    """Answers `/control/*`."""

    def __init__(
        self,
        workspace: Workspace,
        api: WebApi,
        delivery: Delivery,
        *,
        faults: Faults,
        pace: Pace,
        refresh: Callable[[], Awaitable[int]],
        verify: Callable[[], Awaitable[bool]] | None,
    ) -> None:
        self._workspace = workspace
        self._api = api
        self._delivery = delivery
        self._faults = faults
        self._pace = pace
        self._refresh = refresh
        self._verify = verify

    def routes(self) -> list[web.AbstractRouteDef]:
        """Name the routes."""
        return [
            web.post("/control/fail", self.fail),
            web.post("/control/scopes", self.scopes),
            web.post("/control/channel", self.channel),
            web.post("/control/pace", self.pace),
            web.post("/control/refresh", self.refresh),
            web.post("/control/redeliver", self.redeliver),
            web.post("/control/verify", self.verify),
            web.get("/control/calls", self.calls),
            web.get("/control/deliveries", self.deliveries),
        ]

    async def fail(self, request: web.Request) -> web.Response:
        """Order a failure for the next calls of a method."""
        body = await read_body(request)
        try:
            fault = Fault(
                method=body["method"],
                kind=FaultKind(str(body["kind"])),
                times=int(body.get("times", 1)),
                retry_after=int(body.get("retry_after", 1)),
                seconds=float(body.get("seconds", 0)),
            )
        except (KeyError, ValueError) as wrong:
            raise web.HTTPBadRequest(text=f"no such failure: {wrong}") from None
        self._faults.plan(fault)
        return web.json_response({"ok": True})

    async def scopes(self, request: web.Request) -> web.Response:
        """Take scopes from the app, or give them."""
        body = await read_body(request)
        self._api.scopes.granted.difference_update(body.get("remove", ()))
        self._api.scopes.granted.update(body.get("add", ()))
        return web.json_response({"ok": True, "scopes": sorted(self._api.scopes.granted)})

    async def channel(self, request: web.Request) -> web.Response:
        """Archive a channel or bring it back, and put the bot into it or take it out."""
        body = await read_body(request)
        if body.get("channel") not in self._workspace.channels:
            raise web.HTTPNotFound(text="no such channel")
        if "archived" in body:
            self._workspace.set_archived(body["channel"], archived=bool(body["archived"]))
        if "bot" in body:
            user = self._workspace.app.user
            self._workspace.set_member(body["channel"], user, joined=body["bot"] == "in")
        return web.json_response({"ok": True})

    async def pace(self, request: web.Request) -> web.Response:
        """Set how fast a channel takes messages, and whether methods have tiers."""
        body = await read_body(request)
        self._pace.burst = int(body.get("burst", self._pace.burst))
        self._pace.per_second = float(body.get("per_second", self._pace.per_second))
        self._pace.tiers = bool(body.get("tiers", self._pace.tiers))
        return web.json_response({"ok": True})

    async def refresh(self, _: web.Request) -> web.Response:
        """Ask every socket to reconnect."""
        return web.json_response({"ok": True, "sockets": await self._refresh()})

    async def redeliver(self, request: web.Request) -> web.Response:
        """Send an event once more under its id."""
        body = await read_body(request)
        return web.json_response({"ok": self._delivery.redeliver(str(body.get("event_id")))})

    async def verify(self, _: web.Request) -> web.Response:
        """Ask the app's request URL for Slack's challenge."""
        return web.json_response({"ok": self._verify is not None and await self._verify()})

    async def calls(self, request: web.Request) -> web.Response:
        """Show the log of calls, of one method if it is named."""
        method = request.query.get("method")
        calls = [each for each in self._api.calls if method in (None, each["method"])]
        return web.json_response({"calls": calls})

    async def deliveries(self, _: web.Request) -> web.Response:
        """Show what became of every event."""
        records = [record.to_json() for record in self._delivery.records]
        return web.json_response({"deliveries": records})
