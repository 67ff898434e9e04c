"""Answers about who is told of a task's runs; another audience is asked about first."""

from __future__ import annotations

from bot.blocks import tellings
from bot.intent import intents
from bot.services import Services
from bot.slack import audience
from bot.slack.asking import Ask, Reply, find, listed, show_present_card, told_alone
from scheduler.errors import Refused
from storage.policies import Notice, NoticeOn
from storage.records import Task


async def set_notices(intent: intents.SetNotices, ask: Ask, services: Services) -> Reply:
    """Tell others of a task's runs, or no longer."""
    if intent.ref is None and intent.stop and intent.notices and ask.task is None:
        return await _stop_everywhere(intent, ask, services)
    task = await find(intent.ref or intents.TaskRef(it=True), ask, services)
    wanted = await resolved(intent.notices, ask, services)
    if not intent.stop and await audience.is_wider(wanted, task.channel, services):
        await services.planner.check_notices(task.id, wanted, by=ask.by)
        return Reply(message=tellings.question(task, wanted), persona=task.agent)
    return await tell(task, wanted, ask, services, stop=intent.stop)


async def tell(
    task: Task, notices: tuple[Notice, ...], ask: Ask, services: Services, *, stop: bool = False
) -> Reply:
    """Add these to whom the task tells, or take them away, and say so."""
    edited = await services.planner.notify(task.id, notices, stop=stop, by=ask.by)
    await show_present_card(edited.after, services)
    message = tellings.told(edited.before, edited.after, notices, stop=stop)
    return Reply(message=message, persona=task.agent, is_public=True, about=task)


async def _stop_everywhere(intent: intents.SetNotices, ask: Ask, services: Services) -> Reply:
    """Tell somebody of no task any more; of several tasks only when that is confirmed."""
    wanted = await resolved(intent.notices, ask, services)
    targets = {notice.target for notice in wanted}
    tasks = await listed(ask.person.id, services)
    telling = [task for task in tasks if targets & {notice.target for notice in task.notices}]
    if len(telling) == 1:
        return await tell(telling[0], wanted, ask, services, stop=True)
    return told_alone(tellings.hush_question(wanted, telling), ask)


async def resolved(
    said: tuple[intents.Notice, ...], ask: Ask, services: Services
) -> tuple[Notice, ...]:
    """Give whom these notices tell, by Slack's own names; raises Refused."""
    return tuple([await _resolved(each, ask, services) for each in said])


async def _resolved(each: intents.Notice, ask: Ask, services: Services) -> Notice:
    """Give the channel or the person that a notice names; raises Refused for what can't be told."""
    on, said = NoticeOn(each.on), each.target.strip()
    if each.by == "email" or _is_address(said):
        raise Refused(
            "I can't send email yet; nothing changed.",
            fix="I can tell you or a channel in Slack: “tell me when T-12 fails”.",
        )
    if said.casefold() == "me":
        return Notice(target=ask.person.id, on=on)
    if said.casefold() == "the owner" and ask.task is not None:
        return Notice(target=ask.task.owner, on=on)
    if audience.is_here(said):
        is_direct = ask.channel.startswith("D")
        return Notice(target=ask.person.id if is_direct else ask.channel, on=on)
    if said.startswith("<@"):
        return Notice(target=said.strip("<@>").partition("|")[0], on=on)
    if said.startswith(("#", "<#")):
        return Notice(target=await audience.resolve(said, ask.by, services), on=on)
    raise Refused(
        f"I don't know who “{said[:60]}” is; nothing changed.",
        fix="Mention the person or the channel, so that it becomes a link.",
    )


def _is_address(said: str) -> bool:
    return "@" in said[1:] and not said.startswith("<@")
