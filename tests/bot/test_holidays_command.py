"""`chatcron holidays`: a list that is given, shown and taken away."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot import holidays_command
from bot.doctor.check import Grade
from bot.doctor.storing import look_at_database
from bot.errors import StartError
from bot.settings import Settings
from scheduler.holiday_files import Holiday
from scheduler.holidays import Holidays
from scheduler.now import utc_now
from storage.database import Database
from storage.migrate import migrate
from storage.schedules import leaving_out
from storage.store import Store
from tests.plants import ALICE, DAILY_AT_8, make_task, plant


async def test_a_list_is_given_shown_and_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step says what it did and what follows from it."""
    url = f"sqlite:///{tmp_path / 'chatcron.db'}"
    monkeypatch.setenv("CHATCRON_DATABASE_URL", url)
    async with Database(url) as database:
        await migrate(database)
    file = tmp_path / "days.txt"
    file.write_text("2095-12-25 Christmas\n2096-01-01\n", encoding="utf-8")

    nothing = await holidays_command.show()
    given = await holidays_command.give(file)
    shown = await holidays_command.show()
    gone = await holidays_command.forget()

    assert nothing.startswith("I keep no list of holidays.")
    assert given.startswith("Kept 2 holidays, from Sun 25 Dec 2095 to Sun 1 Jan 2096.")
    assert shown.splitlines()[:2] == ["Sun 25 Dec 2095  Christmas", "Sun 1 Jan 2096"]
    assert gone == "The list is gone."


async def test_a_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    """What is wrong with it is said, before anything is changed."""
    wrong, bytes_ = tmp_path / "wrong.txt", tmp_path / "bytes.ics"
    wrong.write_text("25 December\n", encoding="utf-8")
    bytes_.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(StartError, match="I can't read line 1: “25 December”"):
        await holidays_command.give(wrong)
    for path in (bytes_, tmp_path / "none.txt"):
        with pytest.raises(StartError, match="can't be read"):
            await holidays_command.give(path)


@pytest.mark.parametrize(
    ("days", "grade"), [(40, Grade.OK), (20, Grade.WARNING), (None, Grade.WARNING)]
)
async def test_the_doctor_says_when_the_list_comes_to_its_end(
    database_url: str, days: int | None, grade: Grade
) -> None:
    """A month before it does, where tasks leave holidays out; where none does it is no matter."""
    settings = Settings.read({"CHATCRON_DATABASE_URL": database_url})
    now = utc_now()
    async with Database(database_url) as database:
        await migrate(database)
        store = Store(database)
        if days is not None:
            last = Holiday(day=now.date() + timedelta(days=days))
            await Holidays(store).put((last,), by=ALICE, now=now)
        without = await look_at_database(settings, utc_now)
        await plant(store, make_task(schedule=leaving_out(DAILY_AT_8, ())))

    found = await look_at_database(settings, utc_now)

    assert [check for check in without if check.name == "holidays"] == []
    [check] = [check for check in found if check.name == "holidays"]
    assert check.grade is grade
