"""Kai, for Kubernetes: not able to read a cluster in this version, and saying so."""

from __future__ import annotations

from scheduler.agents.profiles import PROFILES
from scheduler.agents.unconnected import Unconnected


def kai(kubeconfig: str | None) -> Unconnected:
    """Give Kai, who tells a missing kubeconfig from one that nothing can read yet."""
    if kubeconfig is None:
        return Unconnected(
            profile=PROFILES["kai"],
            lacks="I have no cluster to look at: no kubeconfig is set.",
            fix="Set KUBECONFIG to the kubeconfig of a user with the role `view`. "
            "Reading clusters is not part of this version yet, so until then give the work to "
            "Tony (databases) or Alex (cloud cost).",
        )
    return Unconnected(
        profile=PROFILES["kai"],
        lacks="I have a kubeconfig, but reading clusters is not part of this version.",
        fix="Keep it for a later version; Tony (databases) and Alex (cloud cost) work now.",
    )
