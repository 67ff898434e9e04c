"""Plain APScheduler 3 with its SQLAlchemy job store on SQLite: the peer beside many tasks.

It runs as a process of its own, so that its start, memory and processor time are its own. Its
database gets WAL without a sync at each commit, and no job is dropped as late: both favour it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from scheduler.now import utc_now
from tests.bench.machine import cpu_seconds, resident_mb
from tests.bench.table import Row, quantile
from tests.journeys.driver import ROOT, environment

_JOB = "tests.bench.apscheduler_peer:begin"
_MAIN = "from tests.bench.apscheduler_peer import main; main()"
_FAR = timedelta(days=30)
_UP = "up\n"
_ALL_BEGUN_WITHIN_S = 120.0
_at: list[float] = []
_news = threading.Condition()


def begin() -> None:
    """Be the work of every job: note the moment."""
    with _news:
        _at.append(time.perf_counter())
        _news.notify()


def start_delays(number: int) -> list[float]:
    """Let that many jobs be due at once; give the seconds until each was begun."""
    with TemporaryDirectory() as folder:
        said = _said(_begin("burst", Path(folder) / "jobs.db", number))
    delays: list[float] = json.loads(said)
    return delays


def peer_rows(number: int, idle_s: float) -> Iterator[Row]:
    """Measure what a process costs whose store holds that many jobs, none of which is due."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "jobs.db"
        _said(_begin("fill", file, number))
        began = time.perf_counter()
        resting = _begin("rest", file, number)
        assert resting.stdin is not None
        assert resting.stdout is not None
        try:
            assert resting.stdout.readline() == _UP
            start = time.perf_counter() - began
            before = cpu_seconds(resting.pid)
            time.sleep(idle_s)
            busy = 100 * (cpu_seconds(resting.pid) - before) / idle_s
            held = resident_mb(resting.pid)
        finally:
            resting.communicate()
    yield Row(
        what="APScheduler alone, jobs that wait",
        ours=f"{start:.1f} / {busy:.2f} / {held:.0f}",
        unit="s start / % of a core / MB",
        beside="no Slack, no ledger, no web server",
        n=number,
        how=f"its SQLAlchemy job store, SQLite WAL, over {idle_s:g} s",
    )


def beside_delays(delays: list[float]) -> str:
    """Say in a row how long APScheduler's jobs waited."""
    middle, late = quantile(delays, 0.5), quantile(delays, 0.99)
    return f"APScheduler alone {middle:,.2f} / {late:,.2f}"


def _begin(what: str, file: Path, number: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _MAIN, what, str(file), str(number)],
        cwd=ROOT,
        env=environment({}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _said(process: subprocess.Popen[str]) -> str:
    said, _ = process.communicate()
    assert process.returncode == 0
    return said


def main() -> None:
    """Do in this process what the first argument says."""
    what, file, number = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    with _scheduler(file) as scheduler:
        if what == "fill":
            _fill(scheduler, number, _FAR)
        elif what == "burst":
            sys.stdout.write(json.dumps(_burst(scheduler, number)))
        else:
            scheduler.start()
            sys.stdout.write(_UP)
            sys.stdout.flush()
            sys.stdin.read()


def _burst(scheduler: BackgroundScheduler, number: int) -> list[float]:
    _fill(scheduler, number, timedelta(0))
    began = time.perf_counter()
    scheduler.resume()
    with _news:
        assert _news.wait_for(lambda: len(_at) >= number, _ALL_BEGUN_WITHIN_S)
    return [at - began for at in _at]


def _fill(scheduler: BackgroundScheduler, number: int, ahead: timedelta) -> None:
    """Add jobs to the store of a scheduler that is held."""
    due_at = utc_now() + ahead
    for each in range(number):
        scheduler.add_job(
            _JOB, "date", run_date=due_at, id=str(each), misfire_grace_time=None, max_instances=1
        )
    scheduler.start(paused=True)


@contextmanager
def _scheduler(file: Path) -> Iterator[BackgroundScheduler]:
    engine = sa.create_engine(f"sqlite:///{file}")

    @sa.event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")

    store = SQLAlchemyJobStore(engine=engine)
    scheduler = BackgroundScheduler(jobstores={"default": store}, timezone=UTC)
    try:
        yield scheduler
    finally:
        scheduler.shutdown()
        engine.dispose()
