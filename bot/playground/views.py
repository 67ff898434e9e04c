"""Modals and Home views: opened with a trigger id, three deep, submitted or closed by people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.blocks.limits import VIEW_BYTES, check_view
from bot.playground.actions import BadAction, values_of
from bot.playground.calls import Arguments, Method, SlackError
from bot.playground.chat_methods import name_blocks, refusal
from bot.playground.delivery import Delivery, Kind, NotAcked
from bot.playground.entities import Json
from bot.playground.interactions import who
from bot.playground.triggers import Triggers
from bot.playground.workspace import Workspace, new_id

DEEPEST_STACK = 3
REQUIRED = "Please complete this required field."


class Views:
    """Keeps each person's stack of modals and their Home; `show` tells their browser."""

    def __init__(
        self,
        workspace: Workspace,
        delivery: Delivery,
        triggers: Triggers,
        *,
        show: Callable[[str, Json], None],
    ) -> None:
        self._workspace = workspace
        self._delivery = delivery
        self._triggers = triggers
        self._show = show
        self._stacks: dict[str, list[Json]] = {}
        self._homes: dict[str, Json] = {}

    def table(self) -> dict[str, Method]:
        """Name the methods by which the app shows views."""
        return {
            "views.open": Method(run=self.open),
            "views.push": Method(run=self.push),
            "views.update": Method(run=self.update),
            "views.publish": Method(run=self.publish),
        }

    def open(self, arguments: Arguments) -> Json:
        """Open a modal for the person whose trigger it is."""
        given = _checked(arguments)
        person = self._triggers.take(arguments.required("trigger_id"))
        view = self._new(given)
        self._stacks[person] = [view]
        self._news(person, "open", view)
        return {"view": view}

    def push(self, arguments: Arguments) -> Json:
        """Lay a modal on the one that is open."""
        given = _checked(arguments)
        person = self._triggers.take(arguments.required("trigger_id"))
        return {"view": self._lay(person, given)}

    def update(self, arguments: Arguments) -> Json:
        """Replace an open view."""
        given = _checked(arguments)
        for person, stack in self._stacks.items():
            for at, view in enumerate(stack):
                if _is_named(view, arguments):
                    if arguments.text("hash") not in (None, view["hash"]):
                        raise SlackError("hash_conflict")
                    stack[at] = self._new(given, after=view)
                    self._news(person, "update", stack[at])
                    return {"view": stack[at]}
        raise SlackError("not_found")

    def publish(self, arguments: Arguments) -> Json:
        """Set a person's Home."""
        given = _checked(arguments)
        person = arguments.required("user_id")
        if person not in self._workspace.people:
            raise SlackError("user_not_found")
        view = self._new(given, after=self._homes.get(person))
        self._homes[person] = view
        return {"view": view}

    async def submit(self, person: str, view_id: str, values: Json) -> Json:
        """Send a person's answers to the app, and do what its ack says."""
        view = self._find(person, view_id)
        if view is None:
            return {"ok": False, "error": "view_not_found"}
        try:
            state = {"values": values_of(_inputs(view), values, {}, {})}
        except BadAction as failure:
            return {"ok": False, "error": str(failure)}
        missing = _missing(view, state["values"])
        if missing:
            return {"ok": False, "errors": missing}
        view["state"] = state
        payload = who("view_submission", person, self._workspace) | {
            "trigger_id": self._triggers.issue(person),
            "view": view,
            "response_urls": [],
        }
        try:
            answer = await self._delivery.ask(Kind.INTERACTIVE, payload)
        except NotAcked:
            return {"ok": False, "error": "timeout"}
        return self._follow(person, view, answer)

    async def close(self, person: str, view_id: str, _: Json) -> Json:
        """Take a view away, and tell the app if it asked to be told."""
        view = self._find(person, view_id)
        if view is None:
            return {"ok": False, "error": "view_not_found"}
        self._drop(person, view)
        if view["notify_on_close"]:
            payload = who("view_closed", person, self._workspace)
            try:
                await self._delivery.ask(
                    Kind.INTERACTIVE, payload | {"view": view, "is_cleared": False}
                )
            except NotAcked:
                return {"ok": False, "error": "timeout"}
        return {"ok": True}

    def _follow(self, person: str, view: Json, answer: Json) -> Json:
        action = answer.get("response_action")
        if action == "errors":
            return {"ok": False, "errors": answer.get("errors") or {}}
        if action in ("update", "push"):
            given = answer.get("view") or {}
            if problems := check_view(given):
                return {"ok": False, "error": refusal(problems)["errors"][0]}
            if action == "push":
                self._lay(person, given)
            else:
                self._replace(person, view, self._new(given, after=view))
        elif action == "clear":
            for each in reversed(self._stacks.pop(person, [])):
                self._news(person, "close", each)
        else:
            self._drop(person, view)
        return {"ok": True}

    def _lay(self, person: str, given: Json) -> Json:
        stack = self._stacks.get(person, [])
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= DEEPEST_STACK:
            raise SlackError("push_limit_reached")
        view = self._new(given)
        view["root_view_id"], view["previous_view_id"] = stack[0]["id"], stack[-1]["id"]
        stack.append(view)
        self._news(person, "open", view)
        return view

    def _replace(self, person: str, view: Json, by: Json) -> None:
        stack = self._stacks[person]
        stack[stack.index(view)] = by
        self._news(person, "update", by)

    def _drop(self, person: str, view: Json) -> None:
        self._stacks[person].remove(view)
        self._news(person, "close", view)

    def _find(self, person: str, view_id: str) -> Json | None:
        stack: Sequence[Json] = self._stacks.get(person, ())
        return next((view for view in stack if view["id"] == view_id), None)

    def _new(self, given: Json, *, after: Json | None = None) -> Json:
        view_id = after["id"] if after else new_id("V")
        return {
            "id": view_id,
            "team_id": self._workspace.team.id,
            "type": given["type"],
            "title": given.get("title"),
            "submit": given.get("submit"),
            "close": given.get("close"),
            "blocks": name_blocks(given["blocks"]),
            "private_metadata": given.get("private_metadata", ""),
            "callback_id": given.get("callback_id", ""),
            "external_id": given.get("external_id", ""),
            "state": {"values": {}},
            "hash": f"{int(self._workspace.clock())}.{new_id('', 8)}",
            "clear_on_close": bool(given.get("clear_on_close")),
            "notify_on_close": bool(given.get("notify_on_close")),
            "root_view_id": after["root_view_id"] if after else view_id,
            "previous_view_id": after["previous_view_id"] if after else None,
            "app_id": self._workspace.app.id,
            "app_installed_team_id": self._workspace.team.id,
            "bot_id": self._workspace.app.bot_id,
        }

    def _news(self, person: str, action: str, view: Json) -> None:
        self._show(person, {"type": "view", "action": action, "view": view})


def _checked(arguments: Arguments) -> Json:
    given: Any = arguments.structure("view", "invalid_blocks_format")
    if not isinstance(given, dict):
        raise SlackError("invalid_arguments")
    if len(str(given).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    problems = check_view(given)
    if problems:
        raise SlackError("invalid_arguments", **refusal(problems))
    return given


def _is_named(view: Json, arguments: Arguments) -> bool:
    external = arguments.text("external_id")
    if external:
        return bool(view["external_id"] == external)
    return bool(view["id"] == arguments.text("view_id"))


def _inputs(view: Json) -> list[Json]:
    return [block for block in view["blocks"] if block["type"] in ("input", "actions", "section")]


def _missing(view: Json, values: Json) -> dict[str, str]:
    """Name the inputs that must be filled in and are not."""
    missing = {}
    for block in view["blocks"]:
        if block["type"] != "input" or block.get("optional"):
            continue
        given = values[block["block_id"]][block["element"]["action_id"]]
        if not any(value for name, value in given.items() if name != "type"):
            missing[block["block_id"]] = REQUIRED
    return missing
