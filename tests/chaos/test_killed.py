"""kill -9 at every joint of the main job: after a restart each message stands there once."""

from __future__ import annotations

import signal
from datetime import UTC, datetime, timedelta

import pytest

from storage.records import DeliveryKind, DeliveryState, Run, RunStatus, Task, Trigger
from storage.schedules import Once, Schedule
from tests.chaos.killed_run import POINTS
from tests.journeys.books import deliveries_of, ledger, outlast_leases, plant_all, tasks_in
from tests.journeys.driver import House
from tests.journeys.persona import FINOPS, Persona, saying
from tests.plants import make_task

ASKED = [point for point in POINTS if point in ("event-stored", "task-created", "card-posted")]
RAN = [point for point in POINTS if point not in ASKED]
LEDGER = ("run-claimed", "result-owed", "result-posted")
"""The points where a claim is open, which SQLite and Postgres take up each in its own way."""

UNDISTURBED = [
    (
        *(1, Trigger.SCHEDULE, 1, RunStatus.SUCCEEDED, None, True),
        (DeliveryKind.RESULT, DeliveryState.SENT, FINOPS),
        (DeliveryKind.DETAILS, DeliveryState.SENT, FINOPS),
    )
]
"""The ledger of the one due moment, however its process fared."""

TRIES = {"run-claimed": 2, "work-done": 2}
"""How many attempts a run needs; where none is named, one: what was recorded is not done again."""


def killed_at(point: str) -> tuple[str, ...]:
    """Give the program that dies at a point."""
    return ("-m", "tests.chaos.killed_run", point)


def due_now(agent: str = "tony") -> Task:
    """Give a task whose only moment came some seconds ago."""
    moment = (datetime.now(UTC) - timedelta(seconds=5)).replace(microsecond=0)
    return make_task(
        name="Database health check",
        agent=agent,
        prompt="Check the health of the database",
        schedule=Schedule(rule=Once(on=moment.date(), at=moment.time()), zone="UTC"),
        zone="UTC",
        next_run_at=moment,
        channel=FINOPS,
        owner="U0MAYA",
        created_at=moment,
        updated_at=moment,
    )


async def shape(url: str) -> list[tuple[object, ...]]:
    """Give all that the ledger says but for who did it, when, and at which try."""
    lines: list[tuple[object, ...]] = []
    for run in await ledger(url):
        owed = [(each.kind, each.state, each.target) for each in await deliveries_of(url, run)]
        ended = (run.status, run.reason, run.report is not None)
        lines.append((run.task_id, run.trigger, run.moments, *ended, *owed))
    return lines


async def all_sent(maya: Persona, url: str) -> Run:
    """Wait until the only run there is has ended and everything owed for it was sent."""

    async def settled() -> Run | None:
        runs = await ledger(url)
        owed = await deliveries_of(url, runs[0]) if runs else []
        is_over = bool(owed) and all(each.sent_at is not None for each in owed)
        return runs[0] if is_over else None

    return await maya.until(settled)


@pytest.mark.parametrize("point", ASKED)
async def test_a_request_cut_off_by_kill_9_leaves_one_task_and_one_card(
    house: House, maya: Persona, point: str
) -> None:
    """Whatever a request had come to, after a restart its task and its card stand there once."""
    bot = house.run(killed_at(point))
    asked = await maya.say("@Chatcron tony check the database every day at 3 AM")
    assert bot.wait() == -signal.SIGKILL

    house.run()
    await maya.see(saying("is on", "T-1"), thread_ts=asked)
    assert await maya.find(saying("already"), thread_ts=asked) == []
    again = await maya.say("@Chatcron tony look at the indexes every day at 4 AM")
    await maya.see(saying("is on", "T-2"), thread_ts=again)

    assert [task.id for task in await tasks_in(house.database_url)] == [1, 2]
    assert len(await maya.find(saying("is on", "T-1"), thread_ts=asked)) == 1


@pytest.mark.parametrize(
    ("database_url", "point"),
    [*(("sqlite", point) for point in RAN), *(("postgres", point) for point in LEDGER)],
    indirect=["database_url"],
)
async def test_a_run_cut_off_by_kill_9_posts_its_result_once(
    house: House, maya: Persona, point: str, database_url: str
) -> None:
    """After a restart the run has one row, and its messages stand in the channel once.

    SQLite's one process takes up what was cut off at once, Postgres's once the leases are over.
    """
    house.settings["CHATCRON_DATABASE_URL"] = database_url
    [task] = await plant_all(database_url, [due_now()])
    assert house.run(killed_at(point), is_up=False).wait() == -signal.SIGKILL
    if database_url.startswith("postgres"):
        await outlast_leases(database_url)

    house.run()
    run = await all_sent(maya, database_url)

    [row] = await ledger(database_url)
    assert (row.status, row.scheduled_for) == (RunStatus.SUCCEEDED, task.next_run_at)
    assert row.attempt == TRIES.get(point, 1)
    assert await shape(database_url) == UNDISTURBED
    headlines = await maya.find(saying(f"T-{task.id} · R-{run.id}"))
    assert len(headlines) == 1
    details = await maya.read(FINOPS, headlines[0]["ts"])
    assert len(details) == 2
    parts = [each["metadata"]["event_payload"] for each in details]
    assert len({(part["delivery_id"], part["part"]) for part in parts}) == len(parts)


async def test_an_undisturbed_run_leaves_the_same_ledger(house: House, maya: Persona) -> None:
    """What the ledger says after every kill is what it says without one."""
    await plant_all(house.database_url, [due_now()])
    house.run()
    await all_sent(maya, house.database_url)

    assert await shape(house.database_url) == UNDISTURBED


async def test_a_run_whose_process_dies_each_time_is_lost_and_said_to_be(
    house: House, maya: Persona
) -> None:
    """When every try was cut off, the run ends as lost and its owner is told."""
    task = due_now()
    await plant_all(house.database_url, [task])
    for _ in range(task.retries + 1):
        assert house.run(killed_at("run-claimed"), is_up=False).wait() == -signal.SIGKILL

    house.run()
    await maya.see(saying("was cut off", "R-1"), maya.dm)

    [row] = await ledger(house.database_url)
    assert (row.status, row.attempt) == (RunStatus.LOST, task.retries + 1)
