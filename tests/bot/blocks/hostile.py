"""Names, texts and reports that mean no good, for every test of what is shown."""

from __future__ import annotations

from datetime import time

from hypothesis import strategies as st

from storage.records import Task, TaskId, TaskState
from storage.reports import Finding, Report, Section, Severity
from storage.schedules import Cron, Daily, Schedule, Weekday, Weekly
from tests.plants import NEW_YORK, SOME_DAY, make_task

LIVE = ("<!channel>", "<!here>", "<@U0MALLORY>", "<#C0SECRET>", "<https://evil.example|click>")
_PIECES = st.sampled_from((*LIVE, "*bold*", "`", "```", "_", "~", "&lt;", "\n", "> ", "🔥", "é"))
texts = st.lists(st.one_of(_PIECES, st.text(max_size=40)), max_size=12).map("".join)
long_texts = st.one_of(texts, st.integers(1, 20_000).map(lambda size: "x" * size))
names = texts.map(lambda text: text[:60] or "name")
_lines = st.lists(long_texts, max_size=8).map(tuple)
_schedules = st.sampled_from(
    (
        None,
        Schedule(rule=Daily(times=(time(8),)), zone=NEW_YORK),
        Schedule(
            rule=Weekly(weekdays=(Weekday.MONDAY,), times=(time(9), time(17, 30))), zone=NEW_YORK
        ),
        Schedule(rule=Cron(expression="*/7 3-9 1,15 * 1-5"), zone=NEW_YORK),
    )
)


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    """Give a task of any state whose texts are hostile."""
    state = draw(st.sampled_from(TaskState))
    schedule = draw(_schedules)
    return make_task(
        id=TaskId(draw(st.integers(1, 10**9))),
        name=draw(names),
        prompt=draw(texts),
        state=state,
        schedule=schedule,
        assumed=("time",) if state is TaskState.DRAFT and schedule else (),
        next_run_at=SOME_DAY if state is TaskState.ACTIVE and schedule else None,
    )


@st.composite
def _tables(draw: st.DrawFn) -> Section:
    width = draw(st.integers(1, 4))
    row = st.lists(texts, min_size=width, max_size=width).map(tuple)
    rows = draw(st.lists(row, max_size=6).map(tuple))
    return Section(
        title=draw(texts), lines=draw(_lines), columns=draw(row) if rows else (), rows=rows
    )


@st.composite
def _findings(draw: st.DrawFn) -> Finding:
    return Finding(
        key="key",
        severity=draw(st.sampled_from(Severity)),
        resource=draw(texts),
        text=draw(texts),
        observed_at=SOME_DAY,
        source="test",
    )


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Give a report whose every text is hostile, and some of them long."""
    return Report(
        headline=draw(long_texts),
        lines=draw(_lines),
        sections=draw(st.lists(_tables(), max_size=4).map(tuple)),
        findings=draw(st.lists(_findings(), max_size=6).map(tuple)),
        unknowns=draw(_lines),
        is_sample=draw(st.booleans()),
    )
