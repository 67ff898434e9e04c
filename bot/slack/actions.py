"""Buttons: each click names its task, the version its card showed, and what it wants."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, cast

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.blocks import answers, cards, details, forms, parking, stories, tellings, words
from bot.blocks.cards import Message
from bot.intent import intents
from bot.services import Services
from bot.slack import (
    audience,
    crowd_answers,
    notice_answers,
    readings,
    requests,
    talks,
    task_answers,
)
from bot.slack.asking import Ask, Reply, show_present_card
from bot.slack.clicks import Click
from bot.slack.edge import told
from bot.slack.modals import fill, open_early
from scheduler.errors import no_such_task
from scheduler.rights import Act
from scheduler.wishes import Change
from storage.records import Actor, Origin, Task, TaskId, TaskState
from storage.schedule_json import from_json


async def on_click(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    respond: AsyncRespond,
    services: Services,
) -> None:
    """Acknowledge, do what the button says, and show the result where the button was."""
    await ack()
    if not body.get("response_url"):  # a click in the Home tab has no message to answer
        respond = cast("AsyncRespond", _in_direct_message(body["user"]["id"], services))

    form: str | None = None

    async def tell(message: Message) -> None:
        if form is not None:
            await fill(form, forms.only_saying(message.text), services)
            return
        await respond(
            **message.arguments(),
            response_type="ephemeral",
            replace_original=False,
            thread_ts=(body.get("message") or {}).get("thread_ts"),
        )

    async with told(tell, action="click"):
        if _verb_of(action) == "edit":
            form = await open_early(body["trigger_id"], services)
        click = replace(await _read(action, body, services), form=form)
        if click.is_stale:
            await _show(click, click.task, respond, services)
            await _tell(words.plain(_STALE), click, respond)
        else:
            await talks.settle_by(click, services)
            await _CLICKS[click.verb](click, respond, services)


def _in_direct_message(user: str, services: Services) -> Callable[..., Awaitable[None]]:
    async def respond(**said: Any) -> None:
        opened = await services.speaker.client.conversations_open(users=user)
        message = Message(text=said["text"], blocks=tuple(said["blocks"]))
        await services.speaker.say(opened["channel"]["id"], message, persona="anna")

    return respond


async def on_page(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    respond: AsyncRespond,
    services: Services,
) -> None:
    """Turn the page of a list."""
    await ack()

    async def tell(message: Message) -> object:
        return await respond(
            **message.arguments(), response_type="ephemeral", replace_original=False
        )

    async with told(tell, action="page"):
        message = await crowd_answers.list_page(int(action["value"]), body["user"]["id"], services)
        await respond(**message.arguments(), replace_original=True)


def _verb_of(action: dict[str, Any]) -> str:
    """Give what a button does, with its number; a line of the ⋯ menu says it in its value."""
    if action["action_id"] == "more":
        return str(action["selected_option"]["value"]).split(":", 2)[2]
    return str(action["action_id"])


async def _read(action: dict[str, Any], body: dict[str, Any], services: Services) -> Click:
    value = action.get("value") or action["selected_option"]["value"]
    task_id, version, extra = str(value).split(":", 2)
    async with services.store.read() as work:
        task = await work.tasks.get(TaskId(int(task_id)))
    if task is None:
        raise no_such_task(int(task_id))
    person = await services.directory.recall(body["user"]["id"])
    await services.gate.require(Act.LOOK, task, Actor(id=person.id, origin=Origin.CLICK))
    is_private = bool((body.get("container") or {}).get("is_ephemeral"))
    return Click(
        action=_verb_of(action),
        task=task,
        version=int(version),
        extra=extra,
        person=person,
        body=body,
        in_card=is_private or action.get("block_id") == cards.CARD,
    )


async def _show(
    click: Click, task: Task, respond: AsyncRespond, services: Services, *, lead: str = ""
) -> None:
    """Show the task where the click was: in place of a card, or beside anything else."""
    due = services.planner.preview(task) if task.state is not TaskState.PAUSED else []
    card = cards.task_card(task, due, services.now(), lead=lead)
    if click.in_card and click.may_show:
        await respond(**card.arguments(), replace_original=True)
    else:
        await _tell(card, click, respond)


async def _tell(message: Message, click: Click, respond: AsyncRespond) -> None:
    """Show the clicker something where the click was, in its thread if it was in one."""
    at = click.body.get("message") or {}
    await respond(
        **message.arguments(),
        response_type="ephemeral",
        replace_original=False,
        thread_ts=at.get("thread_ts"),
    )


def _ask(click: Click) -> Ask:
    return Ask(
        person=click.person,
        origin=Origin.CLICK,
        channel=click.task.channel,
        thread_ts=click.task.thread_ts,
        key=f"click:{click.body['trigger_id']}",
        task=click.task,
    )


async def _answer(click: Click, respond: AsyncRespond, services: Services) -> None:
    offered = answers.answers(click.task)
    number = int(click.extra)
    if click.task.state is not TaskState.DRAFT or number >= len(offered):
        await _show(click, click.task, respond, services)
        return
    chosen = offered[number]
    task = await services.planner.activate(
        click.task.id, by=click.by, change=Change(schedule=chosen.schedule)
    )
    await _show(click, task, respond, services, lead=cards.saved(click.task, task))
    await _show_elsewhere(click, task, services)
    if chosen.run_now:  # pressed twice at once, it still runs once
        key = f"answer:{click.task.id}:{click.version}"
        await _start(click, replace(_ask(click), key=key), respond, services)


async def _cancel(click: Click, respond: AsyncRespond, services: Services) -> None:
    if click.task.state is not TaskState.DRAFT:
        await _show(click, click.task, respond, services)
        return
    task = await services.planner.remove(click.task.id, by=click.by)
    await _show(click, task, respond, services, lead="Cancelled; nothing will run.")
    await _show_elsewhere(click, task, services)


async def _show_elsewhere(click: Click, task: Task, services: Services) -> None:
    """Bring the task's card up to date where the click was not in it, but in a reminder."""
    if (click.body.get("message") or {}).get("ts") != task.card_ts:
        await show_present_card(task, services)


