"""The agents by name: the one place that knows them all."""

from __future__ import annotations

from scheduler.agents.agent import Agent
from scheduler.agents.alex import Alex
from scheduler.agents.anna import Anna, Ledger
from scheduler.agents.kai import Kai, access_of
from scheduler.agents.oliver import Oliver, own_of
from scheduler.agents.profiles import PROFILES
from scheduler.agents.sources import Sources
from scheduler.agents.tony import Tony
from scheduler.now import Now, utc_now

__all__ = ["PROFILES", "ROSTER", "Sources", "roster"]

ROSTER = tuple(PROFILES)


def roster(
    sources: Sources, *, ledger: Ledger | None = None, now: Now = utc_now
) -> dict[str, Agent]:
    """Give every agent by name, in the order of ROSTER, each connected to its source.

    `ledger` is what Anna reads; without one she can be looked at, and refuses to work.
    """
    own = sources.tony_database_url is None
    agents: tuple[Agent, ...] = (
        Alex(billing=sources.billing, sample_data=sources.sample_data),
        Oliver(
            hosts=sources.oliver_hosts,
            folders=sources.oliver_folders,
            own=own_of(sources.database_url, sources.own_setup),
        ),
        Tony(url=sources.tony_database_url or sources.database_url, own=own),
        Kai(access=access_of(sources), namespaces=sources.kube_namespaces),
    )
    named = {agent.profile.name: agent for agent in agents}
    return named | {"anna": Anna(ledger=ledger, now=now, colleagues=named)}
