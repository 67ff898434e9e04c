"""The HTTP side: health for whoever watches us, and Slack's events where no socket is used."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp

from bot.metrics import Sheet
from bot.readiness import Signs

Health = Callable[[], Awaitable[Signs]]
Measure = Callable[[], Awaitable[Sheet]]


def build_routes(slack: AsyncApp | None, health: Health, metrics: Measure) -> FastAPI:
    """Give the web app; `slack` is None where events come by socket."""
    web = FastAPI(title="Chatcron", docs_url=None, redoc_url=None, openapi_url=None)

    @web.get("/livez")
    async def live() -> Response:
        """Answer as long as the process does."""
        return PlainTextResponse("alive\n")

    @web.get("/readyz")
    async def ready() -> Response:
        """Say which part works, and why; 503 unless all do."""
        found = await health()
        is_ready = all(each.ok for each in found.values())
        body = {"ready": is_ready, "checks": {name: asdict(it) for name, it in found.items()}}
        return JSONResponse(body, status_code=200 if is_ready else 503)

    @web.get("/metrics")
    async def measured() -> Response:
        """Give the figures as Prometheus reads them."""
        sheet = await metrics()
        return Response(sheet.body, media_type=sheet.media_type)

    if slack is not None:
        handler = AsyncSlackRequestHandler(slack)

        @web.post("/slack/events")
        async def slack_events(request: Request) -> Response:
            """Take events, commands and clicks, signed by Slack."""
            return await handler.handle(request)

    return web
