"""How the tests of the grammar read a message: on a Thursday morning in New York, five agents."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.intent.reader import read
from bot.intent.reading import Reading
from scheduler.recurrence import upcoming
from storage.schedules import Schedule

ZONE = "America/New_York"
NOW = datetime(2026, 3, 5, 10, 17, tzinfo=ZoneInfo(ZONE))
AGENTS = frozenset({"alex", "oliver", "tony", "kai", "anna"})
HERE = Path(__file__).parent
LEAVES_ALONE = frozenset({"nothing", "unclear", "help"})


def read_here(
    text: str,
    *,
    agents: frozenset[str] | None = AGENTS,
    in_thread: bool = False,
    addressed: bool = True,
) -> Reading:
    return read(text, now=NOW, zone=ZONE, agents=agents, in_thread=in_thread, addressed=addressed)


def runs(schedule: Schedule | None, number: int = 3) -> list[str]:
    """Give the next runs as "Fri 06 16:00", on New York's clock."""
    if schedule is None:
        return []
    here = ZoneInfo(ZONE)
    return [f"{due.astimezone(here):%a %d %H:%M}" for due in upcoming(schedule, NOW, number)]


def lines(name: str) -> list[str]:
    """Give the messages of a file beside the tests, its escapes undone."""
    written = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.encode("ascii", "backslashreplace").decode("unicode_escape") for line in written]
