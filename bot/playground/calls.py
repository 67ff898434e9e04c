"""What a Web API call carries and how it fails: arguments from wherever Slack reads them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.playground.entities import Json

_FALSE = ("", "0", "false", "False", "none", "None")


class SlackError(Exception):
    """A call that is answered with `ok: false`; `extra` stands beside the error in the answer."""

    def __init__(self, error: str, **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.extra = extra


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of one call; lists and objects may come as JSON text."""

    values: Mapping[str, Any]

    def text(self, name: str) -> str | None:
        """Give a text argument, or None where it is absent or empty."""
        value = self.values.get(name)
        return None if value is None or value == "" else str(value)

    def required(self, name: str) -> str:
        """Give a text argument; raises SlackError `invalid_arguments` where it is absent."""
        value = self.text(name)
        if value is None:
            message = f"[ERROR] missing required field: {name}"
            raise SlackError("invalid_arguments", response_metadata={"messages": [message]})
        return value

    def flag(self, name: str) -> bool:
        """Say whether a switch is on."""
        return str(self.values.get(name, "")) not in _FALSE

    def number(self, name: str, default: int) -> int:
        """Give a whole number; raises SlackError `invalid_arguments` for anything else."""
        value = self.text(name)
        if value is None:
            return default
        if not value.isdigit():
            raise SlackError("invalid_arguments")
        return int(value)

    def structure(self, name: str, error: str = "invalid_arguments") -> Any:
        """Give a list or an object, as such or as JSON text; None where it is absent."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error) from None

    def ids(self, name: str) -> list[str]:
        """Give a list of ids, as such or as text with commas."""
        value = self.values.get(name) or []
        return value.split(",") if isinstance(value, str) else list(value)

    def has(self, name: str) -> bool:
        """Say whether an argument was given at all, be it empty."""
        return self.values.get(name) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One Web API method: what it does and the scope it needs, any one where several do."""

    run: Callable[[Arguments], Json]
    scope: str | tuple[str, ...] = ()
    token: str | None = "xoxb"  # noqa: S105 - the kind of token it takes, no secret

    @property
    def scopes(self) -> tuple[str, ...]:
        """Give the scopes of which it needs one; none at all where it needs none."""
        return (self.scope,) if isinstance(self.scope, str) else self.scope


async def read_arguments(request: web.Request) -> Arguments:
    """Merge the query, a form (multipart too) and a JSON body; the body stands above the query."""
    values: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body = await _json(request)
        values |= body
    elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        values |= dict(await request.post())
    return Arguments(values)


async def read_body(request: web.Request) -> Json:
    """Read a JSON object from a page or a test; anything else is a bad request."""
    try:
        body = await request.json()
    except ValueError:
        raise web.HTTPBadRequest(text="the body is not JSON") from None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="the body is not a JSON object")
    return body


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body


def page_of(
    items: list[Json], arguments: Arguments, *, default: int = 100
) -> tuple[list[Json], str]:
    """Cut one page out of a list and give the cursor of the next, empty at the end."""
    cursor = arguments.text("cursor")
    if cursor and not cursor.isdigit():
        raise SlackError("invalid_cursor")
    start = int(cursor or 0)
    end = start + min(max(arguments.number("limit", default), 1), 1000)
    return items[start:end], str(end) if end < len(items) else ""
