"""Work kept under a name is found by who may see it, and filled with all its values or refused."""

from __future__ import annotations

import pytest

from scheduler import shelf, variables
from scheduler.errors import NotAllowed, Refused
from scheduler.shelf import Shelf
from scheduler.wishes import Change
from storage.records import PlaceKind, Run, Task
from tests.plants import ALICE, BOB, DAILY_AT_8, MALLORY, make_person, make_place, make_task, plant
from tests.scheduler.town import FINOPS, Town

COSTS = "Report the cost of {{team}} in {{ Region }}, and of {{team}} a week before."


@pytest.fixture
def kept(town: Town) -> Shelf:
    """Give the shelf of the town."""
    return Shelf(town.store, gate=town.gate, now=town.hand)


async def planted(town: Town, **named: object) -> Task:
    """Plant a task on demand whose prompt has two variables."""
    return await plant(
        town.store, make_task(prompt=COSTS, schedule=None, next_run_at=None, **named)
    )


async def test_saved_work_is_found_under_its_name_in_any_capitals(town: Town, kept: Shelf) -> None:
    """Prompt, agent and time are kept, and who saved it where."""
    task = await plant(town.store, make_task())

    saved = await kept.save(task.id, "  Team   costs ", by=BOB)

    assert saved.name == "Team costs"
    assert await kept.find("TEAM COSTS", by=ALICE) == saved
    assert (saved.prompt, saved.agent, saved.schedule) == (task.prompt, "alex", DAILY_AT_8)
    assert (saved.owner, saved.channel) == (BOB.id, FINOPS)


@pytest.mark.parametrize("name", ["Team Costs", "daily cost report"])
async def test_a_name_that_is_taken_is_refused(town: Town, kept: Shelf, name: str) -> None:
    """Neither somebody's template nor one that comes with Chatcron is overwritten."""
    task = await plant(town.store, make_task())
    await kept.save(task.id, "Team costs", by=ALICE)

    with pytest.raises(Refused, match="already; nothing was saved"):
        await kept.save(task.id, name, by=BOB)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
async def test_a_name_has_a_length(town: Town, kept: Shelf, name: str) -> None:
    """None, and more than 60 characters, is refused with an example."""
    task = await plant(town.store, make_task())

    with pytest.raises(Refused, match="1 to 60") as raised:
        await kept.save(task.id, name, by=ALICE)

    assert "such as" in raised.value.fix


async def test_what_comes_of_a_private_place_stays_there(town: Town, kept: Shelf) -> None:
    """Who can't look into it finds nothing of that name, and no trace in the list."""
    await town.know(make_place(FINOPS, kind=PlaceKind.PRIVATE))
    town.directory.insiders[FINOPS] = frozenset({ALICE.id})
    task = await plant(town.store, make_task())
    await kept.save(task.id, "Secret costs", by=ALICE)

    with pytest.raises(Refused, match="no template called “secret costs”"):
        await kept.find("secret costs", by=BOB)
    assert "Secret costs" not in [each.name for each in await kept.all(by=BOB)]
    assert (await kept.all(by=ALICE))[0].name == "Secret costs"


async def test_what_comes_with_chatcron_is_there_for_all_and_stays(kept: Shelf) -> None:
    """It is listed, found and can't be removed."""
    names = [each.name for each in await kept.all(by=MALLORY)]

    assert "Daily Cost Report" in names
    assert (await kept.find("daily cost report", by=MALLORY)).agent == "alex"
    with pytest.raises(NotAllowed, match="comes with Chatcron"):
        await kept.remove("Daily Cost Report", by=ALICE)


async def test_who_saved_it_or_an_admin_removes_it(town: Town, kept: Shelf) -> None:
    """A colleague may use it, not take it away; afterwards its name is free."""
    task = await plant(town.store, make_task())
    await kept.save(task.id, "Team costs", by=ALICE)

    with pytest.raises(NotAllowed, match="Only who saved"):
        await kept.remove("team costs", by=BOB)
    town.directory.people[BOB.id] = make_person(BOB.id, is_admin=True)
    await kept.remove("team costs", by=BOB)

    assert (await kept.save(task.id, "Team Costs", by=ALICE)).name == "Team Costs"


async def test_a_template_is_filled_whole_or_not_at_all(town: Town, kept: Shelf) -> None:
    """Every variable needs a value and every value a variable; both are named where not."""
    saved = await kept.save((await planted(town)).id, "Team costs", by=ALICE)

    filled = shelf.filled(saved, {"TEAM": "web", "region": "eu-west-1"})

    assert filled.prompt == "Report the cost of web in eu-west-1, and of web a week before."
    with pytest.raises(Refused, match="needs “team” and “Region”"):
        shelf.filled(saved, {})
    with pytest.raises(Refused, match="has no “colour”") as raised:
        shelf.filled(saved, {"team": "web", "region": "eu", "colour": "red"})
    assert raised.value.fix == "It has “team” and “Region”."


@pytest.mark.parametrize(
    ("prompt", "names"),
    [
        (COSTS, ("team", "Region")),
        ("nothing {here} {{}} {{ 1st }} {{a{b}}}", ()),
        ("{{größe}}{{time zone}}", ("größe", "time zone")),
    ],
)
def test_a_prompt_names_its_variables(prompt: str, names: tuple[str, ...]) -> None:
    """Each once, in their order; braces around anything else are text."""
    assert variables.names_in(prompt) == names


def test_a_value_is_text_and_never_a_variable_again() -> None:
    """What is put in is not looked into: values can't pull in one another."""
    assert variables.filled("{{a}} {{b}}", {"a": "{{b}}", "b": "x"}) == "{{b}} x"


async def run(town: Town, task: Task, key: str = "k", **values: str) -> Run:
    """Ask for a run with these values."""
    return await town.planner.run_now(task.id, by=ALICE, request_key=key, variables=values)


async def test_a_run_keeps_the_values_it_was_asked_for_with(town: Town) -> None:
    """They stand in its row, under the names of the prompt; without them nothing runs."""
    task = await planted(town)

    asked = await run(town, task, team="web", region="eu")

    assert asked.variables == {"team": "web", "Region": "eu"}
    with pytest.raises(Refused, match="needs “Region”; nothing ran") as raised:
        await run(town, task, "other", team="web")
    assert raised.value.fix == "Say it with Region=…."


async def test_nothing_with_variables_is_put_on_a_schedule(town: Town) -> None:
    """An edit that would arm it is refused, naming them; with the values in its prompt it is."""
    task = await planted(town)

    with pytest.raises(Refused, match="needs “team” and “Region”, and a schedule has nobody"):
        await town.planner.edit(task.id, Change(schedule=DAILY_AT_8), by=ALICE)
    edited = await town.planner.edit(
        task.id, Change(schedule=DAILY_AT_8, prompt="Report the cost of web."), by=ALICE
    )

    assert edited.after.next_run_at is not None
