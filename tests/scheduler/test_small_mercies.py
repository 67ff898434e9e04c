"""What spares people a second look: double clicks, old drafts, the brake on what is new."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler import reports
from scheduler.bulk import Bulk
from scheduler.drafts import Drafts
from scheduler.errors import NotAllowed, Refused
from scheduler.runner import Runner
from scheduler.wishes import Wish
from storage.policies import Missed, Notice, NoticeOn, Overlap
from storage.records import (
    DeliveryKind,
    Hold,
    Origin,
    PlaceKind,
    RunStatus,
    TaskState,
)
from storage.reports import Finding, Report, Section, Severity
from tests.fakes import FakeAgent
from tests.plants import (
    ALICE,
    BOB,
    DAILY_AT_8,
    MALLORY,
    NEW_YORK,
    SOME_DAY,
    make_person,
    make_place,
    make_report,
    make_task,
    plant,
)
from tests.scheduler.town import FINOPS, Town

WISH = Wish(
    agent="alex",
    name="Daily cost report",
    prompt="daily cost report",
    schedule=DAILY_AT_8,
    zone=NEW_YORK,
    zone_from="your Slack zone",
    channel=FINOPS,
    owner=ALICE.id,
)
CLICK = replace(ALICE, origin=Origin.CLICK)


async def test_a_double_click_runs_a_task_once(town: Town) -> None:
    """The second click within five seconds finds the first's run; who says it again means it."""
    task = await plant(town.store, make_task())

    first = await town.planner.run_now(task.id, by=CLICK, request_key="1")
    town.hand.move(seconds=4)
    again = await town.planner.run_now(task.id, by=CLICK, request_key="2")
    others = await town.planner.run_now(task.id, by=replace(CLICK, id=BOB.id), request_key="3")
    in_words = await town.planner.run_now(task.id, by=ALICE, request_key="4")
    town.hand.move(seconds=5)
    later = await town.planner.run_now(task.id, by=CLICK, request_key="5")

    assert again == first
    assert len({first.id, others.id, in_words.id, later.id}) == 4


async def test_a_click_after_the_run_has_ended_is_another(town: Town) -> None:
    """However quick, what has its result can be asked for anew."""
    task = await plant(town.store, make_task())
    first = await town.planner.run_now(task.id, by=CLICK, request_key="1")
    async with town.store.begin() as work:
        await work.runs.cancel_queued(task.id, reason="over", now=town.hand())

    second = await town.planner.run_now(task.id, by=CLICK, request_key="2")

    assert second.id != first.id


async def test_what_is_made_under_the_brake_is_held_by_it(town: Town) -> None:
    """A new task says that everything stands still, and goes on with all the others."""
    town.directory.people[BOB.id] = make_person(BOB.id, is_admin=True)
    bulk = Bulk(town.store, gate=town.gate, now=town.hand)
    await plant(town.store, make_task(name="Other", prompt="other"))
    await bulk.pause(channel=FINOPS, by=BOB)

    made = (await town.planner.create(WISH)).task
    draft = (await town.planner.create(replace(WISH, prompt="x", assumed=("time",)))).task
    answered = await town.planner.activate(draft.id, by=ALICE)
    await bulk.resume(channel=FINOPS, by=BOB)

    assert (made.state, made.hold) == (TaskState.PAUSED, Hold.EVERYTHING)
    assert made.hold_reason is not None
    assert made.hold_reason.startswith("All tasks were paused")
    assert answered.hold is Hold.EVERYTHING
    assert (await town.found(made.id)).state is TaskState.ACTIVE


async def test_a_draft_of_the_first_schema_gets_its_deadlines(town: Town) -> None:
    """It reminds its author and ends like any other, and its buttons go on working."""
    draft = await plant(
        town.store, make_task(state=TaskState.DRAFT, assumed=("time",), next_run_at=None)
    )
    drafts = Drafts(town.store, now=town.hand)

    await drafts.round(town.hand())
    dated = await town.found(draft.id)
    town.hand.move(days=2)
    await drafts.round(town.hand())
    town.hand.move(days=2)
    await drafts.round(town.hand())

    assert dated.version == draft.version
    assert dated.remind_at is not None
    assert dated.expires_at is not None
    assert len(await town.owed(DeliveryKind.REMINDER_DM)) == 1
    assert (await town.found(draft.id)).state is TaskState.REMOVED


def seen(severity: Severity, text: str) -> Finding:
    """Give a finding of that text."""
    return Finding(
        key=text, severity=severity, resource="web", text=text, observed_at=SOME_DAY, source="s"
    )


UNMADE = seen(Severity.UNKNOWN, "web did not answer.")
TABLE = Section(title="Who reported", lines=("alex",))


@pytest.mark.parametrize(
    ("report", "why"),
    [
        (make_report(), None),
        (make_report(unknowns=("a.",)), "Nothing could be checked: a."),
        (make_report(unknowns=("a.", "b.")), "Nothing could be checked: a. 1 more could not be."),
        (make_report(unknowns=("a.",), sections=(TABLE,)), None),
        (
            make_report(findings=(UNMADE,), unknowns=(UNMADE.text,), sections=(TABLE,)),
            "Nothing could be checked: web did not answer.",
        ),
        (make_report(findings=(UNMADE,), unknowns=("else",), sections=(TABLE,)), None),
        (make_report(findings=(UNMADE, seen(Severity.OK, "ok")), unknowns=(UNMADE.text,)), None),
    ],
)
def test_a_report_of_nothing_but_gaps_is_told_from_others(report: Report, why: str | None) -> None:
    """Whatever was seen, in a finding or a table, makes it a report."""
    assert reports.nothing_checked(report) == why


