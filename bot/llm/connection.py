"""Connection: the model's client, made once and off the loop, since its import takes seconds."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.llm.endpoint import Endpoint

if TYPE_CHECKING:
    from bot.llm.intent_model import OpenAiModel


class Connection:
    """Gives the client to whoever asks; the first to ask, or `warm_up`, has it made."""

    def __init__(self, endpoint: Endpoint) -> None:
        endpoint.check()
        self.endpoint = endpoint
        self._making: asyncio.Future[OpenAiModel] | None = None

    def warm_up(self) -> None:
        """Begin to make the client, so that the first message does not wait for it."""
        if self._making is None:
            self._making = asyncio.ensure_future(asyncio.to_thread(_made, self.endpoint))

    async def model(self) -> OpenAiModel:
        """Give the client; a caller that gives up waiting does not undo what was begun."""
        self.warm_up()
        assert self._making is not None
        return await asyncio.shield(self._making)

    async def close(self) -> None:
        """Close the client, if there ever was one."""
        making, self._making = self._making, None
        if making is None:
            return
        await asyncio.wait([making])
        if making.exception() is None:
            await making.result().close()


def _made(endpoint: Endpoint) -> OpenAiModel:
    from bot.llm.intent_model import OpenAiModel

    return OpenAiModel(endpoint)
