"""Where the settings say that a language model is asked, for the bot and for `chatcron parse`."""

from __future__ import annotations

from bot.llm.endpoint import VENDOR, Endpoint
from bot.settings import Settings


def endpoint_of(settings: Settings) -> Endpoint:
    """Say where the language model of the settings is asked."""
    key = settings.openai_api_key
    return Endpoint(
        model=settings.model,
        base_url=settings.openai_base_url or VENDOR,
        key="" if key is None else key.get_secret_value(),
    )
