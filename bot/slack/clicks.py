"""A click on a button: which task it is about, as it was shown, and what is wanted of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from storage.records import Actor, Origin, Person, Task

_ALWAYS_EXACT = ("answer", "cancel", "take", "undo", "delete", "redirect", "tell")
"""What acts on the task as it was shown, wherever the button stands."""
_CHANGES = (*_ALWAYS_EXACT, "run", "pause", "resume")


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """A click on a button: `version` is what its card showed, `extra` what the button adds.

    `form` is the view that was opened for it already, for Slack waits for one three seconds only.
    """

    action: str
    task: Task
    version: int
    extra: str
    person: Person
    body: dict[str, Any]
    in_card: bool
    form: str | None = None

    @property
    def by(self) -> Actor:
        """Give the clicker as the Planner knows them."""
        return Actor(id=self.person.id, origin=Origin.CLICK)

    @property
    def verb(self) -> str:
        """Give what the button does, without its number."""
        return self.action.partition("_")[0]

    @property
    def may_show(self) -> bool:
        """Say whether all who read what was clicked may see the task; it may have moved away."""
        at = (self.body.get("channel") or {}).get("id", self.task.channel)
        is_private = bool((self.body.get("container") or {}).get("is_ephemeral"))
        return is_private or at == self.task.channel or at.startswith("D")

    @property
    def is_old(self) -> bool:
        """Say whether the task has changed since the button was made."""
        return self.version != self.task.version

    @property
    def is_stale(self) -> bool:
        """Say whether the click would act on a task as it no longer stands."""
        acts = self.verb in _CHANGES and (self.in_card or self.verb in _ALWAYS_EXACT)
        return acts and self.is_old
