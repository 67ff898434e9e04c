"""The shapes a schedule can have: wall times beside an IANA zone, never instants alone.

Written by `bot.intent`, expanded into instants by `scheduler.recurrence`, stored as JSON.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import IntEnum
from typing import Any


class Weekday(IntEnum):
    """A day of the week, numbered as Python's `date.weekday` does: Monday is 0."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


WORKDAYS = tuple(Weekday(number) for number in range(5))
WEEKEND = (Weekday.SATURDAY, Weekday.SUNDAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """Every local day at each of `times`."""

    times: tuple[time, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """On each of `weekdays`, every week, at each of `times`."""

    weekdays: tuple[Weekday, ...]
    times: tuple[time, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Monthly:
    """On each of `days` of every month (1 to 31; -1 is the last day) at each of `times`.

    A month that lacks the day is passed over.
    """

    days: tuple[int, ...]
    times: tuple[time, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """A five-field cron expression, read on the wall clock as Debian's cron reads it."""

    expression: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """A true interval of `seconds` of elapsed time, counted from `anchor` (UTC)."""

    seconds: int
    anchor: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """One moment: the wall time `at` on the local day `on`."""

    on: date
    at: time


Rule = Daily | Weekly | Monthly | Cron | Every | Once


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A rule in the wall time of `zone`, with optional bounds.

    `starts` and `ends` are local days, both included; `count` is how many due moments there will
    ever be. A task without a schedule runs on demand only.
    """

    rule: Rule
    zone: str
    starts: date | None = None
    ends: date | None = None
    count: int | None = None


_KINDS: dict[str, type[Rule]] = {
    "daily": Daily,
    "weekly": Weekly,
    "monthly": Monthly,
    "cron": Cron,
    "every": Every,
    "once": Once,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def to_json(schedule: Schedule) -> dict[str, Any]:
    """Give the schedule as plain JSON values; `from_json` gives it back unchanged."""
    rule = schedule.rule
    body: dict[str, Any] = {"kind": _NAMES[type(rule)], "zone": schedule.zone}
    match rule:
        case Daily():
            body["times"] = _times_out(rule.times)
        case Weekly():
            body |= {"weekdays": [int(day) for day in rule.weekdays]}
            body["times"] = _times_out(rule.times)
        case Monthly():
            body |= {"days": list(rule.days), "times": _times_out(rule.times)}
        case Cron():
            body["expression"] = rule.expression
        case Every():
            body |= {"seconds": rule.seconds, "anchor": rule.anchor.astimezone(UTC).isoformat()}
        case Once():
            body |= {"on": rule.on.isoformat(), "at": rule.at.isoformat("minutes")}
    bounds = {"starts": schedule.starts, "ends": schedule.ends}
    body |= {name: day.isoformat() for name, day in bounds.items() if day is not None}
    if schedule.count is not None:
        body["count"] = schedule.count
    return body


def from_json(body: dict[str, Any]) -> Schedule:
    """Rebuild what `to_json` wrote; raises KeyError or ValueError on anything else."""
    return Schedule(
        rule=_rule_from(body),
        zone=body["zone"],
        starts=_day(body.get("starts")),
        ends=_day(body.get("ends")),
        count=body.get("count"),
    )


def _rule_from(body: dict[str, Any]) -> Rule:
    match _KINDS[body["kind"]]:
        case kind if kind is Daily:
            return Daily(times=_times_in(body["times"]))
        case kind if kind is Weekly:
            days = tuple(Weekday(day) for day in body["weekdays"])
            return Weekly(weekdays=days, times=_times_in(body["times"]))
        case kind if kind is Monthly:
            return Monthly(days=tuple(body["days"]), times=_times_in(body["times"]))
        case kind if kind is Cron:
            return Cron(expression=body["expression"])
        case kind if kind is Every:
            return Every(seconds=body["seconds"], anchor=datetime.fromisoformat(body["anchor"]))
        case _:
            return Once(on=date.fromisoformat(body["on"]), at=time.fromisoformat(body["at"]))


def _times_out(times: tuple[time, ...]) -> list[str]:
    return [at.isoformat("minutes") for at in times]


def _times_in(times: list[str]) -> tuple[time, ...]:
    return tuple(time.fromisoformat(at) for at in times)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
