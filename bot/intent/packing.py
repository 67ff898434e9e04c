"""Requests as JSON, for rows and buttons: what is read back is checked field by field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Protocol

from pydantic import Field, TypeAdapter, ValidationError

from bot.intent.intents import Intent
from bot.intent.value import Value

_INTENT: TypeAdapter[Intent] = TypeAdapter(Annotated[Intent, Field(discriminator="kind")])


class Kinded(Protocol):
    """A value that says of which kind it is."""

    @property
    def kind(self) -> str: ...


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def plain(value: Value | Kinded) -> dict[str, Any]:
    """Give the slots of a value that differ from what they are when nothing is said, as JSON."""
    kind: Any = type(value)
    body: dict[str, Any] = _adapter(kind).dump_python(value, mode="json", exclude_defaults=True)
    return body


def packed(value: Kinded) -> dict[str, Any]:
    """Give a request, or a question that waits, as plain JSON without what it leaves open."""
    return {"kind": value.kind, **plain(value)}


def written(intent: Intent) -> str:
    """Give a request as the text of its JSON, as short as it can be."""
    return json.dumps(packed(intent), ensure_ascii=False, separators=(",", ":"))


def unpacked(body: Mapping[str, Any] | None) -> Intent | None:
    """Rebuild a request; None for none, or for one of an older form."""
    if body is None:
        return None
    try:
        return _INTENT.validate_python(dict(body), strict=False)
    except ValidationError:
        return None
