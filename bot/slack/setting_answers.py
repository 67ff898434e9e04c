"""Answers about what is set for a channel or a person, what can be asked, and what can't yet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.blocks import audiences, topics, words, zones
from bot.blocks.cards import Message
from bot.intent import intents
from bot.intent.talk import WhatElse
from bot.services import Services
from bot.slack import audience
from bot.slack.asking import Ask, Reply, told_alone, voice, zone_in
from bot.slack.edge import told
from scheduler.sentences import sentence
from storage.records import Actor, Origin


async def workflow(intent: intents.DefineWorkflow, ask: Ask, _: Services) -> Reply:
    """Show the stages that were read, and say that they can't be run yet."""
    when = None if intent.schedule is None else sentence(intent.schedule)
    return told_alone(words.workflow(intent.stages, when), ask)


async def set_zone(intent: intents.SetZone, ask: Ask, services: Services) -> Reply:
    """Set the channel's zone, take it away, or say which it is."""
    zone, zone_from = await zone_in(ask.channel, ask.person, services)
    if intent.mine:
        return told_alone(zones.own(ask.person.zone), ask)
    if intent.off:
        await services.planner.set_zone(ask.channel, None, by=ask.by)
        return Reply(message=zones.is_off(), persona=voice(ask), is_public=True)
    if intent.zone is None:
        return told_alone(zones.present(zone, zone_from), ask)
    await services.planner.set_zone(ask.channel, intent.zone, by=ask.by)
    return Reply(message=zones.is_set(zone, intent.zone), persona=voice(ask), is_public=True)


async def set_channel(intent: intents.SetChannel, ask: Ask, services: Services) -> Reply:
    """Set where results of new tasks asked for here go; a wider audience is asked about."""
    target = None
    if intent.channel is not None:
        target = await audience.resolve(intent.channel, ask.by, services)
    if target not in (None, ask.channel) and await audience.reads_more(
        [str(target)], ask.channel, services
    ):
        await services.planner.check_channel(ask.channel, str(target), by=ask.by)
        place = await services.directory.place(str(target))
        assert place is not None
        readers = await audience.readers(place, services)
        return told_alone(audiences.default_question(place, readers=readers), ask)
    await services.planner.set_channel(ask.channel, target, by=ask.by)
    return Reply(message=audiences.default_set(target), persona=voice(ask), is_public=True)


async def on_posts_to(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    respond: AsyncRespond,
    services: Services,
) -> None:
    """Acknowledge, set where results of new tasks go, and say so in place of the question."""
    await ack()

    async def tell(message: Message) -> object:
        return await respond(
            **message.arguments(), response_type="ephemeral", replace_original=False
        )

    async with told(tell, action="click"):
        by = Actor(id=body["user"]["id"], origin=Origin.CLICK)
        target = str(action["value"])
        await services.planner.set_channel(body["channel"]["id"], target, by=by)
        await respond(**audiences.default_set(target).arguments(), replace_original=True)


async def give_help(intent: intents.AskHelp, ask: Ask, services: Services) -> Reply:
    """Say what can be asked, or how to say it about one topic."""
    if intent.topic is not None:
        return told_alone(topics.help_topic(intent.topic), ask)
    return told_alone(words.help_text(services.profiles.values()), ask)


async def unclear(intent: intents.Unclear, ask: Ask, _: Services) -> Reply:
    """Ask for what could not be read."""
    reply = told_alone(words.unclear(intent.understood, intent.question, intent.choices), ask)
    if not intent.understood:
        return reply
    waits = WhatElse(understood=intent.understood, reason=intent.reason, choices=intent.choices)
    return replace(reply, asked=waits)


async def nothing(said: intents.Nothing, ask: Ask, _: Services) -> Reply:
    """Say to whoever called us what can be asked, or answer their thanks."""
    if said.courtesy == "thanks":
        return told_alone(words.any_time(), ask)
    if said.courtesy == "greeting":
        return told_alone(words.greeting(), ask)
    return told_alone(words.no_request(), ask)
