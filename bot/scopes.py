"""What each of the app's scopes is for, and what stops without it; `chatcron doctor` reads it.

docs/for-admins.md shows the same table, and a test holds both to the manifest.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A scope of the app's: `why` it is asked for, and what is `lost` where it is not granted."""

    name: str
    why: str
    lost: str


SCOPES = tuple(
    Scope(name=name, why=why, lost=lost)
    for name, why, lost in (
        (
            "app_mentions:read",
            "hears `@Chatcron …` in channels",
            "mentions in channels; direct messages, `@alex …` and `/tasks` still work",
        ),
        (
            "channels:history",
            "hears `@alex …` and replies in a task's thread, in public channels it is in",
            "both, in public channels; `@Chatcron alex …` still works",
        ),
        (
            "groups:history",
            "the same in private channels it is in",
            "both, in private channels; `@Chatcron alex …` still works",
        ),
        ("im:history", "hears direct messages to it", "direct messages"),
        ("mpim:history", "hears `@alex …` in group messages it is in", "`@alex …` there"),
        (
            "channels:read",
            "knows who is in a public channel, and when it is archived",
            "tasks in public channels: none can be armed, rights can't be told",
        ),
        (
            "groups:read",
            "the same of private channels it is in",
            "tasks in private channels: none can be armed, rights can't be told",
        ),
        ("im:read", "knows whose a direct message is", "tasks in direct messages"),
        ("mpim:read", "knows who is in a group message", "tasks in group messages"),
        (
            "users:read",
            "knows people's zones, and who is an admin, a guest, or has left",
            "zones (`CHATCRON_TIMEZONE` is taken), admin rights, and telling guests from members",
        ),
        ("chat:write", "posts cards, answers and results where it is invited", "everything"),
        (
            "chat:write.customize",
            "shows the agents' names and icons",
            "names and icons; the agent's name stands before the text",
        ),
        (
            "im:write",
            "writes direct messages to owners and admins",
            "failure messages, reminders and warnings by direct message",
        ),
        (
            "files:write",
            "adds a report that is too long for messages as a file",
            "the end of very long reports in Slack; it stays in the ledger",
        ),
        ("commands", "offers `/tasks`", '`/tasks`; "list my tasks" and the like still work'),
    )
)
"""In the order of the manifest."""


def scopes_of_manifest() -> tuple[str, ...]:
    """Name the scopes that the manifest beside this code asks for."""
    read = yaml.safe_load((files("bot") / "manifest.yml").read_text(encoding="utf-8"))
    return tuple(read["oauth_config"]["scopes"]["bot"])


def not_granted(granted: frozenset[str]) -> tuple[Scope, ...]:
    """Give the scopes that are asked for and missing, with what is lost for each."""
    known = {scope.name: scope for scope in SCOPES}
    return tuple(
        known.get(name) or Scope(name=name, why="", lost="what the changelog says of it")
        for name in scopes_of_manifest()
        if name not in granted
    )
