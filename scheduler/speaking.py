"""Where a task may speak: what keeps it from posting, and what somebody can do about it; pure.

The gate finds it out before a task is armed and when it fires; the sentence is what the card shows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from scheduler.wishes import CONFIRM
from storage.records import Hold, Person, Place, PlaceKind, Task, TaskState

INVITE = "/invite @Chatcron"
KEPT = "kept until I can post there"
"""What stands with a delivery whose place is closed."""
PARK, START = "park", "start"
"""What versions and audit call it when a task is put on hold, and when it goes on."""


class Lack(StrEnum):
    """What is missing: knowledge of the place, the place itself, the bot in it, its owner, a right.

    READER: who is to be told may not read what the task posts.
    """

    UNKNOWN = "unknown"
    ARCHIVED = "archived"
    BOT = "bot"
    OWNER_GONE = "owner gone"
    OWNER_GUEST = "owner guest"
    OWNER_OUT = "owner out"
    READER = "reader"


_OF_OWNER = (Lack.OWNER_GONE, Lack.OWNER_GUEST, Lack.OWNER_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """What keeps a task from posting, and what has to happen; both are plain text."""

    lack: Lack
    what: str
    wanted: str

    @property
    def sentence(self) -> str:
        """Say both, as a task's card does."""
        return f"{self.what} {self.wanted}, then it starts."

    @property
    def is_of_owner(self) -> bool:
        """Say whether the owner is missing, so that somebody else may take the task over."""
        return self.lack in _OF_OWNER


def place_obstacle(place: Place | None) -> Obstacle | None:
    """Say what keeps the bot from posting in a place; None when it may."""
    if place is None:
        what = "I can't look into that channel."
        return _obstacle(Lack.UNKNOWN, what, f"Invite me there with {INVITE}")
    if place.is_archived:
        return _obstacle(Lack.ARCHIVED, f"{named(place)} is archived.", "Bring it back")
    if not place.has_bot:
        what = f"I am not in {named(place)}."
        return _obstacle(Lack.BOT, what, f"Invite me there with {INVITE}")
    return None


def owner_obstacle(
    owner: Person, place: Place | None, *, is_member: bool | None
) -> Obstacle | None:
    """Say why somebody can't have tasks in a place; `is_member` is None where nobody knows."""
    if owner.is_gone:
        what = "Its owner has left this workspace."
        return _obstacle(Lack.OWNER_GONE, what, "Somebody has to take it over")
    if owner.is_guest or owner.is_stranger:
        what = "Its owner is a guest now."
        return _obstacle(Lack.OWNER_GUEST, what, "A member has to take it over")
    if place is not None and place.kind is not PlaceKind.PUBLIC and is_member is False:
        what = f"Its owner is not in {named(place)}."
        wanted = "The owner has to join it, or somebody there to take it over"
        return _obstacle(Lack.OWNER_OUT, what, wanted)
    return None


def held(task: Task, obstacle: Obstacle, *, was: TaskState) -> Task:
    """Give a task that would be on as one that waits: a draft stays one, any other is parked."""
    waits = replace(task, next_run_at=None, hold_reason=obstacle.sentence)
    if was is TaskState.DRAFT:
        return replace(waits, state=TaskState.DRAFT, hold=Hold.INVITATION)
    hold = Hold.OWNER if obstacle.is_of_owner else Hold.PLACE
    return replace(waits, state=TaskState.PAUSED, hold=hold)


def is_freed(before: Task, after: Task) -> bool:
    """Say whether a change answers a draft's last question, or leads a task out of a lost place."""
    if before.state is TaskState.DRAFT:
        return not after.assumed
    return before.hold is Hold.PLACE and after.channel != before.channel


def let_go(task: Task) -> Task:
    """Take from a task that is put back to waiting what it no longer has to wait for."""
    match task.hold:
        case Hold.INVITATION:
            return replace(task, hold=None, hold_reason=None, assumed=task.assumed or (CONFIRM,))
        case Hold.PLACE | Hold.OWNER:
            return replace(task, hold=None, hold_reason=None)
        case _:
            return task


def named(place: Place) -> str:
    """Name a place in plain text."""
    if place.kind in (PlaceKind.DIRECT, PlaceKind.GROUP) or not place.name:
        return "that conversation"
    return f"#{place.name}"


def _obstacle(lack: Lack, what: str, wanted: str) -> Obstacle:
    return Obstacle(lack=lack, what=what, wanted=wanted)
