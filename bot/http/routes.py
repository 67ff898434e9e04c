"""The HTTP side: health for whoever watches us, and Slack's events where no socket is used."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp

Health = Callable[[], Awaitable[Mapping[str, bool]]]


def build_routes(slack: AsyncApp | None, health: Health) -> FastAPI:
    """Give the web app; `slack` is None where events come by socket."""
    web = FastAPI(title="Chatcron", docs_url=None, redoc_url=None, openapi_url=None)

    @web.get("/livez")
    async def live() -> Response:
        """Answer as long as the process does."""
        return PlainTextResponse("alive\n")

    @web.get("/readyz")
    async def ready() -> Response:
        """Say which part works; 503 unless all do."""
        parts = await health()
        return JSONResponse(dict(parts), status_code=200 if all(parts.values()) else 503)

    if slack is not None:
        handler = AsyncSlackRequestHandler(slack)

        @web.post("/slack/events")
        async def slack_events(request: Request) -> Response:
            """Take events, commands and clicks, signed by Slack."""
            return await handler.handle(request)

    return web
