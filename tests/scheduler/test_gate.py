"""The gate: what is shown to whom, and to which audience."""

from __future__ import annotations

import pytest

from scheduler.errors import NotAllowed, UnknownTask
from scheduler.gate import Gate
from scheduler.rights import Act, Standing
from storage.records import CHATCRON, Actor, Origin, Person, PlaceKind, Task, TaskId
from tests.fakes import FakeDirectory
from tests.plants import ALICE, BOB, MALLORY, make_person, make_place, make_task

OPEN = make_task(id=TaskId(1), channel="C0FINOPS")
SECRET = make_task(id=TaskId(2), channel="G0SECOPS")
DIRECT = make_task(id=TaskId(3), channel="D0ALICE")
LOST = make_task(id=TaskId(4), channel="C0LOST")


@pytest.fixture
def gate() -> Gate:
    """Give the gate of a workspace with an open, a private, a direct and an unknown place."""
    directory = FakeDirectory(
        people={"U0GUEST": make_person("U0GUEST", is_guest=True)},
        places={
            "G0SECOPS": make_place("G0SECOPS", kind=PlaceKind.PRIVATE),
            "D0ALICE": make_place("D0ALICE", kind=PlaceKind.DIRECT),
            "C0SHARED": make_place("C0SHARED", is_shared=True),
            "C0LOST": None,
        },
        insiders={"D0ALICE": frozenset({"U0ALICE"})},
    )
    return Gate(directory)


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        ("U0ALICE", [OPEN, SECRET, DIRECT, LOST]),
        ("U0BOB", [OPEN, SECRET]),
        ("U0MALLORY", [OPEN]),
        ("U0GUEST", []),
    ],
)
async def test_a_person_sees_what_they_could_read(
    gate: Gate, person: str, seen: list[Task]
) -> None:
    """Tasks of private channels and direct messages are there for their members alone."""
    assert await gate.visible([OPEN, SECRET, DIRECT, LOST], person) == seen


@pytest.mark.parametrize(
    ("channel", "seen"),
    [
        ("C0OTHER", [OPEN]),
        ("G0SECOPS", [OPEN, SECRET]),
        ("D0ALICE", [OPEN, DIRECT]),
        ("C0SHARED", []),
        ("C0LOST", [OPEN, LOST]),
    ],
)
async def test_an_audience_hears_of_open_channels_and_its_own(
    gate: Gate, channel: str, seen: list[Task]
) -> None:
    """What is said in a channel names nothing that some of its readers could not read."""
    assert await gate.visible_in([OPEN, SECRET, DIRECT, LOST], channel) == seen


async def test_a_refusal_says_whom_to_ask(gate: Gate) -> None:
    """Who may look but not touch is told who could."""
    with pytest.raises(NotAllowed) as refused:
        await gate.require(Act.CHANGE, OPEN, BOB)

    assert "Daily cost report" in str(refused.value)
    assert refused.value.fix == "Ask its owner, or an admin of this workspace."


async def test_what_must_not_be_known_is_not_there(gate: Gate) -> None:
    """Even the refusal of a private task gives nothing away."""
    with pytest.raises(UnknownTask, match="There is no task T-2"):
        await gate.require(Act.LOOK, SECRET, MALLORY)


@pytest.mark.parametrize("by", [CHATCRON, Actor(id="root", origin=Origin.CLI)])
async def test_the_machine_itself_needs_no_rights(gate: Gate, by: Actor) -> None:
    """Chatcron's own steps and the command line pass."""
    await gate.require(Act.CHANGE, SECRET, by)
    await gate.require_in(Act.BULK, "G0SECOPS", by)


async def test_bulk_is_for_admins(gate: Gate) -> None:
    """A member may not do something to all tasks at once."""
    with pytest.raises(NotAllowed, match="Only admins"):
        await gate.require_in(Act.BULK, "C0FINOPS", ALICE)


async def test_the_owner_of_a_task_in_a_lost_place_still_holds_it(gate: Gate) -> None:
    """A channel the bot was thrown out of takes no task away from whoever made it."""
    assert await gate.standing("U0ALICE", "C0LOST", owner="U0ALICE") is Standing.OWNER
    assert await gate.standing("U0BOB", "C0LOST", owner="U0ALICE") is Standing.NOBODY


class Counted(FakeDirectory):
    """A workspace that counts what it is asked."""

    listings = 0
    people_asked = 0

    async def person(self, person_id: str) -> Person:
        self.people_asked += 1
        return await super().person(person_id)

    async def members(self, place_id: str) -> frozenset[str]:
        self.listings += 1
        return await super().members(place_id)


async def test_a_list_of_all_tasks_asks_for_little() -> None:
    """500 tasks in 60 open channels: who asks is looked up once, and no channel is listed."""
    directory = Counted()
    tasks = [make_task(id=TaskId(n), channel=f"C0{n % 60}") for n in range(500)]

    assert await Gate(directory).visible(tasks, "U0MALLORY") == tasks

    assert (directory.people_asked, directory.listings) == (1, 0)


async def test_an_owner_s_right_needs_no_list_of_members() -> None:
    """What being a member adds nothing to is not asked of a big channel."""
    directory = Counted()

    await Gate(directory).require(Act.CHANGE, OPEN, ALICE)

    assert directory.listings == 0


async def test_where_a_guest_reads_nothing_of_other_channels_is_told() -> None:
    """A guest sees the channels they were asked into; tasks of the others stay unsaid there."""
    gita = make_person("U0GITA", is_guest=True)
    directory = FakeDirectory(
        people={gita.id: gita}, insiders={"C0PLATFORM": frozenset({"U0ALICE", gita.id})}
    )
    here, elsewhere = make_task(channel="C0PLATFORM"), make_task(channel="C0FINOPS")

    seen = await Gate(directory).visible_in([here, elsewhere], "C0PLATFORM")

    assert seen == [here]
