"""Hold docs/language.md to the grammar: each row of its tables is read as it says."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.intent.intents import CreateTask, Nothing, Unclear
from bot.intent.reader import read
from bot.intent.reading import Reading
from scheduler.recurrence import upcoming
from scheduler.sentences import moment, sentence, zone_name
from tests.gold.lines import AGENTS, NOW, ZONE

PAGE = (Path(__file__).parents[2] / "docs/language.md").read_text(encoding="utf-8")
DOUBTS = {"time": "the time", "meridiem": "morning or afternoon", "day": "the day"}
HERE = datetime.fromisoformat(NOW).replace(tzinfo=ZoneInfo(ZONE))


def _rows(columns: int, head: str) -> list[tuple[str, ...]]:
    """Give the rows of the tables under that head, the message without its quotes."""
    found = []
    inside = False
    for line in PAGE.splitlines():
        cells = tuple(cell.strip() for cell in line.strip().strip("|").split(" | "))
        if line.startswith("| You write"):
            inside = line == head
        elif not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("|-"):
            assert len(cells) == columns, line
            found.append((re.sub(r"^`` | ``$|^`|`$", "", cells[0]), *cells[1:]))
    return found


RUNS = _rows(3, "| You write | It runs | First runs |")
ASKED = _rows(3, "| You write | It asks for | It offers |")
REQUESTS = _rows(3, "| You write | Request | What it does |")
LEFT = _rows(1, "| You write |")


def _read(text: str) -> Reading:
    return read(text, now=HERE, zone=ZONE, agents=AGENTS)


@pytest.mark.parametrize(("text", "said", "runs"), RUNS, ids=lambda cell: cell[:40])
def test_a_schedule_of_the_page_runs_as_it_says(text: str, said: str, runs: str) -> None:
    """The message is armed unasked, in these words and at these moments."""
    intent = _read(text).intent

    assert isinstance(intent, CreateTask)
    assert intent.schedule is not None
    assert intent.assumed == ()
    zone = intent.schedule.zone
    assert said == sentence(intent.schedule) + ("" if zone == ZONE else f", {zone_name(zone)}")
    first = [moment(run, zone, HERE) for run in upcoming(intent.schedule, HERE, 3)]
    assert runs == ", ".join(first)


@pytest.mark.parametrize(("text", "asked", "offers"), ASKED, ids=lambda cell: cell[:40])
def test_a_doubt_of_the_page_is_asked_about(text: str, asked: str, offers: str) -> None:
    """The message arms nothing; what is asked and offered is what the page says."""
    intent = _read(text).intent

    assert isinstance(intent, CreateTask | Unclear)
    about = intent.question if isinstance(intent, Unclear) else DOUBTS[intent.assumed[0]]
    assert (about, ", ".join(intent.choices)) == (asked, offers)


@pytest.mark.parametrize(("text", "request_", "does"), REQUESTS, ids=lambda cell: cell[:40])
def test_a_request_of_the_page_is_read_as_one(text: str, request_: str, does: str) -> None:
    """The message asks for what the page says."""
    assert _read(text).intent.kind == request_
    assert does


@pytest.mark.parametrize("text", [row[0] for row in LEFT], ids=lambda text: text[:40])
def test_talk_of_the_page_is_left_alone(text: str) -> None:
    """The message asks for nothing."""
    assert isinstance(_read(text).intent, Nothing)


def test_the_tables_of_the_page_are_found() -> None:
    """The tables are there to be read, so that the tests above read something."""
    assert len(RUNS) >= 50
    assert len(ASKED) >= 5
    assert len(REQUESTS) >= 20
    assert len(LEFT) >= 5
    assert PAGE.count("\n| `") == len(RUNS) + len(ASKED) + len(REQUESTS) + len(LEFT)
