"""The composition for several processes on one Postgres is in order."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.roles import Role
from bot.settings import SECRETS, Settings
from tests.test_deploy import NAMES

ROOT = Path(__file__).parents[1]
OURS = ("migrate", "bot", "scheduler", "worker")
COMPOSED: dict[str, Any] = yaml.safe_load(
    (ROOT / "compose.postgres.yaml").read_text(encoding="utf-8")
)
SERVICES: dict[str, Any] = COMPOSED["services"]


def test_there_is_one_service_a_role() -> None:
    """Every role but the one for a single process has a service that runs it."""
    roles = {SERVICES[name]["command"][-1] for name in OURS if name != "migrate"}

    assert set(SERVICES) == {"postgres", *OURS}
    assert roles == {str(role) for role in Role if role is not Role.ALL}


@pytest.mark.parametrize("name", OURS)
def test_each_container_is_held_down(name: str) -> None:
    """Read-only, without capabilities or new rights, with time to end its runs, and the extra."""
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert int(service["stop_grace_period"].removesuffix("s")) > Settings.read({}).drain_s
    assert "postgres" in service["build"]["args"]["EXTRAS"]
    assert "ports" not in service


@pytest.mark.parametrize("name", OURS)
def test_each_secret_is_a_file(name: str) -> None:
    """No secret stands in the environment, and each file that is named is given."""
    environment = SERVICES[name]["environment"]

    assert set(environment) <= NAMES
    assert [it for it in environment if it in SECRETS and environment[it]] == []
    files = {value for it, value in environment.items() if it.endswith("_FILE")}
    assert files == {f"/run/secrets/{secret}" for secret in SERVICES[name]["secrets"]}
    assert set(SERVICES[name]["secrets"]) <= set(COMPOSED["secrets"])


def test_nothing_starts_before_the_schema_is_there() -> None:
    """Postgres answers, then the migration ends, then the others start."""
    assert "pg_isready" in SERVICES["postgres"]["healthcheck"]["test"][1]
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in OURS[1:]:
        assert SERVICES[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"}
        }
    assert SERVICES["migrate"]["restart"] == "no"


def test_the_server_is_named_with_a_version() -> None:
    """The database does not stand on whatever is newest."""
    assert re.search(r":\d", SERVICES["postgres"]["image"])
