"""The web server inside our process: uvicorn, without its signal handlers and its hasty clock."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn
from fastapi import FastAPI

from bot.errors import StartError

LOOK_EVERY_S = 1.0


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._end = asyncio.Event()

    async def main_loop(self) -> None:
        """Wait for `end`; once a second, not ten times, the date in the answers is set."""
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._end.wait(), LOOK_EVERY_S)

    def end(self) -> None:
        """Stop serving, at once."""
        self.should_exit = True
        self._end.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the process: it stops its parts in order."""
        yield


class HttpServer:
    """Serves one web app; `port` 0 takes any free one, and `port` says which after `start`."""

    def __init__(self, web: FastAPI, *, host: str, port: int) -> None:
        self._host = host
        self.port = port
        config = uvicorn.Config(web, host=host, port=port, log_config=None, access_log=False)
        self._server = _Server(config)
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen; raises StartError when the port is taken."""
        self._serving = asyncio.ensure_future(self._server.serve())
        while not self._server.started:
            if self._serving.done():
                raise StartError(
                    f"Nothing can listen on {self._host}:{self.port}: is it in use? Set"
                    " CHATCRON_HTTP_PORT to a free port, or to 0 for any."
                )
            await asyncio.sleep(0.01)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Finish the requests in progress and stop listening."""
        if self._serving is not None:
            self._server.end()
            await self._serving
