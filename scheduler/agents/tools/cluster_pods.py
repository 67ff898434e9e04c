"""What is wrong with pods, told once for each workload; run by `tools.cluster_review`.

Pods come and go under new names, so a finding is known by the workload and by what is wrong. A pod
has one fault, the first of those it could have. Pods of Jobs that failed are the Jobs' business.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from scheduler.agents.tools.cluster_faults import SAID, Fault, fault_of
from scheduler.agents.tools.cluster_objects import (
    Json,
    Thing,
    owner_of_pod,
    part,
    parts,
    text,
    thing,
)
from scheduler.agents.tools.cluster_room import Room, asked_by
from scheduler.agents.tools.inspection import Observer, listed, printable
from storage.reports import Finding, Severity


@dataclass(slots=True, kw_only=True)
class _Group:
    worst: Fault
    pods: int = 0
    restarts: int = 0


@dataclass(slots=True, kw_only=True)
class Pods:
    """Takes pods one by one and keeps what the findings need, not the pods.

    `owners` names the workload of each pod, `claims` the volume claims in use, `requests` adds up
    what the pods on a node ask for.
    """

    now: datetime
    cron_jobs: Mapping[tuple[str, str], str]
    wanted: Callable[[Thing], bool]
    restarts: int
    owners: dict[tuple[str, str], Thing] = field(default_factory=dict)
    claims: set[tuple[str, str]] = field(default_factory=set)
    requests: dict[str, Room] = field(default_factory=dict)
    rows: list[tuple[Severity, tuple[str, ...]]] = field(default_factory=list)
    _totals: Counter[Thing] = field(default_factory=Counter)
    _groups: dict[tuple[Thing, str], _Group] = field(default_factory=dict)
    _containers: set[tuple[Thing, str]] = field(default_factory=set)
    _unlimited: set[tuple[Thing, str]] = field(default_factory=set)
    _unpinned: set[tuple[Thing, str]] = field(default_factory=set)

    def add(self, pod: Json) -> bool:
        """Look at one pod; say whether it was one of those to look at."""
        owner = owner_of_pod(pod, self.cron_jobs)
        self._note_use(pod)
        if not self.wanted(owner):
            return False
        self.owners[(text(pod, "metadata", "namespace"), text(pod, "metadata", "name"))] = owner
        if text(pod, "status", "phase") == "Succeeded":
            return True
        self._totals[owner] += 1
        self._note_containers(pod, owner)
        fault = fault_of(pod, self.now, self.restarts)
        if fault is not None and not (fault.check == "failed" and _is_of_job(pod)):
            self._note(pod, owner, fault)
        return True

    def _note(self, pod: Json, owner: Thing, fault: Fault) -> None:
        group = self._groups.setdefault((owner, fault.check), _Group(worst=fault))
        group.pods += 1
        group.restarts += fault.restarts
        if fault.weight > group.worst.weight:
            group.worst = fault
        node = text(pod, "spec", "nodeName") or "none"
        name = printable(thing(pod, "Pod").shown, limit=SAID)
        row = (name, fault.check, str(fault.restarts or ""), printable(node))
        self.rows.append((fault.severity, row))

    def _note_use(self, pod: Json) -> None:
        """Add up what a pod asks of its node, and which volume claims it uses."""
        namespace = text(pod, "metadata", "namespace")
        for volume in parts(pod, "spec", "volumes"):
            if claim := text(volume, "persistentVolumeClaim", "claimName"):
                self.claims.add((namespace, claim))
        node = text(pod, "spec", "nodeName")
        if node and text(pod, "status", "phase") not in ("Succeeded", "Failed"):
            self.requests[node] = self.requests.get(node, Room()) + asked_by(pod)

    def _note_containers(self, pod: Json, owner: Thing) -> None:
        for container in parts(pod, "spec", "containers"):
            known = (owner, text(container, "name"))
            self._containers.add(known)
            if "memory" not in part(container, "resources", "limits"):
                self._unlimited.add(known)
            if _is_unpinned(text(container, "image")):
                self._unpinned.add(known)

    def findings(self, observer: Observer) -> Iterator[Finding]:
        """Give one finding for each workload and fault, and the counts of what is worth knowing."""
        for (owner, check), group in self._groups.items():
            total = self._totals[owner]
            share = f" ({group.pods} of {total} pods)" if total > 1 else ""
            is_count = check == "restarts"
            yield observer.finding(
                check,
                owner.key,
                group.worst.severity,
                f"{owner.shown} {group.worst.does}{share}: {group.worst.why}.",
                value=group.restarts if is_count else group.pods,
                unit="restarts" if is_count else "pods",
            )
        yield from self._counts(observer)

    def _counts(self, observer: Observer) -> Iterator[Finding]:
        total = len(self._containers)
        if self._unlimited:
            yield observer.finding(
                "no_memory_limit",
                "containers",
                Severity.INFO,
                f"Containers without a memory limit: {len(self._unlimited):,} of {total:,} "
                f"({_named(self._unlimited)}).",
                value=len(self._unlimited),
                unit="containers",
            )
        if self._unpinned:
            yield observer.finding(
                "latest_image",
                "containers",
                Severity.INFO,
                "Containers on :latest or no tag, where a restart may change what runs: "
                f"{len(self._unpinned):,} of {total:,} ({_named(self._unpinned)}).",
                value=len(self._unpinned),
                unit="containers",
            )


def _named(containers: set[tuple[Thing, str]]) -> str:
    return listed(sorted({owner.shown for owner, _ in containers}))


def _is_of_job(pod: Json) -> bool:
    return any(it.get("kind") == "Job" for it in parts(pod, "metadata", "ownerReferences"))


def _is_unpinned(image: str) -> bool:
    if not image or "@" in image:
        return False
    _, _, tag = image.rpartition("/")[2].partition(":")
    return tag in ("", "latest")
