"""A past to look back on: runs that ended as a test says."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from storage.records import OPEN_RUNS, AttemptOutcome, DeliveryKind, Run, RunId, RunStatus, Task
from storage.reports import Finding, Report, Severity
from storage.runs import Moment
from storage.store import Store, Work
from tests.plants import make_report

REASONS = {
    RunStatus.FAILED: "The billing folder has no data newer than Friday.",
    RunStatus.TIMED_OUT: "It took longer than 30 min.",
    RunStatus.LOST: "The process that worked on it stopped.",
    RunStatus.MISSED: "noticed 5 h late; the limit is 2 h",
    RunStatus.SKIPPED: "the run before it had not finished",
}
_OUTCOMES = {
    RunStatus.SUCCEEDED: AttemptOutcome.SUCCEEDED,
    RunStatus.FAILED: AttemptOutcome.FAILED,
    RunStatus.TIMED_OUT: AttemptOutcome.TIMED_OUT,
    RunStatus.LOST: AttemptOutcome.LOST,
}


def seen(key: str, severity: Severity, text: str, *, at: datetime) -> Finding:
    """Give a finding of a test's own."""
    return Finding(
        key=key, severity=severity, resource=key, text=text, observed_at=at, source="a test"
    )


async def ran(
    store: Store,
    task: Task,
    at: datetime,
    *,
    status: RunStatus = RunStatus.SUCCEEDED,
    report: Report | None = None,
    manual: bool = False,
) -> Run:
    """Plant a run of a task, due (or asked for) at a moment and over a minute later."""
    async with store.begin() as work:
        run_id = await _begun(work, task, at, status, manual=manual)
        run = await work.runs.get(run_id)
        assert run is not None
        if outcome := _OUTCOMES.get(status):
            over = at + timedelta(minutes=1)
            reason = REASONS.get(status)
            told = (report or make_report()) if status is RunStatus.SUCCEEDED else None
            claimed = await work.runs.claim(run_id, worker="w", now=at, lease_until=over)
            assert claimed is not None
            await work.runs.end(claimed, status=status, reason=reason, report=told, now=over)
            await work.runs.close_attempt(claimed, outcome=outcome, reason=reason, now=over)
            return claimed
    return run


async def _begun(work: Work, task: Task, at: datetime, status: RunStatus, *, manual: bool) -> RunId:
    if manual:
        return (await work.runs.request(task, key=uuid4().hex, by="U0BOB", now=at)).id
    is_over = status not in OPEN_RUNS and status not in _OUTCOMES
    moment = Moment(
        scheduled_for=at,
        status=status if is_over else RunStatus.QUEUED,
        reason=REASONS.get(status) if is_over else None,
    )
    run_id = await work.runs.record(task, moment, at)
    assert run_id is not None
    return run_id


async def not_delivered(store: Store, task: Task, run: Run, at: datetime, error: str) -> None:
    """Plant a result that never arrived."""
    async with store.begin() as work:
        found = await work.deliveries.owe(
            DeliveryKind.RESULT, target=task.channel, task_id=task.id, run_id=run.id, now=at
        )
        assert found is not None
        delivery = await work.deliveries.get(found)
        assert delivery is not None
        await work.deliveries.fail(delivery, error=error)
