"""The way Slack reaches us without an address of our own: Socket Mode."""

from __future__ import annotations

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp


class SocketConnection:
    """One socket to Slack; it reconnects by itself when Slack refreshes or drops it."""

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        self._handler = AsyncSocketModeHandler(app, app_token)
        self._handler.client.proxy = app.client.proxy

    async def start(self) -> None:
        """Connect; raises SlackApiError when Slack refuses the token."""
        await self._handler.connect_async()  # type: ignore[no-untyped-call]

    async def is_connected(self) -> bool:
        """Say whether events can reach us now."""
        return bool(await self._handler.client.is_connected())

    async def stop(self) -> None:
        """Close the socket; what Slack sends from now on waits for the next start."""
        await self._handler.close_async()  # type: ignore[no-untyped-call]
