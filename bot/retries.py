"""Which calls to Slack the client may repeat by itself; `bot.assemble` gives this to the client.

The SDK repeats any call whose connection broke. One that says something may have been heard, so
saying it again would say it twice: the courier looks it up in the channel instead.
"""

from __future__ import annotations

from aiohttp import ClientConnectorError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

SAYING = ("chat.postMessage", "chat.postEphemeral", "files.completeUploadExternal")


class RepeatUnlessSaid(AsyncConnectionErrorRetryHandler):
    """Repeats a call once when its connection broke, unless it says something and may be heard."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if request.url.endswith(SAYING) and not isinstance(error, ClientConnectorError):
            return False
        return await super()._can_retry_async(
            state=state, request=request, response=response, error=error
        )
