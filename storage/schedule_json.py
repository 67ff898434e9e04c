"""Schedules as plain JSON values, as they stand in the database, in drafts' buttons and exports.

A field that has its default is left out, so that what was written before a field existed reads on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from datetime import UTC, date, datetime, time
from enum import IntEnum
from typing import Any

from storage.schedules import (
    Cron,
    Daily,
    Every,
    Exceptions,
    Monthly,
    NthWeekday,
    NthWorkday,
    Once,
    Rule,
    Schedule,
    Several,
    Weekday,
    Weekly,
)

_KINDS: dict[str, type[Rule]] = {
    "daily": Daily,
    "weekly": Weekly,
    "monthly": Monthly,
    "nth_weekday": NthWeekday,
    "nth_workday": NthWorkday,
    "cron": Cron,
    "every": Every,
    "once": Once,
    "several": Several,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_FIELD_NAMES: dict[type[Any], frozenset[str]] = {
    kind: frozenset(field.name for field in fields(kind)) for kind in (*_NAMES, Schedule)
}


def to_json(schedule: Schedule) -> dict[str, Any]:
    """Give the schedule as plain JSON values; `from_json` gives it back unchanged."""
    body = _written(schedule)
    return {**_rule_out(body.pop("rule")), **{name: _plain(body[name]) for name in body}}


def from_json(body: dict[str, Any]) -> Schedule:
    """Rebuild what `to_json` wrote; raises KeyError or ValueError on anything else."""
    known = _FIELD_NAMES[Schedule] & body.keys()
    return Schedule(rule=_rule_in(body), **_read(Schedule, {name: body[name] for name in known}))


def _written(value: Any) -> dict[str, Any]:
    """Give the fields of a value that differ from their defaults."""
    named = ((field, getattr(value, field.name)) for field in fields(value))
    return {field.name: held for field, held in named if not _is_default(field, held)}


def _is_default(field: Field[Any], held: object) -> bool:
    return field.default is not MISSING and held == field.default


def _rule_out(rule: Rule) -> dict[str, Any]:
    kept = {name: _plain(value) for name, value in _written(rule).items()}
    return {"kind": _NAMES[type(rule)], **kept}


def _plain(value: Any) -> Any:
    match value:
        case IntEnum():
            return int(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case time():
            return value.isoformat("minutes")
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(each) for each in value]
        case Exceptions():
            return {name: _plain(held) for name, held in _written(value).items()}
        case _ if type(value) in _NAMES:
            return _rule_out(value)
        case _:
            return value


def _rule_in(body: dict[str, Any]) -> Rule:
    kind = _KINDS[body["kind"]]
    if kind is Several:
        return Several(rules=tuple(_rule_in(each) for each in body["rules"]))  # type: ignore[misc]
    names = _FIELD_NAMES[kind] & body.keys()
    return kind(**_read(kind, {name: body[name] for name in names}))


def _read(kind: type[Any], body: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _READERS.get((kind, name), _FIELDS.get(name, _as_is))(value)
        for name, value in body.items()
    }


def _as_is(value: Any) -> Any:
    return value


def _times(value: list[str]) -> tuple[time, ...]:
    return tuple(time.fromisoformat(at) for at in value)


def _weekdays(value: list[int]) -> tuple[Weekday, ...]:
    return tuple(Weekday(day) for day in value)


def _dates(value: list[str]) -> tuple[date, ...]:
    return tuple(date.fromisoformat(day) for day in value)


def _exceptions(body: dict[str, Any]) -> Exceptions:
    return Exceptions(**_read(Exceptions, body))


_FIELDS: dict[str, Callable[[Any], Any]] = {
    "times": _times,
    "weekdays": _weekdays,
    "days": tuple,
    "months": tuple,
    "monthdays": tuple,
    "nths": tuple,
    "anchor": date.fromisoformat,
    "starts": date.fromisoformat,
    "ends": date.fromisoformat,
    "ends_at": time.fromisoformat,
    "on": date.fromisoformat,
    "at": time.fromisoformat,
    "dates": _dates,
    "holidays": _dates,
    "yearly": lambda value: tuple((month, day) for month, day in value),
    "exceptions": _exceptions,
}
_READERS: dict[tuple[type[Any], str], Callable[[Any], Any]] = {
    (Every, "anchor"): datetime.fromisoformat,
    (NthWeekday, "nths"): lambda value: tuple((nth, Weekday(day)) for nth, day in value),
}
