"""Jobs that failed, and CronJobs that do not start; run by `tools.cluster_review`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scheduler.agents.tools.cluster_objects import (
    Json,
    Thing,
    condition,
    controller,
    is_older,
    moment,
    owner_of_job,
    part,
    parts,
    text,
    thing,
)
from scheduler.agents.tools.inspection import Observer, counted, printable
from scheduler.errors import BadSchedule
from scheduler.policy import lasting
from scheduler.recurrence import next_after
from storage.reports import Finding, Severity
from storage.schedules import Cron, Schedule

OLD = timedelta(days=7)
GRACE = timedelta(minutes=10)


@dataclass(slots=True, kw_only=True)
class _Record:
    """What became of the Jobs of one owner."""

    failed: int = 0
    last_failure: datetime | None = None
    reason: str = ""
    last_success: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Jobs:
    """Takes Jobs one by one; `cron_jobs` tells the CronJob of each that has one."""

    now: datetime
    wanted: Callable[[Thing], bool]
    cron_jobs: dict[tuple[str, str], str] = field(default_factory=dict)
    _records: dict[Thing, _Record] = field(default_factory=dict)

    def add(self, job: Json) -> bool:
        """Look at one Job; say whether it was one of those to look at."""
        it, maker = thing(job, "Job"), controller(job)
        if text(maker, "kind") == "CronJob":
            self.cron_jobs[(it.namespace, it.name)] = text(maker, "name")
        owner = owner_of_job(it.namespace, it.name, self.cron_jobs.get((it.namespace, it.name)))
        if not self.wanted(owner):
            return False
        record = self._records.setdefault(owner, _Record())
        failure = condition(job, "Failed")
        if text(failure, "status") == "True":
            self._note_failure(record, job, failure)
        done = moment(job, "status", "completionTime")
        record.last_success = max(filter(None, (done, record.last_success)), default=None)
        return True

    def _note_failure(self, record: _Record, job: Json, failure: Json) -> None:
        record.failed += 1
        at = moment(failure, "lastTransitionTime") or moment(job, "metadata", "creationTimestamp")
        if at and (record.last_failure is None or at > record.last_failure):
            record.last_failure, record.reason = at, text(failure, "reason")

    def findings(self, observer: Observer) -> Iterator[Finding]:
        """Give one finding for each CronJob or lone Job that failed."""
        for owner, record in self._records.items():
            if not record.failed:
                continue
            severity, words = self._told(owner, record)
            yield observer.finding(
                "job_failed", owner.key, severity, words, value=record.failed, unit="jobs"
            )

    def _told(self, owner: Thing, record: _Record) -> tuple[Severity, str]:
        failure, success = record.last_failure, record.last_success
        reason = f" ({printable(record.reason)})" if record.reason else ""
        ago = f" {lasting(self.now - failure)} ago" if failure else ""
        if owner.kind == "Job":
            words, since = f"Job {owner.shown} failed{ago}{reason}", ""
        else:
            runs = counted(record.failed, "Job")
            words = f"CronJob {owner.shown}: {runs} failed, the last{ago}{reason}"
            since = "; it has not succeeded since"
        if failure and success and success > failure:
            return Severity.INFO, f"{words}; it has succeeded since."
        if is_older(failure, self.now, OLD):
            return Severity.INFO, f"{words}{since}."
        return Severity.WARNING, f"{words}{since}."


@dataclass(slots=True, kw_only=True)
class CronJobs:
    """Takes CronJobs one by one."""

    now: datetime
    wanted: Callable[[Thing], bool]
    _faults: list[tuple[str, Thing, Severity, str]] = field(default_factory=list)

    def add(self, item: Json) -> bool:
        """Look at one CronJob; say whether it was one of those to look at."""
        it = thing(item, "CronJob")
        if not self.wanted(it):
            return False
        last = moment(item, "status", "lastScheduleTime")
        if part(item, "spec").get("suspend") is True:
            ago = f", last started {lasting(self.now - last)} ago" if last else ""
            words = f"CronJob {it.shown} is suspended{ago}."
            self._faults.append(("cronjob_suspended", it, Severity.INFO, words))
        elif late := self._late(item, it, last):
            self._faults.append(("cronjob_late", it, *late))
        return True

    def _late(self, item: Json, it: Thing, last: datetime | None) -> tuple[Severity, str] | None:
        """Say that a CronJob should have started a Job since its last one, and has not."""
        since = last or moment(item, "metadata", "creationTimestamp")
        if since is None:
            return None
        zone = text(item, "spec", "timeZone") or "UTC"
        rule = Cron(expression=text(item, "spec", "schedule"))
        try:
            due = next_after(Schedule(rule=rule, zone=zone), since)
        except BadSchedule:
            words = f"CronJob {it.shown}: whether it is late is not known, I can't read its times."
            return Severity.UNKNOWN, words
        if due is None or not is_older(due, self.now, GRACE):
            return None
        idle = f"for {lasting(self.now - last)}" if last else "yet"
        why = ""
        if parts(item, "status", "active") and text(item, "spec", "concurrencyPolicy") == "Forbid":
            why = "; the Job before it still runs"
        words = (
            f"CronJob {it.shown} has started no Job {idle}, though one was due "
            f"{lasting(self.now - due)} ago{why}."
        )
        return Severity.WARNING, words

    def findings(self, observer: Observer) -> Iterator[Finding]:
        """Give one finding for each CronJob that does not start."""
        for check, it, severity, words in self._faults:
            yield observer.finding(check, it.key, severity, words)
