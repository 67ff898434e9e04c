"""The answers a question about time offers as buttons: each settles what was assumed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time

from scheduler.sentences import sentence
from scheduler.wishes import AGENT, CONFIRM
from storage.records import Task
from storage.schedules import (
    Daily,
    Monthly,
    NthWeekday,
    NthWorkday,
    Once,
    Rule,
    Schedule,
    Weekly,
)

OFFERED_TIMES = (time(8), time(9), time(10))
WHETHER = "schedule"
"""The slot of a draft that is plainly work for an agent, but with no word of when."""
_QUESTIONS = {
    "time": "What time should it run?",
    "meridiem": "Morning or afternoon?",
    CONFIRM: "Is that right?",
    WHETHER: "Now, or again and again?",
    AGENT: "Save it paused until then?",
}
_IN_ALL = "Is that what you mean?"
LABEL_LIMIT = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One button of a question about time: what it says and the schedule it means.

    `run_now` means once, at once.
    """

    label: str
    schedule: Schedule | None
    run_now: bool = False


def question(assumed: tuple[str, ...]) -> str:
    """Ask for what was assumed."""
    left = open_slots(assumed)
    return _QUESTIONS.get(left[0], _QUESTIONS[CONFIRM]) if len(left) == 1 else _IN_ALL


def open_slots(assumed: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the mere yes where something else is asked: that answer is a yes to the rest."""
    asked = tuple(slot for slot in assumed if slot not in (CONFIRM, AGENT))
    return asked or ((AGENT,) if AGENT in assumed else assumed)


def answers(task: Task) -> tuple[Answer, ...]:
    """Offer up to three answers that arm a draft, or save it where its agent can't work yet."""
    if AGENT in task.assumed and (task.schedule is None or open_slots(task.assumed) == (AGENT,)):
        return (Answer(label="Save paused", schedule=task.schedule),)
    if task.schedule is not None:
        return proposals(task.schedule, task.assumed)
    if WHETHER not in task.assumed:
        return (Answer(label="Create it", schedule=None),)
    daily = Schedule(rule=Daily(times=(OFFERED_TIMES[1],)), zone=task.zone)
    return (
        Answer(label="Run it now", schedule=None, run_now=True),
        Answer(label=f"E{sentence(daily)[1:]}", schedule=daily),
    )


def proposals(schedule: Schedule, assumed: tuple[str, ...]) -> tuple[Answer, ...]:
    """Offer up to three schedules in place of one that was partly assumed."""
    times = _times(schedule.rule)
    assumed = open_slots(assumed)
    if len(times) == 1 and assumed == ("time",):
        return tuple(_at(schedule, at) for at in _around(times[0]))
    if len(times) == 1 and "meridiem" in assumed:
        other = times[0].replace(hour=(times[0].hour + 12) % 24)
        return tuple(_at(schedule, at) for at in sorted((times[0], other)))
    said = f"Yes, {sentence(schedule)}"
    return (Answer(label=said if len(said) <= LABEL_LIMIT else "Yes", schedule=schedule),)


def with_times(schedule: Schedule, times: tuple[time, ...]) -> Schedule:
    """Give the schedule at other times of day, all else equal; one without times stays as it is."""
    match schedule.rule:
        case Daily() | Weekly() | Monthly() | NthWeekday() | NthWorkday():
            return replace(schedule, rule=replace(schedule.rule, times=times))
        case Once():
            return replace(schedule, rule=replace(schedule.rule, at=times[0]))
        case _:
            return schedule


def _around(assumed: time) -> tuple[time, ...]:
    """Offer the usual times of a morning, or for another part of the day the hours from there."""
    if assumed in OFFERED_TIMES:
        return OFFERED_TIMES
    return tuple(assumed.replace(hour=hour) for hour in range(assumed.hour, 24))[:3]


def _at(schedule: Schedule, at: time) -> Answer:
    return Answer(label=at.isoformat("minutes"), schedule=with_times(schedule, (at,)))


def _times(rule: Rule) -> tuple[time, ...]:
    match rule:
        case Daily() | Weekly() | Monthly() | NthWeekday() | NthWorkday():
            return rule.times
        case Once(at=at):
            return (at,)
        case _:
            return ()
