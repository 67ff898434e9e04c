"""The form that changes a task, and how what was filled in is read back; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from bot.blocks import policies
from bot.blocks.kit import Block, context, section
from bot.blocks.text import clip
from scheduler.policy import lasting
from scheduler.sentences import sentence
from scheduler.wishes import MOST_RETRIES, NAME_LIMIT
from storage.policies import Missed, Overlap
from storage.records import Task, TaskId

EDIT_FORM = "edit_form"
INPUT = "given"
"""The action id of the one input in every field; the fields are told apart by their block ids."""
PROMPT_LIMIT = 3000
_SHORT = 200
Policy = TypeVar("Policy", Overlap, Missed, str)
_TOO_LONG = "The work is longer than a form takes ({length:,} characters), so it stays as it is."


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a person left in the form, each as text; what they left as it was is None.

    `version` is how the task stood when the form was opened.
    """

    version: int
    when: str | None
    zone: str | None
    name: str | None
    prompt: str | None
    channel: str | None
    timeout: str | None
    retries: str | None
    delegate: str | None
    overlap: str | None
    missed: str | None
    holidays: str | None = None
    fresh_s: str | None = None
    catch_up: str | None = None
    jitter_s: str | None = None
    spread_s: str | None = None
    pause_after: str | None = None


def edit_form(task: Task) -> dict[str, Any]:
    """Give the form, filled in with the task as it stands."""
    return {
        "type": "modal",
        "callback_id": EDIT_FORM,
        "private_metadata": json.dumps({"task": task.id, "version": task.version}),
        "title": _plain(f"Edit T-{task.id}"),
        "submit": _plain("Save"),
        "close": _plain("Leave it"),
        "blocks": [*_fields(task), *_notes(task)],
    }


def only_saying(text: str) -> dict[str, Any]:
    """Give a view that has nothing to fill in: a moment's wait, or a refusal."""
    return {
        "type": "modal",
        "title": _plain("Edit"),
        "close": _plain("Close"),
        "blocks": [section(text)],
    }


def _fields(task: Task) -> list[Block]:
    when = _words(_when(task), _SHORT)
    people = _select("users_select", "initial_user", task.delegate)
    place = _select("conversations_select", "initial_conversation", task.channel)
    place |= {"filter": {"include": ["public", "private", "mpim"]}}
    fields = [
        _field("when", "When", when, hint="Like “weekdays at 8:30”; empty: only when asked"),
        _field(
            "zone", "Time zone", _words(task.zone, _SHORT), hint="A city or a zone: Berlin, PST"
        ),
        _field("name", "Name", _words(task.name, NAME_LIMIT)),
        _field("prompt", "Work", _words(task.prompt, PROMPT_LIMIT) | {"multiline": True}),
        _field("channel", "Channel", place),
        _field("timeout", "Time limit of a run", _words(_limit(task), _SHORT)),
        _field("retries", "Retries", _words(str(task.retries), 2), hint=f"0 to {MOST_RETRIES}"),
        _field("delegate", "Told of failures when the owner can't be", people),
        _field("overlap", "A run due during another", _choice(policies.OVERLAPS, task.overlap)),
        _field("missed", "Of missed moments", _choice(policies.MISSED, task.missed)),
        _field("holidays", "A run due on a holiday", _choice(policies.HOLIDAYS, _holidays(task))),
        *_exactness(task),
    ]
    optional, absent = {"when", "delegate", *policies.LEEWAY}, set[str]()
    if task.schedule is None:
        absent |= {"holidays"}
    if task.channel.startswith("D"):  # it goes to no other place, and nobody else may read it
        absent |= {"channel", "delegate"}
    if len(task.prompt) > PROMPT_LIMIT:  # what the form can't hold must not be lost to it
        absent |= {"prompt"}
    return [
        field | {"optional": field["block_id"] in optional}
        for field in fields
        if field["block_id"] not in absent
    ]


