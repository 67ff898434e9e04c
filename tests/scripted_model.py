"""A server that speaks chat completions on loopback and answers as a test scripts it.

Every request takes the next script; the last one stays. What was asked stands in `asked`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

Request = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Script:
    """How one request is answered: `says` as the model's text, or a raw `body` with a `status`.

    `refuses` is its refusal, `ends` why it stopped.
    """

    says: str | Callable[[Request], str] | None = None
    calls: tuple[tuple[str, dict[str, Any]], ...] = ()
    refuses: str | None = None
    ends: str | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    hangs: bool = False


HANG = Script(hangs=True)
EMPTY = Script(says="")
PLAIN_TEXT = Script(says="Sure! I scheduled that for you, have a nice day.")
HUGE = Script(says="All is scheduled. " * 6_000)
NO_JSON = Script(body=b"<html>502 Bad Gateway</html>")
REFUSAL = Script(refuses="I'm sorry, I can't help with that.")
TOOL_CALL = Script(calls=(("create_task", {"name": "all of it"}),))
CUT_SHORT = Script(says='{"request": "create", "work": "eyeball what we', ends="length")
NO_CHOICES = Script(
    body=b'{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[]}'
)
BROKEN = Script(status=500, body=b'{"error":{"message":"the server broke"}}')
BUSY = Script(status=429, headers={"Retry-After": "30"}, body=b'{"error":{"message":"slow down"}}')
BUSY_AT_A_LOSS = Script(status=429, body=b'{"error":{"message":"slow down"}}')
NO_KEY = Script(status=401, body=b'{"error":{"message":"wrong key"}}')
NO_SCHEMAS = Script(
    status=400, body=b'{"error":{"message":"response_format json_schema is not supported"}}'
)


def form(request: str, **slots: Any) -> Script:
    """Answer with a filled form."""
    return Script(says=json.dumps({"request": request, **slots}))


def tool_call(name: str, **arguments: Any) -> Script:
    """Answer by calling a tool."""
    return Script(calls=((name, arguments),))


def report(headline: Any, *lines: Any) -> Script:
    """Answer with a report's words."""
    return Script(says=json.dumps({"headline": headline, "lines": list(lines)}))


class ScriptedModel:
    """The server; `url` is what OPENAI_BASE_URL takes."""

    def __init__(self, *scripts: Script) -> None:
        self.scripts = list(scripts)
        self.asked: list[Request] = []
        self.url = ""
        self._ended = asyncio.Event()
        self._runner: web.AppRunner | None = None

    def play(self, *scripts: Script) -> None:
        """Forget what was scripted and asked, and answer like this from now on."""
        self.scripts = list(scripts)
        self.asked.clear()

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_post("/v1/chat/completions", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        _, port = self._runner.addresses[0][:2]
        self.url = f"http://127.0.0.1:{port}/v1"

    async def stop(self) -> None:
        """Let go of every request that hangs, and close."""
        self._ended.set()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _answer(self, request: web.Request) -> web.Response:
        asked: Request = await request.json()
        self.asked.append(asked)
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        if script.hangs:
            await self._ended.wait()
            return web.Response(status=503)
        if script.body is not None:
            return web.Response(
                status=script.status,
                body=script.body,
                headers={"Content-Type": "application/json", **script.headers},
            )
        return web.json_response(_completion(script, asked))


def _completion(script: Script, asked: Request) -> dict[str, Any]:
    says = script.says(asked) if callable(script.says) else script.says
    message: dict[str, Any] = {"role": "assistant", "content": says}
    if script.refuses is not None:
        message["refusal"] = script.refuses
    if script.calls:
        message["tool_calls"] = [
            {
                "id": f"call_{number}",
                "type": "function",
                "function": {"name": name, "arguments": json.dumps(arguments)},
            }
            for number, (name, arguments) in enumerate(script.calls)
        ]
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": asked["model"],
        "choices": [
            {
                "index": 0,
                "message": message,
                "finish_reason": script.ends or ("tool_calls" if script.calls else "stop"),
            }
        ],
        "usage": {"prompt_tokens": 900, "completion_tokens": 60, "total_tokens": 960},
    }
