"""The answers a draft offers as buttons: each is a click that settles what was assumed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time

from scheduler.sentences import sentence

from scheduler.planner import CONFIRM, Change
from storage.records import Task
from storage.schedules import Daily, Monthly, Once, Rule, Schedule, Weekly

OFFERED_TIMES = (time(8), time(9), time(10))
_QUESTIONS = {
    "time": "What time should it run?",
    "meridiem": "Morning or afternoon?",
    CONFIRM: "Is that right?",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One button of a draft: what it says and what it changes."""

    label: str
    change: Change


def question(task: Task) -> str:
    """Ask for what a draft misses first."""
    asked = [_QUESTIONS[slot] for slot in task.assumed if slot in _QUESTIONS]
    return asked[0] if asked and len(task.assumed) == 1 else "Is that what you mean?"


def answers(task: Task) -> tuple[Answer, ...]:
    """Offer up to three answers that arm a draft; the first that was assumed leads."""
    settled = task.assumed
    if task.schedule is None:
        return (Answer(label="Create it", change=Change(settles=settled)),)
    as_read = Answer(label=_yes(task.schedule), change=Change(settles=settled))
    times = _times(task.schedule.rule)
    if len(times) != 1:
        return (as_read,)
    if task.assumed == ("time",):
        return tuple(_at(task.schedule, at, settled) for at in OFFERED_TIMES)
    if "meridiem" in task.assumed:
        return tuple(_at(task.schedule, at, settled) for at in readings(task.schedule))
    return (as_read,)


def readings(schedule: Schedule) -> tuple[time, ...]:
    """Give both readings of a schedule's one bare time, the morning's first."""
    read = _times(schedule.rule)[0]
    return tuple(sorted((read, read.replace(hour=(read.hour + 12) % 24))))


def with_times(schedule: Schedule, times: tuple[time, ...]) -> Schedule:
    """Give the schedule at other times of day, all else equal; one without times stays as it is."""
    match schedule.rule:
        case Daily() | Weekly() | Monthly():
            return replace(schedule, rule=replace(schedule.rule, times=times))
        case Once():
            return replace(schedule, rule=replace(schedule.rule, at=times[0]))
        case _:
            return schedule


def _at(schedule: Schedule, at: time, settled: tuple[str, ...]) -> Answer:
    changed = with_times(schedule, (at,))
    return Answer(label=at.isoformat("minutes"), change=Change(schedule=changed, settles=settled))


def _times(rule: Rule) -> tuple[time, ...]:
    match rule:
        case Daily(times=times) | Weekly(times=times) | Monthly(times=times):
            return times
        case Once(at=at):
            return (at,)
        case _:
            return ()


def _yes(schedule: Schedule) -> str:
    said = f"Yes, {sentence(schedule)}"
    return said if len(said) <= 75 else "Yes"
