"""What the agents are given to read, as the settings say it."""

from __future__ import annotations

from dataclasses import dataclass, field

from scheduler.agents.tools.hosts import Host
from scheduler.agents.tools.own_setup import OwnSetup


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where each agent looks.

    `billing` is a file, a folder or a glob of FOCUS billing data; `sample_data` lets Alex read a
    generated sample where that is not set. `database_url` is Chatcron's own database, which Tony
    checks unless `tony_database_url` names another. `kubeconfig` is the path of one,
    `kube_context` which of its contexts Kai uses, `kube_namespaces` all that he may look at, if not
    empty; `kube_host` and `kube_port` are the API's address where we run in a cluster.
    `oliver_hosts` and `oliver_folders` are all that Oliver may look at beside Chatcron itself,
    whose `own_setup` he is told.
    """

    billing: str | None = None
    sample_data: bool = False
    database_url: str = field(repr=False)
    tony_database_url: str | None = field(default=None, repr=False)
    kubeconfig: str | None = None
    kube_context: str | None = None
    kube_namespaces: tuple[str, ...] = ()
    kube_host: str | None = None
    kube_port: str | None = None
    oliver_hosts: tuple[Host, ...] = ()
    oliver_folders: tuple[str, ...] = ()
    own_setup: OwnSetup | None = None
