"""Words for what a task does beside its work: on overlap, on missed moments, and whom it tells."""

from __future__ import annotations

from collections.abc import Iterable

from bot.blocks.text import channel_link, person_link
from scheduler.destinations import is_person
from storage.policies import Missed, Notice, NoticeOn, Overlap
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


def unusual(task: Task) -> str:
    """Say what a task does that others do not unless they are told to; empty for none of it."""
    said = []
    if task.notices:
        said.append(f"Tells {hearers(task.notices)}")
    if task.overlap is not Overlap.SKIP:
        said.append(f"A run due during another {OVERLAPS[task.overlap]}")
    if task.missed is not Missed.LATEST:
        said.append(f"Of missed moments {MISSED[task.missed]}")
    return " · ".join(said)
