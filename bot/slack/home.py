"""The Home tab: published whenever somebody opens it, for what they may know of."""

from __future__ import annotations

from typing import Any

from bot.blocks.home import home
from bot.services import Services
from bot.slack.requests import listed


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
    await services.speaker.client.views_publish(user_id=user, view=view)
