"""What the doctor finds at the database: is it there, may we write, which schema, how full."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.doctor.check import Check, ok, problem, unknown, warning
from bot.doctor.clock import drift, judge
from bot.settings import Settings
from scheduler.day_words import dated
from scheduler.forgetting import plan
from scheduler.holidays import Holidays
from scheduler.now import Now
from storage.condition import Condition, look
from storage.database import Database, parse_url
from storage.errors import Unreachable
from storage.migrate import REVISIONS
from storage.store import Store

MIB = 1024 * 1024
DISK_LOW = 500 * MIB
DISK_FULL = 50 * MIB
WAL_LARGE = 64 * MIB
HOLIDAYS_AHEAD = timedelta(days=30)


async def look_at_database(settings: Settings, now: Now) -> list[Check]:
    """Look at the database, changing and creating nothing."""
    address = settings.database_url.get_secret_value()
    url = parse_url(address)
    shown = url.render_as_string(hide_password=True).replace("+aiosqlite", "")
    if url.get_backend_name() == "sqlite":
        assert url.database is not None
        if (absent := _absent(Path(url.database))) is not None:
            return [absent]
    async with Database(address) as database:
        before = now()
        try:
            condition = await look(database)
        except Unreachable as error:
            text = f"{shown.replace('+psycopg', '')} does not answer: {error.reason}."
            return [problem("database", text, "Check CHATCRON_DATABASE_URL and the server.")]
        after = now()
    checks = [*_of_database(condition, shown.replace("+psycopg", "")), _schema(condition)]
    if settings.asks_model and condition.revision == REVISIONS[-1]:
        checks.append(await _model_use(address, settings, now()))
    if condition.revision == REVISIONS[-1]:
        checks += await _holidays(address, now().date())
        checks += await _old_runs(address, settings.keep_runs_days, now())
    if condition.told_at is not None:
        apart = drift(before, after, condition.told_at)
        checks.append(judge("database clock", "the database", apart))
    return checks


async def _model_use(address: str, settings: Settings, now: datetime) -> Check:
    """Say what today's calls to the language model come to."""
    local = now.astimezone(ZoneInfo(settings.timezone))
    cap = settings.model_calls_per_day
    async with Database(address) as database, Store(database).read() as work:
        used = await work.model_calls.used(local.date())
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        tokens = await work.model_calls.tokens(midnight.astimezone(UTC))
    text = f"{used:,} of today's {cap:,} calls are taken; they used {tokens:,} tokens."
    if used < cap:
        return ok("model use", text)
    return warning(
        "model use",
        f"{text} The grammar and the agents' tools answer alone until midnight.",
        "Raise CHATCRON_MODEL_CALLS_PER_DAY if that is too early.",
    )


async def _holidays(address: str, today: date) -> list[Check]:
    """Say how far the list of holidays goes, where tasks leave its days out."""
    async with Database(address) as database:
        found = await Holidays(Store(database)).look()
    if not found.tasks:
        return []
    fix = "Import the next year's: `chatcron holidays import FILE`."
    if not found.holidays:
        return [warning("holidays", "Tasks leave holidays out, and there is no list.", fix)]
    last = found.holidays[-1].day
    text = f"The list goes up to {dated(last)}; tasks that leave holidays out: {found.tasks}."
    is_long = last - today >= HOLIDAYS_AHEAD
    return [ok("holidays", text) if is_long else warning("holidays", text, fix)]


async def _old_runs(address: str, days: int, now: datetime) -> list[Check]:
    """Say which runs are about to be forgotten for the first time."""
    if not days:
        return []
    async with Database(address) as database, Store(database).read() as work:
        planned = await plan(work, days=days, now=now)
    if planned is None:
        return []
    when = "a day after the next start"
    if planned.begins is not None:
        when = f"from {planned.begins:%Y-%m-%d %H:%M} UTC on"
    oldest = dated(planned.outdated.oldest.date())
    text = f"Runs of more than {days} days ago: {planned.outdated.count:,}, from {oldest} on."
    fix = "To keep them set CHATCRON_KEEP_RUNS_DAYS=0, or more days; `chatcron backup` saves them."
    return [warning("old runs", f"{text} They are forgotten {when}.", fix)]


def _absent(file: Path) -> Check | None:
    if file.is_file():
        return None
    folder = next(it for it in file.resolve().parents if it.exists())
    if not os.access(folder, os.W_OK | os.X_OK):
        text = f"There is none at {file}, and this user may not make it in {folder}."
        return problem("database", text, "Name another place, or give this user the folder.")
    text = f"There is none at {file} yet; the first start makes it."
    return warning("database", text, "If there should be one, check CHATCRON_DATABASE_URL.")


def _of_database(condition: Condition, shown: str) -> Iterator[Check]:
    if condition.may_write:
        yield ok("database", f"{shown} can be read and written; it holds {_size(condition.size)}.")
    else:
        text = f"{shown} can be read, and this user may not write."
        yield problem("database", text, "Give this user the right to write.")
    if condition.free is None:
        yield unknown("disk", "How much room the database's server has can't be seen from here.")
    elif condition.free < DISK_FULL:
        yield problem("disk", f"{_size(condition.free)} are left.", "Make room now.")
    elif condition.free < DISK_LOW:
        yield warning("disk", f"{_size(condition.free)} are left.", "Make room soon.")
    else:
        yield ok("disk", f"{_size(condition.free)} are left.")
    if condition.wal is not None and condition.wal > WAL_LARGE:
        text = f"The write-ahead log has grown to {_size(condition.wal)}."
        fix = "End what reads the file for long; a restart of Chatcron folds the log in."
        yield warning("write-ahead log", text, fix)
    elif condition.wal is not None:
        yield ok("write-ahead log", f"It holds {_size(condition.wal)}.")


def _schema(condition: Condition) -> Check:
    wanted = REVISIONS[-1]
    match condition.revision:
        case None:
            text = "The database is empty."
            return problem("schema", text, "Run `chatcron migrate`.")
        case found if found == wanted:
            return ok("schema", f"It is at version {wanted}, the one this Chatcron needs.")
        case found if found in REVISIONS:
            text = f"It is at version {found}; this Chatcron needs {wanted}."
            return problem("schema", text, "Stop Chatcron and run `chatcron migrate`.")
        case found:
            text = f"It is at version {found}, of a newer Chatcron than this ({wanted})."
            return problem("schema", text, "Update Chatcron, or restore the backup from before.")


def _size(count: int) -> str:
    if count < MIB:
        return f"{count / 1024:,.0f} KiB"
    return f"{count / MIB:,.1f} MiB" if count < 1024 * MIB else f"{count / 1024 / MIB:,.1f} GiB"
