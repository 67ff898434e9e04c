"""Kai, for Kubernetes: looks at a cluster through its API, which he lists and never changes.

The looking is done by `tools.cluster_review` in a child process, `cluster_asked` reads the prompt,
`cluster_report` tells what was seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from scheduler.agents import cluster_asked, cluster_report
from scheduler.agents.agent import Brief, Profile, Tool, about
from scheduler.agents.child import in_child
from scheduler.agents.profiles import PROFILES
from scheduler.agents.sources import Sources
from scheduler.agents.tools import cluster, cluster_review
from scheduler.agents.tools.cluster_scope import Access
from scheduler.errors import NotConnected
from storage.reports import Report

LIMIT_S = 300.0
NO_CLIENT = "I can't read clusters: the Kubernetes client is not installed."
NO_CLIENT_FIX = (
    "Install it where I run and start me again: pip install 'chatcron[kubernetes]', or in a "
    "checkout .venv/bin/pip install '.[kubernetes]'."
)
NO_CLUSTER = "I have no cluster to look at: no kubeconfig is set."
NO_CLUSTER_FIX = (
    "Set KUBECONFIG to the kubeconfig of a user who may only look (the ClusterRole `view`, and "
    "`list` on nodes), or run me in the cluster under a service account with these rights."
)
NO_FILE = "The kubeconfig that KUBECONFIG names is not there."
NO_FILE_FIX = "Correct KUBECONFIG, or put the file there and let me read it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Kai:
    """The agent for the cluster that `access` reaches; `namespaces` narrows it, where there are.

    `limit_s` is how long a whole look may take.
    """

    access: Access
    namespaces: tuple[str, ...] = ()
    limit_s: float = LIMIT_S
    profile: Profile = PROFILES["kai"]

    def missing(self) -> str | None:
        """Say what is missing before a cluster can be looked at, and what to do."""
        lack = self._lack()
        return f"{lack} {lack.fix}" if lack else None

    async def work(self, brief: Brief) -> Report:
        """Look at the cluster, or at what the prompt names of it, and report the worst first."""
        if lack := self._lack():
            raise lack
        scope = cluster_asked.read(brief.prompt, self.namespaces)
        with TemporaryDirectory(prefix="chatcron-kai-") as scratch:
            access = replace(self.access, scratch=scratch)
            look = await in_child(
                cluster_review.look, access, scope, brief.as_of, limit_s=self.limit_s
            )
        return cluster_report.tell(look, brief.prompt, brief.before)

    def tools(self, brief: Brief) -> tuple[Tool, ...]:
        """Let a model look at one namespace, or at one workload of it."""
        return (
            Tool(
                name="look_at_namespace",
                description="What is wrong in one namespace: pods, workloads, jobs and events.",
                parameters=_parameters("namespace"),
                call=lambda given: about(self, brief, f"namespace {given.get('namespace', '')}"),
            ),
            Tool(
                name="look_at_workload",
                description="What is wrong with one deployment, stateful set or daemon set.",
                parameters=_parameters("namespace", "name"),
                call=lambda given: about(
                    self,
                    brief,
                    f"deployment/{given.get('name', '')} namespace {given.get('namespace', '')}",
                ),
            ),
        )

    def _lack(self) -> NotConnected | None:
        if not cluster.is_installed():
            return NotConnected(NO_CLIENT, fix=NO_CLIENT_FIX)
        if self.access.kubeconfig is None:
            has_account = cluster.has_account(self.access)
            return None if has_account else NotConnected(NO_CLUSTER, fix=NO_CLUSTER_FIX)
        paths = [Path(it).expanduser() for it in self.access.kubeconfig.split(":") if it]
        if not any(path.is_file() for path in paths):
            return NotConnected(NO_FILE, fix=NO_FILE_FIX)
        return None


def access_of(sources: Sources) -> Access:
    """Say how the cluster is reached, as the settings have it."""
    return Access(
        kubeconfig=sources.kubeconfig,
        context=sources.kube_context,
        host=sources.kube_host,
        port=sources.kube_port,
    )


def _parameters(*names: str) -> dict[str, object]:
    return {
        "type": "object",
        "properties": {name: {"type": "string"} for name in names},
        "required": list(names),
        "additionalProperties": False,
    }
