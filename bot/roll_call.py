"""What is said when a start finds fewer tasks on than there were: in the log, and to each admin."""

from __future__ import annotations

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot.blocks.cards import Message
from bot.services import Services
from scheduler.headcount import Drop

log = structlog.get_logger(__name__)


def sentence(drop: Drop) -> str:
    """Tell an admin, in numbers alone: names of tasks are for those who are in their channels."""
    gone = len(drop.lost)
    those = "the one that is missing" if gone == 1 else f"the {gone} that are missing"
    return (
        f"I started with {drop.after} active {'task' if drop.after == 1 else 'tasks'}; when I last"
        f" counted there were {drop.before}, and nobody paused or removed {those}. My log names"
        " the numbers. Was another database or an older copy put in place? `chatcron doctor` says"
        " which one I use."
    )


async def tell_admins(drop: Drop, services: Services) -> None:
    """Log what is gone, and send each admin a direct message; who can't be reached is passed by."""
    numbers = ", ".join(f"T-{number}" for number in drop.lost)
    log.error("Tasks are gone that nobody ended", action="tasks_gone", tasks=numbers)
    for admin in await services.directory.admins():
        try:
            opened = await services.speaker.client.conversations_open(users=admin.id)
            message = Message(text=sentence(drop))
            await services.speaker.say(str(opened["channel"]["id"]), message, persona="")
        except (SlackApiError, ClientError, OSError, TimeoutError):
            log.warning("An admin could not be told", action="admin_not_told", exc_info=True)
