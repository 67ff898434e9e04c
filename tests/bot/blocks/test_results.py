"""How a report's details lie on the page: what is in order is quiet, and columns line up."""

from __future__ import annotations

from datetime import datetime

from bot.blocks import results
from bot.blocks.cards import Message
from storage.records import Finding, Section, Severity
from tests.plants import make_report


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
    return "\n".join(block["text"]["text"] for message in report_text for block in message.blocks)


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
