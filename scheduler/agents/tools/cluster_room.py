"""How much room nodes have left for what pods ask for; run by `tools.cluster_review`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.agents.tools.checkup import limit, size
from scheduler.agents.tools.cluster_objects import Json, part, parts, quantity
from scheduler.agents.tools.inspection import Observer
from storage.reports import Finding, Severity

TIGHT = 90
FULL = 98


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What pods ask for or nodes have: cores, bytes of memory, and places for pods."""

    cores: float = 0.0
    memory: float = 0.0
    places: float = 0.0

    def __add__(self, other: Room) -> Room:
        return Room(
            cores=self.cores + other.cores,
            memory=self.memory + other.memory,
            places=self.places + other.places,
        )


def given_by(node: Json) -> Room:
    """Give what a node has for pods."""
    has = part(node, "status", "allocatable")
    return Room(
        cores=quantity(has.get("cpu", 0)),
        memory=quantity(has.get("memory", 0)),
        places=quantity(has.get("pods", 0)),
    )


def asked_by(pod: Json) -> Room:
    """Give what the scheduler sets aside for a pod."""
    return Room(cores=_asked(pod, "cpu"), memory=_asked(pod, "memory"), places=1)


def _asked(pod: Json, resource: str) -> float:
    """Add up the containers that run at once; one that prepares the pod may ask for more."""
    before = parts(pod, "spec", "initContainers")
    beside = [it for it in before if it.get("restartPolicy") == "Always"]
    running = [_request(it, resource) for it in [*parts(pod, "spec", "containers"), *beside]]
    overhead = quantity(part(pod, "spec", "overhead").get(resource, 0))
    return max([sum(running), *(_request(it, resource) for it in before)]) + overhead


def _request(container: Json, resource: str) -> float:
    return quantity(part(container, "resources", "requests").get(resource, 0))


def judged(asked: Room, given: Room, observer: Observer) -> Iterator[Finding]:
    """Give a finding for each of the things that nodes can run out of."""
    cores = f"CPU: pods ask for {asked.cores:.1f} of {given.cores:.1f} cores"
    memory = f"Memory: pods ask for {size(asked.memory)} of {size(given.memory)}"
    places = f"Places for pods: {asked.places:,.0f} of {given.places:,.0f} are taken"
    for name, used, total, words in (
        ("room_cpu", asked.cores, given.cores, cores),
        ("room_memory", asked.memory, given.memory, memory),
        ("room_pods", asked.places, given.places, places),
    ):
        if not total:
            continue
        share = 100 * used / total
        severity = limit(share, warn=TIGHT, critical=FULL)
        tight = "" if severity is Severity.OK else ", so little more fits on the nodes"
        yield observer.finding(
            name,
            "cluster",
            severity,
            f"{words} ({share:.0f} %){tight}.",
            value=round(share, 1),
            unit="%",
        )
