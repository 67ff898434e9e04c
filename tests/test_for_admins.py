"""Hold the admin's page to the manifests and to what the doctor says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.scopes import SCOPES

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "for-admins.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([a-z_.]+:?[a-z_.]*)` \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
LIST_LIMIT = 255


def _manifest(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    return read


FULL, MINIMAL = _manifest("manifest.yml"), _manifest("docs/manifest-minimal.yml")


def _scopes(manifest: dict[str, Any]) -> list[str]:
    listed: list[str] = manifest["oauth_config"]["scopes"]["bot"]
    return listed


def _events(manifest: dict[str, Any]) -> list[str]:
    listed: list[str] = manifest["settings"]["event_subscriptions"]["bot_events"]
    return listed


def test_the_page_has_each_scope_of_the_manifest_with_its_reason() -> None:
    """The table says, in the manifest's order, what the doctor says where one is missing."""
    assert [name for name, _, _ in ROWS] == _scopes(FULL)
    assert [(scope.name, scope.why, scope.lost) for scope in SCOPES] == ROWS


def test_the_page_lists_the_minimal_scopes() -> None:
    """What the page calls the least is what the minimal manifest asks for."""
    said = PAGE.partition("## The least that works")[2].partition("Tasks are made")[0]

    assert set(re.findall(r"`([a-z_]+:[a-z_]+)`", said)) == set(_scopes(MINIMAL))
    assert f"asks for {len(_scopes(MINIMAL))} scopes" in said


@pytest.mark.parametrize("listed", [_scopes, _events])
def test_the_minimal_manifest_asks_for_less(listed: Any) -> None:
    """Nothing is in it that the whole manifest lacks, and nothing twice."""
    asked = listed(MINIMAL)

    assert set(asked) < set(listed(FULL))
    assert len(asked) == len(set(asked)) <= LIST_LIMIT


def test_the_minimal_manifest_is_otherwise_the_same() -> None:
    """But for scopes, events, commands and its words, it is the manifest that Slack accepts."""
    for manifest in (same := [_manifest("manifest.yml"), _manifest("docs/manifest-minimal.yml")]):
        manifest["features"].pop("slash_commands", None)
        manifest["oauth_config"]["scopes"]["bot"] = []
        manifest["settings"]["event_subscriptions"]["bot_events"] = []
        text = manifest["display_information"].pop("long_description")
        assert 175 <= len(text) <= 4_000

    assert same[0] == same[1]


@pytest.mark.parametrize("page", ["for-admins.md", "operations.md"])
def test_every_link_leads_somewhere(page: str) -> None:
    """A page's links to files of ours are to files that are there."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)

    assert linked
    assert [link for link in linked if not (ROOT / "docs" / link).exists()] == []
