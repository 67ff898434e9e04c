"""Where in a cluster to look: the names that a person used, held against what is there.

Run by `tools.cluster_review`. A name that is not there is said, with the nearest one that is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from scheduler.agents.tools.cluster import Api, Unread
from scheduler.agents.tools.cluster_objects import Thing, likely_owner, text
from scheduler.agents.tools.cluster_scope import Kind, Scope
from scheduler.agents.tools.inspection import Observer
from storage.reports import Finding, Severity

_WORKLOADS = (Kind.DEPLOYMENTS, Kind.STATEFUL_SETS, Kind.DAEMON_SETS, Kind.CRON_JOBS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The namespaces and workloads to look at, all of them where empty; `findings` say what fails.

    `is_nowhere` says that nothing of what was asked for is there, so that nothing is to be seen.
    """

    namespaces: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    is_nowhere: bool = False

    def hold(self, thing: Thing) -> bool:
        """Say whether a workload is one of those to look at."""
        return not self.names or thing.name in self.names


def find(api: Api, scope: Scope, observer: Observer) -> Places:
    """Find the places that a scope names."""
    namespaces, lost = _namespaces(api, scope, observer)
    if lost and not namespaces:
        return Places(findings=tuple(lost), is_nowhere=True)
    names, unfound = _names(api, scope, namespaces, observer)
    return Places(
        namespaces=namespaces,
        names=names,
        findings=(*lost, *unfound),
        is_nowhere=bool(unfound) and not names,
    )


def _namespaces(
    api: Api, scope: Scope, observer: Observer
) -> tuple[tuple[str, ...], list[Finding]]:
    if not (scope.asked or scope.guessed or scope.allowed):
        return (), []
    try:
        known: frozenset[str] | None = api.namespaces()
    except Unread:
        known = None  # names are then taken as they are given
    asked = [*scope.asked, *(name for name in scope.guessed if known and name in known)]
    wanted = list(dict.fromkeys(asked)) or list(scope.allowed)
    refused = [it for it in wanted if scope.allowed and it not in scope.allowed]
    absent = [it for it in wanted if known is not None and it not in known and it not in refused]
    lost = [_refused(name, observer) for name in refused]
    lost += [_absent("namespace", name, known or (), observer) for name in absent]
    return tuple(it for it in wanted if it not in (*refused, *absent)), lost


def _refused(name: str, observer: Observer) -> Finding:
    words = f"Namespace {name} is not in CHATCRON_KUBE_NAMESPACES, so it was not looked at."
    return observer.finding("namespace", name, Severity.UNKNOWN, words)


def _absent(noun: str, name: str, known: Collection[str], observer: Observer) -> Finding:
    near = get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    words = f"There is no {noun} {name} in this cluster.{hint}"
    return observer.finding(noun, name, Severity.UNKNOWN, words)


def _names(
    api: Api, scope: Scope, namespaces: tuple[str, ...], observer: Observer
) -> tuple[tuple[str, ...], list[Finding]]:
    if not (scope.names or scope.guessed_names):
        return (), []
    try:
        known = frozenset(_workloads(api, namespaces))
    except Unread:
        return scope.names, []  # what can't be listed is named when its turn comes
    found = [_workload(name, known) for name in scope.names]
    found += [name for name in scope.guessed_names if name in known]
    absent = [name for name in scope.names if _workload(name, known) is None]
    return (
        tuple(dict.fromkeys(name for name in found if name)),
        [_absent("workload", name, known, observer) for name in absent],
    )


def _workload(name: str, known: Collection[str]) -> str | None:
    """Give the workload of that name, or the one that a pod of that name belongs to."""
    if name in known:
        return name
    owner = likely_owner("", name).name
    return owner if owner in known else None


def _workloads(api: Api, namespaces: tuple[str, ...]) -> Iterator[str]:
    for kind in _WORKLOADS:
        for item in api.of(kind, namespaces):
            yield text(item, "metadata", "name")
