"""Anna tells what is in the ledger, to those who may know of it, and calls nothing unknown fine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from scheduler.agents import Sources, roster
from scheduler.agents.agent import Agent
from scheduler.agents.anna import Anna
from scheduler.errors import NotConnected
from scheduler.gate import Gate
from scheduler.ledger import WorkspaceLedger
from storage.database import Database
from storage.migrate import migrate
from storage.records import PlaceKind, RunStatus, Task, TaskState
from storage.reports import Report, Severity
from storage.schedules import Daily, Schedule
from storage.store import Store
from tests.fakes import FakeAgent, FakeDirectory
from tests.plants import make_place, make_report, make_task, plant
from tests.scheduler.agents.briefs import TUESDAY, brief
from tests.scheduler.agents.past import not_delivered, ran, seen

AT_6 = Schedule(rule=Daily(times=(time(6),)), zone="UTC")
"""Every day at 06:00 UTC, an hour before Anna's brief."""
DAYS = [datetime(2026, 3, day, 6, tzinfo=UTC) for day in range(4, 11)]
"""The moments of the seven days that end with her brief."""
OLD = datetime(2026, 1, 5, tzinfo=UTC)
PLACES = {
    "G0SECOPS": make_place("G0SECOPS", kind=PlaceKind.PRIVATE),
    "D0ALICE": make_place("D0ALICE", kind=PlaceKind.DIRECT),
}


@pytest.fixture
async def file_store(tmp_path: Path) -> AsyncIterator[Store]:
    """Give a store on SQLite alone, where the words matter and not what was read."""
    async with Database(f"sqlite:///{tmp_path / 'anna.db'}") as database:
        await migrate(database)
        yield Store(database)


def task_of(agent: str, **named: object) -> Task:
    """Give an active task that has been due at six each day for months."""
    known = {
        "name": f"{agent.capitalize()}'s check",
        "agent": agent,
        "schedule": AT_6,
        "zone": "UTC",
        "created_at": OLD,
        "updated_at": OLD,
        "next_run_at": DAYS[-1] + timedelta(days=1),
    }
    return make_task(**{**known, **named})


def anna(store: Store, colleagues: Mapping[str, Agent] | None = None) -> Anna:
    """Give an Anna who looks at Tuesday 10 March 2026, 07:00 UTC."""
    gate = Gate(FakeDirectory(places=dict(PLACES)))
    ledger = WorkspaceLedger(store, visible_in=gate.visible_in, reader="anna")
    names = ("alex", "oliver", "tony", "kai")
    known = {name: FakeAgent(name=name) for name in names} if colleagues is None else colleagues
    return Anna(ledger=ledger, now=lambda: TUESDAY, colleagues=known)


async def told(store: Store, prompt: str = "weekly summary", channel: str = "C0PLATFORM") -> Report:
    """Let Anna report."""
    return await anna(store).work(brief(prompt, channel=channel, zone="UTC"))


def words(report: Report) -> str:
    """Give all that a report says, as one text."""
    sections = [
        " ".join([part.title, *part.lines, *(cell for row in part.rows for cell in row)])
        for part in report.sections
    ]
    findings = [finding.text for finding in report.findings]
    return " | ".join([report.headline, *report.lines, *sections, *findings, *report.unknowns])


async def test_a_clean_week_finds_nothing(store: Store) -> None:
    """All runs fine, nothing found: so says the headline, and there is no finding."""
    for agent in ("alex", "oliver", "tony", "kai"):
        task = await plant(store, task_of(agent))
        for day in DAYS:
            await ran(store, task, day)

    report = await told(store)

    assert report.headline == "28 of 28 runs fine"
    assert report.findings == ()
    assert report.unknowns == ()
    assert report.lines == (
        "No finding of the last reports needs a look.",
        "4 of 4 agents reported. From Tue 3 Mar 07:00 to Tue 10 Mar 07:00, UTC.",
    )


