"""Who the agents are, in the order people meet them; read by the agents and by what shows them."""

from __future__ import annotations

from types import MappingProxyType

from scheduler.agents.agent import Profile

_PROFILES = (
    Profile(
        name="alex",
        title="Cloud cost",
        emoji=":moneybag:",
        does="reads your billing data and says what the cloud cost",
    ),
    Profile(
        name="oliver",
        title="Security",
        emoji=":shield:",
        does="looks after security",
    ),
    Profile(
        name="tony",
        title="Databases",
        emoji=":card_file_box:",
        does="checks the health of a database",
    ),
    Profile(
        name="kai",
        title="Kubernetes",
        emoji=":wheel_of_dharma:",
        does="looks after Kubernetes clusters",
    ),
    Profile(
        name="anna",
        title="General manager",
        emoji=":compass:",
        does="brings together what the others found",
    ),
)

PROFILES = MappingProxyType({profile.name: profile for profile in _PROFILES})
