"""How the objects of a Kubernetes API are read: their parts, their times, and whose they are. Pure.

Shared by Kai's checks. The JSON is as the API gives it; whatever is not there reads as empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]

_QUANTITY = re.compile(r"^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([numkMGTPE]|[KMGTPE]i)?$")
_SCALES = {
    "n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
    "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40, "Pi": 2.0**50, "Ei": 2.0**60,
}  # fmt: skip
_OF_CRON_JOB = re.compile(r"-\d{8,}$")
_OF_REPLICA_SET = re.compile(r"-[a-z0-9]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$")
_OF_SET = re.compile(r"-[bcdfghjklmnpqrstvwxz2456789]{5}$")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Thing:
    """An object by the name people give it; `namespace` is empty where it lies in none."""

    namespace: str = ""
    kind: str
    name: str

    @property
    def key(self) -> str:
        """Give what it is known by from run to run."""
        return "/".join(part for part in (self.namespace, self.kind.lower(), self.name) if part)

    @property
    def shown(self) -> str:
        """Give it as a sentence names it."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


def part(item: Json, *path: str) -> Json:
    """Give the object that lies at a path, an empty one where there is none."""
    found: Any = item
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def parts(item: Json, *path: str) -> list[Json]:
    """Give the objects of the list that lies at a path."""
    found = part(item, *path[:-1]).get(path[-1])
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def text(item: Json, *path: str) -> str:
    """Give the text that lies at a path, an empty one where there is none."""
    found = part(item, *path[:-1]).get(path[-1])
    return found if isinstance(found, str) else ""


def number(item: Json, *path: str, default: int = 0) -> int:
    """Give the whole number that lies at a path."""
    found = part(item, *path[:-1]).get(path[-1])
    return found if isinstance(found, int) else default


def moment(item: Json, *path: str) -> datetime | None:
    """Give the moment (UTC) that lies at a path."""
    return parsed(text(item, *path))


def parsed(written: str) -> datetime | None:
    """Read a moment as the API writes it."""
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo else None


def is_older(since: datetime | None, now: datetime, limit: timedelta) -> bool:
    """Say whether something has lasted for longer than a limit; unknown moments have not."""
    return since is not None and now - since > limit


def quantity(written: object) -> float:
    """Read an amount such as `250m`, `1.5Gi` or `2`; what can't be read counts as nothing."""
    found = _QUANTITY.match(str(written))
    if not found:
        return 0.0
    try:
        return float(found[1]) * _SCALES.get(found[2] or "", 1.0)
    except ValueError:
        return 0.0


def condition(item: Json, kind: str) -> Json:
    """Give a condition of an object's status by its type."""
    conditions = parts(item, "status", "conditions")
    return next((each for each in conditions if each.get("type") == kind), {})


def thing(item: Json, kind: str) -> Thing:
    """Name an object."""
    return Thing(
        namespace=text(item, "metadata", "namespace"),
        kind=kind,
        name=text(item, "metadata", "name"),
    )


def controller(item: Json) -> Json:
    """Give the reference to what made an object, an empty one where nothing did."""
    owners = parts(item, "metadata", "ownerReferences")
    return next((each for each in owners if each.get("controller")), {})


def owner_of_pod(pod: Json, cron_jobs: Mapping[tuple[str, str], str]) -> Thing:
    """Name what a pod belongs to, the same from one pod to the next; else the pod itself.

    `cron_jobs` tells the CronJob of a Job, by its namespace and name.
    """
    namespace, maker = text(pod, "metadata", "namespace"), controller(pod)
    kind, name = text(maker, "kind"), text(maker, "name")
    if kind in ("", "Node"):  # what a node runs of itself is known by the pod
        return thing(pod, "Pod")
    if kind == "ReplicaSet":
        ending = "-" + text(pod, "metadata", "labels", "pod-template-hash")
        if len(ending) > 1 and name.endswith(ending):
            return Thing(namespace=namespace, kind="Deployment", name=name.removesuffix(ending))
    if kind == "Job":
        return owner_of_job(namespace, name, cron_jobs.get((namespace, name)))
    return Thing(namespace=namespace, kind=kind, name=name)


def owner_of_job(namespace: str, name: str, cron_job: str | None) -> Thing:
    """Name the CronJob that a Job comes from, else the Job itself."""
    if cron_job is None and _OF_CRON_JOB.search(name):
        cron_job = _OF_CRON_JOB.sub("", name)
    if cron_job:
        return Thing(namespace=namespace, kind="CronJob", name=cron_job)
    return Thing(namespace=namespace, kind="Job", name=name)


def likely_owner(namespace: str, pod: str) -> Thing:
    """Name what a pod belonged to that is there no more, by the form of its name."""
    for ending, kind in ((_OF_REPLICA_SET, "Deployment"), (_OF_SET, "Pods")):
        name = ending.sub("", pod)
        if name != pod:
            job = _OF_CRON_JOB.sub("", name)
            return Thing(namespace=namespace, kind="CronJob" if job != name else kind, name=job)
    return Thing(namespace=namespace, kind="Pod", name=pod)