async def test_every_planted_trouble_is_found(store: Store) -> None:
    """What failed, timed out, was cut off, missed, skipped, silent or undelivered is a finding."""
    statuses = (
        RunStatus.FAILED,
        RunStatus.TIMED_OUT,
        RunStatus.LOST,
        RunStatus.MISSED,
        RunStatus.SKIPPED,
    )
    task = await plant(store, task_of("alex"))
    for day, status in zip(DAYS, statuses, strict=False):
        await ran(store, task, day, status=status)
    posted = await ran(store, task, DAYS[5])
    await not_delivered(store, task, posted, DAYS[5], "Chatcron is not in the channel any more.")

    report = await told(store)

    assert report.headline == "1 of 7 runs fine, 6 not"
    texts = [finding.text for finding in report.findings]
    assert texts == [
        (
            "T-1 Alex's check: 1 failed, 1 timed out, 1 cut off, 1 missed, 1 skipped, last Fri 6"
            " Mar 06:00: The process that worked on it stopped. It ran fine since."
        ),
        "T-1 Alex's check: silent, nothing ran when it was due Tue 10 Mar 06:00.",
        (
            "T-1 Alex's check: 1 message did not arrive (R-6): Chatcron is not in the channel any"
            " more."
        ),
    ]


async def test_the_headline_names_up_to_two_troubles(file_store: Store) -> None:
    """One failed and one missed of twenty fit one phone line."""
    for number in range(3):
        task = await plant(file_store, task_of("tony", name=f"Check {number}"))
        for day in DAYS:
            bad = {(0, DAYS[2]): RunStatus.FAILED, (1, DAYS[3]): RunStatus.MISSED}
            await ran(file_store, task, day, status=bad.get((number, day), RunStatus.SUCCEEDED))

    report = await told(file_store)

    assert report.headline == "19 of 21 runs fine, 1 failed, 1 missed"


async def test_private_work_is_told_only_where_it_lives(store: Store) -> None:
    """Names, results and even counts of a private channel or a DM do not leave it."""
    public = await plant(store, task_of("alex", name="Open check"))
    hidden = await plant(store, task_of("oliver", name="Secret audit", channel="G0SECOPS"))
    direct = await plant(store, task_of("tony", name="Own check", channel="D0ALICE"))
    await ran(store, public, DAYS[-1])
    alarm = make_report(findings=(seen("k", Severity.CRITICAL, "Key leaked.", at=TUESDAY),))
    await ran(store, hidden, DAYS[-1], report=alarm)
    await ran(store, direct, DAYS[-1], status=RunStatus.FAILED)

    outside = await told(store, "daily summary")
    inside = await told(store, "daily summary", channel="G0SECOPS")
    alone = await told(store, "daily summary", channel="D0ALICE")

    assert outside.headline == "1 of 1 run fine"
    assert "Secret" not in words(outside) + words(alone)
    assert "leaked" not in words(outside) + words(alone)
    assert "Own check" not in words(outside) + words(inside)
    assert inside.headline == "2 of 2 runs fine; 1 critical"
    assert "Key leaked." in inside.lines[0]
    assert alone.headline.startswith("1 of 2 runs fine, 1 failed")


async def test_an_unknown_is_never_green(file_store: Store) -> None:
    """What another agent could not check is counted in the headline, and named."""
    task = await plant(file_store, task_of("tony"))
    unsure = make_report(
        findings=(seen("sequences", Severity.UNKNOWN, "Sequences: not checked.", at=TUESDAY),),
        unknowns=("Sequences: not checked.", "The age of the last backup is not known."),
    )
    await ran(file_store, task, DAYS[-1], report=unsure)

    report = await told(file_store, "daily")

    assert report.headline == "1 of 1 run fine; 2 not checked"
    assert report.lines[0].endswith("but 2 things were not checked.")
    assert [finding.severity for finding in report.findings] == [Severity.UNKNOWN]
    assert report.unknowns == ("The age of the last backup is not known. (Tony, T-1)",)