async def _run(click: Click, respond: AsyncRespond, services: Services) -> None:
    await _start(click, _ask(click), respond, services)


async def _start(click: Click, ask: Ask, respond: AsyncRespond, services: Services) -> None:
    """Run it, and say so to all who read where the click was, if they may know the task."""
    asked = intents.RunTask(ref=intents.TaskRef(it=True))
    at = click.body["channel"]["id"]
    reply = await requests.answer(asked, replace(ask, channel=at), services)
    assert reply is not None
    if reply.is_public or at.startswith("D"):
        await _announce(click, reply, services)
    else:
        await _tell(reply.message, click, respond)


async def _announce(click: Click, reply: Reply, services: Services) -> None:
    """Say it where the click was: in the card's thread, or in the direct message."""
    channel = click.body["channel"]["id"]
    at = click.body.get("message") or {}
    await services.speaker.say(
        channel,
        reply.message,
        persona=reply.persona,
        thread_ts=at.get("thread_ts") or click.task.thread_ts
        if channel == click.task.channel
        else None,
    )


async def _edit(click: Click, _: AsyncRespond, services: Services) -> None:
    await services.gate.require(Act.CHANGE, click.task, click.by)
    if click.task.state is TaskState.REMOVED:
        raise no_such_task(click.task.id)
    await fill(str(click.form), forms.edit_form(click.task), services)


async def _take(click: Click, respond: AsyncRespond, services: Services) -> None:
    change = Change(schedule=from_json(json.loads(click.extra)), settles=click.task.assumed)
    edited = await services.planner.edit(click.task.id, change, by=click.by, version=click.version)
    await show_present_card(edited.after, services)
    message = cards.difference(edited.before, edited.after)
    await respond(**message.arguments(), replace_original=True)


async def _undo(click: Click, respond: AsyncRespond, services: Services) -> None:
    undone = await services.planner.undo(click.task.id, by=click.by, version=click.version)
    await audience.leave_card(undone, services)
    await show_present_card(undone.after, services)
    lead = cards.undone(undone.before, undone.after)
    await _show(click, undone.after, respond, services, lead=lead)


async def _pause(click: Click, respond: AsyncRespond, services: Services) -> None:
    task = await services.planner.pause(click.task.id, by=click.by)
    await show_present_card(task, services)
    await _show(click, task, respond, services)


async def _resume(click: Click, respond: AsyncRespond, services: Services) -> None:
    task = await services.planner.resume(click.task.id, by=click.by)
    await show_present_card(task, services)
    await _show(click, task, respond, services)


async def _delete(click: Click, respond: AsyncRespond, services: Services) -> None:
    if click.action == "delete" and click.extra == "delete":
        await services.gate.require(Act.CHANGE, click.task, click.by)
        await _tell(cards.delete_question(click.task), click, respond)
        await talks.ask_here(click, task_answers.shall_delete(click.task), services)
        return
    task = await services.planner.remove(click.task.id, by=click.by)
    await show_present_card(task, services)
    await _show(click, task, respond, services)


async def _retry(click: Click, respond: AsyncRespond, services: Services) -> None:
    """Look again at what the task waits for, and show how it stands then."""
    await services.watch.look(click.task.channel)
    async with services.store.read() as work:
        task = await work.tasks.get(click.task.id)
    assert task is not None
    await _show(click, task, respond, services, lead="Not yet." if task.hold else "")