def _exactness(task: Task) -> list[Block]:
    """Give the fields for how late, and how far apart, what comes due may start."""

    def field(slot: str, label: str, hint: str) -> Block:
        return _field(slot, label, _words(policies.leeway(task, slot), _SHORT), hint=hint)

    both = [
        field("jitter_s", "Start at a random moment within", "Like “5 min”; empty: at its time"),
        field("pause_after", "Pause after failures in a row", "Like 5; empty: never"),
    ]
    if task.missed in (Missed.SKIP, Missed.ASK):
        return both
    late = field("fresh_s", "A missed moment runs at most this late", "Like “2 h”; empty: as usual")
    if task.missed is Missed.LATEST:
        return [late, *both]
    most = field("catch_up", "How many of the missed run", "Up to 100; empty: 10")
    return [late, most, field("spread_s", "Spread them over", "Like “30 min”; empty: none"), *both]


def _notes(task: Task) -> list[Block]:
    is_long = len(task.prompt) > PROMPT_LIMIT
    return [context(_TOO_LONG.format(length=len(task.prompt)))] if is_long else []


def task_of(view: dict[str, Any]) -> TaskId:
    """Say which task a form was opened on."""
    return TaskId(json.loads(view["private_metadata"])["task"])


def given(view: dict[str, Any], task: Task) -> Given:
    """Read the form back; what still says what it said at first counts as left."""
    values = view["state"]["values"]
    left = {
        "when": _when(task),
        "zone": task.zone,
        "name": task.name[:NAME_LIMIT],
        "prompt": task.prompt,
        "channel": task.channel,
        "timeout": _limit(task),
        "retries": str(task.retries),
        "delegate": task.delegate or "",
        "overlap": str(task.overlap),
        "missed": str(task.missed),
        "holidays": _holidays(task),
        **{slot: policies.leeway(task, slot) for slot in policies.LEEWAY},
    }
    found = {name: _value(values.get(name)) for name in left}
    changed = {
        name: None if said is None or said == left[name].strip() else said
        for name, said in found.items()
    }
    return Given(version=int(json.loads(view["private_metadata"])["version"]), **changed)


def _when(task: Task) -> str:
    return "" if task.schedule is None else clip(sentence(task.schedule), _SHORT)


def _holidays(task: Task) -> str:
    is_left_out = task.schedule is not None and task.schedule.exceptions.holidays is not None
    return policies.IS_LEFT_OUT if is_left_out else policies.RUNS


def _limit(task: Task) -> str:
    return lasting(timedelta(seconds=task.timeout_s))


def _value(field: dict[str, Any] | None) -> str | None:
    """Give what one input holds, "" where it was emptied, None where the form lacks it."""
    if field is None:
        return None
    state = field[INPUT]
    if state.get("selected_option"):
        return str(state["selected_option"]["value"])
    for name in ("value", "selected_user", "selected_conversation"):
        if state.get(name):
            return str(state[name]).strip()
    return ""


def _field(name: str, label: str, element: Block, *, hint: str | None = None) -> Block:
    block: Block = {"type": "input", "block_id": name, "label": _plain(label), "element": element}
    return block if hint is None else block | {"hint": _plain(hint)}


def _words(value: str, limit: int) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": INPUT, "max_length": limit}
    return element | ({"initial_value": value[:limit]} if value else {})


def _select(kind: str, slot: str, value: str | None) -> Block:
    element: Block = {"type": kind, "action_id": INPUT}
    return element | ({slot: value} if value else {})


def _choice(words: Mapping[Policy, str], chosen: Policy) -> Block:
    """Make a menu of what may be chosen, in words, with what is so now."""
    options = {it: {"text": _plain(_capital(said)), "value": str(it)} for it, said in words.items()}
    return {
        "type": "static_select",
        "action_id": INPUT,
        "options": list(options.values()),
        "initial_option": options[chosen],
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}
