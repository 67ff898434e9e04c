"""The form that edits a task: what was filled in becomes one change, or a word at each field."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError

from bot.blocks import answers, cards, forms, words
from bot.blocks.cards import Message
from bot.blocks.forms import Given
from bot.blocks.policies import IS_LEFT_OUT
from bot.blocks.text import escape
from bot.intent import fields
from bot.intent.changes import apply_change
from bot.services import Services
from bot.slack import audience
from bot.slack.asking import show_present_card
from bot.slack.edge import told
from scheduler.errors import BadSchedule, Refused, SchedulerError, Temporary
from scheduler.pace import check_leeway
from scheduler.rights import Act
from scheduler.wishes import Change, Edited, check_limits
from storage.policies import AS_USUAL, Leeway, Missed, Overlap
from storage.records import Actor, Hold, Origin, Task, TaskState
from storage.schedules import Schedule

ACK_WITHIN_S = 2.0
_REFUSABLE = ("delegate", "jitter_s", "holidays")
"""Fields that may be right in themselves and yet not for this task."""

log = structlog.get_logger(__name__)

Read = TypeVar("Read")


async def open_early(trigger_id: str, services: Services) -> str:
    """Open the form while Slack still lets us, before anything is looked up; gives its view id."""
    try:
        opened = await services.speaker.client.views_open(
            trigger_id=trigger_id, view=forms.only_saying("One moment…")
        )
    except SlackApiError as error:
        if error.response.get("error") not in _TOO_LATE:
            raise
        raise Temporary(
            "The form took longer than the three seconds Slack gives it; nothing changed.",
            fix="Ask for it again.",
        ) from error
    return str(opened["view"]["id"])


_TOO_LATE = ("expired_trigger_id", "exchanged_trigger_id")


async def on_edit_given(
    ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], services: Services
) -> None:
    """Change what was filled in, or say beside each field what is wrong with it.

    Slack waits three seconds for that; what takes longer is said in the form, in its place.
    """
    by = Actor(id=body["user"]["id"], origin=Origin.FORM)
    saving = asyncio.ensure_future(_save(view, by, services))
    done, _ = await asyncio.wait({saving}, timeout=ACK_WITHIN_S)
    if not done:
        await ack(response_action="update", view=forms.only_saying("One moment…"))
        saved = await _told_late(saving, view["id"], services)
    elif (saved := await saving).wrong:
        await ack(response_action="errors", errors=saved.wrong)
    else:
        await ack()
    if saved is None or saved.edited is None:
        return
    agent = saved.edited.after.agent
    async with told(lambda said: audience.tell_alone(by.id, said, agent, services), action="form"):
        await _tell(saved.edited, saved.goal, by, services)


_SAVED = "Saved. The task's card shows how it stands."
_ASKED = "Whether it shall post there I ask you in our direct messages."


async def _told_late(
    saving: asyncio.Future[_Saved], view_id: str, services: Services
) -> _Saved | None:
    """Say in the form what became of it; None where it could not even be said."""

    async def show(message: Message) -> None:
        await fill(view_id, forms.only_saying(message.text), services)

    async with told(show, action="form"):
        saved = await saving
        wrong = escape("\n".join(saved.wrong.values()))
        await show(words.plain(wrong or (_SAVED if saved.goal is None else _ASKED)))
        return saved
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Saved:
    """What became of a form: the change, and the place it asks for; or what is wrong, by field."""

    edited: Edited | None = None
    goal: str | None = None
    wrong: dict[str, str] = field(default_factory=dict)


async def _save(view: dict[str, Any], by: Actor, services: Services) -> _Saved:
    async with services.store.read() as work:
        task = await work.tasks.get(forms.task_of(view))
    assert task is not None
    try:  # first of all: whoever may not know the task any more learns nothing else of it
        await services.gate.require(Act.CHANGE, task, by)
    except SchedulerError as error:
        return _Saved(wrong={"name": _said(error)})
    given = forms.given(view, task)
    change, wrong = _change(given, task, services)
    if given.version != task.version:
        wrong = {"when": "Somebody changed this task meanwhile: leave this and open it again."}
    if not wrong and given.channel is not None:
        try:
            await audience.question(task, given.channel, by, services)
        except SchedulerError as error:
            wrong = {"channel": _said(error)}
    if wrong:
        return _Saved(wrong=wrong)
    try:
        edited = await services.planner.edit(task.id, change, by=by, version=given.version)
    except SchedulerError as error:
        beside = next((it for it in _REFUSABLE if getattr(given, it)), "name")
        return _Saved(wrong={"when" if isinstance(error, BadSchedule) else beside: _said(error)})
    return _Saved(edited=edited, goal=given.channel)


async def fill(view_id: str, view: dict[str, Any], services: Services) -> None:
    """Show something in place of what a form shows, unless the person has closed it."""
    try:
        await services.speaker.client.views_update(view_id=view_id, view=view)
    except SlackApiError as error:
        if error.response.get("error") != "not_found":
            raise
        log.info("A form was closed before it was filled in", action="form_closed")


async def _tell(edited: Edited, goal: str | None, by: Actor, services: Services) -> None:
    """Say what changed where the task posts; whether it shall post elsewhere is asked alone."""
    task = edited.after
    if goal is None and task == edited.before:  # the form has closed, and nothing is to be heard
        return
    is_shown = await show_present_card(task, services)
    said = cards.difference(edited.before, task)
    if edited.before.state is TaskState.DRAFT:
        is_owed = task.state is not TaskState.DRAFT and task.card_ts is None
        if not is_shown and not is_owed:  # else its card says it
            card = cards.task_card(task, services.planner.preview(task), services.now())
            await audience.tell_alone(by.id, card, task.agent, services)
    elif task.hold in (Hold.INVITATION, Hold.PLACE):
        await audience.tell_alone(by.id, said, task.agent, services)
    elif goal is None or task != edited.before:
        await services.speaker.say(task.channel, said, persona=task.agent, thread_ts=task.thread_ts)
    if goal is not None:
        asked = await audience.question(task, goal, by, services)
        await audience.tell_alone(by.id, asked, task.agent, services)


def _change(given: Given, task: Task, services: Services) -> tuple[Change, dict[str, str]]:
    """Turn what was filled in into one change; gives what is wrong by field, too."""
    form = _Form()
    zone = form.take("zone", fields.read_zone_name, given.zone) or task.zone
    timeout_s = form.take("timeout", _length, given.timeout)
    retries = form.take("retries", _retries, given.retries)
    name = form.take("name", _something, given.name)
    prompt = form.take("prompt", _something, given.prompt)
    schedule = form.take("when", lambda said: _schedule(said, zone, task, services), given.when)
    leeway = _leeway(form, given, task)
    change = Change(
        name=name,
        prompt=prompt,
        schedule=schedule,
        unscheduled=given.when == "",
        zone=zone if zone != task.zone else None,
        timeout_s=timeout_s,
        retries=retries,
        delegate=given.delegate,
        overlap=None if given.overlap is None else Overlap(given.overlap),
        missed=None if given.missed is None else Missed(given.missed),
        leeway=None if leeway == task.leeway else leeway,
        skip_holidays=None if given.holidays is None else given.holidays == IS_LEFT_OUT,
        settles=task.assumed if given.when is not None else (),
    )
    return change, form.wrong


def _leeway(form: _Form, given: Given, task: Task) -> Leeway:
    """Give the task's leeway with what was filled in; what was emptied is as usual."""
    kinds: dict[str, Callable[[str], int]] = {
        "fresh_s": fields.read_length,
        "jitter_s": fields.read_length,
        "spread_s": fields.read_length,
        "catch_up": fields.read_number,
        "pause_after": fields.read_number,
    }
    leeway = task.leeway
    for slot, reads in kinds.items():
        said = getattr(given, slot)
        if said is None:
            continue
        value: Any = form.take(slot, _checked(slot, reads), said) if said else None
        if slot not in form.wrong:
            usual = getattr(AS_USUAL, slot)
            leeway = replace(leeway, **{slot: value if said else usual})
    return leeway


