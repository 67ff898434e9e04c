"""The whole look at a cluster: kind after kind, each told apart, those that can't be read by name.

Called by Kai through a child process; `tools.cluster` reads, the checks beside it judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from scheduler.agents.tools.cluster import Api, Unread, connected
from scheduler.agents.tools.cluster_events import Events
from scheduler.agents.tools.cluster_jobs import CronJobs, Jobs
from scheduler.agents.tools.cluster_nodes import Nodes
from scheduler.agents.tools.cluster_objects import Json
from scheduler.agents.tools.cluster_places import Places, find
from scheduler.agents.tools.cluster_pods import Pods
from scheduler.agents.tools.cluster_room import Room, judged
from scheduler.agents.tools.cluster_scope import Access, ClusterLook, Kind, Scope, Seen
from scheduler.agents.tools.cluster_workloads import Claims, Workloads
from scheduler.agents.tools.inspection import Observer
from storage.reports import LOUD, Finding, Section, Severity

MOST_TOLD = 40
MOST_PODS = 20
_OF_THE_CLUSTER = frozenset({Kind.NODES})
_NAMELESS = frozenset({Kind.NODES, Kind.CLAIMS})
_SELECTORS = {Kind.EVENTS: "type=Warning"}
_FINE = {
    Kind.NODES: ("Every node is ready ({0}).", "nodes"),
    Kind.JOBS: ("No Job failed ({0} seen).", "jobs"),
    Kind.CRON_JOBS: ("Every CronJob starts on time ({0}).", "CronJobs"),
    Kind.PODS: ("Every pod runs or is done ({0}).", "pods"),
    Kind.DEPLOYMENTS: ("Every deployment has its replicas ({0}).", "deployments"),
    Kind.STATEFUL_SETS: ("Every stateful set has its replicas ({0}).", "stateful sets"),
    Kind.DAEMON_SETS: ("Every daemon set has its pods ({0}).", "daemon sets"),
    Kind.CLAIMS: ("Every volume claim has its volume ({0}).", "claims"),
}
_NO_NODES = (
    "Nodes and their room were not looked at: CHATCRON_KUBE_NAMESPACES narrows the look to "
    "namespaces."
)


class Check(Protocol):
    """Takes the objects of a kind one by one; `add` says whether one is to be counted."""

    def add(self, item: Json) -> bool:
        """Look at one object."""


def look(access: Access, scope: Scope, now: datetime) -> ClusterLook:
    """Look at a cluster; raises NotConnected where it refuses us, Temporary where it is away."""
    with connected(access) as api:
        version = api.version()
        source = " ".join(("Kubernetes API", version)).strip()
        observer = Observer(topic="kubernetes", now=now, source=f"{source}, read-only")
        places = find(api, scope, observer)
        if places.is_nowhere:
            return ClusterLook(cluster=api.name, seen=(), findings=places.findings)
        return _Review(api=api, scope=scope, places=places, observer=observer).made()


@dataclass(slots=True, kw_only=True)
class _Review:
    """One look, kind by kind."""

    api: Api
    scope: Scope
    places: Places
    observer: Observer
    seen: list[Seen] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def made(self) -> ClusterLook:
        """Read every kind that is due, and judge what was seen."""
        now, wanted = self.observer.now, self.places.hold
        nodes, jobs = Nodes(now=now), Jobs(now=now, wanted=wanted)
        pods = Pods(now=now, cron_jobs=jobs.cron_jobs, wanted=wanted, restarts=self.scope.restarts)
        self._take(Kind.NODES, nodes, nodes.findings)
        self._take(Kind.JOBS, jobs, jobs.findings)
        cron_jobs = CronJobs(now=now, wanted=wanted)
        self._take(Kind.CRON_JOBS, cron_jobs, cron_jobs.findings)
        self._take(Kind.PODS, pods, pods.findings)
        for kind, name in _WORKLOADS.items():
            workloads = Workloads(kind=name, now=now, wanted=wanted)
            self._take(kind, workloads, workloads.findings)
        claims = Claims(now=now, used=pods.claims if self._is_whole(Kind.PODS) else None)
        self._take(Kind.CLAIMS, claims, claims.findings)
        events = Events(now=now, owners=pods.owners, wanted=wanted)
        told = {it.resource for it in self.findings if it.severity in LOUD}
        self._take(Kind.EVENTS, events, lambda observer: events.findings(observer, told))
        self._judge_room(nodes.rooms, pods.requests)
        return ClusterLook(
            cluster=self.api.name,
            namespaces=self.places.namespaces,
            names=self.places.names,
            seen=tuple(self.seen),
            findings=(*self.places.findings, *self.findings),
            sections=tuple(it for it in (_pods(pods), events.section()) if it),
            unknowns=tuple(self._limits()),
        )

    def _is_due(self, kind: Kind) -> bool:
        if self.places.names:
            return kind not in _NAMELESS
        if self.scope.kinds:
            return kind in self.scope.kinds
        return not (self.places.namespaces and kind in _OF_THE_CLUSTER)

    def _is_whole(self, kind: Kind) -> bool:
        return any(it.kind is kind and it.is_whole for it in self.seen)

    def _take(
        self, kind: Kind, check: Check, findings: Callable[[Observer], Iterator[Finding]]
    ) -> None:
        """Read a kind to its end, or as far as it goes, and tell what is wrong with it."""
        if not self._is_due(kind):
            return
        count, why = 0, None
        try:
            for item in self.api.of(kind, self.places.namespaces, _SELECTORS.get(kind, "")):
                count += check.add(item)
        except Unread as failure:
            why = str(failure)
        self.seen.append(Seen(kind=kind, count=count, is_whole=why is None))
        found = list(findings(self.observer))
        self.findings += self._most(kind, found)
        if why is not None:
            self.findings.append(self._unread(kind, count, why))
        elif count and kind in _FINE and not any(it.severity in LOUD for it in found):
            self.findings.append(self._fine(kind, count))

    def _unread(self, kind: Kind, count: int, why: str) -> Finding:
        is_for_room = kind in (Kind.NODES, Kind.PODS) and self._is_due(Kind.NODES)
        extent = ", not all of them" if count else ""
        room = ", and so the room for pods" if is_for_room else ""
        words = f"{kind.label}{extent}{room}: {why}."
        return self.observer.finding("unread", kind.value, Severity.UNKNOWN, words)

    def _fine(self, kind: Kind, count: int) -> Finding:
        words, unit = _FINE[kind]
        return self.observer.finding(
            "fine", kind.value, Severity.OK, words.format(f"{count:,}"), value=count, unit=unit
        )

    def _most(self, kind: Kind, found: list[Finding]) -> list[Finding]:
        """Keep the worst of very many findings, and count the others."""
        loud = sorted(
            (it for it in found if it.severity in LOUD),
            key=lambda it: (LOUD.index(it.severity), it.key),
        )
        quiet = [it for it in found if it.severity not in LOUD][:MOST_TOLD]
        rest = loud[MOST_TOLD:]
        if not rest:
            return [*loud, *quiet]
        words = f"{kind.label}: {len(rest):,} more findings like these are not listed."
        more = self.observer.finding(
            "more", kind.value, rest[0].severity, words, value=len(rest), unit="findings"
        )
        return [*loud[:MOST_TOLD], more, *quiet]

    def _judge_room(self, rooms: Mapping[str, Room], requests: Mapping[str, Room]) -> None:
        """Hold what pods ask for against what nodes have, where all of both were seen."""
        if not (self._is_whole(Kind.NODES) and self._is_whole(Kind.PODS)):
            return
        if self.places.namespaces or self.places.names:
            return
        given, asked = Room(), Room()
        for node, room in rooms.items():
            given, asked = given + room, asked + requests.get(node, Room())
        self.findings += judged(asked, given, self.observer)

    def _limits(self) -> Iterator[str]:
        is_set = bool(self.scope.allowed) and not (self.scope.asked or self.scope.guessed)
        if is_set and not self._is_due(Kind.NODES) and not self.scope.kinds:
            yield _NO_NODES


_WORKLOADS = {
    Kind.DEPLOYMENTS: "Deployment",
    Kind.STATEFUL_SETS: "StatefulSet",
    Kind.DAEMON_SETS: "DaemonSet",
}


def _pods(pods: Pods) -> Section | None:
    """List the pods that something is wrong with, as `kubectl` knows them."""
    bad = [it for it in pods.rows if it[0] in LOUD]
    rows = [row for _, row in sorted(bad, key=lambda it: (LOUD.index(it[0]), it[1]))]
    if not rows:
        return None
    rest = len(rows) - MOST_PODS
    lines = (f"{rest:,} more pods are not listed.",) if rest > 0 else ()
    columns = ("Pod", "What", "Restarts", "Node")
    return Section(
        title="Pods to look at", lines=lines, columns=columns, rows=tuple(rows[:MOST_PODS])
    )
