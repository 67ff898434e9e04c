"""Answers about who is told, templates, workflows, and what is set for a channel or a person."""

from __future__ import annotations

from dataclasses import replace

from bot.blocks import audiences, tellings, words, zones
from bot.intent import intents
from bot.services import Services
from bot.slack import audience
from bot.slack.asking import Ask, Reply, find, told_alone, voice, zone_in
from scheduler.errors import Refused
from scheduler.sentences import sentence, zone_name
from scheduler.shelf import filled
from storage.policies import Notice, NoticeOn

_ON = {each.value: each for each in NoticeOn}


async def set_notices(intent: intents.SetNotices, ask: Ask, services: Services) -> Reply:
    """Tell others of a task's runs, or no longer."""
    if intent.ref is None:
        raise Refused("Which task do you mean? Nothing changed.", fix="Name it, like T-12.")
    task = await find(intent.ref, ask, services)
    wanted = await resolved(intent.notices, ask, services)
    edited = await services.planner.notify(task.id, wanted, stop=intent.stop, by=ask.by)
    message = tellings.told(edited.after, wanted, stop=intent.stop)
    return Reply(message=message, persona=task.agent, is_public=True, about=task)


async def resolved(
    said: tuple[intents.Notice, ...], ask: Ask, services: Services
) -> tuple[Notice, ...]:
    """Give whom these notices tell, by Slack's own names; raises Refused."""
    return tuple([await _resolved(each, ask, services) for each in said])


async def _resolved(each: intents.Notice, ask: Ask, services: Services) -> Notice:
    """Give the channel or the person that a notice names; raises Refused for what can't be told."""
    on, said = _ON[each.on], each.target.strip()
    if each.by == "email" or ("@" in said[1:] and not said.startswith("<@")):
        raise Refused(
            "I can't send email yet; nothing changed.",
            fix="I can tell you in a direct message: “dm me when it fails”.",
        )
    if said.casefold() in ("me", "us", "the owner"):
        return Notice(target=ask.person.id, on=on)
    if said.startswith("<@"):
        return Notice(target=said.strip("<@>").partition("|")[0], on=on)
    if said.startswith(("#", "<#")):
        return Notice(target=await audience.resolve(said, ask.by, services), on=on)
    raise Refused(
        f"I don't know who “{said[:60]}” is; nothing changed.",
        fix="Mention the person or the channel, so that it becomes a link.",
    )


async def save_template(intent: intents.SaveTemplate, ask: Ask, services: Services) -> Reply:
    """Keep a task's work under a name."""
    task = await find(intent.ref, ask, services)
    kept = await services.shelf.save(task.id, intent.name, by=ask.by)
    return told_alone(words.template_saved(kept), ask, persona=task.agent)


async def list_templates(_: intents.ListTemplates, ask: Ask, services: Services) -> Reply:
    """Show the templates that the asker may see."""
    return told_alone(words.templates(await services.shelf.all(by=ask.by)), ask)


async def task_from_template(
    intent: intents.UseTemplate, ask: Ask, services: Services
) -> intents.CreateTask:
    """Give the request for a task that a template stands for."""
    template = await services.shelf.find(intent.template, by=ask.by)
    made = filled(template, dict(intent.variables))
    zone = (await zone_in(ask.channel, ask.person, services))[0]
    schedule = intent.schedule or (made.schedule and replace(made.schedule, zone=zone))
    return intents.CreateTask(
        agent=intent.agent or made.agent,
        name=made.name[:1].upper() + made.name[1:],
        prompt=made.prompt,
        schedule=schedule,
        zone_in_text=intent.zone_in_text,
        assumed=intent.assumed,
        choices=intent.choices,
        run_now=intent.run_now,
    )


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
