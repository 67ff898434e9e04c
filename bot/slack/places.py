"""Comings and goings: the bot and people join and leave, channels close and open, people change.

Each event is looked up in Slack before anything follows from it, so that a late one does no harm.
"""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncBoltContext

from bot.services import Services


async def on_joined(event: dict[str, Any], context: AsyncBoltContext, services: Services) -> None:
    """Let what waited for the bot, or for its owner, in a channel go on."""
    if event["user"] == context.bot_user_id:
        await services.directory.learn_place(event["channel"], has_bot=True)
    else:
        await services.directory.learn_member(event["channel"], event["user"], is_in=True)
    await services.warden.survey(event["channel"])


async def on_left(event: dict[str, Any], services: Services) -> None:
    """Take note of somebody who left a channel; what they own in a private one waits."""
    await services.directory.learn_member(event["channel"], event["user"], is_in=False)
    await services.warden.survey(event["channel"])


async def on_removed(event: dict[str, Any], services: Services) -> None:
    """Park the tasks of a channel that the bot was taken out of."""
    await services.directory.learn_place(event["channel"], has_bot=False)
    await services.warden.survey(event["channel"])


async def on_archived(event: dict[str, Any], services: Services) -> None:
    """Park the tasks of a channel that was closed, and keep what is owed there."""
    await services.directory.learn_place(event["channel"], is_archived=True)
    await services.warden.survey(event["channel"])


async def on_unarchived(event: dict[str, Any], services: Services) -> None:
    """Let the tasks of a channel that was opened again go on, where the bot is still in it."""
    await services.directory.learn_place(event["channel"], is_archived=False)
    await services.warden.survey(event["channel"])


async def on_person_changed(event: dict[str, Any], services: Services) -> None:
    """Take note of who somebody is now; the tasks of one who left ask for another owner."""
    described = event["user"]
    if await services.directory.relearn_person(described):
        await services.warden.survey_owner(described["id"])
