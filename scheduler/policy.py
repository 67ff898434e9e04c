"""Pure decisions about due moments and tries: each takes `now`, gives a verdict and its reason."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zlib import crc32

from storage.policies import Missed, Overlap
from storage.records import Run, RunStatus, Task
from storage.runs import Moment

FRESHNESS = timedelta(hours=2)
"""How late a due moment may still start; a report that is older news than that helps nobody."""

LATE = timedelta(minutes=5)
"""How long after its moment a result is called late."""

ROWS_PER_OUTAGE = 100
"""How many missed moments of one outage get a row each; more of them share one that counts them."""

_FRESH: Mapping[Missed, timedelta | None] = {
    Missed.LATEST: FRESHNESS,
    Missed.ALL: None,
    Missed.SKIP: LATE,
    Missed.ASK: LATE,
}
"""How late a moment may start under each policy, where the task does not say it itself."""

_AWAY = "Chatcron was not running then, and "
_OF_ALL = " caught up"
_UNCAUGHT: Mapping[Missed, str] = {
    Missed.LATEST: _AWAY + "only the latest moment is caught up",
    Missed.SKIP: _AWAY + "this task leaves out what it missed",
    Missed.ASK: _AWAY + "its owner is asked whether to catch up",
}
"""Why a moment before the one that is decided was missed; `_uncaught` knows the one for all."""
_TOO_LATE = "noticed_too_late"
_CAUSES = {reason: f"passed_unrun_{missed}" for missed, reason in _UNCAUGHT.items()}
_ONE_OF_ALL = f"passed_unrun_{Missed.ALL}"
CAUSES = (_TOO_LATE, *_CAUSES.values(), _ONE_OF_ALL)
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
    stale = _stale(task, due_at, now)
    if stale is not None:
        return stale
    if not running or task.overlap in (Overlap.CANCEL, Overlap.ALLOW):
        return Start()
    if task.overlap is Overlap.SKIP:
        return Skip(reason=f"the run of {task.name} before it had not finished")
    if running > 1:
        return Skip(reason=f"a run of {task.name} was waiting for its turn already")
    return _turn(task)


def fresh_for(task: Task) -> timedelta | None:
    """Say how late a moment of a task may start; None where it is never too late.

    Where none of the missed run, or the owner is asked, a limit of its own changes nothing.
    """
    own = task.leeway.fresh_s
    if own is None or task.missed in (Missed.SKIP, Missed.ASK):
        return _FRESH[task.missed]
    return timedelta(seconds=own)


def _stale(task: Task, due_at: datetime, now: datetime) -> Miss | None:
    late, limit = now - due_at, fresh_for(task)
    if limit is None or late <= limit:
        return None
    return Miss(reason=f"noticed {lasting(late)} late; the limit is {lasting(limit)}")


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

    Where all that were missed are wanted, the latest of them start, one after the other. `due` must
    hold at least one moment, in order, and may be long.
    """
    most = task.leeway.catch_up if task.missed is Missed.ALL else 1
    kept: deque[datetime] = deque()
    missed = _Missed(_uncaught(task))
    for moment in due:
        kept.append(moment)
        if len(kept) > most:
            missed.add(kept.popleft())
    among = len(kept)
    rows = [
        _row_of(
            moment,
            _verdict(task, moment, now, running=running, among=among),
            starts_at(task, moment, now, place=place, among=among),
        )
        for place, moment in enumerate(kept)
    ]
    return (*missed.rows(), *rows)


def starts_at(
    task: Task, due_at: datetime, now: datetime, *, place: int = 0, among: int = 1
) -> datetime | None:
    """Say when a moment that runs is to start; None is at once.

    The same moment of the same task always has the same share of its leeway. Of several that are
    caught up, each has its own place in the time they are spread over.
    """
    leeway = task.leeway
    if not (leeway.jitter_s or leeway.spread_s):
        return None
    share = _share(task, due_at)
    if among > 1:
        begin, wait = now, timedelta(seconds=leeway.spread_s) * place / among
    elif now - due_at > LATE:
        begin, wait = now, timedelta(seconds=leeway.spread_s) * share
    else:
        begin, wait = due_at, timedelta(seconds=leeway.jitter_s) * share
    at = begin + wait
    return at if at > now else None


def planned(task: Task, due_at: datetime) -> datetime:
    """Give the moment at which a task starts that is on time: what is due, moved by its jitter."""
    return starts_at(task, due_at, due_at) or due_at


def _share(task: Task, due_at: datetime) -> float:
    """Give a number from 0 to below 1 that looks like chance and is always the same."""
    return crc32(f"{task.id} {due_at.timestamp():.0f}".encode()) / 2**32


def _uncaught(task: Task) -> str:
    if task.missed is not Missed.ALL:
        return _UNCAUGHT[task.missed]
    count = task.leeway.catch_up
    latest = "latest moment is" if count == 1 else f"latest {count} moments are"
    return f"{_AWAY}of all only the {latest}{_OF_ALL}"


def _verdict(task: Task, moment: datetime, now: datetime, *, running: int, among: int) -> Verdict:
    """Decide a moment; one of several that are caught up waits for its turn, whatever runs."""
    if among > 1:
        in_turn = Start() if task.overlap is Overlap.ALLOW else _turn(task)
        return _stale(task, moment, now) or in_turn
    return decide(task, moment, now, running=running)


def _turn(task: Task) -> Wait:
    return Wait(reason=f"waits until the run of {task.name} before it has ended")


class _Missed:
    """Collects missed moments: a row each, or, where they are many, one row that counts them."""

    def __init__(self, reason: str) -> None:
        self._reason = reason
        self._first: list[datetime] = []
        self._last: datetime | None = None
        self._count = 0

    def add(self, moment: datetime) -> None:
        """Add the next moment."""
        self._count += 1
        if self._count <= ROWS_PER_OUTAGE:
            self._first.append(moment)
        self._last = moment

    def rows(self) -> list[Moment]:
        """Give the rows of all that were added."""
        if self._count > ROWS_PER_OUTAGE:
            return [self._row(self._first[0], last=self._last, moments=self._count)]
        return [self._row(moment) for moment in self._first]

    def _row(self, moment: datetime, *, last: datetime | None = None, moments: int = 1) -> Moment:
        return Moment(
            scheduled_for=moment,
            last=last,
            moments=moments,
            status=RunStatus.MISSED,
            reason=self._reason,
        )


def _row_of(moment: datetime, verdict: Verdict, ready_at: datetime | None) -> Moment:
    match verdict:
        case Skip(reason=reason):
            return Moment(scheduled_for=moment, status=RunStatus.SKIPPED, reason=reason)
        case Miss(reason=reason):
            return Moment(scheduled_for=moment, status=RunStatus.MISSED, reason=reason)
        case Wait(reason=reason):
            queued = Moment(scheduled_for=moment, status=RunStatus.QUEUED, reason=reason)
        case Start():
            queued = Moment(scheduled_for=moment, status=RunStatus.QUEUED)
    return queued if ready_at is None else replace(queued, ready_at=ready_at)


def cause_of(moment: Moment) -> str:
    """Give a short name for why a moment was missed: its reason's text may hold anything."""
    reason = moment.reason or ""
    is_of_all = reason.startswith(f"{_AWAY}of all ") and reason.endswith(_OF_ALL)
    return _ONE_OF_ALL if is_of_all else _CAUSES.get(reason, _TOO_LATE)


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
