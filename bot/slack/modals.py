"""The one form there is: when a task should run, in the person's own words."""

from __future__ import annotations

import json
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.blocks import forms
from bot.intent import intents, reader
from bot.services import Services
from bot.slack.requests import Ask, edit, show_present_card
from scheduler.errors import Refused, SchedulerError
from storage.records import Origin, Task, TaskId


async def on_time_given(
    ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], services: Services
) -> None:
    """Read the words, change the task, or say beside the field what is wrong with them."""
    where = json.loads(view["private_metadata"])
    words = forms.words_given(view)
    async with services.store.read() as work:
        task = await work.tasks.get(TaskId(where["task"]))
    assert task is not None
    person = await services.directory.recall(body["user"]["id"])
    ask = Ask(
        person=person,
        origin=Origin.FORM,
        channel=task.channel,
        thread_ts=task.thread_ts,
        key=view["id"],
        task=task,
    )
    try:
        reply, changed = await edit(task, _changes(words, task, services), ask, services)
    except SchedulerError as error:
        fix = getattr(error, "fix", "")
        await ack(response_action="errors", errors={forms.FIELD: f"{error} {fix}".strip()})
        return
    await ack()
    await show_present_card(changed, services)
    if reply.is_public:
        await services.speaker.say(
            task.channel, reply.message, persona=reply.persona, thread_ts=task.thread_ts
        )
    else:
        await services.speaker.whisper(
            task.channel, person.id, reply.message, persona=reply.persona
        )


def _changes(words: str, task: Task, services: Services) -> intents.Changes:
    """Read the words as a change of time; raises Refused when they are none."""
    reading = reader.read(
        f"make it {words}",
        now=services.now(),
        zone=task.zone,
        agents=frozenset(services.profiles),
        in_thread=True,
    )
    match reading.intent:
        case intents.EditTask(changes=changes) if changes.schedule is not None:
            return intents.Changes(schedule=changes.schedule)
        case intents.Unclear(question=question, understood=understood):
            raise Refused(f"{understood} {question}".strip())
        case _:
            raise Refused("I can't read that as a time.", fix="Try “8:30” or “weekdays at 9:00”.")
