"""The Home tab: published whenever somebody opens it, for what they may know of."""

from __future__ import annotations

from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.blocks.home import home
from bot.services import Services
from bot.slack.asking import listed

_NEXT_TIME = ("ratelimited", "not_enabled")

log = structlog.get_logger(__name__)


async def on_home_opened(event: dict[str, Any], services: Services) -> None:
    """Show somebody their tab."""
    if event.get("tab") == "home":
        await publish(event["user"], services)


async def publish(user: str, services: Services) -> None:
    """Bring somebody's tab up to date."""
    tasks = await listed(user, services)
    async with services.store.read() as work:
        last = await work.runs.last_of([task.id for task in tasks])
    view = home(tasks, last, reader=user, now=services.now())
    try:
        await services.speaker.client.views_publish(user_id=user, view=view)
    except SlackApiError as error:
        code = error.response.get("error")
        if code not in _NEXT_TIME:
            raise
        log.info("A Home tab stays as it was until it is opened again", action="home", error=code)