async def test_a_run_that_could_check_nothing_has_failed(town: Town) -> None:
    """It never counts as fine: its row says what could not be checked."""
    task = await plant(town.store, make_task(retries=0))
    run = await town.planner.run_now(task.id, by=ALICE, request_key="k")
    runner = Runner(
        town.store,
        {"alex": FakeAgent(does=lambda _: make_report(unknowns=("web did not answer.",)))},
        worker="w1",
        retry_delay=timedelta(0),
        now=town.hand,
        wake_courier=lambda: None,
    )

    await runner.run(run.id)

    async with town.store.read() as work:
        ended = await work.runs.get(run.id)
    assert ended is not None
    assert (ended.status, ended.reason) == (
        RunStatus.FAILED,
        "Nothing could be checked: web did not answer.",
    )


async def test_the_agent_gets_the_prompt_filled(town: Town) -> None:
    """What was asked for in a run's variables is what the agent is asked."""
    task = await plant(town.store, make_task(prompt="costs of {{team}}", schedule=None))
    run = await town.planner.run_now(task.id, by=ALICE, request_key="k", variables={"team": "web"})
    agent = FakeAgent()
    runner = Runner(
        town.store,
        {"alex": agent},
        worker="w1",
        retry_delay=timedelta(0),
        now=town.hand,
        wake_courier=lambda: None,
    )

    await runner.run(run.id)

    assert [brief.prompt for brief in agent.briefs] == ["costs of web"]


async def test_results_of_new_tasks_can_go_elsewhere(town: Town) -> None:
    """A member sets it where they may post; a place without the bot is refused; None undoes it."""
    await town.know(make_place(FINOPS), make_place("C0TEAM", name="team"))
    await town.know(make_place("C0AWAY", name="away", has_bot=False))

    async def set_for() -> str | None:
        async with town.store.read() as work:
            place = await work.places.get(FINOPS)
        assert place is not None
        return place.posts_to

    await town.planner.set_channel(FINOPS, "C0TEAM", by=BOB)
    assert await set_for() == "C0TEAM"
    with pytest.raises(Refused, match="not in #away"):
        await town.planner.set_channel(FINOPS, "C0AWAY", by=BOB)
    town.directory.people[MALLORY.id] = make_person(MALLORY.id, is_guest=True)
    with pytest.raises(NotAllowed):
        await town.planner.set_channel(FINOPS, None, by=MALLORY)
    await town.planner.set_channel(FINOPS, None, by=ALICE)

    assert await set_for() is None


async def test_a_channel_can_go_back_to_no_zone_of_its_own(town: Town) -> None:
    """What was set is taken away, and the audit says what it was."""
    await town.know(make_place(FINOPS))
    await town.planner.set_zone(FINOPS, "Asia/Tokyo", by=BOB)
    await town.planner.set_zone(FINOPS, None, by=BOB)

    async with town.store.read() as work:
        place, [entry, _] = await work.places.get(FINOPS), await work.audit.of(FINOPS)
    assert place is not None
    assert place.zone is None
    assert (entry.before, entry.after) == ({"zone": "Asia/Tokyo"}, {"zone": None})


async def test_a_task_asked_for_elsewhere_shows_its_card_where_it_posts(town: Town) -> None:
    """Its thread is of the other channel and stays there; a place it can't post in is refused."""
    await town.know(make_place("C0TEAM", name="team", kind=PlaceKind.PUBLIC))
    await town.know(make_place("C0AWAY", name="away", has_bot=False))
    wish = replace(WISH, channel="C0TEAM", asked_in=FINOPS, thread_ts="7.0")

    made = (await town.planner.create(wish)).task

    [card] = await town.owed(DeliveryKind.CARD)
    assert (card.target, card.thread_ts, made.thread_ts) == ("C0TEAM", None, None)
    with pytest.raises(Refused, match="I am not in #away"):
        await town.planner.create(replace(wish, channel="C0AWAY"))


async def test_a_wish_brings_its_policies_and_its_notices(town: Town) -> None:
    """They stand in the task; who may not be told keeps it from being made."""
    told = (Notice(target=BOB.id, on=NoticeOn.FAILURE),)
    wish = replace(WISH, overlap=Overlap.QUEUE, missed=Missed.ASK, notices=told)

    made = (await town.planner.create(wish)).task

    assert (made.overlap, made.missed, made.notices) == (Overlap.QUEUE, Missed.ASK, told)
    town.directory.people[MALLORY.id] = make_person(MALLORY.id, is_guest=True)
    nosy = (Notice(target=MALLORY.id, on=NoticeOn.OUTPUT),)
    with pytest.raises(Refused, match="can't read"):
        await town.planner.create(replace(wish, prompt="other", notices=nosy))
