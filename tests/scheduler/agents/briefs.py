"""Briefs to hand to an agent."""

from __future__ import annotations

from datetime import UTC, datetime

from scheduler.agents.agent import Brief
from storage.records import RunId
from storage.reports import Report

TUESDAY = datetime(2026, 3, 10, 7, 0, tzinfo=UTC)


def brief(
    prompt: str = "",
    *,
    as_of: datetime = TUESDAY,
    zone: str = "Europe/Berlin",
    channel: str = "C0PLATFORM",
    before: Report | None = None,
) -> Brief:
    """Give a brief as of Tuesday 10 March 2026, 08:00 in Berlin, unless told otherwise."""
    return Brief(
        run_id=RunId(1),
        task_name="a task",
        prompt=prompt,
        as_of=as_of,
        zone=zone,
        channel=channel,
        before=before,
    )
