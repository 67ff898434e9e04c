"""Who may do what: the table, cell by cell, and who counts as what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler.rights import Act, Standing, can_read, is_narrower, may, standing_of
from storage.records import PlaceKind
from tests.plants import make_person, make_place

TABLE = """
              look  run  pause  change  create  set_up  bulk
    owner      yes  yes  yes    yes     yes     yes     no
    admin      yes  yes  yes    yes     yes     yes     yes
    member     yes  yes  yes    no      yes     yes     no
    colleague  yes  no   no     no      yes     no      no
    guest      yes  no   no     no      no      no      no
    stranger   yes  no   no     no      no      no      no
    bot        yes  no   no     no      no      no      no
    nobody     no   no   no     no      no      no      no
"""


def cells() -> list[tuple[Standing, Act, bool]]:
    """Give every cell of the table."""
    head, *lines = [line.split() for line in TABLE.strip().splitlines()]
    return [
        (Standing(line[0]), Act[act.upper()], cell == "yes")
        for line in lines
        for act, cell in zip(head, line[1:], strict=True)
    ]


@pytest.mark.parametrize(("standing", "act", "allowed"), cells())
def test_a_cell_of_the_table(standing: Standing, act: Act, allowed: bool) -> None:
    """Each standing may do what the table says, and nothing else."""
    assert may(standing, act) is allowed


def test_the_table_is_whole() -> None:
    """No standing and no act is left out."""
    assert {(standing, act) for standing, act, _ in cells()} == {
        (standing, act) for standing in Standing for act in Act
    }


ALICE = make_person("U0ALICE")
PUBLIC, PRIVATE = make_place(), make_place(kind=PlaceKind.PRIVATE)


@pytest.mark.parametrize(
    ("person", "place", "inside", "expected"),
    [
        (ALICE, PUBLIC, True, Standing.OWNER),
        (ALICE, PRIVATE, True, Standing.OWNER),
        (ALICE, PRIVATE, False, Standing.NOBODY),
        (replace(ALICE, id="U0BOB"), PUBLIC, True, Standing.MEMBER),
        (replace(ALICE, id="U0BOB"), PUBLIC, False, Standing.COLLEAGUE),
        (replace(ALICE, id="U0BOB", is_admin=True), PUBLIC, False, Standing.ADMIN),
        (replace(ALICE, id="U0BOB", is_admin=True), PRIVATE, False, Standing.NOBODY),
        (replace(ALICE, is_guest=True), PUBLIC, True, Standing.GUEST),
        (replace(ALICE, is_guest=True), PUBLIC, False, Standing.NOBODY),
        (replace(ALICE, is_stranger=True), PUBLIC, True, Standing.STRANGER),
        (replace(ALICE, is_stranger=True, is_admin=True), PUBLIC, True, Standing.STRANGER),
        (replace(ALICE, is_bot=True), PUBLIC, True, Standing.BOT),
        (replace(ALICE, is_bot=True), PUBLIC, False, Standing.NOBODY),
        (replace(ALICE, is_gone=True), PUBLIC, True, Standing.NOBODY),
        (ALICE, make_place(kind=PlaceKind.DIRECT), True, Standing.OWNER),
        (ALICE, make_place(kind=PlaceKind.GROUP), False, Standing.NOBODY),
    ],
)
def test_who_counts_as_what(person, place, inside, expected) -> None:  # type: ignore[no-untyped-def]
    """Being able to read the place comes first, then what somebody is, then whose task it is."""
    assert standing_of(person, place, is_member=inside, owner="U0ALICE") is expected


def test_only_insiders_read_what_they_are_not_in() -> None:
    """A public channel is open to the workspace, not to its guests."""
    assert can_read(ALICE, PUBLIC, is_member=False)
    assert not can_read(replace(ALICE, is_guest=True), PUBLIC, is_member=False)


@pytest.mark.parametrize(
    ("place", "than", "narrower"),
    [
        (PUBLIC, make_place("C0OTHER"), True),
        (PRIVATE, make_place("C0OTHER"), True),
        (PUBLIC, make_place("C0OTHER", kind=PlaceKind.PRIVATE), False),
        (PRIVATE, replace(PRIVATE, name="renamed"), True),
        (make_place(is_shared=True), make_place("C0OTHER"), False),
    ],
)
def test_a_place_is_narrower_when_all_its_readers_could_read_the_other(  # type: ignore[no-untyped-def]
    place, than, narrower
) -> None:
    """A public channel is open to every insider; people of other workspaces see only their own."""
    assert is_narrower(place, than) is narrower
