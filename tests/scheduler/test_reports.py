"""What changed between two reports is told by the keys of their findings."""

from __future__ import annotations

from datetime import datetime

from scheduler import reports
from storage.reports import Finding, Severity
from tests.plants import make_report


def finding(key: str, now: datetime, *, value: float = 1, severity: str = "warning") -> Finding:
    """Give a finding that matters."""
    return Finding(
        key=key,
        severity=Severity(severity),
        resource=key,
        text=f"{key} is at {value:g}",
        value=value,
        observed_at=now,
        source="a test",
    )


def test_new_changed_and_resolved_are_told_apart(now: datetime) -> None:
    """Keys say what is the same thing; values say whether it changed."""
    before = make_report(findings=(finding("a", now), finding("b", now), finding("c", now)))
    after = make_report(findings=(finding("a", now), finding("b", now, value=2), finding("d", now)))

    changes = reports.compare(before, after)

    assert [item.key for item in changes.new] == ["d"]
    assert [(was.value, is_.value) for was, is_ in changes.changed] == [(1, 2)]
    assert [item.key for item in changes.resolved] == ["c"]


def test_quiet_findings_are_no_news(now: datetime) -> None:
    """What is in order is neither new nor resolved."""
    before = make_report(findings=(finding("a", now, severity="ok"),))
    after = make_report(findings=(finding("b", now, severity="info"),))

    assert reports.with_changes(after, before) == after


def test_sample_data_is_not_compared_with_real_data(now: datetime) -> None:
    """The first real report after a sample does not call everything new."""
    before = make_report(findings=(finding("a", now),), is_sample=True)
    after = make_report(findings=(finding("b", now),))

    assert reports.with_changes(after, before) == after


def test_what_changed_stands_first_in_the_details(now: datetime) -> None:
    """The section on changes comes before the others."""
    after = make_report(findings=(finding("a", now),))

    told = reports.with_changes(after, make_report())

    assert told.sections[0].title == "Since the last report"
    assert told.sections[0].lines == ("New: a is at 1",)
