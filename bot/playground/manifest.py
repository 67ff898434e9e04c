"""The app's manifest as Slack reads it at installation: scopes, events, commands, the Home tab."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import yaml

from bot.playground.entities import App, Command, Json

OF_THE_BOT = Path(str(files("bot") / "manifest.yml"))
"""The manifest that comes with the package."""


def installed(app: App, manifest: Path) -> App:
    """Give an app what its manifest asks for; raises OSError where there is no such file."""
    read: Json = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    features, settings = read["features"], read["settings"]
    return replace(
        app,
        name=features["bot_user"]["display_name"],
        commands=tuple(
            Command(
                command=each["command"],
                usage_hint=each.get("usage_hint", ""),
                description=each["description"],
            )
            for each in features.get("slash_commands", ())
        ),
        scopes=frozenset(read["oauth_config"]["scopes"]["bot"]),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
        has_home=bool(features.get("app_home", {}).get("home_tab_enabled")),
    )
