"""What every view is made of, modal or Home: what the app gave, checked, with its ids."""

from __future__ import annotations

import json

from bot.blocks.limits import VIEW_BYTES, check_view
from bot.playground.calls import Arguments, SlackError
from bot.playground.chat_methods import name_blocks, refusal
from bot.playground.entities import Json
from bot.playground.workspace import Workspace, new_id


def checked(arguments: Arguments, kind: str) -> Json:
    """Give the view of a call if it is of this kind and keeps the limits; raises SlackError."""
    given = arguments.structure("view", "invalid_blocks_format")
    if not isinstance(given, dict) or given.get("type") != kind:
        raise SlackError("invalid_arguments")
    if len(json.dumps(given, ensure_ascii=False).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    problems = check_view(given)
    if problems:
        raise SlackError("invalid_arguments", **refusal(problems))
    return given


def check_hash(arguments: Arguments, view: Json | None) -> None:
    """Refuse to change a view that is no longer as the app saw it; raises SlackError."""
    if arguments.text("hash") not in (None, view and view["hash"]):
        raise SlackError("hash_conflict")


def composed(given: Json, workspace: Workspace, *, after: Json | None = None) -> Json:
    """Make the view that a person sees, in place of the one before it if there is one."""
    view_id = after["id"] if after else new_id("V")
    return {
        "id": view_id,
        "team_id": workspace.team.id,
        "type": given["type"],
        "title": given.get("title"),
        "submit": given.get("submit"),
        "close": given.get("close"),
        "blocks": name_blocks(given["blocks"]),
        "private_metadata": given.get("private_metadata", ""),
        "callback_id": given.get("callback_id", ""),
        "external_id": given.get("external_id", ""),
        "state": {"values": {}},
        "hash": f"{int(workspace.clock())}.{new_id('', 8)}",
        "clear_on_close": bool(given.get("clear_on_close")),
        "notify_on_close": bool(given.get("notify_on_close")),
        "root_view_id": after["root_view_id"] if after else view_id,
        "previous_view_id": after["previous_view_id"] if after else None,
        "app_id": workspace.app.id,
        "app_installed_team_id": workspace.team.id,
        "bot_id": workspace.app.bot_id,
    }


def is_named(view: Json, arguments: Arguments) -> bool:
    """Say whether a call means this view, by the app's own id or by ours."""
    external = arguments.text("external_id")
    if external:
        return bool(view["external_id"] == external)
    return bool(view["id"] == arguments.text("view_id"))
