"""What is wrong with one pod, if anything: the first of the faults it could have. Pure.

Run by `tools.cluster_pods`, which tells a fault once for all pods of a workload.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scheduler.agents.tools.cluster_objects import (
    Json,
    condition,
    is_older,
    moment,
    number,
    part,
    parts,
    text,
)
from scheduler.agents.tools.inspection import counted, listed, printable
from scheduler.policy import lasting
from storage.reports import Severity

PENDING = timedelta(minutes=10)
UNREADY = timedelta(minutes=10)
RECENT = timedelta(hours=24)
LOOPING = timedelta(minutes=10)  # the kubelet calls a container sound after as long
LOOPS = 3
SAID = 160  # characters of a message of the cluster's
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_IMAGE = frozenset({
    "ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull",
    "ImageInspectError", "RegistryUnavailable",
})  # fmt: skip
_START = frozenset({
    "CreateContainerConfigError", "CreateContainerError", "RunContainerError",
    "PreCreateHookError", "PreStartHookError", "PostStartHookError",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with one pod: `does` and `why` make the sentence.

    `check` is one word for it, `weight` says which of many to tell.
    """

    check: str
    severity: Severity
    does: str
    why: str
    weight: float = 0.0
    restarts: int = 0


def fault_of(pod: Json, now: datetime, restarts: int) -> Fault | None:
    """Say what is wrong with a pod, if anything."""
    phase = text(pod, "status", "phase")
    deleted = moment(pod, "metadata", "deletionTimestamp")
    if phase == "Unknown" or text(pod, "status", "reason") == "NodeLost":
        why = "its node does not report"
        return Fault(check="lost", severity=Severity.WARNING, does="is lost", why=why)
    if deleted is not None:
        return _ending(deleted, now)
    if phase == "Failed":
        return _failed(pod, now)
    waiting = _waiting(pod, now)
    if waiting is None and phase == "Pending":
        return _pending(pod, now)
    return waiting or _ended_before(pod, now, restarts) or _unready(pod, now)


def _ending(deleted: datetime, now: datetime) -> Fault | None:
    if not is_older(deleted, now, PENDING):
        return None
    return Fault(
        check="ending",
        severity=Severity.WARNING,
        does="does not go away",
        why=f"it was deleted and should have ended {lasting(now - deleted)} ago",
        weight=(now - deleted).total_seconds(),
    )


def _failed(pod: Json, now: datetime) -> Fault:
    ends = [moment(it, "state", "terminated", "finishedAt") for it in _statuses(pod)]
    ends += [moment(it, "lastTransitionTime") for it in parts(pod, "status", "conditions")]
    at = max((end for end in ends if end), default=moment(pod, "status", "startTime"))
    reason = text(pod, "status", "reason") or next(map(_exit, _ended(pod)), "no reason is given")
    said = printable(text(pod, "status", "message"), limit=SAID).rstrip(". ")
    why = f"{printable(reason)}{f', {said}' if said else ''}"
    return Fault(
        check="failed",
        severity=Severity.INFO if is_older(at, now, RECENT) else Severity.WARNING,
        does="failed",
        why=f"{why}, {lasting(now - at)} ago" if at else why,
        weight=(at or _LONG_AGO).timestamp(),
    )


def _waiting(pod: Json, now: datetime) -> Fault | None:
    """Say why a container can't run, or that it crashes each time it does."""
    for status in _statuses(pod):
        waiting = part(status, "state", "waiting")
        reason = text(waiting, "reason")
        said = printable(text(waiting, "message"), limit=SAID).rstrip(". ")
        if reason == "CrashLoopBackOff" or _is_looping(status, now):
            return _crash(pod, status)
        if reason in _IMAGE:
            image = printable(text(status, "image") or "no image", limit=SAID)
            why = f"{image} ({reason}{_image_trouble(said)})"
            return Fault(
                check="image", severity=Severity.CRITICAL, does="can't get its image", why=why
            )
        if reason in _START:
            why = f"{reason}, {said}" if said else reason
            return Fault(check="start", severity=Severity.CRITICAL, does="can't start", why=why)
    return None


def _is_looping(status: Json, now: datetime) -> bool:
    """Say whether a container crashed again, though it happens to run just now."""
    last = part(status, "lastState", "terminated")
    ended = moment(last, "finishedAt")
    return (
        number(status, "restartCount") >= LOOPS
        and number(last, "exitCode") != 0
        and ended is not None
        and not is_older(ended, now, LOOPING)
    )


