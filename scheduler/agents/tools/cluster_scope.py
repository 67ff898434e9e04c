"""What a look at a cluster covers, and what it came to; shared by Kai and his tool."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storage.reports import Finding, Section

RESTARTS = 5


class Kind(StrEnum):
    """What is listed, in the order it is looked at: later checks use what earlier ones saw."""

    NODES = "nodes"
    JOBS = "jobs"
    CRON_JOBS = "cronjobs"
    PODS = "pods"
    DEPLOYMENTS = "deployments"
    STATEFUL_SETS = "statefulsets"
    DAEMON_SETS = "daemonsets"
    CLAIMS = "persistentvolumeclaims"
    EVENTS = "events"

    @property
    def label(self) -> str:
        """Give the kind as it stands in a table or begins a sentence."""
        return _TITLES[self]


_TITLES = {
    Kind.NODES: "Nodes",
    Kind.JOBS: "Jobs",
    Kind.CRON_JOBS: "CronJobs",
    Kind.PODS: "Pods",
    Kind.DEPLOYMENTS: "Deployments",
    Kind.STATEFUL_SETS: "StatefulSets",
    Kind.DAEMON_SETS: "DaemonSets",
    Kind.CLAIMS: "Volume claims",
    Kind.EVENTS: "Warning events",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How a cluster is reached: a kubeconfig (paths joined by `:`), or as a pod of it.

    `host` and `port` are the API's address as Kubernetes tells it to a pod, `account` the folder
    of its service account. `answer_s` limits each answer, in seconds; `scratch` is a folder for the
    keys that the client writes down, as it takes them from files only.
    """

    kubeconfig: str | None = None
    context: str | None = None
    host: str | None = None
    port: str | None = None
    account: str = "/var/run/secrets/kubernetes.io/serviceaccount"
    answer_s: float = 20.0
    scratch: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What to look at; whatever is empty narrows nothing.

    `asked` are namespaces that a person named, `names` workloads; the words of `guessed` and
    `guessed_names` count only if there is something of that name. `allowed` are the namespaces of
    the settings. `restarts` is how many are worth a word.
    """

    asked: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    guessed_names: tuple[str, ...] = ()
    kinds: frozenset[Kind] = frozenset()
    restarts: int = RESTARTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How much of one kind was looked at; `is_whole` says that nothing was left out."""

    kind: Kind
    count: int
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterLook:
    """What a look came to; what could not be checked is a finding of severity UNKNOWN.

    `cluster` is the name of the context, empty within the cluster; `namespaces` and `names` are
    what the look was narrowed to; `unknowns` are the limits that the settings set it.
    """

    cluster: str
    namespaces: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    seen: tuple[Seen, ...]
    findings: tuple[Finding, ...]
    sections: tuple[Section, ...] = ()
    unknowns: tuple[str, ...] = ()
