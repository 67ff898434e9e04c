"""The app's side door: Socket Mode connections, each payload to one of them, each ack awaited."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from uuid import uuid4

from aiohttp import WSCloseCode, WSMsgType, web

from bot.playground.delivery import Kind, NotAcked, NotConnected, Retry
from bot.playground.entities import Json

MOST_SOCKETS = 10
HEARTBEAT_S = 20.0


class SocketMode:
    """Keeps the app's open sockets and hands each payload to the next one in turn."""

    def __init__(
        self, *, app_id: str, ack_limit_s: float, on_change: Callable[[bool], None]
    ) -> None:
        self._app_id = app_id
        self._limit = ack_limit_s
        self._on_change = on_change
        self._tickets: set[str] = set()
        self._sockets: list[web.WebSocketResponse] = []
        self._warned: set[web.WebSocketResponse] = set()
        self._turn = 0
        self._waiting: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Json]]] = {}

    @property
    def connected(self) -> bool:
        """Say whether at least one socket is open."""
        return bool(self._sockets)

    def ticket(self) -> str:
        """Give a word that opens one socket."""
        ticket = uuid4().hex
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one socket of the app for as long as it is open."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or len(self._sockets) >= MOST_SOCKETS:
            raise web.HTTPForbidden(text="invalid ticket or too many websockets")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=16 * 1024 * 1024)
        await socket.prepare(request)
        await socket.send_json(self._hello())
        self._sockets = [each for each in self._sockets if each not in self._warned]
        self._sockets.append(socket)
        self._on_change(True)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acked(message.data)
        finally:
            self._gone(socket)
        return socket

    async def send(self, kind: Kind, payload: Json, *, retry: Retry | None = None) -> Json:
        """Hand a payload to one socket and wait for its ack; raises NotAcked."""
        if not self._sockets:
            raise NotConnected
        self._turn = (self._turn + 1) % len(self._sockets)
        socket = self._sockets[self._turn]
        envelope = _envelope(kind, payload, retry)
        acked: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = (socket, acked)
        try:
            async with asyncio.timeout(self._limit):
                await socket.send_json(envelope)
                return await acked
        except TimeoutError:
            raise NotAcked("http_timeout") from None
        except ConnectionError:
            self._gone(socket)
            raise NotAcked("connection_failed") from None
        finally:
            self._waiting.pop(envelope["envelope_id"], None)

    async def refresh(self, reason: str = "refresh_requested") -> int:
        """Ask every socket to be replaced, as Slack does now and then; gives how many.

        After a `warning` they are used until the first new one is there, after any other reason not
        at all; what they were handed before may still be acknowledged by them.
        """
        leaving = list(self._sockets)
        self._warned.update(leaving)
        if reason != "warning":
            self._sockets.clear()
        for socket in leaving:
            await socket.send_json(
                {"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}}
            )
        return len(leaving)

    async def drop(self) -> int:
        """Lose every socket without a word, as a broken network does; gives how many."""
        lost = list(self._sockets)
        for socket in lost:
            await socket.close(code=WSCloseCode.GOING_AWAY)
        return len(lost)

    async def stop(self) -> None:
        """Close every socket."""
        for socket in list(self._sockets):
            await socket.close()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._sockets) + 1,
            "connection_info": {"app_id": self._app_id},
            "debug_info": {
                "host": "local",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
        }

    def _acked(self, data: str) -> None:
        answer = json.loads(data)
        _, acked = self._waiting.get(answer.get("envelope_id", ""), (None, None))
        if acked and not acked.done():
            payload = answer.get("payload") or {}
            acked.set_result(payload if isinstance(payload, dict) else {"text": str(payload)})

    def _gone(self, socket: web.WebSocketResponse) -> None:
        self._warned.discard(socket)
        if socket in self._sockets:
            self._sockets.remove(socket)
        for held_by, acked in list(self._waiting.values()):
            if held_by is socket and not acked.done():
                acked.set_exception(NotAcked("connection_failed"))
        self._on_change(self.connected)


def _envelope(kind: Kind, payload: Json, retry: Retry | None) -> Json:
    envelope: Json = {
        "envelope_id": str(uuid4()),
        "type": kind.value,
        "payload": payload,
        "accepts_response_payload": kind is not Kind.EVENT,
    }
    if kind is Kind.EVENT:
        envelope["retry_attempt"] = retry.number if retry else 0
        envelope["retry_reason"] = retry.reason if retry else ""
    return envelope
