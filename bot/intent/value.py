"""Value: what every request, and every part of one, is made of."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Value:
    """A frozen value; `bot.intent.packing` makes JSON of it and checks what is read back.

    How it compares, hashes and shows itself is written here once: made anew for each class it would
    be a tenth of what importing the grammar costs.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._slots() == other._slots()

    def __hash__(self) -> int:
        return hash((type(self), *self._slots()))

    def __repr__(self) -> str:
        told = (f"{one.name}={getattr(self, one.name)!r}" for one in fields(self))
        return f"{type(self).__name__}({', '.join(told)})"

    def _slots(self) -> tuple[object, ...]:
        return tuple([getattr(self, one.name) for one in fields(self)])

    def said(self) -> dict[str, Any]:
        """Give the slots that differ from what they are when nothing is said."""
        slots = ((one, getattr(self, one.name)) for one in fields(self))
        return {one.name: value for one, value in slots if value != one.default}
