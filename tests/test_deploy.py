"""What an operator deploys is in order: the image, the composition, the service and the locks."""

from __future__ import annotations

import re
import tomllib
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.routing import APIRoute

from bot.http.routes import build_routes
from bot.metrics import Sheet
from bot.readiness import Signs
from bot.settings import SECRETS, Settings

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
STEPS = re.findall(r"^([A-Z]+) (.+?)(?<!\\)$", DOCKERFILE, re.MULTILINE | re.DOTALL)
LAST_STAGE = STEPS[max(at for at, (word, _) in enumerate(STEPS) if word == "FROM") :]
FILES = (
    "requirements.lock",
    "requirements-kubernetes.lock",
    "requirements-agents.lock",
    "requirements-postgres.lock",
)
NAMES = {str(field.alias) for field in Settings.model_fields.values()} | {
    f"{name}_FILE" for name in SECRETS
}


@pytest.fixture(scope="module")
def service() -> dict[str, Any]:
    """Read the one service of the composition."""
    read = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    found: dict[str, Any] = read["services"]["chatcron"]
    return found


def _unit() -> list[tuple[str, str]]:
    """Give the lines of the unit, those that set something to nothing included."""
    lines = (ROOT / "deploy" / "chatcron.service").read_text(encoding="utf-8").splitlines()
    named = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return [(name, value) for name, _, value in named]


def _pins(file: str) -> dict[str, str]:
    text = (ROOT / file).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9_.-]+)(?:\[[a-z,]+\])?==([^\s;\\]+)", text, re.MULTILINE))


def test_images_are_named_with_a_version() -> None:
    """No stage stands on whatever is newest."""
    images = [value.split()[0] for word, value in STEPS if word == "FROM"]

    assert images
    assert all(re.search(r":\d", image) for image in images)


def test_the_image_does_not_run_as_root() -> None:
    """The last user that is set has a number, which is not root's."""
    [user] = [value for word, value in LAST_STAGE if word == "USER"]

    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)


def test_the_health_check_asks_what_is_served() -> None:
    """The address of the health check is a route of ours, at the port that is the default."""
    [check] = [value for word, value in LAST_STAGE if word == "HEALTHCHECK"]
    found = re.search(r"http://127\.0\.0\.1:(\d+)(/\w+)", check)
    assert found

    async def health() -> Signs:
        return {}

    async def metrics() -> Sheet:
        return Sheet(body=b"", media_type="text/plain")

    routes = build_routes(None, health, metrics).routes
    served = {each.path for each in routes if isinstance(each, APIRoute)}
    assert found[2] in served
    assert int(found[1]) == Settings.model_fields["http_port"].default


def test_the_image_installs_by_hashes_alone() -> None:
    """Each installation of packages checks hashes; the project itself brings none along."""
    installs = [line for line in DOCKERFILE.splitlines() if "pip install" in line]

    assert len(installs) == 2
    assert "--require-hashes" in installs[0]
    assert "--no-deps" in installs[1]


def test_the_image_is_given_all_it_copies() -> None:
    """What the image copies is there and is not kept from it."""
    copied = [
        name
        for word, value in STEPS
        if word == "COPY" and not value.startswith("--from")
        for name in value.split()[:-1]
    ]
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert {"bot", "scheduler", "storage", *FILES} <= set(copied)
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert [name for name in copied if f"!{name}" not in allowed] == []


def test_the_settings_of_the_image_are_settings() -> None:
    """What the image sets for Chatcron is allowed."""
    said = dict(re.findall(r"^ +(?:ENV )?(CHATCRON_\w+)=(\S+)", DOCKERFILE, re.MULTILINE))

    assert said
    Settings.read(said)


def test_the_composition_holds_the_container_down(service: dict[str, Any]) -> None:
    """Read-only, without capabilities, without new rights, with time to end its runs."""
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert int(service["stop_grace_period"].removesuffix("s")) > Settings.read({}).drain_s
    assert "ports" not in service
    assert "data:/data" in service["volumes"]


def test_the_composition_keeps_secrets_in_files(service: dict[str, Any]) -> None:
    """Each secret is a file that the container is given; none stands in its environment."""
    environment = service["environment"]

    assert set(environment) <= NAMES
    assert [name for name in environment if name in SECRETS] == []
    given = {name: value for name, value in environment.items() if name.endswith("_FILE")}
    assert set(given.values()) == {f"/run/secrets/{name}" for name in service["secrets"]}


def test_the_service_has_no_root_and_no_secret() -> None:
    """The unit runs as a user, hands secrets over as credentials, and names settings there are."""
    unit = _unit()
    named = dict(unit)
    credentials = {value.split(":")[0] for name, value in unit if name == "LoadCredential"}
    environment = dict(value.split("=", 1) for name, value in unit if name == "Environment")

    assert named["User"] not in ("", "root")
    assert set(environment) <= NAMES
    files = {value for name, value in environment.items() if name.endswith("_FILE")}
    assert files == {f"%d/{name}" for name in credentials}
    assert set(environment) & set(SECRETS) == {"CHATCRON_DATABASE_URL"}
    assert environment["CHATCRON_DATABASE_URL"].startswith("sqlite:")
    assert int(named["TimeoutStopSec"]) > Settings.read({}).drain_s


def test_the_service_is_shut_in() -> None:
    """It may not become more, and writes nowhere but into its own folder."""
    named = dict(_unit())

    assert named["NoNewPrivileges"] == "yes"
    assert named["ProtectSystem"] == "strict"
    assert named["CapabilityBoundingSet"] == ""
    assert named["StateDirectory"] == "chatcron"


def test_the_unit_can_be_read() -> None:
    """Every line belongs to a section and has a name and a value."""
    parser = RawConfigParser(strict=False)
    parser.read(ROOT / "deploy" / "chatcron.service", encoding="utf-8")

    assert parser.sections() == ["Unit", "Service", "Install"]


@pytest.mark.parametrize("file", FILES[1:])
def test_an_optional_part_is_locked_on_top_of_the_rest(file: str) -> None:
    """Its lock has all of the base at the same versions, so that both fit beside each other."""
    base, extra, dev = _pins(FILES[0]), _pins(file), _pins("requirements-dev.lock")

    assert base.items() < extra.items()
    assert {name: extra[name] for name in extra.keys() & dev.keys()}.items() <= dev.items()


def test_every_optional_part_has_its_lock() -> None:
    """An extra of the project can be installed by its hashes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    extras = project["optional-dependencies"]
    assert {f"requirements-{name}.lock" for name in extras} == set(FILES[1:])
