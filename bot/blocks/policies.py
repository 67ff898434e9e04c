"""Words for what a task does beside its work: on overlap, on missed moments, and whom it tells."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from bot.blocks.text import channel_link, person_link
from scheduler.destinations import is_person
from scheduler.policy import fresh_for, lasting
from storage.policies import AS_USUAL, Missed, Notice, NoticeOn, Overlap
from storage.records import Task

NAMED = 6
"""How many of those who are told a line names; it counts the others."""
OVERLAPS = {
    Overlap.SKIP: "is left out",
    Overlap.QUEUE: "waits for its turn",
    Overlap.CANCEL: "ends the earlier one",
    Overlap.ALLOW: "runs beside it",
}
"""What a run does that comes due while the one before it has not ended."""
MISSED = {
    Missed.LATEST: "the latest runs",
    Missed.ALL: "all of them run",
    Missed.SKIP: "none of them runs",
    Missed.ASK: "the owner is asked",
}
"""What becomes of moments that passed while nothing could run."""
RUNS, IS_LEFT_OUT = "run", "skip"
HOLIDAYS = {RUNS: "it runs as on any day", IS_LEFT_OUT: "it is left out"}
"""What a run does that comes due on one of the workspace's holidays."""
LEEWAY = {
    "fresh_s": "the latest start of a missed moment",
    "catch_up": "how many missed moments run, where all do",
    "jitter_s": "a random start within",
    "spread_s": "what was missed is spread over",
    "pause_after": "a pause after failures in a row",
}
"""How exact a task is, by the slots of its `Leeway`."""
_MOMENTS = {
    NoticeOn.START: "starts",
    NoticeOn.COMPLETE: "completes",
    NoticeOn.FAILURE: "fails",
    NoticeOn.OUTPUT: "finds something new",
}


def name_of(target: str) -> str:
    """Name a channel or a person that is told of runs."""
    return person_link(target) if is_person(target) else channel_link(target)


def event(on: NoticeOn) -> str:
    """Say at which moment of a run somebody is told."""
    return _MOMENTS[on]


def hearers(notices: Iterable[Notice]) -> str:
    """Say who is told and when, as in "#ops when it fails"; "nobody else" where nobody is."""
    every = list(notices)
    said: dict[NoticeOn, list[str]] = {}
    for notice in every[:NAMED]:
        said.setdefault(notice.on, []).append(name_of(notice.target))
    parts = [f"{listed(targets)} when it {_MOMENTS[on]}" for on, targets in said.items()]
    more = [f"and {len(every) - NAMED} more"] if len(every) > NAMED else []
    return ", ".join([*parts, *more]) or "nobody else"


def listed(words: list[str]) -> str:
    """Join words as in "a, b and c"."""
    return " and ".join([*([", ".join(words[:-1])] if words[1:] else []), words[-1]])


def leeway(task: Task, slot: str) -> str:
    """Say one slot of how exact a task is, as a form takes it; empty where it is none."""
    if slot == "fresh_s":
        limit = fresh_for(task)
        return "" if limit is None else lasting(limit)
    held = getattr(task.leeway, slot)
    if slot in ("jitter_s", "spread_s"):
        return lasting(timedelta(seconds=held)) if held else ""
    return "" if held is None else str(held)


def _inexact(task: Task) -> list[str]:
    """Say what a task may take more, or less, time for than others."""
    has, said = task.leeway, []
    if has.fresh_s is not None and task.missed in (Missed.LATEST, Missed.ALL):
        said.append(f"Starts at most {leeway(task, 'fresh_s')} late")
    if has.jitter_s:
        said.append(f"Starts within {leeway(task, 'jitter_s')} of its time")
    if has.spread_s:
        said.append(f"Spreads what it missed over {leeway(task, 'spread_s')}")
    if has.pause_after is not None:
        times = "1 failure" if has.pause_after == 1 else f"{has.pause_after} failures in a row"
        said.append(f"Pauses after {times}")
    return said


def unusual(task: Task) -> str:
    """Say what a task does that others do not unless they are told to; empty for none of it."""
    said = []
    if task.notices:
        said.append(f"Tells {hearers(task.notices)}")
    if task.overlap is not Overlap.SKIP:
        said.append(f"A run due during another {OVERLAPS[task.overlap]}")
    if task.missed is not Missed.LATEST:
        said.append(f"Of missed moments {missed(task)}")
    return " · ".join([*said, *_inexact(task)])


def missed(task: Task) -> str:
    """Say what becomes of a task's moments that passed while nothing could run."""
    if task.missed is not Missed.ALL or task.leeway.catch_up == AS_USUAL.catch_up:
        return MISSED[task.missed]
    count = task.leeway.catch_up
    return "the latest runs" if count == 1 else f"the latest {count} run"
