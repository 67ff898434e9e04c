"""What the doctor finds where several processes share a Postgres: their queue, and its tables."""

from __future__ import annotations

from datetime import timedelta

from bot.doctor.check import Check, ok, problem, warning
from bot.settings import Settings
from scheduler.shared_queue import is_installed, is_up_to_date
from storage.database import Database
from storage.migrate import REVISIONS, revision
from storage.queue_condition import QueueCondition, look_at_queue, uncounted_tables
from storage.store import Store

_NAMED = 3
"""How many tables are named where there are more."""


async def look_at_sharing(settings: Settings) -> list[Check]:
    """Look at what processes hand runs over by; nothing where the database is a file."""
    if settings.is_on_file:
        return []
    silent_for = timedelta(seconds=settings.lease_s)
    async with Database(settings.database_url.get_secret_value()) as database:
        if await revision(database) != REVISIONS[-1]:
            return []  # what to do first is said of the schema
        async with Store(database).read() as work:
            tables = _of_tables(await uncounted_tables(work))
            if not is_installed():
                return [_not_installed(), tables]
            found = await look_at_queue(work, silent_for)
            if found is None or not await is_up_to_date(work):
                return [_no_queue(), tables]
    return [_of_queue(found), tables]


def _not_installed() -> Check:
    text = "The optional part for several processes is not installed: run one, without --role."
    return warning("queue", text, 'make install EXTRAS="postgres", then `chatcron migrate`.')


def _no_queue() -> Check:
    text = "Its tables are missing, or older than the procrastinate that is installed."
    return problem("queue", text, "Stop Chatcron and run `chatcron migrate`.")


def _of_queue(found: QueueCondition) -> Check:
    alive = f"{found.workers} {'worker' if found.workers == 1 else 'workers'} gave a sign of life"
    if found.stalled:
        jobs = "job is" if found.stalled == 1 else "jobs are"
        text = f"{found.stalled} {jobs} in the hands of dead workers; {alive}."
        fix = "What fires clears them in seconds: is a process with --role scheduler or all up?"
        return warning("queue", text, fix)
    return ok("queue", f"No job is in the hands of a dead worker; {alive}.")


def _of_tables(uncounted: list[str]) -> Check:
    if not uncounted:
        return ok("statistics", "Postgres has looked into every table of some size.")
    more = len(uncounted) - _NAMED
    shown = ", ".join(uncounted[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    text = f"Postgres never looked into {shown}, and plans badly for what it does not know."
    return warning("statistics", text, "Run `chatcron migrate`, which ends with ANALYZE.")