async def _take_over(click: Click, respond: AsyncRespond, services: Services) -> None:
    """Make the clicker the owner of what waits for one."""
    numbers = [TaskId(int(number)) for number in click.extra.split(",")]
    taken = await services.warden.take_over(numbers, by=click.by)
    for task in taken:
        await show_present_card(task, services)
    if click.in_card:
        await _show(click, taken[0], respond, services)
    else:
        said = parking.taken_over(taken, click.person.id)
        await respond(**said.arguments(), replace_original=True)


async def _redirect(click: Click, respond: AsyncRespond, services: Services) -> None:
    """Let the task post in another place, as was asked."""
    edited = await audience.move(click.task, click.extra, click.by, services)
    message = cards.difference(edited.before, edited.after)
    await respond(**message.arguments(), replace_original=True)


async def _keep(_: Click, respond: AsyncRespond, __: Services) -> None:
    kept = words.plain("Kept; nothing changed.")
    await respond(**kept.arguments(), replace_original=True)


async def _details(click: Click, respond: AsyncRespond, _: Services) -> None:
    await _tell(details.details(click.task), click, respond)


async def _history(click: Click, respond: AsyncRespond, services: Services) -> None:
    async with services.store.read() as work:
        runs = await work.runs.history(click.task.id, task_answers.HISTORY)
    await _tell(stories.history(click.task, runs, services.now()), click, respond)


async def _why(click: Click, respond: AsyncRespond, services: Services) -> None:
    await _tell(await task_answers.tell_why(click.task, services), click, respond)


async def _see(click: Click, respond: AsyncRespond, services: Services) -> None:
    """Show the present card to the clicker alone."""
    due = services.planner.preview(click.task) if click.task.state is TaskState.ACTIVE else []
    await _tell(cards.task_card(click.task, due, services.now()), click, respond)


async def _choose(click: Click, respond: AsyncRespond, services: Services) -> None:
    """Do to the chosen task what was asked of a name that fitted several, if it is as it was."""
    intent = readings.chosen(click.extra)
    if click.is_old and not isinstance(intent, _ONLY_SHOWN):
        await _show_changed(click, respond, services)
        return
    ask = replace(_ask(click), channel=click.body["channel"]["id"])
    reply = await requests.answer(intent, ask, services)
    if reply is not None:
        if reply.asked is not None:
            await talks.ask_on(ask.channel, click.person.id, click.task, reply.asked, services)
        await respond(**reply.message.arguments(), replace_original=True)


async def _tell_others(click: Click, respond: AsyncRespond, services: Services) -> None:
    """Let the task tell those who were asked about, if it is as it was then."""
    notices = tellings.unpacked(click.extra)
    reply = await notice_answers.tell(click.task, notices, _ask(click), services)
    await respond(**reply.message.arguments(), replace_original=True)


async def _show_changed(click: Click, respond: AsyncRespond, services: Services) -> None:
    lead = "It has changed since I asked; nothing happened now."
    await _show(click, click.task, respond, services, lead=lead)


async def _accept(click: Click, respond: AsyncRespond, services: Services) -> None:
    """Do what a model read and the clicker confirms, unless the task has changed since."""
    if click.is_old:
        await _show_changed(click, respond, services)
        return
    ask = replace(_ask(click), channel=click.body["channel"]["id"])
    reply = await readings.accepted(click.extra, ask, services)
    if reply is None or not reply.is_public:
        message = words.plain("Done.") if reply is None else reply.message
        await respond(**message.arguments(), replace_original=True)
        return
    await respond(delete_original=True)
    await _announce(click, reply, services)


_ONLY_SHOWN = (
    intents.ShowTask, intents.ShowHistory, intents.ShowNext, intents.AskWhy, intents.DeleteTask
)  # fmt: skip
"""What a choice only shows, or asks about first."""
_STALE = "That card was old, so nothing changed; it shows now how the task stands."
_CLICKS: dict[str, Callable[[Click, AsyncRespond, Services], Awaitable[None]]] = {
    "answer": _answer,
    "cancel": _cancel,
    "run": _run,
    "edit": _edit,
    "take": _take,
    "undo": _undo,
    "pause": _pause,
    "resume": _resume,
    "delete": _delete,
    "retry": _retry,
    "takeover": _take_over,
    "redirect": _redirect,
    "keep": _keep,
    "tell": _tell_others,
    "history": _history,
    "details": _details,
    "why": _why,
    "show": _see,
    "choose": _choose,
    "accept": _accept,
}
CLICKS = tuple(_CLICKS)
"""What a button's action id may begin with, besides `more` and `page_…`."""
