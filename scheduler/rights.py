"""Who may do what with a task: one table, pure; `scheduler.gate` asks it, the Planner obeys."""

from __future__ import annotations

from enum import StrEnum

from storage.records import Person, Place, PlaceKind


class Act(StrEnum):
    """What somebody may do: to a task, or (the last three) in a place.

    PAUSE is resuming, too; CHANGE is editing, removing, undoing and answering a draft.
    """

    LOOK = "look"
    RUN = "run"
    PAUSE = "pause"
    CHANGE = "change"
    CREATE = "create"
    SET_UP = "set up"
    BULK = "bulk"


class Standing(StrEnum):
    """What somebody is to a task, or to a place; NOBODY may not even know that it is there.

    A colleague belongs to the workspace but is not in the channel.
    """

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    COLLEAGUE = "colleague"
    GUEST = "guest"
    STRANGER = "stranger"
    BOT = "bot"
    NOBODY = "nobody"


_LOOK = frozenset({Act.LOOK})
_RIGHTS: dict[Standing, frozenset[Act]] = {
    Standing.OWNER: frozenset({Act.LOOK, Act.RUN, Act.PAUSE, Act.CHANGE, Act.CREATE, Act.SET_UP}),
    Standing.ADMIN: frozenset(Act),
    Standing.MEMBER: frozenset({Act.LOOK, Act.RUN, Act.PAUSE, Act.CREATE, Act.SET_UP}),
    Standing.COLLEAGUE: frozenset({Act.LOOK, Act.CREATE}),
    Standing.GUEST: _LOOK,
    Standing.STRANGER: _LOOK,
    Standing.BOT: _LOOK,
    Standing.NOBODY: frozenset(),
}


def may(standing: Standing, act: Act) -> bool:
    """Say whether somebody of this standing may do that."""
    return act in _RIGHTS[standing]


def standing_of(
    person: Person, place: Place, *, is_member: bool, owner: str | None = None
) -> Standing:
    """Say what somebody is to a task of `owner` in a place, or to the place itself.

    What happens in a place that somebody can't read does not exist for them, admin or not.
    """
    if person.is_gone or not can_read(person, place, is_member=is_member):
        return Standing.NOBODY
    if person.is_bot:
        return Standing.BOT
    if person.is_stranger:
        return Standing.STRANGER
    if person.is_guest:
        return Standing.GUEST
    if person.id == owner:
        return Standing.OWNER
    if person.is_admin:
        return Standing.ADMIN
    return Standing.MEMBER if is_member else Standing.COLLEAGUE


def can_read(person: Person, place: Place, *, is_member: bool) -> bool:
    """Say whether somebody can read what stands in a place."""
    if is_member:
        return True
    is_insider = not (person.is_guest or person.is_stranger or person.is_bot)
    return place.kind is PlaceKind.PUBLIC and is_insider


def is_narrower(place: Place, than: Place) -> bool:
    """Say whether all who read `place` could read `than` as well."""
    return place.id == than.id or (than.kind is PlaceKind.PUBLIC and not place.is_shared)
