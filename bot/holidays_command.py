"""`chatcron holidays`: the workspace's list of holidays, shown, given and taken away."""

from __future__ import annotations

from pathlib import Path

from bot.bulk_command import SHELL
from bot.errors import StartError
from bot.settings import Settings
from scheduler.day_words import dated
from scheduler.errors import Refused
from scheduler.holiday_files import Holiday, read_holidays
from scheduler.holidays import HOW_TO_GIVE, NO_LIST, Holidays, Observed
from scheduler.now import utc_now
from storage.database import Database
from storage.migrate import check
from storage.store import Store

LARGEST = 2_000_000
"""Bytes; a list of holidays has some ten thousand."""
SHOWN = 30


async def show() -> str:
    """Give the holidays to come, and what follows from them."""
    async with _database() as database:
        await check(database)
        found = await Holidays(Store(database)).look()
    if not found.holidays:
        return f"{NO_LIST} {HOW_TO_GIVE}"
    today = utc_now().date()
    coming = [holiday for holiday in found.holidays if holiday.day >= today]
    lines = [f"{dated(each.day)}  {each.name}".rstrip() for each in coming[:SHOWN]]
    if len(coming) > SHOWN:
        lines.append(f"and {len(coming) - SHOWN} more")
    last = found.holidays[-1].day
    ends = "is over" if last < today else f"ends on {dated(last)}"
    return "\n".join([*lines, f"The list {ends}. {_told(found)}"])


async def give(file: Path) -> str:
    """Put the holidays of a file in the place of those before."""
    holidays = _read(file)
    async with _database() as database:
        await check(database)
        found = await Holidays(Store(database)).put(holidays, by=SHELL, now=utc_now())
    first, last = found.holidays[0].day, found.holidays[-1].day
    days = "1 holiday" if len(holidays) == 1 else f"{len(holidays)} holidays"
    return f"Kept {days}, from {dated(first)} to {dated(last)}. {_told(found)}"


async def forget() -> str:
    """Take the list away."""
    async with _database() as database:
        await check(database)
        found = await Holidays(Store(database)).put((), by=SHELL, now=utc_now())
    also = "" if not found.tasks else f" {_tasks(found.tasks)} on every day of the rule again."
    return f"The list is gone.{also}"


def _read(file: Path) -> tuple[Holiday, ...]:
    try:
        if file.stat().st_size > LARGEST:
            raise StartError(f"{file} is larger than a list of holidays; take the calendar alone.")
        return read_holidays(file.read_text(encoding="utf-8"), utc_now().date())
    except (OSError, UnicodeDecodeError):
        raise StartError(f"{file} can't be read; give a text or .ics file in UTF-8.") from None
    except Refused as error:
        raise StartError(f"{file}: {error} {error.fix} Nothing changed.") from None


def _told(found: Observed) -> str:
    if not found.tasks:
        return "No task leaves them out yet: choose that in a task's form (`/tasks edit T-12`)."
    leave = "1 task leaves" if found.tasks == 1 else f"{found.tasks} tasks leave"
    return f"{leave} these days out."


def _tasks(count: int) -> str:
    return "1 task runs" if count == 1 else f"{count} tasks run"


def _database() -> Database:
    return Database(Settings.read().database_url.get_secret_value())
