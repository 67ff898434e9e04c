"""The commands that look at the database beside a running Chatcron, and `migrate`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.errors import StartError
from bot.settings import Settings
from scheduler import shared_queue
from scheduler.now import utc_now
from scheduler.sentences import moment, sentence
from storage.database import Database
from storage.migrate import REVISIONS, check, migrate
from storage.records import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    Run,
    RunId,
    Task,
    TaskId,
)
from storage.store import Store


async def migrate_database() -> str:
    """Migrate, and say what the schema is now."""
    async with _database() as database:
        kept = await migrate(database)
        if not database.is_sqlite and shared_queue.is_installed():
            await shared_queue.set_up(Store(database), utc_now())
    said = "" if kept is None else f"A copy of what it was before stands at {kept}.\n"
    return f"{said}The database is at schema version {REVISIONS[-1]}."


async def list_tasks(*, as_json: bool) -> str:
    """Give every task, as a table or as JSON."""
    async with _database() as database:
        await check(database)
        async with Store(database).read() as work:
            tasks = await work.tasks.all()
    if as_json:
        return json.dumps([_task_fields(task) for task in tasks], indent=1)
    now = utc_now()
    rows = [
        (
            f"T-{task.id}",
            task.name,
            task.agent,
            str(task.state),
            "on demand" if task.schedule is None else sentence(task.schedule),
            "" if task.next_run_at is None else moment(task.next_run_at, task.zone, now),
            task.zone,
        )
        for task in tasks
    ]
    return _table(("task", "name", "agent", "status", "schedule", "next", "zone"), rows)


async def list_runs(*, as_json: bool, task: str | None, since: datetime | None) -> str:
    """Give the ledger, as a table or as JSON; `task` is a number like T-12."""
    wanted = None if task is None else _task_id(task)
    start = since if since is None or since.tzinfo else since.replace(tzinfo=UTC)
    async with _database() as database:
        await check(database)
        async with Store(database).read() as work:
            runs = await work.runs.recent(since=start, task_id=wanted)
            names = {item.id: item.name for item in await work.tasks.all(removed=True)}
            owed = await work.deliveries.of_runs([run.id for run in runs])
    if as_json:
        return json.dumps([_run_fields(run, names, owed) for run in runs], indent=1)
    rows = [
        (
            f"R-{run.id}",
            f"T-{run.task_id} {names[run.task_id]}",
            _iso(run.scheduled_for) or "asked for",
            str(run.status),
            delivered(owed.get(run.id, [])) or "",
            run.reason or "",
        )
        for run in runs
    ]
    return _table(("run", "task", "due (UTC)", "status", "delivery", "reason"), rows)


def delivered(owed: Sequence[Delivery]) -> str | None:
    """Say how the delivery of a run's result, or of its failure, stands; None when none is owed."""
    results = [item for item in owed if item.kind is DeliveryKind.RESULT] or list(owed)
    if not results:
        return None
    return str(max((item.state for item in results), key=_WORST.index))


_WORST = [DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.OWED, DeliveryState.FAILED]


def _database() -> Database:
    return Database(Settings.read().database_url.get_secret_value())


def _task_id(text: str) -> TaskId:
    number = text.upper().removeprefix("T-")
    if not number.isdecimal():
        raise StartError(f"“{text}” is not a task's number; it looks like T-12.")
    return TaskId(int(number))


def _task_fields(task: Task) -> dict[str, Any]:
    return {
        "id": f"T-{task.id}",
        "name": task.name,
        "agent": task.agent,
        "status": str(task.state),
        "schedule": None if task.schedule is None else sentence(task.schedule),
        "tz": task.zone,
        "channel": task.channel,
        "next_run_at": _iso(task.next_run_at),
        "owner": task.owner,
        "prompt": task.prompt,
        "timeout_s": task.timeout_s,
        "retries": task.retries,
        "version": task.version,
    }


def _run_fields(
    run: Run, names: dict[TaskId, str], owed: dict[RunId, list[Delivery]]
) -> dict[str, Any]:
    return {
        "id": f"R-{run.id}",
        "task": f"T-{run.task_id}",
        "task_name": names[run.task_id],
        "scheduled_for": _iso(run.scheduled_for),
        "trigger": str(run.trigger),
        "status": str(run.status),
        "reason": run.reason,
        "attempt": run.attempt,
        "started_at": _iso(run.started_at),
        "finished_at": _iso(run.finished_at),
        "delivery": delivered(owed.get(run.id, [])),
        "moments": run.moments,
    }


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [head, *rows]
    )
