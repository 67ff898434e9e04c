"""What tests order and read over HTTP: JSON POSTs under `/control/`, and two logs by GET.

The wire (this file):
- `fail {method, kind: 429|500|drop|lost|delay, times?, retry_after?, seconds?}` fails coming calls
- `scopes {drop: [..], grant: [..]}` takes scopes away and gives them (also `remove`, `add`)
- `events {drop: [..], grant: [..]}` does the same with the bot events of the manifest
- `pace {burst?, per_second?, tiers?, per_minute?: {method: n}}` sets how fast the app may call
- `socket {action: "refresh"|"drop", reason?: "warning"|"refresh_requested"}` ends the sockets
- `refresh` is `socket` with that action
- `clock {forward_s}` lets time pass for trigger ids, response URLs, retries and rates
- `redeliver {event_id}` sends an event once more; `verify` asks the request URL for the challenge
- GET `calls[?method=]` and GET `deliveries` show every call, and what became of every event

People and places (`control_places`):
- `invite {channel, user, by?}`, `remove {channel, user, by?}`, `archive {channel, by?}`,
  `unarchive {channel, by?}`, `rename {channel, name, by?}`; `by` is an admin unless it is given
- `channel {id?, name, is_private?, is_ext_shared?, members}` makes one and gives its id; with
  `{channel, archived?, bot?: "in"|"out"}` it sets a known one, without a line or an event
- `person {id, ...}` creates or changes somebody (`deleted`, `is_restricted`, `tz`, …)
- `say {user, channel, text, thread_ts?}` lets anybody speak, bots of other apps too

What Slack would refuse is answered `{"ok": false, "error": …}` in Slack's words.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.playground.calls import read_body
from bot.playground.clock import Clock
from bot.playground.delivery import Delivery
from bot.playground.faults import Fault, FaultKind, Faults
from bot.playground.grants import Grants
from bot.playground.pace import Pace
from bot.playground.socket_mode import SocketMode
from bot.playground.web_api import WebApi


class Control:
    """Answers `/control/*` where the wire is concerned."""

    def __init__(
        self,
        api: WebApi,
        delivery: Delivery,
        sockets: SocketMode,
        *,
        faults: Faults,
        grants: Grants,
        pace: Pace,
        clock: Clock,
        verify: Callable[[], Awaitable[bool]] | None,
    ) -> None:
        self._api = api
        self._delivery = delivery
        self._sockets = sockets
        self._faults = faults
        self._grants = grants
        self._pace = pace
        self._clock = clock
        self._verify = verify

    def routes(self) -> list[web.AbstractRouteDef]:
        """Name the routes."""
        return [
            web.post("/control/fail", self.fail),
            web.post("/control/scopes", self.scopes),
            web.post("/control/events", self.events),
            web.post("/control/pace", self.pace),
            web.post("/control/socket", self.socket),
            web.post("/control/refresh", self.socket),
            web.post("/control/clock", self.clock),
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
        _change(self._grants.scopes, await read_body(request))
        return web.json_response({"ok": True, "scopes": sorted(self._grants.scopes)})

    async def events(self, request: web.Request) -> web.Response:
        """Take bot events from the app, or give them."""
        _change(self._grants.events, await read_body(request))
        return web.json_response({"ok": True, "events": sorted(self._grants.events)})

    async def pace(self, request: web.Request) -> web.Response:
        """Set how fast a channel takes messages, and how many calls a method takes a minute."""
        body = await read_body(request)
        self._pace.burst = int(body.get("burst", self._pace.burst))
        self._pace.per_second = float(body.get("per_second", self._pace.per_second))
        self._pace.tiers = bool(body.get("tiers", self._pace.tiers))
        for method, allowed in (body.get("per_minute") or {}).items():
            self._pace.tighten(method, int(allowed))
        return web.json_response({"ok": True})

    async def socket(self, request: web.Request) -> web.Response:
        """Ask every socket to reconnect, or lose it."""
        body = await read_body(request) if request.can_read_body else {}
        if body.get("action") == "drop":
            ended = await self._sockets.drop()
        else:
            ended = await self._sockets.refresh(str(body.get("reason", "refresh_requested")))
        return web.json_response({"ok": True, "sockets": ended})

    async def clock(self, request: web.Request) -> web.Response:
        """Let time pass at once."""
        forward_s = float((await read_body(request)).get("forward_s", 0))
        if forward_s < 0:
            raise web.HTTPBadRequest(text="the clock goes forward only")
        self._clock.forward(forward_s)
        self._delivery.look_up()
        return web.json_response({"ok": True})

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


def _change(granted: set[str], body: dict[str, list[str]]) -> None:
    granted.difference_update(body.get("drop", ()), body.get("remove", ()))
    granted.update(body.get("grant", ()), body.get("add", ()))
