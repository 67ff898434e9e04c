"""Pure decisions about due moments and tries: each takes `now`, gives a verdict and its reason."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.policies import Missed, Overlap
from storage.records import Run, RunStatus, Task
from storage.runs import Moment

FRESHNESS = timedelta(hours=2)
"""How late a due moment may still start; a report that is older news than that helps nobody."""

LATE = timedelta(minutes=5)
"""How long after its moment a result is called late."""

ROWS_PER_OUTAGE = 100
"""How many missed moments of one outage get a row each; the rest share one that counts them."""

CAUGHT_UP = 10
"""How many of the moments that passed unrun are run later, where all of them are wanted."""

_FRESH: Mapping[Missed, timedelta | None] = {
    Missed.LATEST: FRESHNESS,
    Missed.ALL: None,
    Missed.SKIP: LATE,
    Missed.ASK: LATE,
}
"""How late a moment may start under each policy; later than that it was missed."""

_AWAY = "Chatcron was not running then, and "
_UNCAUGHT: Mapping[Missed, str] = {
    Missed.LATEST: _AWAY + "only the latest moment is caught up",
    Missed.ALL: f"{_AWAY}only the latest {CAUGHT_UP} moments are caught up",
    Missed.SKIP: _AWAY + "this task leaves out what it missed",
    Missed.ASK: _AWAY + "its owner is asked whether to catch up",
}
"""Why a moment before the one that is decided was missed."""
_TOO_LATE = "noticed_too_late"
_CAUSES = {_UNCAUGHT[missed]: f"passed_unrun_{missed}" for missed in Missed}
CAUSES = (_TOO_LATE, *_CAUSES.values())
"""The short names of why a moment was missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The due moment starts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """The due moment is left out on purpose."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """The due moment could not be kept."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """The due moment starts when the run before it has ended."""

    reason: str


Verdict = Start | Wait | Skip | Miss


def decide(task: Task, due_at: datetime, now: datetime, *, running: int) -> Verdict:
    """Say whether a due moment starts, waits, is skipped or was missed, and why.

    `running` counts the task's runs that have not ended, those that wait included.
    """
    late, limit = now - due_at, _FRESH[task.missed]
    if limit is not None and late > limit:
        return Miss(reason=f"noticed {lasting(late)} late; the limit is {lasting(limit)}")
    if not running or task.overlap in (Overlap.CANCEL, Overlap.ALLOW):
        return Start()
    if task.overlap is Overlap.SKIP:
        return Skip(reason=f"the run of {task.name} before it had not finished")
    if running > 1:
        return Skip(reason=f"a run of {task.name} was waiting for its turn already")
    return _turn(task)


def ends_earlier(task: Task, moments: Iterable[Moment], *, running: int) -> str | None:
    """Say why the runs that have not ended are to end now, None when they go on."""
    starts = any(moment.status is RunStatus.QUEUED for moment in moments)
    if task.overlap is not Overlap.CANCEL or not running or not starts:
        return None
    return f"the next run of {task.name} came due and took its place"


def moments_of(
    task: Task, due: Iterable[datetime], now: datetime, *, running: int
) -> tuple[Moment, ...]:
    """Give a ledger row for every due moment: the latest is decided, the ones before were missed.

    Where all that were missed are wanted, the latest ten start, one after the other. `due` must
    hold at least one moment, in order, and may be long.
    """
    kept: deque[datetime] = deque()
    missed = _Missed(_UNCAUGHT[task.missed])
    for moment in due:
        kept.append(moment)
        if len(kept) > (CAUGHT_UP if task.missed is Missed.ALL else 1):
            missed.add(kept.popleft())
    decided = [_verdict(task, moment, now, running=running, among=len(kept)) for moment in kept]
    return (*missed.rows(), *map(_row_of, kept, decided))


def _verdict(task: Task, moment: datetime, now: datetime, *, running: int, among: int) -> Verdict:
    """Decide a moment; one of several that are caught up waits for its turn, whatever runs."""
    if among > 1:
        return Start() if task.overlap is Overlap.ALLOW else _turn(task)
    return decide(task, moment, now, running=running)


def _turn(task: Task) -> Wait:
    return Wait(reason=f"waits until the run of {task.name} before it has ended")


class _Missed:
    """Collects missed moments: a row each up to a number, the rest in one row that counts them."""

    def __init__(self, reason: str) -> None:
        self._reason = reason
        self._first: list[datetime] = []
        self._folded: list[datetime] = []
        self._count = 0

    def add(self, moment: datetime) -> None:
        """Add the next moment."""
        if len(self._first) < ROWS_PER_OUTAGE:
            self._first.append(moment)
            return
        self._folded = [*self._folded[:1], moment]
        self._count += 1

    def rows(self) -> list[Moment]:
        """Give the rows of all that were added."""
        each = [self._row(moment) for moment in self._first]
        if not self._count:
            return each
        return [*each, self._row(self._folded[0], last=self._folded[-1], moments=self._count)]

    def _row(self, moment: datetime, *, last: datetime | None = None, moments: int = 1) -> Moment:
        return Moment(
            scheduled_for=moment,
            last=last,
            moments=moments,
            status=RunStatus.MISSED,
            reason=self._reason,
        )


def _row_of(moment: datetime, verdict: Verdict) -> Moment:
    match verdict:
        case Skip(reason=reason):
            return Moment(scheduled_for=moment, status=RunStatus.SKIPPED, reason=reason)
        case Miss(reason=reason):
            return Moment(scheduled_for=moment, status=RunStatus.MISSED, reason=reason)
        case Wait(reason=reason):
            return Moment(scheduled_for=moment, status=RunStatus.QUEUED, reason=reason)
        case Start():
            return Moment(scheduled_for=moment, status=RunStatus.QUEUED)


def cause_of(moment: Moment) -> str:
    """Give a short name for why a moment was missed: its reason's text may hold anything."""
    return _CAUSES.get(moment.reason or "", _TOO_LATE)


def next_try_at(task: Task, run: Run, now: datetime, *, first_delay: timedelta) -> datetime | None:
    """Say when a run whose attempt just failed is tried again; None when its tries are used up.

    The wait doubles with each try: 1, 2, 4 … times `first_delay`, at most 15 minutes.
    """
    if run.attempt > task.retries:
        return None
    wait = first_delay * (1 << min(run.attempt - 1, 16))
    return now + min(wait, timedelta(minutes=15))


def lasting(span: timedelta) -> str:
    """Say how long a span is, in the two largest units: "2 h 14 min", "3 days", "45 s"."""
    seconds = max(int(span.total_seconds()), 0)
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, seconds = divmod(rest, 60)
    parts = [
        f"{days} day{'s' if days > 1 else ''}" if days else "",
        f"{hours} h" if hours else "",
        f"{minutes} min" if minutes else "",
        f"{seconds} s" if seconds and not (days or hours) else "",
    ]
    return " ".join([part for part in parts if part][:2]) or "0 s"
