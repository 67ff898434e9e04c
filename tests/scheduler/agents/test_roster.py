"""Five agents by name; those that cannot look say so, and never make a report up."""

from __future__ import annotations

import re

import pytest

from scheduler.agents import PROFILES, ROSTER, Sources, roster
from scheduler.errors import NotConnected
from tests.scheduler.agents.briefs import brief


def sources(*, kubeconfig: str | None = None, sample_data: bool = False) -> Sources:
    """Give sources with a database that nothing opens."""
    return Sources(
        database_url="sqlite:////nowhere/chatcron.db",
        kubeconfig=kubeconfig,
        sample_data=sample_data,
    )


def test_the_roster_has_its_order() -> None:
    """Agents, profiles and names are the same five in the same order."""
    assert tuple(roster(sources())) == ROSTER == ("alex", "oliver", "tony", "kai", "anna")
    assert [agent.profile for agent in roster(sources()).values()] == list(PROFILES.values())
    assert all(re.fullmatch(r":[a-z_]+:", profile.emoji) for profile in PROFILES.values())


@pytest.mark.parametrize("kubeconfig", [None, "/etc/kubeconfig"])
@pytest.mark.parametrize("name", ["kai"])
async def test_who_cannot_look_refuses_with_a_way_out(name: str, kubeconfig: str | None) -> None:
    """The sentence and the fix of the refusal are what `missing` says beforehand."""
    agent = roster(sources(kubeconfig=kubeconfig))[name]

    with pytest.raises(NotConnected) as refusal:
        await agent.work(brief("anything"))

    assert refusal.value.fix
    assert agent.missing() == f"{refusal.value} {refusal.value.fix}"


def test_kai_says_whether_a_kubeconfig_is_set() -> None:
    """A kubeconfig that is not there is told from none."""
    assert "no kubeconfig" in str(roster(sources())["kai"].missing())
    assert "is not there" in str(roster(sources(kubeconfig="/nowhere"))["kai"].missing())


def test_those_who_can_look_miss_nothing() -> None:
    """Tony always has a database, Anna a ledger, Alex the sample where that is allowed."""
    agents = roster(sources(sample_data=True))
    assert agents["anna"].missing() is None
    assert (agents["tony"].missing(), agents["alex"].missing()) == (None, None)
    assert roster(sources())["alex"].missing() is not None


def test_sources_keep_addresses_to_themselves() -> None:
    """Logging the sources does not log a password."""
    given = Sources(
        database_url="postgresql://bob:canary@db/chatcron",
        tony_database_url="postgresql://bob:canary@db/shop",
    )
    assert "canary" not in repr(given) + repr(roster(given))
