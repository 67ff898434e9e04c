"""How a report's details lie on the page: what is in order is quiet, and columns line up."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import results
from bot.blocks.cards import Message
from storage.records import Run, RunId, RunStatus, TaskId, Trigger
from storage.reports import Finding, Section, Severity
from tests.plants import SOME_DAY, make_report, make_task


def finding(severity: Severity, now: datetime) -> Finding:
    """Give a finding of that weight."""
    return Finding(
        key=severity,
        severity=severity,
        resource="db",
        text=f"something {severity}",
        observed_at=now,
        source="a test",
    )


def shown(report_text: tuple[Message, ...]) -> str:
    """Give the text of all blocks."""
    sections = (block for message in report_text for block in message.blocks if "text" in block)
    return "\n".join(block["text"]["text"] for block in sections)


def test_what_is_in_order_is_left_to_the_sections(now: datetime) -> None:
    """Beside sections only findings that matter are listed; alone, all of them are."""
    findings = tuple(finding(severity, now) for severity in (Severity.OK, Severity.WARNING))
    section = Section(title="Checks", lines=("all",))

    beside = shown(results.details(make_report(sections=(section,), findings=findings)))
    alone = shown(results.details(make_report(findings=findings)))

    assert "something ok" not in beside
    assert "something warning" in beside
    assert "something ok" in alone


def test_numbers_stand_right_and_words_left() -> None:
    """A column of amounts is flush right, one of names flush left."""
    section = Section(
        title="By service",
        columns=("Service", "Cost", "Seen"),
        rows=(("Amazon S3", "$5", "fine"), ("EC2", "$1,770", "a longer text")),
    )

    text = shown(results.details(make_report(sections=(section,))))

    assert "Service      Cost  Seen\n" in text
    assert "Amazon S3      $5  fine\n" in text
    assert "EC2        $1,770  a longer text\n" in text


def test_what_was_not_checked_is_said_once(now: datetime) -> None:
    """A limit that stands among the findings is not repeated below them; any other is listed."""
    unknown = finding(Severity.UNKNOWN, now)
    report = make_report(findings=(unknown,), unknowns=(unknown.text, "a limit"))

    text = shown(results.details(report))

    assert text.count("something unknown") == 1
    assert "*Not checked*\n⚪ a limit" in text
    assert results.as_file(report).count("something unknown") == 1


def test_what_to_look_at_stands_before_the_tables(now: datetime) -> None:
    """In the thread and in the file the findings come first, the worst of them on top."""
    severities = (Severity.OK, Severity.UNKNOWN, Severity.WARNING, Severity.CRITICAL)
    report = make_report(
        headline="4 checks",
        sections=(Section(title="Checks", columns=("What", "Is"), rows=(("a table", "1"),)),),
        findings=tuple(finding(severity, now) for severity in severities),
    )

    for text in (shown(results.details(report)), results.as_file(report)):
        order = ("something critical", "something warning", "something unknown", "a table")
        places = [text.index(said) for said in order]
        assert places == sorted(places)


LONG = [
    "Yesterday: $4,212, up 9 %, mostly Amazon EC2 in eu-west-1 and two NAT gateways",
    "Cluster production: 3 of 120 pods crash, 2 deployments are short of replicas and 1 waits",
    "3 of 14 checks of Database shop need attention: connections, dead rows and a long query",
    "1 certificate expires within 14 days and 2 hosts lack security headers, 31 findings in all",
    "Last 24 hours: 210 runs of 14 tasks, 9 failed, 2 moments were missed and 1 task was silent",
    "x" * 200,
    "Kosten gestern 1 234 567 890 123 456 789 012 345 678 901 234 567 890 EUR insgesamt",
]


@pytest.mark.parametrize("headline", LONG)
def test_a_long_headline_fits_one_line_and_loses_nothing(headline: str) -> None:
    """What does not fit a phone's line begins the next one, and no number loses its unit."""
    line, rest = results.on_one_line(headline)

    assert len(line) <= results.HEADLINE_LIMIT
    words = f"{line.rstrip('…')} {rest.lstrip('…')}"
    assert re.sub(r"[\s,;:·]+", "", words) == re.sub(r"[\s,;:·]+", "", headline)


@pytest.mark.parametrize(
    ("headline", "line"),
    [
        (LONG[0], "Yesterday: $4,212, up 9 %…"),
        ("Yesterday the whole of the account cost a little over USD 4 212 %", None),
    ],
)
def test_a_headline_is_cut_where_one_would_pause(headline: str, line: str | None) -> None:
    """A comma is the better place; a number is never parted from what it counts."""
    cut, _ = results.on_one_line(headline)

    assert cut == line or (line is None and not cut.rstrip("…")[-1].isdigit())


@given(st.text(max_size=400))
def test_any_headline_fits_one_line(headline: str) -> None:
    """However an agent words it, the channel reads one line."""
    line, _ = results.on_one_line(" ".join(headline.split()))

    assert len(line) <= results.HEADLINE_LIMIT


def test_a_late_start_is_called_late() -> None:
    """What was caught up says how late it began; a long run that began on time is not late."""
    run = Run(
        id=RunId(1),
        task_id=TaskId(1),
        task_version=1,
        trigger=Trigger.SCHEDULE,
        scheduled_for=SOME_DAY,
        status=RunStatus.SUCCEEDED,
        attempt=1,
        ready_at=SOME_DAY,
        started_at=SOME_DAY + timedelta(minutes=72),
        finished_at=SOME_DAY + timedelta(minutes=73),
        created_at=SOME_DAY,
    )
    on_time = replace(run, started_at=SOME_DAY)

    foots = [
        results.result(make_task(), it, make_report()).blocks[1]["elements"][0]["text"]
        for it in (run, on_time)
    ]

    assert foots[0].endswith(" · 1 h 12 min late")
    assert "late" not in foots[1]


def test_what_somebody_asked_for_was_not_due() -> None:
    """A failed run says who asked for it; only a scheduled one says that it was due."""
    due = Run(
        id=RunId(1),
        task_id=TaskId(12),
        task_version=1,
        trigger=Trigger.SCHEDULE,
        scheduled_for=SOME_DAY,
        status=RunStatus.FAILED,
        reason="The disk is full.",
        ready_at=SOME_DAY,
        created_at=SOME_DAY,
    )
    by_hand = replace(due, trigger=Trigger.MANUAL, scheduled_for=None, asked_by="U0MAYA")

    told = [shown((results.failure_dm(make_task(), run, SOME_DAY),)) for run in (due, by_hand)]

    assert "It was due " in told[0]
    assert "It was asked by <@U0MAYA> " in told[1]
