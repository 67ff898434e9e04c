"""The agents by name: the one place that knows them all."""

from __future__ import annotations

from scheduler.agents.agent import Agent
from scheduler.agents.alex import Alex
from scheduler.agents.anna import anna
from scheduler.agents.kai import kai
from scheduler.agents.oliver import oliver
from scheduler.agents.profiles import PROFILES
from scheduler.agents.sources import Sources
from scheduler.agents.tony import Tony

__all__ = ["PROFILES", "ROSTER", "Sources", "roster"]

ROSTER = tuple(PROFILES)


def roster(sources: Sources) -> dict[str, Agent]:
    """Give every agent by name, in the order of ROSTER, each connected to its source."""
    own = sources.tony_database_url is None
    agents: tuple[Agent, ...] = (
        Alex(billing=sources.billing, sample_data=sources.sample_data),
        oliver(),
        Tony(url=sources.tony_database_url or sources.database_url, own=own),
        kai(sources.kubeconfig),
        anna(),
    )
    return {agent.profile.name: agent for agent in agents}
