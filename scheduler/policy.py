"""Pure decisions about due moments and tries: each takes `now`, gives a verdict and its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.records import Run, RunStatus, Task
from storage.runs import Moment

FRESHNESS = timedelta(hours=2)
"""How late a due moment may still start; a report that is older news than that helps nobody."""

LATE = timedelta(minutes=5)
"""How long after its moment a result is called late."""

ROWS_PER_OUTAGE = 100
"""How many missed moments of one outage get a row each; the rest share one that counts them."""


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


Verdict = Start | Skip | Miss


def decide(task: Task, due_at: datetime, now: datetime, *, running: int) -> Verdict:
    """Say whether a due moment starts, is skipped or was missed, and why."""
    late = now - due_at
    if late > FRESHNESS:
        return Miss(reason=f"noticed {lasting(late)} late; the limit is {lasting(FRESHNESS)}")
    if running:
        return Skip(reason=f"the run of {task.name} before it had not finished")
    return Start()


def moments_of(
    task: Task, due: Iterable[datetime], now: datetime, *, running: int
) -> tuple[Moment, ...]:
    """Give a ledger row for every due moment: the latest is decided, the ones before were missed.

    `due` must hold at least one moment, in order, and may be long.
    """
    pending = iter(due)
    latest = next(pending)
    missed: list[datetime] = []
    folded_first: datetime | None = None
    folded_last, folded = latest, 0
    for moment in pending:
        if len(missed) < ROWS_PER_OUTAGE:
            missed.append(latest)
        else:
            folded_first = folded_first or latest
            folded_last, folded = latest, folded + 1
        latest = moment
    rows = [_missed(moment) for moment in missed]
    if folded_first is not None:
        rows.append(_missed(folded_first, last=folded_last, moments=folded))
    return (*rows, _row_of(latest, decide(task, latest, now, running=running)))


def _missed(moment: datetime, *, last: datetime | None = None, moments: int = 1) -> Moment:
    return Moment(
        scheduled_for=moment,
        last=last,
        moments=moments,
        status=RunStatus.MISSED,
        reason="Chatcron was not running then, and only the latest moment is caught up",
    )


def _row_of(moment: datetime, verdict: Verdict) -> Moment:
    match verdict:
        case Skip(reason=reason):
            return Moment(scheduled_for=moment, status=RunStatus.SKIPPED, reason=reason)
        case Miss(reason=reason):
            return Moment(scheduled_for=moment, status=RunStatus.MISSED, reason=reason)
        case Start():
            return Moment(scheduled_for=moment, status=RunStatus.QUEUED)


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
