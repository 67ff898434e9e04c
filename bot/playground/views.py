"""Modals: opened with a trigger id, three deep, clicked in, submitted or closed by people."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.blocks.limits import check_view
from bot.playground.actions import BadAction, find_element, read_action, values_of
from bot.playground.calls import Arguments, Method, SlackError
from bot.playground.chat_methods import refusal
from bot.playground.delivery import Delivery, Kind, NotAcked
from bot.playground.entities import Json
from bot.playground.homes import Homes
from bot.playground.interactions import who
from bot.playground.surfaces import check_hash, checked, composed, is_named
from bot.playground.triggers import Triggers
from bot.playground.workspace import Workspace

DEEPEST_STACK = 3
REQUIRED = "Please complete this required field."


class Views:
    """Keeps each person's stack of modals; `show` tells their browser."""

    def __init__(
        self,
        workspace: Workspace,
        delivery: Delivery,
        triggers: Triggers,
        homes: Homes,
        *,
        show: Callable[[str, Json], None],
    ) -> None:
        self._workspace = workspace
        self._delivery = delivery
        self._triggers = triggers
        self._homes = homes
        self._show = show
        self._stacks: dict[str, list[Json]] = {}

    def table(self) -> dict[str, Method]:
        """Name the methods by which the app shows views."""
        return {
            "views.open": Method(run=self.open),
            "views.push": Method(run=self.push),
            "views.update": Method(run=self.update),
        }

    def open(self, arguments: Arguments) -> Json:
        """Open a modal for the person whose trigger it is."""
        given = self._fresh(arguments)
        person = self._triggers.take(arguments.required("trigger_id"))
        view = composed(given, self._workspace)
        self._stacks[person] = [view]
        self._news(person, "open", view)
        return {"view": view}

    def push(self, arguments: Arguments) -> Json:
        """Lay a modal on the one that is open."""
        given = self._fresh(arguments)
        person = self._triggers.take(arguments.required("trigger_id"))
        return {"view": self._lay(person, given)}

    def update(self, arguments: Arguments) -> Json:
        """Replace an open modal, or a Home, if it is as the app last saw it."""
        home = self._homes.named(arguments)
        if home:
            return {"view": self._homes.replace(home, arguments)}
        given = checked(arguments, "modal")
        for person, stack in self._stacks.items():
            for view in stack:
                if is_named(view, arguments):
                    check_hash(arguments, view)
                    updated = composed(given, self._workspace, after=view)
                    self._replace(person, view, updated)
                    return {"view": updated}
        raise SlackError("not_found")

    async def act(self, person: str, view_id: str, given: Json) -> Json:
        """Carry one action in an open modal or in a person's Home to the app."""
        view = self._find(person, view_id) or self._homes.find(person, view_id)
        if view is None:
            return {"ok": False, "error": "view_not_found"}
        try:
            element = find_element(view["blocks"], given)
            action = read_action(element, given, action_ts=self._workspace.next_ts())
            values = values_of(view["blocks"], given.get("state") or {}, given, action)
        except BadAction as failure:
            return {"ok": False, "error": str(failure)}
        view["state"] = {"values": values}
        payload = who("block_actions", person, self._workspace) | {
            "container": {"type": "view", "view_id": view["id"]},
            "trigger_id": self._triggers.issue(person),
            "view": view,
            "actions": [action],
        }
        try:
            await self._delivery.ask(Kind.INTERACTIVE, payload)
        except NotAcked:
            return {"ok": False, "error": "timeout"}
        return {"ok": True}

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
                self._replace(person, view, composed(given, self._workspace, after=view))
        elif action == "clear":
            for each in reversed(self._stacks.pop(person, [])):
                self._news(person, "close", each)
        else:
            self._drop(person, view)
        return {"ok": True}

    def _fresh(self, arguments: Arguments) -> Json:
        """Give the modal of a call, which may not take the name of one that is open."""
        given = checked(arguments, "modal")
        external = given.get("external_id")
        shown = [view for stack in self._stacks.values() for view in stack]
        if external and any(view["external_id"] == external for view in shown):
            raise SlackError("duplicate_external_id")
        return given

    def _lay(self, person: str, given: Json) -> Json:
        stack = self._stacks.get(person, [])
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= DEEPEST_STACK:
            raise SlackError("push_limit_reached")
        view = composed(given, self._workspace)
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

    def _news(self, person: str, action: str, view: Json) -> None:
        self._show(person, {"type": "view", "action": action, "view": view})


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
