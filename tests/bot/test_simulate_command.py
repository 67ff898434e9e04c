"""`chatcron simulate`: what is due in a window, for people and for programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot.errors import StartError
from bot.simulate_command import simulate_cron, simulate_lines, simulate_tasks
from scheduler import recurrence
from storage.database import Database
from storage.migrate import migrate
from storage.schedules import Daily, Schedule
from storage.store import Store
from tests.plants import make_task, plant

BERLIN = "Europe/Berlin"
MOVED = "  [the clocks skip 02:30 that day: moved to 03:00]"
FRIDAY = datetime(2026, 3, 27, 12, tzinfo=UTC)


@pytest.fixture
async def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Store two tasks at 02:30 and one at 12:00, Berlin time, and point the settings there."""
    url = f"sqlite:///{tmp_path / 'chatcron.db'}"
    monkeypatch.setenv("CHATCRON_DATABASE_URL", url)
    async with Database(url) as database:
        await migrate(database)
        for name, at in (
            ("Night check", time(2, 30)),
            ("Backups", time(2, 30)),
            ("Costs", time(12)),
        ):
            schedule = Schedule(rule=Daily(times=(at,)), zone=BERLIN)
            first = recurrence.next_after(schedule, FRIDAY)
            task = make_task(name=name, schedule=schedule, zone=BERLIN, next_run_at=first)
            await plant(Store(database), task)


@pytest.mark.usefixtures("stored")
async def test_people_read_zones_notes_and_load() -> None:
    """Each fire names its zone and what the clocks do to it; the end says what shares a minute."""
    told = await simulate_tasks(BERLIN, "2026-03-29", "2026-03-30", as_json=False)

    assert told.splitlines() == [
        f"Sun 2026-03-29T03:00 CEST Europe/Berlin  T-1 Night check{MOVED}  (+1 in this minute)",
        f"Sun 2026-03-29T03:00 CEST Europe/Berlin  T-2 Backups{MOVED}  (+1 in this minute)",
        "Sun 2026-03-29T12:00 CEST Europe/Berlin  T-3 Costs",
        "",
        "3 fires of 3 tasks in this window.",
        "Changes of the clocks: 2 moved by a gap, 0 in an hour that comes twice.",
        "1 minute with more than one fire; the fullest, Europe/Berlin:",
        "  Sun 2026-03-29 03:00  2 fires: T-1 Night check, T-2 Backups",
    ]


@pytest.mark.usefixtures("stored")
async def test_programs_read_one_list() -> None:
    """Each fire has its wall time and instant, whose it is, and what the text says of it."""
    fires = json.loads(await simulate_tasks("UTC", "2026-03-29", "2026-03-30", as_json=True))

    assert fires[0] == {
        "local": "2026-03-29T03:00",
        "utc": "2026-03-29T01:00:00Z",
        "tz": BERLIN,
        "task": "T-1",
        "task_name": "Night check",
        "clock_change": "gap",
        "same_minute": 1,
    }
    assert [fire["clock_change"] for fire in fires] == ["gap", "gap", None]


@pytest.mark.usefixtures("stored")
async def test_an_empty_window_says_so() -> None:
    """Nothing due is a sentence for people and an empty list for programs."""
    window = ("2026-03-29T04:00", "2026-03-29T05:00")

    assert await simulate_tasks(BERLIN, *window, as_json=False) == (
        "Nothing is due in this window."
    )
    assert json.loads(await simulate_tasks(BERLIN, *window, as_json=True)) == []


def test_one_expression_is_written_to_the_letter() -> None:
    """The start is in the window, the end is not; JSON holds wall time and instant alone."""
    window = ("2026-03-29", "2026-03-31T02:30")

    fires = json.loads(simulate_cron("30 2 * * *", BERLIN, *window, as_json=True))
    told = simulate_cron("30 2 * * *", BERLIN, *window, as_json=False)

    assert fires == [
        {"local": "2026-03-29T03:00", "utc": "2026-03-29T01:00:00Z"},
        {"local": "2026-03-30T02:30", "utc": "2026-03-30T00:30:00Z"},
    ]
    assert told.splitlines() == [
        f"2026-03-29T03:00 Europe/Berlin  2026-03-29T01:00:00Z{MOVED}",
        "2026-03-30T02:30 Europe/Berlin  2026-03-30T00:30:00Z",
    ]


def test_lines_answer_each_in_turn() -> None:
    """A bad line gets its error, and the others their lists."""
    good = {"cron": "0 8 * * *", "tz": "UTC", "from": "2026-03-29", "to": "2026-03-30"}
    lines = [json.dumps(good), json.dumps(good | {"cron": "0 25 * * *"}), '{"cron": "0 8 * * *"}']

    first, second, third = map(json.loads, simulate_lines(lines))

    assert first == [{"local": "2026-03-29T08:00", "utc": "2026-03-29T08:00:00Z"}]
    assert "25" in second["error"]
    assert "tz" in third["error"]


@pytest.mark.parametrize("given", [("yesterday", "2026-03-30"), ("2026-03-29", "2026-13-01")])
async def test_a_window_that_can_not_be_read_is_refused(given: tuple[str, str]) -> None:
    """The sentence names what was wrong, before any database is asked for."""
    with pytest.raises(StartError, match=r"isoformat|month"):
        await simulate_tasks("UTC", *given, as_json=True)
