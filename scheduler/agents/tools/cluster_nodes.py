"""What is wrong with nodes, and what room they give; run by `tools.cluster_review`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from scheduler.agents.tools.cluster_faults import SAID
from scheduler.agents.tools.cluster_objects import Json, Thing, condition, moment, part, parts, text
from scheduler.agents.tools.cluster_room import Room, given_by
from scheduler.agents.tools.inspection import Observer, printable
from scheduler.policy import lasting
from storage.reports import Finding, Severity

_PRESSURES = {
    "MemoryPressure": "short of memory",
    "DiskPressure": "short of disk",
    "PIDPressure": "short of process ids",
    "NetworkUnavailable": "without a network",
}


@dataclass(slots=True, kw_only=True)
class Nodes:
    """Takes nodes one by one; `rooms` is what those give that take pods."""

    now: datetime
    rooms: dict[str, Room] = field(default_factory=dict)
    _faults: list[tuple[str, Thing, Severity, str]] = field(default_factory=list)

    def add(self, node: Json) -> bool:
        """Look at one node."""
        thing = Thing(kind="Node", name=text(node, "metadata", "name"))
        is_cordoned = part(node, "spec").get("unschedulable") is True
        ready = condition(node, "Ready")
        if text(ready, "status") != "True":
            self._note("node_ready", thing, Severity.CRITICAL, _not_ready(ready, self.now))
        else:
            for kind, words in _PRESSURES.items():
                self._press(node, thing, kind, words)
            if not is_cordoned and not _is_kept_free(node):
                self.rooms[thing.name] = given_by(node)
        if is_cordoned:
            words = "is cordoned: it takes no new pods until somebody uncordons it"
            self._note("node_cordoned", thing, Severity.WARNING, words)
        return True

    def _press(self, node: Json, thing: Thing, kind: str, words: str) -> None:
        state = condition(node, kind)
        if text(state, "status") != "True":
            return
        bad = Severity.CRITICAL if kind == "NetworkUnavailable" else Severity.WARNING
        told = f"{_lasts(state, self.now, words)}{_said(state)}"
        self._note(f"node_{kind.lower()}", thing, bad, told)

    def _note(self, check: str, thing: Thing, severity: Severity, words: str) -> None:
        self._faults.append((check, thing, severity, words))

    def findings(self, observer: Observer) -> Iterator[Finding]:
        """Give one finding for each node and fault."""
        for check, thing, severity, words in self._faults:
            text_ = f"Node {printable(thing.name)} {words}."
            yield observer.finding(check, thing.key, severity, text_)


def _is_kept_free(node: Json) -> bool:
    """Say whether a node is set aside for the control plane."""
    return any(
        text(taint, "key").startswith("node-role.kubernetes.io/")
        for taint in parts(node, "spec", "taints")
    )


def _not_ready(ready: Json, now: datetime) -> str:
    if text(ready, "status") == "Unknown":
        return _lasts(ready, now, "out of reach")
    return f"{_lasts(ready, now, 'ready', 'not ')}{_said(ready)}"


def _lasts(state: Json, now: datetime, words: str, negation: str = "") -> str:
    at = moment(state, "lastTransitionTime")
    since = f"has {negation}been {words} for {lasting(now - at)}" if at else ""
    return since or f"is {negation}{words}"


def _said(state: Json) -> str:
    said = text(state, "message") or text(state, "reason")
    return f": {printable(said, limit=SAID).rstrip('. ')}" if said else ""