async def test_the_worst_comes_first_with_its_source(file_store: Store) -> None:
    """Critical before warning before unknown, each with agent, task and time; quiet ones stay."""
    task = await plant(file_store, task_of("tony"))
    mixed = make_report(
        findings=(
            seen("ok", Severity.OK, "All right.", at=TUESDAY),
            seen("unsure", Severity.UNKNOWN, "Not sure.", at=TUESDAY),
            seen("warm", Severity.WARNING, "Warm.", at=TUESDAY),
            seen("hot", Severity.CRITICAL, "Hot.", at=TUESDAY),
        )
    )
    await ran(file_store, task, DAYS[-1], report=mixed)

    report = await told(file_store, "daily")

    assert [finding.text for finding in report.findings] == [
        "Hot. (Tony, T-1, Tue 10 Mar 06:01)",
        "Warm. (Tony, T-1, Tue 10 Mar 06:01)",
        "Not sure. (Tony, T-1, Tue 10 Mar 06:01)",
    ]
    assert report.headline == "1 of 1 run fine; 1 critical, 1 not checked"
    assert report.lines[0] == ("Worst: Hot. (Tony, T-1, Tue 10 Mar 06:01) 1 more in the details.")


async def test_sample_data_stays_labelled(file_store: Store) -> None:
    """A finding, an unknown and a headline from a sample say SAMPLE."""
    task = await plant(file_store, task_of("alex"))
    sample = make_report(
        headline="Yesterday: $4,212",
        findings=(seen("nat", Severity.WARNING, "NAT is up.", at=TUESDAY),),
        unknowns=("Utilization.",),
        is_sample=True,
    )
    await ran(file_store, task, DAYS[-1], report=sample)

    report = await told(file_store, "daily")

    assert report.findings[0].text.startswith("SAMPLE: NAT is up.")
    assert "SAMPLE" in report.lines[0]
    assert report.unknowns[0].startswith("SAMPLE: ")
    assert "Alex, Tue 10 Mar 06:01: Yesterday: $4,212 · SAMPLE" in words(report)


async def test_who_did_not_report_is_named_with_the_reason(file_store: Store) -> None:
    """An agent that failed, is not connected, or has nothing to do says which."""
    await ran(file_store, await plant(file_store, task_of("alex")), DAYS[-1])
    await ran(
        file_store, await plant(file_store, task_of("tony")), DAYS[-1], status=RunStatus.FAILED
    )
    real = roster(Sources(database_url="sqlite:////nowhere/chatcron.db"))
    colleagues = {name: FakeAgent(name=name) for name in ("alex", "oliver", "tony")}

    report = await anna(file_store, {**colleagues, "kai": real["kai"]}).work(
        brief("daily", zone="UTC")
    )

    assert report.lines[-1].startswith(
        "1 of 4 agents reported, not Oliver (no task here), Tony (failed), Kai (not connected)."
    )
    roll = next(part for part in report.sections if part.title == "Who reported")
    assert "KUBECONFIG" in roll.lines[-1]
    assert any(
        text == "What Tony looks after is not known: the runs failed." for text in report.unknowns
    )


async def test_what_is_new_is_told(store: Store) -> None:
    """A finding that was not there before, one that came and went, and a task just made."""
    task = await plant(store, task_of("tony"))
    old = seen("old", Severity.WARNING, "Old.", at=OLD)
    short = seen("short", Severity.WARNING, "Short.", at=OLD)
    fresh = seen("fresh", Severity.WARNING, "Fresh.", at=OLD)
    await ran(store, task, DAYS[0], report=make_report(findings=(old,)))
    await ran(store, task, DAYS[-1] - timedelta(hours=20), report=make_report(findings=(short,)))
    await ran(store, task, DAYS[-1], report=make_report(findings=(old, fresh)))
    made = TUESDAY - timedelta(hours=3)
    await plant(
        store,
        task_of("kai", name="Cluster", schedule=None, next_run_at=None, created_at=made),
    )

    report = await told(store, "daily")

    news = next(part for part in report.sections if part.title.startswith("New since"))
    assert news.lines == (
        "New finding: Fresh. (Tony, T-1)",
        "Came and went: Short. (Tony, T-1)",
        "New task: T-2 Cluster (Kai), when asked to.",
    )


