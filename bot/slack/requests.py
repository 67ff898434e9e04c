"""What becomes of a request: an intent goes in, the Planner is asked, a reply comes out.

The same for a message, a slash command and an edit in a modal; it knows no Slack payload.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.blocks import readings
from bot.intent import intents
from bot.intent.packing import packed
from bot.intent.talk import ShallPress, WhichTask
from bot.services import Services
from bot.slack import (
    crowd_answers,
    new_answers,
    notice_answers,
    presses,
    setting_answers,
    task_answers,
)
from bot.slack.asking import Answerer, Ask, Reply, told_alone
from scheduler.errors import AmbiguousTask


async def answer(intent: Any, ask: Ask, services: Services) -> Reply | None:
    """Do what was asked and say so; None where the answer is a card that is already owed.

    Raises Refused, with what to do, for what can't be done.
    """
    try:
        reply = await _ANSWERS[type(intent)](intent, ask, services)
        return None if reply is None else await _discreet(presses.waiting(reply), ask, services)
    except AmbiguousTask as error:
        choices = tuple(int(task.id) for task in error.choices)
        reply = told_alone(readings.which_of(intent, error.choices), ask)
        return replace(reply, asked=WhichTask(intent=packed(intent), choices=choices))


async def deleted(each: Sequence[intents.DeleteTask], ask: Ask, services: Services) -> Reply | None:
    """Ask about all deletes of one message at once; None where one of them is to be asked about."""
    try:
        return presses.waiting(await crowd_answers.ask_to_delete(each, ask, services))
    except AmbiguousTask:
        return None


async def pressed(asked: ShallPress, ask: Ask, services: Services) -> Reply:
    """Do what a question's button would, at a yes in words; raises Refused."""
    return await _discreet(await presses.press(asked, ask, services), ask, services)


async def _discreet(reply: Reply, ask: Ask, services: Services) -> Reply:
    """Keep what others in the place must not know between the bot and the asker."""
    if not reply.is_public or reply.about is None:
        return reply
    heard = await services.gate.visible_in([reply.about], ask.channel)
    return reply if heard else replace(reply, is_public=False)


_ANSWERS: dict[type, Answerer] = {
    intents.CreateTask: new_answers.create,
    intents.ListTasks: crowd_answers.show_list,
    intents.ChangeMany: crowd_answers.ask_many,
    intents.Export: crowd_answers.export,
    intents.ShowTask: task_answers.show,
    intents.PauseTask: task_answers.pause,
    intents.ResumeTask: task_answers.resume,
    intents.DeleteTask: task_answers.delete,
    intents.RunTask: task_answers.run,
    intents.ShowHistory: task_answers.history,
    intents.AskWhy: task_answers.why,
    intents.ShowNext: crowd_answers.show_next,
    intents.EditTask: task_answers.edit,
    intents.UndoChange: task_answers.undo,
    intents.SetNotices: notice_answers.set_notices,
    intents.SaveTemplate: new_answers.save_template,
    intents.UseTemplate: new_answers.use_template,
    intents.ListTemplates: new_answers.list_templates,
    intents.DefineWorkflow: setting_answers.workflow,
    intents.SetZone: setting_answers.set_zone,
    intents.SetChannel: setting_answers.set_channel,
    intents.AskHelp: setting_answers.give_help,
    intents.Unclear: setting_answers.unclear,
    intents.Nothing: setting_answers.nothing,
}
