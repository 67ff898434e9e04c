"""`/tasks`: a verb and a task, or a whole sentence; the answer is for the asker alone."""

from __future__ import annotations

from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.blocks.cards import Message
from bot.intent import reader
from bot.services import Services
from bot.slack.edge import told
from bot.slack.people import identify
from bot.slack.requests import Ask, answer, zone_of


async def on_tasks(
    ack: AsyncAck, command: dict[str, Any], respond: AsyncRespond, services: Services
) -> None:
    """Acknowledge, then do what the command says and tell the asker."""
    await ack()

    async def tell(message: Message) -> object:
        return await respond(**message.arguments(), response_type="ephemeral")

    async with told(tell, action="command"):
        person = await identify(
            command["user_id"],
            store=services.store,
            client=services.speaker.client,
            now=services.now,
        )
        reading = reader.read(
            spelled_out(str(command.get("text") or "")),
            now=services.now(),
            zone=zone_of(person, services)[0],
            agents=frozenset(services.profiles),
        )
        ask = Ask(
            person=person,
            channel=command["channel_id"],
            thread_ts=None,
            key=f"slash:{command['trigger_id']}",
            persona=reading.agent,
        )
        reply = await answer(reading.intent, ask, services)
        if reply is not None:
            await tell(reply.message)


_ALONE = {"": "list tasks", "list": "list tasks", "next": "what runs next?", "help": "help"}


def spelled_out(text: str) -> str:
    """Turn a bare verb into the sentence it stands for; anything else is read as it is."""
    words = " ".join(text.split())
    return _ALONE.get(words.casefold(), words)
