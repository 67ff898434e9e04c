"""Workloads short of replicas, volume claims without a volume; run by `tools.cluster_review`."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scheduler.agents.tools.cluster_faults import SAID
from scheduler.agents.tools.cluster_objects import (
    Json,
    Thing,
    condition,
    is_older,
    moment,
    number,
    text,
    thing,
)
from scheduler.agents.tools.inspection import Observer, printable
from scheduler.policy import lasting
from storage.reports import Finding, Severity

PENDING = timedelta(minutes=10)
ROLLING = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shortage:
    thing: Thing
    severity: Severity
    text: str
    missing: int


@dataclass(slots=True, kw_only=True)
class Workloads:
    """Takes deployments, stateful sets or daemon sets one by one; `kind` says which."""

    kind: str
    now: datetime
    wanted: Callable[[Thing], bool]
    _short: list[_Shortage] = field(default_factory=list)

    def add(self, item: Json) -> bool:
        """Look at one workload; say whether it was one of those to look at."""
        it = thing(item, self.kind)
        if not self.wanted(it):
            return False
        due, there = _replicas(item, self.kind)
        if there < due:
            self._short.append(self._shortage(item, it, due, there))
        return True

    def _shortage(self, item: Json, it: Thing, due: int, there: int) -> _Shortage:
        unit = "pods" if self.kind == "DaemonSet" else "replicas"
        words = f"{it.shown} has {there:,} of {due:,} {unit}{self._since(item)}"
        severity = Severity.WARNING if there else Severity.CRITICAL
        progress = condition(item, "Progressing")
        if text(progress, "reason") == "ProgressDeadlineExceeded":
            words += ", and its rollout is stuck"
        elif there and _is_rolling(progress, self.now):
            severity, words = Severity.INFO, f"{words}: it is being rolled out"
        refused = condition(item, "ReplicaFailure")
        if text(refused, "status") == "True":
            said = printable(text(refused, "message"), limit=SAID).rstrip(". ")
            words += f"; no pod may be made: {said}"
        return _Shortage(thing=it, severity=severity, text=f"{words}.", missing=due - there)

    def _since(self, item: Json) -> str:
        available = condition(item, "Available")
        since = moment(available, "lastTransitionTime")
        if text(available, "status") != "False" or since is None:
            return ""
        return f" (short for {lasting(self.now - since)})"

    def findings(self, observer: Observer) -> Iterator[Finding]:
        """Give one finding for each workload that is short."""
        for it in self._short:
            unit = "pods missing" if self.kind == "DaemonSet" else "replicas missing"
            yield observer.finding(
                "replicas", it.thing.key, it.severity, it.text, value=it.missing, unit=unit
            )


def _replicas(item: Json, kind: str) -> tuple[int, int]:
    """Give how many pods there should be, and how many of them work."""
    if kind == "DaemonSet":
        due = number(item, "status", "desiredNumberScheduled")
        return due, number(item, "status", "numberAvailable")
    due = number(item, "spec", "replicas", default=1)
    name = "availableReplicas" if kind == "Deployment" else "readyReplicas"
    return due, number(item, "status", name)


def _is_rolling(progress: Json, now: datetime) -> bool:
    """Say whether a rollout moved just now, so that it may be short for a good reason."""
    moved = moment(progress, "lastUpdateTime")
    is_under_way = text(progress, "reason") in ("ReplicaSetUpdated", "NewReplicaSetCreated")
    return is_under_way and moved is not None and not is_older(moved, now, ROLLING)


@dataclass(slots=True, kw_only=True)
class Claims:
    """Takes volume claims one by one; `used` are those that pods ask for, None if not known."""

    now: datetime
    used: Container[tuple[str, str]] | None
    _faults: list[tuple[Thing, Severity, str]] = field(default_factory=list)

    def add(self, claim: Json) -> bool:
        """Look at one claim."""
        it, phase = thing(claim, "PersistentVolumeClaim"), text(claim, "status", "phase")
        since = moment(claim, "metadata", "creationTimestamp")
        if phase == "Lost":
            words = f"Volume claim {it.shown} has lost its volume, and with it the data on it."
            self._faults.append((it, Severity.CRITICAL, words))
        elif phase == "Pending" and since is not None and is_older(since, self.now, PENDING):
            self._faults.append((it, *self._pending(claim, it, since)))
        return True

    def _pending(self, claim: Json, it: Thing, since: datetime) -> tuple[Severity, str]:
        kind = text(claim, "spec", "storageClassName")
        of_class = f" of class {printable(kind)}" if kind else ""
        words = (
            f"Volume claim {it.shown} waits for a volume{of_class}, {lasting(self.now - since)} so "
            "far"
        )
        if self.used is not None and (it.namespace, it.name) not in self.used:
            return Severity.INFO, f"{words}; no pod uses it."
        return Severity.WARNING, f"{words}."

    def findings(self, observer: Observer) -> Iterator[Finding]:
        """Give one finding for each claim without a volume."""
        for it, severity, words in self._faults:
            yield observer.finding("claim", it.key, severity, words)
