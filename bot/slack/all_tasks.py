"""Pausing and resuming all tasks: asked once by `/tasks`, done by its button, told one person."""

from __future__ import annotations

from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.blocks import bulk
from bot.blocks.cards import Message
from bot.services import Services
from bot.slack.edge import told
from storage.records import Actor, Origin

_ASKED = {"pause all": "pause", "resume all": "resume"}


def asked_for(text: str) -> str | None:
    """Say what a command asks to do to all tasks, "pause" or "resume"; None where it does not."""
    return _ASKED.get(" ".join(text.casefold().split()).removesuffix(" tasks"))


async def question(what: str, *, channel: str, by: Actor, services: Services) -> Message:
    """Ask whether to, with how much it is about; raises NotAllowed to all but admins."""
    if what == "pause":
        return bulk.pause_question(await services.bulk.can_pause(channel=channel, by=by))
    return bulk.resume_question(await services.bulk.can_resume(channel=channel, by=by))


async def on_all(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    respond: AsyncRespond,
    services: Services,
) -> None:
    """Acknowledge, do what the button says, and say so in place of the question."""
    await ack()

    async def tell(message: Message) -> object:
        return await respond(
            **message.arguments(), response_type="ephemeral", replace_original=False
        )

    async with told(tell, action="click"):
        by = Actor(id=body["user"]["id"], origin=Origin.CLICK)
        message = await _done(action["action_id"], body["channel"]["id"], by, services)
        await respond(**message.arguments(), replace_original=True)


async def _done(what: str, channel: str, by: Actor, services: Services) -> Message:
    match what:
        case "all_pause":
            return bulk.paused(await services.bulk.pause(channel=channel, by=by))
        case "all_resume":
            return bulk.resumed(await services.bulk.resume(channel=channel, by=by))
        case _:
            return bulk.kept()
