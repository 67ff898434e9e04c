"""The form a language model fills in about one message: words and wall-clock slots, nothing else.

It holds no instants and no cron, so that no model does zone arithmetic; `bot.intent.checks` turns
a filled form into an intent, or says what is wrong with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.intent.errors import Misread

LONGEST = 16_000
"""Characters of an answer that are read at all; a filled form has a few hundred."""

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Unit = Literal["minutes", "hours", "days", "weeks"]
Request = Literal[
    "create", "list", "show", "pause", "resume", "delete", "run", "history", "why", "next",
    "edit", "undo", "help", "nothing", "bulk", "notify", "save_template", "use_template",
    "templates", "workflow", "export", "zone", "channel", "clarify",
]  # fmt: skip


class Form(BaseModel):
    """Values that refuse fields they do not know; every field is there, null where it is open."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class When(Form):
    """When a task runs, on the wall clock: times "HH:MM", dates "YYYY-MM-DD", a zone in words."""

    repeats: Literal["once", "daily", "weekly", "monthly", "interval"] | None
    times: list[str] | None
    weekdays: list[Weekday] | None
    month_days: list[int] | None
    weeks_of_month: list[int] | None
    months: list[int] | None
    every: int | None
    unit: Unit | None
    between_from: str | None
    between_to: str | None
    date: str | None
    in_minutes: int | None
    zone: str | None
    starts: str | None
    ends: str | None
    count: int | None


class Slots(Form):
    """What one message asks for, as far as it says so."""

    request: Request
    task: str | None
    agent: str | None
    name: str | None
    work: str | None
    when: When | None
    run_now: bool | None
    on_demand: bool | None
    time_limit_minutes: int | None
    retries: int | None
    channel: str | None
    only: Literal["active", "paused", "failed"] | None
    mine: bool | None
    limit: int | None
    retold: str | None
    question: str | None


def schema() -> dict[str, Any]:
    """Give the form as a JSON schema that servers can hold a model to."""
    return Slots.model_json_schema()


def parse(answer: str) -> Slots:
    """Read a filled form out of an answer; raises Misread where it holds none.

    Text around the object is passed over and a field that is missing counts as open, for servers
    that can't hold their model to a schema.
    """
    if len(answer) > LONGEST:
        raise Misread(f"The answer has {len(answer)} characters; give the JSON object alone.")
    start, end = answer.find("{"), answer.rfind("}")
    if start < 0 or end < start:
        raise Misread("The answer holds no JSON object.")
    try:
        given = json.loads(answer[start : end + 1])
    except (ValueError, RecursionError):
        raise Misread("The answer is not valid JSON.") from None
    try:
        return Slots.model_validate(_whole(given))
    except ValidationError as wrong:
        raise Misread(_told(wrong)) from None


def _whole(given: Mapping[str, Any]) -> dict[str, Any]:
    """Count what is missing as open."""
    whole = dict.fromkeys(Slots.model_fields) | dict(given)
    when = whole["when"]
    if isinstance(when, dict):
        whole["when"] = dict.fromkeys(When.model_fields) | when
    return whole


def _told(wrong: ValidationError) -> str:
    first = wrong.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"The field {place[:60]} is wrong: {first['msg'][:200]}."