async def test_without_a_span_she_goes_on_from_her_last_run(store: Store) -> None:
    """What ended since she last looked is told, once; her own runs are left out."""
    own = await plant(store, task_of("anna", name="Infrastructure Summary"))
    other = await plant(store, task_of("alex"))
    await ran(store, other, DAYS[3], status=RunStatus.FAILED)
    await ran(store, own, DAYS[3] + timedelta(hours=1))
    for day in DAYS[4:]:
        await ran(store, other, day)
    mine = await ran(store, own, TUESDAY, status=RunStatus.RUNNING)

    report = await anna(store).work(replace(brief(zone="UTC"), run_id=mine.id))

    assert report.headline == "3 of 3 runs fine"
    assert "From Sat 7 Mar 07:00 to Tue 10 Mar 07:00, UTC." in report.lines[-1]
    assert "Infrastructure Summary" not in words(report)


async def test_an_open_run_is_neither_fine_nor_failed(file_store: Store) -> None:
    """A run that goes on is named as such, and told by the next report."""
    task = await plant(file_store, task_of("alex"))
    await ran(file_store, task, DAYS[-1], status=RunStatus.RUNNING)

    report = await told(file_store, "daily")

    assert report.headline == "Nothing ran to its end since Mon 9 Mar 07:00, 1 still running"
    assert "Alex (still running)" in report.lines[-1]


async def test_a_paused_task_is_not_silent(file_store: Store) -> None:
    """Nothing is expected of a paused task, and it says why it is paused."""
    paused = task_of("tony", state=TaskState.PAUSED, hold_reason="Its channel was archived.")
    await plant(file_store, paused)

    report = await told(file_store)

    assert "silent" not in words(report)
    assert "T-1 Tony's check is paused: Its channel was archived." in words(report)


async def test_a_fresh_task_keeps_its_name(file_store: Store) -> None:
    """A task that has not reported says when it is due, with its name as it was given."""
    await plant(
        file_store, task_of("tony", name="Credit due check", created_at=TUESDAY, updated_at=TUESDAY)
    )

    report = await told(file_store)

    said = "T-1 Credit due check has not reported yet; it is due Wed 11 Mar 06:00."
    assert said in words(report)


async def test_moments_before_a_change_are_not_held_against_a_task(file_store: Store) -> None:
    """A task that was resumed yesterday owes only today's run."""
    resumed = TUESDAY - timedelta(hours=12)
    await plant(file_store, task_of("tony", updated_at=resumed))

    report = await told(file_store)

    assert report.headline == "0 of 1 run fine, 1 silent; 1 not checked"
    assert "It has never reported." in report.findings[0].text


async def test_what_she_cannot_see_is_said(file_store: Store) -> None:
    """A prompt about incidents is answered with what was not checked, in the channel too."""
    report = await told(file_store, "weekly summary of incidents and uptime")

    assert report.unknowns[0].startswith("I did not check incidents: ")
    assert report.lines[-1].startswith("I did not check incidents: ")
    assert report.headline.endswith("2 not checked")


async def test_without_a_ledger_she_refuses() -> None:
    """An Anna who is only looked at never makes a report up."""
    agents = roster(Sources(database_url="sqlite:////nowhere/chatcron.db"))
    with pytest.raises(NotConnected):
        await agents["anna"].work(brief())


async def test_a_flood_of_findings_is_cut_and_counted(file_store: Store) -> None:
    """Hundreds of findings are all handed on; of more the worst, with the rest counted."""
    task = await plant(file_store, task_of("kai"))
    flood = tuple(seen(f"k{n}", Severity.WARNING, f"Pod {n}.", at=OLD) for n in range(410))
    worst = seen("worst", Severity.CRITICAL, "Node down.", at=OLD)
    await ran(file_store, task, DAYS[-1], report=make_report(findings=(*flood, worst)))

    report = await told(file_store, "daily")

    assert len(report.findings) == 400
    assert report.findings[0].text.startswith("Node down.")
    assert report.unknowns == ("11 more findings, none worse than those told.",)


async def test_when_everything_stands_still_each_task_is_told(file_store: Store) -> None:
    """What is cut off today would look resolved tomorrow."""
    for number in range(45):
        await plant(file_store, task_of("tony", name=f"Check {number}"))

    report = await told(file_store)

    assert report.headline == "0 of 315 runs fine, 315 silent; 1 not checked"
    assert len(report.findings) == 45