def _checked(slot: str, reads: Callable[[str], int]) -> Callable[[str], int]:
    def read(words: str) -> int:
        value = reads(words)
        check_leeway(replace(AS_USUAL, **{slot: value}))
        return value

    return read


class _Form:
    """Takes one field after the other and keeps what is wrong with which."""

    def __init__(self) -> None:
        self.wrong: dict[str, str] = {}

    def take(self, field: str, read: Callable[[str], Read], words: str | None) -> Read | None:
        """Read a field; None where it was left as it was, or is wrong."""
        if words is None:
            return None
        try:
            return read(words)
        except Refused as error:
            self.wrong[field] = _said(error)
            return None


def _schedule(words: str, zone: str, task: Task, services: Services) -> Schedule | None:
    if not words:
        return None
    now = services.now()
    change = fields.read_when(words, now=now, zone=zone)
    schedule, assumed = apply_change(task.schedule, change, now, zone)
    if assumed:
        raise Refused(answers.question(assumed), fix="Say it in full, like “Mondays at 9:00”.")
    return schedule


def _length(words: str) -> int:
    seconds = fields.read_length(words)
    check_limits(seconds, None)
    return seconds


def _retries(words: str) -> int:
    number = fields.read_number(words)
    check_limits(None, number)
    return number


def _something(words: str) -> str:
    if not words:
        raise Refused("This can't be empty.")
    return words


def _said(error: SchedulerError) -> str:
    return f"{error} {getattr(error, 'fix', '')}".strip()
