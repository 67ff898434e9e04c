"""Rows to records and back: the one place that knows how a record lies in its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from storage.policies import Leeway, Missed, Notice, NoticeOn, Overlap
from storage.records import (
    Attempt,
    AttemptOutcome,
    AuditEntry,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Hold,
    Inbound,
    Origin,
    Person,
    Place,
    PlaceKind,
    Run,
    RunStatus,
    Task,
    TaskState,
    Template,
    Trigger,
    Version,
)
from storage.reports import Report
from storage.schedule_json import from_json, to_json

Row = Mapping[str, Any]
_REPORT: TypeAdapter[Report] = TypeAdapter(Report)
_INSTANTS = (
    "paused_until", "remind_at", "expires_at", "next_run_at", "created_at", "updated_at"
)  # fmt: skip
_ADDED: dict[str, Any] = {
    **dict.fromkeys(("delegate", "hold", "hold_reason", "remind_at", "expires_at")),
    "paused_until": None,
    "overlap": "skip",
    "missed": "latest",
    "leeway": {},
    "notices": [],
}
"""Slots that snapshots of earlier schemas lack, and what they stood for."""


def _pick(kind: type, row: Row) -> dict[str, Any]:
    return {name: row[name] for name in _names(kind)}


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(item.name for item in fields(kind))


def task_values(task: Task) -> dict[str, Any]:
    """Give the columns of a task, all but its id."""
    values = {item.name: getattr(task, item.name) for item in fields(Task) if item.name != "id"}
    values["state"] = str(task.state)
    values["hold"] = None if task.hold is None else str(task.hold)
    values["overlap"], values["missed"] = str(task.overlap), str(task.missed)
    values["leeway"] = _leeway_json(task.leeway)
    values["notices"] = [{"target": each.target, "on": str(each.on)} for each in task.notices]
    values["assumed"] = list(task.assumed)
    values["schedule"] = None if task.schedule is None else to_json(task.schedule)
    return values


def _leeway_json(leeway: Leeway) -> dict[str, int | None]:
    """Give what differs from the defaults."""
    named = {item.name: (getattr(leeway, item.name), item.default) for item in fields(Leeway)}
    return {name: held for name, (held, usual) in named.items() if held != usual}


def task_from(row: Row) -> Task:
    """Rebuild a task from its columns."""
    values = _pick(Task, row)
    values["state"] = TaskState(values["state"])
    values["hold"] = None if values["hold"] is None else Hold(values["hold"])
    values["overlap"] = Overlap(values["overlap"])
    values["missed"] = Missed(values["missed"])
    values["leeway"] = Leeway(**values["leeway"])
    values["notices"] = tuple(
        Notice(target=each["target"], on=NoticeOn(each["on"])) for each in values["notices"]
    )
    values["assumed"] = tuple(values["assumed"])
    if values["schedule"] is not None:
        values["schedule"] = from_json(values["schedule"])
    return Task(**values)


def task_snapshot(task: Task) -> dict[str, Any]:
    """Give a task as plain JSON, for the versions that undo reads."""
    values = task_values(task) | {"id": task.id}
    for name in _INSTANTS:
        values[name] = None if values[name] is None else values[name].isoformat()
    return values


def task_from_snapshot(body: Mapping[str, Any]) -> Task:
    """Rebuild what `task_snapshot` wrote."""
    row = _ADDED | dict(body)
    for name in _INSTANTS:
        row[name] = None if row[name] is None else datetime.fromisoformat(row[name])
    return task_from(row)


def template_values(template: Template) -> dict[str, Any]:
    """Give the columns of a template."""
    values = {item.name: getattr(template, item.name) for item in fields(Template)}
    values["schedule"] = None if template.schedule is None else to_json(template.schedule)
    return values


def template_from(row: Row) -> Template:
    """Rebuild a template from its columns."""
    values = _pick(Template, row)
    if values["schedule"] is not None:
        values["schedule"] = from_json(values["schedule"])
    return Template(**values)


def report_json(report: Report) -> dict[str, Any]:
    """Give a report as plain JSON."""
    body: dict[str, Any] = _REPORT.dump_python(report, mode="json")
    return body


def new_run_values(task: Task, trigger: Trigger, now: datetime) -> dict[str, Any]:
    """Give the columns that every new run of a task has."""
    return {
        "task_id": task.id,
        "task_version": task.version,
        "trigger": str(trigger),
        "moments": 1,
        "attempt": 0,
        "ready_at": now,
        "created_at": now,
    }


def run_from(row: Row) -> Run:
    """Rebuild a run from its columns."""
    values = _pick(Run, row)
    values["status"] = RunStatus(values["status"])
    values["trigger"] = Trigger(values["trigger"])
    if values["report"] is not None:
        values["report"] = _REPORT.validate_python(values["report"])
    return Run(**values)


def attempt_from(row: Row) -> Attempt:
    """Rebuild an attempt from its columns."""
    values = _pick(Attempt, row)
    if values["outcome"] is not None:
        values["outcome"] = AttemptOutcome(values["outcome"])
    return Attempt(**values)


def delivery_from(row: Row) -> Delivery:
    """Rebuild a delivery from its columns."""
    values = _pick(Delivery, row)
    values["kind"] = DeliveryKind(values["kind"])
    values["state"] = DeliveryState(values["state"])
    return Delivery(**values)


def version_from(row: Row) -> Version:
    """Rebuild a version from its columns."""
    return Version(**_pick(Version, row))


def person_from(row: Row) -> Person:
    """Rebuild a person from their columns."""
    return Person(**_pick(Person, row))


def place_from(row: Row) -> Place:
    """Rebuild a place from its columns."""
    values = _pick(Place, row)
    values["kind"] = PlaceKind(values["kind"])
    return Place(**values)


def audit_from(row: Row) -> AuditEntry:
    """Rebuild an audit entry from its columns."""
    values = _pick(AuditEntry, row)
    values["origin"] = Origin(values["origin"])
    return AuditEntry(**values)


def inbound_from(row: Row) -> Inbound:
    """Rebuild a received event from its columns."""
    return Inbound(**_pick(Inbound, row))
