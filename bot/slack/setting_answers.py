"""Answers about what is set for a channel or a person, what can be asked, and what can't yet."""

from __future__ import annotations

from dataclasses import replace

from bot.blocks import audiences, words, zones
from bot.intent import intents
from bot.intent.talk import WhatElse
from bot.services import Services
from bot.slack import audience
from bot.slack.asking import Ask, Reply, told_alone, voice, zone_in
from scheduler.sentences import sentence, zone_name


async def workflow(intent: intents.DefineWorkflow, ask: Ask, _: Services) -> Reply:
    """Show the stages that were read, and say that they can't be run yet."""
    when = None if intent.schedule is None else sentence(intent.schedule)
    return told_alone(words.workflow(intent.stages, when), ask)


async def set_zone(intent: intents.SetZone, ask: Ask, services: Services) -> Reply:
    """Set the channel's zone, take it away, or say which it is."""
    zone, zone_from = await zone_in(ask.channel, ask.person, services)
    if intent.mine:
        said = f"Slack keeps your time zone; I read it there ({zone_name(zone)} now)."
        return told_alone(words.plain(f"{said} Change it in Slack's preferences."), ask)
    if intent.off:
        await services.planner.set_zone(ask.channel, None, by=ask.by)
        zone, zone_from = await zone_in(ask.channel, ask.person, services)
        return told_alone(zones.present(zone, zone_from), ask)
    if intent.zone is None:
        return told_alone(zones.present(zone, zone_from), ask)
    await services.planner.set_zone(ask.channel, intent.zone, by=ask.by)
    return Reply(message=zones.is_set(zone, intent.zone), persona=voice(ask), is_public=True)


async def set_channel(intent: intents.SetChannel, ask: Ask, services: Services) -> Reply:
    """Set where results of new tasks asked for here go."""
    target = None
    if intent.channel is not None:
        target = await audience.resolve(intent.channel, ask.by, services)
    await services.planner.set_channel(ask.channel, target, by=ask.by)
    return told_alone(audiences.default_set(target), ask)


async def give_help(intent: intents.AskHelp, ask: Ask, services: Services) -> Reply:
    """Say what can be asked, or how to say it about one topic."""
    if intent.topic is not None and intent.topic != "agents":
        return told_alone(words.help_topic(intent.topic), ask)
    return told_alone(words.help_text(services.profiles.values()), ask)


async def unclear(intent: intents.Unclear, ask: Ask, _: Services) -> Reply:
    """Ask for what could not be read."""
    reply = told_alone(words.unclear(intent.understood, intent.question, intent.choices), ask)
    if not intent.understood:
        return reply
    waits = WhatElse(understood=intent.understood, reason=intent.reason, choices=intent.choices)
    return replace(reply, asked=waits)


async def not_yet(intent: intents.NotYet, ask: Ask, _: Services) -> Reply:
    """Say that this can't be done, and that nothing changed."""
    return told_alone(words.not_yet(intent.what), ask)


async def nothing(_: intents.Nothing, ask: Ask, __: Services) -> Reply:
    """Say to whoever called us what can be asked."""
    return told_alone(words.no_request(), ask)
