"""The warning events of the last hour, by reason and object; run by `tools.cluster_review`.

Events explain more than they alarm: one about something that is found to be wrong anyway stands in
the table only. Names of pods that are gone are read back to the workload they belonged to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scheduler.agents.tools.cluster_faults import SAID
from scheduler.agents.tools.cluster_objects import (
    Json,
    Thing,
    likely_owner,
    moment,
    number,
    part,
    text,
)
from scheduler.agents.tools.inspection import Observer, counted, printable
from scheduler.policy import lasting
from storage.reports import Finding, Section, Severity

SPAN = timedelta(hours=1)
OFTEN = 5
SHOWN = 15
_GRAVE = frozenset({
    "FailedScheduling", "FailedMount", "FailedAttachVolume", "FailedCreate",
    "FailedCreatePodSandBox", "Evicted", "SystemOOM", "OOMKilling", "NodeNotReady",
    "NodeStatusUnknown", "ProvisioningFailed", "FailedBinding", "FreeDiskSpaceFailed",
    "ImageGCFailed", "InvalidDiskCapacity",
})  # fmt: skip


@dataclass(slots=True, kw_only=True)
class _Group:
    count: int = 0
    last: datetime
    said: str = ""


@dataclass(slots=True, kw_only=True)
class Events:
    """Takes warning events one by one; `owners` names the workload of each pod that is there."""

    now: datetime
    owners: Mapping[tuple[str, str], Thing]
    wanted: Callable[[Thing], bool]
    _groups: dict[tuple[Thing, str], _Group] = field(default_factory=dict)

    def add(self, event: Json) -> bool:
        """Look at one event; say whether it is a warning of the last hour, and wanted."""
        last = _last(event)
        if last is None or self.now - last > SPAN or text(event, "type") != "Warning":
            return False
        about = self._about(part(event, "involvedObject"))
        if not self.wanted(about):
            return False
        key = (about, text(event, "reason"))
        group = self._groups.setdefault(key, _Group(last=last))
        group.count += _count(event)
        if last >= group.last:
            group.last, group.said = last, text(event, "message")
        return True

    def _about(self, ref: Json) -> Thing:
        namespace, kind, name = text(ref, "namespace"), text(ref, "kind"), text(ref, "name")
        if kind != "Pod":
            if kind == "Node":
                namespace = ""
            if kind == "ReplicaSet":
                return likely_owner(namespace, f"{name}-bbbbb")
            return Thing(namespace=namespace, kind=kind, name=name)
        return self.owners.get((namespace, name)) or likely_owner(namespace, name)

    def findings(self, observer: Observer, told: Collection[str]) -> Iterator[Finding]:
        """Give one finding for each reason and object, except for those `told` of already."""
        for (about, reason), group in self._ordered():
            if about.key in told:
                continue
            is_bad = reason in _GRAVE or group.count >= OFTEN
            kind = about.kind if about.kind != "Pods" else "pods of"
            yield observer.finding(
                f"event_{printable(reason).lower()}",
                about.key,
                Severity.WARNING if is_bad else Severity.INFO,
                f"{kind} {printable(about.shown, limit=SAID)}: {self._told(reason, group)}.",
            )

    def _told(self, reason: str, group: _Group) -> str:
        times = "once," if group.count == 1 else f"{group.count:,} times, the last"
        said = printable(group.said, limit=SAID).rstrip(". ") or "no message"
        return f"{said} ({printable(reason)}, {times} {lasting(self.now - group.last)} ago)"

    def section(self) -> Section | None:
        """Lay out what happened in the last hour, the most frequent first."""
        groups = self._ordered()
        if not groups:
            return None
        rows = tuple(
            (
                f"{group.count:,}",
                lasting(self.now - group.last),
                printable(reason),
                printable(about.shown),
                printable(group.said, limit=60),
            )
            for (about, reason), group in groups[:SHOWN]
        )
        rest = len(groups) - SHOWN
        lines = (f"{counted(rest, 'more kind')} of events are not listed.",) if rest > 0 else ()
        columns = ("Times", "Ago", "Reason", "About", "What it says")
        return Section(
            title="Warning events of the last hour", lines=lines, columns=columns, rows=rows
        )

    def _ordered(self) -> list[tuple[tuple[Thing, str], _Group]]:
        return sorted(self._groups.items(), key=lambda it: (-it[1].count, it[0]))


def _last(event: Json) -> datetime | None:
    """Give when an event was last seen, whichever way it was recorded."""
    times = (
        moment(event, "series", "lastObservedTime"),
        moment(event, "lastTimestamp"),
        moment(event, "eventTime"),
        moment(event, "metadata", "creationTimestamp"),
    )
    return next(filter(None, times), None)


def _count(event: Json) -> int:
    return max(number(event, "series", "count"), number(event, "count"), 1)