def _crash(pod: Json, status: Json) -> Fault:
    count = number(status, "restartCount")
    ended = part(status, "lastState", "terminated") or part(status, "state", "terminated")
    cause = _exit(ended, _limit_of(pod, text(status, "name")))
    name = printable(text(status, "name"))
    return Fault(
        check="crash",
        severity=Severity.CRITICAL,
        does="keeps crashing",
        why=f"container {name} {cause}, {counted(count, 'restart')}",
        weight=count,
        restarts=count,
    )


def _exit(ended: Json, memory_limit: str = "") -> str:
    """Say how a container ended."""
    if text(ended, "reason") == "OOMKilled":
        limit = f"its memory limit of {memory_limit}" if memory_limit else "its memory limit"
        return f"was killed at {limit} (OOMKilled)"
    if not ended:
        return "ends soon after it starts"
    return f"ends with exit code {number(ended, 'exitCode')}"


def _image_trouble(said: str) -> str:
    low = said.lower()
    if "unauthorized" in low or "denied" in low or "forbidden" in low:
        return ": the registry refuses it"
    if "not found" in low or "manifest unknown" in low:
        return ": there is no such image"
    return ""


def _pending(pod: Json, now: datetime) -> Fault | None:
    since = moment(pod, "metadata", "creationTimestamp")
    if not is_older(since, now, PENDING) or since is None:
        return None
    placed = condition(pod, "PodScheduled")
    if text(placed, "status") == "True":
        does = "waits to start"
        reasons = (text(it, "state", "waiting", "reason") for it in _statuses(pod))
        said = next(filter(None, reasons), "")
    else:
        does = "waits for a node"
        said = text(placed, "message") or text(placed, "reason")
    told = printable(said, limit=SAID).rstrip(". ") or "no reason is given"
    return Fault(
        check="pending",
        severity=Severity.WARNING,
        does=does,
        why=f"{lasting(now - since)} so far, {told}",
        weight=(now - since).total_seconds(),
    )


def _ended_before(pod: Json, now: datetime, restarts: int) -> Fault | None:
    """Say that a container that runs was killed for its memory, or restarted often, lately."""
    for status in _statuses(pod):
        last = part(status, "lastState", "terminated")
        ended, count = moment(last, "finishedAt"), number(status, "restartCount")
        if ended is None or is_older(ended, now, RECENT):
            continue
        name, ago = printable(text(status, "name")), lasting(now - ended)
        if text(last, "reason") == "OOMKilled":
            cause = _exit(last, _limit_of(pod, text(status, "name")))
            return Fault(
                check="memory",
                severity=Severity.WARNING,
                does="ran out of memory",
                why=f"container {name} {cause} {ago} ago, {counted(count, 'restart')}",
                weight=ended.timestamp(),
                restarts=count,
            )
        if count >= restarts:
            code = number(last, "exitCode")
            return Fault(
                check="restarts",
                severity=Severity.WARNING,
                does="restarts often",
                why=f"container {name}, {counted(count, 'time')}, "
                f"the last {ago} ago with exit code {code}",
                weight=count,
                restarts=count,
            )
    return None


def _unready(pod: Json, now: datetime) -> Fault | None:
    ready = condition(pod, "Ready")
    since = moment(ready, "lastTransitionTime")
    if text(ready, "status") != "False" or since is None or not is_older(since, now, UNREADY):
        return None
    late = [
        it for it in _statuses(pod) if it.get("ready") is False and part(it, "state", "running")
    ]
    names = listed(text(it, "name") for it in late)
    return Fault(
        check="unready",
        severity=Severity.WARNING,
        does=f"runs but has not been ready for {lasting(now - since)}",
        why=f"container {names} does not pass its readiness check"
        if late
        else "not all of its containers run",
        weight=(now - since).total_seconds(),
    )


def _statuses(pod: Json) -> list[Json]:
    """Give the states of a pod's containers, those that prepare it first."""
    return parts(pod, "status", "initContainerStatuses") + parts(pod, "status", "containerStatuses")


def _ended(pod: Json) -> Iterator[Json]:
    for status in _statuses(pod):
        if (ended := part(status, "state", "terminated")) and number(ended, "exitCode"):
            yield ended


def _limit_of(pod: Json, container: str) -> str:
    for each in _specs(pod):
        if text(each, "name") == container:
            return printable(text(each, "resources", "limits", "memory"))
    return ""


def _specs(pod: Json) -> list[Json]:
    return parts(pod, "spec", "initContainers") + parts(pod, "spec", "containers")
